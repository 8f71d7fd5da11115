"""The preset picker: what it lists, and what it says of each."""

import pytest
from textual.widgets import OptionList, Static
from ui.hosts import BUNDLED, Host

from rnn_tui.library import entries, own_folder
from rnn_tui.ui.screens.picker import Picker, _about


class Picking:
    """The picker over an empty app."""

    def __init__(self, app, pilot, current):
        self.app, self.pilot, self.picker, self.answers = app, pilot, Picker(current), []

    async def open(self):
        self.app.push_screen(self.picker, self.answers.append)
        await self.pilot.pause()
        return self

    async def highlight(self, name):
        names = [entry.name for entry in self.picker._entries]
        self.picker.query_one(OptionList).highlighted = names.index(name)
        await self.pilot.pause()

    @property
    def about(self):
        return str(self.picker.query_one(Static).content)


own_presets = pytest.mark.usefixtures("_own")


@pytest.fixture
def _own():
    """A preset of the user's own, and a broken one."""
    own_folder().mkdir(parents=True)
    (own_folder() / "mine.toml").write_text(
        'title = "My [b]own[/b]"\nquestion = "Why?"\n[task]\nkind = "xor"\n[[lanes]]\nkind = "fnn"\nwindow = 3\n'
    )
    (own_folder() / "broken.toml").write_text('[task]\nkind = "ecko"\n[[lanes]]\nkind = "rnn"\n')


@own_presets
async def test_bundled_presets_come_first_then_ones_own_and_a_broken_one_is_marked():
    app = Host()
    async with app.run_test(size=(110, 40)) as pilot:
        await Picking(app, pilot, "echo").open()
        listed = [line.split("│")[1][:32].rstrip() for line in app.shown if line.count("│") > 1]
        found = [line.strip() for line in listed if line.strip()]
        assert found == [*BUNDLED, "! broken  (own)", "mine  (own)"]


@own_presets
def test_each_preset_says_its_question_its_task_and_its_lanes():
    listed = [entry for entry in entries() if not entry.problem]
    assert {entry.name for entry in listed} == {*BUNDLED, "mine"}
    for entry in listed:
        about, preset = _about(entry).plain, entry.preset
        assert preset.title in about
        assert preset.question in about
        assert preset.expect in about
        assert f"task {preset.task.kind}, length {preset.training.sequence_length}" in about
        for label, lane in zip(preset.names, preset.lanes, strict=True):
            (row,) = (line for line in about.splitlines() if line.startswith(f"  {label}: "))
            assert f"{lane.kind} {lane.net}" in row
            assert ("window" in row) == (lane.kind == "fnn")


async def test_the_present_preset_is_highlighted_and_enter_answers_with_it():
    app = Host()
    async with app.run_test(size=(110, 40)) as pilot:
        it = await Picking(app, pilot, "wave").open()
        await pilot.press("enter")
        assert [entry.name for entry in it.answers] == ["wave"]


@own_presets
async def test_a_broken_preset_says_its_problem_and_cannot_be_chosen():
    app = Host()
    async with app.run_test(size=(110, 40)) as pilot:
        it = await Picking(app, pilot, "echo").open()
        await it.highlight("broken")
        assert "task.kind = 'ecko': unknown; did you mean 'echo'?" in it.about
        await pilot.press("enter")
        assert app.screen is it.picker
        assert it.answers == []


async def test_leaving_it_chooses_nothing():
    app = Host()
    async with app.run_test(size=(60, 18)) as pilot:
        for key in ("escape", "p", "q"):
            it = await Picking(app, pilot, "a preset that is in no folder").open()
            assert it.picker.query_one(OptionList).highlighted == 0
            await pilot.press(key)
            assert it.answers == [None]

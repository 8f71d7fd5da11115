"""The preset picker: what it lists, what is found by words, and what it says of each."""

import threading
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from support.waiting import wait_until
from support.widget_hosts import BUNDLED, Host, preset_of
from textual.widgets import Input, OptionList, Static

from rnn_tui.presets.search import none_found
from rnn_tui.presets.store import OWN, Entry, entries, own_folder
from rnn_tui.ui.dialogs import preset_picker as module
from rnn_tui.ui.dialogs.preset_picker import READING, PresetPicker, _asks, _expects
from rnn_tui.ui.input.bindings import vim_keys
from rnn_tui.ui.input.keymap import DEFAULT_KEYMAP, Keymap

pytestmark = pytest.mark.usefixtures("drawn_when_looked_at")


def entry_of(name, task="echo", question="Why?"):
    preset = preset_of({"kind": "rnn"}, {"kind": "fnn"}, task=task)
    preset = preset.with_values(title=f"A [b]{name}[/b]", question=question, expect="Much.")
    return Entry(name, Path(f"{name}.toml"), False, preset.title, preset.question, preset=preset)


NAMES = ["sine", "echo", "echo-longer", "parity", *(f"more-{i:02}" for i in range(20))]
TASKS = {"sine": "wave", "parity": "parity"}
QUESTIONS = {"echo": "What was three steps ago?", "more-00": "Does " + "it " * 200 + "end?"}
CATALOGUE = [entry_of(name, TASKS.get(name, "echo"), QUESTIONS.get(name, "Why?")) for name in NAMES]
BROKEN = Entry("broken", Path("broken.toml"), True, chapter=OWN, problem="task.kind = 'ecko': unknown")


class Picking:
    """The picker over an empty app."""

    def __init__(self, app, pilot, current, keys):
        self.app, self.pilot, self.picker, self.answers = app, pilot, PresetPicker(current, keys), []

    async def type(self, words):
        """Replaces what was typed before."""
        self.picker.query_one(Input).value = words
        await self.pilot.pause()

    @property
    def listed(self):
        return [str(option.prompt).strip() for option in self.picker.query_one(OptionList).options if option.id]

    @property
    def headings(self):
        """Each chapter with the presets under it."""
        found = {}
        for option in self.picker.query_one(OptionList).options:
            if option.id:
                next(reversed(found.values())).append(str(option.prompt).strip())
            else:
                found[str(option.prompt)] = []
        return found

    @property
    def highlighted(self):
        option = self.picker.query_one(OptionList).highlighted_option
        return option and str(option.prompt).strip()

    @property
    def about(self):
        return "\n".join(str(part.content) for part in self.picker.query(Static) if part.display)

    def shows(self, text):
        return any(text in line for line in self.app.shown)


@asynccontextmanager
async def picking(current="echo", size=(110, 40), listed=True, keys=DEFAULT_KEYMAP):
    app = Host()
    async with app.run_test(size=size) as pilot:
        app.set_keymap(dict(keys.changed))
        it = Picking(app, pilot, current, keys)
        app.push_screen(it.picker, it.answers.append)
        await wait_until(lambda: app.screen is it.picker and it.picker.focused)
        if listed:
            await wait_until(lambda: it.about and READING not in it.about)
        yield it


@pytest.fixture
def _catalogue(monkeypatch):
    monkeypatch.setattr(module, "entries", lambda: [*CATALOGUE, BROKEN])


@pytest.fixture
def _own():
    """A preset of the user's own, and a broken one."""
    own_folder().mkdir(parents=True)
    (own_folder() / "mine.toml").write_text(
        'title = "My [b]own[/b]"\nquestion = "Why?"\n[task]\nkind = "xor"\n[[lanes]]\nkind = "fnn"\nwindow = 3\n'
    )
    (own_folder() / "broken.toml").write_text('[task]\nkind = "ecko"\n[[lanes]]\nkind = "rnn"\n')


few_presets = pytest.mark.usefixtures("_catalogue")
own_presets = pytest.mark.usefixtures("_own")


@own_presets
async def test_presets_are_listed_by_chapters_the_users_own_last_and_a_broken_one_is_marked():
    async with picking() as it:
        bundled = [entry for entry in entries() if not entry.own]
        chapters = list(dict.fromkeys(entry.chapter for entry in bundled))
        expected = {chapter: [entry.name for entry in bundled if entry.chapter == chapter] for chapter in chapters}
        assert it.headings == {**expected, OWN: ["! broken", "mine"]}
        assert list(it.headings) == [*chapters, OWN]
        assert it.highlighted == "echo"
        await it.type("gates")
        assert it.highlighted == "gates"
        assert it.headings["learning"] == ["gates"]
        assert "Try: Press g to see what each gate does" in " ".join(it.about.split())
        await it.pilot.press("up")  # over the heading
        assert it.highlighted == "cells"
        await it.type("broken")
        assert "task.kind = 'ecko': unknown; did you mean 'echo'?" in " ".join(it.about.split())


@own_presets
def test_each_preset_says_its_question_its_task_and_its_lanes():
    listed = [entry for entry in entries() if not entry.problem]
    assert len(listed) > len(BUNDLED) / 2
    for entry in listed:
        preset = entry.preset
        asks, expects = _asks(entry).plain, _expects(preset, ["floor 1"] * len(preset.lanes)).plain
        assert preset.title in asks
        assert preset.question in asks
        assert preset.expect in expects
        assert f"task {preset.task.kind}, length {preset.training.sequence_length}" in expects
        for label, lane in zip(preset.names, preset.lanes, strict=True):
            (row,) = (line for line in expects.splitlines() if line.startswith(f"  {label}: "))
            assert f"{lane.kind} {lane.net}" in row
            assert ("window" in row) == (lane.kind == "fnn")
            assert row.endswith("· floor 1")


@few_presets
async def test_the_present_preset_is_highlighted_and_enter_answers_with_it_once():
    async with picking("parity") as it:
        assert it.highlighted == "parity"
        await it.pilot.press("enter", "enter")
        assert it.answers == [CATALOGUE[NAMES.index("parity")]]


@few_presets
async def test_the_highlighted_preset_is_shown_with_its_sequence_and_its_floors():
    async with picking("echo") as it:
        await wait_until(lambda: "floor 0.6931" in it.about)
        x, target = (line.split()[1] for line in it.about.splitlines() if line.startswith(("x ", "target ")))
        assert set(x) == set("▁█")
        assert target == "···" + x[:-3]
        await it.pilot.pause()
        assert it.shows(x)
        assert it.shows("A [b]echo[/b]")


@few_presets
async def test_a_broken_preset_says_its_problem_and_cannot_be_chosen():
    async with picking() as it:
        await it.type("broken")
        assert it.highlighted == "! broken"
        assert it.about.strip() == "This preset cannot be opened:\n\ntask.kind = 'ecko': unknown"
        await it.pilot.press("enter")
        assert it.app.screen is it.picker
        assert it.answers == []


@few_presets
async def test_letters_are_typed_into_the_search_and_no_longer_close_it():
    async with picking() as it:
        await it.pilot.press("p", "q")
        assert it.picker.query_one(Input).value == "pq"
        assert it.about.strip() == none_found("pq")
        await it.pilot.press("enter", "down", "pagedown")
        assert it.answers == it.listed == []
        await it.type("")
        assert len(it.listed) == len(CATALOGUE) + 1
        assert it.highlighted == "echo"
        assert "three steps" in it.about


@few_presets
async def test_the_highlight_stays_on_its_preset_as_long_as_the_words_fit_it():
    async with picking("echo-longer") as it:
        await it.type("echo")
        assert it.highlighted == "echo-longer"
        assert it.listed.index("echo-longer") > 0
        await it.type("three")
        assert it.highlighted == "echo"
        await it.pilot.press("enter")
        assert it.answers == [CATALOGUE[NAMES.index("echo")]]


@few_presets
async def test_the_keys_of_a_list_move_the_highlight_while_one_types():
    async with picking(NAMES[0], size=(80, 24)) as it:
        for key, name in (("down", NAMES[1]), ("up", NAMES[0]), ("end", "! broken"), ("home", NAMES[0])):
            await it.pilot.press(key)
            assert it.highlighted == name
        await it.pilot.press("pagedown")
        far = NAMES.index(it.highlighted)
        assert 5 < far < len(NAMES) - 1
        assert f"A [b]{NAMES[far]}[/b]" in it.about
        await it.pilot.press("pageup")
        assert NAMES.index(it.highlighted) < far
        assert it.picker.focused is it.picker.query_one(Input)


@few_presets
async def test_what_is_too_long_for_a_small_terminal_is_scrolled_while_one_types():
    async with picking("more-00", size=(60, 18)) as it:
        await wait_until(lambda: it.shows("A [b]more-00"))
        for _ in range(3):
            await it.pilot.press("shift+down")
        assert not it.shows("A [b]more-00")
        for _ in range(3):
            await it.pilot.press("shift+up")
        assert it.shows("A [b]more-00")


@few_presets
async def test_leaving_it_chooses_nothing():
    async with picking("a preset that is in no folder") as it:
        assert it.highlighted == NAMES[0]
        await it.pilot.press("escape")
        assert it.answers == [None]


async def test_while_the_presets_are_read_it_says_so_and_what_is_typed_counts(monkeypatch):
    go = threading.Event()
    monkeypatch.setattr(module, "entries", lambda: go.wait(5) and CATALOGUE)
    async with picking(listed=False) as it:
        assert it.about.strip() == READING
        await it.pilot.press("p", "a", "enter", "down")
        assert it.listed == []
        go.set()
        await wait_until(lambda: it.highlighted)
        assert it.listed == ["parity"]


async def test_who_leaves_before_they_are_read_gets_nothing_of_it_later(monkeypatch):
    go, done = threading.Event(), threading.Event()

    def slow():
        go.wait(5)
        done.set()
        return CATALOGUE

    monkeypatch.setattr(module, "entries", slow)
    async with picking(listed=False) as it:
        await it.pilot.press("escape")
        go.set()
        await wait_until(done.is_set)
        await it.pilot.pause()
        assert it.answers == [None]
        assert it.app.screen is it.app.screen_stack[0]


@few_presets
async def test_a_task_whose_picture_or_floor_fails_is_listed_and_opened_all_the_same(monkeypatch):
    tried = []

    def fail(preset):
        tried.append(preset)
        raise ZeroDivisionError

    monkeypatch.setattr(module.task_preview, "rows", fail)
    monkeypatch.setattr(module.task_preview, "floors", fail)
    async with picking("sine") as it:
        await wait_until(lambda: len(tried) == 2)
        assert "task wave" in it.about
        await it.pilot.press("enter")
        assert it.answers == [CATALOGUE[0]]


@few_presets
@pytest.mark.parametrize("size", [(60, 18), (20, 6)])
async def test_it_fits_into_a_small_terminal(size):
    async with picking("echo", size=size) as it:
        await it.pilot.pause()
        box = it.picker.query_one(".dialog").region
        assert 0 <= box.x < box.right <= size[0]
        assert 0 <= box.y < box.bottom <= size[1]
        assert it.shows("type to")


@few_presets
async def test_vims_letters_are_typed_into_the_search_and_move_in_the_list():
    async with picking("echo", keys=Keymap(vim_keys())) as it:
        assert it.shows("tab: list")
        await it.pilot.press("j", "k", "down")
        assert (it.picker.query_one(Input).value, it.highlighted) == ("jk", None)
        await it.type("")
        before = NAMES.index(it.highlighted)
        await it.pilot.press("tab", "j", "j", "k", "down")
        assert it.picker.query_one(Input).value == ""
        assert it.highlighted == NAMES[before + 2]
        await it.pilot.press("enter")
        assert it.answers == [CATALOGUE[before + 2]]


@few_presets
async def test_keys_of_the_settings_move_the_list_while_one_types_and_are_named():
    keys = Keymap({"list.down": "down,ctrl+n", "dialog.cancel": "f10", "dialog.read_on": "f8", "dialog.read_up": "f7"})
    async with picking("sine", keys=keys) as it:
        assert it.shows("↑↓ · f7 f8: scroll · enter: open · f10: cancel")
        assert not it.shows("tab: list")
        await it.pilot.press("ctrl+n")
        assert it.highlighted == NAMES[1]
        await it.pilot.press("escape")
        assert it.answers == []
        await it.pilot.press("f10")
        assert it.answers == [None]

"""Time and memory of the lab as a user drives them."""

from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from support.lab_driver import Lab, lab, preset
from support.textual_private import turn_wheel
from support.waiting import wait_until
from textual.events import MouseScrollDown, MouseScrollUp
from textual.widgets import Input

from rnn_tui.checkpoints import reader, writer
from rnn_tui.presets.store import find, load
from rnn_tui.session.checkpointing import checkpoint_of
from rnn_tui.session.session import Session
from rnn_tui.storage.locks import HOST
from rnn_tui.ui.app import LabApp
from rnn_tui.ui.dialogs.export import CHOICES
from rnn_tui.ui.lab import active_settings
from rnn_tui.ui.lab.history_actions import HistoryActions
from rnn_tui.ui.panels.loss import LossPanel
from rnn_tui.ui.training.command_queue import Command
from rnn_tui.ui.widgets.loss_chart import LossChart
from rnn_tui.ui.widgets.scrubber import Scrubber
from rnn_tui.ui.widgets.step_axis import MARGIN


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    """Where the lab was started."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


SMALL = (80, 24)  # where nothing is looked at that needs more room


def trained(**tables):
    """Short steps, and no goal at which play stops."""
    return preset(training={"steps": 0, "speed": 0, "sequence_length": 8, "batch_size": 2}, **tables)


def names_in(folder):
    return {path.name for path in folder.iterdir() if not path.name.startswith(".")}  # not what is being saved


async def at(it, step):
    it.app.training.channel.seek(step)
    await it.step_is(step)


def test_jumps_faster_than_frames_add_up():
    frame = SimpleNamespace(step=600, last_step=600)
    shown, asked = SimpleNamespace(seen=SimpleNamespace(frame=frame, goal=None)), []
    actions = HistoryActions(SimpleNamespace(seek=asked.append), shown)
    actions.jump(-1)
    actions.jump(-1)  # the frame of the first one is not there yet
    shown.seen = SimpleNamespace(frame=SimpleNamespace(step=480, last_step=600), goal=500)  # on the way
    actions.jump(-1)
    actions.jump(1)
    shown.seen = SimpleNamespace(frame=SimpleNamespace(step=40, last_step=600), goal=None)  # moved by other keys
    actions.jump(1)
    assert asked == [550, 500, 450, 500, 50]


async def test_square_brackets_move_by_a_twentieth_and_any_step_is_typed_or_refused() -> None:
    async with lab(trained(), SMALL) as it:
        await at(it, 600)
        await it.press("left_square_bracket")
        await it.step_is(550)
        await it.press("left_square_bracket")
        await it.step_is(500)
        await it.press("left_square_bracket")
        await it.step_is(450)
        await it.press("right_square_bracket")
        await it.step_is(500)
        await it.press("s")  # a past that was not changed is replayed unasked
        await it.step_is(501)
        await at(it, 590)
        await it.press("right_square_bracket")
        await it.step_is(600)
        await it.press("right_square_bracket")
        await it.step_is(600)
        assert it.view.frame.last_step == 600
        await it.press("t")
        await it.shows("Go to step", "0 to 600, or a later step")
        field = it.app.screen.query_one(Input)
        field.value = "soon"
        await it.press("enter")
        await it.shows("'soon': a step is a whole number")
        field.value = "1,040"  # further on: it is trained up to there
        await it.press("enter")
        await it.step_is(1040)
        await wait_until(lambda: it.view.frame.last_step == 1040)


async def test_a_click_into_the_bar_or_the_chart_leads_to_that_step_and_never_beyond_the_last_one() -> None:
    async with lab(trained()) as it:
        await at(it, 200)
        bar = it.app.lab.query_one(Scrubber)
        before = it.view.frame.lanes[0].hidden
        await it.pilot.click(bar, offset=(MARGIN + 1, 0))
        await it.step_is(0)
        assert (it.view.frame.lanes[0].hidden != before).any()  # everything follows
        await it.shows("of 200")
        await it.pilot.click(bar, offset=(bar.size.width - 1, 0))
        await it.step_is(200)
        np.testing.assert_array_equal(it.view.frame.lanes[0].hidden, before)
        chart = it.app.lab.query_one(LossChart)
        columns = chart.columns
        await it.pilot.click(chart, offset=(MARGIN + 1 + columns // 2, 3))
        await it.step_is(-(-(columns // 2) * 200 // columns))
        await it.pilot.click(chart, offset=(chart.size.width - 1, 3))
        await it.step_is(200)
        await it.press("k", "r")
        it.app.training.channel.send(Command(lambda thread: thread.session.reseed()))
        await wait_until(lambda: it.view.frame.last_step == 0 and it.view.frame.pinned_runs)
        await it.pilot.click(chart, offset=(chart.size.width - 1, 3))  # only the kept curve reaches there
        await it.pilot.pause()
        assert it.app.training.goal is None
        assert it.view.frame.last_step == 0


# A part of the loss chart.


def part(it):
    """The first and last step shown, of the chart and of the bar below."""
    axis = it.app.lab.query_one(LossChart).axis
    assert axis == it.app.lab.query_one(Scrubber).axis
    return axis.first, axis.last


async def test_curly_brackets_and_the_wheel_show_fewer_and_more_steps_around_where_one_is_and_0_all() -> None:
    async with lab(trained()) as it:
        await at(it, 400)
        await at(it, 100)
        await it.press("right_curly_bracket")
        assert part(it) == (50, 250)  # 100 stays where it was
        await it.shows("steps 50 to 250 · 0: all")
        await it.press("right_curly_bracket", "left_curly_bracket")
        assert part(it) == (50, 250)
        await it.press("0")
        assert part(it) == (0, 400)
        await it.shows("best held-out")
        await it.press("left_curly_bracket")
        assert part(it) == (0, 400)
        chart = it.app.lab.query_one(LossChart)
        await turn_wheel(it.pilot, MouseScrollUp, chart, MARGIN + 1, 3)
        assert part(it)[0] <= 2  # around the pointer
        assert part(it)[1] - part(it)[0] == 300
        await turn_wheel(it.pilot, MouseScrollDown, chart, MARGIN + 1, 3)
        assert part(it) == (0, 400)

        await at(it, 400)  # the part goes with where one is
        await it.press("right_curly_bracket")
        assert part(it) == (200, 400)
        await at(it, 150)
        await wait_until(lambda: part(it) == (150, 350))
        await at(it, 450)
        await wait_until(lambda: part(it) == (250, 450))
        await it.press("R")  # another run, of which there is nothing yet
        await it.step_is(0)
        await wait_until(lambda: part(it) == (0, 10))


async def test_on_a_small_screen_the_key_shows_the_loss_panel_first() -> None:
    async with lab(trained(), (60, 18)) as it:
        assert not it.app.lab.query_one(LossPanel).display
        await at(it, 100)
        await it.press("right_curly_bracket")
        assert it.app.lab.query_one(LossPanel).display
        await it.shows("50 to 100 · 0: all")


async def test_escape_stays_where_one_is_on_the_way(monkeypatch) -> None:
    forward = Session.forward
    monkeypatch.setattr(
        Session, "forward", lambda self, count=1: __import__("time").sleep(0.01) or forward(self, count)
    )
    async with lab(trained(), SMALL) as it:
        it.app.training.channel.seek(100_000)
        await it.shows("going to step 100,000", "esc: stop here")
        await it.press("escape")
        await wait_until(lambda: it.app.training.goal is None)
        assert it.view.frame.step < 100_000


# A past that is changed.


async def changed_in_the_past(it):
    await at(it, 60)
    await at(it, 30)
    it.app.training.channel.send(Command(lambda thread: thread.session.change({"training.learning_rate": 0.5})))
    await wait_until(lambda: it.view.frame.undecided is not None)
    await it.shows("space asks whether to keep or discard the 30 later steps")


async def test_going_on_from_a_changed_past_asks_once_and_one_stays_or_keeps_the_old_future_as_a_curve() -> None:
    async with lab(trained()) as it:
        await changed_in_the_past(it)
        for _ in range(5):  # as a key held down
            it.app.lab.action_step(1)
        await it.shows("c: discard them")
        await it.pilot.pause()
        await it.press("escape")
        await it.pilot.pause()
        assert it.app.screen is it.app.lab
        assert it.view.frame.step == 30
        assert it.view.frame.undecided is not None
        await it.press("s")
        await it.shows("c: discard them", "f: keep them as a curve")
        await it.press("f")
        await it.step_is(31)
        assert [pin.last_step for pin in it.view.frame.pinned_runs] == [60]
        await it.shows("1 from 30, lr 0.01")


async def test_cutting_lets_the_old_future_go_and_undo_brings_it_back() -> None:
    async with lab(trained()) as it:
        await changed_in_the_past(it)
        await it.press("space")
        await it.shows("c: discard them")
        await it.press("c")
        await wait_until(lambda: it.view.playing)
        await it.press("space")
        await wait_until(lambda: not it.view.playing)
        assert it.view.frame.undecided is None
        assert it.view.frame.pinned_runs == ()
        await it.press("ctrl+z")
        await wait_until(lambda: it.view.frame.last_step == 60)


async def test_a_run_is_pinned_compared_and_let_go() -> None:
    async with lab(trained()) as it:
        await it.press("k")
        await wait_until(lambda: "train first" in it.notices())
        await at(it, 40)
        await it.press("k")
        await wait_until(lambda: len(it.view.frame.pinned_runs) == 1)
        await it.press("plus")  # begins again, with one unit more
        await it.shows("1 RNN hidden 8")
        await it.press("K")
        await wait_until(lambda: not it.view.frame.pinned_runs)
        await it.press("ctrl+z")
        await wait_until(lambda: len(it.view.frame.pinned_runs) == 1)


# Runs on disk.


async def test_a_run_is_saved_under_a_name_and_opened_again_and_what_is_wrong_is_said_in_the_dialog(folder) -> None:
    (folder / "broken.safetensors").write_bytes(b"not a run at all, but some words")
    async with lab(trained()) as it:
        await at(it, 25)
        await it.press("W")
        await it.shows("Save run", "tried-25.safetensors")
        field = it.app.screen.query_one(Input)
        name, field.value = field.value, "x" * 300
        await it.press("enter")
        await it.shows("File name too long")
        field.value = name
        await it.press("enter")
        await wait_until(lambda: "run saved at step 25" in it.notices())
        await at(it, 40)
        await it.press("W")
        field = it.app.screen.query_one(Input)
        field.value = "tried-25"
        await it.press("enter")
        await it.shows("The file 'tried-25.safetensors' exists")
        await it.press("n")
        assert reader.load(folder / "tried-25.safetensors").step == 25
        await it.press("o")
        path = it.app.screen.query_one("#path", Input)
        path.value = "broken.safetensors"
        await it.press("enter")
        await it.shows("not a saved run (.safetensors), or damaged")
        path.value = "tried-25.safetensors"
        path.focus()
        await it.press("enter")
        await it.shows("a run of tried at step 25", "continue")
        await it.press("enter")
        await it.step_is(25)
        assert it.view.name == "tried"
        await it.press("ctrl+z")
        await it.step_is(40)


async def test_where_the_folder_is_gone_it_is_said(folder, monkeypatch) -> None:
    gone = folder / "gone"
    gone.mkdir()
    async with lab(trained(), SMALL) as it:
        monkeypatch.chdir(gone)
        gone.rmdir()
        await it.press("x", *["down"] * list(CHOICES).index("csv"), "enter")
        await wait_until(lambda: "the folder in which the program was started no longer exists" in it.notices())
        await it.press("W", "enter")
        await it.shows("the folder in which the program was started no longer exists")
        await it.press("escape")


GONE = f"{HOST}-{'0' * 12}-0"  # a lab that holds no lock


def left_behind(home: Path, step: int = 33, day: str = "20260101") -> None:
    """What a lab that was closed has kept."""
    file = trained()
    session = Session(file.preset)
    session.forward(step)
    writer.save(checkpoint_of(session, "tried"), home / "autosaves" / f"{day}-000000-{GONE}-tried.safetensors")


async def test_the_runs_of_labs_that_were_closed_are_offered_and_taken_up_the_last_one_first(home) -> None:
    left_behind(home, 33)
    left_behind(home, 44, "20260102")
    (home / "autosaves" / f"20270101-000000-{GONE}-x.safetensors").write_bytes(b"?")  # broken: it is passed over
    async with lab(trained()) as it:
        await it.shows("ctrl+r: last run (tried, step 44)")
        await it.press("ctrl+r")
        await it.step_is(44)
        await wait_until(lambda: "ctrl+r: the run before it" in it.notices())
        await it.press("ctrl+r")
        await it.step_is(33)
        await it.press("ctrl+r")
        await wait_until(lambda: "no saved run of an earlier lab" in it.notices())
        await it.press("ctrl+z")
        await it.step_is(44)
        await it.press("ctrl+z")
        await it.step_is(0)


async def test_of_a_key_that_was_changed_the_new_one_is_named(home) -> None:
    left_behind(home, 33)
    left_behind(home, 44, "20260102")
    (home / "config.toml").write_text('[keys]\nfile.last = "f9"\n')
    app = LabApp(trained(), settings=active_settings.load())
    async with app.run_test(notifications=True) as pilot:
        await pilot.press("f9")
        await wait_until(lambda: "f9: the run before it" in Lab(app, pilot).notices())


async def test_a_run_whose_settings_are_not_its_presets_any_more_says_so(folder) -> None:
    async with lab(load(find("echo"))) as it:
        await it.press("plus")
        await it.shows("Echo, three steps late (changed: RNN hidden 8 → 9)")
        await it.press("W", "enter")
        await wait_until(lambda: (folder / "echo-0.safetensors").exists())
        await it.press("o")
        it.app.screen.query_one("#path", Input).value = "echo-0.safetensors"
        await it.press("enter")
        await it.shows("continue")
        await it.press("enter")
        await wait_until(lambda: it.app.screen is it.app.lab)
        await it.shows("Echo, three steps late (changed: RNN hidden 8 → 9)")
        await wait_until(lambda: not it.app.training.channel.collect()[0].training.unsaved)  # for it lies in its file


async def test_the_lab_keeps_its_run_when_it_is_left(tmp_path) -> None:
    app = LabApp(trained(), store=lambda _: tmp_path / "kept.safetensors")
    async with app.run_test() as pilot:
        app.training.channel.seek(12)
        await wait_until(lambda: app.lab.view.frame.step == 12)
        app.exit()
        await pilot.pause()
    await wait_until(lambda: (tmp_path / "kept.safetensors").exists())
    assert reader.load(tmp_path / "kept.safetensors").step == 12


# Exports.

MADE = {"pytorch": "tried-5-pytorch", "csv": "tried-5.csv", "npz": "tried-5.npz"}


async def test_what_is_exported_lies_in_the_folder_beside_what_was_there_or_in_the_clipboard(folder) -> None:
    async with lab(trained(), SMALL) as it:
        await it.press("ctrl+r")
        await wait_until(
            lambda: "no saved run of an earlier lab" in it.notices()
        )  # nothing was left, so none is offered
        await it.press("x", "down", "down", "enter")
        await wait_until(lambda: "rnn-tui -p " in it.app.clipboard)
        await wait_until(lambda: "training.batch_size=2" in it.notices())
        await at(it, 5)
        for choice, name in MADE.items():
            for made in (name, f"{Path(name).stem}-2{Path(name).suffix}"):
                before = names_in(folder)
                await it.press("x", *["down"] * list(CHOICES).index(choice), "enter")
                await wait_until(lambda before=before: names_in(folder) > before)
                assert names_in(folder) - before == {made}
        await wait_until(lambda: str(folder) in it.notices().replace("\n", ""))

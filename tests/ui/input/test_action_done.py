"""Every action is reported once, when it has taken effect and not before."""

from collections import Counter
from contextlib import asynccontextmanager

import pytest
from support.lab_driver import Lab, preset
from support.seed_engines import MadeUp
from support.waiting import wait_until

from rnn_tui.ui.app import LabApp
from rnn_tui.ui.dialogs.base import ConfirmDialog, FutureDialog, TextDialog
from rnn_tui.ui.dialogs.help import HelpDialog
from rnn_tui.ui.input.action_done import ActionDone, ActionReports, name_of, refuse, take_over
from rnn_tui.ui.input.bindings import LESSON_KEYS, PANEL_KEYS, lab_keys
from rnn_tui.ui.panels.controls import ControlsPanel
from rnn_tui.ui.slow_motion.screen import SlowMotionScreen
from rnn_tui.ui.training.command_queue import Command

pytestmark = pytest.mark.usefixtures("drawn_when_looked_at")

NETS = {
    "task": {"kind": "wave"},
    "lanes": [{"kind": "gru", "hidden_size": 3}, {"kind": "fnn", "hidden_size": 3}],
    "training": {"sequence_length": 8, "batch_size": 2, "speed": 1},
}


class Watched(Lab):
    """A lab whose reports are written down, each with the step on the screen when it came."""

    def __init__(self, app, pilot):
        super().__init__(app, pilot)
        self.heard = []

    @property
    def done(self):
        return [name for name, _ in self.heard]

    async def is_done(self, *names):
        await wait_until(lambda: Counter(names) <= Counter(self.done))
        assert self.done == list(names)
        self.heard.clear()

    async def opens(self, kind):
        await wait_until(lambda: isinstance(self.app.screen, kind))
        await self.pilot.pause()

    async def is_quiet(self):
        """Let all that was sent take effect."""
        self.app.training.channel.send(Command(lambda _: None, action="test.marker"))
        await wait_until(lambda: "test.marker" in self.done)
        self.heard = [(name, step) for name, step in self.heard if name != "test.marker"]


@asynccontextmanager
async def watched(**tables):
    app, seen = LabApp(preset(**{**NETS, **tables})), set()
    app.lab.seeds.engine, app.lab.findings.watches = MadeUp(), False

    def hear(message):
        if isinstance(message, ActionDone) and id(message) not in seen:
            seen.add(id(message))
            keep.append(message)
            it.heard.append((message.name, it.view.frame.step))

    keep = []
    async with app.run_test(size=(60, 18), notifications=True, message_hook=hear) as pilot:
        it = Watched(app, pilot)
        await pilot.pause()
        yield it


async def test_an_action_is_done_when_the_screen_shows_what_it_did():
    async with watched() as it:
        await it.press("right", "l", "y")
        await it.is_done("look.later", "look.lane", "look.log")  # at once: the view alone has moved
        await it.press("s")
        await wait_until(lambda: it.heard)
        assert it.heard == [("run.step", 1)]
        await it.press("S")
        await wait_until(lambda: len(it.heard) == 2)
        await it.press("b")
        await wait_until(lambda: len(it.heard) == 3)
        assert it.heard[1:] == [("run.step_ten", 11), ("run.back", 10)]
        it.heard.clear()
        await it.app.run_action("screen.step(1)", it.app.lab)  # as a click on its key does
        await it.is_done("run.step")
        assert name_of(it.app.lab, "step(1)") == "run.step"
        assert name_of(it.app.lab, "step(3)") == ""
        await it.press("l", "1", "right", "enter")
        await it.is_done("look.lane", "look.panel_1", "controls.next", "controls.type")
        assert it.view.frame.preset.lanes[0].kind == "lstm"  # the cell after gru
        it.app.training.channel.seek(10**8)
        await wait_until(lambda: it.view.goal is not None)
        await it.press("escape")
        await it.is_done("run.call_off")  # and the way that it calls off is not done
        assert it.view.goal is None


async def test_an_action_with_a_dialog_is_done_when_the_answer_is():
    async with watched() as it:
        await it.press("t")
        await it.opens(TextDialog)
        assert it.done == []
        await it.press("1", "2", "enter")
        await wait_until(lambda: it.heard)
        assert it.heard == [("run.go_to", 12)]
        it.heard.clear()
        await it.press("question_mark")
        await it.opens(HelpDialog)
        assert it.done == []
        await it.press("escape")
        await it.is_done("app.help")
        await it.press("u")
        await it.opens(SlowMotionScreen)
        await wait_until(lambda: it.app.screen.trace is not None)
        await it.press("end", "enter")
        await wait_until(lambda: "run.slow" in it.done)
        assert it.heard == [("slow.last", 12), ("run.slow", 13)]
        it.heard.clear()
        await it.press("plus", "q")
        await it.opens(ConfirmDialog)
        await it.press("n")
        await wait_until(lambda: it.app.screen is it.app.lab)
        await it.is_quiet()
        assert it.done == ["net.more"]


async def test_what_is_refused_is_not_done():
    async with watched(task={"kind": "echo"}, lanes=[{"kind": "rnn"}, {"kind": "fnn"}]) as it:
        await it.press("f", "T", "ctrl+r")  # no forecasts, no text, no run of an earlier lab
        await it.is_quiet()
        assert it.done == []
        await it.press("k")  # before any step there are no curves: the command fails
        await it.is_quiet()
        assert it.done == []
        channel = it.app.training.channel
        channel.stop()
        assert not channel.send(Command(lambda _: None))  # there is no room for it
        await it.press("s")
        await it.pilot.pause()
        assert it.done == []


async def test_a_question_about_the_future_is_answered_before_the_action_is_done():
    async with watched() as it:
        await it.press("S", "b", "plus", "s")
        await it.is_done("run.step_ten", "run.back", "net.more", "run.step")
        await it.press("S", "b")
        await it.is_done("run.step_ten", "run.back")
        it.app.lab.settings.change_of_lane("truncation", 1)
        await it.press("s")
        await it.opens(FutureDialog)
        assert it.done == []
        await it.press("c")
        await it.is_done("question.cut", "run.step")


CONTROLS_KEYS = ControlsPanel.declaration.keys
OPENS = {
    "run.slow", "run.go_to", "file.pick", "file.save", "file.open", "file.sweep", "file.keep", "file.export",
    "look.describe", "app.help", "net.add", "run.open_seed", "run.findings", "lens.menu", "lesson.list",
}  # fmt: skip
READ = {"app.help", "look.describe"}  # closed, they are done
# there is no run of an earlier lab, no text of an echo, no intervention, no lesson
REFUSED = {"file.last", "look.text", "lens.compare", *(str(binding.id) for binding in LESSON_KEYS)} - OPENS
BEFORE = {
    "controls.type": ["escape"],
    "controls.keep": ["right"],
    "run.unpin": ["s", "k"],
    "run.pin": ["s"],
    "run.open_seed": ["Y"],
}  # keys without which there is nothing to do


# Keys by where they are pressed: each row shares a lab, because opening one takes longer than a key.
ROWS = [lab_keys()[::2], lab_keys()[1::2], [*PANEL_KEYS, *CONTROLS_KEYS]]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row[0].id} and others")
async def test_each_key_leads_to_one_report_or_opens_a_dialog_that_reports_nothing_when_it_is_cancelled(row):
    async with watched() as it:
        for binding in row:
            if binding.id == "app.quit":
                continue  # it leaves; nobody is there to be told
            before = [*(["1"] if binding in CONTROLS_KEYS else []), *BEFORE.get(binding.id, [])]
            if before:
                await it.press(*before)
                await it.is_quiet()
                it.heard.clear()
            await it.press(binding.key.split(",")[0])
            opens = binding.id in OPENS or binding.id == "controls.type"
            if opens:
                await wait_until(lambda: it.app.screen is not it.app.lab)
                assert it.done == []
                await it.press("escape")
                await wait_until(lambda: it.app.screen is it.app.lab)
            elif binding.id not in REFUSED:
                await wait_until(lambda: it.heard)
            await it.is_quiet()
            silent = (opens and binding.id not in READ) or binding.id in REFUSED
            assert it.done == ([] if silent else [binding.id])
            it.heard.clear()


def test_an_action_is_reported_unless_it_is_taken_over_refused_or_fails():
    told = []
    reports = ActionReports(told.append)
    with reports.running("a"):
        pass
    with reports.running("b"):
        assert take_over() == "b"
        assert take_over() == ""
        with reports.running("c"):
            pass
    with reports.running("d"):
        refuse()
    with pytest.raises(ZeroDivisionError), reports.running("e"):
        raise ZeroDivisionError
    with reports.running(""):
        assert take_over() == ""
    assert told == ["a", "c"]
    assert take_over() == ""

"""The lab under test."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, nullcontext

from support.held_out import few_held_out
from support.seed_engines import MadeUp
from support.textual_private import drawn, drawn_when_looked_at, key_event, notifications_of, screen_lines
from support.waiting import wait_until
from textual.pilot import Pilot

from rnn_tui.presets.preset import parse
from rnn_tui.presets.store import PresetFile, find, load
from rnn_tui.ui.app import LabApp
from rnn_tui.ui.input.textual_internals import is_exiting
from rnn_tui.ui.panels.view_state import ViewState
from rnn_tui.ui.training.seed_processes import SeedEngine

BUSY = 60.0  # seconds for what keys lead to, however busy the machine is


class Lab:
    """An app under test, and the words a test needs of it."""

    def __init__(self, app: LabApp, pilot: Pilot[None]) -> None:
        self.app, self.pilot = app, pilot

    @property
    def view(self) -> ViewState:
        assert self.app.lab.view is not None
        return self.app.lab.view

    async def press(self, *keys: str) -> None:
        """Press the keys as fast as the lab takes them: each when the one before has had its effect."""
        for name in keys:
            self.app.terminal_events.offer(key_event(name))
        await wait_until(lambda: self.app.terminal_events.idle or is_exiting(self.app), BUSY)
        await drawn(self.pilot)

    async def step_is(self, step: int) -> None:
        await wait_until(lambda: self.view.frame.step == step)

    async def shows(self, *words: str) -> None:
        await wait_until(lambda: all(word in self.screen_text() for word in words))

    def screen_text(self) -> str:
        return "\n".join(screen_lines(self.app))

    def notices(self) -> str:
        return " ".join(note.message for note in notifications_of(self.app))


@asynccontextmanager
async def lab(
    file: PresetFile | None = None,
    size: tuple[int, int] = (120, 36),
    seeds: SeedEngine | None = None,
    findings: bool = False,
    app: LabApp | None = None,
    drawn_at_once: bool = False,
) -> AsyncIterator[Lab]:
    """Open a lab.

    Args:
        findings: whether it looks for what is wrong without a request.
        app: one with more than a preset; its lanes are scored exactly, those of the others on few sequences.
        drawn_at_once: whether each change is drawn, as for a user; otherwise what has changed when a test looks.
            What drawing itself computes, such as ``TextPage.most``, then waits for that too.
    """
    scored = nullcontext() if app else few_held_out()
    drawing = nullcontext() if drawn_at_once else drawn_when_looked_at()
    app = app or LabApp(file or load(find("echo")))
    app.lab.seeds.engine = seeds or MadeUp()  # no test that presses all keys starts processes
    app.lab.findings.watches = findings
    with scored, drawing:
        async with app.run_test(size=size, notifications=True) as pilot:
            await pilot.pause()
            yield Lab(app, pilot)


def preset(**tables: object) -> PresetFile:
    document = {"task": {"kind": "echo"}, "lanes": [{"kind": "rnn"}, {"kind": "fnn"}]} | tables
    return PresetFile("tried", parse(document, "tried"))

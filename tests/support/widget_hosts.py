"""Parts of the lab without the lab: views without a thread, widgets without an app, apps around a few widgets."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
from rich.style import Style
from support.held_out import few_held_out
from support.textual_private import screen_lines
from textual.app import App, ComposeResult
from textual.geometry import Size
from textual.widget import Widget

import rnn_tui.ui
from rnn_tui.engine.losses import binary_cross_entropy
from rnn_tui.presets.preset import parse
from rnn_tui.presets.store import bundled_folder, load
from rnn_tui.session.forward_timeline import DivergenceError
from rnn_tui.session.session import Session
from rnn_tui.ui.panels.view_state import ViewState
from rnn_tui.ui.render.palette import THEME, palette
from rnn_tui.ui.render.terminal_capabilities import Canvas

# One preset of each task, and those with many lanes: what panels show differs between them.
BUNDLED = [
    "adding", "cells", "copy", "csv", "echo", "exploding", "letters", "mackey-glass", "parity",
    "temporal-order", "temporal-xor", "text", "wave",
]  # fmt: skip


def bundled(name):
    return load(bundled_folder() / f"{name}.toml").preset


@cache
@few_held_out()
def _frames(name):
    session = Session(bundled(name))
    untrained = session.frame()
    session.forward(3)
    return {0: untrained, 3: session.frame()}


def frame_of(name, steps=0):
    """The frame of a bundled preset before any update, or after 3."""
    return _frames(name)[steps]


def view_of(name, steps=0, **where):
    return ViewState(frame_of(name, steps), name, **where)


def preset_of(*lanes, task="echo", training=None):
    """``lanes`` as in a preset's tables; ``task`` as its table, or its kind alone."""
    task = {"kind": task} if isinstance(task, str) else task
    return parse({"task": task, "training": training or {}, "lanes": list(lanes)}, "made up")


@few_held_out()
def made(*lanes, steps=0, **tables):
    """The frame of a preset made up on the spot, as far as it gets."""
    session = Session(preset_of(*lanes, **tables))
    try:
        session.forward(steps)
    except DivergenceError:
        assert session.notice
    return session.frame()


def slowed(*lanes, steps=2, lane=0, **tables):
    """The next update of a lane of such a preset, taken apart after some updates; on few time steps, unless said."""
    tables["training"] = {"sequence_length": 8, "batch_size": 3} | tables.get("training", {})
    session = Session(preset_of(*lanes, **tables))
    session.forward(steps)
    return session.trace_update(lane)


WILD = {"optimizer": "sgd", "learning_rate": 1000.0, "clip_norm": 0.0}  # what diverges at once


def diverged():
    """An update that cannot be made, after those that could."""
    lane = {"kind": "rnn", "activation": "identity", "gain": 3.0}
    session = Session(preset_of(lane, task="wave", training=WILD))
    with suppress(DivergenceError):
        session.forward(50)
    return session.trace_update(0)


def broken(frame, value):
    """The same frame, where all that the lanes have computed is ``value``: NaN, an infinity, or a huge number."""
    lanes = []
    answer = (np.tanh(value / 2) + 1) / 2 if frame.task.loss is binary_cross_entropy else value
    for lane in frame.lanes:
        states = {name: np.full_like(values, value, float) for name, values in lane.states.items()}
        answers = lane.answers if frame.task.classes else np.full_like(lane.answers, answer)
        by_time = np.full_like(lane.score.loss_by_time, value)
        r2 = None if lane.score.r2 is None else -value
        score = replace(lane.score, loss=value, r2=r2, loss_by_time=by_time)
        logits = np.full_like(lane.logits, value, float)
        probe = replace(lane.probe, states=states, logits=logits, answers=answers)
        lanes.append(replace(lane, probe=probe, held_out=score))
    return replace(frame, lanes=tuple(lanes), notice="it diverged")


def on_paper(kind):
    """A subclass of a line-drawing widget that needs no app: its size and its colors are given."""

    class Sheet(kind):
        size = Size(0, 0)
        palette = palette(True)
        canvas = Canvas()

        def ink(self, color="", ground="", dim=False, reverse=False):
            return Style(color=color or None, bgcolor=ground or None, dim=dim or None, reverse=reverse or None)

        @property
        def strips(self):
            return [self.render_line(y) for y in range(self.size.height)]

        @property
        def lines(self):
            return [strip.text for strip in self.strips]

    return Sheet


def cells(strip):
    """(character, style) of every character of a strip."""
    return [(character, segment.style) for segment in strip for character in segment.text]


class Host(App):
    """Shows the widgets it is given, in the lab's own style sheets."""

    CSS_PATH = [Path(rnn_tui.ui.__file__).parent / name for name in ("lab/lab.tcss", "dialogs/dialogs.tcss")]  # noqa: RUF012

    def __init__(self, *widgets: Widget) -> None:
        super().__init__()
        self.register_theme(THEME)
        self.theme = THEME.name
        self._widgets = widgets
        self._heard: list[object] = []

    def compose(self) -> ComposeResult:
        yield from self._widgets

    def hear(self, message):
        """Called for every message, again at each widget on its way up."""
        if not any(message is other for other in self._heard):
            self._heard.append(message)

    def said(self, kind):
        """The messages of a kind that there have been."""
        return [message for message in self._heard if isinstance(message, kind)]

    @property
    def shown(self):
        """The lines on the screen."""
        return screen_lines(self)


@asynccontextmanager
async def hosted(*widgets, size=(80, 24)) -> AsyncIterator[tuple[Host, object]]:
    """The app and its pilot."""
    app = Host(*widgets)
    async with app.run_test(size=size, message_hook=app.hear, notifications=True) as pilot:
        yield app, pilot

"""The sequence panel: input, target and each lane's answer over the probe."""

from collections.abc import Sequence

import numpy as np
from textual.app import ComposeResult

from rnn_tui.engine.losses import cross_entropy, mean_squared_error
from rnn_tui.engine.parameters import Array
from rnn_tui.session.frame import RIGHT, WRONG, Frame, Lane
from rnn_tui.ui.panels.panel import Panel
from rnn_tui.ui.view import View
from rnn_tui.ui.widgets.timeaxis import GUTTER
from rnn_tui.ui.widgets.tracks import Track, Tracks

BARS = "▁▂▃▄▅▆▇█"
SIGNS = {RIGHT: "✓", WRONG: "✗"}
VISIBLE = {"\n": "↵", " ": "␣", "\t": "⇥"}


class SequencePanel(Panel):
    number, heading = 2, "sequence"

    def compose(self) -> ComposeResult:
        yield Tracks()

    def show(self, view: View, before: View | None) -> None:  # noqa: ARG002
        frame = view.frame
        self.title(reading(view))
        self.query_one(Tracks).show(self._tracks(frame), frame.length, view.t, view.lit)

    def _tracks(self, frame: Frame) -> list[Track]:
        colours = self.colours
        draw, solid = _drawing(frame)
        asked = np.where(frame.mask > 0, frame.target, np.nan)
        tracks = [
            self._track("x", colours.muted, _inputs(frame), solid),
            self._track("target", colours.text, draw(asked), solid),
        ]
        for index, lane in enumerate(frame.lanes):
            colour = colours.lane(index)
            tracks.append(self._track(lane.label, colour, draw(lane.answers), solid))
            signs = [SIGNS.get(int(verdict), "·") for verdict in lane.verdicts]
            sign_colours = [
                {RIGHT: colours.right, WRONG: colours.wrong}.get(int(v), colours.muted) for v in lane.verdicts
            ]
            tracks.append(Track(share_right(lane), colours.muted, signs, sign_colours, solid=False))
        return tracks

    @staticmethod
    def _track(label: str, colour: str, cells: Sequence[str], solid: bool) -> Track:
        return Track(label, colour, cells, [colour] * len(cells), solid)


def reading(view: View) -> str:
    """The numbers under the cursor in words."""
    frame, t, lane = view.frame, view.t, view.shown
    says = [f"t = {t}/{frame.length - 1}", f"x {_value(frame, frame.inputs[t], is_input=True)}"]
    if frame.mask[t] > 0:
        says.append(f"target {_value(frame, frame.target[t])}")
    else:
        says.append("not scored")
    sign = SIGNS.get(int(lane.verdicts[t]), "")
    return " · ".join([*says, f"{lane.label} {_value(frame, lane.answers[t])} {sign}".rstrip()])


def share_right(lane: Lane) -> str:
    """How many of the probe's scored answers are right, as it fits into the gutter."""
    scored, good = int((lane.verdicts != 0).sum()), int((lane.verdicts == RIGHT).sum())
    count = f"{good}/{scored}"
    return count if len(count) < GUTTER or not scored else f"{good / scored:.0%}"


def _value(frame: Frame, value: Array | float, is_input: bool = False) -> str:
    names = frame.task.alphabet if is_input else frame.task.classes
    if names:
        return repr(names[int(np.argmax(value)) if is_input else int(value)])
    if frame.task.loss is mean_squared_error:
        return f"{float(np.ravel(frame.task.in_units(np.asarray(value)))[0]):.4g}".replace("-", "−")
    number = float(np.ravel(value)[0])
    return f"{number:.0f}" if number in (0.0, 1.0) else f"{number:.2f}"


def _inputs(frame: Frame) -> list[str]:
    if frame.task.alphabet:
        return _symbols(frame.task.alphabet, frame.inputs.argmax(axis=1))
    return _bars(frame.inputs[:, 0], *_range(frame))


def _drawing(frame: Frame):  # type: ignore[no-untyped-def]
    """How targets and answers are drawn: as symbols or as bars."""
    if frame.task.loss is cross_entropy:
        return lambda values: _symbols(frame.task.classes, values), False
    low, high = _range(frame)
    return lambda values: _bars(values, low, high), True


def _range(frame: Frame) -> tuple[float, float]:
    if frame.task.loss is not mean_squared_error:
        return 0.0, 1.0
    values = np.concatenate([frame.inputs.ravel(), frame.target])
    return float(values.min()), float(values.max())


def _bars(values: Array, low: float, high: float) -> list[str]:
    """Eighth blocks; a dot where there is no value."""
    share = np.clip((values - low) / ((high - low) or 1), 0, 1)
    return ["·" if np.isnan(s) else BARS[round(float(s) * (len(BARS) - 1))] for s in share]


def _symbols(names: Sequence[str], values: Array) -> list[str]:
    return ["·" if np.isnan(v) else _one_cell(names[int(v)]) for v in values]


def _one_cell(symbol: str) -> str:
    """A symbol as one column of the terminal."""
    from rich.cells import cell_len

    symbol = VISIBLE.get(symbol, symbol)
    return symbol if symbol.isprintable() and cell_len(symbol) == 1 else "?"

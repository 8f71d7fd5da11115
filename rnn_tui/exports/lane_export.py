"""Describe one lane for its exports, in words that fit into a script."""

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite

import numpy as np

from rnn_tui.engine.losses import Loss
from rnn_tui.errors import RnnTuiError, escaped
from rnn_tui.presets.lane_settings import LaneSettings
from rnn_tui.session.frame import Demand, Lane
from rnn_tui.session.session import Session
from rnn_tui.tasks import Task

WIDTH = 86  # columns of a docstring


@dataclass(frozen=True, eq=False)
class LaneExport:
    """One lane to be exported.

    Attributes:
        run: the run's name.
        index: the lane's number among all lanes.
        sizes: I, H and O.
    """

    run: str
    index: int
    lane: Lane
    step: int
    task: Task
    sizes: tuple[int, int, int]

    @property
    def loss(self) -> Loss:
        return self.task.loss

    @property
    def about(self) -> str:
        """The interventions, and the order of the symbols or the units of normalized values, as docstring lines; empty
        without interventions for bits.
        """
        texts = [text for text in (self._interventions, self._numbers) if text]
        lines = [line for text in texts for line in textwrap.wrap(quotable(text), WIDTH, break_on_hyphens=False)]
        return "\n" + "\n".join(lines) + "\n" if lines else ""

    @property
    def _interventions(self) -> str:
        texts = self.settings.interventions
        return f"Its weights include these interventions: {', '.join(texts)}." if texts else ""

    @property
    def _numbers(self) -> str:
        if symbols := self.task.alphabet:
            return f"Inputs are one-hot, with {len(symbols)} symbols in this order: {' '.join(map(repr, symbols))}"
        mean = float(self.task.in_units(np.zeros(1))[0])
        deviation = float(self.task.in_units(np.ones(1))[0]) - mean
        if (mean, deviation) == (0, 1):
            return ""
        text = f"Values are normalized: value in original units = {mean:.10g} + {deviation:.10g} * value."
        for channel, name in enumerate(self.task.channels[1:], start=1):
            mean, above = map(float, self.task.input_in_units(np.array([0.0, 1.0]), channel))
            text += f" For {name}: {mean:.10g} + {above - mean:.10g} * value."
        return text

    @property
    def settings(self) -> LaneSettings:
        return self.lane.settings

    @property
    def window(self) -> int:
        """Number of inputs that the net sees at once."""
        return getattr(self.settings, "window", 1)

    @property
    def precision(self) -> str:
        return str(self.lane.weights["b_y"].dtype)

    @property
    def digits(self) -> str:
        """Format of the loss that a script prints: digits that do not depend on the order of summation."""
        return ".12g" if self.precision == "float64" else ".6g"

    @property
    def words(self) -> dict[str, object]:
        """Values for the templates of all scripts."""
        I, H, O = self.sizes
        return {
            "run": quotable(self.run),
            "about": self.about,
            "lane": quotable(self.lane.name),
            "net": self.settings.architecture.phrase,
            "step": f"{self.step:,}",
            "loss": self.loss.name,
            "value": format(self.lane.score.loss, self.digits if self.precision == "float64" else ".5g"),
            "digits": self.digits,
            "precision": self.precision,
            **{"I": I, "H": H, "O": O, "K": self.window, "KI": self.window * I, "before": self.window - 1},
        }


def lane_exports(session: Session, run: str, lanes: Sequence[int]) -> list[LaneExport]:
    """Return the lanes with these numbers for export.

    Raises:
        RnnTuiError: the loss of a lane is not finite.
    """
    frame = session.frame(Demand.SCORE)
    sizes = frame.task.input_size, frame.task.output_size
    found = []
    for i in lanes:
        lane = frame.lanes[i]
        if not isfinite(lane.score.loss):
            raise RnnTuiError(f"{lane.name} has no finite loss at step {frame.step:,}; go back to an earlier step")
        shape = (sizes[0], lane.settings.hidden_size, sizes[1])
        found.append(LaneExport(run, i, lane, frame.step, frame.task, shape))
    return found


def quotable(text: str) -> str:
    """Return the text escaped for a docstring."""
    return escaped(text).replace("\\", r"\\").replace('"', r"\"")

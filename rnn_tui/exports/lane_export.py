"""One lane as its exports describe it, in words that can stand in a script."""

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite

import numpy as np

from rnn_tui.engine.losses import Loss
from rnn_tui.errors import RnnTuiError, plain
from rnn_tui.presets.lane_settings import LaneSettings
from rnn_tui.session.frame import Demand, Lane
from rnn_tui.session.session import Session
from rnn_tui.tasks import Task

WIDTH = 86  # columns of a docstring


@dataclass(frozen=True, eq=False)
class LaneExport:
    """``index`` is the lane's place among all lanes, ``sizes`` are I, H and O, ``run`` is the run's name."""

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
        """What the numbers mean, in lines of a docstring, where they do not speak for themselves."""
        if symbols := self.task.alphabet:
            text = f"Inputs are one-hot, of {len(symbols)} symbols in this order: {' '.join(map(repr, symbols))}"
        else:
            mean = float(self.task.in_units(np.zeros(1))[0])
            deviation = float(self.task.in_units(np.ones(1))[0]) - mean
            if (mean, deviation) == (0, 1):
                return ""
            text = f"Values are normalised: in their own units they are {mean:.10g} + {deviation:.10g} times these."
            for channel, name in enumerate(self.task.channels[1:], start=1):
                mean, above = map(float, self.task.input_in_units(np.array([0.0, 1.0]), channel))
                text += f" Of {name} it is {mean:.10g} + {above - mean:.10g} times."
        return "\n" + "\n".join(textwrap.wrap(quotable(text), WIDTH, break_on_hyphens=False)) + "\n"

    @property
    def settings(self) -> LaneSettings:
        return self.lane.settings

    @property
    def window(self) -> int:
        """How many inputs it sees at once."""
        return getattr(self.settings, "window", 1)

    @property
    def precision(self) -> str:
        return str(self.lane.weights["b_y"].dtype)

    @property
    def digits(self) -> str:
        """How a script prints its loss: to as many digits as different orders of summation leave alike."""
        return ".12g" if self.precision == "float64" else ".6g"

    @property
    def words(self) -> dict[str, object]:
        """What templates of all scripts ask for."""
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
    """The lanes with these numbers.

    Raises:
        RnnTuiError: one of them has no finite loss, which no script could print.
    """
    frame = session.frame(Demand.SCORE)
    sizes = frame.task.input_size, frame.task.output_size
    found = []
    for i in lanes:
        lane = frame.lanes[i]
        if not isfinite(lane.score.loss):
            raise RnnTuiError(f"{lane.name} has no finite loss at step {frame.step:,}; go back to a step before")
        shape = (sizes[0], lane.settings.hidden_size, sizes[1])
        found.append(LaneExport(run, i, lane, frame.step, frame.task, shape))
    return found


def quotable(text: str) -> str:
    """The text as it can stand in a docstring."""
    return plain(text).replace("\\", r"\\").replace('"', r"\"")

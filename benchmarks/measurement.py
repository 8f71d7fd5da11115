"""Train nets without a screen and measure them, for reproduce.py."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from harness import NEVER

from rnn_tui.engine.parameters import Array
from rnn_tui.engine.training import Batch
from rnn_tui.experiments.train import train
from rnn_tui.experiments.training_run import TrainingRun
from rnn_tui.presets.preset import Preset, parse
from rnn_tui.session.experiment import Experiment
from rnn_tui.session.forward_timeline import ForwardTimeline
from rnn_tui.tasks.metrics import Score, task_score


@dataclass(frozen=True)
class Row:
    """One number: its name, the source's value, the source, our value for one seed, and a note on differences."""

    what: str
    theirs: str
    source: str
    ours: float
    note: str = ""


class Measurement:
    """Nets that are trained together on one task and seed, further and further, and measured in between."""

    def __init__(
        self,
        task: Mapping[str, Any],
        seed: int,
        lanes: Sequence[Mapping[str, Any]],
        kind: type[Experiment] = Experiment,
        **training: Any,
    ) -> None:
        document = {"task": task, "training": {**training, "seed": seed}, "lanes": lanes}
        self.experiment = kind(parse(document, "reproduce"))
        self.run = TrainingRun(self.experiment)

    def trained(self, updates: int, lane: int = 0) -> ForwardTimeline:
        """Continue training up to a number of updates, and return the lane."""
        assert self.run.step <= updates, "it cannot go back"
        for _ in train(self.run, updates):
            pass
        return self.run.timelines[lane]

    def updates_to(self, threshold: float, most: int, every: int = 15) -> float:
        """Return the first multiple of ``every`` at which the held-out loss is below the threshold; NEVER if none."""
        for event in train(self.run, most, every):
            if event.step % every == 0 and self.run.evaluate().lanes[0].score.loss < threshold:
                return event.step
        return NEVER

    def score(self, timeline: ForwardTimeline, batch: Batch | None = None) -> Score:
        """Score a lane on a batch, or on the held-out sequences."""
        batch = batch or self.experiment.held_out
        return task_score(self.experiment.task, answers(timeline, batch), batch)

    def final(self, updates: int, lane: int = 0) -> Score:
        return self.score(self.trained(updates, lane))


class SymbolsOnly(Experiment):
    """Copying that scores only the time steps at which symbols are asked for, as in some papers."""

    def __init__(self, preset: Preset) -> None:
        super().__init__(preset)
        self.held_out = self._only_symbols(self.held_out)

    def batch(self, step: int) -> Batch:
        return self._only_symbols(super().batch(step))

    def _only_symbols(self, batch: Batch) -> Batch:
        return replace(batch, mask=(self.task.role(batch) == 0).astype(float))


class EarlierMarks(Experiment):
    """Adding on sequences whose last time step is not marked: the first ones among four times as many."""

    def __init__(self, preset: Preset) -> None:
        super().__init__(preset)
        self.held_out = self._unmarked(self.held_out, self.held_out.x.shape[2])

    def batch(self, step: int) -> Batch:
        training = self.preset.training
        rng = np.random.default_rng([training.seed, step])
        return self._unmarked(self.task.batch(rng, 4 * training.batch_size, self.length), training.batch_size)

    def _unmarked(self, batch: Batch, most: int) -> Batch:
        kept = np.flatnonzero(batch.x[-1, 1] == 0)[:most]
        return Batch(batch.x[..., kept], batch.target[..., kept], batch.mask[:, kept])


def answers(timeline: ForwardTimeline, batch: Batch) -> Array:
    """Return the outputs y (T, O, B) of a lane in its present state."""
    model = timeline.learner.model
    return model.forward(timeline.state.parameters, batch.x, model.trace(batch.x.shape[0], batch.x.shape[2]))


def rnn(hidden: int, **more: Any) -> dict[str, Any]:
    return {"kind": "rnn", "hidden_size": hidden, "initializer": "orthogonal", **more}


def fnn(hidden: int, window: int = 1) -> dict[str, Any]:
    return {"kind": "fnn", "hidden_size": hidden, "window": window}

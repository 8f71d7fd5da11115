"""Nets trained without a screen and measured, for reproduce.py."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from rnn_tui.engine.evaluation import Score
from rnn_tui.engine.parameters import Array, Parameters
from rnn_tui.engine.training import Batch, Learner, TrainState
from rnn_tui.presets.preset import parse
from rnn_tui.session.experiment import Run
from rnn_tui.tasks.metrics import evaluated

NEVER = float("inf")  # updates, where a threshold was not reached


@dataclass(frozen=True)
class Row:
    """One number: what it is, what the source says and which source that is, ours for one seed, and what differs."""

    what: str
    theirs: str
    source: str
    ours: float
    note: str = ""


class Lab:
    """One task and one seed: nets that are trained on it and measured."""

    def __init__(self, task: Mapping[str, Any], seed: int, lanes: Sequence[Mapping[str, Any]], **training: Any) -> None:
        document = {"task": task, "training": {**training, "seed": seed}, "lanes": lanes}
        self.run = Run(parse(document, "reproduce"))

    def trained(self, updates: int, lane: int = 0) -> tuple[Learner, TrainState]:
        learner, state = self.run.learner(lane), self.run.start(lane)
        for step in range(updates):
            state, _ = learner.step(state, self._batch(step))
        return learner, state

    def updates_to(self, threshold: float, most: int, every: int = 15) -> float:
        """The first multiple of ``every`` at which the held-out loss is below the threshold; NEVER: not by then."""
        learner, state = self.run.learner(0), self.run.start(0)
        for step in range(most):
            state, _ = learner.step(state, self._batch(step))
            if (step + 1) % every == 0 and self.score(learner, state.parameters).loss < threshold:
                return step + 1
        return NEVER

    def _batch(self, step: int) -> Batch:
        return self.run.batch(step)

    @property
    def held_out(self) -> Batch:
        return self.run.held_out

    def score(self, learner: Learner, parameters: Parameters, batch: Batch | None = None) -> Score:
        batch = batch or self.held_out
        return evaluated(self.run.task, learner.model, parameters, batch)[1]

    def final(self, updates: int, lane: int = 0) -> Score:
        learner, state = self.trained(updates, lane)
        return self.score(learner, state.parameters)


class Recall(Lab):
    """Copying scored as some do, where the symbols are asked for and nowhere else."""

    def _batch(self, step: int) -> Batch:
        return self._only_symbols(self.run.batch(step))

    @property
    def held_out(self) -> Batch:
        return self._only_symbols(self.run.held_out)

    def _only_symbols(self, batch: Batch) -> Batch:
        return replace(batch, mask=(self.run.task.role(batch) == 0).astype(float))


class EarlierMarks(Lab):
    """Adding on sequences whose last time step is not marked: of four times as many those that come first."""

    def _batch(self, step: int) -> Batch:
        training = self.run.preset.training
        rng = np.random.default_rng([training.seed, step])
        return self._unmarked(self.run.task.batch(rng, 4 * training.batch_size, self.run.length), training.batch_size)

    @property
    def held_out(self) -> Batch:
        return self._unmarked(self.run.held_out, self.run.held_out.x.shape[2])

    def _unmarked(self, batch: Batch, most: int) -> Batch:
        kept = np.flatnonzero(batch.x[-1, 1] == 0)[:most]
        return Batch(batch.x[..., kept], batch.target[..., kept], batch.mask[:, kept])


def answers(learner: Learner, parameters: Parameters, batch: Batch) -> Array:
    trace = learner.model.trace(batch.x.shape[0], batch.x.shape[2])
    return learner.model.forward(parameters, batch.x, trace)


def rnn(hidden: int, **more: Any) -> dict[str, Any]:
    return {"kind": "rnn", "hidden_size": hidden, "initializer": "orthogonal", **more}


def fnn(hidden: int, window: int = 1) -> dict[str, Any]:
    return {"kind": "fnn", "hidden_size": hidden, "window": window}

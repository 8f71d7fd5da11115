"""Interventions of one kind in turn, and the loss with each: which unit, or which time step, carries the answers?"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from rnn_tui.engine.diagnostics import NO_STATE, Undefined, not_finite
from rnn_tui.interventions import Intervention
from rnn_tui.interventions.input_place import InputPlace
from rnn_tui.interventions.remove import Remove
from rnn_tui.interventions.reset import Reset
from rnn_tui.interventions.silence import Silence
from rnn_tui.session.diagnosis.unit_table import MOST_PRODUCTS
from rnn_tui.session.trained_net import TrainedNet


class InTurnRow(NamedTuple):
    """The held-out loss, and accuracy (None for numbers), of a net with one more intervention."""

    intervention: Intervention
    loss: float
    accuracy: float | None


@dataclass(frozen=True, eq=False, slots=True)
class InTurn:
    """A net with each of several interventions in turn.

    Attributes:
        loss, accuracy: of the net without them, with those that it already has.
        rows: those with the greatest loss first; equal ones in their order.
    """

    loss: float
    accuracy: float | None
    rows: tuple[InTurnRow, ...]


def in_turn(net: TrainedNet, interventions: Sequence[Intervention], sequences: int | None = None) -> InTurn | Undefined:
    """Return the scores of a net with each of the interventions in turn, in addition to those that it already has.

    They are measured on the first ``sequences`` held-out sequences, or all, as in :func:`diagnosis.unit_table`.
    """
    batch = net.first(sequences)
    if len(interventions) * net.parameters.flat.size * batch.mask.size > MOST_PRODUCTS:
        return Undefined(f"{len(interventions):,} passes would take too long")
    if problem := not_finite(parameters=net.parameters.flat, x=batch.x):
        return problem
    if not batch.mask.any():
        return Undefined("no time step is scored")
    intact = net.score(batch)
    rows = []
    for intervention in interventions:
        found = net.score(batch, intervention)
        rows.append(InTurnRow(intervention, found.loss, found.accuracy))
    if problem := not_finite(**{"the loss": np.array([row.loss for row in rows])}):
        return problem
    return InTurn(intact.loss, intact.accuracy, tuple(sorted(rows, key=lambda row: -row.loss)))


def units_in_turn(net: TrainedNet, sequences: int | None = None) -> InTurn | Undefined:
    """Return the net with each unit silenced in turn."""
    return in_turn(net, [Silence(unit) for unit in range(net.units)], sequences)


def resets_in_turn(net: TrainedNet, sequences: int | None = None) -> InTurn | Undefined:
    """Return the net with its state reset before each time step in turn, but the first, which starts from 0 anyway."""
    if not net.is_recurrent:
        return NO_STATE
    return in_turn(net, [Reset(t) for t in range(1, len(net.held_out.x))], sequences)


def times_in_turn(net: TrainedNet) -> dict[str, InTurn | Undefined]:
    """Return the net with each reset and with each removed input in turn, by name."""
    return {"resets": resets_in_turn(net), "removed_inputs": inputs_in_turn(net)}


def inputs_in_turn(net: TrainedNet, sequences: int | None = None) -> InTurn | Undefined:
    """Return the net with the inputs of each time step removed in turn: it reads their mean."""
    return in_turn(net, [Remove(InputPlace(t)) for t in range(len(net.held_out.x))], sequences)

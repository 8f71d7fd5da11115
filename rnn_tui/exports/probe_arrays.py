"""What the lanes make of the held-out sequences, as arrays that leave the engine: (T, B, features)."""

from collections.abc import Mapping
from io import BytesIO
from typing import Any

import numpy as np

from rnn_tui.engine.losses import Answer
from rnn_tui.engine.parameters import Array, Parameters
from rnn_tui.session.frame import Demand, Lane
from rnn_tui.session.session import Session


def held_out_of(session: Session) -> dict[str, Array]:
    """``inputs`` (T, B, I), ``targets`` and ``mask`` (T, B); the first sequence is the probe that the screen shows.

    Targets are whole numbers (T, B) for classes, else (T, B, O).  The mask is true where the answer is scored.
    Numbers have the precision of the run.
    """
    batch, precision = session.experiment.held_out, session.preset.training.precision
    if session.experiment.task.loss.answer is Answer.CLASS:
        targets = batch.target.astype(np.int64)
    else:
        targets = outside(batch.target).astype(precision)
    return {
        "inputs": outside(batch.x).astype(precision),
        "targets": np.ascontiguousarray(targets),
        "mask": batch.mask > 0,
    }


def outside(array: Array) -> Array:
    """(T, features, B), as the engine has it, -> (T, B, features), a new array."""
    return np.array(array.transpose(0, 2, 1), order="C")


def forward(session: Session, lane: Lane) -> dict[str, Array]:
    """Over all held-out sequences: ``hidden`` (T, B, H), ``logits`` (T, B, O), and what else the net holds by name."""
    model, x = lane.settings.model(session.experiment.task), session.experiment.held_out.x
    parameters = Parameters.zeros(model.layout, session.preset.training.precision)
    for name, view in parameters.views.items():
        view[...] = lane.weights[name]
    trace = model.trace(len(x), x.shape[2], str(parameters.dtype))
    with np.errstate(over="ignore", invalid="ignore"):
        y = model.forward(parameters, x, trace)
    states = {"hidden" if name == "h" else name: outside(values) for name, values in trace.states.items()}
    return {**states, "logits": outside(y)}


def npz(arrays: Mapping[str, Any]) -> bytes:
    """The arrays as one ``.npz`` file.  There is no object among them, so it loads without pickle."""
    file = BytesIO()
    np.savez_compressed(file, **arrays)
    return file.getvalue()


def npz_of(session: Session) -> bytes:
    """The probe as an ``.npz`` file: :func:`held_out_of`, and of each lane ``lanes.0.hidden``, ``lanes.0.logits`` and
    the other states and gates by name, an LSTM's ``lanes.0.c``; ``names`` (lanes,), and ``symbols`` (I,) where the
    inputs are one of several.
    """
    lanes = session.frame(Demand.NOTHING).lanes
    found = {**held_out_of(session), "names": np.array([lane.name for lane in lanes])}
    if symbols := session.experiment.task.alphabet:
        found["symbols"] = np.array(symbols)
    for i, lane in enumerate(lanes):
        found |= {f"lanes.{i}.{name}": values for name, values in forward(session, lane).items()}
    return npz(found)

"""Export the held-out sequences, and the lanes' states and outputs on them, as arrays (T, B, features)."""

from collections.abc import Mapping
from io import BytesIO
from typing import Any

import numpy as np

from rnn_tui.engine.losses import Answer
from rnn_tui.engine.parameters import Array, Parameters
from rnn_tui.session.frame import Demand, Lane
from rnn_tui.session.session import Session


def held_out_of(session: Session) -> dict[str, Array]:
    """Return ``inputs`` (T, B, I), ``targets`` and ``mask`` (T, B); the first sequence is the probe on the screen.

    Targets are whole numbers (T, B) for classes; for bits and numbers they are (T, B, O).  The mask is true where the
    answer is scored.  Numbers have the precision of the run.
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
    """Return a new array (T, B, features) from one in the engine's layout (T, features, B)."""
    return np.array(array.transpose(0, 2, 1), order="C")


def forward(session: Session, lane: Lane) -> dict[str, Array]:
    """Return ``hidden`` (T, B, H), ``logits`` (T, B, O) and the other states by name, on all held-out sequences."""
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
    """Return the arrays as one ``.npz`` file, which loads without pickle."""
    file = BytesIO()
    np.savez_compressed(file, **arrays)
    return file.getvalue()


def npz_of(session: Session) -> bytes:
    """Return an ``.npz`` file with the held-out sequences and every lane's states and outputs on them.

    Arrays: ``inputs``, ``targets`` and ``mask`` as in :func:`held_out_of`; for each lane ``lanes.0.hidden``,
    ``lanes.0.logits`` and its other states and gates by name, such as ``lanes.0.c`` of an LSTM; ``names`` (lanes,);
    ``symbols`` (I,) if the inputs are one-hot.
    """
    lanes = session.frame(Demand.NOTHING).lanes
    found = {**held_out_of(session), "names": np.array([lane.name for lane in lanes])}
    if symbols := session.experiment.task.alphabet:
        found["symbols"] = np.array(symbols)
    for i, lane in enumerate(lanes):
        found |= {f"lanes.{i}.{name}": values for name, values in forward(session, lane).items()}
    return npz(found)

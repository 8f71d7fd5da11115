"""One update of one lane, taken apart: what training is about to compute, kept to be looked at before it is made."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from rnn_tui.engine.models import Trace
from rnn_tui.engine.optimizers import Optimizer, clip_by_global_norm, global_norm
from rnn_tui.engine.parameters import Array
from rnn_tui.engine.training import Batch, Learner, Metrics, TrainState
from rnn_tui.session.frame import Demand, Frame, Lane, frozen, read_only, reading
from rnn_tui.session.timeline import Timeline


@dataclass(frozen=True, slots=True)
class ParameterChange:
    """What the update does to one parameter: its shape, and the Euclidean norms of it, its gradient and its change."""

    name: str
    shape: tuple[int, ...]
    norm: float
    gradient: float
    moved: float


@dataclass(frozen=True, eq=False, slots=True)
class UpdateTrace:
    """The next update of a lane.

    Of the batch it shows the first sequence, as a frame of one lane with that sequence in the probe's place; loss,
    gradient and change are those of the whole batch.

    Attributes:
        stamp: of the session from which it was taken.
        index: the lane's number.
        sequences: B, how many the batch has; scored: N, at how many positions.
        loss: L, the mean over these N.
        losses: (T,) l_t, NaN where nothing is scored.
        dy: (T, O) dL/dy_t. dh: (T, H) dL/dh_t. dz: (T, H) dL/dz_t of a net that has one z, else None.
        norms: (T,) ‖dL/dh_t‖.
        span: the least of these above 0 and the greatest, in the next updates of all lanes; 1 and 1 if there is none.
        reach: (T,) how long the error of the last scored answer alone is on its way back, ‖dl/dh_t‖, or that of the
            state along which the architecture says the gradient reaches furthest: ‖dl/dc_t‖ of an LSTM.
        cuts: the t between which and t + 1 the gradient is cut.
        gradient: dL/dθ by name, before clipping; norm: of all of it, clipped: the same after clipping.
        optimizer, learning_rate: in force, the schedule counted in. weight_decay: λ.
        after: the parameters by name as they would be.
        changes: parameter by parameter.
    """

    stamp: tuple[object, ...]
    index: int
    frame: Frame
    sequences: int
    scored: int
    loss: float
    losses: Array
    dy: Array
    dh: Array
    dz: Array | None
    norms: Array
    span: tuple[float, float]
    reach: Array
    cuts: tuple[int, ...]
    gradient: Mapping[str, Array]
    norm: float
    clipped: float
    optimizer: Optimizer
    learning_rate: float
    after: Mapping[str, Array]
    changes: tuple[ParameterChange, ...]

    @property
    def lane(self) -> Lane:
        return self.frame.lanes[0]

    @property
    def length(self) -> int:
        return len(self.dh)

    @property
    def finite(self) -> bool:
        """Whether the update can be made."""
        return Metrics(self.loss, self.norm).finite

    @property
    def share(self) -> float:
        """What clipping leaves of the gradient, from 0 to 1."""
        return self.clipped / self.norm if self.norm else 1.0

    @property
    def last_scored(self) -> int:
        """The last time step at which an answer is asked for, or the last of all."""
        scored = np.flatnonzero(self.frame.mask)
        return int(scored[-1]) if len(scored) else self.length - 1

    @property
    def recurrent(self) -> bool:
        """Whether h_t is handed on to t + 1."""
        return bool(self.lane.settings.architecture.recurrent)

    def from_output(self, t: int) -> Array:
        """(H,) the part of dL/dh_t that comes from y_t: W_hy' dL/dy_t."""
        with np.errstate(all="ignore"):
            return np.asarray(self.dy[t] @ self.lane.weights["W_hy"])

    def from_later(self, t: int) -> Array:
        """(H,) the part that comes from t + 1: none at the end, at a cut, and where nothing is handed on."""
        if not self.recurrent or t in self.cuts or t == self.length - 1:
            return np.zeros(self.dh.shape[1])
        with np.errstate(all="ignore"):
            return np.asarray(self.dh[t] - self.from_output(t))


def trace_update(frame: Frame, index: int, timelines: Sequence[Timeline], stamp: tuple[object, ...]) -> UpdateTrace:
    """The next update of one of the timelines; ``frame`` has its lane as the only one."""
    timeline = timelines[index]
    others = [_norms(other) for other in timelines if other is not timeline]
    learner, state, batch = timeline.learner, timeline.state, timeline.batch
    trace = learner.trace(batch, state.parameters)
    with np.errstate(all="ignore"):
        loss, gradient = learner.gradient(state, batch, trace)
        raw = gradient.copy()
        norm = clip_by_global_norm(gradient, learner.clip_norm)
        clipped = global_norm(gradient)
        flat, _ = learner.update(state, gradient)
        architecture, layout = frame.lanes[0].settings.architecture, state.parameters.layout
        before, slopes, after = (
            {name: read_only(view) for name, view in layout.views(theta).items()}
            for theta in (state.parameters.flat, raw, flat)
        )
        norms = _lengths(trace.dh[..., 0])
        slow = UpdateTrace(
            stamp=stamp,
            index=index,
            frame=_seen(frame, state, batch, trace),
            sequences=batch.mask.shape[1],
            scored=int(batch.mask.sum()),
            loss=loss,
            losses=_losses(learner, batch, trace),
            dy=frozen(trace.dy[..., 0]),
            dh=frozen(trace.dh[..., 0]),
            dz=frozen(_gradient_of("z", trace)[..., 0]) if architecture.single_sum else None,
            norms=frozen(norms),
            span=_span([norms, *others]),
            reach=frozen(np.zeros(len(batch.x))),
            cuts=tuple(getattr(trace, "cuts", ())),
            gradient=slopes,
            norm=norm,
            clipped=clipped,
            optimizer=learner.optimizer,
            learning_rate=frame.learning_rate,
            after=after,
            changes=tuple(_change(name, before[name], slopes[name], after[name]) for name in before),
        )
        return replace(slow, reach=_reach(slow, learner, state, trace))


def _reach(slow: UpdateTrace, learner: Learner, state: TrainState, trace: Trace) -> Array:
    """(T,) by a second way back, for one error only; it overwrites what the trace has of the first."""
    dy = np.zeros_like(trace.dy)
    dy[slow.last_scored, :, 0] = slow.dy[slow.last_scored]
    learner.model.backward(state.parameters, dy, trace)
    return frozen(_lengths(_gradient_of(slow.lane.settings.architecture.gradient_path, trace)[..., 0]))


def _gradient_of(state: str, trace: Trace) -> Array:
    """dL/d``state`` (T, H, B), as the trace names it."""
    return np.asarray(getattr(trace, f"d{state}"))


def _norms(timeline: Timeline) -> Array:
    """(T,) ‖dL/dh_t‖ of the first sequence in a timeline's next update."""
    learner, state, batch = timeline.learner, timeline.state, timeline.batch
    trace = learner.trace(batch, state.parameters)
    with np.errstate(all="ignore"):
        learner.gradient(state, batch, trace)
    return _lengths(trace.dh[..., 0])


def _lengths(vectors: Array) -> Array:
    """vectors (T, H) -> (T,) their Euclidean norms."""
    with np.errstate(all="ignore"):
        return np.array([global_norm(vector) for vector in vectors])


def _span(lanes: list[Array]) -> tuple[float, float]:
    norms = np.concatenate(lanes)
    known = norms[(norms > 0) & np.isfinite(norms)]
    return (float(known.min()), float(known.max())) if known.size else (1.0, 1.0)


def _seen(frame: Frame, state: TrainState, batch: Batch, trace: Trace) -> Frame:
    """The frame with the batch's first sequence in the probe's place."""
    (lane,), task, first = frame.lanes, frame.task, batch.first()
    memory = None if batch.begins else state.memory
    before = {} if memory is None else lane.settings.architecture.inherited(memory)
    lane = replace(
        lane,
        probe=reading(task, trace.states, trace.y, batch),
        before={name: frozen(values[..., 0]) for name, values in before.items()},
    )
    length = len(batch.x)
    return replace(
        frame,
        demands=Demand.PROBE,
        inputs=frozen(batch.x[..., 0]),
        target=frozen(first.target.reshape(length, -1)[:, 0]),
        mask=frozen(batch.mask[:, 0]),
        lanes=(lane,),
    )


def _losses(learner: Learner, batch: Batch, trace: Trace) -> Array:
    """(T,) of the first sequence; NaN where nothing is scored."""
    each, _ = learner.loss.each(trace.y[..., :1], batch.first().target)
    return frozen(np.where(batch.mask[:, 0] > 0, each[:, 0], np.nan))


def _change(name: str, before: Array, gradient: Array, after: Array) -> ParameterChange:
    norms = (global_norm(values.ravel()) for values in (before, gradient, after - before))
    return ParameterChange(name, before.shape, *norms)

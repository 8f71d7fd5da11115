"""One update of one lane in detail: everything that training is about to compute, for slow motion."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from rnn_tui.engine.architecture import Architecture
from rnn_tui.engine.models import Trace
from rnn_tui.engine.optimizers import Optimizer, clip_by_global_norm, global_norm
from rnn_tui.engine.parameters import Array
from rnn_tui.engine.training import Batch, Learner, Metrics, TrainState
from rnn_tui.session.frame import Demand, Frame, Lane
from rnn_tui.session.probe_reading import frozen, read_only, reading
from rnn_tui.session.timeline import Timeline


@dataclass(frozen=True, slots=True)
class ParameterChange:
    """The update of one parameter: its shape, and the Euclidean norms of its value, gradient and change."""

    name: str
    shape: tuple[int, ...]
    norm: float
    gradient: float
    moved: float


@dataclass(frozen=True, eq=False, slots=True)
class BackwardPass:
    """The gradient of one error, on its way back through the first sequence of a batch.

    Attributes:
        dy: (T, O) dL/dy_t. dh: (T, H) dL/dh_t. dz: (T, H) dL/dz_t of a net with a single sum z, otherwise None.
        norms: (T,) ‖dL/dh_t‖.
        reach: (T,) the norm for the state along which, according to the architecture, the gradient reaches furthest
            back: ‖dL/dc_t‖ of an LSTM.
        span: the smallest positive and the largest of the norms in the next updates of all lanes; (1, 1) if none.
    """

    dy: Array
    dh: Array
    dz: Array | None
    norms: Array
    reach: Array
    span: tuple[float, float] = (1.0, 1.0)


@dataclass(frozen=True, eq=False, slots=True)
class UpdateTrace:
    """The next update of a lane.

    ``frame`` has one lane, with the first sequence of the batch in place of the probe; loss, gradient and change are
    those of the whole batch.

    Attributes:
        stamp: of the session at that moment.
        index: the lane's number.
        sequences: B, the number of sequences in the batch; scored: N, the number of scored positions.
        loss: L, the mean over these N.
        losses: (T,) l_t, NaN where nothing is scored.
        whole: the backward pass of L.
        last: the backward pass of the part of L that the last scored answer adds, l_T / N.
        cuts: each t for which the gradient is cut between t and t + 1.
        gradient: dL/dθ by name, before clipping; norm: of the whole gradient; clipped: the same after clipping.
        optimizer: the optimizer; learning_rate: with the schedule applied.
        after: the parameters after the update, by name.
        changes: one entry for each parameter.
    """

    stamp: tuple[object, ...]
    index: int
    frame: Frame
    sequences: int
    scored: int
    loss: float
    losses: Array
    whole: BackwardPass
    last: BackwardPass
    cuts: tuple[int, ...]
    gradient: Mapping[str, Array]
    norm: float
    clipped: float
    optimizer: Optimizer
    learning_rate: float
    after: Mapping[str, Array]
    changes: tuple[ParameterChange, ...]

    @property
    def dy(self) -> Array:
        return self.whole.dy

    @property
    def dh(self) -> Array:
        return self.whole.dh

    @property
    def dz(self) -> Array | None:
        return self.whole.dz

    @property
    def norms(self) -> Array:
        return self.whole.norms

    def of_last_answer(self) -> "UpdateTrace":
        """Return the trace with the gradient of the last scored answer alone in place of that of L."""
        return replace(self, whole=self.last)

    @property
    def lane(self) -> Lane:
        return self.frame.lanes[0]

    @property
    def length(self) -> int:
        return len(self.dh)

    @property
    def finite(self) -> bool:
        """True if loss and gradient norm are finite."""
        return Metrics(self.loss, self.norm).finite

    @property
    def share(self) -> float:
        """The gradient norm after clipping divided by the norm before, from 0 to 1."""
        return self.clipped / self.norm if self.norm else 1.0

    @property
    def last_scored(self) -> int:
        """The last scored time step, or the last one if none is scored."""
        return last_scored(self.frame.mask)

    @property
    def recurrent(self) -> bool:
        """True if h_t is an input at t + 1."""
        return bool(self.lane.settings.architecture.recurrent)

    def from_output(self, t: int) -> Array:
        """Return the part (H,) of dL/dh_t that comes from y_t: W_hyᵀ dL/dy_t."""
        with np.errstate(all="ignore"):
            return np.asarray(self.dy[t] @ self.lane.weights["W_hy"])

    def from_later(self, t: int) -> Array:
        """Return the part (H,) that comes from t + 1: zero at the end, at a cut, and in nets without recurrence."""
        if not self.recurrent or t in self.cuts or t == self.length - 1:
            return np.zeros(self.dh.shape[1])
        with np.errstate(all="ignore"):
            return np.asarray(self.dh[t] - self.from_output(t))


def trace_update(frame: Frame, index: int, timelines: Sequence[Timeline], stamp: tuple[object, ...]) -> UpdateTrace:
    """Return the next update of one of the timelines; ``frame`` has only that lane."""
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
        seen, losses = _seen(frame, state, batch, trace), _losses(learner, batch, trace)
        whole = _backward_pass(architecture, trace)
        _keep_last_answer(timeline, trace)
        last = _backward_pass(architecture, trace)
        return UpdateTrace(
            stamp=stamp,
            index=index,
            frame=seen,
            sequences=batch.mask.shape[1],
            scored=int(batch.mask.sum()),
            loss=loss,
            losses=losses,
            whole=replace(whole, span=_span([whole.norms, *(norms for norms, _ in others)])),
            last=replace(last, span=_span([last.norms, *(norms for _, norms in others)])),
            cuts=tuple(getattr(trace, "cuts", ())),
            gradient=slopes,
            norm=norm,
            clipped=clipped,
            optimizer=learner.optimizer,
            learning_rate=frame.learning_rate,
            after=after,
            changes=tuple(_change(name, before[name], slopes[name], after[name]) for name in before),
        )


def _norms(timeline: Timeline) -> tuple[Array, Array]:
    """Return ‖dL/dh_t‖ (T,) of the first sequence in a timeline's next update, and of its last scored answer alone."""
    learner, state, batch = timeline.learner, timeline.state, timeline.batch
    trace = learner.trace(batch, state.parameters)
    with np.errstate(all="ignore"):
        learner.gradient(state, batch, trace)
        whole = _lengths(trace.dh[..., 0])
        _keep_last_answer(timeline, trace)
        return whole, _lengths(trace.dh[..., 0])


def _keep_last_answer(timeline: Timeline, trace: Trace) -> None:
    """Overwrite the gradients in the trace with those of the first sequence's last scored answer alone."""
    last = last_scored(timeline.batch.mask[:, 0])
    dy = np.zeros_like(trace.dy)
    dy[last, :, 0] = trace.dy[last, :, 0]
    timeline.learner.model.backward(timeline.state.parameters, dy, trace)


def _backward_pass(architecture: type[Architecture], trace: Trace) -> BackwardPass:
    """Return the gradients of the first sequence that are in the trace."""
    dh = trace.dh[..., 0]
    return BackwardPass(
        dy=frozen(trace.dy[..., 0]),
        dh=frozen(dh),
        dz=frozen(_gradient_of("z", trace)) if architecture.single_sum else None,
        norms=frozen(_lengths(dh)),
        reach=frozen(_lengths(_gradient_of(architecture.gradient_path, trace))),
    )


def _gradient_of(state: str, trace: Trace) -> Array:
    """Return dL/d``state`` (T, H) of the first sequence from the trace."""
    return np.asarray(getattr(trace, f"d{state}"))[..., 0]


def last_scored(mask: Array) -> int:
    """Return the last scored time step, or the last one if none is scored."""
    scored = np.flatnonzero(mask)
    return int(scored[-1]) if len(scored) else len(mask) - 1


def _lengths(vectors: Array) -> Array:
    """Return the Euclidean norms (T,) of vectors (T, H)."""
    with np.errstate(all="ignore"):
        return np.array([global_norm(vector) for vector in vectors])


def _span(lanes: list[Array]) -> tuple[float, float]:
    norms = np.concatenate(lanes)
    known = norms[(norms > 0) & np.isfinite(norms)]
    return (float(known.min()), float(known.max())) if known.size else (1.0, 1.0)


def _seen(frame: Frame, state: TrainState, batch: Batch, trace: Trace) -> Frame:
    """Return the frame with the batch's first sequence in place of the probe."""
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
    """Return the losses (T,) of the first sequence; NaN where nothing is scored."""
    each, _ = learner.loss.each(trace.y[..., :1], batch.first().target)
    return frozen(np.where(batch.mask[:, 0] > 0, each[:, 0], np.nan))


def _change(name: str, before: Array, gradient: Array, after: Array) -> ParameterChange:
    norms = (global_norm(values.ravel()) for values in (before, gradient, after - before))
    return ParameterChange(name, before.shape, *norms)

"""The diagnostics of one lane: what its state knows, how far its gradient reaches, and why.

Each function takes a :class:`TrainedNet`, which is an immutable snapshot, so any thread can compute it, alone and in
any order.  It returns a frozen result, or :class:`Undefined` with the reason.  Costs are milliseconds for an RNN
with T = 50, H = 64 and 256 held-out sequences; GRU and LSTM take two to four times as long.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import log
from typing import NamedTuple

import numpy as np

from rnn_tui.engine import diagnostics
from rnn_tui.engine.activations import ACTIVATIONS
from rnn_tui.engine.diagnostics import (
    FixedPoint,
    GradientByLag,
    MemoryCurve,
    PrincipalPlane,
    Spectrum,
    Undefined,
)
from rnn_tui.engine.parameters import Array
from rnn_tui.interventions.altered_pass import AlteredPass, altered_input
from rnn_tui.interventions.altered_states import altered_jacobians
from rnn_tui.interventions.silence import Silence
from rnn_tui.presets.lane_settings import LaneSettings
from rnn_tui.session.trained_net import TrainedNet

WHITE = 0.02  # R² of earlier inputs from x_t alone, below which inputs count as independent
STARTS, NOISE = 256, 0.1  # states from which fixed points are searched, and their noise
MOST_SLOPES = 2**22  # numbers in the Jacobians of these states; with a larger state there are fewer of them
WIDEST_JACOBIAN = 256  # numbers in a state: the cost of products of Jacobians grows with their third power
WIDEST_COVARIANCE = 1024  # numbers in a state whose covariance is computed, for a readout or a plane
MOST_PRODUCTS = 2**35  # in the passes for the table of units, one for each unit
FOLLOWS = 0.25  # share of a unit's variance above which it follows an input
FOLLOWED = 32  # held-out sequences whose trajectories are returned
DIFFERENT_MAPS = Undefined("the weights are not the same at all time steps")
AT_A_TIME_STEP = Undefined("an intervention acts at a time step")


def _wider_than(most: int, net: TrainedNet) -> Undefined | None:
    """Return that the state has more numbers than ``most``, for which a result would take minutes or gigabytes."""
    size = diagnostics.state_size(net.model)
    return Undefined(f"its state has {size:,} numbers; this is computed for at most {most:,}") if size > most else None


# What the state knows.


@dataclass(frozen=True, eq=False, slots=True)
class Memory:
    """What a linear readout of the state knows of earlier inputs.

    Attributes:
        curve: R² by lag.
        reference: (K + 1,) R² of earlier inputs from x_t alone.
        exact: (K + 1,) the best possible R² of a net with the identity activation, for independent inputs; None for
            other nets and inputs. Undefined if W_hh forgets too slowly.
        asked: the lag that the task asks for; None if it is not one lag.
    """

    curve: MemoryCurve
    reference: Array
    exact: Array | Undefined | None
    asked: int | None

    @property
    def independent(self) -> bool:
        """Does x_t tell nothing of earlier inputs?"""
        return not (self.reference[1:] > WHITE).any()


def memory(net: TrainedNet) -> Memory | Undefined:
    """Return the memory curve of a lane, and what to compare it with (25 ms).

    With interventions on the input it tells what the state still knows of the intact input.
    """
    if problem := _wider_than(WIDEST_COVARIANCE, net):
        return problem
    x = net.readout_inputs
    states = net.states(altered_input(net.interventions, net.target, x))
    curve = diagnostics.memory_curve(states, x, net.lags)
    if isinstance(curve, Undefined):
        return curve
    reference = diagnostics.memory_curve(x, x, net.lags)
    if isinstance(reference, Undefined):
        return reference
    found = Memory(curve, reference.r2, None, net.asked)
    is_linear = net.is_recurrent and net.settings.options.get("activation") == "identity"
    if is_linear and found.independent and net.reads_what_it_computes:
        return replace(found, exact=_exact(net))
    return found


def _exact(net: TrainedNet) -> Array | Undefined:
    rows = net.readout_inputs.transpose(1, 0, 2).reshape(net.task.input_size, -1)
    W_hh, W_xh = net.parameters["W_hh"], net.parameters["W_xh"]
    curve = diagnostics.linear_memory_curve(W_hh, W_xh, net.lags, np.atleast_2d(np.cov(rows)))
    return curve if isinstance(curve, Undefined) else curve.r2


# How far learning reaches.


@dataclass(frozen=True, eq=False, slots=True)
class Gradient:
    """The gradient of the probe's scored answers with respect to earlier hidden states.

    Attributes:
        by_lag: of the answers, as training sends it back.
        truncation: time steps after which training cuts it; 0: never.
        gain: g of a W_hh that is g times an orthogonal matrix, for which a linear net's gradient is g^k; None if it is
            not.
        asked: the lag that the task asks for; None if it is not one lag.
    """

    by_lag: GradientByLag
    truncation: int
    gain: float | None
    asked: int | None

    @property
    def reach(self) -> int:
        """The greatest lag from which any gradient arrives."""
        return int(np.flatnonzero(self.by_lag.by_lag)[-1])

    @property
    def theory(self) -> int | None:
        """The first lag below 1 % for a linear net with this gain: ln 0.01 / ln g; None without a gain below 1."""
        return None if self.gain is None or self.gain >= 1 else int(log(diagnostics.HORIZON) / log(self.gain)) + 1


def gradient(net: TrainedNet) -> Gradient | Undefined:
    """Return the gradient by lag of a lane (3 ms; it grows with T²)."""
    found = _gradient_by_lag(net)
    if isinstance(found, Undefined):
        return found
    gain = diagnostics.orthogonal_gain(net.parameters["W_hh"]) if _has_one_matrix(net) else None
    return Gradient(found, net.truncation, gain, net.asked)


def _gradient_by_lag(net: TrainedNet) -> GradientByLag | Undefined:
    if net.probe_pass is None:
        model = diagnostics.truncated(net.model, net.truncation)
        return diagnostics.gradient_by_lag(model, net.parameters, net.probe, net.scored)
    jacobians = _jacobians(net, net.probe_pass)
    if isinstance(jacobians, Undefined):
        return jacobians
    if net.truncation:
        jacobians[:: net.truncation] = 0
    answers = net.probe_pass.y[..., 0].argmax(axis=1)
    readout = [
        segment.parameters["W_hy"][answers[t]]
        for segment in net.probe_pass.segments
        for t in range(segment.start, segment.stop)
    ]
    return diagnostics.gradient_through(jacobians, np.array(readout), net.scored)


def _jacobians(net: TrainedNet, passed: AlteredPass | None) -> Array | Undefined:
    """Return ∂s_t/∂s_(t−1) (T, N, N) along the probe; ``passed``: ``net.probe_pass``."""
    if net.is_recurrent and (problem := _wider_than(WIDEST_JACOBIAN, net)):
        return problem
    if passed is None:
        return diagnostics.jacobians_along(net.model, net.parameters, net.probe)
    if problem := diagnostics.not_finite(parameters=passed.segments[0].parameters.flat, x=passed.x):
        return problem
    found = altered_jacobians(net.interventions, net.target, passed)
    return diagnostics.not_finite(**{"the Jacobian": found}) or found


def _has_one_matrix(net: TrainedNet) -> bool:
    """Return whether the recurrence is f(W_hh h + …), so that W_hh alone says what it does."""
    one_matrix = net.settings.architecture.recurrent == ("W_hh",) and net.settings.architecture.single_sum
    return one_matrix and net.has_one_map


# Why.


@dataclass(frozen=True, eq=False, slots=True)
class Recurrence:
    """Eigenvalues and norm of the recurrence.

    Attributes:
        t: the time step of a Jacobian ∂s_t/∂s_(t−1); None: they are those of W_hh.
        steepest: γ, the largest slope of the activation; 1 for a Jacobian, which includes it.
        gain: g if W_hh is g times an orthogonal matrix; otherwise None.
    """

    spectrum: Spectrum
    t: int | None
    steepest: float
    gain: float | None

    @property
    def matrix(self) -> str:
        """What the eigenvalues are those of."""
        return "W_hh" if self.t is None else f"the Jacobian at t = {self.t}"

    @property
    def vanishes(self) -> bool:
        """Is the gradient certain to vanish: σ < 1/γ?  Only W_hh, which is the same at all time steps, tells."""
        return self.t is None and self.spectrum.vanishes(self.steepest)


def recurrence(net: TrainedNet, t: int | None = None) -> Recurrence | Undefined:
    """Return the eigenvalues of W_hh, or of the Jacobian at time step ``t`` of the probe (1 ms; a Jacobian 10 ms).

    Without ``t``, a gated cell has those of the Jacobian at the last time step.
    """
    if not net.is_recurrent:
        return diagnostics.NO_STATE
    if t is None and _has_one_matrix(net):
        W, steepest = net.parameters["W_hh"], ACTIVATIONS[net.settings.options["activation"]].steepest
        found = diagnostics.spectrum(W)
        return (
            found if isinstance(found, Undefined) else Recurrence(found, None, steepest, diagnostics.orthogonal_gain(W))
        )
    t = len(net.probe) - 1 if t is None else t
    jacobians = _jacobians(net, net.probe_pass)
    if isinstance(jacobians, Undefined):
        return jacobians
    found = diagnostics.spectrum(jacobians[t])
    return found if isinstance(found, Undefined) else Recurrence(found, t, 1.0, None)


@dataclass(frozen=True, eq=False, slots=True)
class Perturbations:
    """What becomes of a small change of the state.

    Attributes:
        t: the time step to which ``growth`` leads.
        growth: (t + 1,) the largest singular value of ∂s_t/∂s_(t−k), by lag k.
        exponents: (N,) finite-time Lyapunov exponents over the probe, the largest first; −∞ in directions that are
            lost.
    """

    t: int
    growth: Array
    exponents: Array


def perturbations(net: TrainedNet, t: int | None = None) -> Perturbations | Undefined:
    """Return how small changes grow up to time step ``t`` of the probe (20 ms).

    By default, and for t = 0, which has nothing before it, up to the last time step.
    """
    jacobians = _jacobians(net, net.probe_pass)
    if isinstance(jacobians, Undefined):
        return jacobians
    t = t or len(jacobians) - 1
    growth = diagnostics.largest_singular_values(jacobians, t)
    exponents = diagnostics.lyapunov_exponents(jacobians)
    if isinstance(growth, Undefined):
        return growth
    return exponents if isinstance(exponents, Undefined) else Perturbations(t, growth, exponents)


@dataclass(frozen=True, eq=False, slots=True)
class Trajectory:
    """States in a plane.

    Attributes:
        plane: pass it to ``trajectory`` at later steps, and the axes stay. probe: (T, 2). others: (T, B, 2), of
            further held-out sequences.
    """

    plane: PrincipalPlane
    probe: Array
    others: Array


def trajectory(net: TrainedNet, plane: PrincipalPlane | None = None) -> Trajectory | Undefined:
    """Return the states of held-out sequences in their principal plane, or in a given one (15 ms).

    ``plane.project`` also takes the states of fixed points.
    """
    if problem := _wider_than(WIDEST_COVARIANCE, net):
        return problem
    states = net.states(net.held_out.x)
    found = diagnostics.principal_plane(states) if plane is None else plane
    if isinstance(found, Undefined):
        return found
    if not np.isfinite(states).all():
        return Undefined("h holds numbers that are not finite")
    shown = found.project(states[..., : 1 + FOLLOWED].transpose(0, 2, 1))
    if net.own is None:
        return Trajectory(found, shown[:, 0], shown[:, 1:])
    own = net.states(net.own.x)[..., 0]
    if not np.isfinite(own).all():
        return Undefined("h holds numbers that are not finite")
    return Trajectory(found, found.project(own), shown[:, 1:])


@dataclass(frozen=True, eq=False, slots=True)
class FixedPoints:
    """States that a held input leaves as they are: ``held`` (I,), and the points, the stable ones first."""

    held: Array
    points: tuple[FixedPoint, ...]

    @property
    def stable(self) -> int:
        """Number of stable points."""
        return sum(point.stable for point in self.points)


def held_input(net: TrainedNet) -> Array:
    """Return the input (I,) that is held: 0, or of symbols the most frequent one."""
    if net.task.alphabet:
        return diagnostics.typical_input(net.held_out.x, symbols=True)
    return np.zeros(net.task.input_size)


def fixed_points(net: TrainedNet, held: Array | None = None, starts: int = STARTS) -> FixedPoints | Undefined:
    """Return the fixed points for a held input, searched from ``starts`` states of held-out sequences with noise
    (150 ms; 40 ms from 64 states).  A feed-forward net has none.
    """
    if not net.is_recurrent:
        return diagnostics.NO_STATE
    if problem := _wider_than(WIDEST_JACOBIAN, net):
        return problem
    if not net.has_one_map:
        return DIFFERENT_MAPS
    starts = min(starts, MOST_SLOPES // diagnostics.state_size(net.model) ** 2)
    x = held_input(net) if held is None else np.asarray(held, float)
    states = diagnostics.hidden_states(net.model, net.parameters, net.held_out.x)
    start = diagnostics.starting_states(states, starts, NOISE, np.random.default_rng(net.seed))
    found = diagnostics.fixed_points(net.model, net.parameters, x, start)
    return found if isinstance(found, Undefined) else FixedPoints(x, tuple(found))


# Which inputs an answer rests on, and which units.


@dataclass(frozen=True, eq=False, slots=True)
class Saliency:
    """The derivative of each answer on the probe with respect to each input.

    Attributes:
        by_input: (T, T, I) ∂y_τ/∂x_t, τ first. peak: the lag at which most scored answers depend most on an input.
        asked: the lag that the task asks for; None if it is not one lag.
    """

    by_input: Array
    peak: int | Undefined
    asked: int | None


def saliency(net: TrainedNet) -> Saliency | Undefined:
    """Return which inputs the answers on the probe rest on (2 ms; it grows with T²)."""
    if net.probe_pass is not None:
        return AT_A_TIME_STEP
    found = diagnostics.saliency(net.model, net.parameters, net.probe)
    if isinstance(found, Undefined):
        return found
    return Saliency(found, diagnostics.peak_lag(found, net.scored), net.asked)


class UnitRow(NamedTuple):
    """One hidden unit.

    Attributes:
        lag: the past input that explains it best. r2: the share of its variance that this explains.
        saturated: share of the time steps; None if the activation has no limits.
        loss_without: held-out loss if nothing reads the unit.
    """

    unit: int
    lag: int
    r2: float
    saturated: float | None
    loss_without: float


class Carrier(NamedTuple):
    """The unit that follows the input at a lag best, and the share of its variance that this input explains."""

    unit: int
    r2: float


@dataclass(frozen=True, eq=False, slots=True)
class UnitTable:
    """All hidden units, those first without which the loss is greatest; ``loss`` is that of the whole net.

    ``carriers``: by lag, the unit of which the input at that lag explains most, and the share of its variance.
    """

    loss: float
    rows: tuple[UnitRow, ...]
    carriers: tuple[Carrier, ...] = ()

    @property
    def delay_line(self) -> tuple[Carrier, ...]:
        """The carriers of the inputs that some unit follows, up to the last one that is followed."""
        followed = [lag for lag, each in enumerate(self.carriers) if each.r2 >= FOLLOWS]
        return self.carriers[: followed[-1] + 1] if followed else ()


def unit_table(net: TrainedNet, sequences: int | None = None) -> UnitTable | Undefined:
    """Return what each unit carries, measured on the first ``sequences`` held-out sequences, or all (250 ms; it grows
    with their number).
    """
    batch = net.first(sequences)
    if net.units * net.parameters.flat.size * batch.mask.size > MOST_PRODUCTS:
        return Undefined(f"{net.units:,} units would take too long")
    states = net.states(batch.x)[:, : net.units]
    lags = diagnostics.unit_lags(states, batch.x, min(net.lags, len(states) - 1))
    if isinstance(lags, Undefined):
        return lags
    if not net.interventions:
        losses = diagnostics.losses_when_silenced(net.model, net.parameters, net.task.loss, batch)
    else:
        losses = np.array([net.score(batch, Silence(unit)).loss for unit in range(net.units)])
    if isinstance(losses, Undefined):
        return losses
    loss = net.score(batch).loss
    saturated = diagnostics.saturated_share(states, limits_of_h(net.settings))
    shares: Sequence[float | None] = [None] * net.units if isinstance(saturated, Undefined) else saturated.tolist()
    rows = [
        UnitRow(unit, int(lags.lag[unit]), float(lags.best[unit]), shares[unit], float(losses[unit]))
        for unit in range(net.units)
    ]
    carriers = [Carrier(int(by_unit.argmax()), float(by_unit.max())) for by_unit in lags.r2]
    return UnitTable(loss, tuple(sorted(rows, key=lambda row: -row.loss_without)), tuple(carriers))


def limits_of_h(settings: LaneSettings) -> tuple[float, float] | None:
    """Return the least and the greatest value of h; None if it has none."""
    state = settings.architecture.states["h"]
    return state._replace(function=settings.options["activation"]).limits if state.function == "f" else state.limits


# All of it.


@dataclass(frozen=True, eq=False, slots=True)
class Diagnosis:
    """All diagnostics of a lane at one step."""

    net: TrainedNet
    memory: Memory | Undefined
    gradient: Gradient | Undefined
    recurrence: Recurrence | Undefined
    perturbations: Perturbations | Undefined
    saliency: Saliency | Undefined
    units: UnitTable | Undefined
    fixed_points: FixedPoints | Undefined


def diagnose(net: TrainedNet) -> Diagnosis:
    """Return all diagnostics of a lane that are numbers."""
    return Diagnosis(
        net=net,
        memory=memory(net),
        gradient=gradient(net),
        recurrence=recurrence(net),
        perturbations=perturbations(net),
        saliency=saliency(net),
        units=unit_table(net),
        fixed_points=fixed_points(net),
    )

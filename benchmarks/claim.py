"""One claim of a preset's ``expect`` text, in a form that can be measured; claims.py has all of them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import inf
from typing import Any, Literal, TypeVar

from harness import SEEDS, Outcome

from rnn_tui.engine.parameters import Array
from rnn_tui.interventions import spelled
from rnn_tui.session import diagnosis
from rnn_tui.session.trained_net import TrainedNet

T = TypeVar("T")


@dataclass(frozen=True)
class Claim:
    """A claim about one measure of a lane.

    Attributes:
        what: loss, accuracy, r2 or nrmse on held-out sequences; role:NAME, the loss at positions with that role;
            diverged, the step at which the lane diverged; or one of the diagnostics in ``DIAGNOSTICS``, with a lag as
            in memory:3.
        value: a number; the name of another lane, for its measure; or "floor", for the lane's floor.
        within: the tolerance of "near".
        step: at which it is measured; None: at the preset's last step.
        seeds: for which it is claimed.
        least: number of seeds for which it must hold; None: all.
        changed: changed settings, as (dotted key, value) pairs.
        what_if: interventions with which the lane is measured, as a lens.
        applied: a step, and an intervention that the lane has from that step on.
    """

    lane: str
    what: str
    relation: Literal["<", ">", "near"]
    value: float | str
    within: float = 0.0
    step: int | None = None
    seeds: tuple[int, ...] = SEEDS
    least: int | None = None
    changed: tuple[tuple[str, Any], ...] = ()
    what_if: tuple[str, ...] = ()
    applied: tuple[int, str] | None = None

    def holds(self, measured: float, value: float) -> bool:
        """Tell if the claim holds for one seed; it never holds for NaN."""
        if self.relation == "near":
            return abs(measured - value) <= self.within + 1e-9  # 0.53 - 0.5 is 0.030000000000000027
        return measured < value if self.relation == "<" else measured > value

    def stands(self, holding: Sequence[bool]) -> bool:
        """Tell if the claim holds for enough seeds."""
        return sum(holding) >= (len(self.seeds) if self.least is None else self.least)

    def at(self, end: int) -> int:
        """Return the step at which it is measured, in a preset that ends at step ``end``."""
        return end if self.step is None else self.step

    def measured(self, outcome: Outcome) -> float:
        return reading(outcome, self.lane, self.what, self.what_if)

    def target(self, outcome: Outcome) -> float:
        """Return ``value`` as a number."""
        if self.value == "floor":
            floor = outcome.lane(self.lane).floor
            assert floor is not None, f"{self.lane} has no floor"
            return floor.loss
        return reading(outcome, self.value, self.what) if isinstance(self.value, str) else self.value

    def __str__(self) -> str:
        at = "" if self.step is None else f" at {self.step:,}"
        settings = "".join(f", {key} = {value}" for key, value in self.changed)
        tolerance = f" ± {self.within:g}" if self.relation == "near" else ""
        what_if = "".join(f", what if {text}" for text in self.what_if)
        applied = "" if self.applied is None else f", {self.applied[1]} from {self.applied[0]:,} on"
        most = "" if self.least is None else f", {self.least} of {len(self.seeds)} seeds"
        value = self.value if isinstance(self.value, str) else f"{self.value:g}"
        return f"{self.lane}: {self.what} {self.relation} {value}{tolerance}{at}{settings}{what_if}{applied}{most}"


def reading(outcome: Outcome, lane: str, what: str, what_if: Sequence[str] = ()) -> float:
    """Return a measure of a lane at the end of a run, read with interventions; infinity for ``diverged`` if the lane
    did not diverge.
    """
    score, net = outcome.lane(lane).score, outcome.nets.get(lane)
    if what_if:
        assert net is not None
        net = net.altered([spelled(text) for text in what_if])
        score = net.score()
    if what == "diverged":
        return outcome.step if outcome.diverged == lane else inf
    kind, _, lag = what.partition(":")
    if kind in DIAGNOSTICS:
        assert net is not None
        return DIAGNOSTICS[kind](net, int(lag or 0))
    if kind == "role":
        return float(score.loss_by_role[outcome.evaluation.task.roles.index(what.removeprefix("role:"))])
    value = getattr(score, what)
    assert value is not None, f"{what} is not measured in this task"
    return float(value)


def _defined(found: T | diagnosis.Undefined) -> T:
    assert not isinstance(found, diagnosis.Undefined), found.reason
    return found


def _exact(net: TrainedNet) -> Array:
    exact = _defined(diagnosis.memory(net)).exact
    assert exact is not None, "the exact curve is known only for the identity activation and independent inputs"
    return _defined(exact)


def _gradient(net: TrainedNet) -> diagnosis.Gradient:
    return _defined(diagnosis.gradient(net))


# Diagnostics by name, of a net and a lag.
DIAGNOSTICS: dict[str, Callable[[TrainedNet, int], float]] = {
    "memory": lambda net, lag: _defined(diagnosis.memory(net)).curve.r2[lag],
    "exact": lambda net, lag: _exact(net)[lag],  # by linear theory
    "capacity": lambda net, _: _defined(diagnosis.memory(net)).curve.capacity,
    "gradient": lambda net, lag: _gradient(net).by_lag.by_lag[lag],
    "horizon": lambda net, _: inf if (at := _gradient(net).by_lag.horizon) is None else at,
    "reach": lambda net, _: _gradient(net).reach,
    "loss_without_first": lambda net, _: _defined(diagnosis.unit_table(net)).rows[0].loss_without,  # unit by importance
    "loss_without_last": lambda net, _: _defined(diagnosis.unit_table(net)).rows[-1].loss_without,
    "stable": lambda net, _: _defined(diagnosis.fixed_points(net)).stable,  # number of stable fixed points
}


def below(lane: str, what: str, value: float | str, step: int | None = None, **more: Any) -> Claim:
    return Claim(lane, what, "<", value, step=step, **more)


def above(lane: str, what: str, value: float | str, step: int | None = None, **more: Any) -> Claim:
    return Claim(lane, what, ">", value, step=step, **more)


def near(lane: str, what: str, value: float | str, within: float, step: int | None = None, **more: Any) -> Claim:
    return Claim(lane, what, "near", value, within, step, **more)


def all_right(*lanes: str, step: int | None = None, **more: Any) -> tuple[Claim, ...]:
    """Return the claims that the lanes have 100% accuracy, within half a percent."""
    return tuple(near(lane, "accuracy", 1.0, 0.005, step, **more) for lane in lanes)


def guessing(*lanes: str, within: float = 0.03, step: int | None = None) -> tuple[Claim, ...]:
    """Return the claims that the lanes have 50% accuracy."""
    return tuple(near(lane, "accuracy", 0.5, within, step) for lane in lanes)

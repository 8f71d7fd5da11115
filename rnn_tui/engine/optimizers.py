"""Optimizers: compute the next θ from θ, dL/dθ and a memory of earlier gradients.

Update rules and defaults are those of PyTorch (``torch.optim``), so that tests can compare with it.  An optimizer has
only settings; its memory is a dict of arrays, the *slots*, which it never changes in place, so that earlier states
remain valid.

To add an optimizer, write a class and register it in ``OPTIMIZERS``.  Presets, the controls, run files and slow motion
read it.  Slots with another meaning need another name; otherwise they would be inherited when the optimizer changes.
"""

import math
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, TypeAlias

import numpy as np

from rnn_tui.engine.parameters import Array

Slots: TypeAlias = Mapping[str, Array]

LEAST_SQUARE = 1e-30  # below it, float32 loses the smaller squares of a sum


@dataclass(frozen=True)
class Optimizer(ABC):
    """One update rule.

    Attributes:
        slot_names: names of its slots.
        formula: the rule in one line, with the gradient g and the learning rate η.
        sentence: the effect of the rule on each weight, for slow motion.
        learning_rate: η.
    """

    slot_names: ClassVar[frozenset[str]]
    formula: ClassVar[str]
    sentence: ClassVar[str]
    learning_rate: float

    @abstractmethod
    def slots(self, theta: Array) -> Slots:
        """Return initial slots for parameters ``theta`` (P,): zero arrays of its shape, or scalar int64 counts."""

    @abstractmethod
    def update(self, theta: Array, gradient: Array, slots: Slots, scale: float = 1.0) -> tuple[Array, Slots]:
        """Return the next θ (P,) and the next slots, as new arrays.  ``scale``: the schedule's factor of η."""


@dataclass(frozen=True)
class SGD(Optimizer):
    """θ ← θ − η g"""

    slot_names: ClassVar[frozenset[str]] = frozenset()
    formula: ClassVar[str] = "θ ← θ − η g"
    sentence: ClassVar[str] = "Each weight moves against its gradient, downhill on L."

    def slots(self, theta: Array) -> Slots:  # noqa: ARG002
        return {}

    def update(self, theta: Array, gradient: Array, slots: Slots, scale: float = 1.0) -> tuple[Array, Slots]:
        return theta - scale * self.learning_rate * gradient, slots


@dataclass(frozen=True)
class Momentum(Optimizer):
    """v ← μ v + g;  θ ← θ − η v"""

    slot_names: ClassVar[frozenset[str]] = frozenset({"velocity"})
    formula: ClassVar[str] = "v ← μ v + g, θ ← θ − η v"
    sentence: ClassVar[str] = (
        "Gradients add up to a velocity v, and each weight moves along it: faster if successive gradients agree."
    )
    momentum: float = 0.9

    def slots(self, theta: Array) -> Slots:
        return {"velocity": np.zeros_like(theta)}

    def update(self, theta: Array, gradient: Array, slots: Slots, scale: float = 1.0) -> tuple[Array, Slots]:
        velocity = self.momentum * slots["velocity"] + gradient
        return theta - scale * self.learning_rate * velocity, {"velocity": velocity}


@dataclass(frozen=True)
class RMSprop(Optimizer):
    """s ← α s + (1 − α) g²;  θ ← θ − η g / (√s + ε)      (Tieleman and Hinton 2012)"""

    slot_names: ClassVar[frozenset[str]] = frozenset({"square"})
    formula: ClassVar[str] = "s ← α s + (1 − α) g², θ ← θ − η g / (√s + ε)"
    sentence: ClassVar[str] = (
        "Each gradient is divided by its running magnitude √s, so that each weight moves by about η; at first by more."
    )
    alpha: float = 0.99
    epsilon: float = 1e-8

    def slots(self, theta: Array) -> Slots:
        return {"square": np.zeros_like(theta)}

    def update(self, theta: Array, gradient: Array, slots: Slots, scale: float = 1.0) -> tuple[Array, Slots]:
        square = self.alpha * slots["square"] + (1 - self.alpha) * gradient * gradient
        rate = scale * self.learning_rate
        return theta - rate * gradient / (np.sqrt(square) + self.epsilon), {"square": square}


@dataclass(frozen=True)
class Adam(Optimizer):
    """m ← β₁ m + (1 − β₁) g;  s ← β₂ s + (1 − β₂) g²      (Kingma and Ba 2015)

        θ ← θ − η m̂ / (√ŝ + ε),   m̂ = m / (1 − β₁^n),   ŝ = s / (1 − β₂^n)

    with n the number of updates since the slots were empty.
    """

    slot_names: ClassVar[frozenset[str]] = frozenset({"mean", "square", "count"})
    formula: ClassVar[str] = "m ← β₁ m + (1 − β₁) g, s ← β₂ s + (1 − β₂) g², θ ← θ − η m̂ / (√ŝ + ε)"
    sentence: ClassVar[str] = (
        "A running mean of each gradient is divided by its running magnitude: each weight moves by about η, or less."
    )
    beta1: float = 0.9
    beta2: float = 0.999
    epsilon: float = 1e-8

    def slots(self, theta: Array) -> Slots:
        return {"mean": np.zeros_like(theta), "square": np.zeros_like(theta), "count": np.zeros((), int)}

    def update(self, theta: Array, gradient: Array, slots: Slots, scale: float = 1.0) -> tuple[Array, Slots]:
        n = int(slots["count"]) + 1
        mean = gradient - slots["mean"]
        mean *= 1 - self.beta1
        mean += slots["mean"]
        square = gradient * gradient
        square -= slots["square"]
        square *= 1 - self.beta2
        square += slots["square"]
        # the corrections of m̂ and ŝ are scalars: they are applied to ε and η instead of the arrays
        corrected = math.sqrt(1 - self.beta2**n)
        change = np.sqrt(square)
        change += self.epsilon * corrected
        np.divide(mean, change, out=change)
        change *= -scale * self.learning_rate * corrected / (1 - self.beta1**n)
        change += theta
        return change, {"mean": mean, "square": square, "count": np.asarray(n)}


OPTIMIZERS: dict[str, type[Optimizer]] = {
    "sgd": SGD,
    "momentum": Momentum,
    "rmsprop": RMSprop,
    "adam": Adam,
}


def clip_by_global_norm(gradient: Array, limit: float) -> float:
    """Scale ``gradient`` in place to a Euclidean norm of at most ``limit`` (0: no clipping); return the norm before.

    Pascanu, Mikolov and Bengio 2013; the coefficient is limit / (norm + 1e-6), as in PyTorch.
    """
    norm = global_norm(gradient)
    if 0 < limit < norm < np.inf:
        coefficient = limit / (norm + 1e-6)
        if coefficient < np.finfo(gradient.dtype).tiny:  # it would underflow: multiply by its root twice
            coefficient = math.sqrt(coefficient)
            gradient *= coefficient
        gradient *= coefficient
    return norm


def global_norm(values: Array) -> float:
    """Return √Σ v² of a flat array, even if the squares overflow its precision, as beyond 1.8e19 in float32."""
    square = float(values.dot(values))
    if LEAST_SQUARE <= square < np.inf:
        return math.sqrt(square)
    greatest = float(np.abs(values).max(initial=0.0))
    if not 0 < greatest < np.inf:
        return greatest
    _, exponent = math.frexp(greatest)  # scaling by a power of two is exact
    scaled = np.ldexp(values.astype(np.float64), -exponent)
    return float(np.ldexp(math.sqrt(scaled.dot(scaled)), exponent))

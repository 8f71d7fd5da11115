"""Lion, as an entry of the optimizers."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from rnn_tui.engine.optimizers import OPTIMIZERS, Optimizer, Slots
from rnn_tui.engine.parameters import Array


@dataclass(frozen=True)
class Lion(Optimizer):
    """c = β₁ m + (1 − β₁) g;  θ ← θ − η sign(c);  m ← β₂ m + (1 − β₂) g      (Chen et al. 2023)"""

    slot_names: ClassVar[frozenset[str]] = frozenset({"lion_mean"})
    formula: ClassVar[str] = "θ ← θ − η sign(β₁ m + (1 − β₁) g), m ← β₂ m + (1 − β₂) g"
    sentence: ClassVar[str] = "Each weight moves by η, against the sign of a running mean of its gradient."
    beta1: float = 0.9
    beta2: float = 0.99

    def slots(self, theta: Array) -> Slots:
        return {"lion_mean": np.zeros_like(theta)}

    def update(self, theta: Array, gradient: Array, slots: Slots, scale: float = 1.0) -> tuple[Array, Slots]:
        mean = slots["lion_mean"]
        direction = np.sign(self.beta1 * mean + (1 - self.beta1) * gradient)
        mean = self.beta2 * mean + (1 - self.beta2) * gradient
        return theta - scale * self.learning_rate * direction, {"lion_mean": mean}


OPTIMIZERS["lion"] = Lion

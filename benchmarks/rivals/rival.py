"""What all implementations share: the settings of an update, and the interface."""

from abc import ABC, abstractmethod
from collections.abc import Callable

LIMIT, RATE, BETA1, BETA2, EPSILON = 1.0, 1e-3, 0.9, 0.999, 1e-8  # of clipping, and of Adam
GATES = {"rnn": "h", "gru": "rzn", "lstm": "ifgo"}  # in the order of PyTorch's rows


class Rival(ABC):
    """An implementation that starts from the weights and the batch of ``Ours``.

    Attributes:
        steps: one or more ways to make an update; the fastest is compared.
    """

    steps: list[Callable[[], None]]

    @abstractmethod
    def check(self) -> tuple[float, float]:
        """Return the loss and the gradient norm, before any update."""

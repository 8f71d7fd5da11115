"""What every task is: a maker of batches that knows how well a predictor could do at best.

A task is the model of its own options: the ``[task]`` table of a preset is validated as one of these classes.
"""

from abc import ABC, abstractmethod
from typing import ClassVar, Literal, NamedTuple, Self

import numpy as np

from rnn_tui.engine.losses import Answer, Loss
from rnn_tui.engine.parameters import Array
from rnn_tui.engine.training import Batch
from rnn_tui.tasks.settings_model import SettingsModel

MOST_HELD_OUT = 256  # sequences that a lane is scored on


class Reference(NamedTuple):
    """What a predictor without a network reaches, as a loss per scored position."""

    name: str
    loss: float


class Floor(NamedTuple):
    """The best loss that a predictor with a given window can reach.

    Attributes:
        exact: it follows from the task's distribution, so nothing can get under it but by luck of the sample.
            Otherwise it is an estimate, which a network may beat.
        by: where it is no more than an estimate, by what.
    """

    loss: float
    exact: bool = True
    by: str = "a linear predictor"


class Task(SettingsModel, ABC):
    """Sequences to learn.  Every batch is a pure function of a generator, a batch size and a length.

    Attributes:
        ahead: how many time steps later the first input is the target of now; 0: the target is no later input.
        shown_as: by what the fit of numbers is told, R² = 1 − MSE / variance or NRMSE = √(1 − R²).
        roles: the parts that scored positions play, so that losses can be split by them; empty: all are alike.
        split_by: what the roles are, in one word.
        has_units: numbers have a unit of the user's, so that errors are told in it too.
    """

    loss: ClassVar[Loss]
    shown_as: ClassVar[Literal["R²", "NRMSE"]] = "R²"
    split_by: ClassVar[str] = "symbol"
    has_units: ClassVar[bool] = False

    kind: str

    def starting_at(self, folder: str) -> Self:  # noqa: ARG002
        """The task, with a relative path among its options from there on."""
        return self

    @property
    def input_size(self) -> int:
        """I, the number of input features."""
        return len(self.alphabet or self.channels)

    @property
    def output_size(self) -> int:
        """O, the number of outputs."""
        return len(self.classes) or 1

    @property
    def channels(self) -> tuple[str, ...]:
        """(I,) What the input features are called where they are numbers."""
        return ("x",)

    @property
    def alphabet(self) -> tuple[str, ...]:
        """(I,) The name of each symbol, where the input is one of several, one-hot; else empty."""
        return ()

    @property
    def classes(self) -> tuple[str, ...]:
        """(O,) The name of each class, where the target is one of several; else empty."""
        return self.alphabet

    @property
    def ahead(self) -> int:
        return 0

    @property
    def foretells(self) -> bool:
        """Whether answers are numbers that can be read again as inputs."""
        return self.ahead > 0 and self.loss.answer is Answer.NUMBER

    @property
    def writes(self) -> bool:
        """Whether answers are symbols that can be read again."""
        return self.ahead > 0 and self.loss.answer is Answer.CLASS

    @property
    def roles(self) -> tuple[str, ...]:
        return ()

    def role(self, batch: Batch) -> Array:
        """(T, B) which of the ``roles`` each position plays, by its number."""
        return np.zeros(batch.mask.shape, int)

    @property
    def whole(self) -> int:
        """The least sequence length that has room for all that the options ask for."""
        return 1

    @property
    def steps_back(self) -> int | None:
        """How many time steps before an answer everything is that it depends on; None where no one number says it."""
        return None

    def problems(self, length: int) -> list[str]:
        """What keeps these options from working with sequences of ``length``: one line each, dotted key first."""
        if length >= self.whole:
            return []
        return [f"training.sequence_length = {length}: must be at least {self.whole} for {self.wants}"]

    @property
    def wants(self) -> str:
        """Which options the sequence must have room for."""
        return f"task.kind = {self.kind!r}"

    @abstractmethod
    def batch(self, rng: np.random.Generator, size: int, length: int) -> Batch:
        """``size`` training sequences of ``length`` time steps."""

    def held_out(self, rng: np.random.Generator, size: int, length: int) -> Batch:
        """Sequences that training never sees.  Generated tasks draw them from a stream of their own."""
        return self.batch(rng, size, length)

    @abstractmethod
    def floor(self, window: int | None, length: int) -> Floor | None:
        """The floor of a predictor that sees the last ``window`` inputs (None: all so far); None if unknown."""

    def floor_on(self, held_out: Batch, window: int | None) -> Floor | None:
        """The floor where it is measured on the sequences that lanes are scored on, if it is measured at all."""
        return self.floor(window, len(held_out.x))

    def references_on(self, held_out: Batch) -> list[Reference]:
        """The references where they are measured on the sequences that lanes are scored on."""
        return self.references(len(held_out.x))

    @property
    def last_only(self) -> bool:
        """Whether the last time step alone is scored."""
        return False

    @abstractmethod
    def references(self, length: int) -> list[Reference]:
        """What predictors without a network reach."""

    @property
    def data(self) -> bytes:
        """What was read of a user's file, so that another content is noticed; empty where the task makes its own."""
        return b""

    @property
    def notes(self) -> list[str]:
        """What was done to the user's data, and what else they must know about it, each in a sentence."""
        return []

    @property
    def note(self) -> str:
        """The notes in one text, or empty."""
        return "; ".join(self.notes)

    def spelled(self, codes: list[int]) -> str:
        """Symbols by their numbers as text."""
        return "".join(self.alphabet[code] for code in codes)

    def in_units(self, values: Array) -> Array:
        """Inputs, targets or answers (any shape) in the units that the user knows them in."""
        return values

    def input_in_units(self, values: Array, channel: int) -> Array:
        """Values (any shape) of one of the inputs, likewise."""
        return self.in_units(values) if channel == 0 else values

    @property
    def unit(self) -> float:
        """How much of the user's unit a difference of 1 between targets is."""
        low, high = self.in_units(np.array([0.0, 1.0]))
        return float(high - low)


def bits(rng: np.random.Generator, *shape: int) -> Array:
    """Fair coin flips, 0.0 or 1.0."""
    return rng.integers(0, 2, shape).astype(float)


def one_hot(codes: Array, kinds: int) -> Array:
    """Whole numbers (T, B) below ``kinds`` -> (T, kinds, B)."""
    return np.asarray((codes[:, None] == np.arange(kinds)[:, None]).astype(float))


def binary_entropy(p: Array | float) -> Array:
    """H(p) = −p ln p − (1 − p) ln(1 − p), in nats; 0 at p = 0 and p = 1.  Any shape."""
    p = np.asarray(p, float)
    q = 1 - p
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(-np.nan_to_num(p * np.log(p)) - np.nan_to_num(q * np.log(q)))

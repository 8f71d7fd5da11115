"""The base of tasks, which generate batches and compute floors, the lowest losses that predictors can reach.

A task is the pydantic model of its options: the ``[task]`` table of a preset is validated as one of these classes.
"""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import ClassVar, Literal, NamedTuple, Self

import numpy as np

from rnn_tui.engine.losses import Answer, Loss
from rnn_tui.engine.parameters import Array
from rnn_tui.engine.training import Batch
from rnn_tui.errors import DataError, nearest
from rnn_tui.tasks.settings_model import SettingsModel

MOST_HELD_OUT = 256  # sequences on which a lane is scored
MOST_NAMED = 12  # symbols that a message lists


class Reference(NamedTuple):
    """The loss per scored position of a predictor without a network."""

    name: str
    loss: float


class Floor(NamedTuple):
    """The lowest loss that a predictor with a given window can reach.

    Attributes:
        exact: it follows from the task's distribution, so that a lower loss is only possible by chance.  Otherwise it
            is an estimate, which a network may beat.
        by: the method of an estimate.
    """

    loss: float
    exact: bool = True
    by: str = "a linear predictor"


class Task(SettingsModel, ABC):
    """A task.  Every batch is a pure function of a generator, a batch size and a length.

    Attributes:
        ahead: the target is the first input this many time steps later; 0: the target is not a later input.
        shown_as: measure of fit for numbers: R² = 1 − MSE / variance, or NRMSE = √(1 − R²).
        roles: kinds of scored positions, by which losses are split; empty: there is only one kind.
        split_by: one word for the roles.
        has_units: numbers have units of the user's, in which errors are reported too.
    """

    loss: ClassVar[Loss]
    shown_as: ClassVar[Literal["R²", "NRMSE"]] = "R²"
    split_by: ClassVar[str] = "symbol"
    has_units: ClassVar[bool] = False

    kind: str

    def starting_at(self, folder: str) -> Self:  # noqa: ARG002
        """Return the task with a relative path in its options made absolute; it starts at ``folder``."""
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
        """(I,) Names of the input features, if they are numbers."""
        return ("x",)

    @property
    def alphabet(self) -> tuple[str, ...]:
        """(I,) Names of the symbols, if inputs are one-hot; otherwise empty."""
        return ()

    @property
    def classes(self) -> tuple[str, ...]:
        """(O,) Names of the classes, if targets are classes; otherwise empty."""
        return self.alphabet

    @property
    def ahead(self) -> int:
        return 0

    @property
    def predicts_numbers(self) -> bool:
        """True if answers are numbers that can be used as later inputs."""
        return self.ahead > 0 and self.loss.answer is Answer.NUMBER

    @property
    def predicts_symbols(self) -> bool:
        """True if answers are symbols that can be used as later inputs."""
        return self.ahead > 0 and self.loss.answer is Answer.CLASS

    @property
    def roles(self) -> tuple[str, ...]:
        return ()

    def role(self, batch: Batch) -> Array:
        """Return the number (T, B) of each position's role in ``roles``."""
        return np.zeros(batch.mask.shape, int)

    @property
    def least_length(self) -> int:
        """The shortest sequence length that the options allow."""
        return 1

    @property
    def steps_back(self) -> int | None:
        """Number of time steps before an answer on which it depends; None if there is no such number."""
        return None

    def problems(self, length: int) -> list[str]:
        """Return why the options do not work with sequences of ``length``: one line each, the dotted key first."""
        if length >= self.least_length:
            return []
        return [f"training.sequence_length = {length}: must be at least {self.least_length} for {self.needs_room_for}"]

    @property
    def needs_room_for(self) -> str:
        """The options that determine ``least_length``, in words."""
        return f"task.kind = {self.kind!r}"

    @abstractmethod
    def batch(self, rng: np.random.Generator, size: int, length: int) -> Batch:
        """Return ``size`` training sequences of ``length`` time steps."""

    def held_out(self, rng: np.random.Generator, size: int, length: int) -> Batch:
        """Return sequences that are never trained on; generated tasks draw them with another generator ``rng``."""
        return self.batch(rng, size, length)

    def target_of(self, x: Array) -> tuple[Array, Array] | None:
        """Return target and mask, as in a batch, of sequences x (T, I, B); None if they do not follow from x.

        By default a later input is the target; without one at the end, nothing is scored there.
        """
        if not self.ahead:
            return None
        later, mask = np.zeros_like(x), np.zeros((len(x), x.shape[2]))
        later[: -self.ahead], mask[: -self.ahead] = x[self.ahead :], 1
        return (later.argmax(axis=1) if self.alphabet else later[:, :1]), mask

    @abstractmethod
    def floor(self, window: int | None, length: int) -> Floor | None:
        """Return the floor of a predictor that sees the last ``window`` inputs (None: all so far); None if unknown."""

    def floor_on(self, held_out: Batch, window: int | None) -> Floor | None:
        """Return the floor; if it is measured, it is measured on the sequences on which lanes are scored."""
        return self.floor(window, len(held_out.x))

    def references_on(self, held_out: Batch) -> list[Reference]:
        """Return the references; measured ones are measured on the sequences on which lanes are scored."""
        return self.references(len(held_out.x))

    @property
    def last_only(self) -> bool:
        """True if only the last time step is scored."""
        return False

    @abstractmethod
    def references(self, length: int) -> list[Reference]:
        """Return the losses of predictors without a network."""

    @property
    def data(self) -> bytes:
        """The content of the user's file, to detect changes; empty if the task generates its data."""
        return b""

    @property
    def notes(self) -> list[str]:
        """Notes to the user on their data, each in a sentence."""
        return []

    @property
    def note(self) -> str:
        """The notes in one text; empty if there are none."""
        return "; ".join(self.notes)

    def spelled(self, codes: list[int]) -> str:
        """Return the symbols with these numbers as text."""
        return "".join(self.alphabet[code] for code in codes)

    def symbols_of(self, text: str) -> Sequence[str]:
        """Return a text as symbols; spaces between them are omitted unless the space is a symbol."""
        return [symbol for symbol in text if symbol in self.alphabet or not symbol.isspace()]

    def encoded(self, text: str) -> list[int]:
        """Return the numbers of the symbols of a text.  Raises DataError for one that the task does not have."""
        numbers = {symbol: number for number, symbol in enumerate(self.alphabet)}
        symbols = self.symbols_of(text)
        for symbol in symbols:
            if symbol not in numbers:
                more = ", …" if len(self.alphabet) > MOST_NAMED else ""
                known = f"; it has {', '.join(map(repr, self.alphabet[:MOST_NAMED]))}{more}"
                raise DataError(f"{symbol!r} is not a symbol of this task{nearest(symbol, self.alphabet) or known}")
        return [numbers[symbol] for symbol in symbols]

    def in_units(self, values: Array) -> Array:
        """Return inputs, targets or answers (any shape) in the user's units."""
        return values

    def input_in_units(self, values: Array, channel: int) -> Array:
        """Return values (any shape) of one input in the user's units."""
        return self.in_units(values) if channel == 0 else values

    @property
    def unit(self) -> float:
        """The difference in the user's unit for a difference of 1 between targets."""
        low, high = self.in_units(np.array([0.0, 1.0]))
        return float(high - low)


def bits(rng: np.random.Generator, *shape: int) -> Array:
    """Return fair coin flips, 0.0 or 1.0, in this shape."""
    return rng.integers(0, 2, shape).astype(float)


def one_hot(codes: Array, kinds: int) -> Array:
    """Return the one-hot encoding (T, kinds, B) of whole numbers (T, B) below ``kinds``."""
    return np.asarray((codes[:, None] == np.arange(kinds)[:, None]).astype(float))


def binary_entropy(p: Array | float) -> Array:
    """Return H(p) = −p ln p − (1 − p) ln(1 − p) in nats; 0 at p = 0 and p = 1.  Any shape."""
    p = np.asarray(p, float)
    q = 1 - p
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(-np.nan_to_num(p * np.log(p)) - np.nan_to_num(q * np.log(q)))

"""Losses over a batch of sequences with a mask.

Every loss is a mean over the scored positions: L = Σ m_tb l_tb / Σ m_tb, with l_tb the loss of sequence b at time
step t.  Cross-entropies are in nats.  If nothing is scored, L and its gradient are zero.

To add a loss, subclass ``ClassLoss``, ``BitLoss`` or ``NumberLoss``, depending on the kind of answer, and create one
object of it; a task refers to the object.  Scores, the panels, slow motion and the exports read it.
"""

from abc import ABC, abstractmethod
from enum import Enum, auto
from typing import ClassVar, NamedTuple

import numpy as np

from rnn_tui.engine.parameters import Array


class Answer(Enum):
    """The kind of answer that a net gives at a time step."""

    CLASS = auto()  # one of O classes: targets (T, B) are whole numbers
    BIT = auto()  # the probability of a 1, for each output: targets (T, O, B) are in [0, 1]
    NUMBER = auto()  # a number, for each output: targets (T, O, B)


class Fit(NamedTuple):
    """Measures of answers besides the loss.

    Attributes:
        accuracy: share of right answers; None for numbers.
        r2: 1 − MSE / variance of the targets; None for other answers, and if the targets never vary.
        mse, mae: mean squared and mean absolute error of numbers; None for other answers.
    """

    accuracy: float | None = None
    r2: float | None = None
    mse: float | None = None
    mae: float | None = None


class Loss(ABC):
    """A loss of the net's outputs y (T, O, B).

    Attributes:
        name: the standard term. unit: of the loss, or empty.
        answer: the kind of answer.
        formulas: the loss of one position and its gradient, for slow motion.
        numpy: the body of ``loss(y, target, mask)`` in plain NumPy, with docstring: for y (T, B, O) it returns the mean
            over the mask.
        torch: an expression in y (T, B, O) and target for the loss of each position (T, B); empty if PyTorch has no
            such loss.
    """

    name: ClassVar[str]
    unit: ClassVar[str] = ""
    answer: ClassVar[Answer]
    formulas: ClassVar[tuple[str, str]]
    numpy: ClassVar[str]
    torch: ClassVar[str] = ""

    @abstractmethod
    def each(self, y: Array, target: Array) -> tuple[Array, Array]:
        """Return l (T, B) and dl/dy (T, O, B) for every position."""

    @abstractmethod
    def answers(self, y: Array) -> Array:
        """Return the answers (T, B): a class's number, the probability of a 1, or a number, for the first output."""

    @abstractmethod
    def right(self, y: Array, target: Array, tolerance: float = 0.0) -> Array:
        """Return (T, B) booleans: True where the answer is right; for numbers, within ``tolerance`` of the target."""

    @abstractmethod
    def fit(self, y: Array, target: Array, scored: Array, each: Array) -> Fit:
        """Return measures of y where ``scored`` (T, B); ``each`` is l (T, B), 0 where not scored."""

    @abstractmethod
    def example(self, target: float) -> tuple[str, str]:
        """Return templates of l and N dl/dy of one position for slow motion.

        The fields are {y}, {target}, {p}, the probability of the target's class or of a 1, and {which}, the class's
        name.
        """

    def probability(self, y: Array, which: int) -> float | None:  # noqa: ARG002
        """Return the net's probability of class ``which``, or of a 1, for outputs y (O,) of one position; None for
        numbers.
        """
        return None

    def mean(self, y: Array, target: Array, mask: Array) -> tuple[float, Array]:
        """Return L and dL/dy (T, O, B) for y (T, O, B) and a mask (T, B) of zeros and ones."""
        each, slope = self.each(y, target)
        total = float(mask.sum())
        if total == mask.size:  # the most frequent case, in the fewest operations
            slope *= 1 / total
            value = float(each.sum()) / total
            # in float32 a sum may overflow although the mean does not
            return value if np.isfinite(value) else float(each.sum(dtype=float)) / total, slope
        weight = (mask / total if total else mask).astype(y.dtype)
        # besides the product, zeros are copied in: an unscored position may be inf or NaN, and 0 · inf is NaN
        scored = mask > 0
        slope *= weight[:, None]
        np.copyto(slope, 0, where=~scored[:, None])
        return float((each * weight).sum(where=scored)), slope


class ClassLoss(Loss):
    """A loss for answers that are one of O classes."""

    answer: ClassVar[Answer] = Answer.CLASS

    def answers(self, y: Array) -> Array:
        return np.asarray(y.argmax(axis=1))

    def right(self, y: Array, target: Array, tolerance: float = 0.0) -> Array:  # noqa: ARG002
        return np.asarray((y.argmax(axis=1) == target) & np.isfinite(y).all(axis=1))  # NaN is no answer

    def fit(self, y: Array, target: Array, scored: Array, each: Array) -> Fit:  # noqa: ARG002
        return Fit(accuracy=float(self.right(y, target)[scored].mean()))

    def probability(self, y: Array, which: int) -> float:
        with np.errstate(invalid="ignore"):  # for a lane that diverged
            return float(softmax(y[None])[0, which])


class BitLoss(Loss):
    """A loss for answers that are bits, one for each output."""

    answer: ClassVar[Answer] = Answer.BIT

    def answers(self, y: Array) -> Array:
        return sigmoid(y)[:, 0]

    def right(self, y: Array, target: Array, tolerance: float = 0.0) -> Array:  # noqa: ARG002
        return np.asarray(((y > 0) == (target > 0.5)).all(axis=1) & np.isfinite(y).all(axis=1))  # NaN is no answer

    def fit(self, y: Array, target: Array, scored: Array, each: Array) -> Fit:  # noqa: ARG002
        return Fit(accuracy=float(self.right(y, target)[scored].mean()))

    def probability(self, y: Array, which: int) -> float:  # noqa: ARG002
        return float(sigmoid(y[:1])[0])


class NumberLoss(Loss):
    """A loss for answers that are numbers."""

    answer: ClassVar[Answer] = Answer.NUMBER

    def answers(self, y: Array) -> Array:
        return np.asarray(y[:, 0])

    def right(self, y: Array, target: Array, tolerance: float = 0.0) -> Array:
        """Return (T, B) booleans: True where the first output is within the tolerance."""
        return np.asarray(np.abs(y - target)[:, 0] <= tolerance)

    def fit(self, y: Array, target: Array, scored: Array, each: Array) -> Fit:
        mse = float(self.squared(y, target, scored, each).sum() / scored.sum())
        variance = target.transpose(0, 2, 1)[scored].var(axis=0).mean()
        mae = float(np.abs(y - target).transpose(0, 2, 1)[scored].mean())
        return Fit(r2=float(1 - mse / variance) if variance > 0 else None, mse=mse, mae=mae)

    def squared(self, y: Array, target: Array, scored: Array, each: Array) -> Array:  # noqa: ARG002
        """Return the squared error (T, B), 0 where not ``scored``."""
        error = y - target
        return np.where(scored, _mean(error * error), 0)


class CrossEntropy(ClassLoss):
    """l = ln Σ_o e^{y_o} − y_target;  dl/dy = softmax(y) − onehot(target);  target (T, B), whole numbers."""

    name: ClassVar[str] = "cross-entropy"
    unit: ClassVar[str] = "nats"
    formulas: ClassVar[tuple[str, str]] = (
        "l_t = −ln p[target], p = softmax(y_t)",
        "∂L/∂y_t = (p − onehot(target)) / N, L = Σ l / N",
    )
    numpy: ClassVar[str] = '''\
    """Cross-entropy: y (T, B, O), target (T, B) whole numbers, mask (T, B) booleans"""
    # ln sum_o e^{y_o} - y_target, with the largest y_o subtracted to avoid overflow
    top = y.max(axis=-1)  # (T, B)
    each = np.log(np.exp(y - top[..., None]).sum(axis=-1)) + top
    each -= np.take_along_axis(y, target[..., None], axis=-1)[..., 0]
    return each[mask].mean()
'''
    torch: ClassVar[str] = 'F.cross_entropy(y.transpose(1, 2), target, reduction="none")'

    def each(self, y: Array, target: Array) -> tuple[Array, Array]:
        top = y.max(axis=1)
        p = np.exp(y - top[:, None])
        total = p.sum(axis=1)
        p /= total[:, None]
        times, sequences = target.shape
        chosen = np.arange(times)[:, None], target, np.arange(sequences)  # y[chosen] is y_target (T, B)
        each = np.log(total) + top
        each -= y[chosen]
        p[chosen] -= 1
        return each, p

    def example(self, target: float) -> tuple[str, str]:  # noqa: ARG002
        return "−ln P({which}) = −ln {p}", "({p} − 1)"


class BinaryCrossEntropy(BitLoss):
    """l = mean_o [ln(1 + e^y) − target·y];  dl/dy = (sigmoid(y) − target) / O;  target (T, O, B) in [0, 1]."""

    name: ClassVar[str] = "binary cross-entropy"
    unit: ClassVar[str] = "nats"
    formulas: ClassVar[tuple[str, str]] = (
        "l_t = −ln p where the target is 1, else −ln(1 − p), p = σ(y_t)",
        "∂L/∂y_t = (p − target) / N, L = Σ l / N",
    )
    numpy: ClassVar[str] = '''\
    """Binary cross-entropy: y and target (T, B, O), mask (T, B) booleans"""
    # the mean over o of ln(1 + e^{y_o}) - target_o y_o
    each = (np.logaddexp(0, y) - target * y).mean(axis=-1)  # (T, B)
    return each[mask].mean()
'''
    torch: ClassVar[str] = 'F.binary_cross_entropy_with_logits(y, target, reduction="none").mean(-1)'

    def each(self, y: Array, target: Array) -> tuple[Array, Array]:
        each = np.logaddexp(0, y)
        each -= target * y
        slope = sigmoid(y)
        slope -= target
        slope *= 1 / y.shape[1]
        return _mean(each), slope

    def example(self, target: float) -> tuple[str, str]:
        return "−ln {p}" if target else "−ln(1 − {p})", "({p} − {target})"


class MeanSquaredError(NumberLoss):
    """l = mean_o (y − target)²;  dl/dy = 2 (y − target) / O;  target (T, O, B)."""

    name: ClassVar[str] = "mean squared error"
    formulas: ClassVar[tuple[str, str]] = ("l_t = (y_t − target)²", "∂L/∂y_t = 2 (y_t − target) / N, L = Σ l / N")
    numpy: ClassVar[str] = '''\
    """Mean squared error: y and target (T, B, O), mask (T, B) booleans"""
    each = ((y - target) ** 2).mean(axis=-1)  # (T, B)
    return each[mask].mean()
'''
    torch: ClassVar[str] = 'F.mse_loss(y, target, reduction="none").mean(-1)'

    def each(self, y: Array, target: Array) -> tuple[Array, Array]:
        error = y - target
        each = _mean(error * error)
        error *= 2 / y.shape[1]
        return each, error

    def squared(self, y: Array, target: Array, scored: Array, each: Array) -> Array:  # noqa: ARG002
        return each  # the loss is the squared error

    def example(self, target: float) -> tuple[str, str]:  # noqa: ARG002
        return "({y} − {target})²", "2·({y} − {target})"


def _mean(each: Array) -> Array:
    """Return the mean (T, B) over the outputs of (T, O, B); for one output, a view."""
    return each[:, 0] if each.shape[1] == 1 else np.asarray(each.mean(axis=1))


def softmax(y: Array) -> Array:
    """Return e^{y_o} / Σ e^{y_o} over axis 1, in y's shape."""
    p: Array = np.exp(y - y.max(axis=1, keepdims=True))
    p /= p.sum(axis=1, keepdims=True)
    return p


def sigmoid(y: Array) -> Array:
    """Return 1 / (1 + e^-y), computed with tanh, which cannot overflow.  Any shape."""
    return np.asarray(0.5 * (np.tanh(0.5 * y) + 1))


cross_entropy = CrossEntropy()
binary_cross_entropy = BinaryCrossEntropy()
mean_squared_error = MeanSquaredError()

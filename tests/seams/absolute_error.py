"""Mean absolute error, as a loss."""

from typing import ClassVar

import numpy as np

from rnn_tui.engine.losses import NumberLoss
from rnn_tui.engine.parameters import Array


class MeanAbsoluteError(NumberLoss):
    """l = mean_o |y − target|;  dl/dy = sign(y − target) / O;  target (T, O, B)."""

    name: ClassVar[str] = "mean absolute error"
    formulas: ClassVar[tuple[str, str]] = ("l_t = |y_t − target|", "∂L/∂y_t = sign(y_t − target) / N, L = Σ l / N")
    numpy: ClassVar[str] = '''\
    """Mean absolute error: y and target (T, B, O), mask (T, B) booleans"""
    each = np.abs(y - target).mean(axis=-1)  # (T, B)
    return each[mask].mean()
'''
    torch: ClassVar[str] = 'F.l1_loss(y, target, reduction="none").mean(-1)'

    def each(self, y: Array, target: Array) -> tuple[Array, Array]:
        error = y - target
        return np.asarray(np.abs(error).mean(axis=1)), np.sign(error) / y.shape[1]

    def example(self, target: float) -> tuple[str, str]:  # noqa: ARG002
        return "|{y} − {target}|", "sign({y} − {target})"


mean_absolute_error = MeanAbsoluteError()

"""The program's engine."""

import numpy as np

from rivals.rival import BETA1, BETA2, EPSILON, LIMIT, RATE, Rival
from rnn_tui.engine.cells import CELLS
from rnn_tui.engine.losses import mean_squared_error
from rnn_tui.engine.models import RecurrentModel
from rnn_tui.engine.optimizers import Adam
from rnn_tui.engine.training import Batch, Learner


class Ours(Rival):
    """A net with one input and one output, initial weights from ``seed``, and a batch of random numbers.

    ``engine``: what computes its time loops, a name of ``compiled.ENGINES``.
    """

    def __init__(
        self, cell: str, H: int, T: int, B: int, dtype: str = "float32", seed: int = 0, engine: str = "numpy"
    ) -> None:
        rng = np.random.default_rng(seed + 1)
        x, target = (rng.standard_normal((T, 1, B)).astype(dtype) for _ in range(2))
        self.batch = Batch(x, target, np.ones((T, B), dtype))
        model = RecurrentModel(CELLS[cell](1, H), outputs=1, engine=engine)
        self.learner = Learner(model, mean_squared_error, Adam(RATE, BETA1, BETA2, EPSILON), clip_norm=LIMIT)
        self.state = self.learner.start(model.initial(np.random.default_rng(seed), dtype))
        self.steps = [self.step]

    def check(self) -> tuple[float, float]:
        _, metrics = self.learner.step(self.state, self.batch)
        return metrics.loss, metrics.gradient_norm

    def step(self) -> None:
        self.state, _ = self.learner.step(self.state, self.batch)

    def captured(self) -> None:
        """Make an update, and copy h_t of the first sequence and ‖∂L/∂h_t‖ at every time step."""
        self.step()
        trace = self.learner.trace(self.batch, self.state.parameters)
        flat = trace.dh.reshape(len(trace.dh), -1)
        _ = trace.h[:, :, 0].copy(), np.sqrt(np.einsum("tn,tn->t", flat, flat))

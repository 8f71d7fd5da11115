"""Wave: predict the next value of a periodic signal."""

from math import pi
from typing import Annotated, Literal

import numpy as np
from pydantic import Field

from rnn_tui.engine.losses import mean_squared_error
from rnn_tui.engine.training import Batch
from rnn_tui.tasks.base import Floor, Reference, Task
from rnn_tui.tasks.floors.periodic import Waveform, on_grid, signal, variance_given_windows
from rnn_tui.tasks.portable_math import standard_normal

LEAST_NOISE = 0.01  # with less, the grid of phases is too coarse for the floor
LONGEST_WINDOW = 64  # with noise, a longer window hardly lowers the floor
LONGEST_QUIET = 1000  # without noise the computation is fast


class Wave(Task):
    """Predict x_{t+1} of x_t = s(φ + ω t) + noise, with a random phase φ for each sequence.

    The first time step is not scored: one value does not tell whether the signal rises or falls.
    """

    loss = mean_squared_error

    kind: Literal["wave"] = "wave"
    shape: Annotated[Waveform, Field(description="the shape of the wave")] = "sine"
    omega: Annotated[float, Field(gt=0, le=pi, description="frequency, in radians per time step")] = 0.3
    noise: Annotated[float, Field(ge=0, le=10, description="standard deviation of the noise on every value")] = 0.0

    @property
    def least_length(self) -> int:
        return 2

    @property
    def ahead(self) -> int:
        return 1

    def problems(self, length: int) -> list[str]:
        found = super().problems(length)
        if 0 < self.noise < LEAST_NOISE:
            found.append(
                f"task.noise = {self.noise:g}: must be 0 or at least {LEAST_NOISE}; otherwise no floor can be computed"
            )
        return found

    def batch(self, rng: np.random.Generator, size: int, length: int) -> Batch:
        start, pace = rng.random((1, 1, size)), self.omega / (2 * pi)  # in turns
        stream = signal(self.shape, start + pace * np.arange(length + 1)[:, None, None])
        if self.noise:
            stream = stream + self.noise * standard_normal(rng, *stream.shape)
        mask = np.ones((length, size))
        mask[0] = 0
        return Batch(stream[:-1].copy(), stream[1:].copy(), mask)

    def floor(self, window: int | None, length: int) -> Floor:
        """Return the mean over the scored time steps t of the floor for a window of min(k, t) values.

        It is derived for the noise-free sine: ½ sin²ω for one value (the sign of the slope is unknown), 0 for more.
        Otherwise it is computed, and with noise estimated, see
        :func:`~rnn_tui.tasks.floors.periodic.variance_given_windows`; very long windows of a square wave are estimated
        too.
        """
        most = LONGEST_WINDOW if self.noise else LONGEST_QUIET
        asked = min(window or length, length)
        seen = [min(t + 1, asked, most) for t in range(1, length)]
        variance = variance_given_windows(self.shape, self.omega, self.noise, min(length, most))
        exact = self.noise == 0 and (asked <= most or self.shape != "square")
        return Floor(float(np.mean([variance[k - 1] for k in seen])), exact=exact, by="the best estimate")

    def references(self, length: int) -> list[Reference]:  # noqa: ARG002
        now = on_grid(self.shape, 0.0)
        change = on_grid(self.shape, self.omega) - now
        noise = self.noise**2
        return [
            Reference("mean", float(now.var() + noise)),
            Reference("persistence", float(np.square(change).mean() + 2 * noise)),
        ]

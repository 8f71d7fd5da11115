"""Compare seeds that are trained as one batched product with the engine, which trains one after the other:

    python benchmarks/seeds_as_one.py               # RNN and LSTM in float64, five minutes
    python benchmarks/seeds_as_one.py --dtype float32

An experiment beside the engine: S nets of equal shape, with their own weights and data, in arrays with one more axis,
S.  A time step is then one ``np.matmul`` of S matrices and one call of each function for all S, and Adam works on all
weights at once.  Both make the same updates; "bits" says whether all weights have equal bits after ten of them, and
otherwise shows the greatest difference.
"""

import argparse
from collections.abc import Sequence
from itertools import product
from statistics import median

import numpy as np
from rivals.ours import Ours
from rivals.rival import BETA1, BETA2, EPSILON, LIMIT, RATE
from timing import race, ratio

from rnn_tui.engine.optimizers import clip_by_global_norm
from rnn_tui.engine.parameters import Array
from rnn_tui.experiments.blas_threads import limit_blas_threads

T, SEEDS, UPDATES = 50, (3, 5, 10), 10
SIZES = tuple(product((4, 8, 16, 32, 64), (1, 8, 32)))  # H, B


class AsOne:
    """S nets with the weights and batches of ``nets``.

    The arrays are those of the engine for S · B sequences, (T, rows, S, B), so only the products depend on S.  They use
    views ``by_net`` (T, S, rows, B), in which the sequences of each net are multiplied by its own weights:

        [ s_t; y_{t-1} ] = P [ h_{t-1}; x_t; 1 ]        P (S, Z + 1, H + 2)
    """

    def __init__(self, nets: Sequence[Ours], sums: int) -> None:
        first = nets[0].state.parameters
        self.S, self.H, self.dtype = len(nets), first["W_hy"].shape[1], first.dtype
        self.T, _, self.B = nets[0].batch.x.shape
        self.Z, self.holes = sums * self.H, first.layout.holes
        self.theta = np.stack([net.state.parameters.flat for net in nets])
        self.mean, self.square, self.count = np.zeros_like(self.theta), np.zeros_like(self.theta), 0
        T, H, Z = self.T, self.H, self.Z
        self.a, self.sy, self.dsy = self.new(T + 1, H + 2), self.new(T + 1, Z + 1), self.new(T + 1, Z + 1)
        self.dh = self.new(T, H)
        self.a[:, -1] = 1
        self.a[:-1, H] = np.stack([net.batch.x[:, 0] for net in nets], 1)
        self.target = np.stack([net.batch.target[:, 0] for net in nets], 1)
        self.h, self.sums, self.y = self.a[1:, :H], self.sy[:-1, :Z], self.sy[1:, Z]
        self.dsums, self.dy = self.dsy[:-1, :Z], self.dsy[1:, Z]
        self.products_up = list(zip(by_net(self.a), by_net(self.sy), strict=True))
        self.products_down = list(zip(by_net(self.dsy[1:]), by_net(self.dh), strict=True))

    def new(self, times: int, rows: int) -> Array:
        return np.zeros((times, rows, self.S, self.B), self.dtype)

    def forward(self, W: Array) -> None:
        """Compute all h_t, and all y_t, with P' (S, H + 2, Z + 1)."""
        raise NotImplementedError

    def backward(self, to_h: Array) -> None:
        """Compute all dL/dh_t and dL/ds_t, with the rows of P' for h."""
        raise NotImplementedError

    def step(self) -> None:
        W = self.theta[:, : (self.H + 2) * (self.Z + 1)].reshape(self.S, self.H + 2, self.Z + 1)
        self.forward(W)
        np.multiply(self.y - self.target, 2 / (self.T * self.B), out=self.dy)
        self.backward(W[:, : self.H])
        rows, drows = (
            np.ascontiguousarray(part.transpose(2, 1, 0, 3)).reshape(self.S, -1, (self.T + 1) * self.B)
            for part in (self.a, self.dsy)
        )
        gradient = np.matmul(rows, drows.transpose(0, 2, 1)).reshape(self.S, -1)
        gradient[:, self.holes] = 0
        for own in gradient:
            clip_by_global_norm(own, LIMIT)
        self.adam(gradient)

    def adam(self, gradient: Array) -> None:
        """Make an update of all θ, with the operations of the engine in the same order."""
        self.count += 1
        self.mean += (gradient - self.mean) * (1 - BETA1)
        self.square += (gradient * gradient - self.square) * (1 - BETA2)
        corrected = float(np.sqrt(1 - BETA2**self.count))
        change = self.mean / (np.sqrt(self.square) + EPSILON * corrected)
        change *= -RATE * corrected / (1 - BETA1**self.count)
        self.theta += change


def by_net(values: Array) -> Array:
    """Return a view (T, S, rows, B) of ``values`` (T, rows, S, B)."""
    return values.transpose(0, 2, 1, 3)


class RNNs(AsOne):
    def __init__(self, nets: Sequence[Ours]) -> None:
        super().__init__(nets, sums=1)
        self.slope = np.empty_like(self.dh)
        self.up = list(zip(self.products_up[:-1], self.sums, self.h, strict=True))
        self.down = list(zip(self.products_down, self.dh, self.slope, self.dsums, strict=True))[::-1]

    def new(self, times: int, rows: int) -> Array:
        """Return zeros; for one sequence those of a net are contiguous, or OpenBLAS would add in another order."""
        if self.B > 1:
            return super().new(times, rows)
        return np.zeros((times, self.S, rows, 1), self.dtype).transpose(0, 2, 1, 3)

    def forward(self, W: Array) -> None:
        P = W.transpose(0, 2, 1)
        for (a, sy), s, h in self.up:
            np.matmul(P, a, sy)
            np.tanh(s, h)
        a, sy = self.products_up[-1]
        np.matmul(P, a, sy)

    def backward(self, to_h: Array) -> None:
        np.multiply(self.h, self.h, out=self.slope)
        np.subtract(1, self.slope, out=self.slope)
        for (later, to), dh, slope, ds in self.down:
            np.matmul(to_h, later, to)
            np.multiply(dh, slope, out=ds)


class LSTMs(AsOne):
    """The sums are those of i, f, o and g, in this order."""

    def __init__(self, nets: Sequence[Ours]) -> None:
        super().__init__(nets, sums=4)
        T, H = self.T, self.H
        held = self.new(T + 1, 6 * H)  # g, c_{t-1}, tanh c, i, f, o
        self.dc, self.directly, self.parts = self.new(T, H), self.new(T + 1, H), self.new(1, 2 * H)[0]
        self.g, _, self.tanh_c, self.i, self.f, self.o = (held[:-1, k * H : (k + 1) * H] for k in range(6))
        self.ifo, self.partners, c = held[:-1, 3 * H :], held[:-1, : 4 * H], held[1:, H : 2 * H]
        self.di, self.df, self.do, self.dg = (self.dsums[:, k * H : (k + 1) * H] for k in range(4))
        sums = self.sums[:, : 3 * H], self.sums[:, 3 * H :]
        own = self.ifo, self.g, held[:-1, 3 * H : 5 * H], held[:-1, : 2 * H], c, self.tanh_c, self.o, self.h
        self.up = list(zip(self.products_up[:-1], *sums, *own, strict=True))
        gradients = self.dh, self.dc, self.di, self.df, self.do, self.dg
        around = self.directly[1:], self.f, self.directly[:-1]
        self.down = list(zip(self.products_down, *gradients, *around, strict=True))[::-1]
        self.sign = np.ones((self.Z + 1, 1), self.dtype)
        self.sign[: 3 * H] = -1
        self.signed, self.one = np.zeros((self.S, self.Z + 1, H + 2), self.dtype), np.ones((), self.dtype)

    def forward(self, W: Array) -> None:
        P, one, parts, H = np.multiply(W.transpose(0, 2, 1), self.sign, out=self.signed), self.one, self.parts, self.H
        for (a, sy), minus_sums, sum_g, ifo, g, i_f, g_c, c, tanh_c, o, h in self.up:
            np.matmul(P, a, sy)
            np.exp(minus_sums, ifo)
            ifo += one
            np.reciprocal(ifo, ifo)
            np.tanh(sum_g, g)
            np.multiply(i_f, g_c, parts)
            np.add(parts[:H], parts[H:], c)
            np.tanh(c, tanh_c)
            np.multiply(o, tanh_c, h)
        a, sy = self.products_up[-1]
        np.matmul(W.transpose(0, 2, 1), a, sy)

    def backward(self, to_h: Array) -> None:
        difo = self.dsums[:, : 3 * self.H]
        np.multiply(self.ifo, self.ifo, out=difo)
        np.subtract(self.ifo, difo, out=difo)
        np.multiply(self.g, self.g, out=self.dg)
        np.subtract(1, self.dg, out=self.dg)
        self.dsums *= self.partners
        np.multiply(self.tanh_c, self.tanh_c, out=self.dc)
        np.subtract(1, self.dc, out=self.dc)
        self.dc *= self.o
        for (later, to), dh, dc, di, df, do, dg, directly, f, directly_before in self.down:
            np.matmul(to_h, later, to)
            do *= dh
            dc *= dh
            dc += directly
            di *= dc
            df *= dc
            dg *= dc
            np.multiply(f, dc, directly_before)


KINDS: dict[str, type[AsOne]] = {"rnn": RNNs, "lstm": LSTMs}


def nets(cell: str, H: int, B: int, S: int, dtype: str, time: int = T) -> list[Ours]:
    return [Ours(cell, H, time, B, dtype, seed) for seed in range(S)]


def timed(cell: str, H: int, B: int, S: int, dtype: str, time: int = T) -> dict[str, list[float]]:
    """Return the seconds of an update of S nets in each round, "apart" and as "one".

    Apart, a net makes some updates before the next one does, as runs do: its arrays stay in the processor's caches.
    """
    apart, together = nets(cell, H, B, S, dtype, time), KINDS[cell](nets(cell, H, B, S, dtype, time))

    def one_after_the_other() -> None:
        for net in apart:
            for _ in range(UPDATES):
                net.step()

    def as_one() -> None:
        for _ in range(UPDATES):
            together.step()

    times = race({"apart": one_after_the_other, "one": as_one}, rounds=15, budget=0.8)
    return {way: [seconds / UPDATES for seconds in found] for way, found in times.items()}


def difference(cell: str, H: int, B: int, S: int, dtype: str) -> str:
    """Return "equal" if all weights have equal bits after some updates, or the greatest difference."""
    apart, together = nets(cell, H, B, S, dtype), KINDS[cell](nets(cell, H, B, S, dtype))
    for _ in range(UPDATES):
        together.step()
        for net in apart:
            net.step()
    found = np.abs(together.theta - np.stack([net.state.parameters.flat for net in apart])).max()
    assert found < 1e-3, "they do not train the same nets"
    return "equal" if found == 0 else f"{found:.0e}"


def compared(cell: str, H: int, B: int, S: int, dtype: str) -> float:
    """Print the microseconds of an update of S nets both ways; return the ratio, above 1 if as one is faster."""
    times = timed(cell, H, B, S, dtype)
    gain = ratio(times["apart"], times["one"])
    numbers = f"{1e6 * median(times['apart']):>9.0f} {1e6 * median(times['one']):>8.0f} {gain:>6.2f}"
    print(f"{H:>4} {B:>3} {S:>3} {numbers}  {difference(cell, H, B, S, dtype)}", flush=True)
    return gain


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cells", default=",".join(KINDS), help="cells, separated by commas")
    parser.add_argument("--dtype", choices=("float32", "float64"), default="float64", help="float64 is the default")
    options = parser.parse_args()
    limit_blas_threads()
    for cell in options.cells.split(","):
        print(f"\n{cell.upper()} in {options.dtype}, T = {T}: microseconds per update of all S nets, and the ratio")
        print(f"{'H':>4} {'B':>3} {'S':>3} {'apart':>9} {'as one':>8} {'ratio':>6}  bits after {UPDATES} updates")
        gains = {size: compared(cell, *size, options.dtype) for size in ((H, B, S) for H, B in SIZES for S in SEEDS)}
        clear = [f"H={H} B={B} S={S}" for (H, B, S), gain in gains.items() if gain > 1.3]
        print(f"more than 1.3 times as fast at {len(clear)} of {len(gains)} sizes")


if __name__ == "__main__":
    main()

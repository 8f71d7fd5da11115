"""Measure how the time of an update grows with T, H and B, and the memory over many updates:

    python benchmarks/growth.py                 # two minutes
    python benchmarks/growth.py --cells rnn --dtype float32

Model of the time:  update + T (step + number · G H B) + flops / speed,  with G = 1, 3 or 4 sums per hidden unit.
Its four coefficients are fitted to all sizes, by least squares of the relative error: ``update`` and ``step`` are the
overhead of calls, ``number`` the functions of single numbers such as tanh, and flops / speed the matrix products.
The exit code is 1 if a time is more than twice or less than half of what the model says, or if memory grows by more
than 1 MiB from update 1,000 to update 10,000.
"""

import argparse
import sys
from collections.abc import Sequence

import numpy as np
from rivals.ours import Ours
from roofline import GATES, flops
from timing import race, resident

from rnn_tui.engine.parameters import Array
from rnn_tui.experiments.blas_threads import limit_blas_threads

MIDDLE = (64, 50, 16)  # H, T, B; one of them grows while the others stay
GROWING = {"T": (10, 50, 200, 1000), "H": (4, 16, 64, 128, 256, 512), "B": (1, 4, 16, 64, 256)}
PARTS = ("update", "time steps", "numbers", "products")
FACTOR, MEBIBYTES = 2.0, 1.0  # how far a time may be from the model; how much the memory may grow
UPDATES, PASSES = (1_000, 10_000), 3

Size = tuple[int, int, int]


def sizes() -> list[Size]:
    """Return the sizes in which one of H, T and B differs from ``MIDDLE``, and small ones at B = 1."""
    H, T, B = MIDDLE
    grown = [(H, t, B) for t in GROWING["T"]] + [(h, T, B) for h in GROWING["H"]] + [(H, T, b) for b in GROWING["B"]]
    return [*dict.fromkeys(grown), *((16, t, 1) for t in GROWING["T"])]


def terms(cell: str, size: Size) -> list[float]:
    """Return what the model multiplies by its coefficients, in the order of ``PARTS``."""
    H, T, B = size
    return [1, T, T * GATES[cell] * H * B, flops(cell, *size)]


def fitted(terms: Array, seconds: Array) -> Array:
    """Return coefficients of at least 0 for ``seconds`` (N,) = ``terms`` (N, K) · coefficients, in relative error."""
    kept, coefficients = list(range(terms.shape[1])), np.zeros(terms.shape[1])
    while kept:
        found, *_ = np.linalg.lstsq(terms[:, kept] / seconds[:, None], np.ones(len(seconds)), rcond=None)
        if (found >= 0).all():
            coefficients[kept] = found
            break
        kept.pop(int(np.argmin(found * terms[:, kept].mean(axis=0))))  # the term with the most negative part
    return coefficients


def times(cell: str, every: Sequence[Size], dtype: str) -> Array:
    """Return the seconds of an update of each size: the shortest of some passes, since other programs run too."""
    passes = [[block_time(cell, size, dtype) for size in every] for _ in range(PASSES)]
    return np.min(passes, axis=0)


def block_time(cell: str, size: Size, dtype: str) -> float:
    return min(race({"ours": Ours(cell, *size, dtype).step}, rounds=15, budget=0.4)["ours"])


def growth(cell: str, dtype: str) -> float:
    """Print the measured and the predicted times; return the greatest factor between them."""
    every = sizes()
    seconds = times(cell, every, dtype)
    parts = np.array([terms(cell, size) for size in every])
    coefficients = fitted(parts, seconds)
    update, step, number, product = coefficients
    speed = f"{1e-9 / product:.0f} GFLOPS" if product else "no limit"
    print(
        f"\n{cell.upper()} in {dtype}: {1e6 * update:.0f} µs for each update, {1e6 * step:.2f} µs for each time step,"
    )
    print(f"{1e9 * number:.2f} ns for each number, products at {speed}")
    print(f"{'H':>4} {'T':>5} {'B':>4} {'µs':>9} {'model':>9} {'ratio':>6}", *(f"{part:>11}" for part in PARTS))
    factors = []
    for size, measured, row in zip(every, seconds, parts, strict=True):
        model = row @ coefficients
        H, T, B = size
        shares = " ".join(f"{share:>11.0%}" for share in row * coefficients / model)
        print(f"{H:>4} {T:>5} {B:>4} {1e6 * measured:>9.0f} {1e6 * model:>9.0f} {measured / model:>6.2f} {shares}")
        factors.append(max(measured / model, model / measured))
    return max(factors)


def memory(cell: str, dtype: str) -> float:
    """Print the memory after many updates of a small net; return by how many MiB it has grown in between."""
    ours, done, found = Ours(cell, 16, 50, 1, dtype), 0, []
    for updates in UPDATES:
        for _ in range(done, updates):
            ours.step()
        done = updates
        found.append(resident())
    text = ", ".join(
        f"{mebibytes:.2f} MiB after {updates:,}" for updates, mebibytes in zip(UPDATES, found, strict=True)
    )
    print(f"{cell.upper()} in {dtype}, updates and memory: {text}", flush=True)
    return found[-1] - found[0]


def main(cells: Sequence[str], dtype: str) -> int:
    limit_blas_threads()
    grown = max(memory(cell, dtype) for cell in cells)
    worst = max(growth(cell, dtype) for cell in cells)
    print(f"\ngreatest factor between time and model: {worst:.2f}; memory has grown by {grown:.2f} MiB")
    return 0 if worst <= FACTOR and grown <= MEBIBYTES else 1


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cells", default=",".join(GATES), help="cells, separated by commas")
    parser.add_argument("--dtype", choices=("float32", "float64"), default="float64", help="float64 is the default")
    options = parser.parse_args()
    sys.exit(main(options.cells.split(","), options.dtype))

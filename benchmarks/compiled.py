"""Compare the compiled time loops with NumPy's: python benchmarks/compiled.py [--dtype float32] [--json]

Both train the same net from the same weights on the same data, on one thread, with T = 50: forward, squared error at
every time step, backpropagation through all time steps, clipping, Adam.  They are timed in blocks that take turns; the
ratio is the median over the rounds, above 1 if the compiled loops are faster.  It takes two minutes for each precision,
and some seconds more to compile.
"""

import argparse
import json
from itertools import product
from statistics import median
from time import perf_counter
from typing import Any

import numpy as np

from rnn_tui.engine import compiled
from rnn_tui.engine.cells import CELLS
from rnn_tui.engine.losses import mean_squared_error
from rnn_tui.engine.models import RecurrentModel
from rnn_tui.engine.optimizers import Adam
from rnn_tui.engine.training import Batch, Learner
from rnn_tui.experiments.blas_threads import limit_blas_threads

T, ROUNDS, SECONDS = 50, 15, 0.03  # SECONDS: of a block
SIZES = list(product((4, 16, 64, 128), (1, 4, 16, 64)))


class Net:
    """A net, with ``step``: one update."""

    def __init__(self, cell: str, H: int, B: int, engine: str, dtype: str) -> None:
        rng = np.random.default_rng(1)
        x, target = (rng.standard_normal((T, 1, B)).astype(dtype) for _ in range(2))
        self.batch = Batch(x, target, np.ones((T, B), dtype))
        model = RecurrentModel(CELLS[cell](1, H), outputs=1, engine=engine)
        self.learner = Learner(model, mean_squared_error, Adam(1e-3), clip_norm=1.0)
        self.state = self.learner.start(model.initial(np.random.default_rng(0), dtype))

    def step(self) -> None:
        self.state, self.metrics = self.learner.step(self.state, self.batch)

    def block(self) -> float:
        """Return the microseconds per update."""
        begin, calls = perf_counter(), 0
        while perf_counter() - begin < SECONDS:
            self.step()
            calls += 1
        return (perf_counter() - begin) / calls * 1e6


def measured(cell: str, H: int, B: int, dtype: str) -> dict[str, Any]:
    ours = {engine: Net(cell, H, B, engine, dtype) for engine in compiled.ENGINES}
    for net in ours.values():
        net.step()
    numpy, other = (net.metrics.loss for net in ours.values())
    assert np.isclose(numpy, other, rtol=1e-4), f"{cell} H={H} B={B}: the losses are {numpy} and {other}"
    rounds = [[net.block() for net in ours.values()] for _ in range(ROUNDS)]
    times = dict(zip(ours, (median(column) for column in zip(*rounds, strict=True)), strict=True))
    ratio = median(a / b for a, b in rounds)
    return {"cell": cell, "H": H, "B": B, **times, "ratio": ratio}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--dtype", default="float64", choices=("float64", "float32"))
    parser.add_argument("--json", action="store_true", help="one JSON object and no table")
    options = parser.parse_args()
    limit_blas_threads()
    rows = []
    for cell, (H, B) in product(CELLS, SIZES):
        rows.append(measured(cell, H, B, options.dtype))
        if not options.json:
            print("{cell:<5} H={H:<3} B={B:<3} numpy {numpy:>6.0f} µs  compiled {compiled:>6.0f} µs  "
                  "ratio {ratio:>5.2f}".format(**rows[-1]), flush=True)  # fmt: skip
    if options.json:
        print(json.dumps({"dtype": options.dtype, "rows": rows}, indent=1))


if __name__ == "__main__":
    main()

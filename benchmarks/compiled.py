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
from typing import Any

import numpy as np
from rivals.ours import Ours
from timing import race, ratio

from rnn_tui.engine.cells import CELLS
from rnn_tui.engine.compiled import ENGINES
from rnn_tui.experiments.blas_threads import limit_blas_threads

T, ROUNDS = 50, 15
SIZES = list(product((4, 16, 64, 128), (1, 4, 16, 64)))  # H, B


def measured(cell: str, H: int, B: int, dtype: str) -> dict[str, Any]:
    """Return the microseconds of an update by engine, and the ratio NumPy : compiled."""
    ours = {engine: Ours(cell, H, T, B, dtype, engine=engine) for engine in ENGINES}
    (numpy, _), (other, _) = (net.check() for net in ours.values())
    assert np.isclose(numpy, other, rtol=1e-4), f"{cell} H={H} B={B}: the losses are {numpy} and {other}"
    times = race({engine: net.step for engine, net in ours.items()}, ROUNDS)
    microseconds = {engine: 1e6 * median(found) for engine, found in times.items()}
    return {"cell": cell, "H": H, "B": B, **microseconds, "ratio": ratio(times["numpy"], times["compiled"])}


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

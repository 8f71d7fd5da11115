"""Compare the engine's training speed with PyTorch, JAX, and NumPy written one time step at a time:

    python benchmarks/engine.py                      # 54 sizes of an RNN, 18 of a GRU and of an LSTM; six minutes
    python benchmarks/engine.py --jax                # nine sizes, with JAX, in float32 and float64; five minutes
    python benchmarks/engine.py --jax --compile      # also torch.compile at two of them; it compiles for a minute each
    python benchmarks/engine.py --quick              # a few sizes, half a minute
    python benchmarks/engine.py --cells gru,lstm --dtype float64 --json
    python benchmarks/engine.py --capture            # the cost of saving what the screen shows

PyTorch, JAX and the compiler of our time loops are optional: pip install torch jax optax numba.

All implementations train the same net from the same weights on the same data, in the same precision and on one thread:
forward, squared error at every time step, backpropagation through all time steps, clipping by the global norm, Adam.
They are timed in blocks of updates, all in each round; a ratio is the median over the rounds.  Before that, the
benchmark checks that all compute the same loss and gradient norm.  Ours is measured twice: with time loops in NumPy,
and with compiled ones.  Each rival has a ratio to both.

"Of peak" is the part of our time in NumPy that the matrix products would need at NumPy's speed with large matrices,
which is measured in the same rounds.
"""

import argparse
import json
import os
import platform
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from importlib.metadata import version
from importlib.util import find_spec
from itertools import product
from math import isclose
from operator import itemgetter
from statistics import geometric_mean, median
from typing import Any

from rivals import KNOWN, installed
from rivals.ours import Ours
from rivals.rival import GATES, Rival
from roofline import Product, flops
from timing import fastest, race, ratio

from rnn_tui.engine.compiled import ENGINES
from rnn_tui.experiments.blas_threads import limit_blas_threads

Size = tuple[int, int, int]  # H, T, B
Show = Callable[[object], None]

SMALL = 64  # largest H of the nets that are typical for the lab
JAX_SIZES = ((4, 1), (16, 1), (16, 16), (64, 1), (64, 16), (64, 64), (128, 16), (256, 16), (512, 16))  # H, B
COMPILED = ((16, 50, 1), (64, 50, 16))  # the sizes of torch.compile
SAME = {"float32": 1e-3, "float64": 1e-9}  # greatest relative difference of the loss and the gradient norm


@dataclass(frozen=True)
class Bar:
    """A goal: the ratio to a rival as a geometric mean over nets of up to ``largest`` H, and at the worst size.

    ``engine``: which of our engines is compared, a name of ``ENGINES``.
    """

    cell: str
    rival: str
    mean: float
    worst: float
    largest: int = SMALL
    engine: str = "numpy"


BARS = (
    Bar("rnn", "torch", 15, 1.2),
    Bar("gru", "torch", 10, 1.1),
    Bar("lstm", "torch", 3, 0.95),
    Bar("rnn", "gist", 6, 1),
)
JAX_BARS = (
    *(Bar(cell, "jax", 1, 0.9, largest=512) for cell in GATES),
    *(Bar(cell, "jax", 1.5, 1, largest=512, engine="compiled") for cell in GATES),
)


@dataclass(frozen=True)
class Row:
    """``microseconds`` per update by implementation; ``ratios`` by our engine and rival, above 1 if ours is faster.

    ``of_peak``: the part of our time in NumPy that the matrix products would need at the machine's greatest speed,
    ``peak`` in GFLOPS.
    """

    cell: str
    dtype: str
    H: int
    T: int
    B: int
    rounds: int
    microseconds: dict[str, float]
    ratios: dict[str, dict[str, float]]
    of_peak: float
    peak: float

    @property
    def place(self) -> str:
        return f"{self.cell.upper()} {self.dtype} H={self.H} T={self.T} B={self.B}"


def width(rival: str) -> int:
    return max(7, len(KNOWN[rival].title))


def header(engines: Iterable[str], rivals: Iterable[str]) -> str:
    ours = "".join(f" {engine:>8}" for engine in engines)
    ratios = "".join(f" {'to ' + engine:>11}" for engine in engines)
    titles = "".join(f" {KNOWN[name].title:>{width(name)}}{ratios}" for name in rivals)
    return f"{'H':>4} {'T':>4} {'B':>3}{ours} {'of peak':>8}{titles}"


def line(row: Row, rivals: Iterable[str]) -> str:
    ours = "".join(f" {row.microseconds[engine]:>8.0f}" for engine in row.ratios)
    text = f"{row.H:>4} {row.T:>4} {row.B:>3}{ours} {row.of_peak:>8.0%}"
    for name in rivals:
        if name in row.microseconds:
            ratios = "".join(f" {found[name]:>11.2f}" for found in row.ratios.values())
            text += f" {row.microseconds[name]:>{width(name)}.0f}{ratios}"
        else:
            text += " " * (width(name) + 1 + 12 * len(row.ratios))
    slower = [engine for engine, found in row.ratios.items() if min(found.values(), default=1) < 1]
    return text + (f"  slower: {', '.join(slower)}" if slower else "")


def measured(cell: str, dtype: str, size: Size, rivals: dict[str, Rival], ours: dict[str, Ours], rounds: int) -> Row:
    large = Product(dtype)
    steps = {name: fastest(known.steps) for name, known in (ours | rivals).items()}
    times = race(steps | {"large": large.step}, rounds)
    microseconds = {name: 1e6 * median(times[name]) for name in steps}
    ratios = {engine: {name: ratio(times[name], times[engine]) for name in rivals} for engine in ours}
    of_peak = ratio(times["large"], times["numpy"]) * flops(cell, *size) / large.flops
    peak = 1e-9 * large.flops / min(times["large"])
    return Row(cell, dtype, *size, len(times["numpy"]), microseconds, ratios, of_peak, peak)


class Benchmark:
    """Our engines and the rivals that are compared."""

    def __init__(self, engines: Sequence[str], rivals: dict[str, type[Rival]], show: Show) -> None:
        self.engines, self.rivals, self.show = engines, rivals, show

    def table(self, cell: str, dtype: str, sizes: Sequence[Size], rounds: int) -> Iterator[Row]:
        """Measure all sizes of one cell, and show each result."""
        names = [name for name in self.rivals if cell in KNOWN[name].cells]
        if not names:
            return
        self.show(f"\n{cell.upper()} in {dtype}: microseconds per update, and the ratios theirs : ours")
        self.show(header(self.engines, names))
        for size in sizes:
            ours = {engine: Ours(cell, *size, dtype, engine=engine) for engine in self.engines}
            rivals = dict(self._agreeing(names, cell, size, ours))
            row = measured(cell, dtype, size, rivals, ours, rounds)
            self.show(line(row, names))
            yield row

    def _agreeing(
        self, names: Sequence[str], cell: str, size: Size, ours: dict[str, Ours]
    ) -> Iterator[tuple[str, Rival]]:
        """Construct the rivals, and check that all compute what ours computes in NumPy."""
        first = ours["numpy"]
        expected, dtype = first.check(), first.batch.x.dtype.name

        def agree(title: str, found: tuple[float, float]) -> None:
            same = all(isclose(a, b, rel_tol=SAME[dtype]) for a, b in zip(found, expected, strict=True))
            assert same, f"{cell} {size}: {title} has loss and gradient norm {found}, NumPy {expected}"

        for engine, net in ours.items():
            agree(engine, net.check())
        for name in names:
            if name not in self.rivals or (name == "torch.compile" and size not in COMPILED):
                continue
            try:
                rival = self.rivals[name](cell, first)
                found = rival.check()
            except Exception as error:
                if name != "torch.compile":
                    raise
                del self.rivals[name]
                self.show(f"torch.compile does not work here: {str(error).splitlines()[0]}")
                continue
            agree(KNOWN[name].title, found)
            yield name, rival


def sizes_of(cell: str, quick: bool, jax: bool) -> list[Size]:
    if jax:
        return [(H, 50, B) for H, B in JAX_SIZES[:: 4 if quick else 1]]
    widths = (4, 16, 64) if quick else (4, 16, 64, 128, 256, 512)
    times = (50,) if quick or cell != "rnn" else (25, 50, 200)
    return list(product(widths, times, (1, 16, 64)))


def summary(rows: Sequence[Row], bars: Sequence[Bar]) -> list[dict[str, Any]]:
    """Return each goal with the value reached, for each precision that was measured."""
    lines: list[dict[str, Any]] = []
    for bar, dtype in product(bars, dict.fromkeys(row.dtype for row in rows)):
        those = [row for row in rows if (row.cell, row.dtype) == (bar.cell, dtype)]
        found = [
            (row.ratios[bar.engine][bar.rival], row) for row in those if bar.rival in row.ratios.get(bar.engine, {})
        ]
        if not found:
            continue
        few = [value for value, row in found if bar.largest >= row.H]
        least, worst = min(found, key=itemgetter(0))
        over = f"mean of {len(few)} sizes" + (f", H ≤ {bar.largest}" if len(few) < len(found) else "")
        goals = (
            (over, geometric_mean(few), bar.mean, ""),
            (f"worst of {len(found)} sizes", least, bar.worst, worst.place),
        )
        for what, value, goal, place in goals:
            loops = ", compiled" if bar.engine == "compiled" else ""
            name = f"{bar.cell.upper()} {dtype}{loops}, {KNOWN[bar.rival].title}: {what}"
            lines.append({"name": name, "value": value, "goal": goal, "reached": value >= goal, "at": place})
    return lines


def shown(goals: Sequence[dict[str, Any]]) -> str:
    """Return the table of goals."""
    lines = [f"{'ratio theirs : ours':<62} {'value':>6} {'goal':>6}"]
    for goal in goals:
        reached = "yes" if goal["reached"] else "no"
        lines.append(f"{goal['name']:<62} {goal['value']:>6.2f} {goal['goal']:>6g}  {reached:<3} {goal['at']}".rstrip())
    return "\n".join(lines)


def where_slower(rows: Sequence[Row]) -> str:
    """Return the sizes at which ours is slower, by engine and rival."""
    if not rows:
        return "Nothing was measured."
    slower: dict[tuple[str, str], list[str]] = {}
    for row in rows:
        for engine, ratios in row.ratios.items():
            for name, value in ratios.items():
                if value < 1:
                    slower.setdefault((engine, name), []).append(f"  {row.place} ({value:.2f})")
    if not slower:
        return "Ours is faster at every size measured."
    return "\n".join(
        "\n".join([f"Ours, {engine}, is slower than {KNOWN[name].title} at", *places])
        for (engine, name), places in sorted(slower.items())
    )


def capture(show: Show) -> list[dict[str, Any]]:
    """Measure the extra cost of an update with capture, in the lab's default precision."""
    found = []
    for B in (1, 16):
        ours = Ours("rnn", 16, 50, B, "float64")
        times = race({"plain": ours.step, "captured": ours.captured}, rounds=60)
        more = ratio(times["captured"], times["plain"]) - 1
        plain = 1e6 * median(times["plain"])
        found.append({"H": 16, "T": 50, "B": B, "microseconds": plain, "more": more, "below": 0.1, "kept": more < 0.1})
        kept = "yes" if more < 0.1 else "no"
        show(f"RNN H=16 T=50 B={B}: {plain:.0f} µs per update, captured {more:+.1%}; must stay below 10 %: {kept}")
    return found


def compared(options: argparse.Namespace, show: Show) -> dict[str, Any]:
    """Measure the tables, and compare them with the goals."""
    names = ["torch", *(["torch.compile"] if options.compile else []), *(["jax"] if options.jax else []), "gist"]
    rivals, missing = installed(names)
    limit_blas_threads()  # of NumPy, and of PyTorch if it has its own BLAS
    packages = [package for name in rivals for package in KNOWN[name].needs.split()]
    versions = {package: version(package) for package in dict.fromkeys(["numpy", *packages])}
    show(", ".join(f"{name} {number}" for name, number in versions.items()))
    for sentence in missing:
        show(sentence)
    engines = ENGINES if find_spec("numba") else ENGINES[:1]
    if len(engines) < len(ENGINES):
        show("Without compiled time loops: numba is not installed (pip install numba).")
    benchmark = Benchmark(engines, rivals, show)
    rows = [
        row
        for dtype, cell in product(options.dtype, options.cells)
        for row in benchmark.table(cell, dtype, sizes_of(cell, options.quick, options.jax), 5 if options.quick else 15)
    ]
    for dtype in options.dtype:
        peak = max((row.peak for row in rows if row.dtype == dtype), default=0)
        show(f"\nPeak, the greatest speed of a product in {dtype}: {peak:.0f} GFLOPS")
    goals = summary(rows, JAX_BARS if options.jax else BARS)
    show(f"\n{shown(goals)}\n\n{where_slower(rows)}")
    return {"versions": versions, "rows": [asdict(row) for row in rows], "summary": goals}


def names_of(known: Iterable[str]) -> Callable[[str], list[str]]:
    """Return a reader of names that are separated by commas."""

    def read(text: str) -> list[str]:
        names = text.split(",")
        if unknown := sorted(set(names) - set(known)):
            raise argparse.ArgumentTypeError(f"choose from {', '.join(known)}, not {', '.join(unknown)}")
        return names

    return read


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--json", action="store_true", help="one JSON object and no tables")
    parser.add_argument("--quick", action="store_true", help="fewer sizes and rounds")
    parser.add_argument("--jax", action="store_true", help="nine sizes, with JAX")
    parser.add_argument("--compile", action="store_true", help="with torch.compile at two sizes")
    parser.add_argument("--cells", type=names_of(GATES), default=list(GATES), help="cells, separated by commas")
    parser.add_argument("--dtype", type=names_of(SAME), help="float32 (default), float64, or both (with --jax)")
    parser.add_argument("--capture", action="store_true", help="only the cost of saving h_t and the gradients")
    options = parser.parse_args()
    options.dtype = options.dtype or (list(SAME) if options.jax else ["float32"])
    show: Show = (lambda _: None) if options.json else (lambda text: print(text, flush=True))
    machine = {"python": platform.python_version(), "machine": platform.machine(), "cpus": os.cpu_count()}
    show(f"Python {machine['python']}, {machine['cpus']} CPUs")
    found = {"capture": capture(show)} if options.capture else compared(options, show)
    if options.json:
        print(json.dumps(machine | found, indent=1))


if __name__ == "__main__":
    main()

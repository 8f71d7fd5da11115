"""Compare the engine's training speed with PyTorch, and with NumPy written one time step at a time:

    python benchmarks/engine.py                      # all sizes, three to six minutes; PyTorch: pip install torch
    python benchmarks/engine.py --quick              # a few sizes, half a minute
    python benchmarks/engine.py --cells gru,lstm --json
    python benchmarks/engine.py --capture            # the cost of saving what the screen shows

All implementations train the same net from the same weights on the same data, in float32 and on one thread: forward,
squared error at every time step, backpropagation through all time steps, clipping by the global norm, Adam.  They are
timed in blocks of updates, all in each round; a ratio is the median over the rounds.  Before that, the benchmark
checks that all compute the same loss and gradient norm.
"""

import argparse
import gc
import json
import os
import platform
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from itertools import product
from math import ceil, isclose
from statistics import geometric_mean, median
from time import perf_counter
from typing import Any

from rivals import GATES, NUMPY, TORCH, Ours, PerTimeStep, Torch

ALONE = "PyTorch is not installed (pip install torch): only the RNN is compared, with per-time-step NumPy."
RIVALS = {"torch": "PyTorch", "gist": "per-time-step NumPy"}
SMALL = 64  # largest H of the nets that are typical for the lab
BARS = (  # cell, rival, required geometric mean over the small nets, required ratio at the worst size
    ("rnn", "torch", 10.0, 1.0),
    ("gru", "torch", 7.0, 0.75),
    ("lstm", "torch", 1.9, 0.6),
    ("rnn", "gist", 6.0, 1.0),
)
COLUMNS = "{:>4} {:>4} {:>3} {:>12} {:>12} {:>7} {:>20} {:>7}  {}"
BAR = "{:<52} {:>6} {:>11}  {:<4} {}"


@dataclass(frozen=True)
class Row:
    """``microseconds`` per update by implementation; ``ratios`` by rival, above 1 if ours is faster."""

    cell: str
    H: int
    T: int
    B: int
    rounds: int
    microseconds: dict[str, float]
    ratios: dict[str, float]

    def __str__(self) -> str:
        numbers = [f"{self.microseconds['ours']:.0f}"]
        for rival in RIVALS:
            there = rival in self.ratios
            numbers += [f"{self.microseconds[rival]:.0f}", f"{self.ratios[rival]:.2f}"] if there else ["", ""]
        mark = "slower" if min(self.ratios.values()) < 1 else ""
        return COLUMNS.format(self.H, self.T, self.B, *numbers, mark).rstrip()


def block(step: Callable[[], None], count: int) -> float:
    """Return the seconds per call."""
    begin = perf_counter()
    for _ in range(count):
        step()
    return (perf_counter() - begin) / count


def calibrated(step: Callable[[], None], seconds: float = 0.02) -> tuple[int, float]:
    """Return the number of calls in a block of ``seconds``, and the seconds per call, after warming up."""
    step()
    count = 1
    while (each := block(step, count)) * count < seconds / 2:
        count *= 2
    return ceil(seconds / each), each


def race(steps: dict[str, Callable[[], None]], rounds: int, budget: float = 2.5) -> dict[str, list[float]]:
    """Return the seconds per call of each in each round; at most ``rounds``, and about ``budget`` seconds."""
    calls = {name: calibrated(step) for name, step in steps.items()}
    rounds = max(3, min(rounds, int(budget / sum(count * each for count, each in calls.values()))))
    gc.collect()
    gc.disable()
    try:
        passed = [{name: block(step, calls[name][0]) for name, step in steps.items()} for _ in range(rounds)]
    finally:
        gc.enable()
    return {name: [times[name] for times in passed] for name in steps}


def ratio(slow: Sequence[float], fast: Sequence[float]) -> float:
    return median(a / b for a, b in zip(slow, fast, strict=True))


def measured(cell: str, size: tuple[int, int, int], rounds: int) -> Row:
    ours = Ours(cell, *size)
    rivals: dict[str, Torch | PerTimeStep] = {} if TORCH is None else {"torch": Torch(cell, ours)}
    if cell == "rnn":
        rivals["gist"] = PerTimeStep(ours)
    expected = ours.check()
    for name, rival in rivals.items():
        found = rival.check()
        same = all(isclose(a, b, rel_tol=1e-3) for a, b in zip(found, expected, strict=True))
        assert same, f"{cell} {size}: {RIVALS[name]} has loss and gradient norm {found}, ours {expected}"
        if isinstance(rival, Torch):
            rival.choose(lambda step: calibrated(step)[1])
    times = race({"ours": ours.step} | {name: rival.step for name, rival in rivals.items()}, rounds)
    microseconds = {name: 1e6 * median(seconds) for name, seconds in times.items()}
    ratios = {name: ratio(times[name], times["ours"]) for name in rivals}
    return Row(cell, *size, len(times["ours"]), microseconds, ratios)


def table(cell: str, quick: bool, show: Callable[[object], None]) -> list[Row]:
    """Measure all sizes of one cell, and show each result."""
    if TORCH is None and cell != "rnn":
        return []
    show(f"\n{cell.upper()}, microseconds per update, and the ratio theirs : ours")
    show(COLUMNS.format("H", "T", "B", "ours", "PyTorch", "ratio", "per-time-step NumPy", "ratio", "").rstrip())
    widths = (4, 16, 64) if quick else (4, 16, 64, 128, 256, 512)
    times = (50,) if quick or cell != "rnn" else (25, 50, 200)
    rows = []
    for size in product(widths, times, (1, 16, 64)):
        rows.append(measured(cell, size, rounds=5 if quick else 15))
        show(rows[-1])
    return rows


def place(row: Row) -> str:
    return f"{row.cell.upper()} H={row.H} T={row.T} B={row.B}"


def summary(rows: Sequence[Row], show: Callable[[object], None]) -> list[dict[str, Any]]:
    """Return each target with the value reached; None if nothing was measured."""
    lines: list[dict[str, Any]] = []
    show("\n" + BAR.format("ratio theirs : ours", "value", "must reach", "", ""))
    for cell, rival, small_bar, worst_bar in BARS:
        found = [row for row in rows if row.cell == cell and rival in row.ratios]
        small = [row.ratios[rival] for row in found if row.H <= SMALL]
        worst = min(found, key=lambda row: row.ratios[rival], default=None)
        who = cell.upper() if rival == "torch" else RIVALS[rival]
        values = (geometric_mean(small), worst.ratios[rival]) if small and worst else (None, None)
        names = f"geometric mean over H ≤ {SMALL}", f"worst of all {len(found)} cells" if found else "worst cell"
        for name, value, bar, at in zip(names, values, (small_bar, worst_bar), (None, worst), strict=True):
            where, reached = at and place(at), None if value is None else value >= bar
            lines.append({"name": f"{who} {name}", "value": value, "must_reach": bar, "reached": reached, "at": where})
            shown = ("–", "–") if value is None else (f"{value:.2f}", "yes" if reached else "no")
            show(BAR.format(f"{who} {name}", shown[0], bar, shown[1], where or "").rstrip())
    return lines


def losses(rows: Sequence[Row]) -> str:
    """Return a sentence on the sizes at which ours is slower."""
    lost = [f"{RIVALS[k]} at {place(row)} ({v:.2f})" for row in rows for k, v in row.ratios.items() if v < 1]
    if not rows:
        return "Nothing was measured."
    return f"Ours is slower than {'; '.join(lost)}." if lost else "Ours is faster at every size measured."


def capture(show: Callable[[object], None]) -> list[dict[str, Any]]:
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


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--json", action="store_true", help="one JSON object and no tables")
    parser.add_argument("--quick", action="store_true", help="H up to 64, T = 50, fewer rounds")
    parser.add_argument("--cells", default="rnn,gru,lstm", help="cells, separated by commas")
    parser.add_argument("--capture", action="store_true", help="only the cost of saving h_t and the gradients")
    options = parser.parse_args()
    cells = options.cells.split(",")
    if unknown := set(cells) - set(GATES):
        parser.error(f"no such cell: {', '.join(sorted(unknown))}")
    show: Callable[[object], None] = (lambda _: None) if options.json else (lambda text: print(text, flush=True))
    versions = {"python": platform.python_version(), "numpy": NUMPY, "torch": TORCH}
    about = {"versions": versions, "machine": platform.machine(), "cpus": os.cpu_count(), "quick": options.quick}
    show(", ".join(f"{name} {version}" for name, version in versions.items() if version) + f", {os.cpu_count()} CPUs")
    if options.capture:
        found: dict[str, Any] = {"capture": capture(show)}
    else:
        if TORCH is None:
            print(ALONE, file=sys.stderr if options.json else sys.stdout)
        rows = [row for cell in cells for row in table(cell, options.quick, show)]
        found = {"rows": [asdict(row) for row in rows], "summary": summary(rows, show)}
        show(f"\n{losses(rows)}")
    if options.json:
        print(json.dumps(about | found, indent=1))


if __name__ == "__main__":
    main()

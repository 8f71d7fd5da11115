"""Time calls in interleaved blocks, and read the memory of this process."""

import gc
import os
from collections.abc import Callable, Mapping, Sequence
from math import ceil
from pathlib import Path
from statistics import median
from time import perf_counter

Step = Callable[[], None]


def block(step: Step, count: int) -> float:
    """Return the seconds per call."""
    begin = perf_counter()
    for _ in range(count):
        step()
    return (perf_counter() - begin) / count


def calibrated(step: Step, seconds: float = 0.02) -> tuple[int, float]:
    """Return the number of calls in a block of ``seconds``, and the seconds per call, after warming up."""
    step()
    count = 1
    while (each := block(step, count)) * count < seconds / 2:
        count *= 2
    return ceil(seconds / each), each


def race(steps: Mapping[str, Step], rounds: int, budget: float = 2.5) -> dict[str, list[float]]:
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


def fastest(steps: Sequence[Step]) -> Step:
    return steps[0] if len(steps) == 1 else min(steps, key=lambda step: calibrated(step)[1])


def ratio(slow: Sequence[float], fast: Sequence[float]) -> float:
    """Return the median over the rounds of the ratio of two times."""
    return median(a / b for a, b in zip(slow, fast, strict=True))


def resident() -> float:
    """Return the memory of this process in MiB (Linux)."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20

"""Measure how many frames a session computes per second of processor time, by their demands:

    python benchmarks/frames.py            # a quarter of a minute

Prints a row for each preset: frames with everything, with the demands of all panels at 120 × 36, of the hidden state
only, and of none; and updates, for comparison.
"""

import time
from collections.abc import Callable
from functools import partial
from statistics import median

from rnn_tui.presets.store import find, load
from rnn_tui.session.frame import Demand
from rnn_tui.session.session import Session

PRESETS = ("echo", "letters", "wave", "cells", "adding-long")
ROWS = {
    "everything": Demand.EVERYTHING,
    "all panels": Demand.PROBE | Demand.SCORE | Demand.TEXT,
    "hidden state": Demand.PROBE,
    "histories": Demand.NOTHING,
}
SECONDS = 0.5


def seconds_of(work: Callable[[], object]) -> float:
    """Return the median processor time of one call, over half a second or more."""
    times: list[float] = []
    end = time.process_time() + SECONDS
    while time.process_time() < end or len(times) < 3:
        begin = time.process_time()
        work()
        times.append(time.process_time() - begin)
    return median(times)


def main() -> None:
    print(f"{'frames/s':<14}{''.join(f'{name:>14}' for name in ROWS)}{'updates/s':>14}")
    for name in PRESETS:
        session = Session(load(find(name)).preset)
        session.forward(20)
        rates = [1 / seconds_of(partial(session.frame, demands)) for demands in ROWS.values()]
        rates.append(1 / seconds_of(session.forward))
        print(f"{name:<14}{''.join(f'{rate:>14,.0f}' for rate in rates)}")


if __name__ == "__main__":
    main()

"""Does training stay finite?  Every bundled preset for ten thousand updates, far beyond its own number of them.

    OPENBLAS_NUM_THREADS=1 python benchmarks/endurance.py                       # all of them; some minutes
    OPENBLAS_NUM_THREADS=1 python benchmarks/endurance.py --steps 1000 text     # fewer updates, these presets only

Prints one line for each preset: the steps reached, whether all numbers were finite there or which lane diverged, each
lane's loss on the last training batch, the largest absolute value of any parameter, and the seconds it took.  Exit
code 1 if a preset diverged that is not meant to.
"""

import argparse
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from rnn_tui.presets import store
from rnn_tui.session.frame import Frame
from rnn_tui.session.session import Session
from rnn_tui.session.timeline import Diverged

DIVERGE = {"exploding"}  # on purpose
LINE = "{:<13} {:>6}  {:<28} {:>11} {:>8}  {}"


@dataclass(frozen=True)
class Outcome:
    frame: Frame
    diverged: bool
    seconds: float


def bundled(names: Sequence[str]) -> list[str]:
    """The names given, or those of all bundled presets."""
    return list(names) or [entry.name for entry in store.entries() if not entry.own]


def endured(name: str, steps: int) -> Outcome:
    """The bench after so many updates, or where a lane diverged."""
    session = Session(store.load(store.bundled_folder() / f"{name}.toml").preset)
    diverged, begin = False, time.perf_counter()
    try:
        session.forward(steps)
    except Diverged:
        diverged = True
    seconds = time.perf_counter() - begin
    return Outcome(session.frame(), diverged, seconds)


def finite(frame: Frame) -> bool:
    """Whether all parameters, states, answers and losses are."""
    return all(
        np.isfinite(array).all()
        for lane in frame.lanes
        for array in (*lane.weights.values(), *lane.states.values(), lane.logits, lane.losses.values)
    )


def line(name: str, outcome: Outcome) -> str:
    frame = outcome.frame
    state = "finite" if finite(frame) else "not finite"
    if outcome.diverged:
        state = frame.notice.partition(";")[0]
    largest = max(float(np.abs(weights).max()) for lane in frame.lanes for weights in lane.weights.values())
    losses = "  ".join(f"{lane.label} {lane.losses.values[-1]:.4g}" for lane in frame.lanes if len(lane.losses))
    return LINE.format(name, f"{frame.step:,}", state, f"{largest:.4g}", f"{outcome.seconds:.1f}", losses).rstrip()


def main() -> int:
    parser = argparse.ArgumentParser(description="Train the bundled presets for a long time.")
    parser.add_argument("--steps", type=int, default=10_000, help="updates of each preset (default: 10,000)")
    parser.add_argument("presets", nargs="*", help="names of bundled presets (default: all)")
    options = parser.parse_args()
    print(LINE.format("preset", "steps", "all numbers", "largest |θ|", "seconds", "last losses"))
    bad = []
    for name in bundled(options.presets):
        outcome = endured(name, options.steps)
        print(line(name, outcome), flush=True)
        if name not in DIVERGE and (outcome.diverged or not finite(outcome.frame)):
            bad.append(name)
    return int(bool(bad))


if __name__ == "__main__":
    sys.exit(main())

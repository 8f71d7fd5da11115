"""Check that training stays finite: train every bundled preset for ten thousand updates, far beyond its own number.

    python benchmarks/endurance.py                       # all presets; some minutes
    python benchmarks/endurance.py --steps 1000 text     # fewer updates, only these presets

Prints one line for each preset: the steps reached, whether all numbers were finite or which lane diverged, the largest
absolute value of a parameter, the seconds, and each lane's loss on the last training batch.  The exit code is 1 if a
preset diverged unexpectedly.
"""

import argparse
import sys
import time

import numpy as np
from harness import Outcome, bundled_names, bundled_preset, trained

from rnn_tui.experiments.blas_threads import limit_blas_threads
from rnn_tui.experiments.training_run import TrainingRun

DIVERGE = {"exploding"}  # on purpose
LINE = "{:<13} {:>6}  {:<28} {:>11} {:>8}  {}"


def finite(run: TrainingRun, outcome: Outcome) -> bool:
    """Tell if all parameters, all losses and gradient norms so far, and the held-out losses are finite."""
    arrays = [
        array for line in run.timelines for array in (line.state.parameters.flat, line.losses.values, line.norms.values)
    ]
    scores = [lane.score.loss for lane in outcome.evaluation.lanes]
    return all(np.isfinite(array).all() for array in (*arrays, scores))


def line(name: str, run: TrainingRun, outcome: Outcome, seconds: float) -> str:
    state = "finite" if finite(run, outcome) else "not finite"
    if outcome.diverged:
        state = f"{outcome.diverged} diverged at step {outcome.step:,}"
    largest = max(float(np.abs(line.state.parameters.flat).max()) for line in run.timelines)
    lanes = zip(outcome.evaluation.lanes, run.timelines, strict=True)
    losses = "  ".join(f"{lane.label} {line.losses.values[-1]:.4g}" for lane, line in lanes if line.step)
    return LINE.format(name, f"{outcome.step:,}", state, f"{largest:.4g}", f"{seconds:.1f}", losses).rstrip()


def main() -> int:
    parser = argparse.ArgumentParser(description="Train the bundled presets for a long time.")
    parser.add_argument("--steps", type=int, default=10_000, help="updates of each preset (default: 10,000)")
    parser.add_argument("presets", nargs="*", help="names of bundled presets (default: all)")
    options = parser.parse_args()
    print(LINE.format("preset", "steps", "all numbers", "largest |θ|", "seconds", "last losses"))
    bad = []
    limit_blas_threads()
    for name in bundled_names(options.presets):
        run, begin = TrainingRun.from_preset(bundled_preset(name), curves=True), time.perf_counter()
        outcome = trained(run, options.steps)
        print(line(name, run, outcome, time.perf_counter() - begin), flush=True)
        if name not in DIVERGE and (outcome.diverged or not finite(run, outcome)):
            bad.append(name)
    return int(bool(bad))


if __name__ == "__main__":
    sys.exit(main())

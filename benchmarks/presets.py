"""Measure the bundled presets, each for its own number of steps, over several seeds.

    python benchmarks/presets.py                 # all presets, seeds 0, 1, 2
    python benchmarks/presets.py echo text       # only these presets
    python benchmarks/presets.py --check         # check the claims of the ``expect`` texts
    python benchmarks/presets.py --nudged 1 parity    # check them with slightly different initial weights

Without ``--check`` it prints one line for each preset and lane, measured on held-out sequences: the loss, and accuracy
or R², with median and range over the seeds, the floor, and the step at which the lane diverged.  With ``--check`` it
prints each claim of claims.py, the measured values for each seed, and ✓ or ✗; the exit code is 1 if a claim is false.
Either takes about six minutes.  ``--nudged N`` is ``--check`` with other last bits in all initial weights, depending on
N: another CPU or BLAS rounds differently, and chaotic training then gives another net.  Claims must hold there too.
"""

import sys
from argparse import ArgumentParser
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import groupby
from math import isfinite

import numpy as np
from claim import Claim
from claims import CLAIMS
from harness import SEEDS, Outcome, bundled_names, bundled_preset, spread, trained

from rnn_tui.engine.training import TrainState
from rnn_tui.experiments.blas_threads import limit_blas_threads
from rnn_tui.experiments.training_run import TrainingRun
from rnn_tui.presets.preset import Preset
from rnn_tui.session.experiment import Experiment
from rnn_tui.session.session import Session

LINE = "{:<14} {:<9} {:<36} {:<9} {:<26} {:<7} {}"
Finding = tuple[float, float]  # what was measured, and what it is compared with


def line(name: str, index: int, outcomes: Sequence[Outcome]) -> str:
    """Return the line for one lane of a preset over all seeds."""
    first = outcomes[0].evaluation.lanes[index]
    scores = [outcome.evaluation.lanes[index].score for outcome in outcomes]
    scores = [score for score in scores if isfinite(score.loss)]
    graded = first.score.accuracy is not None
    losses, grades = [score.loss for score in scores], [score.accuracy if graded else score.r2 for score in scores]
    floor = "" if first.floor is None else ("" if first.floor.exact else "≈") + f"{first.floor.loss:.4f}"
    ends = [str(outcome.step) for outcome in outcomes if outcome.diverged == first.name]
    note = f"diverged at step {', '.join(ends)}" if ends else ""
    kind = "accuracy" if graded else "R²"
    return LINE.format(name, first.label, spread(losses), kind, spread(grades), floor, note).rstrip()


def findings(name: str, claims: Sequence[Claim]) -> Iterator[tuple[Claim, list[Finding]]]:
    """Yield each claim with the findings for its seeds; claims with equal settings share one run for each seed."""
    by_settings = sorted(claims, key=lambda claim: str((claim.changed, claim.applied)))
    for (changed, applied), group in groupby(by_settings, key=lambda claim: (claim.changed, claim.applied)):
        same, found = list(group), {}
        for seed in sorted({seed for claim in same for seed in claim.seeds}):
            preset = bundled_preset(name, {**dict(changed), "training.seed": seed})
            run, end = begun(preset, same[0].lane, applied), preset.training.steps
            for step in sorted({claim.at(end) for claim in same}):
                outcome = trained(run, step)
                for claim in same:
                    if claim.at(end) == step and seed in claim.seeds:
                        found[claim, seed] = claim.measured(outcome), claim.target(outcome)
        yield from ((claim, [found[claim, seed] for seed in claim.seeds]) for claim in same)


def begun(preset: Preset, lane: str, applied: tuple[int, str] | None) -> TrainingRun | Session:
    """Return a run of a preset; ``applied``: already at a step, from which the lane has an intervention."""
    if applied is None:
        return TrainingRun.from_preset(preset)
    run, (step, intervention) = Session(preset), applied
    run.forward(step)
    run.change({f"lanes.{preset.names.index(lane)}.interventions": [intervention]})
    return run


def checked(name: str) -> bool:
    """Print a preset's claims and the measured values; return whether all claims are true."""
    good = True
    for claim, found in findings(name, CLAIMS[name]):
        stands = claim.stands([claim.holds(measured, value) for measured, value in found])
        good = good and stands
        values = "  ".join(f"{measured:.4g}" for measured, _ in found)
        against = "" if isinstance(claim.value, float | int) else f"  (of {found[0][1]:.4g})"
        print(f"{'✓' if stands else '✗'} {name:<14} {claim!s:<52} {values}{against}", flush=True)
    return good


@contextmanager
def nudged(machine: int) -> Iterator[None]:
    """Change the last bits of all initial weights in this context; 0: no change."""
    start = Experiment.start

    def elsewhere(run: Experiment, lane: int) -> TrainState:
        state = start(run, lane)
        flat, rng = state.parameters.flat, np.random.default_rng([machine, lane])
        flat *= (1 + np.finfo(flat.dtype).eps * rng.integers(-2, 3, flat.shape)).astype(flat.dtype)
        return state

    Experiment.start = elsewhere if machine else start  # type: ignore[method-assign]
    try:
        yield
    finally:
        Experiment.start = start  # type: ignore[method-assign]


def main() -> None:
    parser = ArgumentParser()
    parser.add_argument("names", nargs="*")
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--nudged", type=int, default=0)
    asked = parser.parse_args()
    names = bundled_names(asked.names)
    limit_blas_threads()
    if asked.check or asked.nudged:
        with nudged(asked.nudged):
            false = [name for name in names if not checked(name)]
        sys.exit(f"false claims in {', '.join(false)}" if false else 0)
    print(LINE.format("preset", "lane", "loss", "score", "", "floor", ""))
    for name in names:
        presets = [bundled_preset(name, {"training.seed": seed}) for seed in SEEDS]
        outcomes = [trained(TrainingRun.from_preset(preset), preset.training.steps) for preset in presets]
        for index in range(len(presets[0].lanes)):
            print(line(name, index, outcomes), flush=True)


if __name__ == "__main__":
    main()

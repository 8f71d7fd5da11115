"""What the bundled presets come to: every one for its own number of steps, over several seeds.

    OPENBLAS_NUM_THREADS=1 python benchmarks/presets.py                 # all of them, seeds 0, 1, 2
    OPENBLAS_NUM_THREADS=1 python benchmarks/presets.py echo text       # these only
    OPENBLAS_NUM_THREADS=1 python benchmarks/presets.py --check         # is what they say under ``expect`` true?
    OPENBLAS_NUM_THREADS=1 python benchmarks/presets.py --nudged 1 parity    # is it still, if first weights differ?

Without ``--check`` it prints one line for each preset and lane, measured on held-out sequences: the loss, accuracy or
R², their median and range over the seeds, the floor, and where the lane diverged.  With it, each claim of claims.py,
what was measured for each seed, and ✓ or ✗; it exits with 1 where one is false.  Either takes about six minutes.
``--nudged N`` is ``--check`` with other last bits in all first weights, others for each N: another CPU or BLAS rounds
otherwise, and where training is chaotic another net comes of it.  A claim must hold there too.
"""

import sys
from argparse import ArgumentParser
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from itertools import groupby
from math import isfinite
from statistics import median

import numpy as np
from claim import SEEDS, Claim
from claims import CLAIMS

from rnn_tui.engine.training import TrainState
from rnn_tui.presets import store
from rnn_tui.presets.preset import Preset
from rnn_tui.session.experiment import Run
from rnn_tui.session.frame import Frame
from rnn_tui.session.session import Session
from rnn_tui.session.timeline import Diverged

LINE = "{:<14} {:<9} {:<36} {:<9} {:<26} {:<7} {}"
Finding = tuple[float, float]  # what was measured, and what it is compared with


def bundled(names: Sequence[str]) -> list[str]:
    """The names given, or those of all bundled presets."""
    return list(names) or [entry.name for entry in store.entries() if not entry.own]


def opened(name: str, changes: dict[str, object]) -> Preset:
    return store.load(store.bundled_folder() / f"{name}.toml", changes).preset


def advanced(session: Session, step: int) -> Frame:
    """The bench at a step, or where a lane diverged before it: then the frame's notice says so."""
    with suppress(Diverged):
        session.forward(step - session.step)
    return session.frame()


def trained(name: str, seed: int) -> Frame:
    """The bench after the preset's steps."""
    preset = opened(name, {"training.seed": seed})
    return advanced(Session(preset), preset.training.steps)


def spread(values: Sequence[float | None]) -> str:
    """The median and the range, where there are any."""
    numbers = [value for value in values if value is not None]
    if not numbers:
        return "–"
    return f"{median(numbers):.4g} ({min(numbers):.4g} to {max(numbers):.4g})"


def line(name: str, index: int, frames: Sequence[Frame]) -> str:
    """One lane of a preset over all seeds."""
    first = frames[0].lanes[index]
    scores = [frame.lanes[index].score for frame in frames]
    scores = [score for score in scores if isfinite(score.loss)]
    graded = first.score.accuracy is not None
    losses, grades = [score.loss for score in scores], [score.accuracy if graded else score.r2 for score in scores]
    floor = "" if first.floor is None else ("" if first.floor.exact else "≈") + f"{first.floor.loss:.4f}"
    ends = [str(frame.step) for frame in frames if frame.notice.startswith(f"{first.name} diverged")]
    note = f"diverged at step {', '.join(ends)}" if ends else ""
    kind = "accuracy" if graded else "R²"
    return LINE.format(name, first.label, spread(losses), kind, spread(grades), floor, note).rstrip()


def findings(name: str, claims: Sequence[Claim]) -> Iterator[tuple[Claim, list[Finding]]]:
    """Each claim and what was found for each of its seeds; presets with the same settings are trained once a seed."""
    by_settings = sorted(claims, key=lambda claim: str(claim.changed))
    for changed, group in groupby(by_settings, key=lambda claim: claim.changed):
        same, found = list(group), {}
        for seed in sorted({seed for claim in same for seed in claim.seeds}):
            preset = opened(name, {**dict(changed), "training.seed": seed})
            session, end = Session(preset), preset.training.steps
            for step in sorted({claim.at(end) for claim in same}):
                frame = advanced(session, step)
                for claim in same:
                    if claim.at(end) == step and seed in claim.seeds:
                        found[claim, seed] = claim.measured(frame), claim.target(frame)
        yield from ((claim, [found[claim, seed] for seed in claim.seeds]) for claim in same)


def checked(name: str) -> bool:
    """Print a preset's claims and what was measured; whether all of them are true."""
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
    """In it, all first weights have other last bits than here; 0: the same."""
    start = Run.start

    def elsewhere(run: Run, lane: int) -> TrainState:
        state = start(run, lane)
        flat, rng = state.parameters.flat, np.random.default_rng([machine, lane])
        flat *= (1 + np.finfo(flat.dtype).eps * rng.integers(-2, 3, flat.shape)).astype(flat.dtype)
        return state

    Run.start = elsewhere if machine else start  # type: ignore[method-assign]
    try:
        yield
    finally:
        Run.start = start  # type: ignore[method-assign]


def main() -> None:
    parser = ArgumentParser()
    parser.add_argument("names", nargs="*")
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--nudged", type=int, default=0)
    asked = parser.parse_args()
    names = bundled(asked.names)
    if asked.check or asked.nudged:
        with nudged(asked.nudged):
            false = [name for name in names if not checked(name)]
        sys.exit(f"false claims in {', '.join(false)}" if false else 0)
    print(LINE.format("preset", "lane", "loss", "score", "", "floor", ""))
    for name in names:
        frames = [trained(name, seed) for seed in SEEDS]
        for index in range(len(frames[0].lanes)):
            print(line(name, index, frames), flush=True)


if __name__ == "__main__":
    main()

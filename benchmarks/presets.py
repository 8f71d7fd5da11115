"""What the bundled presets come to: every one for its own number of steps, over several seeds.

    OPENBLAS_NUM_THREADS=1 python benchmarks/presets.py                 # all of them, seeds 0, 1, 2; about a minute
    OPENBLAS_NUM_THREADS=1 python benchmarks/presets.py echo text       # these only

Prints one line for each preset and lane, measured on held-out sequences: the loss, accuracy or R², their median and
range over the seeds, the floor, and where the lane diverged.  The sentences under ``expect`` in presets/*.toml rest on
this.
"""

import sys
from collections.abc import Sequence
from contextlib import suppress
from math import isfinite
from statistics import median

from rnn_tui import library
from rnn_tui.session.frame import Frame
from rnn_tui.session.session import Session
from rnn_tui.session.timeline import Diverged

SEEDS = (0, 1, 2)
LINE = "{:<13} {:<8} {:<36} {:<9} {:<26} {:<7} {}"


def bundled(names: Sequence[str]) -> list[str]:
    """The names given, or those of all bundled presets."""
    return list(names) or [entry.name for entry in library.entries() if not entry.own]


def trained(name: str, seed: int) -> Frame:
    """The bench after the preset's steps, or where a lane diverged: then the frame's notice says so."""
    preset = library.load(library.bundled_folder() / f"{name}.toml", {"training.seed": seed}).preset
    session = Session(preset)
    with suppress(Diverged):
        session.forward(preset.training.steps)
    return session.frame()


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


def main() -> None:
    print(LINE.format("preset", "lane", "loss", "score", "", "floor", ""))
    for name in bundled(sys.argv[1:]):
        frames = [trained(name, seed) for seed in SEEDS]
        for index in range(len(frames[0].lanes)):
            print(line(name, index, frames), flush=True)


if __name__ == "__main__":
    main()

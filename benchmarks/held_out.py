"""Measure what the held-out curve costs: updates of a session with and without it.

    python benchmarks/held_out.py [--steps 5000] [PRESET …]

Prints for each preset the number of measurements, and the speed of training with them as a share of that without them,
for the first tenth of the steps, for all steps, and for the second half.
"""

import argparse
import time

from harness import bundled_preset

from rnn_tui.engine.held_out_history import is_measured
from rnn_tui.experiments.blas_threads import limit_blas_threads
from rnn_tui.session.session import Session

PRESETS = ("echo", "letters", "wave", "copy", "gates", "text", "csv")


def seconds(name: str, marks: list[int], measuring: bool) -> list[float]:
    """Return the process time at which each of the steps ``marks`` is reached."""
    session = Session(bundled_preset(name))
    if not measuring:
        for timeline in session.timelines:
            timeline._measure = None
    session.evaluate()  # allocates the buffers
    begin, found = time.process_time(), []
    for mark in marks:
        session.forward(mark - session.step)
        found.append(time.process_time() - begin)
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("presets", nargs="*", default=PRESETS)
    parser.add_argument("--steps", type=int, default=5000)
    args = parser.parse_args()
    limit_blas_threads()
    marks = [args.steps // 10, args.steps // 2, args.steps]
    count = sum(map(is_measured, range(args.steps + 1)))
    print(f"{count} measurements in {args.steps:,} steps; speed with them:")
    for name in args.presets:
        rounds = [(seconds(name, marks, False), seconds(name, marks, True)) for _ in range(3)]
        without, measured = ([min(times) for times in zip(*side, strict=True)] for side in zip(*rounds, strict=True))
        shares = [without[i] / measured[i] for i in (0, 2)]
        shares.append((without[2] - without[1]) / (measured[2] - measured[1]))
        print(f"{name:12}" + "".join(f"{text} {share:6.1%}   " for text, share in zip(
            ("first tenth", "all steps", "second half"), shares, strict=True)))  # fmt: skip


if __name__ == "__main__":
    main()

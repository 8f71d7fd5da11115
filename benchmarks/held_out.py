"""Measure what the held-out curve costs:

    python benchmarks/held_out.py [--steps 5000] [PRESET …]

Trains each preset in a session, and prints the number of measurements and their share of the time, for the first tenth
of the steps, for all steps, and for the second half.
"""

import argparse
import time

from harness import bundled_preset

from rnn_tui.engine.held_out_history import is_measured
from rnn_tui.engine.training import Learner, TrainState
from rnn_tui.experiments.blas_threads import limit_blas_threads
from rnn_tui.session.held_out_loss import HeldOutLoss
from rnn_tui.session.session import Session

PRESETS = ("echo", "letters", "wave", "copy", "gates", "text", "csv")


class Clock:
    """A measure of the held-out loss that adds up its own time."""

    def __init__(self, measure: HeldOutLoss) -> None:
        self.measure, self.seconds = measure, 0.0

    def __call__(self, learner: Learner, state: TrainState) -> float:
        begin = time.perf_counter()
        loss = self.measure(learner, state)
        self.seconds += time.perf_counter() - begin
        return loss


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("presets", nargs="*", default=PRESETS)
    parser.add_argument("--steps", type=int, default=5000)
    args = parser.parse_args()
    limit_blas_threads()
    print(
        f"{sum(map(is_measured, range(args.steps + 1)))} measurements in {args.steps:,} steps; their share of the time:"
    )
    for name in args.presets:
        session = Session(bundled_preset(name))
        session.evaluate()  # allocates the buffers
        clocks = [Clock(session.held_out_loss(session.experiment, i)) for i in range(len(session.timelines))]
        for timeline, clock in zip(session.timelines, clocks, strict=True):
            timeline._measure = clock  # type: ignore[assignment]
        found, begin = [(0.0, 0.0)], time.perf_counter()
        for mark in (args.steps // 10, args.steps // 2, args.steps):
            session.forward(mark - session.step)
            found.append((sum(clock.seconds for clock in clocks), time.perf_counter() - begin))
        zero, first, half, end = found
        parts = {"first tenth": (zero, first), "all": (zero, end), "second half": (half, end)}
        shares = {text: (b[0] - a[0]) / (b[1] - a[1]) for text, (a, b) in parts.items()}
        print(f"{name:10}" + "   ".join(f"{text} {share:5.1%}" for text, share in shares.items()))


if __name__ == "__main__":
    main()

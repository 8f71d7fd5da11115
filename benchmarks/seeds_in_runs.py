"""Estimate how much faster the runs of a sweep would be if their seeds were trained as one:

    python benchmarks/seeds_in_runs.py              # every bundled preset, four minutes
    python benchmarks/seeds_in_runs.py echo gates

For each preset, a run is trained as a sweep trains it, and two times of its recurrent lanes are measured: that of their
passes, with the forward passes over held-out sequences; and that of their updates, each with its passes, loss, gradient
norm and optimizer.  Then ``seeds_as_one.py`` measures the updates of nets of the lane's size, apart and as one.  If
only these updates were faster, the run would be so many times as fast (Amdahl 1967):

    1 / (1 - Σ_l share_l (1 - 1 / ratio_l))        over the recurrent lanes l

This favors training as one: the loss of the measured nets is a squared error with one output, the cheapest one.  There
is no GRU as one; it counts as an LSTM.
"""

import argparse
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from statistics import median
from time import perf_counter
from typing import Any

from harness import bundled_names, bundled_preset
from seeds_as_one import timed
from timing import ratio

from rnn_tui.engine.models import RecurrentModel
from rnn_tui.engine.training import Learner
from rnn_tui.experiments.blas_threads import limit_blas_threads
from rnn_tui.experiments.jobs import Job, run_job

SEEDS, STEPS = 8, 1000
MEASURED_AS = {"rnn": "rnn", "gru": "lstm", "lstm": "lstm"}
WORTH = 1.3  # from this factor on, training as one would be worth its code


@contextmanager
def stopwatch(owner: type, method: str, model_of: Callable[[Any], object]) -> Iterator[dict[object, float]]:
    """Add up the seconds in calls of a method by model, while the context lasts."""
    original, passed = getattr(owner, method), defaultdict[object, float](float)

    def watched(self: Any, *arguments: Any) -> Any:
        begin = perf_counter()
        try:
            return original(self, *arguments)
        finally:
            passed[model_of(self)] += perf_counter() - begin

    setattr(owner, method, watched)
    try:
        yield passed
    finally:
        setattr(owner, method, original)


def shares(job: Job) -> tuple[float, float, dict[RecurrentModel, float]]:
    """Return the seconds of a run, the share of the recurrent passes, and that of the updates by recurrent model."""
    with (
        stopwatch(RecurrentModel, "forward", lambda model: model) as forward,
        stopwatch(RecurrentModel, "backward", lambda model: model) as backward,
        stopwatch(Learner, "step", lambda learner: learner.model) as updates,
    ):
        begin = perf_counter()
        run_job(job)
        seconds = perf_counter() - begin
    passes = (sum(forward.values()) + sum(backward.values())) / seconds
    return seconds, passes, {m: t / seconds for m, t in updates.items() if isinstance(m, RecurrentModel)}


@cache
def gain(cell: str, H: int, B: int, dtype: str, T: int) -> float:
    """Return how many times as fast the seeds' updates are as one."""
    times = timed(MEASURED_AS[cell], H, B, SEEDS, dtype, T)
    return ratio(times["apart"], times["one"])


def measured(name: str) -> float:
    """Print and return the factor for the runs of a preset."""
    preset = bundled_preset(name)
    training = preset.training
    job = Job(0, preset.document(), {}, STEPS)
    run_job(job)  # reads the data and computes the floors
    seconds, passes, updates = shares(job)
    T, B, dtype = training.sequence_length, training.batch_size, training.precision
    sizes = [(lane.kind, lane.hidden_size) for lane in preset.lanes if lane.kind in MEASURED_AS]
    gains = [gain(cell, H, B, dtype, T) for cell, H in sizes]
    parts = updates.values()
    factor = 1 / (1 - sum(share * (1 - 1 / faster) for share, faster in zip(parts, gains, strict=True)))
    lanes = ", ".join(f"{cell} {H}: {faster:.1f}" for (cell, H), faster in zip(sizes, gains, strict=True))
    print(
        f"{name:<16} {T:>4} {B:>3} {1e3 * seconds:>7.0f} {passes:>7.0%} {sum(parts):>8.0%} {factor:>7.2f}  {lanes}",
        flush=True,
    )
    return factor


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("presets", nargs="*", help="bundled presets; by default all")
    options = parser.parse_args()
    limit_blas_threads()
    print(f"A run of {STEPS} steps, and {SEEDS} seeds as one: shares of the run's time in its recurrent lanes")
    print(f"{'preset':<16} {'T':>4} {'B':>3} {'ms':>7} {'passes':>7} {'updates':>8} {'factor':>7}  ratio by lane")
    found = [measured(name) for name in bundled_names(options.presets)]
    print(f"median factor {median(found):.2f}; at least {WORTH} in {sum(f >= WORTH for f in found)} of {len(found)}")


if __name__ == "__main__":
    main()

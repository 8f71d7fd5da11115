"""Measure sweeps: two processes against one, the overhead of a run, and the memory over many runs.

    python benchmarks/sweep.py                # three to four minutes
    python benchmarks/sweep.py --runs 1000    # fewer runs for the memory

Overhead is the processor time of a run in a worker beyond the same updates and evaluations alone, plus the time of this
process for each result.  The exit code is 1 if two processes are less than 1.8 times as fast as one, if the overhead is
more than 5 ms, or if the memory grows by more than 8 MiB in the second half of the runs.
"""

import argparse
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path
from statistics import median

from harness import bundled_preset
from timing import resident

from rnn_tui.engine.held_out_history import MEASURED
from rnn_tui.experiments.blas_threads import limit_blas_threads
from rnn_tui.experiments.jobs import preset_at, run_job
from rnn_tui.experiments.sweep_folder import SweepFolder, opened
from rnn_tui.experiments.sweep_plan import SweepPlan, planned
from rnn_tui.experiments.sweep_run import missing, results_of
from rnn_tui.experiments.sweep_tally import SweepTally
from rnn_tui.experiments.training_run import TrainingRun
from rnn_tui.experiments.workers import LocalProcesses
from rnn_tui.presets.preset import Preset
from rnn_tui.presets.store import PresetFile

LEAST_SPEEDUP, MOST_OVERHEAD, MOST_GROWTH = 1.8, 5.0, 8.0
ROUNDS = 3


def plan_of(name: str, seeds: int, steps: int) -> SweepPlan:
    over = {"lanes.0.gain": [0.9, 1.0, 1.1, 1.2]}
    return planned(PresetFile(name, bundled_preset(name)), {"over": over, "seeds": max(1, seeds // 4), "steps": steps})


@contextmanager
def fresh(plan: SweepPlan) -> Iterator[SweepFolder]:
    with tempfile.TemporaryDirectory() as folder, opened(Path(folder), plan) as open_folder:
        yield open_folder


def seconds(plan: SweepPlan, processes: int) -> float:
    """Return the seconds from the first result to the last one, without the start of the processes."""
    with fresh(plan) as folder:
        moments = [time.perf_counter() for _ in results_of(missing(plan, folder), folder, LocalProcesses(processes))]
    return (moments[-1] - moments[0]) * len(moments) / (len(moments) - 1)


def speedup() -> tuple[float, float]:
    """Return how many times as fast two processes are as one, with and without waiting for a busy machine."""
    plan = plan_of("echo", 60, 300)
    pairs = [(seconds(plan, 1), seconds(plan, 2)) for _ in range(ROUNDS)]
    return max(one / two for one, two in pairs), median(one / two for one, two in pairs)


def overhead(steps: int = 20) -> tuple[float, float]:
    """Return the milliseconds of a run beyond its updates and evaluations: in a worker, and in this process."""
    plan = plan_of("echo", 100, steps)
    jobs = list(plan.jobs())
    for job in jobs[:20]:
        run_job(job)
    whole = min(processor(lambda job=job: run_job(job)) for job in jobs for _ in range(2))
    presets = [preset_at(job.preset, job.point) for job in jobs]
    alone = min(processor(lambda preset=preset: bare(preset, steps)) for preset in presets for _ in range(2))
    with fresh(plan) as folder:
        begin = time.process_time()
        count = sum(1 for _ in results_of(missing(plan, folder), folder, LocalProcesses(1)))
        here = (time.process_time() - begin) / count
    return 1e3 * (whole - alone), 1e3 * here


def bare(preset: Preset, steps: int) -> None:
    """Make the updates and evaluations of a run, and nothing else."""
    run = TrainingRun.from_preset(preset)
    run.evaluate()
    for before, step in pairwise(step for step in sorted(MEASURED) if step <= steps):
        run.forward(step - before)
        run.evaluate()


def processor(work: object) -> float:
    begin = time.process_time()
    work()  # type: ignore[operator]
    return time.process_time() - begin


def memory(runs: int) -> tuple[float, float]:
    """Return the MiB of this process at the middle and at the end of a sweep of tiny runs."""
    plan, sizes = plan_of("xor", runs, 1), []
    with fresh(plan) as folder:
        tally = SweepTally(plan)
        for row in results_of(missing(plan, folder), folder, LocalProcesses()):
            tally.add(row)
            if tally.done in (runs // 2, runs):
                sizes.append(resident())
    return sizes[0], sizes[-1]


def main() -> int:
    parser = argparse.ArgumentParser(description="Measure sweeps.")
    parser.add_argument("--runs", type=int, default=10_000, help="runs for the memory (default: 10,000)")
    runs = parser.parse_args().runs // 8 * 8
    limit_blas_threads()
    fastest, typical = speedup()
    print(f"two processes against one: {fastest:.2f} times as fast (median {typical:.2f})")
    worker, here = overhead()
    print(f"overhead of a run: {worker:.1f} ms in a worker, {here:.1f} ms in the main process")
    first, last = memory(runs)
    print(f"memory after {runs // 2:,} runs: {first:.1f} MiB; after {runs:,}: {last:.1f} MiB")
    good = fastest >= LEAST_SPEEDUP and worker + here <= MOST_OVERHEAD and last - first <= MOST_GROWTH
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())

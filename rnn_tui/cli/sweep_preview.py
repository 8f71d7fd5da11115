"""What ``rnn-tui sweep --dry-run`` prints: the points, the number of runs, and an estimate of the time."""

import time
from typing import TYPE_CHECKING

from rnn_tui.cli.sweep_report import aligned, short_keys, value_said
from rnn_tui.errors import escaped
from rnn_tui.number_format import counted, duration

if TYPE_CHECKING:
    from rnn_tui.experiments.jobs import Job
    from rnn_tui.experiments.sweep_plan import SweepPlan

MOST_LISTED = 20  # points
MEASURED_RUNS = 3  # for the estimate
MEASURED_SECONDS = 0.3  # of training, for each of them


def preview(plan: "SweepPlan", processes: int) -> str:
    """Return what would be trained, and an estimate of the time from a short measurement."""
    points, keys, seeds = plan.points(), plan.keys, plan.sweep.seeds
    jobs = list(plan.jobs())
    rows = [[value_said(point[key]) for key in keys] for point in points[:MOST_LISTED]] if keys else []
    more = [f"… and {len(points) - MOST_LISTED:,} more"] if len(points) > MOST_LISTED and keys else []
    table = [aligned([list(short_keys(keys).values()), *rows])] if rows else []
    runs = f"{counted(len(points), 'point')} × {counted(seeds, 'seed')} = {counted(len(jobs), 'run')}"
    steps = sorted({job.steps for job in jobs})
    each = f"{steps[0]:,} steps" if len(steps) == 1 else f"{steps[0]:,} to {steps[-1]:,} steps"
    seconds = _seconds_of_run(jobs) * len(jobs) / min(processes, len(jobs))
    early = "at most " if plan.sweep.until_solved or plan.sweep.patience else ""
    spent = f"{early}about {duration(seconds)} with {processes} {'process' if processes == 1 else 'processes'}"
    return "\n".join([f"{escaped(plan.name)}: {runs} of {each}", *table, *more, spent])


def _seconds_of_run(jobs: "list[Job]") -> float:
    """Return the seconds that a run takes, from short measurements of some."""
    some = jobs[:: max(1, len(jobs) // MEASURED_RUNS)][:MEASURED_RUNS]
    return sum(map(_measured, some)) / len(some)


def _measured(job: "Job") -> float:
    """Return the estimated seconds of one run: of its updates, and of the evaluations at fixed steps."""
    from rnn_tui.engine.held_out_history import MEASURED
    from rnn_tui.experiments.jobs import preset_at
    from rnn_tui.experiments.training_run import TrainingRun

    run = TrainingRun.from_preset(preset_at(job.preset, job.point))
    run.forward()  # allocates its buffers
    run.evaluate()
    begin, first = time.perf_counter(), run.step
    while run.step < job.steps and time.perf_counter() - begin < MEASURED_SECONDS:
        run.forward()
    update = (time.perf_counter() - begin) / max(1, run.step - first)
    begin = time.perf_counter()
    run.evaluate()
    evaluations = sum(step <= job.steps for step in MEASURED)
    seconds: float = update * job.steps + (time.perf_counter() - begin) * evaluations
    return seconds

"""What trains further seeds in tests: in this process and at once, or not at all."""

import numpy as np

from rnn_tui.engine.held_out_history import HeldOutHistory
from rnn_tui.experiments.seed_run import LaneRun, SeedRun, reported


class InThisProcess:
    """Trains each job at once, in the thread that asks for it.

    Attributes:
        batches: the seeds and the goal of all jobs, by call.
    """

    def __init__(self, most=None):
        """``most``: number of jobs that are trained; the others wait for ever."""
        self.batches, self._most = [], most

    def run(self, jobs, report):
        self.batches.append(([job.seed for job in jobs], {job.goal for job in jobs}))
        for job in jobs[: self._most]:
            for run in self.runs_of(job):
                report(run)

    def add(self, jobs, report):
        self.run(jobs, report)

    def runs_of(self, job):
        return reported(job)

    def stop(self):
        pass


class MadeUp(InThisProcess):
    """Invents the results: each lane's loss falls to 1 / (1 + seed + its number)."""

    def runs_of(self, job):
        lanes = [made_up(job.seed, lane, job.goal) for lane in range(len(job.settings[0][1]["lanes"]))]
        return [SeedRun(job.seed, job.goal, job.goal, tuple(lanes), ended=True)]


def made_up(seed, lane, goal, loss=None, **more):
    """The run of a lane with two measurements."""
    loss = 1 / (1 + seed + lane) if loss is None else loss
    return LaneRun(HeldOutHistory(np.array([0, goal]), np.array([1.0, loss])), loss, **more)


def seed_run(seed, *losses, goal=10, solved=(), diverged=()):
    """A finished run whose lanes end at these losses; lanes that have solved the task or diverged are numbers."""
    lanes = [
        made_up(seed, lane, goal, loss, solved=None if solved is None else lane in solved,
                diverged_at=5 if lane in diverged else None)
        for lane, loss in enumerate(losses)
    ]  # fmt: skip
    return SeedRun(seed, goal, goal, tuple(lanes), ended=True)

"""Further seeds in a real process: the same results as in this one."""

from queue import SimpleQueue

from support.reference_training import small

from rnn_tui.experiments.seed_run import SeedJob, reported
from rnn_tui.ui.training.seed_processes import SeedProcesses

SECONDS = 60.0  # however busy the machine is


def job(goal, seed):
    return SeedJob(((0, small().document()),), seed, goal)


def test_a_process_trains_as_this_one_does_and_takes_more_jobs_until_it_is_stopped():
    engine, runs = SeedProcesses(1), SimpleQueue()
    engine.run([job(40, 2)], runs.put)
    engine.add([job(10**9, 3)], runs.put)
    found = [runs.get(timeout=SECONDS)]
    while not found[-1].finished:
        found.append(runs.get(timeout=SECONDS))
    expected = list(reported(job(40, 2)))
    assert [run.step for run in found] == [run.step for run in expected]
    assert [lane.loss for lane in found[-1].lanes] == [lane.loss for lane in expected[-1].lanes]
    assert runs.get(timeout=SECONDS).seed == 3
    engine.stop()

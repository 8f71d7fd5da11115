"""What seeds have shown so far: what is missing, the spread, and the order by results."""

from math import inf

from support.seed_engines import seed_run

from rnn_tui.experiments.seed_results import SeedResults
from rnn_tui.experiments.seed_run import SeedRun


def results(*runs, seeds=(1, 2, 3, 4), goal=10, lanes=2):
    found = SeedResults(seeds, goal, lanes)
    for run in runs:
        found = found.having(run)
    return found


def test_a_seed_is_missing_until_it_has_ended_at_the_goal():
    found = results(seed_run(1, 0.5, 0.6), SeedRun(2, 10, 4), SeedRun(3, 10, ended=True, error="no room"))
    assert found.missing == (2, 4)
    assert [run.seed for run in found.finished] == [1]
    assert [run.seed for run in found.failed] == [3]
    assert found.share == (1 + 0.4 + 1) / 4
    longer = found.wanting((1, 2), 20)
    assert longer.missing == (1, 2)
    assert longer.failed == []
    assert len(longer.quartiles[0]) == 2, "until there are newer ones"
    assert found.wanting((1, 2, 3, 4, 5), 10).missing == (2, 3, 4, 5), "what is finished is not trained again"


def test_an_earlier_step_replaces_nothing_and_neither_does_a_seed_that_is_not_wanted():
    found = results(seed_run(1, 0.5, 0.6), seed_run(9, 0.1, 0.1))
    assert list(found.runs) == [1]
    assert found.having(SeedRun(1, 20, 5)) is found
    assert found.having(SeedRun(1, 20, 15)).runs[1].step == 15
    assert found.having(seed_run(1, 0.4, 0.6)).runs[1].lanes[0].loss == 0.4


def test_the_spread_counts_what_has_finished():
    runs = seed_run(1, 0.1, 0.5, solved=[0]), seed_run(2, 0.3, 0.2), seed_run(3, inf, 0.4, diverged=[0])
    first, second = results(*runs, SeedRun(4, 10, 4)).spreads
    assert first == (3, 0.3, 0.1, inf, 1, (3,), 1)
    assert second == (3, 0.4, 0.2, 0.5, 0, (), 2)
    assert results(seed_run(1, 0.1, 0.5, solved=None)).spreads[0].solved is None
    assert results().spreads == ()


def test_seeds_are_in_the_order_of_their_results_and_those_without_one_come_last():
    runs = [seed_run(1, 0.2, 0.1), seed_run(2, 0.3, 0.5, solved=[0]), SeedRun(3, 10, 5), seed_run(4, 0.1, 0.3)]
    assert [run.seed for run in results(*runs).in_order(0)] == [2, 4, 1, 3]
    assert [run.seed for run in results(*runs).in_order(1)] == [1, 4, 2, 3]

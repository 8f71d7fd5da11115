"""Is it luck?  The sentences, with their grammar for none, one, some and all seeds."""

from dataclasses import replace
from math import inf

import pytest
from support.comparison_frames import RNN, fnn, frame_with, put
from support.seed_engines import seed_run

from rnn_tui.experiments.seed_results import SeedResults
from rnn_tui.experiments.seed_run import SeedRun
from rnn_tui.ui.panels.seed_sentences import described, luck, spread_texts

FRAME = frame_with({"kind": "echo"}, RNN, fnn(1))  # after one step, with nothing solved


def results(*runs, wanted=None, goal=10):
    found = SeedResults(
        tuple(range(1, (wanted or len(runs)) + 1)), goal, len(next(run for run in runs if run.lanes).lanes)
    )
    for run in runs:
        found = found.having(run)
    return found


def solved(first, second=0, seeds=8, **more):
    """Results of two lanes of which these numbers of seeds have solved the task."""
    return results(*(seed_run(n, 0.1, 0.7, solved=[lane for lane, count in enumerate((first, second)) if n <= count])
                     for n in range(1, seeds + 1)), **more)  # fmt: skip


@pytest.mark.parametrize(
    ("counts", "said"),
    [
        ((8, 0), "{0} solved it with all 8 seeds, {1} with none: this is not luck."),
        ((8, 8), "{0} and {1} solved it with all 8 seeds: this is not luck."),
        ((7, 0), "{0} solved it with 7 of 8 seeds, {1} with none: it depends on the seed."),
        ((1, 0), "{0} solved it with 1 of 8 seeds, {1} with none: it depends on the seed."),
        ((3, 8), "{1} solved it with all 8 seeds, {0} with 3 of 8: it depends on the seed."),
    ],
)
def test_the_sentence_says_how_often_each_lane_solved_it_and_whether_that_is_luck(counts, said):
    assert luck(solved(*counts), FRAME)[0] == said


def test_with_few_seeds_there_is_no_verdict_and_before_the_first_no_sentence():
    assert luck(solved(1, seeds=1), FRAME) == ["{0} solved it with 1 of 1 seed, {1} with none."]
    assert luck(solved(2, seeds=2), FRAME) == ["{0} solved it with 2 of 2 seeds, {1} with none."]
    assert luck(solved(3, seeds=3), FRAME) == ["{0} solved it with all 3 seeds, {1} with none."]
    assert luck(SeedResults((1, 2), 10, 2), FRAME) == []


def test_while_seeds_are_missing_it_is_said_so_far():
    assert luck(solved(3, seeds=5, wanted=8), FRAME)[0] == (
        "{0} solved it with 3 of 5 seeds, {1} with none so far: it depends on the seed."
    )


def test_a_run_that_is_an_exception_was_lucky_or_unlucky():
    here = replace(put(FRAME, (0.0, 1.0, FRAME.lanes[0].floor), (0.7, 0.5, FRAME.lanes[1].floor)), step=10)
    assert luck(solved(2), here)[0].endswith(": in this run, {0} was lucky.")
    assert luck(solved(3), here)[0].endswith(": it depends on the seed.")
    not_here = replace(put(FRAME, (0.6, 0.7, FRAME.lanes[0].floor), (0.7, 0.5, FRAME.lanes[1].floor)), step=10)
    assert luck(solved(7), not_here)[0].endswith(": in this run, {0} was unlucky.")
    assert luck(solved(7), replace(not_here, step=5))[0].endswith(": it depends on the seed."), "it is not at the goal"


def test_if_no_lane_has_solved_it_they_are_compared():
    assert luck(solved(0), FRAME)[0] == (
        "No lane solved it with any of 8 seeds; {0} had the lower loss with all 8 seeds: this is not luck."
    )
    mixed = results(*(seed_run(n, 0.1, 0.05 if n < 3 else 0.2, solved=None) for n in range(1, 6)))
    assert luck(mixed, FRAME)[0] == (
        "{0} had the lower loss with 3 of 5 seeds, {1} with 2 of 5: which one is better depends on the seed."
    )
    alone = results(*(seed_run(n, n / 10, solved=None) for n in range(1, 4)))
    assert luck(alone, frame_with({"kind": "echo"}, RNN)) == [
        "{0} ends at 0.200, the median of 3 seeds (0.100 to 0.300)."
    ]


def test_seeds_that_diverged_or_failed_are_named():
    runs = [seed_run(n, inf if n in (2, 5) else 0.1, 0.7, solved=[0] if n not in (2, 5) else [],
                     diverged=[0] if n in (2, 5) else []) for n in range(1, 8)]  # fmt: skip
    texts = luck(results(*runs, SeedRun(8, 10, ended=True, error="not enough memory")), FRAME)
    assert texts == [
        "{0} solved it with 5 of 7 seeds, {1} with none: it depends on the seed. {0} diverged with seeds 2 and 5. "
        "Seed 8 failed: not enough memory.",
        "{0} solved it with 5 of 7 seeds, {1} with none: it depends on the seed.",
        "{0} solved it with 5 of 7 seeds, {1} with none.",
    ]


def test_a_lane_that_diverged_with_all_seeds_needs_no_list():
    every = results(*(seed_run(n, inf, 0.7, solved=[1], diverged=[0]) for n in range(1, 9)))
    assert luck(every, FRAME)[0].endswith("this is not luck. {0} diverged with all 8 seeds.")


def test_the_line_of_a_lane_has_the_median_and_the_range():
    found = results(seed_run(1, 0.1, 0.7, solved=[0]), seed_run(2, inf, 0.6, diverged=[0]), seed_run(3, 0.3, 0.5))
    assert spread_texts(found, 0) == [
        "3 seeds: median 0.3000 [0.1000 to ∞], solved 1 of 3, 1 diverged",
        "3 seeds: 0.3000 [0.1000 to ∞], solved 1 of 3, 1 diverged",
        "3 seeds: 0.3000 [0.1000 to ∞], 1 of 3, 1 diverged",
    ]


def test_the_description_has_all_of_it():
    assert described(solved(8), FRAME, ["RNN", "FNN(1)"]) == [
        "RNN solved it with all 8 seeds, FNN(1) with none: this is not luck.",
        "8 of 8 further seeds have been trained up to step 10.",
        "RNN with 8 seeds: median 0.1000 [0.1000 to 0.1000], solved 8 of 8.",
        "FNN(1) with 8 seeds: median 0.7000 [0.7000 to 0.7000], solved 0 of 8.",
    ]
    assert described(SeedResults((1, 2), 10, 2), FRAME, ["RNN", "FNN(1)"]) == [
        "None of 2 further seeds has finished yet."
    ]

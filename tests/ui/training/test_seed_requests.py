"""When further seeds are trained, when they begin anew, and what is said of how far they are."""

from dataclasses import replace

import pytest
from support.seed_engines import MadeUp, seed_run
from support.widget_hosts import preset_of

from rnn_tui.session.session import Session
from rnn_tui.ui.panels.view_state import ViewState
from rnn_tui.ui.training.seed_requests import DELAY, MOST_SEEDS, SeedRequests, Wanted

SMALL = {"sequence_length": 8, "batch_size": 3, "steps": 20}


class Bench:
    """Requests for a session that a test changes; ``view`` follows it."""

    def __init__(self, clock, engine=None, count=3):
        self.session = Session(preset_of({"kind": "rnn", "hidden_size": 4}, {"kind": "fnn"}, training=SMALL))
        self.told, self.engine, self.clock = [], engine or MadeUp(), clock
        self.seen = ViewState(self.session.frame(), "made up")
        self.requests = SeedRequests(self.engine, self, lambda: self.told.append(1), clock, count)

    def follow(self, **view):
        self.seen = replace(self.seen, frame=self.session.frame(), **view)
        self.requests.follow()
        self.requests.tick()

    def after(self, seconds):
        self.clock.now += seconds
        self.requests.tick()
        self.requests.collect()

    @property
    def results(self):
        self.requests.collect()
        return self.requests.results_for(self.seen.frame, self.seen.name)

    @property
    def progress(self):
        return self.requests.progress_for(self.seen.frame, self.seen.name)


@pytest.fixture
def bench(clock):
    return Bench(clock)


def test_nothing_is_trained_before_it_is_wanted_and_then_the_seeds_that_follow(bench):
    bench.follow()
    assert (bench.engine.batches, bench.results, bench.progress) == ([], None, "")
    assert bench.requests.toggle()
    assert bench.engine.batches == [([1, 2, 3], {20})]
    assert len(bench.told) == 1, "once until it is collected"
    assert bench.results.missing == ()
    assert bench.progress == "3 seeds, {run.open_seed} opens one"


def test_a_change_of_settings_begins_anew_once_when_it_has_rested(bench):
    bench.requests.toggle()
    for rate in (0.02, 0.03):
        bench.session.change({"training.learning_rate": rate})
        bench.follow()
        assert bench.results is None, "they are of other settings"
        assert bench.progress == "seeds: about to begin"
        bench.after(0.6 * DELAY)
    assert len(bench.engine.batches) == 1
    bench.after(0.6 * DELAY)
    assert bench.engine.batches[1:] == [([1, 2, 3], {20})]
    assert bench.results.missing == ()
    bench.session.undo()
    bench.session.undo()
    bench.follow()
    assert bench.results.missing == (), "what is known is shown at once"
    bench.after(DELAY)
    assert len(bench.engine.batches) == 2, "and not trained again"


def test_what_does_not_influence_learning_begins_nothing_and_neither_does_the_seed(bench):
    bench.requests.toggle()
    bench.session.change({"training.speed": 7, "lanes.0.name": "mine", "title": "other"})
    bench.session.reseed()
    bench.session.forward(10)
    bench.follow()
    bench.after(DELAY)
    assert len(bench.engine.batches) == 1
    assert bench.results.seeds == (1, 2, 3), "the seed on the screen is one of them now"


def test_an_edit_at_a_later_step_is_part_of_the_job(bench):
    bench.session.forward(6)
    bench.session.change({"training.learning_rate": 0.5})
    bench.follow()
    wanted = Wanted.of(bench.seen.frame)
    assert wanted.goal == 20
    jobs = []
    bench.engine.run = lambda found, _: jobs.extend(found)
    bench.requests.toggle()
    assert [(step, document["training"]["learning_rate"]) for step, document in jobs[0].settings] == [
        (0, 0.01),
        (6, 0.5),
    ]


def test_a_longer_run_is_followed_where_it_pauses(bench):
    bench.requests.toggle()
    bench.session.forward(30)
    bench.follow(playing=True)
    bench.after(DELAY)
    assert len(bench.engine.batches) == 1
    bench.follow(playing=False)
    bench.after(DELAY)
    assert bench.engine.batches[1:] == [([1, 2, 3], {30})]
    bench.session.rewind()
    bench.follow()
    bench.after(DELAY)
    assert len(bench.engine.batches) == 2, "its history is as long as before"


def test_a_change_of_settings_is_followed_while_the_lab_trains(bench):
    bench.session.forward(25)
    bench.follow(playing=True)
    bench.requests.toggle()
    bench.session.change({"training.learning_rate": 0.5})
    bench.follow()
    for _ in range(4):  # a frame after each update
        bench.clock.now += DELAY / 3
        bench.session.forward()
        bench.follow()
    assert len(bench.engine.batches) == 2


def test_stopping_loses_nothing_and_another_preset_hides_them(clock):
    bench = Bench(clock, MadeUp(most=2))
    bench.requests.toggle()
    assert bench.results.missing == (3,)
    assert not bench.requests.toggle()
    assert (bench.results, bench.progress) == (None, "")
    bench.requests.toggle()
    assert bench.engine.batches[1:] == [([3], {20})]
    assert bench.results.missing == ()
    bench.follow(name="another")
    assert not bench.requests.are_shown
    assert bench.results is None
    bench.follow(name="made up")
    assert not bench.requests.are_shown


def test_settings_that_come_back_before_anything_began_resume_what_was_stopped(clock):
    bench = Bench(clock, MadeUp(most=2))
    bench.requests.toggle()
    bench.session.change({"training.learning_rate": 0.5})
    bench.follow()
    bench.session.undo()
    bench.follow()
    bench.after(DELAY)
    assert bench.engine.batches[1:] == [([3], {20})]


def test_more_seeds_train_the_new_ones_only(bench):
    bench.requests.toggle()
    assert bench.requests.resize(1) == 4
    assert bench.engine.batches[1:] == [([4], {20})]
    assert bench.results.seeds == (1, 2, 3, 4)
    assert bench.requests.resize(-3) == 1
    assert bench.results.seeds == (1,)
    assert bench.requests.resize(-1) == 1
    assert bench.requests.resize(1000) == MOST_SEEDS


def test_more_seeds_leave_those_that_are_trained_alone(clock):
    bench = Bench(clock, MadeUp(most=1))
    bench.requests.toggle()
    added = []
    bench.engine.run, bench.engine.add = None, lambda jobs, report: added.append(([job.seed for job in jobs], report))
    assert bench.requests.resize(2) == 5
    ((seeds, report),) = added
    assert seeds == [4, 5]
    assert bench.results.missing == (2, 3, 4, 5)
    report(seed_run(4, 0.5, 0.5, goal=20))
    assert bench.results.missing == (2, 3, 5)


def test_what_an_engine_reports_too_late_is_ignored(clock):
    engine, reports = MadeUp(most=0), []
    bench = Bench(clock, engine)
    train, engine.run = engine.run, lambda jobs, report: reports.append((jobs, report))
    bench.requests.toggle()
    bench.requests.toggle()
    bench.requests.toggle()
    (jobs, late), (_, present) = reports
    engine.run, told = train, len(bench.told)
    late(*engine.runs_of(jobs[0]))
    assert bench.results.missing == (1, 2, 3)
    assert len(bench.told) == told
    present(*engine.runs_of(jobs[0]))
    assert bench.results.missing == (2, 3)


def test_the_time_that_is_left_follows_from_the_updates_that_are_made(clock):
    bench = Bench(clock, MadeUp(most=1), count=4)
    bench.requests.toggle()
    bench.after(10)
    assert bench.progress == "seeds: 1 of 4, about 30 s left"
    bench.requests.toggle()
    bench.requests.toggle()  # one of three that are missing
    bench.after(1)
    assert bench.progress == "seeds: 2 of 4, about 2 s left"


def test_errors_are_told_once_with_the_seeds(clock):
    bench = Bench(clock, MadeUp(most=0))
    bench.requests.toggle()
    jobs = [1, 3]
    bench.engine.run = lambda found, report: [
        report(replace(made, error="no room")) for job in found if job.seed in jobs for made in MadeUp().runs_of(job)
    ]
    bench.requests.toggle()
    bench.requests.toggle()
    bench.requests.collect()
    assert bench.requests.new_errors() == ["seeds 1 and 3 failed: no room"]
    assert bench.requests.new_errors() == []
    assert bench.progress == "seeds: 2 of 3, about 1 s left"
    tried = []
    bench.engine.add = lambda found, _: tried.extend(job.seed for job in found)
    bench.requests.resize(1)
    assert tried == [1, 3, 4], "what has failed is tried once more"

"""The loop that trains without a screen: its events, its bits, and how it ends."""

import pickle

import pytest
from support.reference_training import bits_of, carried, diverging, every_step, run_straight, small

from rnn_tui.experiments.train import Diverged, Done, Progress, train
from rnn_tui.experiments.training_run import TrainingRun
from rnn_tui.session.session import Session

HISTORIES = pytest.mark.parametrize("begin", [TrainingRun.from_preset, Session], ids=["forwards", "history"])


def weights(run):
    return [bits_of(timeline.state.parameters.views) for timeline in run.timelines]


@HISTORIES
@pytest.mark.parametrize("preset", [small(), carried()], ids=["small", "carried"])
def test_every_update_is_an_event_with_the_losses_and_bits_of_plain_training(begin, preset):
    run, expected = begin(preset), every_step(preset, 12)
    events = []
    for event in train(run, 12):
        events.append(event)
        assert (run.step, weights(run)) == (event.step, [lane.parameters for lane in expected[event.step]])
    assert events == [
        *(Progress(step, tuple(lane.losses[-1] for lane in expected[step])) for step in range(1, 13)),
        Done(12),
    ]


def test_events_may_come_every_few_updates_and_always_at_the_goal():
    run, losses = TrainingRun.from_preset(small()), [lane.losses for lane in run_straight(small(), 10)]
    events = list(train(run, 10, every=4))
    assert [event.step for event in events] == [4, 8, 10, 10]
    assert events[1] == Progress(8, tuple(each[7] for each in losses))
    assert events[-1] == Done(10)


@HISTORIES
def test_who_stops_listening_stops_the_training_and_may_go_on_later(begin):
    run = begin(small())
    for event in train(run, 100):
        if event.step == 5:
            break
    assert run.step == 5
    assert list(train(run, 7))[-1] == Done(7)
    assert weights(run) == [lane.parameters for lane in run_straight(small(), 7)]


@HISTORIES
@pytest.mark.parametrize("every", [1, 1000])
def test_a_divergence_is_the_last_event_and_its_update_is_not_made(begin, every):
    run = begin(diverging({"kind": "fnn"}))
    *_, last = train(run, 1000, every)
    assert last == Diverged(run.step, 1)
    assert 0 < run.step < 1000
    assert [timeline.step for timeline in run.timelines] == [run.step] * 2


def test_at_its_goal_a_run_is_done_without_an_update():
    run = TrainingRun.from_preset(small())
    assert list(train(run, 0)) == [Done(0)]
    assert run.step == 0


@pytest.mark.parametrize("event", [Progress(3, (0.5, 0.25)), Diverged(3, 1), Done(3)])
def test_events_can_be_sent_from_one_process_to_another(event):
    again = pickle.loads(pickle.dumps(event))
    assert (type(again), again) == (type(event), event)

"""The queue between the two threads, tried in every order of their operations."""

import sys
from collections import deque

import pytest
from support.interleaving import Condition, Deadlock, explore
from support.widget_hosts import preset_of

from rnn_tui.presets.store import PresetFile
from rnn_tui.ui.training import command_queue, frame_publisher, training_thread
from rnn_tui.ui.training.command_queue import KEY_PAUSE, MOST_WAITING, Command, CommandQueue
from rnn_tui.ui.training.frame_publisher import FramePublisher, TrainingState
from rnn_tui.ui.training.training_thread import TrainingThread

PRESET = preset_of({"kind": "rnn", "hidden_size": 1}, training={"sequence_length": 4, "batch_size": 1, "steps": 0})


@pytest.fixture
def queue(clock):
    return CommandQueue(clock)


def named(name, travels=False):
    return Command(lambda _: name, travels=travels)


def taken(queue):
    """The names of all that waits."""
    found = []
    while command := queue.get(0):
        found.append(command.run(None))
    return found


def test_commands_are_taken_in_the_order_in_which_they_came(queue):
    assert all(queue.put(named(name)) for name in "abc")
    assert taken(queue) == ["a", "b", "c"]
    assert queue.get(0) is None


def test_too_many_are_refused_but_never_a_step_that_is_pointed_at_or_the_end(queue):
    assert all(queue.put(named("a")) for _ in range(MOST_WAITING))
    assert not queue.put(named("b"))
    for step in range(100):
        queue.put_latest(named(step, True))
    assert taken(queue) == ["a"] * MOST_WAITING + [99]
    assert all(queue.put(named("a")) for _ in range(MOST_WAITING))
    queue.close()
    assert queue.closed
    assert queue.waiting
    assert queue.called_off
    assert queue.get(None) is None
    assert not queue.put(named("b"))
    queue.put_latest(named("c", True))
    assert queue.get(None) is None


def test_a_step_pointed_at_replaces_journeys_before_it_and_nothing_else(queue):
    queue.put_latest(named(5, True))
    queue.put(named("change"))
    queue.put(named("step", True))
    queue.put_latest(named(7, True))
    queue.put_latest(named(9, True))
    assert taken(queue) == [5, "change", 9]


def test_a_step_pointed_at_stops_the_journey_under_way_if_nothing_comes_between(queue):
    queue.put(named("far", True))
    assert queue.get(0)
    queue.put(named("change"))
    queue.put_latest(named(5, True))
    assert not queue.called_off
    assert queue.get(0)
    assert queue.get(0)
    queue.put_latest(named(6, True))
    assert queue.called_off
    assert queue.get(0)
    assert not queue.called_off


def test_calling_off_drops_journeys_stops_the_one_under_way_and_leaves_the_rest(queue):
    assert not queue.call_off()
    queue.put(named("far", True))
    assert queue.get(0)
    queue.put(named("change"))
    queue.put(named("farther", True))
    assert queue.call_off()
    assert queue.called_off
    assert not queue.call_off()  # twice is once
    assert taken(queue) == ["change"]
    assert not queue.called_off


def test_it_is_busy_with_all_but_the_journey_under_way(queue):
    queue.put(named("far", True))
    assert queue.busy
    queue.get(0)
    assert not queue.busy
    queue.put(named("change"))
    queue.get(0)
    assert queue.busy
    queue.get(0)
    assert not queue.busy


def test_training_stands_back_a_moment_after_a_key(queue, clock):
    assert queue.key_pause == 0
    queue.pause_after_key()
    assert queue.key_pause == pytest.approx(KEY_PAUSE)
    clock.now += 1
    assert queue.key_pause == 0


# Every order.


@pytest.fixture
def steered(monkeypatch):
    """Both threads meet at conditions and locks that the explorer knows."""
    monkeypatch.setattr(command_queue, "Condition", Condition)
    monkeypatch.setattr(frame_publisher, "Lock", Condition)


def threads(screen, check, clock):
    """A scenario: what the screen's thread does beside training, and what holds when both have come to rest."""

    def scenario():
        made = TrainingThread(PresetFile("tried", PRESET), lambda: None, clock=clock)

        def at_rest():
            check(made)
            made.channel.stop()

        return [lambda: screen(made), made.run], at_rest

    return scenario


def at(step):
    def check(made):
        assert made.session.step == step
        assert made.frame.step == step
        assert not made.channel.busy

    return check


def pointing(made):
    for step in (3, 1, 2):
        made.channel.seek(step)


@pytest.mark.usefixtures("steered")
def test_of_steps_pointed_at_the_last_one_is_reached_in_every_order(clock):
    assert explore(threads(pointing, at(2), clock), [command_queue, training_thread]) > 100


class TwoContainers(CommandQueue):
    """As it was once: a step to go to, and beside it the command to look for one."""

    def __init__(self, clock):
        super().__init__(clock)
        self._wanted = deque(maxlen=1)

    def put_latest(self, command):
        on_its_way = bool(self._wanted)
        self._wanted.append(command)
        if not on_its_way:
            self.put(Command(self._seek))

    def _seek(self, made):
        while self._wanted:
            self._wanted.pop().run(made)


@pytest.mark.usefixtures("steered")
def test_the_explorer_finds_a_wakeup_that_is_lost_between_two_containers(clock, monkeypatch):
    monkeypatch.setattr(training_thread, "CommandQueue", TwoContainers)
    with pytest.raises(AssertionError):
        explore(threads(pointing, at(2), clock), [sys.modules[__name__], command_queue, training_thread])


@pytest.mark.usefixtures("steered")
def test_what_is_called_off_leaves_the_next_command_alone_in_every_order(clock):
    def screen(made):
        made.channel.seek(4)
        made.channel.call_off()
        made.channel.send(Command(lambda p: p.go(2)))

    explore(threads(screen, at(2), clock), [command_queue])


@pytest.mark.usefixtures("steered")
def test_no_order_loses_the_end_even_behind_a_full_queue(clock):
    def screen(made):
        while made.channel.send(Command(lambda _: None)):
            pass
        made.channel.stop()

    def scenario():
        made = TrainingThread(PresetFile("tried", PRESET), lambda: None, clock=clock)
        return [lambda: screen(made), made.run], lambda: None

    explore(scenario, [command_queue])


@pytest.mark.usefixtures("steered")
def test_the_explorer_finds_an_end_that_is_not_told(clock, monkeypatch):
    monkeypatch.setattr(Condition, "notify", lambda _: None)

    def scenario():
        made = TrainingThread(PresetFile("tried", PRESET), lambda: None, clock=clock)
        return [made.run, made.channel.stop], lambda: None

    with pytest.raises(Deadlock):
        explore(scenario, [command_queue])


@pytest.mark.parametrize(("opcodes", "most"), [(False, 2), (True, 1)])
@pytest.mark.usefixtures("steered")
def test_no_operation_of_the_queue_can_be_cut_in_two(clock, opcodes, most):
    def scenario():
        queue, found = CommandQueue(clock), []

        def screen():
            queue.put_latest(named(1, True))
            queue.put_latest(named(2, True))
            queue.close()

        def work():
            while not queue.closed:
                if command := queue.get(None):
                    found.append(command.run(None))

        def check():
            raise AssertionError("nothing is left to wait for")

        def both():
            work()
            assert found in ([], [1], [2], [1, 2])

        return [screen, both], check

    assert explore(scenario, [command_queue], most, opcodes) > 100


@pytest.mark.usefixtures("steered")
def test_the_last_snapshot_is_collected_in_every_order(clock):
    def scenario():
        told, collected = [], []
        made = TrainingThread(PresetFile("tried", PRESET), lambda: told.append(True), clock=clock)

        def collect():
            told.clear()
            snapshot, news, _ = made.channel.collect()
            collected.append((snapshot, [item.text for item in news]))

        def screen():
            made.channel.send(Command(lambda p: p.go(1)))
            made.channel.send(Command(lambda _: "said"))
            for _ in range(3):
                collect()

        def at_rest():
            if told:
                collect()
            snapshot, _ = collected[-1]
            assert snapshot.frame.step == 1
            assert [text for _, texts in collected for text in texts] == ["said"]
            made.channel.stop()

        return [screen, made.run], at_rest

    explore(scenario, [command_queue, frame_publisher])


def reported(clock):
    """A scenario: two actions, each reported once, and never before the frame that shows its effect."""

    def scenario():
        told, collected = [], []
        made = TrainingThread(PresetFile("tried", PRESET), lambda: told.append(True), clock=clock)

        def collect():
            told.clear()
            collected.append(made.channel.collect())

        def screen():
            for _ in range(3):
                collect()

        def at_rest():
            if told:
                collect()
            assert [name for each in collected for name in each.done] == ["one", "two"]
            least = {"one": 1, "two": 2}
            assert all(each.snapshot.frame.step >= least[name] for each in collected for name in each.done)
            made.channel.stop()

        made.channel.send(Command(TrainingThread.go, (1,), travels=True, action="one"))
        made.channel.send(Command(TrainingThread.go, (2,), action="two"))
        return [made.run, screen], at_rest

    return scenario


@pytest.mark.usefixtures("steered")
def test_an_action_is_reported_once_and_not_before_its_frame_in_every_order(clock):
    assert explore(reported(clock), [command_queue, frame_publisher]) > 100


@pytest.mark.usefixtures("steered")
def test_the_explorer_finds_a_report_that_overtakes_its_frame(clock, monkeypatch):
    finish = FramePublisher.finish

    def finish_and_publish(publisher, action):
        finish(publisher, action)
        publisher.publish(TrainingState("tried", 0))

    monkeypatch.setattr(FramePublisher, "finish", finish_and_publish)
    with pytest.raises(AssertionError):
        explore(reported(clock), [command_queue, frame_publisher, training_thread])

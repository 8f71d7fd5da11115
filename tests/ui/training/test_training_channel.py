"""The screen's end of training: who may use it, and in whose name commands are sent."""

import threading

from support.widget_hosts import preset_of

from rnn_tui.presets.store import PresetFile
from rnn_tui.ui.input.action_done import ActionReports
from rnn_tui.ui.training.command_queue import Command
from rnn_tui.ui.training.training_thread import TrainingThread


def thread_of():
    return TrainingThread(PresetFile("tried", preset_of({"kind": "rnn"})), lambda: None)


def in_another_thread(call):
    """The exception that it raises there, if any."""
    found = []

    def work():
        try:
            call()
        except AssertionError as error:
            found.append(error)

    other = threading.Thread(target=work)
    other.start()
    other.join(10)
    return found


def test_once_claimed_only_the_screen_uses_it_but_everyone_may_stop_it():
    channel = thread_of().channel
    assert not in_another_thread(channel.collect)
    channel.claim()
    calls = [
        channel.collect, channel.drawn, channel.call_off, channel.pause_after_key, lambda: channel.seek(1),
        lambda: channel.send(Command(lambda _: None)), lambda: channel.busy,
    ]  # fmt: skip
    assert all(in_another_thread(call) for call in calls)
    assert not in_another_thread(channel.stop)
    channel.collect()


def test_an_action_that_sends_a_command_is_reported_by_the_training_thread():
    thread, told = thread_of(), []
    reports = ActionReports(told.append)
    with reports.running("run.step"):
        thread.channel.send(Command(TrainingThread.go, (3,)))
    with reports.running("run.go_to"):
        thread.channel.seek(5)
    thread.channel.send(Command(lambda thread: thread.channel.stop()))
    thread.run()
    thread.channel.collect()
    assert told == []
    assert thread.session.step == 5


def test_a_command_that_is_refused_is_said_and_not_reported():
    channel, said, told = thread_of().channel, [], []
    channel.on_refused = lambda: said.append(True)
    while channel.send(Command(lambda _: None)):
        pass
    said.clear()
    with ActionReports(told.append).running("run.play"):
        assert not channel.send(Command(lambda _: None))
    assert (said, told) == ([True], [])

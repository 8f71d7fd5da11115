import threading

import pytest
from support.widget_hosts import preset_of

from rnn_tui.presets.store import PresetFile
from rnn_tui.ui.training.command_queue import Command
from rnn_tui.ui.training.thread_owner import ThreadOwner
from rnn_tui.ui.training.training_thread import TrainingThread


def test_it_belongs_to_nobody_then_to_one_thread():
    owner = ThreadOwner()
    assert owner.here
    thread = threading.Thread(target=owner.claim)
    thread.start()
    thread.join()
    assert not owner.here
    owner.release()
    assert owner.here


def test_a_training_thread_that_runs_is_moved_by_no_other_thread():
    thread = TrainingThread(PresetFile("tried", preset_of({"kind": "rnn"})), lambda: None)
    begun = threading.Event()
    thread.channel.send(Command(lambda _: begun.set()))
    running = threading.Thread(target=thread.run)
    running.start()
    assert begun.wait(10)
    for move in (lambda: thread.go(1), lambda: thread.play(True), thread.undo, lambda: thread.say("x")):
        with pytest.raises(AssertionError):
            move()
    thread.channel.stop()
    running.join(10)
    assert thread.undo() is not None

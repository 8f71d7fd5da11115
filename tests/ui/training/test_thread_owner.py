import threading

import pytest
from ui.hosts import preset_of

from rnn_tui.presets.store import PresetFile
from rnn_tui.ui.training.thread_owner import ThreadOwner
from rnn_tui.ui.training.training_thread import Player


def test_it_belongs_to_nobody_then_to_one_thread():
    owner = ThreadOwner()
    assert owner.here
    thread = threading.Thread(target=owner.claim)
    thread.start()
    thread.join()
    assert not owner.here
    owner.release()
    assert owner.here


def test_a_player_that_runs_is_moved_by_no_other_thread():
    player = Player(PresetFile("tried", preset_of({"kind": "rnn"})), lambda: None)
    begun = threading.Event()
    player.send(lambda _: begun.set())
    thread = threading.Thread(target=player.run)
    thread.start()
    assert begun.wait(10)
    for move in (lambda: player.go(1), lambda: player.play(True), player.undo, lambda: player.say("x")):
        with pytest.raises(AssertionError):
            move()
    player.stop()
    thread.join(10)
    assert player.undo() is not None

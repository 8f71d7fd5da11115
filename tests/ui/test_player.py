"""The thread that owns the bench, without a screen."""

import threading
import time
from collections.abc import Callable

from rnn_tui.library import PresetFile
from rnn_tui.presets import parse
from rnn_tui.ui.player import MOST_WAITING, Player


def player_of(on_news: Callable[[], object] = lambda: None, **training: object) -> Player:
    document = {"task": {"kind": "echo"}, "training": training, "lanes": [{"kind": "rnn"}]}
    return Player(PresetFile("tried", parse(document, "tried")), on_news)


def until(condition, seconds: float = 10.0) -> None:  # type: ignore[no-untyped-def]
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.005)


class Running:
    """The player in a thread, stopped and joined at the end."""

    def __init__(self, player: Player) -> None:
        self.player = player
        self._thread = threading.Thread(target=player.run)

    def __enter__(self) -> Player:
        self._thread.start()
        return self.player

    def __exit__(self, *_: object) -> None:
        self.player.stop()
        self._thread.join(5)
        assert not self._thread.is_alive()


def test_commands_are_carried_out_in_order() -> None:
    with Running(player_of()) as player:
        for _ in range(5):
            player.send(lambda p: p.session.forward(2))
        player.send(lambda p: p.session.back(3))
        until(lambda: player.frame.step == 7)


def test_it_plays_at_the_pace_it_is_given() -> None:
    with Running(player_of(speed=50, steps=0)) as player:
        player.send(lambda p: p.play(True))
        time.sleep(1.0)
        player.send(lambda p: p.play(False))
        until(lambda: not player.playing)
        assert 20 <= player.session.step <= 60  # 50, less what a busy machine costs; never a burst


def test_a_screen_that_does_not_collect_is_told_once() -> None:
    calls = []
    player = player_of(lambda: calls.append(1), speed=0, steps=0)
    with Running(player):
        player.send(lambda p: p.play(True))
        until(lambda: player.session.step > 50)
        time.sleep(0.3)
        assert len(calls) == 1
        player.collect()
        until(lambda: len(calls) == 2)


def test_too_many_waiting_commands_are_refused() -> None:
    player = player_of()
    assert all(player.send(lambda _: None) for _ in range(MOST_WAITING))
    assert not player.send(lambda _: None)


def test_a_mistake_becomes_a_sentence_and_nothing_is_lost() -> None:
    with Running(player_of()) as player:
        player.send(lambda p: p.session.forward(3))
        player.send(lambda p: p.session.change({"training.learning_rate": -1.0}))
        until(lambda: player._bulletin._news)
        _, news = player.collect()
        assert "greater than 0" in news[0].text
        assert news[0].severity == "error"
        assert player.session.step == 3


def test_stopping_ends_flat_out_play_at_once() -> None:
    with Running(player_of(speed=0, steps=0, batch_size=64)) as player:
        player.send(lambda p: p.play(True))
        until(lambda: player.session.step > 3)
        begin = time.monotonic()
    assert time.monotonic() - begin < 2

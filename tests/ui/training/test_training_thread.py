"""The thread that owns the bench, without a screen."""

import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from rnn_tui.checkpoints import reader
from rnn_tui.presets.preset import parse
from rnn_tui.presets.store import PresetFile
from rnn_tui.session.frame import Demand, Frame
from rnn_tui.session.session import Session
from rnn_tui.session.timeline import Proposal, Timeline
from rnn_tui.ui.training.command_queue import MOST_WAITING
from rnn_tui.ui.training.training_thread import Player


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


def test_what_is_demanded_later_is_there_soon_while_it_stands_plays_and_travels() -> None:
    asked = Demand.PROBE | Demand.SCORE

    def lean() -> None:
        player.demand(Demand.PROBE)
        until(lambda: player.collect()[0].frame.demands == Demand.PROBE)

    with Running(player_of(speed=0, steps=0)) as player:
        player.demand(Demand.PROBE)
        player.send(lambda p: p.go(3))
        until(lambda: player.collect()[0].frame.step == 3)
        assert player.collect()[0].frame.demands == Demand.PROBE
        player.demand(asked)
        until(lambda: player.collect()[0].frame.demands == asked)
        assert player.collect()[0].frame.step == 3
        player.send(lambda p: p.play(True))
        lean()
        player.demand(asked)
        until(lambda: player.collect()[0].frame.demands == asked)
        player.seek(1_000_000)
        until(lambda: player.collect()[0].player.goal is not None)
        lean()
        player.demand(asked)
        until(lambda: player.collect()[0].frame.demands == asked)
        assert player.collect()[0].player.goal is not None


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


def slow_player(monkeypatch, seconds: float = 0.01) -> Player:  # type: ignore[no-untyped-def]
    """Each update takes that long."""
    forward = Session.forward

    def slowly(session: Session, count: int = 1) -> None:
        time.sleep(seconds)
        forward(session, count)

    monkeypatch.setattr(Session, "forward", slowly)
    return player_of(steps=0)


def test_a_step_far_away_is_gone_to_with_frames_on_the_way() -> None:
    seen: list[int] = []
    player = player_of(steps=0)
    player._bulletin._on_news = lambda: seen.append(player.collect()[0].frame.step)
    with Running(player):
        player.send(lambda p: p.go(1000))
        until(lambda: player.frame.step == 1000)
        assert player.goal is None
    assert len(seen) > 1
    assert seen == sorted(seen)


def test_on_the_way_to_a_step_one_can_stay_where_one_is(monkeypatch) -> None:  # type: ignore[no-untyped-def]
    with Running(slow_player(monkeypatch)) as player:
        player.send(lambda p: p.go(10_000))
        until(lambda: player.goal == 10_000 and player.session.step > 3)
        player.call_off()
        until(lambda: player.goal is None)
        assert 3 < player.session.step < 10_000
        step = player.session.step
        player.send(lambda p: p.go(step + 1))
        until(lambda: player.session.step == step + 1)


def test_of_many_steps_pointed_at_the_last_one_is_gone_to(monkeypatch) -> None:  # type: ignore[no-untyped-def]
    with Running(slow_player(monkeypatch)) as player:
        for step in (5000, 4000, 3000, 12):
            player.seek(step)
        until(lambda: player.frame.step == 12 and player.goal is None)


def test_a_past_that_was_changed_is_not_played_on_before_it_is_decided_what_becomes_of_the_future() -> None:
    with Running(player_of(steps=0, speed=0)) as player:
        player.send(lambda p: p.go(50))
        player.send(lambda p: p.go(20))
        player.send(lambda p: p.session.change({"training.learning_rate": 0.5}))
        player.send(lambda p: p.play(True))
        until(lambda: player._bulletin._news and player._bulletin._news[-1].again is not None)
        assert not player.playing
        _, news = player.collect()
        assert "30 later steps" in news[-1].text
        player.send(lambda p: p.go(10))  # going back is no question
        until(lambda: player.frame.step == 10)
        player.send(lambda p: p.session.fork())
        player.send(news[-1].again)
        until(lambda: player.playing)
        assert player.session.histories.pinned_runs[0].last_step == 50


def test_the_run_is_kept_when_the_lab_is_closed(tmp_path) -> None:  # type: ignore[no-untyped-def]
    document = {"task": {"kind": "echo"}, "lanes": [{"kind": "rnn"}]}
    store = tmp_path / "kept.safetensors"
    player = Player(PresetFile("tried", parse(document, "tried")), lambda: None, store=lambda _: store)
    with Running(player):
        player.send(lambda p: p.go(7))
        until(lambda: player.frame.step == 7)
        assert not store.exists()
    assert reader.load(store).step == 7


def test_the_run_is_kept_every_minute_while_nothing_is_done(tmp_path, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.setattr("rnn_tui.ui.training.autosaver.EVERY", 0.05)
    document = {"task": {"kind": "echo"}, "lanes": [{"kind": "rnn"}]}
    store = tmp_path / "kept.safetensors"
    with Running(Player(PresetFile("tried", parse(document, "tried")), lambda: None, store=lambda _: store)) as player:
        player.send(lambda p: p.go(7))
        until(store.exists)
        until(lambda: reader.load(store).step == 7)


def test_a_run_that_goes_on_stands_where_it_stood() -> None:
    document = {"task": {"kind": "echo"}, "lanes": [{"kind": "rnn"}]}
    session = Session(parse(document, "tried"))
    session.forward(9)
    with Running(Player(PresetFile("tried", session.preset), lambda: None, session=session)) as player:
        assert player.frame.step == 9
        player.send(lambda p: p.go(p.session.step + 1))
        until(lambda: player.frame.step == 10)


def keeping(tmp_path: Path, **training: object) -> Player:
    """A player that keeps each preset's run in a file of its own."""
    player = player_of(**training)
    player._keeper._store = lambda name: tmp_path / f"{name}.safetensors"
    return player


def test_the_run_that_was_on_the_bench_is_kept_when_another_preset_is_opened(tmp_path: Path) -> None:
    with Running(keeping(tmp_path)) as player:
        player.send(lambda p: p.go(9))
        player.send(lambda p: p.open(PresetFile("other", p.session.preset.with_changes({"training.seed": 1}))))
        until(lambda: player.frame.step == 0 and player.file.name == "other")
        assert reader.load(tmp_path / "tried.safetensors").step == 9
        player.send(lambda p: p.go(4))
        player.send(Player.undo)
        until(lambda: player.frame.step == 9)
        assert reader.load(tmp_path / "other.safetensors").step == 4


def test_a_run_on_its_way_to_a_step_far_away_is_kept_meanwhile(tmp_path: Path, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.setattr("rnn_tui.ui.training.autosaver.EVERY", 0.05)
    with Running(keeping(tmp_path)) as player:
        player.send(lambda p: p.go(10**8))
        until((tmp_path / "tried.safetensors").exists)
        player.call_off()


def test_a_bug_in_a_command_is_told_and_costs_neither_the_run_nor_the_thread(tmp_path: Path) -> None:
    with Running(keeping(tmp_path)) as player:
        player.send(lambda p: p.go(6))
        player.send(lambda _: str(1 / 0))
        until(lambda: player._bulletin._news)
        (news,) = player.collect()[1]
        assert "ZeroDivisionError" in news.text
        assert news.severity == "error"
        player.send(lambda p: p.go(7))
        until(lambda: player.frame.step == 7)
    assert "1 / 0" in player.bugs.text
    assert reader.load(tmp_path / "tried.safetensors").step == 7
    assert player.ended.is_set()


def test_a_bug_in_training_pauses_with_all_lanes_at_the_same_step(monkeypatch, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    document = {"task": {"kind": "echo"}, "training": {"steps": 0, "speed": 0}, "lanes": [{"kind": "rnn"}] * 2}
    player = Player(PresetFile("tried", parse(document, "tried")), lambda: None, store=lambda _: tmp_path / "kept")
    accept, second = Timeline.accept, player.session.histories.timelines[1]

    def fragile(timeline: Timeline, proposal: Proposal) -> None:
        if timeline is second and timeline.step == 5:
            raise OverflowError("what nobody expected")
        accept(timeline, proposal)

    monkeypatch.setattr(Timeline, "accept", fragile)
    with Running(player):
        player.send(lambda p: p.play(True))
        until(lambda: player._bulletin._news)
        _, (news,) = player.collect()
        assert "OverflowError: what nobody expected" in news.text
        until(lambda: not player.collect()[0].player.playing)
        monkeypatch.undo()
        player.send(lambda p: p.go(8))
        until(lambda: player.frame.step == 8)
        assert {timeline.step for timeline in player.session.histories.timelines} == {8}
    assert reader.load(tmp_path / "kept").step == 8


NOT_UTF_8 = UnicodeEncodeError("utf-8", "\udcff", 0, 1, "surrogates not allowed")


@pytest.mark.parametrize(
    "error", [ZeroDivisionError(), MemoryError(), NOT_UTF_8], ids=lambda error: type(error).__name__
)
def test_whatever_goes_wrong_with_the_last_saving_it_ends_and_says_so(error: Exception) -> None:
    def store(_: str) -> Path:
        raise error

    player = player_of()
    player._keeper._store = store
    with Running(player):
        player.send(lambda p: p.go(3))
        until(lambda: player.frame.step == 3)
    assert player.ended.is_set()
    assert "could not be kept" in player.problem


def test_a_frame_that_cannot_be_made_is_told_and_the_thread_goes_on(monkeypatch) -> None:  # type: ignore[no-untyped-def]
    frame = Session.frame

    def fragile(session: Session, demands: Demand) -> Frame:
        if session.step == 4:
            raise FloatingPointError("a bug in scoring")
        return frame(session, demands)

    monkeypatch.setattr(Session, "frame", fragile)
    with Running(player_of()) as player:
        player.send(lambda p: p.go(4))
        until(lambda: player._bulletin._news)
        snapshot, news = player.collect()
        assert "a bug in scoring" in news[0].text
        assert snapshot.frame.step == 0
        player.send(lambda p: p.go(5))
        until(lambda: player.frame.step == 5)


def test_too_little_memory_is_said() -> None:
    def hungry(_: Player) -> str:
        raise MemoryError

    with Running(player_of()) as player:
        player.send(hungry)
        until(lambda: player._bulletin._news)
        assert player.collect()[1][0].text == "there is not enough memory for that"
        player.send(lambda p: p.go(2))
        until(lambda: player.frame.step == 2)


def test_what_could_not_be_kept_at_the_end_is_known(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    player = keeping(tmp_path / "file")
    with Running(player):
        player.send(lambda p: p.go(3))
        until(lambda: player.frame.step == 3)
    assert "could not be kept" in player.problem


def test_a_change_while_the_past_is_played_asks_at_the_end_of_what_was_learnt() -> None:
    with Running(player_of(steps=0, speed=0)) as player:
        player.send(lambda p: p.go(400))
        player.send(lambda p: p.go(20))
        player.send(lambda p: p.play(True))
        player.send(lambda p: p.session.change({"training.learning_rate": 0.5}))
        until(lambda: any(news.again for news in player._bulletin._news))
        until(lambda: not player.playing)
        assert player.session.histories.undecided is not None
        assert player.session.histories.undecided.last_step == 400


def test_a_step_pointed_at_while_too_much_waits_is_gone_to_all_the_same() -> None:
    player = player_of()
    for _ in range(MOST_WAITING):
        player.send(lambda _: None)
    player.seek(5)
    with Running(player):
        until(lambda: player.frame.step == 5)
        player.send(lambda p: p.go(6))
        until(lambda: player.frame.step == 6)


def test_what_is_called_off_before_its_turn_is_not_begun() -> None:
    player = player_of()
    player.send(lambda p: p.go(2000))
    player.call_off()
    player.send(lambda p: p.go(3))
    with Running(player):
        until(lambda: player.frame.step == 3)
    assert player.session.last_step == 3


def test_it_says_when_play_and_steps_begin_that_the_schedule_has_ended() -> None:
    with Running(player_of(speed=0, steps=0, schedule="cosine", schedule_steps=2)) as player:
        said: list[str] = []

        def heard(count: int) -> bool:
            said.extend(news.text for news in player.collect()[1] if "the cosine schedule ends at step 2" in news.text)
            return len(said) >= count

        player.send(lambda p: p.go(3))
        until(lambda: heard(1))
        player.send(lambda p: p.go(4))
        player.send(lambda p: p.play(True))
        until(lambda: heard(2))
        player.send(lambda p: p.play(False))
        until(lambda: not player.playing)
        assert all("choose a longer period or a constant schedule" in text for text in said)

"""The thread that owns the session, without a screen."""

import threading
import time
from collections.abc import Callable
from itertools import count
from pathlib import Path

import pytest

from rnn_tui.checkpoints import reader
from rnn_tui.presets.preset import parse
from rnn_tui.presets.store import PresetFile
from rnn_tui.session.frame import Demand, Frame
from rnn_tui.session.session import Session
from rnn_tui.session.timeline import Proposal, Timeline
from rnn_tui.ui.training.command_queue import MOST_WAITING, Command
from rnn_tui.ui.training.frame_publisher import News
from rnn_tui.ui.training.training_thread import TrainingThread


def thread_of(
    on_news: Callable[[], object] = lambda: None,
    clock: Callable[[], float] = time.monotonic,
    store: Callable[[str], Path] | None = None,
    **training: object,
) -> TrainingThread:
    document = {"task": {"kind": "echo"}, "training": training, "lanes": [{"kind": "rnn"}]}
    return TrainingThread(PresetFile("tried", parse(document, "tried")), on_news, clock, store=store)


def until(condition, seconds: float = 10.0) -> None:  # type: ignore[no-untyped-def]
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.005)


def news_of(thread: TrainingThread) -> list[News]:
    """What the screen is told next."""
    found: list[News] = []

    def heard() -> bool:
        found.extend(thread.channel.collect().news)
        return bool(found)

    until(heard)
    return found


class Running:
    """The training thread, stopped and joined at the end."""

    def __init__(self, thread: TrainingThread) -> None:
        self.thread = thread
        self._thread = threading.Thread(target=thread.run)

    def __enter__(self) -> TrainingThread:
        self._thread.start()
        return self.thread

    def __exit__(self, *_: object) -> None:
        self.thread.channel.stop()
        self._thread.join(5)
        assert not self._thread.is_alive()


def test_commands_are_carried_out_in_order() -> None:
    with Running(thread_of()) as thread:
        for _ in range(5):
            thread.channel.send(Command(lambda p: p.session.seek(p.session.step + 2)))
        thread.channel.send(Command(lambda p: p.session.back(3)))
        until(lambda: thread.frame.step == 7)


def test_what_is_demanded_later_is_there_soon_while_it_stands_plays_and_travels() -> None:
    asked = Demand.PROBE | Demand.SCORE

    def lean() -> None:
        channel.demand(Demand.PROBE)
        until(lambda: channel.collect().snapshot.frame.demands == Demand.PROBE)

    with Running(thread_of(speed=0, steps=0)) as thread:
        channel = thread.channel
        channel.demand(Demand.PROBE)
        channel.send(Command(lambda p: p.go(3)))
        until(lambda: channel.collect().snapshot.frame.step == 3)
        assert channel.collect().snapshot.frame.demands == Demand.PROBE
        channel.demand(asked)
        until(lambda: channel.collect().snapshot.frame.demands == asked)
        assert channel.collect().snapshot.frame.step == 3
        channel.send(Command(lambda p: p.play(True)))
        lean()
        channel.demand(asked)
        until(lambda: channel.collect().snapshot.frame.demands == asked)
        channel.seek(1_000_000)
        until(lambda: channel.collect().snapshot.training.goal is not None)
        lean()
        channel.demand(asked)
        until(lambda: channel.collect().snapshot.frame.demands == asked)
        assert channel.collect().snapshot.training.goal is not None


def test_it_plays_at_the_pace_it_is_given(clock) -> None:  # type: ignore[no-untyped-def]
    with Running(thread_of(clock=clock, speed=50, steps=0)) as thread:
        thread.channel.send(Command(lambda p: p.play(True)))
        until(lambda: thread.playing)
        for step in (10, 20, 30):
            clock.now += 0.201
            until(lambda step=step: thread.session.step >= step)
        thread.channel.send(Command(lambda p: p.play(False)))
        until(lambda: not thread.playing)
        assert thread.session.step == 30


def test_a_screen_that_does_not_collect_is_told_once(clock) -> None:  # type: ignore[no-untyped-def]
    calls: list[int] = []
    thread = thread_of(lambda: calls.append(1), clock=clock, speed=0, steps=0)

    def play_on() -> None:
        """Another frame is due, and then there are more updates."""
        clock.now += 10
        step = thread.session.step
        until(lambda: thread.session.step > step + 2)

    with Running(thread):
        thread.channel.send(Command(lambda p: p.play(True)))
        for _ in range(5):
            play_on()
        assert len(calls) == 1
        thread.channel.collect()
        play_on()
        assert len(calls) == 2


def test_too_many_waiting_commands_are_refused() -> None:
    thread = thread_of()
    assert all(thread.channel.send(Command(lambda _: None)) for _ in range(MOST_WAITING))
    assert not thread.channel.send(Command(lambda _: None))


def test_a_mistake_becomes_a_sentence_and_nothing_is_lost() -> None:
    with Running(thread_of()) as thread:
        thread.channel.send(Command(lambda p: p.session.seek(p.session.step + 3)))
        thread.channel.send(Command(lambda p: p.session.change({"training.learning_rate": -1.0})))
        news = news_of(thread)
        assert "greater than 0" in news[0].text
        assert news[0].severity == "error"
        assert thread.session.step == 3


def test_stopping_ends_flat_out_play_after_the_update_under_way(monkeypatch, clock) -> None:  # type: ignore[no-untyped-def]
    forward = Session.forward

    def stopping(session: Session) -> None:
        forward(session)
        if session.step == 4:
            thread.channel.stop()

    monkeypatch.setattr(Session, "forward", stopping)
    with Running(thread_of(clock=clock, speed=0, steps=0)) as thread:
        thread.channel.send(Command(lambda p: p.play(True)))
        until(lambda: thread.session.step >= 4)
    assert thread.session.step == 4


def held_at(monkeypatch, step: int) -> tuple[TrainingThread, Callable[[], None]]:  # type: ignore[no-untyped-def]
    """A thread whose update from ``step`` is under way until the function is called."""
    forward, hold = Session.forward, threading.Event()

    def held(session: Session) -> None:
        if session.step == step:
            hold.wait(10)
        forward(session)

    monkeypatch.setattr(Session, "forward", held)
    return thread_of(steps=0), hold.set


def test_a_step_far_away_is_gone_to_with_frames_on_the_way() -> None:
    seen: list[int] = []
    seconds = count(0, 0.01)  # 10 ms from each look at the clock to the next

    def draw() -> None:
        seen.append(thread.channel.collect().snapshot.frame.step)
        thread.channel.drawn()

    thread = thread_of(draw, clock=lambda: next(seconds), steps=0)
    with Running(thread):
        thread.channel.send(Command(lambda p: p.go(200)))
        until(lambda: thread.frame.step == 200)
        assert thread.goal is None
    assert len(seen) > 1
    assert seen == sorted(seen)


def test_on_the_way_to_a_step_one_can_stay_where_one_is(monkeypatch) -> None:  # type: ignore[no-untyped-def]
    thread, release = held_at(monkeypatch, step=4)
    with Running(thread):
        thread.channel.send(Command(lambda p: p.go(10_000)))
        until(lambda: thread.goal == 10_000 and thread.session.step == 4)
        thread.channel.call_off()
        release()
        until(lambda: thread.goal is None)
        assert thread.session.step == 5
        thread.channel.send(Command(lambda p: p.go(6)))
        until(lambda: thread.session.step == 6)


def test_of_many_steps_pointed_at_the_last_one_is_gone_to(monkeypatch) -> None:  # type: ignore[no-untyped-def]
    thread, release = held_at(monkeypatch, step=0)
    with Running(thread):
        for step in (5000, 4000, 3000, 12):
            thread.channel.seek(step)
        release()
        until(lambda: thread.frame.step == 12 and thread.goal is None)
        assert thread.session.last_step == 12


def test_a_past_that_was_changed_is_not_played_on_before_it_is_decided_what_becomes_of_the_future() -> None:
    with Running(thread_of(steps=0, speed=0)) as thread:
        thread.channel.send(Command(lambda p: p.go(50)))
        thread.channel.send(Command(lambda p: p.go(20)))
        thread.channel.send(Command(lambda p: p.session.change({"training.learning_rate": 0.5})))
        thread.channel.send(Command(lambda p: p.play(True)))
        news = news_of(thread)
        assert news[-1].again is not None
        assert not thread.playing
        assert "30 later steps" in news[-1].text
        thread.channel.send(Command(lambda p: p.go(10)))  # going back is no question
        until(lambda: thread.frame.step == 10)
        thread.channel.send(Command(lambda p: p.session.fork()))
        thread.channel.send(news[-1].again)
        until(lambda: thread.playing)
        assert thread.session.histories.pinned_runs[0].last_step == 50


def test_the_run_is_kept_when_the_lab_is_closed(tmp_path) -> None:  # type: ignore[no-untyped-def]
    document = {"task": {"kind": "echo"}, "lanes": [{"kind": "rnn"}]}
    store = tmp_path / "kept.safetensors"
    thread = TrainingThread(PresetFile("tried", parse(document, "tried")), lambda: None, store=lambda _: store)
    with Running(thread):
        thread.channel.send(Command(lambda p: p.go(7)))
        until(lambda: thread.frame.step == 7)
        assert not store.exists()
    assert reader.load(store).step == 7


def test_the_run_is_kept_every_minute_while_nothing_is_done(tmp_path, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.setattr("rnn_tui.ui.training.autosaver.EVERY", 0.05)
    document = {"task": {"kind": "echo"}, "lanes": [{"kind": "rnn"}]}
    store = tmp_path / "kept.safetensors"
    with Running(
        TrainingThread(PresetFile("tried", parse(document, "tried")), lambda: None, store=lambda _: store)
    ) as thread:
        thread.channel.send(Command(lambda p: p.go(7)))
        until(store.exists)
        until(lambda: reader.load(store).step == 7)


def test_a_run_that_goes_on_stands_where_it_stood() -> None:
    document = {"task": {"kind": "echo"}, "lanes": [{"kind": "rnn"}]}
    session = Session(parse(document, "tried"))
    session.forward(9)
    with Running(TrainingThread(PresetFile("tried", session.preset), lambda: None, session=session)) as thread:
        assert thread.frame.step == 9
        thread.channel.send(Command(lambda p: p.go(p.session.step + 1)))
        until(lambda: thread.frame.step == 10)


def keeping(tmp_path: Path, **training: object) -> TrainingThread:
    """A training thread that keeps each preset's run in a file of its own."""
    return thread_of(store=lambda name: tmp_path / f"{name}.safetensors", **training)


def test_the_run_that_was_on_the_bench_is_kept_when_another_preset_is_opened(tmp_path: Path) -> None:
    with Running(keeping(tmp_path)) as thread:
        thread.channel.send(Command(lambda p: p.go(9)))
        thread.channel.send(
            Command(lambda p: p.open(PresetFile("other", p.session.preset.with_changes({"training.seed": 1}))))
        )
        until(lambda: thread.frame.step == 0 and thread.file.name == "other")
        assert reader.load(tmp_path / "tried.safetensors").step == 9
        thread.channel.send(Command(lambda p: p.go(4)))
        thread.channel.send(Command(TrainingThread.undo))
        until(lambda: thread.frame.step == 9)
        assert reader.load(tmp_path / "other.safetensors").step == 4


def test_a_run_on_its_way_to_a_step_far_away_is_kept_meanwhile(tmp_path: Path, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.setattr("rnn_tui.ui.training.autosaver.EVERY", 0.05)
    with Running(keeping(tmp_path)) as thread:
        thread.channel.send(Command(lambda p: p.go(10**8)))
        until((tmp_path / "tried.safetensors").exists)
        thread.channel.call_off()


def test_a_bug_in_a_command_is_told_and_costs_neither_the_run_nor_the_thread(tmp_path: Path) -> None:
    with Running(keeping(tmp_path)) as thread:
        thread.channel.send(Command(lambda p: p.go(6)))
        thread.channel.send(Command(lambda _: str(1 / 0)))
        (news,) = news_of(thread)
        assert "ZeroDivisionError" in news.text
        assert news.severity == "error"
        thread.channel.send(Command(lambda p: p.go(7)))
        until(lambda: thread.frame.step == 7)
    assert "1 / 0" in thread.bugs.text
    assert reader.load(tmp_path / "tried.safetensors").step == 7
    assert thread.ended.is_set()


def test_a_bug_in_training_pauses_with_all_lanes_at_the_same_step(monkeypatch, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    document = {"task": {"kind": "echo"}, "training": {"steps": 0, "speed": 0}, "lanes": [{"kind": "rnn"}] * 2}
    thread = TrainingThread(
        PresetFile("tried", parse(document, "tried")), lambda: None, store=lambda _: tmp_path / "kept"
    )
    accept, second = Timeline.accept, thread.session.histories.timelines[1]

    def fragile(timeline: Timeline, proposal: Proposal) -> None:
        if timeline is second and timeline.step == 5:
            raise OverflowError("what nobody expected")
        accept(timeline, proposal)

    monkeypatch.setattr(Timeline, "accept", fragile)
    with Running(thread):
        thread.channel.send(Command(lambda p: p.play(True)))
        (news,) = news_of(thread)
        assert "OverflowError: what nobody expected" in news.text
        until(lambda: not thread.channel.collect()[0].training.playing)
        monkeypatch.undo()
        thread.channel.send(Command(lambda p: p.go(8)))
        until(lambda: thread.frame.step == 8)
        assert {timeline.step for timeline in thread.session.histories.timelines} == {8}
    assert reader.load(tmp_path / "kept").step == 8


NOT_UTF_8 = UnicodeEncodeError("utf-8", "\udcff", 0, 1, "surrogates not allowed")


@pytest.mark.parametrize(
    "error", [ZeroDivisionError(), MemoryError(), NOT_UTF_8], ids=lambda error: type(error).__name__
)
def test_whatever_goes_wrong_with_the_last_saving_it_ends_and_says_so(error: Exception) -> None:
    def store(_: str) -> Path:
        raise error

    with Running(thread_of(store=store)) as thread:
        thread.channel.send(Command(lambda p: p.go(3)))
        until(lambda: thread.frame.step == 3)
    assert thread.ended.is_set()
    assert "could not be saved" in thread.lost()


def test_a_frame_that_cannot_be_made_is_told_and_the_thread_goes_on(monkeypatch) -> None:  # type: ignore[no-untyped-def]
    frame = Session.frame

    def fragile(session: Session, demands: Demand, *lens: object) -> Frame:
        if session.step == 4:
            raise FloatingPointError("a bug in scoring")
        return frame(session, demands, *lens)

    monkeypatch.setattr(Session, "frame", fragile)
    with Running(thread_of()) as thread:
        thread.channel.send(Command(lambda p: p.go(4)))
        assert "a bug in scoring" in news_of(thread)[0].text
        assert thread.channel.collect().snapshot.frame.step == 0
        thread.channel.send(Command(lambda p: p.go(5)))
        until(lambda: thread.frame.step == 5)


def test_too_little_memory_is_said() -> None:
    def hungry(_: TrainingThread) -> str:
        raise MemoryError

    with Running(thread_of()) as thread:
        thread.channel.send(Command(hungry))
        assert news_of(thread)[0].text == "not enough memory"
        thread.channel.send(Command(lambda p: p.go(2)))
        until(lambda: thread.frame.step == 2)


def test_what_could_not_be_kept_at_the_end_is_known(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    thread = keeping(tmp_path / "file")
    with Running(thread):
        thread.channel.send(Command(lambda p: p.go(3)))
        until(lambda: thread.frame.step == 3)
    assert "could not be saved" in thread.lost()


def test_a_change_while_the_past_is_played_asks_at_the_end_of_what_was_learnt() -> None:
    with Running(thread_of(steps=0, speed=0)) as thread:
        thread.channel.send(Command(lambda p: p.go(400)))
        thread.channel.send(Command(lambda p: p.go(20)))
        thread.channel.send(Command(lambda p: p.play(True)))
        thread.channel.send(Command(lambda p: p.session.change({"training.learning_rate": 0.5})))
        until(lambda: any(news.again for news in news_of(thread)))
        until(lambda: not thread.playing)
        assert thread.session.histories.undecided is not None
        assert thread.session.histories.undecided.last_step == 400


def test_a_step_pointed_at_while_too_much_waits_is_gone_to_all_the_same() -> None:
    thread = thread_of()
    for _ in range(MOST_WAITING):
        thread.channel.send(Command(lambda _: None))
    thread.channel.seek(5)
    with Running(thread):
        until(lambda: thread.frame.step == 5)
        thread.channel.send(Command(lambda p: p.go(6)))
        until(lambda: thread.frame.step == 6)


def test_what_is_called_off_before_its_turn_is_not_begun() -> None:
    thread = thread_of()
    thread.channel.send(Command(lambda p: p.go(2000)))
    thread.channel.call_off()
    thread.channel.send(Command(lambda p: p.go(3)))
    with Running(thread):
        until(lambda: thread.frame.step == 3)
    assert thread.session.last_step == 3


def test_it_says_when_play_and_steps_begin_that_the_schedule_has_ended() -> None:
    with Running(thread_of(speed=0, steps=0, schedule="cosine", schedule_steps=2)) as thread:
        said: list[str] = []

        def heard(count: int) -> bool:
            said.extend(
                news.text for news in thread.channel.collect()[1] if "the cosine schedule ends at step 2" in news.text
            )
            return len(said) >= count

        thread.channel.send(Command(lambda p: p.go(3)))
        until(lambda: heard(1))
        thread.channel.send(Command(lambda p: p.go(4)))
        thread.channel.send(Command(lambda p: p.play(True)))
        until(lambda: heard(2))
        thread.channel.send(Command(lambda p: p.play(False)))
        until(lambda: not thread.playing)
        assert all("choose a longer period or the constant schedule" in text for text in said)

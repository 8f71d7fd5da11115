import errno
import os
from math import inf

import pytest
from straight import small

from rnn_tui.checkpoints import reader
from rnn_tui.presets.store import PresetFile
from rnn_tui.session.session import Session
from rnn_tui.ui.input.bug_reports import BugReports
from rnn_tui.ui.training.autosaver import EVERY, LONGEST, RATE, SHARE, Keeper
from rnn_tui.ui.training.frame_publisher import News
from rnn_tui.ui.training.workspace import Opened


@pytest.fixture
def opened():
    return Opened(PresetFile("tried", small()), Session(small()), 60)


@pytest.fixture
def keeper(clock, tmp_path):
    return Keeper(lambda _: tmp_path / "kept.safetensors", clock, BugReports())


def test_nothing_is_kept_before_there_is_something_to_lose(keeper, opened, tmp_path):
    assert keeper.due(opened) == inf
    assert keeper.keep(opened) == ""
    assert not list(tmp_path.iterdir())


def test_a_run_is_kept_once_a_minute_as_long_as_it_changes(keeper, opened, clock, tmp_path):
    opened.session.forward(3)
    assert keeper.due(opened) == EVERY
    clock.now += EVERY - 1
    assert keeper.due(opened) == 1
    clock.now += 5
    assert keeper.due(opened) == 0
    assert keeper.keep(opened) == ""
    assert reader.load(tmp_path / "kept.safetensors").step == 3
    assert keeper.due(opened) == inf
    opened.session.forward(1)
    assert keeper.due(opened) == EVERY


def test_settings_that_are_not_saved_are_worth_keeping_without_any_training(keeper, opened, tmp_path):
    opened.session.change({"lanes.0.hidden_size": 5})
    assert keeper.due(opened) == EVERY
    keeper.keep(opened)
    assert reader.load(tmp_path / "kept.safetensors").preset.lanes[0].hidden_size == 5


def test_a_full_disk_is_said_and_the_old_file_stays(keeper, opened, tmp_path, monkeypatch):
    opened.session.forward(3)
    keeper.keep(opened)
    opened.session.forward(3)
    monkeypatch.setattr(os, "fsync", lambda _: (_ for _ in ()).throw(OSError(errno.ENOSPC, "No space left on device")))
    said = keeper.keep(opened)
    assert "this run could not be kept" in said
    assert "No space left on device" in said
    assert reader.load(tmp_path / "kept.safetensors").step == 3
    assert keeper.due(opened) == EVERY  # then it is tried again
    monkeypatch.undo()
    assert keeper.keep(opened) == ""
    assert reader.load(tmp_path / "kept.safetensors").step == 6


def test_without_a_place_nothing_is_due(opened, clock):
    keeper = Keeper(None, clock, BugReports())
    opened.session.forward(3)
    assert keeper.due(opened) == inf
    assert keeper.keep(opened) == ""


def test_a_large_run_is_written_less_often_but_a_change_of_settings_within_a_minute(
    keeper, opened, clock, tmp_path, monkeypatch
):
    opened.session.forward(3)
    assert keeper.keep(opened) == ""
    size = (tmp_path / "kept.safetensors").stat().st_size
    for rate, pause in ((RATE, EVERY), (size / 100, 100), (size / 10**6, LONGEST)):
        monkeypatch.setattr("rnn_tui.ui.training.autosaver.RATE", rate)
        clock.now += LONGEST
        opened.session.forward(1)
        keeper.keep(opened)
        opened.session.forward(1)
        assert keeper.due(opened) == pytest.approx(pause, rel=0.1)  # the file has grown by some bytes
    opened.session.change({"training.learning_rate": 0.5})
    assert keeper.due(opened) == EVERY


def test_a_slow_disk_is_written_to_for_a_hundredth_of_the_time(opened, clock, tmp_path, monkeypatch):
    def save(*_):
        clock.now += 2

    monkeypatch.setattr("rnn_tui.checkpoints.writer.save", save)
    keeper = Keeper(lambda _: tmp_path, clock, BugReports())
    opened.session.forward(3)
    keeper.keep(opened)
    opened.session.forward(3)
    assert keeper.due(opened) == 2 / SHARE - 2


def test_a_disk_that_stays_full_is_told_of_once_and_so_is_that_there_is_room_again(keeper, opened, monkeypatch):
    full = (_ for _ in ()).throw
    monkeypatch.setattr(os, "fsync", lambda _: full(OSError(errno.ENOSPC, "No space left on device")))
    opened.session.forward(1)
    news = keeper.keep_due(opened)
    assert news.severity == "error"
    assert "No space left on device" in news.text
    assert [keeper.keep_due(opened) for _ in range(3)] == [None] * 3
    monkeypatch.undo()
    assert keeper.keep_due(opened) == News("this run is kept again")
    opened.session.forward(1)
    assert keeper.keep_due(opened) is None


def test_at_the_end_all_is_written_that_is_not_yet_and_a_problem_is_said_once(clock, tmp_path, monkeypatch):
    keeper = Keeper(lambda name: tmp_path / name, clock, BugReports())
    both = [Opened(PresetFile(name, small()), Session(small()), 60) for name in ("a", "b")]
    for opened in both:
        opened.session.forward(2)
    monkeypatch.setattr(os, "fsync", lambda _: 1 / 0)
    assert keeper.keep_all(both).count("ZeroDivisionError") == 1
    monkeypatch.undo()
    assert keeper.keep_all(both) == ""
    assert [reader.load(tmp_path / name).step for name in ("a", "b")] == [2, 2]

import errno
import os
from math import inf

import pytest
from support.reference_training import small

from rnn_tui.checkpoints import reader
from rnn_tui.presets.store import PresetFile
from rnn_tui.session.session import Session
from rnn_tui.ui.input.bug_reports import BugReports
from rnn_tui.ui.training.autosaver import EVERY, LONGEST, RATE, SHARE, Autosaver
from rnn_tui.ui.training.frame_publisher import News
from rnn_tui.ui.training.workspace import Document


@pytest.fixture
def document():
    return Document(PresetFile("tried", small()), Session(small()), 60)


@pytest.fixture
def autosaver(clock, tmp_path):
    return Autosaver(lambda _: tmp_path / "kept.safetensors", clock, BugReports())


def test_nothing_is_kept_before_there_is_something_to_lose(autosaver, document, tmp_path):
    assert autosaver.due(document) == inf
    assert autosaver.save(document) == ""
    assert not list(tmp_path.iterdir())


def test_a_run_is_kept_once_a_minute_as_long_as_it_changes(autosaver, document, clock, tmp_path):
    document.session.forward(3)
    assert autosaver.due(document) == EVERY
    clock.now += EVERY - 1
    assert autosaver.due(document) == 1
    clock.now += 5
    assert autosaver.due(document) == 0
    assert autosaver.save(document) == ""
    assert reader.load(tmp_path / "kept.safetensors").step == 3
    assert autosaver.due(document) == inf
    document.session.forward(1)
    assert autosaver.due(document) == EVERY


def test_settings_that_are_not_saved_are_worth_keeping_without_any_training(autosaver, document, tmp_path):
    document.session.change({"lanes.0.hidden_size": 5})
    assert autosaver.due(document) == EVERY
    autosaver.save(document)
    assert reader.load(tmp_path / "kept.safetensors").preset.lanes[0].hidden_size == 5


def test_a_full_disk_is_said_and_the_old_file_stays(autosaver, document, tmp_path, monkeypatch):
    document.session.forward(3)
    autosaver.save(document)
    document.session.forward(3)
    monkeypatch.setattr(os, "fsync", lambda _: (_ for _ in ()).throw(OSError(errno.ENOSPC, "No space left on device")))
    said = autosaver.save(document)
    assert "this run could not be saved" in said
    assert "No space left on device" in said
    assert reader.load(tmp_path / "kept.safetensors").step == 3
    assert autosaver.due(document) == EVERY  # then it is tried again
    monkeypatch.undo()
    assert autosaver.save(document) == ""
    assert reader.load(tmp_path / "kept.safetensors").step == 6


def test_without_a_place_nothing_is_due(document, clock):
    autosaver = Autosaver(None, clock, BugReports())
    document.session.forward(3)
    assert autosaver.due(document) == inf
    assert autosaver.save(document) == ""


def test_a_large_run_is_written_less_often_but_a_change_of_settings_within_a_minute(
    autosaver, document, clock, tmp_path, monkeypatch
):
    document.session.forward(3)
    assert autosaver.save(document) == ""
    size = (tmp_path / "kept.safetensors").stat().st_size
    for rate, pause in ((RATE, EVERY), (size / 100, 100), (size / 10**6, LONGEST)):
        monkeypatch.setattr("rnn_tui.ui.training.autosaver.RATE", rate)
        clock.now += LONGEST
        document.session.forward(1)
        autosaver.save(document)
        document.session.forward(1)
        assert autosaver.due(document) == pytest.approx(pause, rel=0.1)  # the file has grown by some bytes
    document.session.change({"training.learning_rate": 0.5})
    assert autosaver.due(document) == EVERY


def test_a_slow_disk_is_written_to_for_a_hundredth_of_the_time(document, clock, tmp_path, monkeypatch):
    def save(*_):
        clock.now += 2

    monkeypatch.setattr("rnn_tui.checkpoints.writer.save", save)
    autosaver = Autosaver(lambda _: tmp_path, clock, BugReports())
    document.session.forward(3)
    autosaver.save(document)
    document.session.forward(3)
    assert autosaver.due(document) == 2 / SHARE - 2


def test_a_disk_that_stays_full_is_told_of_once_and_so_is_that_there_is_room_again(autosaver, document, monkeypatch):
    full = (_ for _ in ()).throw
    monkeypatch.setattr(os, "fsync", lambda _: full(OSError(errno.ENOSPC, "No space left on device")))
    document.session.forward(1)
    news = autosaver.save_due(document)
    assert news.severity == "error"
    assert "No space left on device" in news.text
    assert [autosaver.save_due(document) for _ in range(3)] == [None] * 3
    monkeypatch.undo()
    assert autosaver.save_due(document) == News("this run is saved again")
    document.session.forward(1)
    assert autosaver.save_due(document) is None


def test_at_the_end_all_is_written_that_is_not_yet_and_a_problem_is_said_once(clock, tmp_path, monkeypatch):
    autosaver = Autosaver(lambda name: tmp_path / name, clock, BugReports())
    both = [Document(PresetFile(name, small()), Session(small()), 60) for name in ("a", "b")]
    for document in both:
        document.session.forward(2)
    monkeypatch.setattr(os, "fsync", lambda _: 1 / 0)
    assert autosaver.save_all(both).count("ZeroDivisionError") == 1
    monkeypatch.undo()
    assert autosaver.save_all(both) == ""
    assert [reader.load(tmp_path / name).step for name in ("a", "b")] == [2, 2]

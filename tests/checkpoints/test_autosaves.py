import errno
import os
import re
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

import pytest

from rnn_tui.checkpoints import autosaves
from rnn_tui.storage import locks
from rnn_tui.storage.locks import HOST

GONE = "0" * 12  # the number of a lab that holds no lock


@pytest.fixture
def made(home):
    """Makes a file as another lab would have left it."""

    def make(moment, lab=GONE, host=HOST, preset="echo"):
        path = home / "autosaves" / f"{moment}-{host}-{lab}-0-{preset}.safetensors"
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(b"")
        return path

    return make


OTHER_LAB = """
import sys
from rnn_tui.storage import locks
locks.HOST = sys.argv[1]
from rnn_tui.checkpoints import autosaves
path = autosaves.path_for("20260102-030405", "theirs")
path.write_bytes(b"")
print(path, flush=True)
input()
"""


@contextmanager
def lab(host=HOST):
    """Another lab that runs: the file of its run, and its process."""
    command = [sys.executable, "-c", OTHER_LAB, host]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        yield Path(process.stdout.readline().strip()), process
        process.kill()


def test_each_run_has_a_file_of_its_own_named_after_what_it_is(home):
    one, other = (autosaves.path_for("20260102-030405", "my echo/é") for _ in range(2))
    assert one.parent == home / "autosaves"
    assert re.fullmatch(rf"20260102-030405-{HOST}-[0-9a-f]{{12}}-\d+-my-echo--\.safetensors", one.name)
    assert one != other


def test_what_closed_labs_have_left_is_listed_the_latest_last_and_what_is_not_a_lab_s_is_not(made, home):
    first, later = made("20260102-000000"), made("20260101-000000")
    os.utime(first, (1, 1))  # what counts is when it was written
    mine = autosaves.path_for("20260104-000000", "x")
    mine.write_bytes(b"")
    (home / "autosaves" / "notes.safetensors").write_text("somebody's own")
    assert autosaves.left() == [first, later]


def test_the_run_of_a_lab_is_offered_when_the_lab_is_gone_however_it_ended():
    with lab() as (path, process):
        assert autosaves.left() == []
        autosaves.tidy()
        assert path.exists()
        process.kill()
        process.wait()
        assert autosaves.left() == [path]
    with lab() as (closed, process):
        process.communicate("\n")
        assert autosaves.left() == [path, closed]


def test_the_run_of_another_host_is_offered_when_its_lab_says_that_it_is_closed_or_after_a_week(made):
    with lab("elsewhere") as (path, process):
        assert autosaves.left() == []
        process.kill()  # without a word: whether its lock can be seen here is not known
        process.wait()
    assert autosaves.left() == []
    autosaves.claim()  # which tells the file system's time
    os.utime(path, (1, 1))
    assert autosaves.left() == [path]
    closed = made("20260101-000000", host="elsewhere")  # whose lock is gone
    assert autosaves.left() == [path, closed]


def test_without_locks_the_user_is_told_and_no_run_is_taken_for_closed(monkeypatch):
    def none(*_, **__):
        raise OSError(errno.ENOLCK, "No locks available")

    with lab() as (path, _):
        monkeypatch.setattr(locks, "lock_descriptor", none)
        assert "has no locks" in autosaves.claim()
        assert autosaves.left() == []
        autosaves.tidy()
        assert path.exists()


def test_one_file_that_goes_meanwhile_leaves_the_others_in_the_list(made, monkeypatch):
    gone, there = made("20260101-000000"), made("20260102-000000")
    strange = there.with_name(f"20260103-000000-{HOST}-{GONE}-0-\udcff.safetensors")
    strange.write_bytes(b"")
    stat = Path.stat
    monkeypatch.setattr(Path, "stat", lambda path, **more: stat(Path("/none") if path == gone else path, **more))
    assert autosaves.left() == [there, strange]


def test_only_the_latest_are_kept(made):
    files = [made(f"202601{day:02}-000000") for day in range(1, 14)]
    for age, file in enumerate(files):
        os.utime(file, (age, age))
    autosaves.tidy()
    assert autosaves.left() == files[-autosaves.MOST_LEFT :]


def test_without_a_folder_there_is_nothing():
    assert autosaves.left() == []
    autosaves.tidy()

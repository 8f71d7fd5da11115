import os
import re
import subprocess
import sys

import pytest

from rnn_tui.checkpoints import autosaves


def nobody():
    """The number of a process that has ended."""
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    return process.pid


@pytest.fixture
def made(home):
    """Makes a file as another lab would have left it."""

    def make(moment, process, preset="echo"):
        path = home / "autosaves" / f"{moment}-{process}-{preset}.safetensors"
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(b"")
        return path

    return make


def test_each_run_has_a_file_of_its_own_named_after_what_it_is(home):
    one, other = (autosaves.path_for("20260102-030405", "my echo/é") for _ in range(2))
    assert one.parent == home / "autosaves"
    assert re.fullmatch(rf"20260102-030405-{os.getpid()}-\d+-my-echo--\.safetensors", one.name)
    assert one != other


def test_what_closed_labs_have_left_is_listed_the_latest_last_and_that_of_open_ones_is_not(made, home):
    gone = nobody()
    first, later = made("20260102-000000", gone), made("20260101-000000", gone)
    os.utime(first, (1, 1))  # what counts is when it was written
    made("20260103-000000", os.getppid())  # which is there
    mine = autosaves.path_for("20260104-000000", "x")
    mine.write_bytes(b"")
    (home / "autosaves" / "notes.safetensors").write_text("somebody's own")
    assert autosaves.left() == [first, later]


def test_what_a_lab_with_our_own_process_number_has_left_is_not_taken_for_ours(made):
    path = made("20260101-000000", os.getpid())  # as in a container, where it is always the same
    assert autosaves.left() == [path]


def test_a_process_number_that_no_system_has_is_nobodys(made):
    path = made("20260101-000000", 10**30)
    assert autosaves.left() == [path]


def test_only_the_latest_are_kept(made):
    gone = nobody()
    files = [made(f"202601{day:02}-000000", gone) for day in range(1, 14)]
    for age, file in enumerate(files):
        os.utime(file, (age, age))
    autosaves.tidy()
    assert autosaves.left() == files[-autosaves.MOST_LEFT :]


def test_without_a_folder_there_is_nothing():
    assert autosaves.left() == []
    autosaves.tidy()

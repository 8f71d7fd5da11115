import os
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


def test_each_lab_has_a_file_of_its_own_named_after_what_it_is(home):
    path = autosaves.path_for("20260102-030405", "my echo/é")
    assert path == home / "autosaves" / f"20260102-030405-{os.getpid()}-my-echo--.safetensors"


def test_what_closed_labs_have_left_is_listed_the_latest_last_and_that_of_open_ones_is_not(made, home):
    gone = nobody()
    later, earlier = made("20260102-000000", gone), made("20260101-000000", gone)
    made("20260103-000000", os.getpid())  # this one is running
    made("20260103-000000", os.getppid())
    (home / "autosaves" / "notes.safetensors").write_text("somebody's own")
    assert autosaves.left() == [earlier, later]


def test_a_process_number_that_no_system_has_is_nobodys(made):
    path = made("20260101-000000", 10**30)
    assert autosaves.left() == [path]


def test_only_the_latest_are_kept(made):
    gone = nobody()
    files = [made(f"202601{day:02}-000000", gone) for day in range(1, 10)]
    autosaves.tidy()
    assert autosaves.left() == files[-autosaves.MOST_LEFT :]


def test_without_a_folder_there_is_nothing():
    assert autosaves.left() == []
    autosaves.tidy()

"""Locks of the system: who holds one is there."""

import errno
import os
import subprocess
import sys

from rnn_tui.storage import locks

HOLDER = """
import sys
from pathlib import Path
from rnn_tui.storage.locks import hold
print(hold(Path(sys.argv[1]))[1], flush=True)
input()
"""


def test_a_lock_is_free_as_soon_as_its_process_has_ended_however(tmp_path):
    path = tmp_path / "x.lock"
    assert locks.is_free(path)  # there is none
    command = [sys.executable, "-c", HOLDER, str(path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout.readline() == "True\n"
        assert locks.is_free(path) is False
        process.kill()
        process.wait()
        assert locks.is_free(path) is True


def test_a_lock_whose_file_was_taken_away_meanwhile_is_taken_again(tmp_path, monkeypatch):
    path, times = tmp_path / "x.lock", []

    def locked(descriptor):
        if not times:
            path.unlink()
        times.append(descriptor)
        return True

    monkeypatch.setattr(locks, "locked", locked)
    descriptor, held = locks.hold(path)
    assert held
    assert len(times) == 2
    assert os.path.samestat(path.stat(), os.fstat(descriptor))
    os.close(descriptor)


def test_without_locks_nothing_is_known(tmp_path, monkeypatch):
    def none(*_, **__):
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr(locks, "lock_descriptor", none)
    descriptor, held = locks.hold(tmp_path / "x.lock")
    assert not held
    assert locks.is_free(tmp_path / "x.lock") is None
    os.close(descriptor)

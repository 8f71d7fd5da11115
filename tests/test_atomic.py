import errno
import os
import signal
import time
from pathlib import Path

import numpy as np
import pytest
from straight import small

from rnn_tui import atomic
from rnn_tui.checkpoints import reader, writer
from rnn_tui.errors import RnnTuiError
from rnn_tui.session.session import Session
from rnn_tui.session.storing import checkpoint_of


def full_disk(*_, **__):
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def test_a_text_is_written_whole_and_folders_on_the_way_are_made(tmp_path):
    path = tmp_path / "a" / "b" / "x.toml"
    atomic.write_text(path, "größer = 1\n")
    assert path.read_bytes() == "größer = 1\n".encode()
    atomic.write_text(path, "y\r\n")
    assert path.read_bytes() == b"y\r\n"
    assert list(path.parent.iterdir()) == [path]


def test_a_text_that_is_none_is_refused_in_words(tmp_path):
    text = 'path = "/home/' + os.fsdecode(b"caf\xe9") + '/x.csv"'
    with pytest.raises(RnnTuiError, match=r"not saved: .*caf.udce9.* is not UTF-8; rename"):
        atomic.write_text(tmp_path / "x.toml", text)
    assert list(tmp_path.iterdir()) == []


def test_what_is_written_can_be_read_by_others_as_usual(tmp_path):
    atomic.write_text(tmp_path / "x", "1")
    assert (tmp_path / "x").stat().st_mode & 0o777 == 0o644


@pytest.mark.parametrize(
    ("owner", "name"), [(os, "fsync"), (Path, "replace"), (os, "fdopen"), (Path, "chmod"), (os, "open")]
)
def test_a_failed_write_leaves_the_old_file_and_nothing_else(tmp_path, monkeypatch, owner, name):
    path = tmp_path / "x.toml"
    path.write_text("old")
    monkeypatch.setattr(owner, name, full_disk)
    with pytest.raises(RnnTuiError) as caught:
        atomic.write_text(path, "new")
    monkeypatch.undo()
    assert str(caught.value) == f"{path}: not saved (No space left on device); nothing was changed"
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_an_interrupted_write_leaves_the_old_file_and_nothing_else(tmp_path, monkeypatch):
    def interrupt(_):
        raise KeyboardInterrupt

    path = tmp_path / "x.toml"
    path.write_text("old")
    monkeypatch.setattr(os, "fsync", interrupt)
    with pytest.raises(KeyboardInterrupt):
        atomic.write_text(path, "new")
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_the_new_text_is_on_the_disk_before_it_takes_the_old_ones_place(tmp_path, monkeypatch):
    order, path = [], tmp_path / "x.toml"
    path.write_text("old")
    fsync, replace = os.fsync, Path.replace
    monkeypatch.setattr(os, "fsync", lambda file: order.append(("sync", path.read_text())) or fsync(file))
    monkeypatch.setattr(
        Path, "replace", lambda one, other: order.append(("rename", one.read_text())) or replace(one, other)
    )
    atomic.write_text(path, "new")
    assert order == [("sync", "old"), ("rename", "new")]
    assert path.read_text() == "new"


def test_a_folder_that_cannot_be_made_is_named_with_the_reason(tmp_path):
    (tmp_path / "file").write_text("not a folder")
    path = tmp_path / "file" / "below" / "x.toml"
    with pytest.raises(RnnTuiError) as caught:
        atomic.write_text(path, "new")
    assert str(caught.value) == f"{path}: not saved (Not a directory); nothing was changed"
    assert (tmp_path / "file").read_text() == "not a folder"


def test_a_folder_is_never_overwritten_by_a_file(tmp_path):
    (tmp_path / "x.toml").mkdir()
    with pytest.raises(RnnTuiError, match="not saved"):
        atomic.write_text(tmp_path / "x.toml", "new")
    assert list(tmp_path.iterdir()) == [tmp_path / "x.toml"]
    assert not list((tmp_path / "x.toml").iterdir())


def test_files_are_written_together_each_into_its_folder(tmp_path):
    atomic.write_all({tmp_path / "a" / "x": b"1", tmp_path / "y": b"2"})
    assert (tmp_path / "a" / "x").read_bytes() == b"1"
    assert (tmp_path / "y").read_bytes() == b"2"


def test_a_name_that_is_taken_gets_a_number(tmp_path):
    assert atomic.free(tmp_path / "a.csv") == tmp_path / "a.csv"
    (tmp_path / "a.csv").touch()
    (tmp_path / "a-2.csv").mkdir()
    assert atomic.free(tmp_path / "a.csv") == tmp_path / "a-3.csv"


@pytest.mark.skipif(not hasattr(os, "fork"), reason="processes cannot be forked here")
def test_a_process_killed_while_saving_a_hundred_times_always_leaves_a_whole_run(tmp_path):
    """Either the old one or the new one; and what was left of unfinished writing goes with the next."""
    path, sessions = tmp_path / "run.safetensors", [Session(small()), Session(small())]
    sessions[1].forward(30)
    checkpoints = [checkpoint_of(session, "killed") for session in sessions]
    writer.save(checkpoints[0], path)
    rng, found = np.random.default_rng(0), set()
    for number in range(100):
        child = os.fork()
        if child == 0:  # saves one run and then the other, until it is killed
            while True:
                for checkpoint in checkpoints[:: -1 if number % 2 else 1]:
                    writer.save(checkpoint, path)
        time.sleep(float(rng.uniform(0, 0.02)))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        found.add(reader.load(path).step)
    assert found == {0, 30}
    writer.save(checkpoints[0], path)
    assert list(tmp_path.iterdir()) == [path]


def test_permissions_are_those_of_the_older_file_or_those_that_new_files_get(tmp_path):
    before = os.umask(0o077)
    try:
        atomic.write_text(tmp_path / "new", "1")
    finally:
        os.umask(before)
    assert (tmp_path / "new").stat().st_mode & 0o777 == 0o600
    (tmp_path / "new").chmod(0o640)
    atomic.write_text(tmp_path / "new", "2")
    assert (tmp_path / "new").stat().st_mode & 0o777 == 0o640


def test_a_link_stays_one_and_what_it_leads_to_is_written(tmp_path):
    (tmp_path / "elsewhere").mkdir()
    target, link = tmp_path / "elsewhere" / "x.toml", tmp_path / "x.toml"
    target.write_text("old")
    link.symlink_to(target)
    atomic.write_text(link, "new")
    assert link.is_symlink()
    assert target.read_text() == "new"


def test_what_cannot_be_swept_up_keeps_nobody_from_saving(tmp_path):
    (tmp_path / f".saving-{10**9}-0.tmp").mkdir()  # as good as another user's
    atomic.write_text(tmp_path / "x", "1")
    assert (tmp_path / "x").read_text() == "1"


def test_it_can_be_asked_beforehand_whether_something_can_be_written(tmp_path):
    atomic.check(tmp_path / "a" / "x")
    assert list((tmp_path / "a").iterdir()) == []
    (tmp_path / "file").write_text("no folder")
    with pytest.raises(RnnTuiError, match="cannot be saved"):
        atomic.check(tmp_path / "file" / "x")

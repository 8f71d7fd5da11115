import errno
import os
import signal
import stat
import time
from pathlib import Path

import numpy as np
import pytest
from support.examples import EXAMPLES
from support.reference_training import small

from rnn_tui.checkpoints import reader, writer
from rnn_tui.errors import RnnTuiError
from rnn_tui.session.checkpointing import checkpoint_of
from rnn_tui.session.session import Session
from rnn_tui.storage import atomic_write, locks


def _kind(descriptor):
    return "folder" if stat.S_ISDIR(os.fstat(descriptor).st_mode) else "file"


def full_disk(*_, **__):
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def test_a_text_is_written_whole_and_folders_on_the_way_are_made(tmp_path):
    path = tmp_path / "a" / "b" / "x.toml"
    atomic_write.write_text(path, "größer = 1\n")
    assert path.read_bytes() == "größer = 1\n".encode()
    atomic_write.write_text(path, "y\r\n")
    assert path.read_bytes() == b"y\r\n"
    assert list(path.parent.iterdir()) == [path]


def test_a_text_that_is_none_is_refused_in_words(tmp_path):
    text = 'path = "/home/' + os.fsdecode(b"caf\xe9") + '/x.csv"'
    with pytest.raises(RnnTuiError, match=r"not saved: .*caf.udce9.* is not UTF-8; rename"):
        atomic_write.write_text(tmp_path / "x.toml", text)
    assert list(tmp_path.iterdir()) == []


def test_what_is_written_can_be_read_by_others_as_usual(tmp_path):
    atomic_write.write_text(tmp_path / "x", "1")
    assert (tmp_path / "x").stat().st_mode & 0o777 == 0o644


@pytest.mark.parametrize(
    ("owner", "name"), [(os, "fsync"), (Path, "replace"), (os, "fdopen"), (Path, "chmod"), (os, "open")]
)
def test_a_failed_write_leaves_the_old_file_and_nothing_else(tmp_path, monkeypatch, owner, name):
    path = tmp_path / "x.toml"
    path.write_text("old")
    monkeypatch.setattr(owner, name, full_disk)
    with pytest.raises(RnnTuiError) as caught:
        atomic_write.write_text(path, "new")
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
        atomic_write.write_text(path, "new")
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_the_new_text_is_on_the_disk_before_it_takes_the_old_ones_place(tmp_path, monkeypatch):
    order, path = [], tmp_path / "x.toml"
    path.write_text("old")
    fsync, replace = os.fsync, Path.replace
    monkeypatch.setattr(os, "fsync", lambda file: order.append((_kind(file), path.read_text())) or fsync(file))
    monkeypatch.setattr(
        Path, "replace", lambda one, other: order.append(("rename", one.read_text())) or replace(one, other)
    )
    atomic_write.write_text(path, "new")
    assert order == [("file", "old"), ("rename", "new"), ("folder", "new")]
    assert path.read_text() == "new"


def test_a_folder_that_cannot_be_made_is_named_with_the_reason(tmp_path):
    (tmp_path / "file").write_text("not a folder")
    path = tmp_path / "file" / "below" / "x.toml"
    with pytest.raises(RnnTuiError) as caught:
        atomic_write.write_text(path, "new")
    assert str(caught.value) == f"{path}: not saved (Not a directory); nothing was changed"
    assert (tmp_path / "file").read_text() == "not a folder"


def test_a_folder_is_never_overwritten_by_a_file(tmp_path):
    (tmp_path / "x.toml").mkdir()
    with pytest.raises(RnnTuiError, match="not saved"):
        atomic_write.write_text(tmp_path / "x.toml", "new")
    assert list(tmp_path.iterdir()) == [tmp_path / "x.toml"]
    assert not list((tmp_path / "x.toml").iterdir())


def test_files_are_written_together_each_into_its_folder(tmp_path):
    atomic_write.write_all({tmp_path / "a" / "x": b"1", tmp_path / "y": b"2"})
    assert (tmp_path / "a" / "x").read_bytes() == b"1"
    assert (tmp_path / "y").read_bytes() == b"2"


def test_a_name_that_is_taken_gets_a_number(tmp_path):
    assert atomic_write.free_path(tmp_path / "a.csv") == tmp_path / "a.csv"
    (tmp_path / "a.csv").touch()
    (tmp_path / "a-2.csv").mkdir()
    assert atomic_write.free_path(tmp_path / "a.csv") == tmp_path / "a-3.csv"


@pytest.mark.skipif(not hasattr(os, "fork"), reason="processes cannot be forked here")
def test_a_process_killed_while_saving_always_leaves_a_whole_run(tmp_path):
    """Either the old one or the new one; and what was left of unfinished writing goes with the next."""
    path, sessions = tmp_path / "run.safetensors", [Session(small()), Session(small())]
    sessions[1].forward(30)
    checkpoints = [checkpoint_of(session, "killed") for session in sessions]
    writer.save(checkpoints[0], path)
    rng, found = np.random.default_rng(0), set()
    for number in range(100 * EXAMPLES):  # on a machine that is busy a child may save nothing before it is killed
        child = os.fork()
        if child == 0:  # saves one run and then the other, until it is killed
            while True:
                for checkpoint in checkpoints[:: -1 if number % 2 else 1]:
                    writer.save(checkpoint, path)
        time.sleep(float(rng.uniform(0, 0.1 * number / EXAMPLES)))  # longer and longer, as slow disks need it
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        found.add(reader.load(path).step)
        if number + 1 >= EXAMPLES and found == {0, 30}:
            break
    assert found == {0, 30}
    for unfinished in tmp_path.glob(".saving-*"):
        os.utime(unfinished, (1, 1))
    writer.save(checkpoints[0], path)
    assert list(tmp_path.iterdir()) == [path]


def test_permissions_are_those_of_the_older_file_or_those_that_new_files_get(tmp_path):
    before = os.umask(0o077)
    try:
        atomic_write.write_text(tmp_path / "new", "1")
    finally:
        os.umask(before)
    assert (tmp_path / "new").stat().st_mode & 0o777 == 0o600
    (tmp_path / "new").chmod(0o640)
    atomic_write.write_text(tmp_path / "new", "2")
    assert (tmp_path / "new").stat().st_mode & 0o777 == 0o640


def test_a_link_stays_one_and_what_it_leads_to_is_written(tmp_path):
    (tmp_path / "elsewhere").mkdir()
    target, link = tmp_path / "elsewhere" / "x.toml", tmp_path / "x.toml"
    target.write_text("old")
    link.symlink_to(target)
    atomic_write.write_text(link, "new")
    assert link.is_symlink()
    assert target.read_text() == "new"


def test_what_cannot_be_swept_up_keeps_nobody_from_saving(tmp_path):
    (tmp_path / f".saving-{10**9}-0.tmp").mkdir()  # as good as another user's
    atomic_write.write_text(tmp_path / "x", "1")
    assert (tmp_path / "x").read_text() == "1"


def test_it_can_be_asked_beforehand_whether_something_can_be_written(tmp_path):
    atomic_write.check_writable(tmp_path / "a" / "x")
    assert list((tmp_path / "a").iterdir()) == []
    (tmp_path / "file").write_text("no folder")
    with pytest.raises(RnnTuiError, match="cannot be saved"):
        atomic_write.check_writable(tmp_path / "file" / "x")


def test_files_get_their_names_together_and_a_failure_in_the_middle_says_which_have_theirs(tmp_path, monkeypatch):
    a, b, c = (tmp_path / name for name in "abc")
    for path in (a, b, c):
        path.write_text("old")
    with monkeypatch.context() as full:
        full.setattr(os, "fsync", lambda _: None if not list(tmp_path.glob(".saving-*"))[1:] else full_disk())
        with pytest.raises(RnnTuiError) as caught:
            atomic_write.write_all({a: b"new", b: b"new", c: b"new"})
    assert str(caught.value) == f"{b}: not saved (No space left on device); nothing was changed"
    assert [path.read_text() for path in (a, b, c)] == ["old"] * 3
    replace = Path.replace
    with monkeypatch.context() as failing:
        failing.setattr(Path, "replace", lambda one, other: full_disk() if other == b else replace(one, other))
        with pytest.raises(RnnTuiError) as caught:
            atomic_write.write_all({a: b"new", b: b"new", c: b"new"})
    assert str(caught.value) == f"{b}: not saved (No space left on device); written: {a}; not written: {b}, {c}"
    assert [path.read_text() for path in (a, b, c)] == ["new", "old", "old"]
    assert sorted(tmp_path.iterdir()) == [a, b, c]


def test_what_cannot_be_tidied_up_costs_nobody_the_reason(tmp_path, monkeypatch):
    monkeypatch.setattr(os, "fsync", full_disk)
    monkeypatch.setattr(Path, "unlink", full_disk)
    with pytest.raises(RnnTuiError, match="No space left on device"):
        atomic_write.write_text(tmp_path / "x", "1")


def test_nothing_but_a_file_is_ever_replaced(tmp_path):
    pipe, link = tmp_path / "pipe", tmp_path / "link"
    os.mkfifo(pipe)
    link.symlink_to("/dev/null")
    for path in (pipe, link, tmp_path / "a\0b"):
        with pytest.raises(RnnTuiError, match="not saved"):
            atomic_write.write_text(path, "new")
    assert pipe.is_fifo()
    assert Path("/dev/null").is_char_device()


def test_without_over_no_file_is_replaced_not_even_without_links(tmp_path, monkeypatch):
    path = tmp_path / "x"
    atomic_write.write_text(path, "old", over=False)
    for links in (os.link, full_disk):
        monkeypatch.setattr(os, "link", links)
        with pytest.raises(atomic_write.TargetExists):
            atomic_write.write_text(path, "new", over=False)
    atomic_write.write_text(tmp_path / "y", "new", over=False)
    assert (path.read_text(), (tmp_path / "y").read_text()) == ("old", "new")
    assert len(list(tmp_path.iterdir())) == 2


def test_what_is_written_beside_takes_the_next_name_and_a_copy_that_is_there_is_used(tmp_path):
    assert atomic_write.write_beside(tmp_path / "x.csv", b"1") == tmp_path / "x.csv"
    assert atomic_write.write_beside(tmp_path / "x.csv", b"2") == tmp_path / "x-2.csv"
    assert atomic_write.copy_beside(b"2", tmp_path / "x.csv") == tmp_path / "x-2.csv"
    assert atomic_write.copy_beside(b"3", tmp_path / "x.csv") == tmp_path / "x-3.csv"
    assert atomic_write.new_folder(tmp_path / "x.csv") == tmp_path / "x-4.csv"


def test_an_unfinished_file_is_swept_up_when_it_is_old_and_no_process_holds_it(tmp_path):
    left, held = tmp_path / ".saving-1.tmp", tmp_path / ".saving-2.tmp"
    descriptors = [locks.hold(path)[0] for path in (left, held)]
    os.close(descriptors[0])
    for age, there in ((60, {left, held}), (2 * atomic_write.HOUR, {held})):
        for path in tmp_path.glob(".saving-*"):
            moment = time.time() - age
            os.utime(path, (moment, moment))
        atomic_write.write_text(tmp_path / "x", "1")
        assert set(tmp_path.iterdir()) == {tmp_path / "x"} | there
    os.close(descriptors[1])


def test_where_there_are_no_locks_it_is_swept_up_after_a_day(tmp_path, monkeypatch):
    monkeypatch.setattr(locks, "lock_descriptor", full_disk)
    left = tmp_path / ".saving-1.tmp"
    left.touch()
    for age, there in ((2 * atomic_write.HOUR, True), (2 * atomic_write.DAY, False)):
        os.utime(left, (time.time() - age,) * 2)
        atomic_write.write_text(tmp_path / "x", "1")
        assert left.exists() is there


@pytest.mark.skipif(not hasattr(os, "fork"), reason="processes cannot be forked here")
def test_processes_that_write_to_one_name_at_the_same_time_lose_nothing(tmp_path):
    children = []
    for number in range(3):
        children.append(os.fork())
        if not children[-1]:
            for i in range(5):
                atomic_write.write_beside(tmp_path / "x.csv", f"{number} {i}".encode())
            os._exit(0)
    for child in children:
        assert os.waitpid(child, 0)[1] == 0
    assert sorted(path.read_text() for path in tmp_path.iterdir()) == [f"{n} {i}" for n in range(3) for i in range(5)]

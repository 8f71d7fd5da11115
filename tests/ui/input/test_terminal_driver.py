"""The terminal itself: bytes and signals of every kind, and how it is left."""

import signal
import sys
import time
from pathlib import Path

import pytest

pytest.importorskip("termios")
from support.pseudo_terminal import pseudo_terminal


def stopped(it) -> bool:
    it.read(0)
    return Path(f"/proc/{it.process.pid}/stat").read_text().split()[2] == "T"


def continued(it) -> None:
    it.signal(signal.SIGCONT)
    since = len(it.seen)
    it.until("\x1b[?1049h", since)  # the other screen
    it.until("controls", since)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="looks into /proc")
def test_no_byte_and_no_signal_ends_it_and_it_leaves_the_terminal_as_it_was(tmp_path) -> None:
    with pseudo_terminal(home=tmp_path, COLUMNS="100000") as it:
        it.until("Quit")
        it.send(b"\xe9\xff\x00\xc0\xaf\x1bPq\x1b\\\x1b]q\x07\x1b[?62;1c\x1b[1114112u\x1b[48;0;0;0;0t\x1b[<0;3;3M")
        it.send(b"\x1b[48;5000;5000;9;9t\x1b[" + b"1" * 5000 + b"t\x1b[48;36;120;0;0t")
        for number in (signal.SIGUSR1, signal.SIGUSR2, signal.SIGPIPE, signal.SIGWINCH):
            it.signal(number)
        continued(it)
        it.signal(signal.SIGSTOP)
        continued(it)
        it.signal(signal.SIGTSTP)
        end = time.monotonic() + 20
        while not stopped(it):
            assert time.monotonic() < end
        assert it.as_at_start
        continued(it)
        since = len(it.seen)
        it.send(b"s")
        it.until("step 1", since)
        it.send(b"q")
        assert it.left() == 0
        assert it.as_at_start
        assert b"Traceback" not in it.seen


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGQUIT, 131)])
def test_a_signal_to_end_is_followed_in_order(number, code, tmp_path) -> None:
    with pseudo_terminal(home=tmp_path) as it:
        it.until("\x1b[?1049h")  # it has only just begun to draw
        it.signal(number)
        assert it.left() == code
        assert it.as_at_start
        assert b"Traceback" not in it.seen

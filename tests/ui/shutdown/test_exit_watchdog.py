"""The end of the lab, whatever its threads wait for: when, with which words and with which exit code."""

import errno
import os
import signal
import threading

import pytest
from support.pseudo_terminal import PseudoTerminal

from rnn_tui.checkpoints import autosaves, reader
from rnn_tui.ui.shutdown import exit_watchdog
from rnn_tui.ui.shutdown.exit_signals import CLOSE, LOST, QUIT
from rnn_tui.ui.shutdown.exit_watchdog import ASKED_LIMIT, GRACE, QUIT_GRACE, QUIT_LIMIT, ExitWatchdog

pytestmark = pytest.mark.skipif(os.name == "nt", reason="needs pseudo-terminals")


class Course:
    """What the watchdog hears, at which second, and what it does."""

    def __init__(self, monkeypatch, clock, *events):
        self.events, self.clock, self.begin = list(events), clock, clock.now
        self.saved, self.done, self.outcome = threading.Event(), [], (0, "")
        monkeypatch.setattr(exit_watchdog, "abandon", lambda: self.done.append("abandoned"))
        monkeypatch.setattr(exit_watchdog, "alarm", lambda seconds: self.done.append(f"alarm {seconds:g}"))
        self.stop = lambda: self.done.append("stopped")

    def wait(self, timeout):
        """Until the next event, or the timeout."""
        seconds = self.clock.now - self.begin
        if self.events and (timeout is None or self.events[0][0] <= seconds + timeout):
            at, word = self.events.pop(0)
            self.clock.now = self.begin + at
            if word == "saved":
                self.saved.set()
                return set()
            return {word}
        assert timeout is not None, "it waits for ever"
        self.clock.now += timeout
        return set()

    def restore(self, words):
        self.done.append(f"restored {words!r}")

    def run(self):
        """What was done, and the seconds that it took."""
        watchdog = ExitWatchdog(lambda: self.stop(), self.saved, lambda: self.outcome, self.done.append, self.clock)
        watchdog.signals = watchdog.terminal = self
        watchdog.watch()
        return self.done, self.clock.now - self.begin


@pytest.fixture
def course(monkeypatch, clock):
    return lambda *events: Course(monkeypatch, clock, *events)


def test_a_signal_has_the_run_saved_and_waits_a_moment_for_textual(course):
    done, seconds = course((0, signal.SIGTERM), (0.5, "saved")).run()
    assert done == ["alarm 4.8", "stopped", "restored ''", 143]
    assert seconds == pytest.approx(0.5 + GRACE, abs=0.05)


def test_an_application_that_ends_by_itself_is_left_alone(course):
    done, _ = course((0, signal.SIGTERM), (0.5, "saved"), (0.6, CLOSE)).run()
    assert done == ["alarm 4.8", "stopped"]


def test_what_cannot_be_saved_in_time_is_said_with_exit_code_1(course):
    it = course((0, signal.SIGTERM))
    it.outcome = 1, "this run could not be saved"
    done, seconds = it.run()
    assert done[-2:] == ["restored 'this run could not be saved\\n'", 1]
    assert seconds == pytest.approx(ASKED_LIMIT, abs=0.05)


def test_a_terminal_that_is_gone_is_not_written_to(course):
    done, _ = course((0, LOST), (0.1, signal.SIGHUP), (0.2, "saved")).run()
    assert done == ["abandoned", "alarm 4.8", "stopped", "restored ''", 129]


def test_the_users_leave_takes_as_long_as_saving_does_but_not_for_ever(course):
    done, seconds = course((0, QUIT), (9, "saved")).run()
    assert done == ["restored ''", 0]
    assert seconds == pytest.approx(9 + QUIT_GRACE, abs=0.05)
    _, seconds = course((0, QUIT)).run()
    assert seconds == pytest.approx(QUIT_LIMIT, abs=0.05)


def test_an_application_that_crashes_for_it_has_lost_its_terminal_ends_as_one_that_was_hung_up(course):
    it = course((0, LOST), (0.1, "saved"))
    it.outcome = 1, ""
    assert it.run()[0][-1] == 129


def test_a_signal_makes_the_users_leave_shorter(course):
    done, seconds = course((0, QUIT), (5, signal.SIGINT)).run()
    assert done[-1] == 130
    assert seconds == pytest.approx(5 + ASKED_LIMIT, abs=0.05)


def test_an_application_that_cannot_even_be_told_ends_too(course):
    def stop():
        raise RuntimeError("Event loop is closed")

    it = course((0, signal.SIGTERM), (1, "saved"))
    it.stop = stop
    assert it.run()[0][-1] == 143


# The whole program.


@pytest.fixture
def lab(home):
    terminals = []

    def started(*words, script=""):
        terminals.append(PseudoTerminal(*words, home=home, script=script))
        terminals[-1].until("Quit")
        return terminals[-1]

    yield started
    for terminal in terminals:
        terminal.close()


FLAT_OUT = ("--set", "training.speed=0", "--set", "training.steps=0")


def the_run():
    (path,) = autosaves.left()  # so the next lab is offered it
    return reader.load(path)


def test_a_terminal_that_disappears_while_it_plays_costs_nothing(lab):
    terminal = lab(*FLAT_OUT)
    terminal.send(b" ")
    terminal.until_step(50)
    terminal.disappear()
    assert terminal.left_unread() == 129
    assert the_run().step >= 50


def test_a_terminal_that_disappears_behind_a_dialog_costs_nothing(lab):
    terminal = lab()
    terminal.send(b"sss")
    terminal.until_step(3)
    terminal.send(b"p")
    terminal.until("Presets")
    terminal.disappear()
    assert terminal.left_unread() == 129
    assert the_run().step == 3


def test_sigterm_is_answered_though_nobody_reads_the_terminal_and_its_modes_are_brought_back(lab):
    terminal = lab(*FLAT_OUT)
    assert not terminal.as_at_start
    terminal.send(b" ")
    terminal.until_step(50)
    terminal.until_full()
    terminal.signal(signal.SIGTERM)
    assert terminal.left_unread() == 143
    assert terminal.as_at_start
    drawn = len(terminal.seen)
    terminal.read(0)
    assert b"\x1b[?1049l" in terminal.seen[drawn:]
    assert the_run().step >= 50


STUCK = """
import threading
from rnn_tui.ui.training import run_commands
run_commands.last = lambda: print(threading.Event().wait())
from rnn_tui.cli import main
main()
"""


LEFT_OVER = """
import threading
threading.Thread(target=threading.Event().wait).start()
from rnn_tui.cli import main
main()
"""


@pytest.mark.parametrize("script", [STUCK, LEFT_OVER], ids=["a worker of the lab", "a thread that is left over"])
def test_quitting_waits_for_no_thread_that_never_ends(lab, script):
    terminal = lab(script=script)
    terminal.send(b"q")
    assert terminal.left() == 0


FULL = """
import errno, os
def fsync(_):
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
os.fsync = fsync
from rnn_tui.cli import main
main()
"""


def test_a_run_that_cannot_be_kept_on_leaving_is_said_with_exit_code_1(lab):
    terminal = lab(script=FULL)
    terminal.send(b"s")
    terminal.until_step(1)
    terminal.send(b"q")
    assert terminal.left() == 1
    last = terminal.seen.rpartition(b"\x1b[?1049l")[2].decode()
    assert last.count("this run could not be saved: ") == 1
    assert os.strerror(errno.ENOSPC) in last
    assert "Traceback" not in last

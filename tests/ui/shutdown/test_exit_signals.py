"""What asks the process to leave is heard, whatever the main thread does."""

import os
import signal
import threading

import pytest

from rnn_tui.ui.shutdown.exit_signals import LOST, QUIT, ExitSignals

pytestmark = pytest.mark.skipif(os.name == "nt", reason="needs POSIX signals and pseudo-terminals")


@pytest.fixture
def signals():
    made = ExitSignals([])
    made.install()
    yield made
    made.close()


def test_a_signal_is_heard_by_another_thread_while_the_main_thread_waits_for_a_lock(signals):
    heard, lock = [], threading.Semaphore(0)

    def listen():
        os.kill(os.getpid(), signal.SIGTERM)
        heard.append(signals.wait(10))
        lock.release()

    threading.Thread(target=listen, daemon=True).start()
    assert lock.acquire(timeout=20)
    assert heard == [{signal.SIGTERM}]


def test_signals_that_a_parent_has_ignored_stay_ignored_and_the_others_are_given_back():
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    handler = signal.getsignal(signal.SIGTERM)
    made = ExitSignals([])
    made.install()
    assert signal.getsignal(signal.SIGHUP) is signal.SIG_IGN
    made.close()
    assert signal.getsignal(signal.SIGTERM) is handler
    signal.signal(signal.SIGHUP, before)


def test_the_loss_of_a_terminal_is_heard_once_and_what_is_typed_is_not():
    master, slave = os.openpty()
    made = ExitSignals([slave])
    os.write(master, b"typed\n")
    assert made.wait(0) == set()
    os.close(master)
    assert made.wait(10) == {LOST}
    assert made.wait(0) == set()
    made.tell(QUIT)
    assert made.wait(10) == {QUIT}
    made.close()
    os.close(slave)

"""The driver of a browser's lab: whole packets, and an end when nobody reads them."""

import os
import signal
import threading
from types import SimpleNamespace

import pytest

from rnn_tui.ui.input.browser_driver import BrowserDriver


@pytest.fixture
def raised(monkeypatch):
    """The signals that the driver has sent to its own process."""
    raised = []
    monkeypatch.setattr(signal, "raise_signal", raised.append)
    return raised


def driver(fileno):
    """A driver without an app; making one in the ordinary way takes the test's own input."""
    made = object.__new__(BrowserDriver)
    made.fileno, made.exit_event = fileno, threading.Event()
    made._writing, made._gone = threading.Lock(), threading.Event()
    made._app = SimpleNamespace(post_message=lambda _: signal.raise_signal(signal.SIGTERM))  # on Windows
    return made


class Packets(list):
    """What the server sends, in parts."""

    def close(self):
        pass


def packet(kind, data):
    return kind + len(data).to_bytes(4, "big") + data


def test_packets_that_nobody_expects_are_passed_over_and_the_next_key_is_read(raised):
    lab, taken, told = driver(1), [], []
    lab._app.log = SimpleNamespace(error=told.append)
    lab._take = taken.append
    odd = [
        b"{",
        b"[]",
        b"null",
        b'{"type": 5}',
        b'{"type": "resize"}',
    ]
    lab._input_reader = Packets([packet(b"M", data) for data in odd] + [packet(b"D", b"q")])
    lab.run_input_thread()
    assert b"q" in taken
    assert raised == [signal.SIGTERM]  # at the end, not before


def test_a_packet_is_written_whole_where_the_system_takes_it_in_parts(monkeypatch, raised):
    written = bytearray()

    def some(_, data):
        written.extend(data[:3])
        return len(data[:3])

    monkeypatch.setattr(os, "write", some)
    assert driver(1).send_packet(b"0123456789") == 10
    assert written == b"0123456789"
    assert raised == []


def test_the_lab_is_told_once_that_nobody_reads_and_draws_on_without_harm(raised):
    ours, theirs = os.pipe()
    os.close(ours)
    lab = driver(theirs)
    for _ in range(3):
        assert lab.send_packet(b"a packet") == 8
    assert raised == [signal.SIGTERM]
    os.close(theirs)


@pytest.mark.parametrize("leaving", [True, False])
def test_the_end_of_the_input_ends_the_lab_unless_it_is_leaving_already(raised, leaving):
    lab = driver(1)
    lab._input_reader = Packets()
    if leaving:
        lab.exit_event.set()
    lab.run_input_thread()
    assert raised == ([] if leaving else [signal.SIGTERM])

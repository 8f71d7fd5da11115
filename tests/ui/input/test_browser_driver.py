"""The driver of a browser's lab: whole packets, and an end when nobody reads them."""

import os
import signal
from types import SimpleNamespace

import pytest
from textual.drivers import web_driver

from rnn_tui.ui.input.browser_driver import BrowserDriver


@pytest.fixture
def raised(monkeypatch):
    """The signals that the driver has sent to its own process."""
    raised = []
    monkeypatch.setattr(signal, "raise_signal", raised.append)
    return raised


class Events(list):
    """In place of the app's queue."""

    full = False
    offer = list.append

    def drop(self, count=1):
        raise AssertionError(f"{count} lost")


@pytest.fixture
def driver(monkeypatch):
    """Makes a driver that writes to ``fileno`` and reads ``packets``, for an app of which only its queue is there."""

    def made(fileno, packets=()):
        monkeypatch.setattr(web_driver, "InputReader", lambda: Packets(packets))  # else it takes the test's own input
        app = SimpleNamespace(
            terminal_events=Events(),
            log=SimpleNamespace(error=lambda _: None),
            post_message=lambda _: signal.raise_signal(signal.SIGTERM),  # on Windows
        )
        driver = BrowserDriver(app)
        driver.fileno = fileno
        return driver

    return made


class Packets(list):
    """What the server sends, in parts."""

    def close(self):
        pass


def packet(kind, data):
    return kind + len(data).to_bytes(4, "big") + data


async def test_packets_that_nobody_expects_are_passed_over_and_the_next_key_is_read(driver, raised):
    odd = [
        b"{",
        b"[]",
        b"null",
        b'{"type": 5}',
        b'{"type": "resize"}',
    ]
    lab = driver(1, [packet(b"M", data) for data in odd] + [packet(b"D", b"q")])
    lab.run_input_thread()
    assert [event.key for event in lab.app.terminal_events] == ["q"]
    assert raised == [signal.SIGTERM]  # at the end, not before


async def test_a_packet_is_written_whole_where_the_system_takes_it_in_parts(driver, monkeypatch, raised):
    written = bytearray()

    def some(_, data):
        written.extend(data[:3])
        return len(data[:3])

    monkeypatch.setattr(os, "write", some)
    assert driver(1).send_packet(b"0123456789") == 10
    assert written == b"0123456789"
    assert raised == []


async def test_the_lab_is_told_once_that_nobody_reads_and_draws_on_without_harm(driver, raised):
    ours, theirs = os.pipe()
    os.close(ours)
    lab = driver(theirs)
    for _ in range(3):
        assert lab.send_packet(b"a packet") == 8
    assert raised == [signal.SIGTERM]
    os.close(theirs)


@pytest.mark.parametrize("leaving", [True, False])
async def test_the_end_of_the_input_ends_the_lab_unless_it_is_leaving_already(driver, raised, leaving):
    lab = driver(1)
    if leaving:
        lab.exit_event.set()
    lab.run_input_thread()
    assert raised == ([] if leaving else [signal.SIGTERM])

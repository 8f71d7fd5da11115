"""Bytes become keys, sequences and pastes, whatever they are and however they are cut."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnn_tui.ui.input.terminal_input import MOST_PASTED, PASTE_DELAY, STRING_DELAY, Pasted, TerminalInput


def units(data, clock, pieces=(), silence=PASTE_DELAY):
    """What the bytes are read as, cut at some places, and after a long silence."""
    reader, found, cuts = TerminalInput(clock=clock), [], sorted({0, len(data), *(p % (len(data) + 1) for p in pieces)})
    for begin, end in pairwise(cuts):
        found += reader.feed(data[begin:end])
    clock.now += silence
    return found + list(reader.tick()) + list(reader.tick())


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"ab", ["a", "b"]),
        ("é€😀".encode(), ["é", "€", "😀"]),
        (b"\xe9x", ["�", "x"]),  # of a Latin-1 terminal
        (b"\xe9", ["�"]),
        (b"\xc0\xafq", ["�", "�", "q"]),
        (b"\x1b", ["\x1b"]),
        (b"\x1b\x1b", ["\x1b", "\x1b"]),
        (b"\x1bx\x1b[A", ["\x1bx", "\x1b[A"]),
        (b"\x1b[1;5Cq", ["\x1b[1;5C", "q"]),
        (b"\x1bOPq", ["\x1bOP", "q"]),
        (b"\x1b[[Aq", ["\x1b[[A", "q"]),  # of the Linux console
        (b"\x1b[23$q", ["\x1b[23$", "q"]),  # of rxvt
        (b"\x1b[?2026;2$yq", ["\x1b[?2026;2$y", "q"]),
        (b"\x1b[M\x20\x21\x22q", ["\x1b[M !\x22", "q"]),
        (b"\x1b[12\rq", ["\x1b[12", "\r", "q"]),
        (b"\x1b]11;rgb:qq/qq\x07s", ["s"]),
        (b"\x1bPqqqq\x1b\\s", ["s"]),
        (b"\x1bPqqqq\x1b[A", ["\x1b[A"]),
        ("\u0090q\u009c\u009bAs".encode(), ["\x1b[A", "s"]),
        (b"\x1b[" + b"1" * 20_000 + b"Aq", ["q"]),
        (b"\x1b[200~one\ntwo\x00\x1b[201~q", [Pasted("one\ntwo"), "q"]),
        (b"\x1b[200~one", [Pasted("one")]),
        (b"\x1b[200~" + b"x" * 50_000 + b"\x1b[201~q", [Pasted("x" * MOST_PASTED, 50_000 - MOST_PASTED), "q"]),
    ],
)
def test_what_bytes_mean(data, expected, clock) -> None:
    assert units(data, clock) == expected
    assert units(data, clock, pieces=range(0, min(len(data), 40))) == expected


def test_a_control_string_without_an_end_is_given_up_after_a_moment(clock) -> None:
    reader = TerminalInput(clock=clock)
    assert list(reader.feed(b"\x1bP" + b"q" * 100_000)) == []
    clock.now += STRING_DELAY
    assert list(reader.tick()) == []
    assert list(reader.feed(b"s")) == ["s"]


def test_escape_ends_a_paste_whose_end_got_lost(clock) -> None:
    reader = TerminalInput(clock=clock)
    assert list(reader.feed(b"\x1b[200~one")) == []
    clock.now += 0.5
    assert list(reader.feed(b"\x1b")) == []
    clock.now += 0.2
    assert list(reader.tick()) == [Pasted("one")]
    assert list(reader.feed(b"q")) == ["q"]


def test_no_bytes_are_silence(clock) -> None:
    reader = TerminalInput(clock=clock)
    assert list(reader.feed(b"\x1b")) == []
    clock.now += 0.2
    assert list(reader.feed(b"")) == []
    assert list(reader.tick()) == ["\x1b"]


pieces = st.lists(
    st.sampled_from([b"\x1b", b"[", b"]", b"P", b"\\", b"200~", b"201~", b";", b"9", b"\xe9", b"M", b"u"])
)


@given(st.one_of(st.binary(max_size=200), pieces.map(b"".join)), st.lists(st.integers(0, 300), max_size=8))
def test_any_bytes_in_any_pieces_are_read_and_then_a_key_is_a_key(data, cuts) -> None:
    class Clock:
        now = 0.0

        def __call__(self):
            return self.now

    clock = Clock()
    reader, at = TerminalInput(clock=clock), 0
    for cut in sorted(cuts):
        list(reader.feed(data[at:cut]))
        at = max(at, cut)
    list(reader.feed(data[at:]))
    for _ in range(3):
        clock.now += PASTE_DELAY
        list(reader.tick())
    assert list(reader.feed(b"s")) == ["s"]

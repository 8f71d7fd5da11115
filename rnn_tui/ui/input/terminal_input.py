"""Splits the terminal's bytes into keys, escape sequences and pasted text; any bytes are possible.

The grammar is that of ECMA-48: a control sequence is ``ESC [``, parameters, and one final character; a control string
(an answer to a question about colors, a picture) begins with ``ESC ]``, ``ESC P``, ``ESC X``, ``ESC ^`` or ``ESC _``
and ends with ``ESC \\`` or BEL.  Textual treats unknown sequences as keys, so an unexpected
answer of the terminal would press keys.
"""

import re
from codecs import getincrementaldecoder
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from time import monotonic
from typing import TypeAlias

ESC = "\x1b"
PASTE_BEGIN, PASTE_END = "\x1b[200~", "\x1b[201~"
STRINGS = "]PX^_"  # after ESC; alone, they are keys with alt
STRING_END = re.compile("[\x07\x18\x1a\x1b\x9c]")
C1 = re.compile("[\x8f\x90\x98\x9b\x9d-\x9f]")  # each is one character for ESC and another character
RXVT = re.compile(r"\x1b\[\d+\$")  # a key with shift; ECMA-48 would expect more characters
LONGEST = 64  # characters of a control sequence
MOST_PASTED = 10_000  # characters of one paste
DELAY = 0.1  # seconds after which a sequence counts as complete
STRING_DELAY, PASTE_DELAY = 0.5, 2.0  # the same for control strings and pasted text, which slow lines interrupt


@dataclass(frozen=True)
class Pasted:
    """Text between the marks of a bracketed paste.  ``lost``: number of characters beyond the limit."""

    text: str
    lost: int = 0


Unit: TypeAlias = str | Pasted


class TerminalInput:
    """A parser of input units: a character, a whole sequence, or a paste.  Belongs to the thread that reads."""

    def __init__(self, delay: float = DELAY, clock: Callable[[], float] = monotonic) -> None:
        self._decoder = getincrementaldecoder("utf-8")("replace")
        self._delay, self._clock = delay, clock
        self._heard = 0.0  # when the last bytes came
        self._held = ""  # the beginning of a sequence
        self._overlong = False  # the sequence is too long, and ignored up to its end
        self._in_string = self._ends_string = False  # ends: ESC has ended a string, and a backslash may follow
        self._paste: list[str] | None = None
        self._room = self._lost = 0  # of the paste
        self._tail = ""  # last characters of the paste, which may begin the end mark

    def feed(self, data: bytes) -> Iterator[Unit]:
        """Yield the units that these bytes complete."""
        if data:
            self._heard = self._clock()
        text, at = C1.sub(lambda found: ESC + chr(ord(found[0]) - 0x40), self._decoder.decode(data)), 0
        while at < len(text):
            if self._paste is not None:
                at, pasted = self._more_of_paste(text, at)
                if pasted:
                    yield pasted
            elif self._in_string:
                at = self._more_of_string(text, at)
            else:
                yield from self._next(text[at])
                at += 1

    def tick(self) -> Iterator[Unit]:
        """Yield what has waited too long, as it is; call this regularly."""
        silence = self._clock() - self._heard
        if self._decoder.getstate()[0] and silence >= self._delay:
            rest = self._decoder.decode(b"", final=True)
            self._decoder.reset()
            for character in rest:
                yield from self._next(character)
        if self._held and silence >= self._delay:
            yield from self._cut_short()
        if self._in_string and silence >= STRING_DELAY:
            self._in_string = False
        escaped = self._tail == ESC and silence >= self._delay  # the user presses escape because the end mark was lost
        if self._paste is not None and (escaped or silence >= PASTE_DELAY):
            yield self._pasted()

    # Sequences.

    def _next(self, character: str) -> Iterator[Unit]:
        if self._paste is not None or self._in_string:  # half a character at the end of a paste or string
            return
        if not self._held:
            if character == ESC:
                self._held = ESC
            else:
                yield character
            return
        whole = self._held + character
        inside = len(self._held) > 1 and not self._held.startswith("\x1b[M")
        if character == ESC or (inside and not " " <= character <= "~"):  # no sequence contains these
            yield from self._cut_short()
            yield from self._next(character)
        elif len(self._held) == 2 and self._held[1] in STRINGS:
            self._held, self._in_string = "", True
        elif not _is_complete(whole):
            self._held = whole if len(whole) <= LONGEST else self._held
            self._overlong = self._overlong or len(whole) > LONGEST
        else:
            unit, self._held = whole, ""
            if unit == PASTE_BEGIN:
                self._paste, self._room, self._lost, self._tail = [], MOST_PASTED, 0, ""
            elif not (self._overlong or (self._ends_string and unit == "\x1b\\")):
                yield unit
            self._overlong = self._ends_string = False

    def _cut_short(self) -> Iterator[Unit]:
        """Yield an incomplete sequence, because no more of it will come."""
        if not self._overlong:
            yield self._held
        self._held, self._overlong, self._ends_string = "", False, False

    def _more_of_string(self, text: str, at: int) -> int:
        """Return where the control string ends: before an ESC, which begins its end or the next sequence."""
        end = STRING_END.search(text, at)
        if end is None:
            return len(text)
        self._in_string = False
        if end[0] == ESC:
            self._held, self._ends_string = ESC, True
        return end.end()

    # Pastes.

    def _more_of_paste(self, text: str, at: int) -> tuple[int, Pasted | None]:
        """Return where the text continues after the paste, and the paste if it is complete."""
        text, before = self._tail + text[at:], at - len(self._tail)
        end = text.find(PASTE_END)
        if end >= 0:
            self._take(text[:end])
            return before + end + len(PASTE_END), self._pasted()
        kept = next((n for n in range(len(PASTE_END) - 1, 0, -1) if text.endswith(PASTE_END[:n])), 0)
        self._take(text[: len(text) - kept])
        self._tail = text[len(text) - kept :]
        return before + len(text), None

    def _take(self, text: str) -> None:
        assert self._paste is not None
        taken = text[: self._room]
        self._paste.append(taken)
        self._room -= len(taken)
        self._lost += len(text) - len(taken)

    def _pasted(self) -> Pasted:
        text, self._paste = "".join(self._paste or ()), None
        return Pasted(text.replace("\x00", ""), self._lost)


def _is_complete(sequence: str) -> bool:
    """Return whether an escape sequence of printable characters, longer than ESC, is complete."""
    second, last = sequence[1], sequence[-1]
    if second == "[":
        if len(sequence) == 2 or sequence[2:] == "[":  # "[[" begins a key of the Linux console
            return False
        if sequence[2] == "M":  # an X10 mouse event: a button and two numbers
            return len(sequence) >= 6
        return last >= "@" or sequence[2] == "[" or RXVT.fullmatch(sequence) is not None
    if second == "O":
        return len(sequence) > 2 and not ("0" <= last <= "9" or last == ";")
    return second not in STRINGS

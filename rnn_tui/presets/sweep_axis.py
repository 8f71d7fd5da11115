"""The values that a sweep gives to one key: a list, or a range that is written as text."""

import re
from dataclasses import dataclass
from math import exp, isfinite, log
from typing import Any

from rnn_tui.errors import nearest
from rnn_tui.presets.validation_messages import value_text

MOST_VALUES = 10_000  # of one key
DIGITS = 6  # of the values of a range: short labels, and the same bits on every machine
RANGE = re.compile(r"(?P<scale>[A-Za-z]\w*):(?P<rest>.*\.\..*|.*:.*)", re.DOTALL)
NUMBER = r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?"
ENDS = re.compile(rf"(?P<low>{NUMBER})\.\.(?P<high>{NUMBER})(?::(?P<count>{NUMBER}))?")
WHOLE = re.compile(r"[-+]?\d+")
EXAMPLES = {"log": "log:1e-4..1e-1:7", "lin": "lin:0..1:5", "range": "range:4..64:4"}


@dataclass(frozen=True)
class Range:
    """Numbers from ``low`` to ``high``, both included.

    Attributes:
        scale: "log", at equal ratios; "lin", at equal distances; "range", in steps of ``count``.
        count: number of values, or the step; None: any number in between, for random points.
        whole: it is written in whole numbers.
    """

    scale: str
    low: float
    high: float
    count: float | None
    whole: bool

    @classmethod
    def parse(cls, text: str) -> "Range":
        """Return the range that a text such as ``log:1e-4..1e-1:7`` describes.  Raises ValueError."""
        scale, _, rest = text.partition(":")
        found = ENDS.fullmatch(rest.strip())
        if scale not in EXAMPLES:
            raise ValueError(f"unknown range{nearest(scale, EXAMPLES) or f'; must be one of {_listed(EXAMPLES)}'}")
        if not found:
            raise ValueError(f"not a range; must be like {EXAMPLES[scale]}")
        numbers = [found["low"], found["high"], *([found["count"]] if scale == "range" and found["count"] else [])]
        count = None if found["count"] is None else float(found["count"])
        made = cls(scale, float(found["low"]), float(found["high"]), count, all(map(WHOLE.fullmatch, numbers)))
        if problem := made._problem():
            raise ValueError(problem)
        return made

    def values(self, whole: bool) -> list[float | int]:
        """Return the values in ascending order, each once; ``whole``: rounded to whole numbers."""
        assert self.count is not None
        if self.scale == "range":
            step = self.count
            every = [self.low + i * step for i in range(int((self.high - self.low) / step * (1 + 1e-12)) + 1)]
        else:
            every = [self.at(i / (self.count - 1)) for i in range(int(self.count))]
        return list(dict.fromkeys(_rounded(value, whole) for value in every))

    def drawn(self, share: float, whole: bool) -> float | int:
        """Return the number at a share in [0, 1) of the range, for a random point."""
        return _rounded(self.at(share), whole)

    def at(self, share: float) -> float:
        """Return the number at a share of the range, from 0, its low end, to 1."""
        if share in (0, 1):
            return self.high if share else self.low
        if self.scale == "log":
            return exp(log(self.low) + share * (log(self.high) - log(self.low)))
        return self.low + share * (self.high - self.low)

    def _problem(self) -> str:
        if not isfinite(self.high - self.low) or not isfinite(self.count or 0):
            return f"has a number that is too large; must be like {EXAMPLES[self.scale]}"
        if not self.low < self.high:
            return f"the first number must be less than the second, as in {EXAMPLES[self.scale]}"
        if self.scale == "log" and self.low <= 0:
            return "a log range must begin above 0"
        if self.count is None:
            return ""
        if self.scale == "range":
            if self.count <= 0:
                return f"the step must be greater than 0, as in {EXAMPLES['range']}"
            most = (self.high - self.low) / self.count + 1
        else:
            if self.count != int(self.count) or self.count < 2:
                return f"the number of values must be a whole number from 2, as in {EXAMPLES[self.scale]}"
            most = self.count
        return f"has {most:,.0f} values; at most {MOST_VALUES:,} are allowed" if most > MOST_VALUES else ""


def axis(written: Any) -> list[Any] | Range:
    """Return the values that are written for a key: a list, or a range.  Raises ValueError."""
    if isinstance(written, str):
        return Range.parse(written)
    if not isinstance(written, list):
        raise ValueError("must be a list of values, or a range such as log:1e-4..1e-1:7")
    if not written:
        raise ValueError("must have at least one value")
    if len(written) > MOST_VALUES:
        raise ValueError(f"has {len(written):,} values; at most {MOST_VALUES:,} are allowed")
    seen: set[str] = set()
    for value in written:
        if repr(value) in seen:
            raise ValueError(f"has the value {value_text(value)} more than once")
        seen.add(repr(value))
    return written


def looks_like_range(text: str) -> bool:
    """Return whether a text is meant as a range, such as ``log:1..10:3``, not as a value."""
    return bool(RANGE.fullmatch(text.strip()))


def _rounded(value: float, whole: bool) -> float | int:
    if whole:
        return round(value)
    return float(f"{value:.{DIGITS}g}")


def _listed(words: Any) -> str:
    return ", ".join(f"{word}:" for word in words)

"""A key of a sweep as an axis: its values in order, and their labels and places."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from rnn_tui.engine.parameters import Array
from rnn_tui.number_format import brief

LANES = "lanes"  # the axis of the lanes, beside those of the keys


@dataclass(frozen=True)
class KeyAxis:
    """The values of a key, ascending if they are numbers, otherwise in the order of the plan.

    Attributes:
        key: dotted, or LANES.
        name: of the key, for titles.
    """

    key: str
    name: str
    values: tuple[Any, ...]

    @classmethod
    def of(cls, key: str, name: str, values: Sequence[Any]) -> "KeyAxis":
        """Return the axis of a key; equal values are one value."""
        found = list({hashed(value): value for value in values}.values())
        return cls(key, name, tuple(sorted(found) if all(map(is_number, found)) else found))

    def __len__(self) -> int:
        return len(self.values)

    @cached_property
    def _places(self) -> dict[Hashable, int]:
        return {hashed(value): place for place, value in enumerate(self.values)}

    def index(self, value: Any) -> int:
        """Return the place of a value among the values; −1 if it is none of them."""
        return self._places.get(hashed(value), -1)

    @cached_property
    def labels(self) -> tuple[str, ...]:
        """The values as text, in as few characters as tell them apart."""
        if self.key.endswith(".kind"):  # as lanes are named after their kinds
            return tuple(str(value).upper() for value in self.values)
        short = tuple(map(value_text, self.values))
        if self.key == "task.path":
            short = tuple(Path(text).name for text in short)
        return short if len(set(short)) == len(short) else tuple(str(value) for value in self.values)

    @cached_property
    def numeric(self) -> bool:
        """Return whether all values are numbers."""
        return bool(self.values) and all(map(is_number, self.values))

    @cached_property
    def log(self) -> bool:
        """Return whether the values are positive and spaced more evenly on a logarithmic scale than on a linear one."""
        if not self.numeric or len(self) < 3 or self.values[0] <= 0:
            return False
        gaps, ratios = np.diff(np.array(self.values, float)), np.diff(np.log(np.array(self.values, float)))
        return bool(ratios.std() / ratios.mean() < gaps.std() / gaps.mean())

    @property
    def title(self) -> str:
        """The name, and how the axis is scaled if that is not linear."""
        return f"{self.name} (log)" if self.log else self.name

    def scaled(self, value: float) -> float:
        """Return a number on the scale of the axis, for distances; words are as far apart as their places."""
        return float(np.log(value)) if self.log else float(value)

    @cached_property
    def shares(self) -> Array:
        """The values (n,) on the axis, as shares of its length; 0.5 for a single one."""
        if len(self) < 2:
            return np.full(len(self), 0.5)
        scaled = (
            np.array([self.scaled(value) for value in self.values]) if self.numeric else np.arange(len(self.values))
        )
        return np.asarray((scaled - scaled[0]) / (scaled[-1] - scaled[0]), float)


def is_number(value: Any) -> bool:
    """Return whether a value is a number; True and False are words."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def hashed(value: Any) -> Hashable:
    """Return something hashable that equal values of a key share, and that tells 1 from True."""
    if isinstance(value, list | dict):
        return repr(value)
    return (type(value) is bool, value)


def value_text(value: Any) -> str:
    """Return a value of a key in a few characters."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return brief(value) if is_number(value) else str(value)


def key_names(keys: Sequence[str], lanes: Sequence[str]) -> dict[str, str]:
    """Return a name for each dotted key: its last word, and before it what is needed to tell it from the others.

    ``lanes.0.hidden_size`` is "hidden size", or "RNN hidden size" if the sweep also sets that of another lane.
    """
    last = {key: key.rpartition(".")[2].replace("_", " ") for key in keys}
    return {
        key: name if [*last.values()].count(name) == 1 else f"{_table(key, lanes)} {name}" for key, name in last.items()
    }


def _table(key: str, lanes: Sequence[str]) -> str:
    """Return the table of a key: the name of a lane, or ``task``."""
    words = key.split(".")
    if words[0] == "lanes" and len(words) > 1 and words[1].isdecimal() and int(words[1]) < len(lanes):
        return lanes[int(words[1])]
    return " ".join(words[:-1]) or key


def untied(points: Sequence[Mapping[str, Any]], keys: Sequence[str]) -> list[str]:
    """Return the keys that vary, without those that follow from an earlier one, as in zipped lists."""
    columns = {key: [hashed(point.get(key)) for point in points] for key in keys}
    found: list[str] = []
    for key in keys:
        column = columns[key]
        count = len(set(column))
        tied = any(len(set(zip(columns[other], column, strict=True))) == len(set(columns[other])) == count
                   for other in found)  # fmt: skip
        if count > 1 and not tied:
            found.append(key)
    return found

"""Conditions that a page of a lesson waits for: what a text such as ``lanes.RNN.loss < 0.1`` means."""

import operator
import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from math import isfinite

from rnn_tui.errors import PresetError, nearest
from rnn_tui.interventions import INTERVENTIONS, Intervention, SpellingError, spelled
from rnn_tui.presets.preset import Preset
from rnn_tui.ui.input.bindings import named
from rnn_tui.ui.lessons.quantities import Quantity, Situation, Value, begins_quantity, quantity
from rnn_tui.ui.panels.declaration import LEARN, REMEMBER
from rnn_tui.ui.panels.registry import declarations

OPERATORS: dict[str, Callable[[float, float], bool]] = {
    "<=": operator.le,
    ">=": operator.ge,
    "!=": operator.ne,
    "=": operator.eq,
    "<": operator.lt,
    ">": operator.gt,
}
COMPARISON = re.compile(r"\s*(?P<left>[^<>=!]+?)\s*(?P<operator><=|>=|!=|=|<|>)\s*(?P<right>[^<>=!]+?)\s*")
# comparisons of other languages, and how they are written here
OTHER_SIGNS = {"==": "=", "=>": ">=", "=<": "<=", "<>": "!=", "≥": ">=", "≤": "<=", "≠": "!="}
OFFSET = re.compile(r"(?P<base>\S.*?)\s+(?P<sign>[+-])\s+(?P<offset>\S+)")
ACTION = re.compile(r"action\s+(?P<name>\S+)(?:\s+(?P<times>\S+)\s+times?)?\s*")
NONE = "none"
FORMS = "a comparison (step >= 5), an action (action run.step 5 times), or an intervention (intervention cut)"


class Condition(ABC):
    """Something that is true of a situation, or not."""

    @abstractmethod
    def holds(self, at: Situation) -> bool:
        """Return whether it is true now."""

    def progress(self, at: Situation) -> str:  # noqa: ARG002
        """Return how far the learner is, such as ``3 of 5``; empty if that cannot be counted."""
        return ""


@dataclass(frozen=True)
class ActionCount(Condition):
    """An action was done a number of times since the page began to wait."""

    name: str
    times: int = 1

    def holds(self, at: Situation) -> bool:
        return at.done.get(self.name, 0) >= self.times

    def progress(self, at: Situation) -> str:
        return f"{min(self.times, at.done.get(self.name, 0))} of {self.times}" if self.times > 1 else ""


@dataclass(frozen=True)
class InterventionShown(Condition):
    """An intervention is shown, or applied to a lane, and none but those that the page waits for.

    Attributes:
        text: its kind, or how it is spelled; NONE: there is none.
        others: texts of the other interventions that the page waits for.
    """

    text: str
    others: tuple[str, ...] = ()

    def holds(self, at: Situation) -> bool:
        present = _interventions(at)
        if self.text == NONE:
            return not present
        return self.is_present(at) and all(
            {one.name, one.spelling}.intersection((self.text, *self.others)) for one in present
        )

    def is_present(self, at: Situation) -> bool:
        """Return whether it is there, alone or not."""
        return any(self.text in (one.name, one.spelling) for one in _interventions(at))


def _interventions(at: Situation) -> list[Intervention]:
    frame = at.view.frame
    shown = [one.intervention for one in frame.what_if]
    return [*shown, *(spelled(text) for lane in frame.preset.lanes for text in lane.interventions)]


def together(conditions: Sequence[Condition]) -> tuple[Condition, ...]:
    """Return the conditions of a page, so that the interventions it waits for go together, but with no other one.

    With another one, the nets would not do what the page says of them.
    """
    texts = tuple(each.text for each in conditions if isinstance(each, InterventionShown))
    return tuple(replace(each, others=texts) if isinstance(each, InterventionShown) else each for each in conditions)


@dataclass(frozen=True)
class Comparison(Condition):
    """A comparison of a quantity with a value, or with another quantity and an offset."""

    left: Quantity
    operator: str
    right: Quantity | float | str
    offset: float = 0.0

    def holds(self, at: Situation) -> bool:
        left = self.left.read(at)
        right: Value = self.right.read(at) if isinstance(self.right, Quantity) else self.right
        if left is None or right is None:
            return False
        if isinstance(left, str) or isinstance(right, str):
            return (left == right) == (self.operator == "=")
        return OPERATORS[self.operator](left, right + self.offset)


def condition(text: str, preset: Preset) -> Condition:
    """Return the condition that a text describes, in a lesson on ``preset``.

    Raises:
        ValueError: it describes none; the message says what is wrong and what is allowed.
    """
    word = text.split(maxsplit=1)[0] if text.strip() else ""
    if word == "action":
        return _action(text)
    if word == "intervention":
        return _intervention(text.split(maxsplit=1)[1:])
    found = COMPARISON.fullmatch(text)
    if found is None:
        for other, sign in OTHER_SIGNS.items():
            if other in text:
                raise ValueError(f"{other} is unknown; did you mean {sign}?")
        raise ValueError(f"must be {FORMS}")
    return _comparison(quantity(found["left"], preset), found["operator"], found["right"], preset)


def _action(text: str) -> ActionCount:
    found = ACTION.fullmatch(text)
    if found is None:
        raise ValueError("must be of the form action NAME, or action NAME 5 times")
    name, times = found["name"], found["times"]
    if name not in named():
        raise ValueError(f"unknown action {name!r}{nearest(name, named()) or '; rnn-tui config lists them'}")
    if times is not None and not (times.isdecimal() and 1 <= int(times) <= 1000):
        raise ValueError(f"{times!r} must be a whole number from 1 to 1000")
    return ActionCount(name, int(times or 1))


def _intervention(words: list[str]) -> InterventionShown:
    names = [kind.name for kind in INTERVENTIONS]
    if not words:
        raise ValueError(f"must name an intervention; there are {', '.join(names)}")
    text = words[0].strip()
    if text not in (*names, NONE):
        try:
            text = spelled(text).spelling
        except SpellingError as error:
            raise ValueError(str(error)) from None
    return InterventionShown(text)


def _comparison(left: Quantity, sign: str, right: str, preset: Preset) -> Comparison:
    base, offset = right, 0.0
    if found := OFFSET.fullmatch(right):
        base, offset = found["base"], _number(found["offset"]) * (1 if found["sign"] == "+" else -1)
    other = quantity(base, preset) if begins_quantity(base) else None
    if left.kind == "word":
        if sign not in ("=", "!="):
            raise ValueError(f"{left.name} is a word: compare it with = or !=")
        if other is not None and other.kind != "word":
            raise ValueError(f"{left.name} is a word, and {other.name} is a number")
        if other is None:
            _check_word(left.name, right, preset)
        return Comparison(left, sign, other or right)
    if other is not None and other.kind != "number":
        raise ValueError(f"{left.name} is a number, and {other.name} is a word")
    return Comparison(left, sign, _number(base) if other is None else other, offset)


def _number(text: str) -> float:
    with suppress(ValueError):
        if isfinite(number := float(text)):
            return number
    raise ValueError(f"{text!r} must be a finite number, or the name of a quantity")


def _check_word(name: str, word: str, preset: Preset) -> None:
    """Raise ValueError if a quantity can never be this word."""
    words = {"page": [LEARN, REMEMBER], "panel": [each.name for each in declarations()]}.get(name)
    if words is not None and word not in words:
        raise ValueError(f"{name} = {word!r}: unknown{nearest(word, words) or '; there are ' + ', '.join(words)}")
    head, *way = name.split(".")
    if head == "lanes" and way[0] in preset.names:
        way[0] = str(preset.names.index(way[0]))
    if head in ("lanes", "training", "task") and not (head == "lanes" and not way[0].isdecimal()):
        value: object = {"true": True, "false": False}.get(word, word)
        if way[-1] == "kind":
            return  # other kinds have other settings, so that the rest of the lane may not fit
        try:
            preset.with_changes({".".join([head, *way]): value})
        except PresetError as error:
            raise ValueError(error.problems[0]) from None

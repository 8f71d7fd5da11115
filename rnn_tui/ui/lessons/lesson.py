"""A lesson: its pages, its questions and its texts."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

from rnn_tui.presets.store import PresetFile
from rnn_tui.ui.lessons.conditions import Condition
from rnn_tui.ui.lessons.quantities import Quantity, Situation

T = TypeVar("T")

BRACES = re.compile(r"\{([^{}]*)\}")


@dataclass(frozen=True)
class Text:
    """A text of a lesson, in which names in braces stand for keys and quantities.  ``quantities``: by name."""

    words: str
    quantities: Mapping[str, Quantity]

    def said(self, at: Situation) -> str:
        """Return the text with the keys in force and the present values."""

        def value(found: re.Match[str]) -> str:
            known = self.quantities.get(found[1])
            return known.text(at) if known else found[0]

        return at.view.keys.say(BRACES.sub(value, self.words))


@dataclass(frozen=True)
class Choice:
    """An answer to choose, and what is said of it."""

    answer: str
    right: bool
    say: Text


@dataclass(frozen=True)
class Choices:
    """A question with answers to choose from."""

    answers: tuple[Choice, ...]


@dataclass(frozen=True)
class Judged(Generic[T]):
    """A question with one right answer; ``wrong`` is said of every other one."""

    right: T
    say: Text
    wrong: Text


@dataclass(frozen=True)
class NumberQuestion(Judged[Quantity | float]):
    """A question for a number; an answer is right if it differs by at most ``tolerance``."""

    tolerance: float


@dataclass(frozen=True)
class PlaceQuestion(Judged[Condition]):
    """A question for a place: the answer is right if the condition holds."""


@dataclass(frozen=True)
class Page:
    """A page of a lesson, see docs/lessons.md.

    Attributes:
        show: the name of a panel, or the key of a row of the controls; empty: nothing is framed.
        until: conditions that must hold at the same time; empty: the page does not wait.
        hint: of a page with ``then``: about the question.  then_hint: about what to do after the answer.
        solution: the keys that lead to the end of the page, in Textual's names.
    """

    text: Text
    show: str = ""
    until: tuple[Condition, ...] = ()
    done: Text | None = None
    hint: Text | None = None
    question: Choices | NumberQuestion | PlaceQuestion | None = None
    then: Text | None = None
    then_hint: Text | None = None
    solution: tuple[str, ...] = ()

    @property
    def panel(self) -> str:
        """The name of the panel that is framed, or that has the framed row; empty if none is."""
        return "controls" if "." in self.show else self.show


@dataclass(frozen=True, eq=False)
class Lesson:
    """A lesson.  ``file``: its preset with its changes."""

    name: str
    title: str
    about: str
    minutes: int
    file: PresetFile
    pages: tuple[Page, ...]

"""The state of a lesson under way: the page, the answers on it, and what is said.  Immutable, and without a screen."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from math import isclose
from typing import Literal, TypeAlias

from rnn_tui.number_format import brief
from rnn_tui.ui.lessons.conditions import Comparison
from rnn_tui.ui.lessons.lesson import Choice, Choices, Lesson, NumberQuestion, Page, PlaceQuestion, Text
from rnn_tui.ui.lessons.quantities import Quantity, Situation

Outcome: TypeAlias = Literal["", "right", "wrong", "met"]
LEAST_ERROR = 1e-9  # relative; of numbers that are typed


@dataclass(frozen=True)
class LessonState:
    """A lesson on one of its pages.

    Attributes:
        number: of the page, from 0.
        marked: the answer that is marked, of a choice; None at first.  chosen: the one that was given last.
        given: the answer that was given last, in words.
        answered: whether an answer was given; right: whether it is right; say: what is said of it.
        met: whether the page's condition was met; remains true.
        warned: whether the learner was told that the page still waits, so that the next ``N`` skips it.
        hinted: whether the hint is shown.
        done: how often each action was done since the page began to wait.
    """

    lesson: Lesson
    number: int = 0
    marked: int | None = None
    chosen: int | None = None
    given: str = ""
    answered: bool = False
    right: bool = False
    say: Text | None = None
    met: bool = False
    warned: bool = False
    hinted: bool = False
    done: Mapping[str, int] = field(default_factory=dict)

    @property
    def page(self) -> Page:
        """The page."""
        return self.lesson.pages[self.number]

    @property
    def is_last(self) -> bool:
        """Return whether this is the last page."""
        return self.number == len(self.lesson.pages) - 1

    @property
    def asks(self) -> bool:
        """Return whether the page waits for an answer."""
        if self.page.question is None:
            return False
        return not self.answered if self.page.until else not self.right

    @property
    def waits(self) -> bool:
        """Return whether the page waits for its condition."""
        return bool(self.page.until) and not self.asks and not self.met

    @property
    def asks_for_preset(self) -> bool:
        """Return whether the page asks to open a preset."""
        compared = (each.left.name for each in self.page.until if isinstance(each, Comparison))
        return "preset" in compared

    @property
    def is_complete(self) -> bool:
        """Return whether nothing is left to do on the page."""
        return not self.asks and not self.waits

    @property
    def outcome(self) -> Outcome:
        """What has come out so far; a prediction is judged when the condition is met."""
        if self.answered and not self.waits:
            return "right" if self.right else "wrong"
        return "met" if self.met else ""

    @property
    def verdict(self) -> Text | None:
        """What is said of the outcome; None: nothing."""
        return self.say if self.outcome in ("right", "wrong") else self.page.done if self.met else None

    @property
    def text(self) -> Text:
        """What the page says: its text; after a prediction what to do, until the condition is met."""
        return self.page.then if self.page.then and self.waits else self.page.text

    @property
    def hint_text(self) -> Text | None:
        """What the hint says: about the question, and after a prediction about what to do; None: there is none."""
        return self.page.then_hint if self.page.then and self.answered else self.page.hint

    def progress(self, at: Situation) -> str:
        """Return how far the learner is, such as ``3 of 5``; empty if that cannot be counted."""
        said = (each.progress(self._with_counts(at)) for each in self.page.until if self.waits)
        return ", ".join(filter(None, said))

    # Transitions: each returns the next state.

    def looked(self, at: Situation) -> "LessonState":
        """Look whether the condition is met."""
        if not self.waits or not all(each.holds(self._with_counts(at)) for each in self.page.until):
            return self
        return replace(self, met=True, warned=False, hinted=False)

    def _with_counts(self, at: Situation) -> Situation:
        return replace(at, done=self.done)

    def acted(self, name: str) -> "LessonState":
        """Count an action, if the page waits."""
        return replace(self, done={**self.done, name: self.done.get(name, 0) + 1}) if self.waits else self

    def mark(self, by: int = 1) -> "LessonState":
        """Mark the next answer of a choice."""
        if not (self.asks and isinstance(self.page.question, Choices)):
            return self
        count = len(self.page.question.answers)
        first = 0 if by > 0 else count - 1
        return replace(self, marked=first if self.marked is None else (self.marked + by) % count)

    def choose(self, number: int) -> "LessonState":
        """Give an answer of a choice, by its number from 0."""
        question = self.page.question
        if not (self.asks and isinstance(question, Choices)):
            return self
        answer: Choice = question.answers[number]
        return replace(self, marked=number, chosen=number)._answered(answer.answer, answer.right, answer.say)

    def give(self, number: float, at: Situation) -> "LessonState":
        """Give a number as the answer."""
        question = self.page.question
        if not (self.asks and isinstance(question, NumberQuestion)):
            return self
        right = question.right.read(at) if isinstance(question.right, Quantity) else question.right
        near = isinstance(right, int | float) and isclose(
            number, right, rel_tol=LEAST_ERROR, abs_tol=question.tolerance * (1 + LEAST_ERROR)
        )
        return self._answered(brief(number), near, question.say if near else question.wrong)

    def point(self, at: Situation) -> "LessonState":
        """Give the place under the cursor as the answer."""
        question = self.page.question
        if not (self.asks and isinstance(question, PlaceQuestion)):
            return self
        right = question.right.holds(at)
        place = f"t = {at.view.t}, u{at.view.unit}"
        return self._answered(place, right, question.say if right else question.wrong)

    def _answered(self, given: str, right: bool, say: Text) -> "LessonState":
        answered = replace(self, given=given, answered=True, right=right, say=say, warned=False)
        return answered if answered.asks else replace(answered, hinted=False)

    def hint(self) -> "LessonState":
        """Show the hint, or hide it."""
        return replace(self, hinted=not self.hinted) if self.hint_text else self

    def warn(self) -> "LessonState":
        """Tell the learner that the page still waits, or asks."""
        return replace(self, warned=True)

    def turned(self, by: int) -> "LessonState":
        """Turn to another page, from its beginning; stay at the ends."""
        number = min(max(0, self.number + by), len(self.lesson.pages) - 1)
        return LessonState(self.lesson, number)

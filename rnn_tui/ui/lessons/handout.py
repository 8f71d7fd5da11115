"""A lesson as a handout: its pages, questions and pictures as Markdown, and the answers at the end."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from os import fsencode
from urllib.parse import quote

from rnn_tui.number_format import brief
from rnn_tui.presets.command_line import command_line
from rnn_tui.ui.lessons.lesson import Choices, Lesson, NumberQuestion, Page, Text
from rnn_tui.ui.lessons.quantities import Quantity, Situation
from rnn_tui.ui.render.svg_picture import Picture

SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|~])")
LETTERS = "abcde"


@dataclass(frozen=True, eq=False)
class SolvedPage:
    """A page that was done by its solution.

    Attributes:
        begin, end: the situations when the page began, and when it was done: texts have their values.
        picture: of the panel that the page frames, when it was done; None without one.
    """

    page: Page
    begin: Situation = field(repr=False)  # a frame: asyncio makes a text of what a coroutine returns to its runner
    end: Situation = field(repr=False)
    picture: Picture | None = None

    @property
    def shows_outcome(self) -> bool:
        """Whether the picture shows what the reader must first predict."""
        return bool(self.page.question and self.page.until)


def handout(lesson: Lesson, pages: Sequence[SolvedPage], stem: str) -> dict[str, str]:
    """Return the texts of the files of a handout by name: Markdown in ``stem.md``, and pictures beside it as SVG."""
    pictures = {number: f"{stem}-{number + 1}.svg" for number, each in enumerate(pages) if each.picture}
    svg = {name: each.picture.svg for number, name in pictures.items() if (each := pages[number]).picture}
    return {f"{stem}.md": _markdown(lesson, pages, pictures), **svg}


def _markdown(lesson: Lesson, pages: Sequence[SolvedPage], pictures: Mapping[int, str]) -> str:
    """Return a lesson as Markdown.  ``pictures``: the names of picture files by the number of their page, from 0."""
    lines = [
        f"# {plain(lesson.title)}",
        f"{plain(lesson.about)} About {lesson.minutes} minutes.",
        f"`{command_line(lesson.file, lesson.file.preset)}` opens the lab with the nets of this lesson.",
    ]
    for number, solved in enumerate(pages):
        lines += _page(number, solved, "" if solved.shows_outcome else pictures.get(number, ""))
    answers = [
        line for number, solved in enumerate(pages) for line in _answer(number, solved, pictures.get(number, ""))
    ]
    if answers:
        lines += ["## Answers and results", *answers]
    return "\n\n".join(lines) + "\n"


def _page(number: int, solved: SolvedPage, picture: str) -> Iterator[str]:
    page, begin = solved.page, solved.begin
    yield f"## {number + 1}"
    yield plain(page.text.said(begin))
    if isinstance(page.question, Choices):
        yield "\n".join(
            f"- {letter}) {plain(each.answer)}" for letter, each in zip(LETTERS, page.question.answers, strict=False)
        )
    elif page.question is not None:
        yield "Your answer: ______"
    if page.hint is not None:
        yield f"Hint: {plain(page.hint.said(begin))}"
    if page.then is not None:
        yield plain(page.then.said(begin))
    if page.then_hint is not None:
        yield f"Hint: {plain(page.then_hint.said(begin))}"
    if picture:
        yield _image(number, page, picture)


def _image(number: int, page: Page, picture: str) -> str:
    return f"![{plain(page.panel.replace('_', ' '))} on page {number + 1}]({quote(fsencode(picture))})"


def _answer(number: int, solved: SolvedPage, picture: str) -> Iterator[str]:
    """Yield what a page gives away: the right answer, what is said of each answer, and what is seen at its end."""
    question = solved.page.question
    if isinstance(question, Choices):
        for letter, each in zip(LETTERS, question.answers, strict=False):
            mark = "right" if each.right else "wrong"
            yield f"{number + 1} {letter}) {mark}. {_said(each.say, solved)}"
    elif isinstance(question, NumberQuestion):
        right = question.right
        value = right.text(solved.end) if isinstance(right, Quantity) else brief(right)
        yield f"{number + 1}: {value}. {_said(question.say, solved)}"
    elif question is not None:
        yield f"{number + 1}: {_said(question.say, solved)}"
    if solved.page.done is not None:
        yield f"{number + 1}: {_said(solved.page.done, solved)}"
    if picture and solved.shows_outcome:
        yield _image(number, solved.page, picture)


def _said(text: Text, solved: SolvedPage) -> str:
    return plain(text.said(solved.end))


def plain(text: str) -> str:
    """Return a text in which no character is Markdown."""
    return SPECIAL.sub(r"\\\1", text)

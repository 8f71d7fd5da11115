"""A lesson as a handout: its pages, questions and pictures as Markdown, and the answers at the end."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from rnn_tui.presets.command_line import command_line
from rnn_tui.ui.lessons.lesson import Choices, Lesson, Page, Text
from rnn_tui.ui.lessons.quantities import Situation
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
    begin: Situation
    end: Situation
    picture: Picture | None = None


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
        lines += _page(number, solved, pictures.get(number, ""))
    answers = [line for number, solved in enumerate(pages) for line in _answer(number, solved)]
    if answers:
        lines += ["## Answers", *answers]
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
    if page.then is not None:
        yield plain(page.then.said(begin))
    if page.hint is not None:
        yield f"Hint: {plain(page.hint.said(begin))}"
    if picture:
        yield f"![{plain(page.panel.replace('_', ' '))} on page {number + 1}]({picture})"
    if page.done is not None:
        yield plain(page.done.said(solved.end))


def _answer(number: int, solved: SolvedPage) -> Iterator[str]:
    """Yield the right answer of a page, and what is said of each answer."""
    question = solved.page.question
    if isinstance(question, Choices):
        for letter, each in zip(LETTERS, question.answers, strict=False):
            mark = "right" if each.right else "wrong"
            yield f"{number + 1} {letter}) {mark}. {_said(each.say, solved)}"
    elif question is not None:
        yield f"{number + 1}: {_said(question.say, solved)}"


def _said(text: Text, solved: SolvedPage) -> str:
    return plain(text.said(solved.end))


def plain(text: str) -> str:
    """Return a text in which no character is Markdown."""
    return SPECIAL.sub(r"\\\1", text)

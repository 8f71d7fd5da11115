"""What the strip of a lesson shows: its title with the keys, and the page with what is said.  Pure functions."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from textual.content import Content

from rnn_tui.ui.input.keymap import Keymap
from rnn_tui.ui.lessons.condition_text import waiting_text
from rnn_tui.ui.lessons.lesson import BRACES, Choice, Choices, Lesson, NumberQuestion, PlaceQuestion, Text
from rnn_tui.ui.lessons.lesson_state import LessonState
from rnn_tui.ui.lessons.lesson_store import LessonEntry
from rnn_tui.ui.lessons.quantities import Situation
from rnn_tui.ui.render.palette import Palette
from rnn_tui.ui.render.terminal_capabilities import Canvas
from rnn_tui.ui.widgets.text_widgets import clickable, rows_of_text, shortened_to

KEY, VALUE, RULE = "bold $accent", "bold", "─"
WAITING, MET, WRONG = "○", "✓", "✗"
MARKED, UNMARKED = "●", "○"
BESIDE = "   "  # between answers on one line
NEXT, BACK, MARK, HINT, RESTORE, HIDE, LIST = (
    f"lesson.{name}" for name in ("next", "back", "mark", "hint", "restore", "hide", "list")
)


@dataclass(frozen=True)
class Look:
    """How it is drawn: the colors, the characters, the keys in force, and the columns.

    Attributes:
        most: rows that it can have.  reads: the name of the key that scrolls.
    """

    colors: Palette
    canvas: Canvas
    keys: Keymap
    width: int
    most: int = 1000
    reads: str = "panel.read_on"


@dataclass(frozen=True, eq=False)
class StripDrawing:
    """A drawing of the strip.

    Attributes:
        body: the lines below the title; may be empty.
        rows: rows that it needs with everything that may be said next, and its title.
        focus: the row of the body that must be visible.
        stage: changes when something else is said, but not with live values.
    """

    title: Content
    body: Content
    rows: int
    focus: int = 0
    stage: tuple[object, ...] = ()


def draw_page(state: LessonState, name: str, at: Situation, look: Look, where: str = "") -> StripDrawing:
    """Return the drawing of a page of the lesson ``name``; ``where``: how to see what is framed but not visible."""
    lines, focus = _lines(state, at, look, where)
    body = Content("\n").join(lines)
    needed = rows_of_text(body, look.width - 2)
    keys = [*([(look.reads, "more")] if needed >= look.most else []), *_page_keys(state)]
    title = _title(name, f"page {state.number + 1} of {len(state.lesson.pages)}", keys, look)
    rows = max(needed, _most_rows(state, at, look, where))
    above = rows_of_text(Content("\n").join(lines[:focus]), look.width - 2) if focus else 0
    stage = state.number, state.marked, state.outcome, state.asks, state.warned, state.hinted
    return StripDrawing(title, body, 1 + rows, above, stage)


def draw_end(name: str, following: LessonEntry | None, look: Look) -> StripDrawing:
    """Return the drawing at the end of the lesson ``name``; ``following``: the lesson to do next."""
    keys = [*([(NEXT, "begin")] if following else []), (HIDE, "close"), (BACK, "back"), (LIST, "lessons")]
    said = keyed("{lesson.list} lists all lessons.", look)
    if following and following.lesson:
        said = Content.assemble(
            "Next: ", (entry_name(following), "bold"), f", {_minutes(following.lesson)}. ",
            keyed("{lesson.next} begins it.", look),
        )  # fmt: skip
    said = Content.assemble((f"{MET} Done. ", f"bold {look.colors.right}"), said)
    return StripDrawing(
        _title(name, "done", keys, look), said, 1 + rows_of_text(said, look.width - 2), stage=("end", name)
    )


def draw_offer(entry: LessonEntry, begun: int | None, look: Look) -> StripDrawing:
    """Return the offer of a lesson, in one line; ``begun``: the page where it was left."""
    takes = f"{entry.lesson.minutes} min" if entry.lesson else ""
    greeting, more = ("New here? ", takes) if begun is None else ("", f"page {begun + 1}")
    name = f"{greeting}{entry_name(entry)} ({more})"
    keys = [(NEXT, "begins it" if begun is None else "continues it"), (HIDE, "hides this")]
    return StripDrawing(_title(name, "", keys, look), Content(), 1, stage=("offer", entry.name))


def entry_name(entry: LessonEntry) -> str:
    """Return ``Lesson 2, The floor``; of a lesson without a number, its title."""
    title = entry.lesson.title if entry.lesson else entry.name
    return f"Lesson {entry.number}, {title}" if entry.number else title


def _minutes(lesson: Lesson) -> str:
    return f"{lesson.minutes} minute{'s' if lesson.minutes > 1 else ''}"


# The title.


def _page_keys(state: LessonState) -> list[tuple[str, str]]:
    """Return the keys that do something on the page, with a word each, the most useful first."""
    keys = []
    if state.asks and isinstance(state.page.question, Choices):
        keys += [(MARK, "mark"), *([(NEXT, "answer")] if state.marked is not None else [])]
    elif state.asks:
        keys += [(NEXT, "answer")]
    elif state.is_complete:
        keys += [(NEXT, "finish" if state.is_last else "next")]
    elif state.warned:
        keys += [(NEXT, "skip")]
    if state.hint_text:
        keys += [(HINT, "hint")]
    keys += [(HIDE, "hide")]
    if state.number:
        keys += [(BACK, "back")]
    return [*keys, (RESTORE, "restore"), (LIST, "lessons")]


def _title(name: str, where: str, keys: Sequence[tuple[str, str]], look: Look) -> Content:
    """Return the name and the place at the left, and as many keys as fit at the right, but at least one, on a rule."""
    rule, colors = RULE, look.colors

    def left(words: str) -> Content:
        place = f" {rule} {where} " if where else " "
        return Content.assemble((f"{rule} ", colors.muted), (words, "bold"), (place, colors.muted))

    for count in range(len(keys), 0, -1):
        right = _right(keys[:count], look)
        room = look.width - right.cell_length - 1
        if left(name).cell_length <= room or count == 1:
            break
    begin = left(shortened_to(name, max(1, room - left("").cell_length)))
    return Content.assemble(
        begin, (rule * max(0, look.width - begin.cell_length - right.cell_length), colors.muted), right
    )


def _right(keys: Sequence[tuple[str, str]], look: Look) -> Content:
    """Return keys with a word each, which can be clicked."""
    parts = [
        Content.assemble((look.keys.printed(key), KEY), f" {word}").stylize(
            clickable(f"lesson('{key.rpartition('.')[2]}')")
        )
        for key, word in keys
    ]
    return Content.assemble(" ", Content(" · ").join(parts), (f" {RULE}", look.colors.muted))


# The page.


def _lines(state: LessonState, at: Situation, look: Look, where: str) -> tuple[list[Content], int]:
    """Return the lines of a page, and the number of the line that must be visible."""
    lines = [styled(state.text, at, look)]
    if where:
        lines.append(Content.styled(where, look.colors.muted))
    focus, question = 0, state.page.question
    if isinstance(question, Choices) and not state.waits:
        answers = _answers(state, question.answers, look)
        focus = len(lines) + min(state.marked or 0, len(answers) - 1) if state.marked is not None else 0
        lines += answers
    said = [*_said(state, at, look)]
    lines += said
    if state.outcome or state.warned or state.hinted or (said and state.answered):
        focus = len(lines) - 1
    return lines, focus


def _said(state: LessonState, at: Situation, look: Look) -> Iterator[Content]:
    """Yield what is said below the text: what the page waits for, the verdict, and the hint."""
    colors = look.colors
    signs = {"met": (MET, colors.right), "right": (MET, colors.right), "wrong": (WRONG, colors.wrong)}
    if state.outcome:
        sign, color = signs[state.outcome]
        verdict = styled(state.verdict, at, look) if state.verdict else Content("Done.")
        yield Content.assemble((f"{sign} ", f"bold {color}"), verdict)
    if state.asks:
        yield from _asking(state, look)
    elif state.waits:
        if state.answered:
            yield _given(state.given, look)
        missing = look.canvas.spell(waiting_text(state.page.until, _counted(state, at)))
        skips = keyed(" · {lesson.next} again skips this page", look) if state.warned else Content()
        yield Content.assemble((f"{WAITING} waiting: ", f"bold {colors.muted}"), (missing, colors.muted), skips)
    if state.hinted and state.hint_text:
        yield Content.assemble(("Hint: ", "bold"), styled(state.hint_text, at, look))


def _given(answer: str, look: Look) -> Content:
    """Return the line with the answer to the question before, which is not judged yet."""
    return Content.assemble(("You predicted: ", look.colors.muted), look.canvas.spell(answer))


def _asking(state: LessonState, look: Look) -> Iterator[Content]:
    """Yield how to answer, as long as no answer was given; and after ``N`` without an answer, how to skip the page."""
    if isinstance(state.page.question, Choices):
        how = "{lesson.mark} marks an answer" + (", {lesson.next} gives it." if state.marked is not None else ".")
    elif isinstance(state.page.question, NumberQuestion):
        how = "{lesson.next} asks for your number."
    else:
        how = "Go there, then press {lesson.next}."
    if state.warned:
        how = f"{'Not right yet.' if state.answered else 'No answer yet.'} {how} {{lesson.next}} again skips this page."
    if state.warned or not state.answered:
        yield keyed(how, look).stylize_before(look.colors.muted)


def _counted(state: LessonState, at: Situation) -> Situation:
    return Situation(at.view, at.panel, state.done)


def _answers(state: LessonState, answers: Sequence[Choice], look: Look) -> list[Content]:
    """Return the answers, on one line if they fit; the given one and the marked one are told apart by their signs."""
    colors, found = look.colors, []
    for number, answer in enumerate(answers):
        marked = state.marked == number
        sign, style = (MARKED, f"bold {colors.text}") if marked else (UNMARKED, colors.muted)
        if state.chosen == number:
            sign, style = (MET, f"bold {colors.right}") if answer.right else (WRONG, f"bold {colors.wrong}")
        ground = f" on {colors.cursor}" if marked and state.asks else ""
        content = Content.assemble(
            (f" {sign} ", style + ground), (f"{look.canvas.spell(answer.answer)} ", ("bold" if marked else "") + ground)
        )
        found.append(content.stylize(clickable(f"answer({number})")) if state.asks else content)
    beside = Content(BESIDE).join(found)
    return [beside] if beside.cell_length <= look.width - 2 else found


def _most_rows(state: LessonState, at: Situation, look: Look, where: str) -> int:
    """Return the rows of the page with the longest that may be said of it, so that its strip keeps its height."""
    page, width = state.page, look.width - 2

    def rows(*texts: Text | None) -> int:
        return max(
            (rows_of_text(Content.assemble("✓ ", styled(text, at, look)), width) for text in texts if text), default=0
        )

    said = rows(page.done)
    answers = 0
    if isinstance(page.question, Choices):
        answers = sum(rows_of_text(line, width) for line in _answers(state, page.question.answers, look))
        said = rows(*(each.say for each in page.question.answers))
    elif isinstance(page.question, NumberQuestion | PlaceQuestion):
        said = rows(page.question.say, page.question.wrong)
    least = 1 if page.until or page.question else 0
    text = rows_of_text(styled(page.text, at, look), width)
    then = 0
    if page.then:
        given = [each.answer for each in page.question.answers] if isinstance(page.question, Choices) else [""]
        then = rows_of_text(styled(page.then, at, look), width) + 1
        then += max(rows_of_text(_given(answer, look), width) for answer in given)
    return max(text + answers + max(said, least), then) + (rows_of_text(where, width) if where else 0)


def styled(text: Text, at: Situation, look: Look) -> Content:
    """Return a text with the keys in force and the present values, which stand out."""
    return keyed(text.words, look, {name: quantity.text(at) for name, quantity in text.quantities.items()})


def keyed(words: str, look: Look, values: Mapping[str, str] | None = None) -> Content:
    """Return a text with the keys in force, and ``values`` by name; both stand out."""
    parts: list[str | tuple[str, str]] = []
    end = 0
    for found in BRACES.finditer(words):
        value = (values or {}).get(found[1])
        parts.append(look.canvas.spell(words[end : found.start()]))
        parts.append((look.canvas.spell(look.keys.say(found[0])), KEY) if value is None else (value, VALUE))
        end = found.end()
    return Content.assemble(*parts, look.canvas.spell(words[end:]))

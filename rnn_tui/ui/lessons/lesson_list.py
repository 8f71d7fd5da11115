"""The list of lessons, from which one is opened, restarted or left."""

from collections.abc import Iterator, Sequence
from typing import ClassVar, Literal, NamedTuple

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from rnn_tui.number_format import counted
from rnn_tui.ui.dialogs.base import Dialog
from rnn_tui.ui.input.bindings import CANCEL_KEYS, LESSON_LIST_KEYS
from rnn_tui.ui.input.keymap import Keymap
from rnn_tui.ui.lessons.lesson_store import LessonEntry
from rnn_tui.ui.lessons.progress_file import Progress
from rnn_tui.ui.render.terminal_capabilities import canvas_of
from rnn_tui.ui.widgets.option_list import ChoiceList
from rnn_tui.ui.widgets.text_widgets import shortened_to

HINT = "enter: open · {lessons.restart}: restart · {lessons.leave}: leave the open one · {dialog.cancel}: close"
SHORT_HINT = "enter: open · {lessons.restart}: restart · {dialog.cancel}: close"
NARROW = 80  # columns below which the hint is short
AROUND = 28  # columns of the dialog, and of what is beside a title


class Chosen(NamedTuple):
    """What to do with a lesson; ``leave`` is meant of the open one."""

    what: Literal["open", "restart", "leave"]
    entry: LessonEntry


class LessonList(Dialog[Chosen | None]):
    """Dismisses with what to do.

    Args:
        present: the key of the lesson that is open; empty if none is.
    """

    VERTICAL_BREAKPOINTS = [(0, "-low"), (22, "-high")]  # noqa: RUF012
    AUTO_FOCUS = "ChoiceList"
    BINDINGS: ClassVar[list[BindingType]] = [*CANCEL_KEYS, *LESSON_LIST_KEYS]

    def __init__(self, entries: Sequence[LessonEntry], progress: Progress, present: str, keys: Keymap) -> None:
        super().__init__(keys)
        self._entries, self._progress, self._present = entries, progress, present

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog lessons") as dialog:
            dialog.border_title = "Lessons"
            wide = self.app.size.width >= NARROW
            dialog.border_subtitle = self.hint(HINT if wide and self._present else SHORT_HINT)
            yield ChoiceList(*self._options(), markup=False)
            yield Static(id="about", markup=False)

    def on_mount(self) -> None:
        keys = [entry.key for entry in self._entries]
        following = next_entry(self._entries, self._progress)
        key = self._present or (following.key if following else "")
        self.query_one(ChoiceList).highlighted = keys.index(key) if key in keys else 0

    def _options(self) -> Iterator[Option]:
        spell = canvas_of(self.app).spell
        columns = min(max(len(title(entry)) for entry in self._entries), self.app.size.width - AROUND)
        for number, entry in enumerate(self._entries):
            line = row(entry, self._progress, entry.key == self._present, columns)
            yield Option(Content(spell(line)), id=str(number))

    @property
    def _entry(self) -> LessonEntry | None:
        option = self.query_one(ChoiceList).highlighted_option
        return self._entries[int(option.id or 0)] if option else None

    def on_option_list_option_highlighted(self, event: OptionList.OptionHighlighted) -> None:
        entry = self._entries[int(event.option.id or 0)]
        self.query_one("#about", Static).update(about(entry, self._progress))

    def on_option_list_option_selected(self) -> None:
        self._choose("open")

    def action_restart(self) -> None:
        self._choose("restart")

    def action_leave(self) -> None:
        if self._present and self._entry:
            self.dismiss(Chosen("leave", self._entry))

    def _choose(self, what: Literal["open", "restart"]) -> None:
        entry = self._entry
        if entry and entry.lesson and self.is_active:  # a held key opens one lesson
            self.dismiss(Chosen(what, entry))


def row(entry: LessonEntry, progress: Progress, is_open: bool, columns: int) -> str:
    """Return a lesson in one line: whether it is open or done, its number, title and minutes, and the page reached.

    ``columns``: of the title.
    """
    sign = "!" if entry.problem else "▸" if is_open else "✓" if entry.key in progress.done else " "
    number = f"{entry.number:>2}" if entry.number else "  "
    minutes = f"{entry.lesson.minutes:>2} min" if entry.lesson else ""
    page = progress.page_of(entry)
    where = "" if page is None else f"  p. {page + 1}"
    return f"{sign} {number}  {shortened_to(title(entry), columns):<{columns}} {minutes}{where}"


def title(entry: LessonEntry) -> str:
    """Return the title of a lesson; of a broken one, its name."""
    return entry.lesson.title if entry.lesson else entry.name


def about(entry: LessonEntry, progress: Progress) -> Content:
    """Return what a lesson is about, or why it cannot be opened."""
    if entry.lesson is None:
        return Content.assemble(("This lesson cannot be opened: ", "bold $error"), entry.problem)
    more = f"{counted(len(entry.lesson.pages), 'page')}, preset {entry.lesson.file.name}"
    done = "You have done it. " if entry.key in progress.done else ""
    return Content.assemble(entry.lesson.about, "\n", (done + more, "$foreground 70%"))


def next_entry(entries: Sequence[LessonEntry], progress: Progress, after: str = "") -> LessonEntry | None:
    """Return the first lesson of the course that is not done, from the one behind ``after`` on; None if all are."""
    course = [entry for entry in entries if entry.number and entry.lesson]
    names = [entry.name for entry in course]
    start = names.index(after) + 1 if after in names else 0
    return next((each for each in (*course[start:], *course[:start]) if each.name not in progress.done), None)

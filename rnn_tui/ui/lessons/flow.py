"""The lesson of a lab: it is opened, follows the learner, and brings back the nets and the screen of its page.

Only the lab imports it, when it is needed.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Protocol

from textual.app import App

from rnn_tui.checkpoints import Checkpoint
from rnn_tui.ui.input.action_done import ActionReports, refuse, take_over
from rnn_tui.ui.lessons import lesson_store, progress_file
from rnn_tui.ui.lessons.answer_dialog import AnswerDialog, number_of
from rnn_tui.ui.lessons.lesson import Choices, Lesson, NumberQuestion
from rnn_tui.ui.lessons.lesson_list import Chosen, LessonList, next_entry
from rnn_tui.ui.lessons.lesson_state import LessonState
from rnn_tui.ui.lessons.lesson_store import LessonEntry
from rnn_tui.ui.lessons.lesson_strip import LessonStrip
from rnn_tui.ui.lessons.page_runs import BACKGROUND, PageNumber, keep_run, open_lesson, open_run_of_page
from rnn_tui.ui.lessons.progress_file import Bookmark, Progress
from rnn_tui.ui.lessons.quantities import Situation
from rnn_tui.ui.lessons.saved_progress import SavedProgress
from rnn_tui.ui.lessons.strip_drawing import (
    Look,
    StripDrawing,
    draw_end,
    draw_offer,
    draw_page,
    entry_name,
)
from rnn_tui.ui.panels.base import FRAMED, Panel
from rnn_tui.ui.panels.control_rows import numbered, settings_of
from rnn_tui.ui.panels.registry import declarations
from rnn_tui.ui.panels.view_state import ViewAccess, ViewState
from rnn_tui.ui.render.terminal_capabilities import canvas_of, palette_of
from rnn_tui.ui.training.command_queue import Command
from rnn_tui.ui.training.training_channel import TrainingChannel

NO_LESSON = "no lesson is open; {lesson.list} lists them"


class ShownPanels(Protocol):
    """The panels of the lab, as far as a lesson uses them."""

    @property
    def active(self) -> Panel | None:
        """The panel with the focus."""

    @property
    def visible(self) -> set[str]:
        """Names of the visible panels."""

    def arrange(self, *, page: str, zoomed: bool) -> None:
        """Show a page of the lab."""

    def activate(self, name: str) -> None:
        """Show a panel, and give it the focus."""


@dataclass(frozen=True)
class OpenLesson:
    """The lesson that is open: where it is from, and how far it is.

    Attributes:
        bookmark: where its page began; run: the nets then, None before they have been saved.
        preset: the name of the preset to which these nets belong.
        is_over: whether it is done; following: the lesson to do next then.
        given: the answer that was given last, to tell when the same one is given again.
    """

    entry: LessonEntry
    state: LessonState
    bookmark: Bookmark = Bookmark()  # noqa: RUF009  it is frozen
    run: Checkpoint | None = None
    preset: str = ""
    is_over: bool = False
    following: LessonEntry | None = None
    given: object = None

    @property
    def lesson(self) -> Lesson:
        return self.state.lesson


class LessonFlow:
    """The open lesson, and the strips that show it; belongs to the screen's thread.

    Args:
        channel: opens and saves the runs.
        reports: reports actions when their effect is visible.
        shown: has the view of the lab.  panels: its panels.

    Attributes:
        progress: how far the learner is with all lessons.
    """

    def __init__(
        self, app: App[None], channel: TrainingChannel, reports: ActionReports, shown: ViewAccess, panels: ShownPanels
    ) -> None:
        self._app, self._channel, self._reports, self._shown, self._panels = app, channel, reports, shown, panels
        self._strips: list[LessonStrip] = []
        self._open: OpenLesson | None = None
        self._offer: LessonEntry | None = None
        self._hidden = False
        self.progress = SavedProgress(lambda said: app.notify(said, severity="error", markup=False, timeout=12))
        self._after: dict[str, Callable[[], object]] = {}  # what to do when an action is done

    # The strips.

    def strip(self, reads: str, leave: Callable[[int], object]) -> LessonStrip:
        """Return a new strip for a screen.

        Args:
            reads: the name of the key that scrolls it there.
            leave: called with the rows that it takes.
        """
        strip = LessonStrip(reads, leave, self.draw)
        self._strips = [*(each for each in self._strips if each.is_attached), strip]
        return strip

    def draw(self) -> None:
        """Draw the lesson on all screens that show it."""
        for strip in self._strips:
            strip.show(self._drawing(strip))

    def _drawing(self, strip: LessonStrip) -> StripDrawing | None:
        width = strip.size.width or self._app.size.width
        colors, canvas, keys = palette_of(self._app), canvas_of(self._app), self._view.keys
        look = Look(colors, canvas, keys, width, strip.most, strip.reads)
        if self._hidden:
            return None
        if self._open is None:
            return draw_offer(self._offer, self.progress.present.page_of(self._offer), look) if self._offer else None
        name = entry_name(self._open.entry)
        if self._open.is_over:
            return draw_end(name, self._open.following, look)
        return draw_page(self._open.state, name, self._situation, look, self._where())

    def read(self, way: int) -> None:
        """Scroll the page of the lesson."""
        for strip in self._strips:
            if strip.is_attached and strip.screen.is_current:
                strip.read(way)

    # What happens in the lab.

    @property
    def opened(self) -> OpenLesson | None:
        """The lesson that is open, and how far it is."""
        return self._open

    @property
    def _view(self) -> ViewState:
        return self._shown.seen

    @property
    def _situation(self) -> Situation:
        active = self._panels.active
        return Situation(self._view, active.declaration.name if active else "")

    def follow(self) -> None:
        """Look at a new view: is the condition of the page met?"""
        if self._open is not None:
            self._set(self._open.state.looked(self._situation))

    def acted(self, name: str) -> None:
        """Take note of an action that is done."""
        if then := self._after.pop(name, None):
            then()
        if self._open is not None:
            self._set(self._open.state.acted(name).looked(self._situation))

    def _set(self, state: LessonState) -> None:
        assert self._open is not None
        self._open = replace(self._open, state=state)
        self._show()

    def _show(self) -> None:
        """Frame what the page points to, and draw the page."""
        framed = "" if self._open is None or self._hidden or self._open.is_over else self._open.state.page.show
        if framed != self._view.framed:
            self._shown.show_view(replace(self._view, framed=framed))
        self.draw()

    def _where(self) -> str:
        """Return how to get back to the nets of the page, or how to see what it points to; empty if both are there."""
        view = self._view
        if self._open and self._open.run and view.name != self._open.preset and not self._open.state.asks_for_preset:
            return view.keys.say(
                f"{FRAMED}The preset {view.name} is open; {{lesson.restore}} brings back the nets of this page"
            )
        if not view.framed or len(self._app.screen_stack) > 1:
            return ""
        if view.framed_panel not in self._panels.visible:
            panel = next(each for each in declarations() if each.name == view.framed_panel)
            return view.keys.say(f"{FRAMED}{{look.panel_{panel.number}}} shows panel {panel.number}, {panel.title}")
        key = numbered(view.framed, view.frame.preset)
        if "." in key and key not in (row.key for row in settings_of(view.frame.preset, view.lane)):
            lane = view.framed.split(".")[1]
            return view.keys.say(f"{FRAMED}{{look.lane}} selects the lane {lane}, which has this row")
        return ""

    # Keys.

    def act(self, name: str) -> None:
        """Do what a key of lessons does; ``name``: of its binding, without ``lesson.``."""
        if name == "list":
            self.list()
        elif self._open is None and self._offer is not None and name in ("next", "hide"):
            offered, self._offer = self._offer, None
            if name == "next":
                self.begin(offered)
            else:
                self.progress.update(Progress.left)
            self._show()
        elif self._open is None:
            self._refuse(NO_LESSON)
        elif self._hidden:
            self._hidden = False
            self._show()
        else:
            getattr(self, f"_{name}")()

    def _read_on(self) -> None:
        self.read(1)

    def _hide(self) -> None:
        if self._open and self._open.is_over:
            self._leave()
        else:
            self._hidden = True
            self._show()

    def _mark(self) -> None:
        assert self._open is not None
        if self._open.state.mark() is self._open.state:
            self._refuse("there is no answer to mark on this page")
        else:
            self._set(self._open.state.mark())

    def _hint(self) -> None:
        assert self._open is not None
        if self._open.state.hint_text is None or self._open.is_over:
            page = self._open.state.page
            self._refuse("there is no hint now" if page.hint or page.then_hint else "this page has no hint")
        else:
            self._set(self._open.state.hint())

    def _back(self) -> None:
        assert self._open is not None
        if self._open.is_over:
            self._open = replace(self._open, is_over=False)
            self._show()
        elif self._open.state.number == 0:
            self._refuse("this is the first page")
        else:
            self._turn(self._open.state.turned(-1))

    def _next(self) -> None:
        assert self._open is not None
        state = self._open.state
        if self._open.is_over:
            if self._open.following:
                self.begin(self._open.following)
            else:
                self.list()
        elif state.asks:
            self._answer(state)
        elif state.is_complete or state.warned:
            self._turn_on()
        else:
            self._set(state.warn())

    def _turn_on(self) -> None:
        """Go on to the next page; after the last one, the lesson is done."""
        assert self._open is not None
        if not self._open.state.is_last:
            self._turn(self._open.state.turned(1))
            return
        name = self._open.entry.key
        self.progress.update(lambda progress: progress.finished(name))
        if self.progress.is_saved:
            progress_file.delete_runs(name, range(len(self._open.lesson.pages)))
        following = next_entry(lesson_store.entries(), self.progress.present, name)
        self._open = replace(self._open, is_over=True, following=following)
        self._show()

    def _answer(self, state: LessonState) -> None:
        """Give the answer; the same one a second time, or none, is followed by a warning, and then by the next page."""
        assert self._open is not None
        if isinstance(state.page.question, NumberQuestion):
            self._ask_number()
            return
        chooses = isinstance(state.page.question, Choices)
        view = self._view
        given = state.marked if chooses else (view.t, view.unit, view.lane, view.page, self._situation.panel)
        if given is None or given == self._open.given:
            if state.warned:
                self._turn_on()
            else:
                self._set(state.warn())
        elif state.marked is not None:
            self.choose(state.marked)
        else:
            self._open = replace(self._open, given=given)
            self._set(state.point(self._situation).looked(self._situation))

    def choose(self, number: int) -> None:
        """Give an answer of a choice, by its number from 0."""
        if self._open is not None and not self._open.is_over:
            self._open = replace(self._open, given=number)
            self._set(self._open.state.choose(number).looked(self._situation))

    def _ask_number(self) -> None:
        """Ask for the number that answers the question; without one, the page is skipped."""
        assert self._open is not None
        name = take_over()

        def done(text: str | None) -> None:
            if text is None or self._open is None:
                return
            with self._reports.running(name):
                number = number_of(text)
                if number is None:
                    self._turn_on()
                else:
                    self._set(self._open.state.give(number, self._situation).looked(self._situation))

        self._app.push_screen(AnswerDialog(self._open.state.text.said(self._situation), self._view.keys), done)

    # Pages.

    def _turn(self, state: LessonState) -> None:
        """Begin a page, and remember the nets and the screen."""
        assert self._open is not None
        entry = self._open.entry
        bookmark = Bookmark.of(state.number, self._view, self._situation.panel)
        self._open = OpenLesson(entry, state, bookmark, preset=self._view.name)
        self.progress.update(lambda progress: progress.at(entry.key, bookmark))
        number = PageNumber(entry.key, state.number, len(state.lesson.pages))
        page = number if self.progress.is_saved else None
        self._channel.send(Command(keep_run, (page, self._kept(state.number)), action=BACKGROUND))
        self._set(state.looked(self._situation))

    def _kept(self, number: int) -> Callable[[Checkpoint], object]:
        """Return what takes the saved nets of a page, in any thread."""

        def take(run: Checkpoint) -> None:
            if self._open is not None and self._open.state.number == number:
                self._open = replace(self._open, run=run)

        return lambda run: self._app.call_later(take, run)

    def _restore(self) -> None:
        """Go back to the nets and the screen with which the page began."""
        assert self._open is not None
        if self._open.run is None:
            self._refuse("the nets of this page have not been saved yet")
            return
        name = take_over() or "lesson.restore"
        self._after[name] = self._restore_view
        self._close_others()
        told = f"{entry_name(self._open.entry)}: page {self._open.state.number + 1} as it began"
        self._channel.send(Command(open_run_of_page, (self._open.lesson.file, self._open.run, told), action=name))

    def _restore_view(self) -> None:
        """Restore the cursor, the page of the lab and the panel."""
        if self._open is None:
            return
        self._open = replace(self._open, preset=self._view.name)
        bookmark = self._open.bookmark
        self._panels.arrange(page=bookmark.page, zoomed=False)
        if bookmark.panel in (each.name for each in declarations()):
            self._panels.activate(bookmark.panel)
        self._shown.show_view(bookmark.restored(self._view))

    # Opening, leaving, offering.

    def list(self) -> None:
        """List the lessons; open, restart or leave one."""
        name, entries = take_over(), lesson_store.entries()
        self.progress.read()

        def done(chosen: Chosen | None) -> None:
            if chosen is None:
                return
            with self._reports.running(name):
                if chosen.what == "leave":
                    self._leave()
                elif chosen.what == "open" and self._open and chosen.entry.key == self._open.entry.key:
                    self._hidden = False
                    self._show()
                else:
                    self.begin(chosen.entry, restart=chosen.what == "restart")

        present = self._open.entry.key if self._open else ""
        if self._open and present not in (each.key for each in entries):
            entries.append(self._open.entry)  # from a file elsewhere
        if entries:
            self._app.push_screen(LessonList(entries, self.progress.present, present, self._view.keys), done)
        else:
            self._app.notify(f"there are no lessons; your own would be in {lesson_store.own_folder()}", markup=False)

    def begin(self, entry: LessonEntry, restart: bool = False, is_present: bool = False) -> None:
        """Open a lesson, on the page where it was left.

        Args:
            restart: begin with its first page.
            is_present: the lab has just been opened on its preset.
        """
        lesson = entry.lesson
        if lesson is None:
            self._app.notify(entry.problem, severity="error", markup=False, timeout=12)
            return
        present = self.progress.present
        bookmark = None if restart else present.begun.get(entry.key)
        left_on = present.page_of(entry) or 0 if bookmark else 0
        saved = progress_file.saved_page(entry.key, left_on) if bookmark else None
        number = left_on if saved is None else saved
        self._offer, self._hidden = None, False

        def opened() -> None:
            self._open = OpenLesson(entry, LessonState(lesson, number), bookmark or Bookmark())
            if bookmark:
                self._restore_view()
            self._turn(self._open.state)

        if is_present and bookmark is None:
            opened()
            return
        self._open = None
        self._close_others()
        name = take_over() or "lesson.list"
        self._after[name] = opened
        run = progress_file.run_path(entry.key, number) if number > 0 or saved is not None else None
        told = f"{entry_name(entry)}: back to page {number + 1}" if bookmark else f"{entry_name(entry)}, begins"
        if number < left_on:
            told += f", since the nets of page {left_on + 1} were not saved"
        self._channel.send(Command(open_lesson, (lesson.file, run, told), action=name))

    def _close_others(self) -> None:
        """Close what is open over the lab: it would show nets that are gone."""
        while len(self._app.screen_stack) > 1:
            self._app.pop_screen()

    def _leave(self) -> None:
        self._open = None
        self.progress.update(Progress.left)
        self._show()

    def welcome(self) -> None:
        """Offer the lesson that was open when the last lab was closed, or to a newcomer the first one, once."""
        if self._open is not None:
            return
        paths, progress = lesson_store.paths(), self.progress.present
        if progress.open in paths and progress.open in progress.begun:
            self._offer = self._readable(lesson_store.entry(progress.open, paths[progress.open]))
        elif not (progress.offered or progress.done or progress.begun) and paths:
            self._offer = self._readable(lesson_store.entry(*next(iter(paths.items()))))
            self.progress.update(lambda progress: replace(progress, offered=True))
        self._show()

    @staticmethod
    def _readable(entry: LessonEntry) -> LessonEntry | None:
        return entry if entry.lesson else None

    def _refuse(self, why: str) -> None:
        refuse()
        self._app.notify(self._view.keys.say(why), markup=False)

"""The slow-motion screen: one update in five phases, with steps forward and back, before it is made."""

import re
from collections.abc import Callable
from typing import ClassVar, Protocol

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.screen import ModalScreen
from textual.widget import Widget

from rnn_tui.session.update_trace import UpdateTrace
from rnn_tui.ui.input.bindings import LESSON_KEYS, SLOW_KEYS
from rnn_tui.ui.input.keymap import Keymap
from rnn_tui.ui.panels.equation_lines import colored, cut_line, formula_line
from rnn_tui.ui.panels.view_state import ViewState
from rnn_tui.ui.render.palette import Palette
from rnn_tui.ui.render.terminal_capabilities import Canvas, canvas_of, palette_of
from rnn_tui.ui.slow_motion import update_text
from rnn_tui.ui.slow_motion.cursor import APPLY, BACKWARD, CLIP, FORWARD, PHASES, UpdateCursor
from rnn_tui.ui.slow_motion.forward_text import PhaseText
from rnn_tui.ui.slow_motion.picture import picture
from rnn_tui.ui.slow_motion.texts import phase_text, wrap
from rnn_tui.ui.widgets.dismiss_once import DismissOnce
from rnn_tui.ui.widgets.heatmap import HeatMap
from rnn_tui.ui.widgets.text_widgets import TextLine
from rnn_tui.ui.widgets.time_axis import DEFAULT_COLUMNS
from rnn_tui.ui.widgets.tracks import TimeClicked, Tracks

FEW_ROWS, MANY_ROWS = 22, 30  # of the terminal: with fewer, only the essentials are shown; with many, high bars
WIDEST, HIGHEST = 124, 40  # of the dialog, as in the style sheet
LEAST_HEAT = 4  # rows of a matrix and its caption
PACE = 0.4  # seconds for a place while it plays
KEYS = (  # the longest that fits is shown
    "{slow.play} PLAYS · {slow.back} {slow.on} move · {slow.phase_before} {slow.next_phase} phase · "
    "{slow.unit_up} {slow.unit_down} unit · {slow.lane} lane · ENDS{slow.leave} cancel",
    "{slow.play} PLAYS · {slow.back} {slow.on} · {slow.phase_before} {slow.next_phase} phase · "
    "{slow.unit_up} {slow.unit_down} · {slow.lane} · ENDS{slow.leave} cancel",
    "{slow.play} · {slow.back} {slow.on} · {slow.phase_before} {slow.next_phase} · "
    "{slow.unit_up} {slow.unit_down} · {slow.lane} · ENDS{slow.leave} cancel",
    "{slow.play} · {slow.back} {slow.on} · {slow.phase_before} {slow.next_phase} · "
    "{slow.unit_up} {slow.unit_down} · {slow.lane} · END{slow.leave} cancel",
)


class LessonAccess(Protocol):
    """The lesson of the lab, which is shown below slow motion too."""

    def strip(self, reads: str, leave: Callable[[int], object]) -> Widget:
        """Return a widget that shows it.

        Args:
            reads: the name of the key that scrolls it.
            leave: called with the rows that it takes.
        """

    def act(self, name: str) -> None:
        """Do what a key of lessons does."""

    def choose(self, number: int) -> None:
        """Give an answer."""

    def read(self, way: int) -> None:
        """Scroll the page."""


class SlowMotionScreen(DismissOnce, ModalScreen[UpdateTrace | None]):
    """Dismisses with the update to make, or None.

    Args:
        unit: the unit to show first.
        take: asks for the trace of a lane's update, which comes with :class:`Taken`; returns whether that is possible.
        keys: the keys in force.
        lesson: the lesson of the lab.
    """

    AUTO_FOCUS = ""
    BINDINGS: ClassVar[list[BindingType]] = [*SLOW_KEYS, *LESSON_KEYS]

    class Taken(Message):
        """The trace of the next update of a lane."""

        def __init__(self, slow: UpdateTrace) -> None:
            super().__init__()
            self.slow = slow

    def __init__(self, unit: int, take: Callable[[int], bool], keys: Keymap, lesson: LessonAccess) -> None:
        super().__init__()
        self._lesson, self._taken = lesson, 0
        self._take, self._unit, self._keys = take, unit, keys
        self._slow: UpdateTrace | None = None
        self._cursor = UpdateCursor(1)
        self._waiting, self._alone = True, False

    @property
    def trace(self) -> UpdateTrace | None:
        """The update that is taken apart; None until it has been."""
        return self._slow

    @property
    def cursor(self) -> UpdateCursor:
        """The phase and the time step that are shown."""
        return self._cursor

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog slow") as dialog:
            dialog.border_title = "Slow motion: computing the next update …"
            dialog.border_subtitle = Content(self._keys.say("{slow.leave}: cancel"))
            for name in ("phases", "words", "formula", "numbers"):
                yield _line(name)
            yield Tracks()
            for name in ("table", "caption"):
                yield _line(name)
            yield HeatMap()
        yield self._lesson.strip("slow.read_on", self._leave)

    def on_mount(self) -> None:
        self._clock = self.set_interval(PACE, self._tick, pause=True)
        self._playing = False

    def on_slow_motion_screen_taken(self, message: Taken) -> None:
        slow, self._waiting = message.slow, False
        if self._slow is None or slow.length != self._slow.length:
            self._cursor = UpdateCursor(slow.length)
        self._slow = slow
        self._unit = min(self._unit, slow.dh.shape[1] - 1)
        self._draw()

    def on_resize(self) -> None:
        self._draw()

    def _leave(self, rows: int) -> None:
        """Leave rows at the bottom to the lesson."""
        self._taken = rows
        self._draw()

    @property
    def _rows(self) -> int:
        """Rows of the terminal that the lesson leaves."""
        return self.app.size.height - self._taken

    # Keys.

    def action_go(self, places: int) -> None:
        self._play(False)
        self._to(self._cursor.by(places))

    def action_phase(self, way: int) -> None:
        self._play(False)
        self._to(self._cursor.jump(way))

    def action_play(self) -> None:
        self._play(not self._playing and self._cursor.phase != APPLY)
        self._draw()

    def _play(self, on: bool) -> None:
        self._playing = on
        if on:
            self._clock.reset()
            self._clock.resume()
        else:
            self._clock.pause()

    def _tick(self) -> None:
        """Go forward by one place; at the end, stop."""
        if self._slow is not None and not self._waiting:
            following = self._cursor.by(1)
            self._play(following.phase != APPLY)
            self._to(following)

    def action_alone(self) -> None:
        self._alone = not self._alone
        self._draw()

    def action_unit(self, by: int) -> None:
        if self._slow is not None:
            self._unit = (self._unit + by) % self._slow.dh.shape[1]
            self._draw()

    def action_lane(self) -> None:
        if self._slow is not None and not self._waiting:
            self._waiting = self._take((self._slow.index + 1) % len(self._slow.frame.preset.lanes))

    def action_apply(self) -> None:
        if self._slow is not None and self._cursor.phase == APPLY and self._slow.finite and self.is_active:
            self.dismiss(self._slow)

    def action_leave(self) -> None:
        if self.is_active:  # a held key closes the screen once
            self.dismiss(None)

    def on_time_clicked(self, event: TimeClicked) -> None:
        if event.unit is not None and self._cursor.phase in (FORWARD, BACKWARD):
            self._unit = event.unit
        self._to(self._cursor.to(event.t))

    def _to(self, cursor: UpdateCursor) -> None:
        self._cursor = cursor
        self._draw()

    # The lesson.

    def action_lesson(self, name: str) -> None:
        self._lesson.act(name)

    def action_answer(self, number: int) -> None:
        self._lesson.choose(number)

    def action_read(self, way: int) -> None:
        self._lesson.read(way)

    # Drawing.

    @property
    def _colors(self) -> Palette:
        return palette_of(self.app)

    @property
    def _canvas(self) -> Canvas:
        return canvas_of(self.app)

    @property
    def _low(self) -> bool:
        return self._rows < FEW_ROWS

    @property
    def _tall(self) -> bool:
        return self._rows >= MANY_ROWS

    def _draw(self) -> None:
        slow, cursor = self._slow, self._cursor
        if slow is None or not self.is_mounted:
            return
        dialog, step = self.query_one(".slow"), slow.frame.step
        dialog.set_class(self._tall, "-tall")
        here = f" · t = {cursor.t} of 0…{slow.length - 1}" if cursor.phase in (FORWARD, BACKWARD) else ""
        dialog.border_title = Content(f"Slow motion: update {step:,} → {step + 1:,} of {slow.lane.label}{here}")
        dialog.border_subtitle = Content(self._footer(slow))
        rows = 2 if self._low else 6 if self._tall else 4
        told = phase_text(slow, cursor, self._unit, self._width, rows, self._canvas.ascii, self._alone)
        self._paint(slow, self._say(told, rows))

    def _footer(self, slow: UpdateTrace) -> str:
        """Return the keys that do something now, as many words as fit."""
        phase, ends, end = self._cursor.phase, "", ""  # in long and in short
        if phase == BACKWARD:
            ends, end = f"{{slow.alone}} {'whole loss' if self._alone else 'last answer alone'} · ", "{slow.alone} · "
        elif phase == APPLY and slow.finite:
            ends = end = "{slow.apply} apply · "
        words = {"PLAYS": "pause" if self._playing else "play", "ENDS": ends, "END": end}
        texts = []
        for keys in KEYS:
            useful = keys.partition(" · ")[2] if phase == APPLY else keys  # nothing is left to be played
            text = re.sub("PLAYS|ENDS?", lambda word: words[word[0]], useful)
            texts.append(self._canvas.spell(self._keys.say(text)))
        return next((text for text in texts if len(text) <= self._width), texts[-1])

    @property
    def _width(self) -> int:
        """Columns for text."""
        return max(20, min(WIDEST, self.app.size.width) - (6 if self._tall else 4))

    def _say(self, told: PhaseText, rows: int) -> int:
        """Show the phase and its text; return the number of rows that remain."""
        colors, width = self._colors, self._width
        now = f"bold {colors.text} on {colors.cursor}"
        steps = [
            (f" {i + 1} {name} ", now if i == self._cursor.phase else colors.muted) for i, name in enumerate(PHASES)
        ]
        self.query_one("#phases", TextLine).say(Content("▸").join(Content.styled(*step) for step in steps))
        words = 2 if width >= 112 else 3 if width >= 74 else 4  # rows
        self._lines("#words", [Content.styled(told.words, colors.text)], words)
        formula = [line for whole in told.formula[-2 if self._low else 0 :] for line in wrap(whole, width)]
        self._lines("#formula", [colored(formula_line(line), colors) for line in formula], len(formula))
        numbers = [colored(cut_line(line, width), colors) for line in told.numbers[:rows]]
        self._lines("#numbers", numbers, len(numbers))
        border, margins = (4, 5) if self._tall else (2, 0)
        return min(HIGHEST, self._rows) - border - margins - 1 - words - len(formula) - len(numbers)

    def _lines(self, name: str, lines: list[Content], height: int) -> None:
        shown = self.query_one(name, TextLine)
        shown.styles.height, shown.display = height, height > 0
        shown.say(Content("\n").join(lines))

    def _paint(self, slow: UpdateTrace, room: int) -> None:
        """Show the tracks or the table, and the heat map if it fits."""
        phase, colors = self._cursor.phase, self._colors
        drawn = picture(slow, self._cursor, self._unit, colors, 0 if self._low else 3 if self._tall else 1, self._alone)
        tracks, table, heat = self.query_one(Tracks), self.query_one("#table", TextLine), self.query_one(HeatMap)
        rows = update_text.table(slow, phase == APPLY, max(2, room), self._width) if phase in (CLIP, APPLY) else []
        each = DEFAULT_COLUMNS if rows else ViewState(slow.frame, "").columns
        tracks.display, table.display = bool(drawn.tracks), bool(rows)
        tracks.styles.height, table.styles.height = 1 + len(drawn.tracks), len(rows)
        tracks.show(drawn.tracks, slow.length, drawn.t, drawn.lit, each)
        own = colors.lane(slow.index)
        table.say(Content("\n").join(Content.assemble((text, colors.text), (bar, own)) for text, bar in rows))
        heat.display = not rows or room - len(rows) >= LEAST_HEAT
        caption = self.query_one("#caption", TextLine)
        caption.display = heat.display and not self._low
        caption.say(Content.styled(drawn.caption.replace("· colors", f"· {self._canvas.scale}"), colors.muted))
        heat.show(drawn.values, drawn.scale, drawn.t, drawn.unit, drawn.lit, drawn.name, each, drawn.across)


def _line(name: str) -> TextLine:
    line = TextLine()
    line.id = name
    return line

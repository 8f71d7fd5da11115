"""The controls panel: settings of the lane under the cursor, of the training and of the task, changed with the arrow
keys.
"""

from collections.abc import Iterator
from itertools import groupby
from typing import NamedTuple

from textual.app import ComposeResult
from textual.binding import Binding
from textual.content import Content
from textual.message import Message

from rnn_tui.ui.input.action_done import take_over
from rnn_tui.ui.panels.base import FRAMED, Panel
from rnn_tui.ui.panels.control_rows import Setting, numbered, settings_of
from rnn_tui.ui.panels.declaration import EVERY_PAGE, PanelDeclaration, PanelHelp, Region, always
from rnn_tui.ui.panels.view_state import ViewState
from rnn_tui.ui.widgets.text_page import TextPage
from rnn_tui.ui.widgets.text_widgets import TextLine

KEYS = "{net.add}: add a lane · {net.duplicate}: copy it · {net.remove}: remove it"
TRY = "{controls.previous} {controls.next} try"
LANES = "{net.add} {net.duplicate} {net.remove} add, copy, remove a lane"
WIDEST = 32  # columns of a row, so that a value is not far from its name
BROAD = 40  # columns from which an explanation needs only two lines
VALUE = Binding.Group("Value", compact=True)


def _key(key: str, action: str, description: str, about: str, name: str, shown: str = "") -> Binding:
    group = VALUE if shown else None
    return Binding(key, action, description, show=bool(shown), key_display=shown or None, tooltip=about,
                   id=f"controls.{name}", group=group)  # fmt: skip


class Change(NamedTuple):
    """A value that was tried in the controls, and its setting."""

    setting: Setting
    value: object


class ControlsPanel(Panel):
    """The settings, a row each.  The arrows only try a value; it is sent when it is taken.

    Attributes:
        hint: what the keys do in the row under the cursor; empty without the focus.
    """

    declaration = PanelDeclaration(
        name="controls",
        number=1,
        title="controls",
        region=Region.SIDE,
        page=EVERY_PAGE,
        columns=always(25),
        rows=always(10, 25),
        keys=(
            _key("up", "row(-1)", "Setting above", "Select the setting above; takes a tried value", "up"),
            _key("down", "row(1)", "Setting below", "Select the setting below; takes a tried value", "down"),
            _key("left", "beside(-1)", "Previous value", "Try the previous value", "previous", "←"),
            _key("right", "beside(1)", "Next value", "Try the next value", "next", "→"),
            _key("enter", "type", "Take or type", "Take the tried value; if there is none, type a value", "type"),
            _key("escape", "keep", "Keep the value", "Drop the tried value, and keep the old one", "keep"),
        ),
        help=PanelHelp(
            "The settings of one lane's net, of the training and of the task, one per row. Learning rate, schedule, "
            "decay, clip, optimizer and BPTT change during the run; changes to the architecture restart the lane.",
            "SGD: θ ← θ − η g\ng = ∂L/∂θ · min(1, clip / ‖∂L/∂θ‖)",
            "BPTT is the number of time steps after which the gradient is cut (backpropagation through time). A "
            "sequence of several pieces continues from batch to batch with its hidden state. The arrows only try a "
            "value: enter takes it, and so does leaving the row or training; esc keeps the old one.",
            ("controls.up", "controls.down", "controls.previous", "controls.next", "controls.type", "controls.keep",
             "look.lane", "net.add", "net.duplicate", "net.remove", "net.activation", "net.more", "net.fewer",
             "net.match", "file.undo"),
        ),
    )  # fmt: skip

    class Taken(Message):
        """A tried value has been taken.  ``action``: the name of the action that took it."""

        def __init__(self, change: Change, action: str) -> None:
            super().__init__()
            self.change = change
            self.action = action

    class Asked(Message):
        """Request to type a value for a setting."""

        def __init__(self, setting: Setting) -> None:
            super().__init__()
            self.setting = setting

    class Hinted(Message):
        """The hint has changed."""

    def __init__(self) -> None:
        super().__init__()
        self._row = 0
        self.hint = ""
        self._tried: Setting | None = None  # the row with another value

    def compose(self) -> ComposeResult:
        yield TextPage()
        yield TextLine()

    def drawn_of(self, view: ViewState) -> object:
        return view.frame.preset, view.lane, view.name, view.framed

    def watch_has_focus(self, has_focus: bool) -> None:
        super().watch_has_focus(has_focus)
        if not has_focus and (change := self.release()):
            self.post_message(self.Taken(change, ""))
        self._again()

    # The value that is tried.

    @property
    def settings(self) -> list[Setting]:
        """The rows of the view's lane, from the first to the last."""
        assert self.view is not None
        return settings_of(self.view.frame.preset, self.view.lane)

    @property
    def row(self) -> int:
        """Index of the row under the cursor; another lane may have fewer rows than the one before."""
        return min(self._row, len(self.settings) - 1)

    @property
    def tried(self) -> Setting | None:
        """The row under the cursor with the value that is tried; None if that is the present value."""
        tried = self._tried
        if tried is None or tried.key != self.settings[self.row].key or tried.value == self.settings[self.row].value:
            return None
        return tried

    def release(self) -> Change | None:
        """Return the tried value and stop trying; None if none is tried."""
        change = None if self.view is None or self.tried is None else Change(self.settings[self.row], self.tried.value)
        self._tried = None
        if change:
            self._again()
        return change

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Leave esc to the lab if no value is tried."""
        if action == "keep":
            return self.view is not None and self.tried is not None
        return super().check_action(action, parameters)

    def action_row(self, way: int) -> None:
        self._take()
        self._row = (self.row + way) % len(self.settings)
        self._again()

    def action_beside(self, way: int) -> None:
        setting = self.settings[self.row]
        if setting.choices:
            self._tried = setting._replace(value=(self.tried or setting).beside(way))
            self._again()
        else:
            self._ask(setting)

    def action_type(self) -> None:
        if not self._take():
            self._ask(self.settings[self.row])

    def action_keep(self) -> None:
        self.release()

    def _take(self) -> bool:
        """Send the tried value; return whether there is one."""
        change = self.release()
        if change:
            self.post_message(self.Taken(change, take_over()))  # the lab reports the action when the value is set
        return change is not None

    def _ask(self, setting: Setting) -> None:
        take_over()
        self.post_message(self.Asked(setting))

    def _again(self) -> None:
        """Draw the rows again, and tell the lab another hint."""
        if self.view is None:
            return
        self.redraw()
        hint = self._hint() if self.has_focus else ""
        if hint != self.hint:
            self.hint = hint
            self.post_message(self.Hinted())

    def _hint(self) -> str:
        setting, tried = self.settings[self.row], self.tried
        if tried:
            ways = f"{{controls.type}} takes {tried.shown} · {{controls.keep}} keeps {setting.shown}"
            return f"{ways} · {TRY} others · leaving the row takes it too"
        if setting.choices:
            return f"{TRY} another value · {{controls.type}} types one · {LANES}"
        return "{controls.type} types a value · {controls.up} {controls.down} other settings"

    # The drawing.

    def show(self, view: ViewState) -> None:
        rows, row = self.settings, self.row
        self.title(view.keys.say(KEYS), (f": {view.name}", self.palette.muted))
        room = self.content_size.height - self._explain(rows[row])
        gaps = len(rows) + 5 <= room  # a blank line between two headings
        scrolls = len(rows) + 3 + 2 * gaps > room
        width = min(WIDEST, max(18, self.content_size.width - scrolls))
        lines: list[Content] = []
        at = 0
        for heading, first, section in self._sections(view, rows, width):
            if gaps and lines:
                lines.append(Content(""))
            lines.append(heading)
            for i, setting in enumerate(section, first):
                at = len(lines) if i == row or self._frames(setting) else at
                lines.append(self._line(setting, width, chosen=self.has_focus and i == row))
        self.query_one(TextPage).say(Content("\n").join(lines), top=max(0, at - room // 2))

    def _frames(self, setting: Setting) -> bool:
        """Return whether a lesson points to the row."""
        return self.view is not None and setting.key == numbered(self.view.framed, self.view.frame.preset)

    def _explain(self, setting: Setting) -> int:
        """Explain the row under the cursor below the rows; return the number of lines that this takes."""
        line, (width, height) = self.query_one(TextLine), self.content_size
        said = Content.styled(self.canvas.spell(setting.explanation), f"italic {self.palette.text}")
        lines = 0
        if self.has_focus:  # where there is room, the rows do not move with the length of the explanation
            usual = 2 if width >= BROAD else 5
            lines = usual if height >= 3 * usual else min(usual, said.get_height({}, width))
        line.styles.height, line.display = lines, bool(lines)
        line.say(said)
        return lines

    def _sections(
        self, view: ViewState, rows: list[Setting], width: int
    ) -> Iterator[tuple[Content, int, list[Setting]]]:
        """Return the heading, the index of the first row and the rows of the lane, the training and the task."""
        colors, frame = self.palette, view.frame
        name = view.shown.label
        more = view.keys.say("{look.lane}: next") if len(frame.lanes) > 1 else ""
        more = more.rjust(width - 5 - len(name)) if len(name) + len(more) < width - 5 else ""
        headings = {
            "lanes": [("lane ", colors.muted), (name, f"bold {colors.lane(view.lane)}"), (more, colors.muted)],
            "training": [("training", f"bold {colors.text}")],
            "task": [("task ", colors.muted), (frame.task.kind, f"bold {colors.text}")],
        }
        found = {key: list(section) for key, section in groupby(rows, lambda row: row.section)}
        first = 0
        for key, heading in headings.items():
            section = found.get(key, [])
            yield Content.assemble(*heading), first, section
            first += len(section)

    def _line(self, setting: Setting, width: int, chosen: bool) -> Content:
        """Return a row; the values are aligned on the right."""
        colors, tried = self.palette, self.tried if chosen else None
        value = (tried or setting).shown
        mark, framed = (FRAMED, True) if self._frames(setting) else ("", False)
        named = mark + (setting.name if len(mark + setting.name) + len(value) + 3 <= width else setting.label)
        if chosen and setting.choices:
            roomy = len(named) + len(value) + 5 <= width
            value = f"‹ {value} ›" if roomy else f"‹{value}›"
        else:
            value += " "  # below the arrow of the chosen row
        ground = f" on {colors.cursor}" if chosen else ""
        before = f"was {setting.shown} " if tried else ""
        if len(named) + 1 + len(before) + len(value) > width:
            before = ""
        between = " " * max(1, width - len(named) - len(before) - len(value))
        return Content.assemble(
            (named + between, (f"bold {colors.text}" if chosen or framed else colors.muted) + ground),
            (before, colors.muted + ground),
            (
                value,
                (f"bold reverse {colors.text}" if tried else f"bold {colors.text}" if chosen else colors.text) + ground,
            ),
        )

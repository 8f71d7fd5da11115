"""The controls panel: settings of the lane under the cursor and of the training, changed with the arrow keys."""

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import VerticalScroll
from textual.content import Content
from textual.message import Message

from rnn_tui.ui.input.action_done import take_over
from rnn_tui.ui.panels.base import Panel
from rnn_tui.ui.panels.control_rows import Setting, settings_of
from rnn_tui.ui.panels.declaration import EVERY_PAGE, PanelDeclaration, PanelHelp, Region, always
from rnn_tui.ui.panels.view_state import ViewState
from rnn_tui.ui.widgets.text_widgets import TextPage

HEAD = 3  # lines above the settings
KEYS = "{controls.up}{controls.down} {controls.previous}{controls.next} {controls.type}"


def _key(key: str, action: str, description: str, about: str, name: str) -> Binding:
    return Binding(key, action, description, show=False, tooltip=about, id=f"controls.{name}")


class ControlsPanel(Panel):
    """The settings, a row each.

    Attributes:
        row: index of the row under the cursor.
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
            _key("up", "row(-1)", "Setting above", "Select the setting above", "up"),
            _key("down", "row(1)", "Setting below", "Select the setting below", "down"),
            _key("left", "beside(-1)", "Previous value", "Select the previous value", "previous"),
            _key("right", "beside(1)", "Next value", "Select the next value", "next"),
            _key("enter", "type", "Type a value", "Type a value", "type"),
        ),
        help=PanelHelp(
            "The settings of one lane's net and of the training, one per row. Learning rate, schedule, decay, clip, "
            "optimizer and BPTT change during the run; changes to the architecture restart the lane.",
            "SGD: θ ← θ − η g\ng = ∂L/∂θ · min(1, clip / ‖∂L/∂θ‖)",
            "BPTT is the number of time steps after which the gradient is cut. A sequence of several pieces continues "
            "from batch to batch with its hidden state.",
            ("controls.up", "controls.down", "controls.previous", "controls.next", "controls.type", "look.lane",
             "net.activation", "net.more", "net.fewer", "net.match", "file.undo"),
        ),
    )  # fmt: skip

    class Changed(Message):
        """Request for the next value (1) or the previous value (−1) of a setting."""

        def __init__(self, setting: Setting, way: int) -> None:
            super().__init__()
            self.setting = setting
            self.way = way

    class Asked(Message):
        """Request to type a value for a setting."""

        def __init__(self, setting: Setting) -> None:
            super().__init__()
            self.setting = setting

    def __init__(self) -> None:
        super().__init__()
        self.row = 0

    def compose(self) -> ComposeResult:
        with VerticalScroll(can_focus=False):
            yield TextPage()

    def show(self, view: ViewState, before: ViewState | None) -> None:
        same = before is not None and before.frame.preset is view.frame.preset
        if before is None or not same or (before.lane, before.name) != (view.lane, view.name):
            self._draw(view)

    def watch_has_focus(self, has_focus: bool) -> None:
        super().watch_has_focus(has_focus)
        self.redraw()

    def _draw(self, view: ViewState) -> None:
        rows = self.settings
        self.row = min(self.row, len(rows) - 1)
        self.title(view.keys.say(KEYS) if self.has_focus else "")
        scrolls = HEAD + len(rows) > self.content_size.height
        colors, width = self.palette, max(18, self.content_size.width - scrolls)
        lane = Content.assemble(
            (f"{'lane':<10}", colors.muted),
            (view.shown.label, f"bold {colors.lane(view.lane)}"),
            (view.keys.say("  ({look.lane})") if len(view.shown.label) <= width - 15 else "", colors.muted),
        )
        lines = [Content.styled(view.name[:width], f"bold {colors.text}"), lane, Content("")]
        for i, setting in enumerate(rows):
            chosen = self.has_focus and i == self.row
            value = f"‹ {setting.shown} ›" if chosen and setting.choices else setting.shown
            text = f"{setting.label[:9]:<10}{value}".ljust(width)[:width]
            style = f"bold {colors.text} on {colors.cursor}" if chosen else colors.text
            lines.append(Content.assemble((text[:10], style if chosen else colors.muted), (text[10:], style)))
        self.query_one(TextPage).say(Content("\n").join(lines))

    @property
    def settings(self) -> list[Setting]:
        """The rows of the view's lane, from the first to the last."""
        assert self.view is not None
        return settings_of(self.view.frame.preset, self.view.lane)

    def action_row(self, way: int) -> None:
        self.row = (self.row + way) % len(self.settings)
        self.redraw()
        self.query_one(VerticalScroll).scroll_to(y=max(0, self.row - 4), animate=False)

    def action_beside(self, way: int) -> None:
        take_over()  # the lab reports it when the setting has changed
        setting = self.settings[self.row]
        self.post_message(self.Changed(setting, way) if setting.choices else self.Asked(setting))

    def action_type(self) -> None:
        take_over()
        self.post_message(self.Asked(self.settings[self.row]))

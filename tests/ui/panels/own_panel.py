"""A panel of the tests' own, written as a new panel would be: this file, and one line that registers it."""

from textual.binding import Binding
from textual.content import Content

from rnn_tui.number_format import signed
from rnn_tui.session.frame import Demand
from rnn_tui.ui.panels.base import Panel
from rnn_tui.ui.panels.declaration import PanelDeclaration, PanelHelp, always
from rnn_tui.ui.widgets.text_page import TextPage


class EndPanel(Panel):
    """Shows how the forecast of each lane ends."""

    declaration = PanelDeclaration(
        name="end",
        number=10,
        title="end of the forecast",
        tab="end",
        columns=always(30),
        rows=always(6, 7, 8),
        demands=Demand.FORECAST,
        keys=(Binding("enter", "more_digits", "Digits", show=False, tooltip="Show more digits", id="end.digits"),),
        help=PanelHelp(
            "The last value of the forecast that runs free. One line is one lane.",
            "end = y_T",
            "{end.digits} shows more digits.",
            ("end.digits", "look.lane"),
        ),
    )

    digits = 2

    def compose(self):
        yield TextPage()

    def show(self, view):
        self.title(f"step {view.frame.step}")
        lines = [f"{lane.label} ends at {signed(float(lane.forecast[-1]), self.digits)}" for lane in view.frame.lanes]
        self.query_one(TextPage).say(Content("\n".join(lines)))

    def action_more_digits(self):
        self.digits += 1
        self.redraw()

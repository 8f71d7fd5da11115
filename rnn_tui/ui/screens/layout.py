"""Which panels are shown where, for a size of the terminal, the active panel and the zoom."""

from dataclasses import dataclass

from textual.screen import Screen
from textual.widgets import Static

from rnn_tui.ui.panels.panel import Panel
from rnn_tui.ui.panels.status import Tabs

WIDE = (110, 32)  # columns and rows from which all panels of up to three lanes fit beside each other
LEAST = (60, 18)
LINES = 6  # above and below the panels
READABLE = 9  # rows that a panel needs beside the sequence
LEAST_HEAT = 5  # rows that the hidden state needs there
CONTROLS, SEQUENCE, HIDDEN, LOSS, COMPARE, EQUATION = range(1, 7)


@dataclass(frozen=True)
class Layout:
    width: int = 0
    height: int = 0
    lanes: int = 2
    inputs: int = 1
    active: int = HIDDEN
    zoomed: bool = False
    way_out: str = "q"

    @property
    def wide(self) -> bool:
        return self.width >= WIDE[0] and self.height >= WIDE[1] + 2 * max(0, self.lanes - 3) + self.inputs - 1

    @property
    def too_small(self) -> bool:
        return self.width < LEAST[0] or self.height < LEAST[1]

    @property
    def visible(self) -> set[int]:
        """Numbers of the panels to show."""
        if self.too_small:
            return set()
        if self.wide and not self.zoomed:
            return {CONTROLS, SEQUENCE, HIDDEN, LOSS, COMPARE, EQUATION}
        if self.zoomed or self.active in (CONTROLS, EQUATION):
            return {self.active, EQUATION} if self.active != CONTROLS else {CONTROLS}
        need = READABLE if self.active in (LOSS, COMPARE) else LEAST_HEAT
        if self.height - LINES - self.sequence_rows < need:
            return {self.active, EQUATION}  # many lanes, or few rows: the sequence would leave too little
        return {SEQUENCE, EQUATION, self.active if self.active != SEQUENCE else HIDDEN}

    @property
    def sequence_rows(self) -> int:
        """Ruler, inputs, target, two for each lane, and the border."""
        return 4 + self.inputs + 2 * self.lanes

    def apply(self, screen: Screen[None]) -> None:
        shown = self.visible
        screen.set_class(self.too_small, "-small")
        screen.set_class(self.lanes > 2, "-many")
        screen.set_class(self.wide and not self.zoomed, "-wide")
        alone = len(shown & {CONTROLS, SEQUENCE, HIDDEN, LOSS, COMPARE}) <= 1
        screen.set_class(alone, "-alone")
        screen.set_class(not shown & {CONTROLS, SEQUENCE, HIDDEN, LOSS, COMPARE}, "-equation")
        screen.query_one("#main").display = bool(shown & {SEQUENCE, HIDDEN, LOSS, COMPARE})
        screen.query_one("#bottom").display = bool(shown & {LOSS, COMPARE})
        screen.query_one("#body").display = bool(shown - {EQUATION})
        for panel in screen.query(Panel):
            panel.display = panel.number in shown
            if panel.number == SEQUENCE:
                panel.styles.height = "1fr" if alone else self.sequence_rows
        screen.query_one(Tabs).show(self.active, shown=bool(shown) and not self.wide)
        need = f"rnn-tui needs {LEAST[0]}×{LEAST[1]}; this is {self.width}×{self.height}. {self.way_out} quits."
        screen.query_one("#small", Static).update(need)

"""Which panels are shown where, for a size of the terminal, the active panel and the zoom.

Wide terminals show all six panels; in normal ones the controls come when they are asked for, and what does not fit
is a tab; in narrow ones all is in one column.  The sequence gets the rows it needs, the hidden state as many as make
its cells good to look at, and loss and comparison the others.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property

from textual.geometry import Region
from textual.screen import Screen
from textual.widgets import Static

from rnn_tui.ui.input.key_names import printed
from rnn_tui.ui.panels.base import Panel
from rnn_tui.ui.panels.status import Tabs
from rnn_tui.ui.widgets.heatmap import tallest
from rnn_tui.ui.widgets.time_axis import GUTTER, USUAL, Columns, TimeAxis

CONTROLS, SEQUENCE, HIDDEN, LOSS, COMPARE, EQUATION = range(1, 7)
ALL = frozenset(range(1, 7))

WIDE, NORMAL = 120, 80  # columns from which on these begin
LEAST = (60, 18)  # columns and rows below which nothing is shown
LINES = 4  # above and below the panels, with the tabs
EQUATION_ROWS = 2
CONTROLS_SIZE = (25, 25)
FRAME = (4, 2)  # columns and rows that a panel's border and padding take
LEAST_HEAT = 5  # rows in which the hidden state still shows something
LEAST_LOSS = (26, 8)  # columns and rows, likewise
LOSS_BESIDE = 39  # columns of the loss where the comparison is beside it
COMPARE_COLUMNS = (56, 72)  # that the comparison needs, and can use
AMPLE_LOSS = 9  # rows that the loss is worth before the cells of the hidden state become higher
TITLED = 54  # columns in which the titles of sequence and hidden state are whole

LEAVING = ("dismiss(None)", "dismiss(False)", "leave")  # actions of dialogs that change nothing


def way_out(dialog: Screen[object]) -> str:
    """The key that closes it."""
    for key, active in dialog.active_bindings.items():
        if active.binding.action in LEAVING:
            return f"{printed(key)} closes this"
    return "esc closes this"


def _at_side(sidebar: Region) -> dict[int, Region]:
    """The controls, where they have any columns."""
    return {CONTROLS: sidebar} if sidebar.width else {}


@dataclass(frozen=True)
class Layout:
    """Attributes:
    lanes, inputs: on the bench, and rows that show inputs.
    units: of the hidden state that is shown.
    steps: time steps of the probe, with the columns that ``each`` may have.
    curves: whether the sequence is drawn as curves, which are the better the higher they are.
    active: the panel one is in; zoomed: whether it has the screen for itself.
    way_out: how to leave, which is said where there is no room for anything else.
    """

    width: int = 0
    height: int = 0
    lanes: int = 2
    inputs: int = 1
    units: int = 8
    steps: int = 40
    each: Columns = USUAL
    curves: bool = False
    active: int = HIDDEN
    zoomed: bool = False
    way_out: str = "q quits"

    @property
    def too_small(self) -> bool:
        return self.width < LEAST[0] or self.height < LEAST[1]

    @property
    def visible(self) -> set[int]:
        """Numbers of the panels to show."""
        return set(self.places)

    @property
    def sequence_rows(self) -> int:
        """Ruler, inputs, target, two for each lane, and the border."""
        return 2 + self.inputs + 2 * self.lanes + FRAME[1]

    @property
    def compare_rows(self) -> int:
        """A sentence of two lines, a heading, the lanes, what is known without a net, and the border."""
        return 4 + self.lanes + FRAME[1]

    @cached_property
    def places(self) -> dict[int, Region]:
        """Where each panel is shown, of the space between the lines above and below."""
        if self.too_small:
            return {}
        space = Region(0, 0, self.width, self.height - LINES)
        if self.width >= WIDE and not self.zoomed:  # then the tabs' line is free
            for places in self._arranged(space.grow((0, 0, 1, 0)), LOSS, COMPARE):
                return places
        if self.active == EQUATION or (self.active == CONTROLS and (self.zoomed or self.width < NORMAL)):
            return {self.active: space}
        return next(self._some(space))

    def _some(self, space: Region) -> Iterator[dict[int, Region]]:
        """What could be shown where not all can, the most first."""
        upper, line = space.split_horizontal(-EQUATION_ROWS)
        if not self.zoomed:
            yield from self._arranged(space, LOSS, COMPARE)
            yield from self._arranged(space, self.active if self.active in (LOSS, COMPARE) else LOSS)
        sidebar, main = upper.split_vertical(0 if self.zoomed else self._sidebar)
        beside = {EQUATION: line} | _at_side(sidebar)
        chosen = HIDDEN if self.active == CONTROLS else self.active
        need = self._least(chosen) if chosen in (LOSS, COMPARE) else LEAST_HEAT
        if not self.zoomed and main.height - self.sequence_rows >= need:
            top, bottom = main.split_horizontal(self.sequence_rows)
            yield {SEQUENCE: top, HIDDEN if chosen == SEQUENCE else chosen: bottom, **beside}
        yield {chosen: main, **beside}

    @property
    def _sidebar(self) -> int:
        """Columns of the controls, which narrower terminals show when they are asked for."""
        return CONTROLS_SIZE[0] if self.width >= WIDE or (self.active == CONTROLS and self.width >= NORMAL) else 0

    def _arranged(self, space: Region, *others: int) -> Iterator[dict[int, Region]]:
        """The sequence, the hidden state and ``others``, below them or else beside."""
        upper, line = space.split_horizontal(-EQUATION_ROWS)
        for arrange in (self._below, self._beside):
            places = arrange(upper, others)
            if places:
                yield {**places, EQUATION: line}

    def _below(self, space: Region, others: tuple[int, ...]) -> dict[int, Region]:
        """Loss and comparison side by side below the rest; empty where they do not fit."""
        side = self._sidebar
        room = space.height - self.sequence_rows
        least = max(self._least(panel) for panel in others)
        together = len(others) > 1
        if room < LEAST_HEAT + least or (together and space.width - side < LOSS_BESIDE + COMPARE_COLUMNS[0]):
            return {}
        ample = self._ample(others)
        heat = self._heat_rows(room, least, ample, space.width - side)
        grown = self.sequence_rows
        if self.curves:
            grown += max(0, min(self.sequence_rows, (room - heat - ample) // 2))
        top, bottom = space.split_horizontal(grown + heat)
        if top.height < CONTROLS_SIZE[1]:  # the controls need the whole height
            sidebar, bottom = space.split_vertical(side)[0], bottom.split_vertical(side)[1]
        else:
            sidebar = top.split_vertical(side)[0]
        sequence, hidden = top.split_vertical(side)[1].split_horizontal(grown)
        places = {SEQUENCE: sequence, HIDDEN: hidden} | _at_side(sidebar)
        if together:
            columns = min(COMPARE_COLUMNS[1], max(COMPARE_COLUMNS[0], bottom.width * 2 // 5))
            return places | dict(zip((LOSS, COMPARE), bottom.split_vertical(-columns), strict=True))
        return {**places, others[0]: bottom}

    def _beside(self, space: Region, others: tuple[int, ...]) -> dict[int, Region]:
        """Loss and comparison above each other, right of the rest; empty where they do not fit."""
        sidebar, main = space.split_vertical(self._sidebar)
        need = COMPARE_COLUMNS[0] if COMPARE in others else LEAST_LOSS[0]
        axis = TimeAxis.fit(self.steps, main.width - need - GUTTER - FRAME[0], 0, self.each)
        columns = max(TITLED, self.steps * axis.width + GUTTER + FRAME[0])
        rows = max(self.sequence_rows + LEAST_HEAT, sum(self._least(panel) for panel in others))
        if self.width < NORMAL or columns + need > main.width or rows > main.height:
            return {}
        left, right = main.split_vertical(columns)
        sequence, hidden = left.split_horizontal(self.sequence_rows)
        places = {SEQUENCE: sequence, HIDDEN: hidden} | _at_side(sidebar)
        if len(others) > 1:
            rows = min(self._ample(others), right.height - LEAST_LOSS[1])
            return places | dict(zip((LOSS, COMPARE), right.split_horizontal(-rows), strict=True))
        return {**places, others[0]: right}

    def _least(self, panel: int) -> int:
        return self.compare_rows if panel == COMPARE else LEAST_LOSS[1]

    def _ample(self, others: tuple[int, ...]) -> int:
        """Rows in which the comparison has the loss by time of each lane, and what is expected."""
        return self.lanes + (self.compare_rows + 3 if COMPARE in others else AMPLE_LOSS)

    def _heat_rows(self, room: int, least: int, ample: int, width: int) -> int:
        """Rows of the hidden state: its cells are as high as leaves the panels below it what they can use."""
        above = FRAME[1] + 1
        cell = TimeAxis.fit(self.steps, width - GUTTER - FRAME[0], 0, self.each).width
        for high in range(min(tallest(cell), 2) if self.curves else tallest(cell), 0, -1):
            if room - above - high * self.units >= ample - (self.lanes if high == 1 else 0):
                return above + high * self.units
        halves = above + (self.units + 1) // 2
        below = least if room - halves >= least else max(least, min(ample - self.lanes, room // 2))
        return max(LEAST_HEAT, min(halves, room - below))

    def keeping(self, number: int) -> "Layout":
        """The same with another active panel, if that would not be shown otherwise."""
        return self if number in self.visible else replace(self, active=number)

    def apply(self, screen: Screen[None]) -> None:
        places = self.places
        screen.app.set_class(self.too_small, "-small")
        screen.query_one(Tabs).show(self.active, set() if self.visible == ALL else self.visible)
        for panel in screen.query(Panel):
            place = places.get(panel.number)
            panel.display = place is not None
            if place is not None:
                panel.styles.offset = place.offset
                panel.styles.width, panel.styles.height = place.size
        if self.too_small:
            need = f"rnn-tui needs {LEAST[0]}×{LEAST[1]}; this is {self.width}×{self.height}. {self.way_out}."
            screen.query_one("#small", Static).update(need)

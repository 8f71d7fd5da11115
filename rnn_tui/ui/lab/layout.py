"""Layout of the panels for a terminal size, the active panel and the zoom.

Everything follows from the declarations of the panels: their region, the columns and rows they need and can use, and
their order.  Wide terminals show all panels; in normal ones, the side panel is shown on request, and panels that do not
fit are tabs; narrow ones have one column.  The upper half gets the rows it needs, its last panel as many as it can use,
and the lower half the rest.  A panel at the bottom gets its best rows if the others keep enough.  While a panel with a
strip is not visible, a line or two above the status line tell its conclusion.
"""

from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from math import inf

from textual.geometry import Region as Rectangle
from textual.screen import Screen
from textual.widgets import Static

from rnn_tui.ui.input.key_names import printed
from rnn_tui.ui.lab.status_lines import PanelTabs, SentenceStrip
from rnn_tui.ui.panels.base import Panel
from rnn_tui.ui.panels.declaration import FRAME, LEARN, Contents, Extent, PanelDeclaration, Region
from rnn_tui.ui.panels.registry import declarations

WIDE, NORMAL = 120, 80  # least columns of these layouts
LEAST = (60, 18)  # below these columns and rows, no panel is shown
LINES = 4  # above and below the panels, with the tabs
TWO_LINES = 22  # rows of the terminal, for a strip of two lines
ONE_LINE = 18  # rows that a lesson must leave for a strip of one line
# Rows that the growing panel, or a single one, keeps if a panel at the bottom gets more than its least:
ENOUGH, ALONE = 6, 12

LEAVING = ("dismiss(None)", "dismiss(False)", "leave")  # actions of dialogs that change nothing


def way_out(dialog: Screen[object]) -> str:
    """Return the key that closes a dialog."""
    for key, active in dialog.active_bindings.items():
        if active.binding.action in LEAVING:
            return f"{printed(key)} closes this"
    return "esc closes this"


Places = dict[str, Rectangle]


@dataclass(frozen=True)
class Layout:
    """Places of the panels.

    Attributes:
        contents: what there is to show.
        panels: the panels of the lab; those on the ``page`` are laid out.
        active: name of the active panel; empty: the panel that gets the remaining rows.
        zoomed: whether the active panel is shown alone.
        taken: rows below the panels that a lesson takes.
        way_out: how to leave, shown if there is no room for panels.  unzoom: how to leave the zoom, shown in it.
    """

    width: int = 0
    height: int = 0
    contents: Contents = Contents()  # noqa: RUF009  it is frozen
    active: str = ""
    zoomed: bool = False
    taken: int = 0
    page: str = LEARN
    panels: tuple[PanelDeclaration, ...] = field(default_factory=declarations)
    way_out: str = "q quits"
    unzoom: str = "esc: all panels"

    @property
    def too_small(self) -> bool:
        return self.width < LEAST[0] or self.height < LEAST[1]

    @property
    def on_page(self) -> tuple[PanelDeclaration, ...]:
        return tuple(panel for panel in self.panels if panel.is_on(self.page))

    @property
    def visible(self) -> set[str]:
        """Names of the visible panels."""
        return set(self.places)

    @property
    def alone(self) -> str:
        """Name of the panel that has the screen for itself, apart from those below all others; empty if none has."""
        framed = (Region.SIDE, Region.UPPER, Region.LOWER)
        names = [panel.name for panel in self.on_page if panel.name in self.places and panel.region in framed]
        return names[0] if len(names) == 1 else ""

    @property
    def strip(self) -> int:
        """Number of rows of the strip that tells the conclusion of a panel while it is not visible."""
        return self._strip_without(self.places) if self.places else 0

    def _strip_without(self, visible: Container[str]) -> int:
        if all(panel.name in visible for panel in self.on_page if panel.strip):
            return 0
        left = self.height - self.taken
        return 2 if left >= TWO_LINES else 1 if left >= ONE_LINE or not self.taken else 0

    @property
    def is_complete(self) -> bool:
        """Return whether all panels of the page are visible."""
        return len(self.places) == len(self.on_page)

    @property
    def focused(self) -> PanelDeclaration:
        """The active panel."""
        return next((panel for panel in self.on_page if panel.name == self.active), self._growing)

    @cached_property
    def places(self) -> Places:
        """The place of each visible panel by name, in the space between the lines above and below."""
        if self.too_small:
            return {}
        space = Rectangle(0, 0, self.width, self.height - LINES - self.taken)
        active = self.focused
        if self.width >= WIDE and not self.zoomed:  # then the line of the tabs is free
            for places in self._arranged(space.grow((0, 0, 1, 0)), self._in(Region.LOWER)):
                if len(places) == len(self.on_page):
                    return places
        aside = active.region is Region.SIDE and (self.zoomed or self.width < NORMAL)
        if aside or active.region is Region.BOTTOM:
            return {active.name: self._above_strip(space, {active.name})}
        return next(self._some(space))

    def _some(self, space: Rectangle) -> Iterator[Places]:
        """Yield the arrangements that do not show all panels, the largest first."""
        if not self.zoomed:
            for others in self._choices():
                yield from self._arranged(self._above_strip(space, {panel.name for panel in others}), others)
        chosen = self._growing if self.focused.region is Region.SIDE else self.focused
        space = self._above_strip(space, {chosen.name})
        for arrange in (self._below_fixed, self._alone):
            for rows in self._bottom_rows(space):
                places = arrange(chosen, *self._split_bottom(space, rows), self._is_more_than_least(rows, space.width))
                if places:
                    yield places

    def _below_fixed(self, chosen: PanelDeclaration, space: Rectangle, bottom: Places, more: bool) -> Places:
        """Place one panel below the fixed ones; empty if there are too few rows, with ``more`` at the bottom or not."""
        beside, main = self._beside_side(space)
        below = self._growing if chosen in self._fixed else chosen
        least = max(self._rows(below, main.width).least, ENOUGH if more else 0)
        if self.zoomed or main.height - self._fixed_rows < least:
            return {}
        top, rest = main.split_horizontal(self._fixed_rows)
        return {**self._stacked(top), below.name: rest, **beside, **bottom}

    def _alone(self, chosen: PanelDeclaration, space: Rectangle, bottom: Places, more: bool) -> Places:
        """Place one panel, as ``_below_fixed``."""
        beside, main = self._beside_side(space)
        return {} if more and main.height < ALONE else {chosen.name: main, **beside, **bottom}

    def _beside_side(self, space: Rectangle) -> tuple[Places, Rectangle]:
        """Return the place of the side panel, if it is shown, and the rest of the space."""
        side = [] if self.zoomed else self._side
        sidebar, main = space.split_vertical(self._columns_of(side))
        return _all_in(side, sidebar), main

    def _choices(self) -> Iterator[list[PanelDeclaration]]:
        """Yield sets of panels of the lower half to show together, the largest first.

        Smaller sets keep the active panel and the first ones.
        """
        lower = self._in(Region.LOWER)
        kept = sorted(lower, key=lambda panel: panel.name != self.active)
        for count in range(len(lower), 0, -1):
            yield [panel for panel in lower if panel in kept[:count]]

    # Regions.

    def _in(self, region: Region) -> list[PanelDeclaration]:
        return [panel for panel in self.on_page if panel.region is region]

    @property
    def _fixed(self) -> list[PanelDeclaration]:
        """The panels of the upper half that get the rows they need."""
        return self._in(Region.UPPER)[:-1]

    @property
    def _growing(self) -> PanelDeclaration:
        """The panel of the upper half that gets the remaining rows."""
        return self._in(Region.UPPER)[-1]

    @property
    def _side(self) -> list[PanelDeclaration]:
        """The panel at the side: the active or the first one; narrower terminals show it only on request."""
        active = [panel for panel in self._in(Region.SIDE) if panel.name == self.active]
        if self.width >= WIDE:
            return active or self._in(Region.SIDE)[:1]
        return active if self.width >= NORMAL else []

    def _columns_of(self, side: Sequence[PanelDeclaration]) -> int:
        return max((panel.columns(self.contents, self.width).least for panel in side), default=0)

    def _above_strip(self, space: Rectangle, visible: Container[str]) -> Rectangle:
        """Return the space that the strip leaves, if only the panels ``visible`` were visible."""
        return space.shrink((0, 0, self._strip_without(visible), 0))

    def _bottom_rows(self, space: Rectangle) -> list[int]:
        """Return the numbers of rows that the panels at the bottom can use, the largest first."""
        extents = [self._rows(panel, space.width) for panel in self._in(Region.BOTTOM)]
        return sorted({rows for extent in extents for rows in (extent.least, extent.enough, *extent.better)})[::-1] or [
            0
        ]

    def _is_more_than_least(self, rows: int, columns: int) -> bool:
        return any(rows > self._rows(panel, columns).least for panel in self._in(Region.BOTTOM))

    def _split_bottom(self, space: Rectangle, rows: int) -> tuple[Rectangle, Places]:
        """Return the space above the panels at the bottom, and their places, with at most ``rows`` rows."""
        places = {}
        for panel in reversed(self._in(Region.BOTTOM)):
            extent = self._rows(panel, space.width)
            space, bottom = space.split_horizontal(-max(extent.least, min(rows, extent.best)))
            places[panel.name] = bottom
        return space, places

    # Sizes.

    def _rows(self, panel: PanelDeclaration, columns: int) -> Extent:
        return panel.rows(self.contents, columns)

    @property
    def _fixed_rows(self) -> int:
        return sum(self._rows(panel, self.width).least for panel in self._fixed)

    def _stacked(self, space: Rectangle) -> Places:
        """Place the fixed panels of the upper half one above the other; the last one gets extra rows."""
        places = {}
        for panel in self._fixed[:-1]:
            places[panel.name], space = space.split_horizontal(self._rows(panel, space.width).least)
        return places | {panel.name: space for panel in self._fixed[-1:]}

    # Arrangements.

    def _arranged(self, space: Rectangle, others: Sequence[PanelDeclaration]) -> Iterator[Places]:
        """Yield the arrangements of the upper half with ``others`` of the lower half below or beside it."""
        for rows in self._bottom_rows(space):
            upper, bottom = self._split_bottom(space, rows)
            for arrange in (self._below, self._beside):
                places = arrange(upper, others)
                more = self._is_more_than_least(rows, space.width)
                if places and not (more and places[self._growing.name].height < ENOUGH):
                    yield {**places, **bottom}

    def _below(self, space: Rectangle, others: Sequence[PanelDeclaration]) -> Places:
        """Place ``others`` side by side below the rest; empty if they do not fit."""
        side = self._columns_of(self._side)
        columns, room = space.width - side, space.height - self._fixed_rows
        needs = [self._rows(panel, columns) for panel in others]
        widths = [panel.columns(self.contents, columns) for panel in others]
        together = sum(width.enough for width in widths) if len(others) > 1 else max(w.least for w in widths)
        growing = self._rows(self._growing, columns)
        if room < growing.least + max(need.least for need in needs) or columns < together:
            return {}
        grown = _grown(growing, needs, room)
        fixed = self._fixed_rows
        fixed += max(0, min(self._more_rows(columns), (room - grown - max(need.best for need in needs)) // 2))
        top, bottom = space.split_horizontal(fixed + grown)
        if any(
            self._rows(panel, side).best > top.height for panel in self._side
        ):  # the side panel needs the whole height
            sidebar, bottom = space.split_vertical(side)[0], bottom.split_vertical(side)[1]
        else:
            sidebar = top.split_vertical(side)[0]
        stacked, rest = top.split_vertical(side)[1].split_horizontal(fixed)
        places = {**self._stacked(stacked), self._growing.name: rest, **_all_in(self._side, sidebar)}
        shares = _shares(widths, bottom.width, bottom.width * 4 // (5 * len(others)))
        for panel, share in zip(others, shares, strict=True):
            places[panel.name], bottom = bottom.split_vertical(share)
        return places

    def _more_rows(self, columns: int) -> int:
        """Number of rows that the fixed panels can use beyond those they need."""
        extents = [self._rows(panel, columns) for panel in self._fixed]
        return sum(extent.best - extent.least for extent in extents)

    def _beside(self, space: Rectangle, others: Sequence[PanelDeclaration]) -> Places:
        """Place ``others`` one above the other, right of the rest; empty if they do not fit."""
        sidebar, main = space.split_vertical(self._columns_of(self._side))
        need = max(panel.columns(self.contents, main.width).least for panel in others)
        upper = self._in(Region.UPPER)
        columns = max(panel.columns(self.contents, main.width - need).enough for panel in upper)
        needs = [self._rows(panel, main.width - columns) for panel in others]
        left_rows = self._fixed_rows + self._rows(self._growing, columns).least
        rows = max(left_rows, sum(extent.least for extent in needs))
        if self.width < NORMAL or columns + need > main.width or rows > main.height:
            return {}
        left, right = main.split_vertical(columns)
        stacked, rest = left.split_horizontal(self._fixed_rows)
        places = {**self._stacked(stacked), self._growing.name: rest, **_all_in(self._side, sidebar)}
        for panel, share in zip(others, _shares(needs, right.height), strict=True):
            places[panel.name], right = right.split_horizontal(share)
        return places

    # Changes.

    def keeping(self, name: str) -> "Layout":
        """Return the layout with another active panel, if that would not be visible otherwise."""
        return self if name in self.visible else replace(self, active=name)

    def apply(self, screen: Screen[None]) -> None:
        places = self.places
        screen.app.set_class(self.too_small, "-small")
        shown = set() if self.is_complete else self.visible
        screen.query_one(PanelTabs).show(
            self.on_page, self.focused.name, shown, self.width, self.unzoom if self.zoomed else ""
        )
        screen.query_one(SentenceStrip).show(self.strip)
        for panel in screen.query(Panel):
            place = places.get(panel.declaration.name)
            panel.display, panel.alone = place is not None, panel.declaration.name == self.alone
            if place is not None:
                panel.set_class(place.height <= FRAME[1], "-bare")  # no rows for a border
                panel.styles.offset = place.offset
                panel.styles.width, panel.styles.height = place.size
        if self.too_small:
            need = f"rnn-tui needs {LEAST[0]}×{LEAST[1]}; this is {self.width}×{self.height}. {self.way_out}."
            screen.query_one("#small", Static).update(need)


def _all_in(panels: Sequence[PanelDeclaration], place: Rectangle) -> Places:
    return {panel.name: place for panel in panels}


def _grown(growing: Extent, below: Sequence[Extent], room: int) -> int:
    """Return the rows of the growing panel: as many as it can use, if the panels below get the rows they can use.

    For its smallest useful size, it is sufficient if these get enough rows.
    """
    least = max(extent.least for extent in below)
    enough = max(extent.enough for extent in below)
    best = max(extent.best for extent in below)
    for rows in growing.better:
        if room - rows >= (enough if rows == growing.better[-1] else best):
            return rows
    rest = least if room - growing.enough >= least else max(least, min(enough, room // 2))
    return max(growing.least, min(growing.enough, room - rest))


def _shares(extents: Sequence[Extent], room: int, share: float = inf) -> list[int]:
    """Return the columns or rows of panels side by side.

    Each panel but the first gets its best size, or at most ``share`` if that is enough, and leaves the others their
    least size; the first panel gets the rest.
    """
    shares: list[int] = []
    for i in range(len(extents) - 1, 0, -1):
        left = room - sum(shares) - sum(extent.least for extent in extents[:i])
        wanted = min(extents[i].best, max(extents[i].enough, share))
        shares.append(int(min(wanted, left)))
    return [room - sum(shares), *reversed(shares)]

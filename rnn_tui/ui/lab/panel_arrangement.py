"""Visible panels of the lab, and the panel with the focus."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from textual.geometry import Size
from textual.screen import Screen

from rnn_tui.session.frame import Demand
from rnn_tui.ui.input.keymap import Keymap
from rnn_tui.ui.lab.layout import Layout, way_out
from rnn_tui.ui.panels.base import Panel
from rnn_tui.ui.panels.declaration import FRAME, REMEMBER, Contents
from rnn_tui.ui.panels.diagnoses import Diagnostic
from rnn_tui.ui.panels.diagnosis_panel import DiagnosisPanel
from rnn_tui.ui.panels.hidden_state import HiddenStatePanel
from rnn_tui.ui.panels.loss import LossPanel
from rnn_tui.ui.panels.registry import PANELS
from rnn_tui.ui.panels.sequence import SequencePanel, altered_rows, first_view, scored_steps
from rnn_tui.ui.panels.view_state import ViewAccess, input_rows
from rnn_tui.ui.widgets.time_axis import GUTTER

OVER_TIME = {panel.declaration.name for panel in (SequencePanel, HiddenStatePanel)}


class PanelArrangement:
    """Arranges the panels; belongs to the screen's thread.

    Args:
        screen: contains the panels.
        shown: has the view that they show.
        changed: called after each arrangement.
    """

    def __init__(self, screen: Screen[None], shown: ViewAccess, keys: Keymap, changed: Callable[[], object]) -> None:
        self._screen, self._shown, self._keys, self._changed = screen, shown, keys, changed
        self._layout = Layout()

    @property
    def active(self) -> Panel | None:
        """The panel with the focus."""
        focused = self._screen.focused
        around = focused.ancestors_with_self if focused else ()
        return next((widget for widget in around if isinstance(widget, Panel)), None)

    def arrange(self, **changes: Any) -> None:
        """Show the panels that fit; ``changes`` set the layout's active panel, page and zoom."""
        screen = self._screen
        width, height = screen.app.size
        view, frame = self._shown.seen, self._shown.seen.frame
        leave = f"{self._keys.printed('app.quit')} quits" if screen.is_active else way_out(screen.app.screen)
        contents = Contents(
            lanes=len(frame.lanes), inputs=input_rows(frame.task), steps=frame.length, each=view.columns,
            units=max(lane.hidden.shape[1] for lane in frame.lanes),  # panels stay in place when the lane changes
            curves=view.curves is not None,
            saliency=changes.get("page", self._layout.page) == REMEMBER,
        )  # fmt: skip
        unzoom = f"{self._keys.printed('run.call_off')}: all panels"
        layout = replace(
            self._layout, width=width, height=height, contents=contents, way_out=leave, unzoom=unzoom, **changes
        )
        if self.active and "active" not in changes:
            layout = layout.keeping(self.active.declaration.name)
        if more := altered_rows(frame) if view.curves is None else 0:
            roomier = replace(layout, contents=replace(contents, altered=more))
            layout = roomier if layout.visible <= roomier.visible else layout  # no panel gives way to further rows
        if layout != self._layout:
            self._create(layout.page)
            turned, self._layout = layout.page != self.page, layout
            layout.apply(screen)
            if turned and layout.page == REMEMBER and frame.step and not frame.mask[view.t]:
                self._shown.show_view(replace(view, t=scored_steps(frame)[-1]))  # an answer that rests on something
        if screen.focused is None and layout.visible:  # the panel that had the focus did not fit
            self._named(layout.focused.name).focus()
        self._changed()

    def _create(self, page: str) -> None:
        """Create the panels of a page before it is shown for the first time."""
        present = {type(panel) for panel in self._screen.query(Panel)}
        missing = [kind() for kind in PANELS if kind.declaration.is_on(page) and kind not in present]
        for panel in missing:
            panel.view = self._shown.seen
        if missing:
            self._screen.query_one("#body").mount(*missing)

    @property
    def _panels(self) -> list[Panel]:
        return [child for child in self._screen.query_one("#body").children if isinstance(child, Panel)]

    def demands(self) -> Demand:
        """Return what the visible panels need of a frame."""
        found = Demand.NOTHING
        for panel in self._panels:
            if panel.display:
                found |= panel.demands(self._shown.seen)
        return found

    def diagnostics(self) -> tuple[Diagnostic, ...]:
        """Return the diagnostics that the visible panels show."""
        panels = [panel for panel in self._panels if panel.display]
        return tuple(wanted for panel in panels for wanted in panel.diagnostics(self._shown.seen))

    def _named(self, name: str) -> Panel:
        return next(panel for panel in self._screen.query(Panel) if panel.declaration.name == name)

    def activate(self, name: str) -> None:
        """Show a panel on its page, and give it the focus."""
        self.arrange(active=name, page=self._page_of(name))
        self._named(name).focus()

    def _page_of(self, name: str) -> str:
        """Return the page of a panel; the current one if the panel is on every page."""
        return next(panel.page for panel in self._layout.panels if panel.name == name) or self.page

    @property
    def visible(self) -> set[str]:
        """Names of the visible panels."""
        return self._layout.visible

    @property
    def page(self) -> str:
        """The name of the page."""
        return self._layout.page

    def turn_page(self) -> None:
        """Show the next page, with at least one of its own panels."""
        pages = list(dict.fromkeys(panel.page for panel in self._layout.panels if panel.page))
        page = pages[(pages.index(self.page) + 1) % len(pages)]
        own = [panel.name for panel in self._layout.panels if panel.page == page]
        self.arrange(page=page)
        if not self._layout.visible & set(own):
            self.activate(own[0])

    def toggle_zoom(self) -> None:
        """Show only the active panel, or all panels again."""
        active = self.active.declaration.name if self.active else self._layout.active
        self.arrange(active=active, zoomed=not self._layout.zoomed)

    def leave_zoom(self) -> bool:
        """Show all panels again, if only one is shown; return whether it was."""
        zoomed = self._layout.zoomed
        if zoomed:
            self.arrange(zoomed=False)
        return zoomed

    def show_scored(self) -> None:
        """Move the cursor to the first scored time step, if no scored one is visible."""
        view, places = self._shown.seen, self._layout.places
        widths = [place.width for name, place in places.items() if name in OVER_TIME] or [self._layout.width]
        columns = min(widths) - FRAME[0] - GUTTER
        self._shown.show_view(replace(view, t=first_view(view.frame, view.t, columns, view.columns)))

    def show_alone(self, name: str, size: Size, drawing: str = "") -> None:
        """Show only this panel, at this size and without the lines around, for a picture; nothing has the focus.

        ``drawing``: one of those that it declares; empty: the one that it shows.
        """
        self._screen.set_focus(None)
        self._create(self._page_of(name))
        shown = self._named(name)
        if drawing and isinstance(shown, DiagnosisPanel):
            shown.show_drawing(drawing)
        for part in self._screen.children:
            part.display = part.id == "body"
        for panel in self._screen.query(Panel):
            panel.display = panel.alone = panel.declaration.name == name
            panel.set_class(size.height <= FRAME[1], "-bare")
            panel.styles.offset = 0, 0
            panel.styles.width, panel.styles.height = size
        self._changed()

    def redraw(self) -> None:
        """Draw all panels again, after a change of the theme."""
        for panel in self._screen.query(Panel):
            panel.redraw()
        self._layout.apply(self._screen)

    def magnify_loss(self, factor: float) -> None:
        """Show ``factor`` times as many steps in the loss chart, which must be laid out; 0: all steps."""
        self._screen.query_one(LossPanel).magnify(factor)

    def show(self, name: str) -> None:
        """Activate a panel if it is not visible."""
        if name not in self._layout.visible:
            self.activate(name)

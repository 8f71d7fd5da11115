"""Pictures of the lab: the screen or one panel as SVG, in the colors of a light or a dark theme."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from textual.app import App
from textual.screen import Screen

from rnn_tui.ui.input.textual_internals import drawn_rows
from rnn_tui.ui.panels.base import Panel
from rnn_tui.ui.panels.view_state import ViewAccess
from rnn_tui.ui.render.palette import CONTRAST, LIGHT, THEME
from rnn_tui.ui.render.svg_picture import Ground, Picture, picture_of
from rnn_tui.ui.render.terminal_capabilities import palette_of


class ScreenPicture:
    """Draws the lab as SVG; belongs to the screen's thread.

    Args:
        screen: contains the panels.
        shown: has the view that they show.
        redraw: draws everything again, in the colors of the current theme.
    """

    def __init__(self, screen: Screen[None], shown: ViewAccess, redraw: Callable[[], object]) -> None:
        self._screen, self._shown, self._redraw = screen, shown, redraw

    def of(self, panel: str = "", dark: bool = False) -> Picture:
        """Return a picture of the screen as it is now, or only of the visible panel with this name."""
        screen, app = self._screen, self._screen.app
        with self._drawn_in(_theme(app, dark)):
            rows = drawn_rows(screen)
            background = app.current_theme.background or ("#000000" if dark else "#ffffff")
            ground = Ground(palette_of(app).text, background)
        view, heading = self._shown.seen, ""
        for each in screen.query(Panel):
            if each.declaration.name == panel and each.display:
                place, heading = each.region, f"{each.declaration.title} of "
                rows = [row.crop(place.x, place.right) for row in rows[place.y : place.bottom]]
        title = f"rnn-tui: {heading}{view.name} at step {view.frame.step:,}"
        return picture_of(rows, ground, title, self._description)

    @property
    def _description(self) -> str:
        view = self._shown.seen
        lanes = ", ".join(lane.label for lane in view.frame.lanes)
        return f"{view.frame.preset.title}. {view.frame.preset.question} Lanes: {lanes}. Time step t = {view.t}."

    @contextmanager
    def _drawn_in(self, theme: str) -> Iterator[None]:
        """Draw everything in a theme, and then again as before; the terminal does not see it."""
        app, before = self._screen.app, self._screen.app.theme
        if theme == before:
            yield
            return
        with app.batch_update():
            try:
                self._recolor(theme)
                yield
            finally:
                self._recolor(before)

    def _recolor(self, theme: str) -> None:
        app = self._screen.app
        app.set_reactive(App.theme, theme)  # assigning it would also recolor later
        app.refresh_css(animate=False)
        self._redraw()


def _theme(app: App[Any], dark: bool) -> str:
    """Return the name of the light or the dark theme; of the dark ones, that with high contrast if it is in use."""
    return app.theme if dark and app.theme == CONTRAST.name else THEME.name if dark else LIGHT.name

"""The lab without a terminal, for pictures: it shows a session, but does not train it."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace

from textual.filter import LineFilter, Monochrome, NoColor
from textual.geometry import Size
from textual.pilot import Pilot

from rnn_tui.presets.store import PresetFile
from rnn_tui.session.session import Session
from rnn_tui.ui.app import LabApp
from rnn_tui.ui.config import Config
from rnn_tui.ui.input.textual_internals import drawn_rows
from rnn_tui.ui.lab.active_settings import ActiveSettings
from rnn_tui.ui.lab.layout import LEAST
from rnn_tui.ui.panels.declaration import LEARN
from rnn_tui.ui.render.palette import LIGHT, THEME
from rnn_tui.ui.render.svg_picture import Picture

MOMENT = 0.02  # seconds


@dataclass(frozen=True)
class Scene:
    """What a picture shows.

    Attributes:
        size: columns and rows of the picture.
        page: name of the page.  panel: name of the only panel, or empty for the whole screen.
        drawing: name of the panel's drawing, or empty for the first one.
        t, unit, lane: the cursor; None: where the lab begins.
    """

    size: Size
    page: str = LEARN
    panel: str = ""
    dark: bool = False
    t: int | None = None
    unit: int | None = None
    lane: int = 0
    drawing: str = ""


class HeadlessLab(LabApp):
    """The lab with default settings: a file does not depend on the user's settings or on the terminal."""

    def __init__(self, file: PresetFile, session: Session, dark: bool) -> None:
        super().__init__(file, session, settings=ActiveSettings(Config(theme=THEME.name if dark else LIGHT.name)))
        self.no_color = False
        self.lab.findings.watches = False  # a picture does not depend on how long it takes

    def get_line_filters(self) -> Sequence[LineFilter]:
        return [each for each in super().get_line_filters() if not isinstance(each, Monochrome | NoColor)]

    def _look_back(self) -> None:
        """Offer no earlier run."""


def drawn(file: PresetFile, session: Session, scene: Scene) -> Picture:
    """Return a picture of the session at its step."""
    return asyncio.run(_drawn(file, session, scene))


async def _drawn(file: PresetFile, session: Session, scene: Scene) -> Picture:
    width, height = scene.size
    if scene.panel:
        width, height = max(width, LEAST[0]), max(height, LEAST[1])
    app = HeadlessLab(file, session, scene.dark)
    async with app.run_test(size=(width, height)) as pilot:
        await pilot.pause()
        lab, view = app.lab, app.lab.seen
        t, unit = view.t if scene.t is None else scene.t, view.unit if scene.unit is None else scene.unit
        lab.show_view(replace(view, t=t, unit=unit, lane=scene.lane))
        if scene.panel:
            lab.panels.show_alone(scene.panel, scene.size, scene.drawing)
        else:
            lab.panels.arrange(page=scene.page)
        await settle(app, pilot)
        return lab.picture.of(scene.panel, scene.dark)


async def settle(app: HeadlessLab, pilot: Pilot[None]) -> None:
    """Wait until the frame has everything that is visible, and the screen no longer changes."""
    while not app.lab.is_complete:
        await pilot.pause(MOMENT)
    before, rows = None, drawn_rows(app.lab)
    while rows != before:
        await pilot.pause()
        before, rows = rows, drawn_rows(app.lab)

"""What the terminal can show: how many colors, which characters, how much contrast."""

from dataclasses import dataclass
from os import environ
from typing import Any, Literal

from textual.app import App

from rnn_tui.ui.render.ascii_filter import spelt
from rnn_tui.ui.render.palette import CONTRAST, Kind, Palette, palette

Colors = Literal["full", "few", "grays", "none"]


@dataclass(frozen=True)
class Canvas:
    """``colors``: of 256 or more, of sixteen, shades of gray because the user wants them, or none at all."""

    colors: Colors = "full"
    ascii: bool = False
    contrast: bool = False

    @classmethod
    def of(cls, app: App[Any], in_ascii: bool = False, glyphs: str = "auto", wanted: str = "auto") -> "Canvas":
        """``in_ascii`` is the command line's word; ``glyphs`` and ``wanted``, of the palette, are the settings'."""
        few = app.console.color_system in (None, "standard", "windows") and not app.is_headless
        colors: Colors = "few" if few and wanted != "colors" else "full"
        if app.no_color:
            colors = "none"
        elif wanted == "mono":
            colors = "none" if few else "grays"
        without = not app.is_headless and lacks_glyphs(app.console.encoding, environ.get("TERM", ""))
        return cls(colors, in_ascii or glyphs == "ascii" or (glyphs == "auto" and without), wanted == "contrast")

    @property
    def glyphs(self) -> bool:
        """Whether the heat map says sign and strength by glyphs."""
        return self.ascii or self.colors in ("few", "none")

    @property
    def marked(self) -> bool:
        """Whether curves bear marks, because colors do not tell them apart well."""
        return self.ascii or self.contrast or self.colors != "full"

    @property
    def ramp(self) -> str:
        """Glyphs from most negative to most positive: flat strokes, nothing, crosses."""
        return "=~-.+*#" if self.ascii else "≡=-·+*#"

    @property
    def scale(self) -> str:
        """What the captions of heat maps call their scale."""
        return self.ramp if self.glyphs else "grays" if self.colors == "grays" else "colors"

    @property
    def kind(self) -> Kind:
        """The palette that fits."""
        if self.colors in ("grays", "none"):
            return "mono"
        return "few" if self.colors == "few" else "contrast" if self.contrast else "colors"

    def spell(self, text: str) -> str:
        """Formulas and hints, for which there is room."""
        return spelt(text) if self.ascii else text


def lacks_glyphs(encoding: str, terminal: str) -> bool:
    """Whether only ASCII is safe: the console of Linux has a font of 512 glyphs, and none of them is braille."""
    return terminal == "linux" or not encoding.lower().startswith("utf")


def canvas_of(app: App[Any]) -> Canvas:
    """The app's own where it has made one."""
    made = getattr(app, "canvas", None)
    return made if isinstance(made, Canvas) else Canvas.of(app)


def palette_of(app: App[Any]) -> Palette:
    """The palette for the app's theme, on its canvas."""
    theme, kind = app.current_theme, canvas_of(app).kind
    return palette(theme.dark, "contrast" if kind == "colors" and theme.name == CONTRAST.name else kind)

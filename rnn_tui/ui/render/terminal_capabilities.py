"""Capabilities of the terminal: colors, characters and contrast."""

from dataclasses import dataclass
from os import environ
from typing import Any, Literal

from textual.app import App

from rnn_tui.ui.render.ascii_filter import spelt
from rnn_tui.ui.render.palette import CONTRAST, Kind, Palette, palette

Colors = Literal["full", "few", "grays", "none"]


@dataclass(frozen=True)
class Canvas:
    """Capabilities of the terminal.

    Attributes:
        colors: at least 256 ("full"), sixteen ("few"), "grays" on request, or "none".
        ascii: whether only ASCII is shown.
    """

    colors: Colors = "full"
    ascii: bool = False
    contrast: bool = False

    @classmethod
    def of(cls, app: App[Any], in_ascii: bool = False, glyphs: str = "auto", wanted: str = "auto") -> "Canvas":
        """Return the capabilities; ``in_ascii`` is the command-line option, ``glyphs`` and ``wanted`` (palette) are
        settings.
        """
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
        """Return whether the heat map shows sign and strength by glyphs."""
        return self.ascii or self.colors in ("few", "none")

    @property
    def marked(self) -> bool:
        """Return whether curves have marks, because colors do not tell them apart."""
        return self.ascii or self.contrast or self.colors != "full"

    @property
    def ramp(self) -> str:
        """Glyphs from most negative to most positive: flat strokes, a dot, crosses."""
        return "=~-.+*#" if self.ascii else "≡=-·+*#"

    @property
    def scale(self) -> str:
        """Name of the scale in captions of heat maps."""
        return self.ramp if self.glyphs else "grays" if self.colors == "grays" else "colors"

    @property
    def kind(self) -> Kind:
        """The kind of palette."""
        if self.colors in ("grays", "none"):
            return "mono"
        return "few" if self.colors == "few" else "contrast" if self.contrast else "colors"

    def spell(self, text: str) -> str:
        """Return formulas and hints with words for symbols, if only ASCII is shown."""
        return spelt(text) if self.ascii else text


def lacks_glyphs(encoding: str, terminal: str) -> bool:
    """Return whether only ASCII is safe: fonts of the Linux console have 512 glyphs and no braille."""
    return terminal == "linux" or not encoding.lower().startswith("utf")


def canvas_of(app: App[Any]) -> Canvas:
    """Return the canvas of the app, or a new one."""
    made = getattr(app, "canvas", None)
    return made if isinstance(made, Canvas) else Canvas.of(app)


def palette_of(app: App[Any]) -> Palette:
    """Return the palette for the app's theme and terminal."""
    theme, kind = app.current_theme, canvas_of(app).kind
    return palette(theme.dark, "contrast" if kind == "colors" and theme.name == CONTRAST.name else kind)

"""The footer: as many keys as fit; each can be clicked."""

from collections.abc import Sequence
from itertools import groupby

from textual.binding import Binding
from textual.content import Content
from textual.style import Style
from textual.widget import Widget

from rnn_tui.ui.render.terminal_capabilities import Canvas, canvas_of
from rnn_tui.ui.widgets.text_widgets import clickable


class Footer(Widget):
    """Shows ``bindings`` in their order; without enough room, those with the ids ``spare`` are dropped first."""

    def __init__(self, bindings: Sequence[Binding], spare: Sequence[str]) -> None:
        super().__init__()
        self._own: dict[str, Binding] = {}
        self._shown = [binding for binding in bindings if binding.show]
        self._spare = spare

    def show_own(self, bindings: Sequence[Binding]) -> None:
        """Show what keys do in the panel with the focus, in place of what they do elsewhere."""
        own = {key: binding for binding in bindings if binding.show for key in binding.key.split(",")}
        if own != self._own:
            self._own = own
            self.refresh()

    def render(self) -> Content:
        for dropped in range(len(self._spare) + 1):
            line = self._line([binding for binding in self._shown if binding.id not in self._spare[:dropped]])
            if line.cell_length <= self.size.width:
                break
        return line

    @property
    def canvas(self) -> Canvas:
        return canvas_of(self.app)

    def _line(self, bindings: Sequence[Binding]) -> Content:
        entries = []
        here = [next((self._own[key] for key in b.key.split(",") if key in self._own), b) for b in bindings]
        for _, together in groupby(here, key=lambda binding: binding.group or binding):
            members = list(together)
            keys = [self._key(b) for b in members]
            between = Content(" " if any(key.cell_length > 1 for key in keys) else "")
            name = members[0].group.description if members[0].group else members[0].description
            entries.append(Content.assemble(" ", between.join(keys), (f" {name} ", "$foreground 80%")))
        return Content("").join(entries)

    def _key(self, binding: Binding) -> Content:
        shown = self.canvas.spell(binding.key_display or binding.key)
        return Content.styled(shown, "bold $accent").stylize(self._click(binding))

    def _click(self, binding: Binding) -> Style:
        if binding in self._own.values():
            return Style.from_meta({"@click": f"focused.{binding.action}"})
        return clickable(binding.action)

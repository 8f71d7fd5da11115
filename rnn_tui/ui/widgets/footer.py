"""The footer: as many keys as fit; each can be clicked."""

from collections.abc import Sequence
from itertools import groupby

from textual.binding import Binding
from textual.content import Content
from textual.widget import Widget

from rnn_tui.ui.render.terminal_capabilities import Canvas, canvas_of
from rnn_tui.ui.widgets.text_widgets import clickable


class Footer(Widget):
    """Shows ``bindings`` in their order; without enough room, those with the ids ``spare`` are dropped first."""

    def __init__(self, bindings: Sequence[Binding], spare: Sequence[str]) -> None:
        super().__init__()
        self._shown = [binding for binding in bindings if binding.show]
        self._spare = spare

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
        for _, together in groupby(bindings, key=lambda binding: binding.group or binding):
            members = list(together)
            keys = [self._key(b) for b in members]
            between = Content(" " if any(key.cell_length > 1 for key in keys) else "")
            name = members[0].group.description if members[0].group else members[0].description
            entries.append(Content.assemble(" ", between.join(keys), (f" {name} ", "$foreground 80%")))
        return Content("").join(entries)

    def _key(self, binding: Binding) -> Content:
        shown = self.canvas.spell(binding.key_display or binding.key)
        return Content.styled(shown, "bold $accent").stylize(clickable(binding.action))

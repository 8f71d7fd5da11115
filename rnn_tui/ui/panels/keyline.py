"""The last line: what to press, as much of it as fits; each entry can be clicked."""

from collections.abc import Sequence
from itertools import groupby

from textual.binding import Binding
from textual.content import Content
from textual.style import Style

from rnn_tui.ui.widgets.text import Line


class KeyLine(Line):
    """``bindings`` in the order in which they are shown; where room is short, the ids of ``spare`` go first."""

    def __init__(self, bindings: Sequence[Binding], spare: Sequence[str]) -> None:
        super().__init__()
        self._shown = [binding for binding in bindings if binding.show]
        self._spare = spare

    def on_resize(self) -> None:
        for dropped in range(len(self._spare) + 1):
            line = self._line([binding for binding in self._shown if binding.id not in self._spare[:dropped]])
            if line.cell_length <= self.size.width:
                break
        self.say(line)

    @staticmethod
    def _line(bindings: Sequence[Binding]) -> Content:
        entries = []
        for _, together in groupby(bindings, key=lambda binding: binding.group or binding):
            members = list(together)
            keys = [Content.styled(b.key_display or b.key, "bold $accent").stylize(_click(b)) for b in members]
            name = members[0].group.description if members[0].group else members[0].description
            entries.append(Content.assemble(" ", *keys, (f" {name} ", "$foreground 80%")))
        return Content("").join(entries)


def _click(binding: Binding) -> Style:
    return Style.from_meta({"@click": f"screen.{binding.action}"})

"""The dialog that lists every unit silenced in turn, or every reset, by the loss; only flows.py imports it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from rich.cells import cell_len, set_cell_size
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from rnn_tui.engine.diagnostics import Undefined
from rnn_tui.interventions import Intervention
from rnn_tui.number_format import difference, loss_text, percent
from rnn_tui.session.interventions_in_turn import InTurn, resets_in_turn, units_in_turn
from rnn_tui.session.trained_net import TrainedNet
from rnn_tui.ui.dialogs.base import Dialog
from rnn_tui.ui.input.bindings import CANCEL_KEYS
from rnn_tui.ui.input.keymap import Keymap
from rnn_tui.ui.panels.diagnoses import COMPUTING
from rnn_tui.ui.render.glyphs import BARS
from rnn_tui.ui.render.terminal_capabilities import canvas_of
from rnn_tui.ui.widgets.option_list import ChoiceList

HINT = "enter: look at it as what if · {list.up}{list.down} · {dialog.cancel}: close"
WIDEST_BAR, BESIDE_BAR = 24, 50  # columns
FULL = BARS[-1]
NEEDED = 0.05  # share of the greatest change, above which a row is named as needed
MOST_NAMED = 4


@dataclass(frozen=True)
class InTurnKind:
    """What is done in turn: its title, the computation, and what one of them is called."""

    title: str
    compute: Callable[[TrainedNet], InTurn | Undefined]
    one: str
    named: Callable[[Any], str]


KINDS = {
    "silence": InTurnKind("Every unit silenced in turn", units_in_turn, "unit", lambda one: f"u{one.unit}"),
    "reset": InTurnKind(
        "The state reset before every time step in turn", resets_in_turn, "reset", lambda one: f"t = {one.t}"
    ),
}


class InTurnDialog(Dialog[Intervention]):
    """Dismisses with an intervention to look at."""

    BINDINGS: ClassVar[list[BindingType]] = list(CANCEL_KEYS)

    class Found(Message):
        """The losses are computed."""

        def __init__(self, found: InTurn | Undefined) -> None:
            super().__init__()
            self.found = found

    def __init__(self, kind: InTurnKind, net: TrainedNet, keys: Keymap) -> None:
        super().__init__(keys)
        self._kind, self._net = kind, net
        self._table: InTurn | None = None

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog what-if") as dialog:
            dialog.styles.max_height = 34
            dialog.border_title = f"{self._kind.title}, {self._net.label}"
            dialog.border_subtitle = self.hint(HINT)
            yield Static(COMPUTING, classes="about", markup=False)
            yield ChoiceList()

    def on_mount(self) -> None:
        self.run_worker(lambda: self.post_message(self.Found(self._kind.compute(self._net))), thread=True)

    def on_in_turn_dialog_found(self, event: Found) -> None:
        about, rows = self.query_one(Static), self.query_one(ChoiceList)
        if isinstance(event.found, Undefined):
            about.update(event.found.reason)
            return
        self._table = event.found
        spell = canvas_of(self.app).spell
        about.update(spell(summary(self._kind, event.found, self._net.interventions)))
        heading, *lines = in_turn_lines(event.found, min(WIDEST_BAR, max(4, self.app.size.width - BESIDE_BAR)))
        rows.add_option(Option(Content.styled(heading, "bold $foreground 60%"), disabled=True))
        rows.add_options(Option(Content(spell(line)), id=str(i)) for i, line in enumerate(lines))
        self.query_one(".dialog").styles.max_height = len(event.found.rows) + 10
        rows.focus()
        rows.highlighted = 1

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        if self._table is not None:
            self.dismiss(self._table.rows[int(event.option_id or 0)].intervention)


def in_turn_lines(found: InTurn, widest: int = WIDEST_BAR) -> list[str]:
    """Return a heading, and a line for each intervention, that with the greatest loss first, with a bar for the change.

    Without right answers, as for numbers, their column is omitted.
    """
    greatest = max([row.loss - found.loss for row in found.rows] + [1e-12])
    width = 2 + max(cell_len(name) for name in ("what if", *(row.intervention.said for row in found.rows)))
    graded = found.accuracy is not None
    lines = [f"{'what if':<{width}}{'loss':>8}{'change':>9}{'right' if graded else '':>{7 * graded}}"]
    for row in found.rows:
        change = row.loss - found.loss
        right = "" if row.accuracy is None else f"{percent(row.accuracy, 0):>7}"
        bar = FULL * round(max(0.0, change / greatest) * widest)
        name = set_cell_size(row.intervention.said, width)
        lines.append(f"{name}{loss_text(row.loss):>8}{difference(change):>9}{right}  {bar}")
    return lines


def summary(kind: InTurnKind, found: InTurn, already: Sequence[Intervention] = ()) -> str:
    """Return which of them the answers need most, and how many they hardly need.

    ``already``: interventions that the net has without them.
    """
    changes = [row.loss - found.loss for row in found.rows]
    greatest = max(changes, default=0.0)
    there = " and ".join(each.said for each in already)
    start = f"The loss is {loss_text(found.loss)} {f'with {there}' if there else 'as it is'}"
    if greatest <= 0.01 * max(found.loss, 1e-3):
        return f"{start}; no {kind.one} alone makes it worse."
    needed = [row for row, change in zip(found.rows, changes, strict=True) if change > NEEDED * greatest]
    names = [kind.named(row.intervention) for row in needed[:MOST_NAMED]]
    spare = len(found.rows) - len(needed)
    rest = f"; {spare} of {len(found.rows)} {'matters' if spare == 1 else 'matter'} little" if spare else ""
    return f"{start}. The answers need most: {', '.join(names)}{rest}."

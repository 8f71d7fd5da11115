"""The help: what each panel means, and every key."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from rnn_tui.ui.keymap import Keymap
from rnn_tui.ui.keynames import key_names
from rnn_tui.ui.screens.keys import KEYS, PANEL_KEYS

PANELS = {
    "1 controls": "The lane's net and the training. {controls.up}{controls.down} choose a row, "
    "{controls.previous}{controls.next} change it, {controls.type} types a value. Learning rate, "
    "schedule, decay, clip, optimizer and BPTT (where the gradient is cut) change on the run; what shapes a net "
    "restarts its lane. A sequence of several pieces goes on from batch to batch, with its hidden state.",
    "2 sequence": "The probe, a sequence nobody trains on: its inputs, the target, and what each lane answers. ✓ "
    "right, ✗ wrong, · not scored; numbers count as right within a quarter of the targets' standard deviation. "
    "Forecasts of numbers are drawn over the truth; {look.drawing} lets them run free: from the dotted line on each "
    "net reads its own answers.",
    "3 hidden state": "h_t = f(W_hh h_(t-1) + W_xh x_t + b_h) of one lane, a row a unit, a column a time step; "
    "{look.state} shows the c and the gates of a gated cell. Blue is negative, orange positive. Before training, "
    "columns light up as you walk through time with {look.later}.",
    "4 loss": "The loss on each step's batch. A dashed line is the lane's floor: the best that any predictor with its "
    "window can reach; a dotted one is what a predictor without a net reaches. Below is the way through training: ● is "
    "here, ━ past, ─ ahead, ◆ a change of settings, ┴ steps kept at hand; drag it, or press {run.jump_back} "
    "{run.jump_on} or {run.go_to}. Dimmed, numbered curves are runs kept for "
    "comparison ({run.pin}), or a future that a change in the past has cut off.",
    "5 comparison": "On held-out sequences: parameters, loss, accuracy or R² (1 − MSE / variance), floor, distance "
    "above it, and the loss by time step, or by the part that a position plays. ≈ marks a floor that is estimated, "
    "which a net may beat. Where symbols are foretold, each net writes some of its own; the row 'writes at' of the "
    "controls is their temperature, 0 always takes the likeliest.",
    "6 equation": "The sum behind the unit under the cursor, term by term, and the answer it leads to. Zoom it with "
    "{look.zoom} to see every term.",
}

BEGIN = "Step 0 is untrained: walk through time with {look.later}, then train with {run.play} and look for the floors."


class Help(ModalScreen[None]):
    """``keys``: those in force."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,question_mark,q,enter", "dismiss(None)", "Close")]

    def __init__(self, keys: Keymap) -> None:
        super().__init__()
        self._keys = keys

    def compose(self) -> ComposeResult:
        with VerticalScroll(classes="dialog help") as dialog:
            dialog.border_title = "Help"
            dialog.border_subtitle = "↑↓ scroll · esc: close"
            yield Static(self._content())

    def _content(self) -> Content:
        say = self._keys.say
        lines = [
            Content.styled("Watch a net with memory and one without learn the same sequences.", "bold"),
            Content(say(f"{BEGIN}\n")),
            Content.styled("Keys", "bold $primary"),
        ]
        rows = self._rows()
        width = max(len(names) for names, _ in rows) + 2
        lines += [Content.assemble((f"  {names:<{width}}", "bold"), about) for names, about in rows]
        lines.append(Content.styled("\nPanels", "bold $primary"))
        for name, meaning in PANELS.items():
            lines.append(Content.assemble((f"{name}  ", "bold"), f"{say(meaning)}\n"))
        return Content("\n").join(lines)

    def _rows(self) -> list[tuple[str, str]]:
        """Keys, and what they do; those of the six panels on one line, where they are the usual ones."""
        keys = self._keys
        usual = not any(name.startswith("look.panel_") for name in keys.changed)
        shown = [b for b in keys.bound(KEYS) if not (usual and b.action.startswith("panel("))]
        rows = [(key_names(binding), binding.tooltip) for binding in shown]
        if usual:
            rows.append(("1 … 6", keys.say("Go to a panel; with {look.zoom} it gets the whole screen")))
        return rows + [(keys.printed(str(binding.id)), binding.tooltip) for binding in PANEL_KEYS]

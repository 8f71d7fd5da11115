"""The help: what each panel means, and every key."""

from collections.abc import Iterable
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from rnn_tui.ui.canvas import Canvas, canvas_of

PANELS = {
    "1 controls": "The lane's net and the training. ↑↓ choose a row, ←→ change it, enter types a value. Learning rate, "
    "schedule, decay, clip, optimizer and BPTT (where the gradient is cut) change on the run; what shapes a net "
    "restarts its lane. A sequence of several pieces goes on from batch to batch, with its hidden state.",
    "2 sequence": "The probe, a sequence nobody trains on: its inputs, the target, and what each lane answers. ✓ "
    "right, ✗ wrong, · not scored; numbers count as right within a quarter of the targets' standard deviation. "
    "Forecasts of numbers are drawn over the truth; f lets them run free: from the dotted line on each net reads its "
    "own answers.",
    "3 hidden state": "h_t = f(W_hh h_(t-1) + W_xh x_t + b_h) of one lane, a row a unit, a column a time step; g shows "
    "the c and the gates of a gated cell. Blue, or flat strokes, are negative; orange, or crosses, positive. Before "
    "training, columns light up as you walk through time with →.",
    "4 loss": "The loss on each step's batch. A dashed line is the lane's floor: the best that any predictor with its "
    "window can reach; a dotted one is what a predictor without a net reaches. Below is the way through training: ● is "
    "here, ━ past, ─ ahead, ◆ a change of settings, ┴ steps kept at hand; drag it, or press [ ] or t. Dimmed, numbered "
    "curves are runs kept for comparison (k), or a future that a change in the past has cut off.",
    "5 comparison": "On held-out sequences: parameters, loss, accuracy or R² (1 − MSE / variance), floor, distance "
    "above it, and the loss by time step, or by the part that a position plays. ≈ marks a floor that is estimated, "
    "which a net may beat. Where symbols are foretold, each net writes some of its own; the row 'writes at' of the "
    "controls is their temperature, 0 always takes the likeliest.",
    "6 equation": "The sum behind the unit under the cursor, term by term, and the answer it leads to. Zoom it with z "
    "to see every term.",
}
FIRST = "Step 0 is untrained: walk through time with →, then train with space and look for the floors.\n"
COLOURS = (
    "With 256 colours and more, blue is negative and orange positive. With sixteen, NO_COLOR or --ascii the "
    "heat map says it by glyphs: flat strokes are negative, crosses positive, and the more ink the further from zero; "
    "a dot, or nothing, is near it. Curves then bear the marks * o + x of their lanes. Wrong colours over SSH: export "
    "COLORTERM=truecolor. No blocks or dots in the font: rnn-tui --ascii. The theme rnn-tui-contrast (ctrl+p) has the "
    "highest contrast."
)
NAMES = {
    "question_mark": "?", "plus": "+", "minus": "−", "less_than_sign": "<", "greater_than_sign": ">", "left": "←",
    "left_square_bracket": "[", "right_square_bracket": "]",
    "escape": "esc", "right": "→", "up": "↑", "down": "↓", "equals_sign": "=",
}  # fmt: skip


def key_names(binding: Binding) -> str:
    """``plus,equals_sign`` as ``+ =``"""
    return " ".join(NAMES.get(key, key) for key in binding.key.split(","))


class Help(ModalScreen[None]):
    """``bindings``: every key of the lab."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,question_mark,q,enter", "dismiss(None)", "Close")]

    def __init__(self, bindings: Iterable[Binding]) -> None:
        super().__init__()
        self._keys = list(bindings)

    def compose(self) -> ComposeResult:
        with VerticalScroll(classes="dialog help") as dialog:
            dialog.border_title = "Help"
            dialog.border_subtitle = "↑↓ scroll · esc: close"
            yield Static(self._content(canvas_of(self.app)))

    def _content(self, canvas: Canvas) -> Content:
        lines = [
            Content.styled("Watch a net with memory and one without learn the same sequences.", "bold"),
            Content(canvas.spell(FIRST)),
            Content.styled("Keys", "bold $primary"),
        ]
        for binding in self._keys:
            if binding.action.startswith("panel("):
                continue  # six keys, one line below
            about = binding.tooltip or binding.description
            lines.append(Content.assemble((f"  {canvas.spell(key_names(binding)):<10}", "bold"), about))
        lines.append(Content.assemble((f"  {'1 … 6':<10}", "bold"), "Go to a panel; with z it gets the whole screen"))
        lines.append(
            Content.assemble((f"  {'pagedown':<10}", "bold"), "Read on in a panel that has more; pageup: back")
        )
        lines.append(Content.styled("\nPanels", "bold $primary"))
        for name, meaning in PANELS.items():
            lines.append(Content.assemble((f"{name}  ", "bold"), f"{canvas.spell(meaning)}\n"))
        lines.append(Content.assemble(("Colours  ", "bold"), canvas.spell(COLOURS)))
        return Content("\n").join(lines)

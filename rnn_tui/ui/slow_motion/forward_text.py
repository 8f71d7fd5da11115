"""What happens on the way forward and in the loss: in words, as a formula, and with the numbers of one unit."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from rnn_tui.engine.losses import binary_cross_entropy, cross_entropy, sigmoid
from rnn_tui.engine.models import OUTPUT_EQUATION
from rnn_tui.number_format import brief, loss_text, signed
from rnn_tui.session.update_trace import SlowMotion
from rnn_tui.ui.panels.equation import answer_line, state_line
from rnn_tui.ui.panels.equation_terms import equations
from rnn_tui.ui.panels.view_state import ViewState


@dataclass(frozen=True)
class Lesson:
    """``numbers``: a line each, the most important ones first."""

    words: str
    formula: tuple[str, ...]
    numbers: tuple[str, ...]

    def put(self, way: Callable[[str], str]) -> "Lesson":
        """The same in other words or characters."""
        return Lesson(way(self.words), tuple(map(way, self.formula)), tuple(map(way, self.numbers)))


# Forward.


def forward(slow: SlowMotion, t: int, unit: int, width: int) -> Lesson:
    view = ViewState(slow.frame, "", t, unit)
    numbers = (state_line(view, width), answer_line(view, width))
    return Lesson(_forward_words(slow, t), (*equations(slow.lane), OUTPUT_EQUATION), numbers)


def _forward_words(slow: SlowMotion, t: int) -> str:
    window = getattr(slow.lane.settings, "window", None)
    if window is not None:
        seen = "x_t alone" if window == 1 else f"the last {window} inputs alone"
        return (
            f"Left to right. h_t is made of {seen}: this net is fed forward only, and nothing is handed on from one "
            "time step to the next. What is not in its window it cannot know."
        )
    if t == 0:
        empty = "h = 0 and c = 0" if slow.lane.settings.kind == "lstm" else "h = 0"
        start = "with what the batch before has left" if slow.lane.before else f"empty, with {empty}"
        return (
            "Left to right. h_t is made of the input x_t and of h_(t-1), the state one time step before: the net's "
            f"memory. It begins {start}. y_t is the answer."
        )
    scored = "l_t says how far off the answer y_t is." if slow.frame.mask[t] else "At this t no answer is asked for."
    return (
        "h_t is made of the new input x_t and of h_(t-1), so it can hold what came earlier. The same weights serve at "
        f"every t. {scored}"
    )


# Loss.


def loss(slow: SlowMotion, t: int) -> Lesson:
    """``t``: a scored time step, as an example."""
    others = f" in the batch's {slow.sequences} sequences; you see the first" if slow.sequences > 1 else ""
    words = (
        "Each answer that is asked for is compared with its target: l_t is near 0 where the net was right, and sure. "
        f"L is the mean over all {slow.scored:,}{others}."
    )
    if not slow.frame.mask.any():
        return Lesson(words, _loss_formulas(slow), ("of this sequence nothing is scored in this batch", _mean(slow)))
    return Lesson(words, _loss_formulas(slow), (*_example(slow, t), _mean(slow)))


def _loss_formulas(slow: SlowMotion) -> tuple[str, ...]:
    kind = slow.frame.task.loss
    if kind is cross_entropy:
        return ("l_t = −ln p[target], p = softmax(y_t)", "∂L/∂y_t = (p − onehot(target)) / N, L = Σ l / N")
    if kind is binary_cross_entropy:
        return (
            "l_t = −ln p where the target is 1, else −ln(1 − p), p = σ(y_t)",
            "∂L/∂y_t = (p − target) / N, L = Σ l / N",
        )
    return ("l_t = (y_t − target)²", "∂L/∂y_t = 2 (y_t − target) / N, L = Σ l / N")


def _example(slow: SlowMotion, t: int) -> tuple[str, str]:
    """l and ∂L/∂y of one time step."""
    frame, N = slow.frame, slow.scored
    y, target, l, name = float(slow.lane.logits[t, 0]), float(frame.target[t]), float(slow.losses[t]), f"∂L/∂y({t})"
    value = loss_text(l)
    if frame.task.loss is cross_entropy:
        which, p = repr(frame.task.classes[int(target)]), brief(float(np.exp(-l)))
        slope = brief(float(slow.dy[t, int(target)]))
        return f"l({t}) = −ln P({which}) = −ln {p} = {value}", f"{name}[{which}] = ({p} − 1) / {N:,} = {slope}"
    slope = brief(float(slow.dy[t, 0]))
    if frame.task.loss is binary_cross_entropy:
        p = brief(float(sigmoid(np.asarray(y))))
        said = f"−ln {p}" if target else f"−ln(1 − {p})"
        return f"l({t}) = {said} = {value}", f"{name} = ({p} − {target:g}) / {N:,} = {slope}"
    error = f"({signed(y, 3)} − {signed(target, 3)})".replace("− −", "+ ")
    return f"l({t}) = {error}² = {value}", f"{name} = 2·{error} / {N:,} = {slope}"


def _mean(slow: SlowMotion) -> str:
    if not slow.scored:
        return "L = 0, for nothing is scored"
    own, whole = float(slow.losses[slow.frame.mask > 0].sum()), slow.loss * slow.scored
    others = slow.sequences - 1
    rest = f" + {brief(whole - own)} of the other {others}" if others > 1 else f" + {brief(whole - own)} of the other"
    return f"L = ({brief(own)} of this sequence{rest if others else ''}) / {slow.scored:,} = {loss_text(slow.loss)}"

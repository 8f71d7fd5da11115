"""Texts of the forward and loss phases: in words, as a formula, and with the numbers of one unit."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from rnn_tui.engine.losses import Answer
from rnn_tui.engine.models import OUTPUT_EQUATION
from rnn_tui.number_format import brief, loss_text, signed
from rnn_tui.session.update_trace import UpdateTrace
from rnn_tui.ui.panels.equation_lines import Line, in_letters, text_of
from rnn_tui.ui.panels.equation_terms import equations
from rnn_tui.ui.panels.equation_text import in_brief
from rnn_tui.ui.panels.view_state import ViewState
from rnn_tui.ui.render.ascii_filter import spelt


@dataclass(frozen=True)
class PhaseText:
    """Text of a phase at one place.  ``numbers``: the most important ones first."""

    words: str
    formula: tuple[str, ...]
    numbers: tuple[Line, ...]

    @classmethod
    def of(cls, words: str, formula: Sequence[str], *numbers: str) -> "PhaseText":
        """Return a text whose numbers have no colors of their own."""
        return cls(words, tuple(formula), tuple([(line, "")] for line in numbers))

    @property
    def lines(self) -> tuple[str, ...]:
        """The numbers without their colors."""
        return tuple(map(text_of, self.numbers))

    def put(self, way: Callable[[str], str]) -> "PhaseText":
        """Return the text with every piece converted."""
        numbers = tuple([(way(text), part) for text, part in line] for line in self.numbers)
        return PhaseText(way(self.words), tuple(map(way, self.formula)), numbers)

    def in_ascii(self) -> "PhaseText":
        return replace(self.put(spelt), numbers=tuple(map(in_letters, self.numbers)))


# Forward.


def forward(slow: UpdateTrace, t: int, unit: int, width: int, rows: int = 4, in_ascii: bool = False) -> PhaseText:
    numbers = in_brief(ViewState(slow.frame, "", t, unit), width, min(rows, 4), in_ascii)
    return PhaseText(_forward_words(slow, t), (*equations(slow.lane), OUTPUT_EQUATION), tuple(numbers))


def _forward_words(slow: UpdateTrace, t: int) -> str:
    window = getattr(slow.lane.settings, "window", None)
    if window is not None:
        seen = "x_t alone" if window == 1 else f"the last {window} inputs alone"
        return (
            f"Left to right. h_t is computed from {seen}: this is a feed-forward net, and nothing is passed from one "
            "time step to the next. It cannot know anything outside its window."
        )
    if t == 0:
        empty = " and ".join(f"{state} = 0" for state in slow.lane.settings.architecture.memory)
        start = "with the state from the previous batch" if slow.lane.before else f"with {empty}"
        return (
            "Left to right. h_t is computed from the input x_t and from h_(t-1), the state at the previous time step: "
            f"the net's memory. It starts {start}. y_t is the answer."
        )
    scored = "l_t is the error of the answer y_t." if slow.frame.mask[t] else "No answer is scored at this t."
    return (
        "h_t is computed from the new input x_t and from h_(t-1), so it can hold earlier inputs. The weights are the "
        f"same at every t. {scored}"
    )


# Loss.


def loss(slow: UpdateTrace, t: int) -> PhaseText:
    """``t``: a scored time step, as an example."""
    others = f" in the {slow.sequences} sequences of the batch; the first one is shown" if slow.sequences > 1 else ""
    words = (
        "Each scored answer is compared with its target: l_t is near 0 if the net is right and certain. "
        f"L is the mean over all {slow.scored:,} answers{others}."
    )
    if not slow.frame.mask.any():
        nothing = "nothing of this sequence is scored in this batch"
        return PhaseText.of(words, slow.frame.task.loss.formulas, nothing, _mean(slow))
    return PhaseText.of(words, slow.frame.task.loss.formulas, *_example(slow, t), _mean(slow))


def _example(slow: UpdateTrace, t: int) -> tuple[str, str]:
    """Return l and ∂L/∂y of one time step."""
    frame, N, loss = slow.frame, slow.scored, slow.frame.task.loss
    output = int(frame.target[t]) if loss.answer is Answer.CLASS else 0
    y, target, probability = slow.lane.logits[t], float(frame.target[t]), loss.probability(slow.lane.logits[t], output)
    words = {
        "y": signed(float(y[0]), 3),
        "target": f"{target:g}" if loss.answer is Answer.BIT else signed(target, 3),
        "p": "" if probability is None else brief(probability),
        "which": repr(frame.task.classes[output]) if frame.task.classes else "",
    }
    l, slope = (text.format(**words).replace("− −", "+ ") for text in loss.example(target))
    name = f"∂L/∂y({t})" + (f"[{words['which']}]" if words["which"] else "")
    value, gradient = loss_text(float(slow.losses[t])), brief(float(slow.dy[t, output]))
    return f"l({t}) = {l} = {value}", f"{name} = {slope} / {N:,} = {gradient}"


def _mean(slow: UpdateTrace) -> str:
    if not slow.scored:
        return "L = 0, because nothing is scored"
    own, whole = float(slow.losses[slow.frame.mask > 0].sum()), slow.loss * slow.scored
    others = slow.sequences - 1
    rest = f" + {brief(whole - own)} of the other {others}" if others > 1 else f" + {brief(whole - own)} of the other"
    return f"L = ({brief(own)} of this sequence{rest if others else ''}) / {slow.scored:,} = {loss_text(slow.loss)}"

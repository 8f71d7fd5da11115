"""The memory panel: how much of the input k time steps ago can be read from the hidden state, by lag."""

from collections.abc import Sequence

import numpy as np

from rnn_tui.engine.diagnostics import Undefined
from rnn_tui.number_format import counted
from rnn_tui.session.diagnosis import Memory, memory
from rnn_tui.session.diagnosis_sentences import KNOWN, capacity_text, memory_sentences
from rnn_tui.session.frame import Demand
from rnn_tui.ui.panels.declaration import READ_KEYS, REMEMBER, PanelDeclaration, PanelHelp, always
from rnn_tui.ui.panels.diagnoses import COMPUTING, Diagnostic
from rnn_tui.ui.panels.diagnosis_panel import BY_LAG, OVER_RUN, LagPanel, next_drawing, rows
from rnn_tui.ui.panels.view_state import ViewState
from rnn_tui.ui.widgets.lag_chart import LagChart, LagCurve, LagMark, ValueAxis

MEMORY = Diagnostic("memory", lambda net, _: memory(net), memory_sentences)
AXIS = ValueAxis(0.0, 1.0, [(0.0, "0"), (0.5, ".5"), (1.0, "1")])


class MemoryPanel(LagPanel):
    declaration = PanelDeclaration(
        name="memory",
        number=7,
        title="memory",
        page=REMEMBER,
        columns=always(30, 34, 60),
        rows=rows,
        demands=Demand.NETS | Demand.WHAT_IF,
        diagnostics=(MEMORY,),
        drawings=(BY_LAG, OVER_RUN),
        keys=(next_drawing("memory", "Show memory by lag, or the capacity over the run"),),
        help=PanelHelp(
            "What the hidden state still knows: the share R² of the variance of x_(t−k) that a linear readout of h_t "
            "explains, by lag k, on held-out sequences. 1: it is known exactly; 0: it is forgotten.",
            "R²_k = 1 − Σ (x_(t−k) − read_t)² / Σ (x_(t−k) − mean)²\ncapacity = Σ_k R²_k",
            "The gray curve is what x_t alone tells of earlier inputs. A dashed curve is the best that a net with the "
            "identity activation and these weights can do. The readout is a ridge regression, fitted on one half of "
            "the sequences and scored on the other (Jaeger 2001). Training shapes this curve: before it, memory is "
            "broad and blurred; after it, it has what the task asks for. A window is a rectangle. {memory.drawing} "
            "shows the capacity over the steps of the run: when did the net learn to remember?",
            ("memory.drawing", "look.page", "look.lane", *READ_KEYS),
        ),
    )

    diagnostic = MEMORY

    def show(self, view: ViewState) -> None:
        more = self.other_drawing(view)
        if self.by_step:
            self.draw_over_run(view, MEMORY, lambda found: found.curve.capacity)
            self.title(more, ": capacity over the run")
            self.tell(view, [_learned(lane.label, lane.net.asked, self.over_run(view, MEMORY, i))
                             for i, lane in enumerate(view.frame.lanes)])  # fmt: skip
            return
        found = self.found(view)
        lanes, muted = view.frame.lanes, self.palette.muted
        curves = [
            LagCurve(result.curve.r2, self.color(i), self.mark(i), lanes[i].label) for i, result in found
        ]  # fmt: skip
        curves += [LagCurve(result.curve.r2, self.color(i), tag=f"{lanes[i].label} if", dashed=True)
                   for i, result in self.found_altered(view)]  # fmt: skip
        shown = dict(found).get(view.lane)
        curves += [LagCurve(exact, self.color(view.lane), dashed=True) for exact in _exact(shown)]
        first = found[0][1] if found else None
        curves += [LagCurve(first.reference, muted, tag="x_t alone")] if first and not first.independent else []
        asked = [LagMark(first.asked, "task's lag", muted)] if first and first.asked else []
        self.query_one(LagChart).show(curves, AXIS, asked)
        changed = {i: f", if {result.curve.capacity:.1f}" for i, result in self.found_altered(view)}
        whole = [f"{lanes[i].label} {capacity_text(result)}{changed.get(i, '')}" for i, result in sorted(found)]
        short = [f"{lanes[i].label} {result.curve.capacity:.1f}{changed.get(i, '')}" for i, result in sorted(found)]
        this = [text for (i, _), text in zip(sorted(found), whole, strict=True) if i == view.lane]
        capacities = [f"capacity {' · '.join(texts)}" for texts in (whole, short, this) if texts]
        capacities += [f"capacity {result.curve.capacity:.1f}{changed.get(i, '')}"
                       for i, result in found if i == view.lane]  # fmt: skip
        self.title(
            self.with_hint(capacities, more),
            (self.of_step(view, MEMORY), "dim"),
            *self.about(": R² of x_(t−k) read from h_t"),
        )
        self.say(view, MEMORY)


def _learned(label: str, asked: int | None, found: dict[int, Memory]) -> Sequence[str]:
    """Return since when a net knows the input that the task asks for, and how its capacity changed."""
    if len(found) < 2:
        return (f"{label}: {COMPUTING if not found else 'train to see how its memory changes'}",)
    first, last = (found[step].curve.capacity for step in (min(found), max(found)))
    changed = f"capacity {first:.1f} at step {min(found):,}, {last:.1f} at step {max(found):,}"
    in_short = f"{label}: capacity {first:.1f}, then {last:.1f}."
    if not asked:
        return f"{label}: {changed}.", in_short
    known = [step for step, memory in found.items() if asked < len(memory.curve.r2) and memory.curve.r2[asked] >= KNOWN]
    if not known:
        return (
            f"{label} has never known the input {counted(asked, 'step')} back (R² 0.5 or more): {changed}.",
            f"{label} has never known x_(t−{asked}).",
        )
    return (
        f"{label} has known the input {counted(asked, 'step')} back since step {min(known):,}: {changed}.",
        f"{label} has known x_(t−{asked}) since step {min(known):,}.",
    )


def _exact(found: Memory | None) -> list[np.ndarray]:
    """Return the curve of the linear theory, if it applies."""
    return [found.exact] if found and found.exact is not None and not isinstance(found.exact, Undefined) else []

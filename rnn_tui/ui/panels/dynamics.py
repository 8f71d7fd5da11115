"""The dynamics panel: why memory fades or lasts, in three drawings: eigenvalues, growth of a change, and states."""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np
from textual.content import Content

from rnn_tui.engine.diagnostics import PrincipalPlane
from rnn_tui.engine.losses import Answer
from rnn_tui.engine.parameters import Array
from rnn_tui.number_format import with_minus
from rnn_tui.session.diagnosis import (
    FixedPoints,
    Perturbations,
    Recurrence,
    Trajectory,
    fixed_points,
    perturbations,
    recurrence,
    trajectory,
)
from rnn_tui.session.diagnosis_sentences import fixed_points_sentences, perturbations_sentences, recurrence_sentences
from rnn_tui.session.frame import Demand
from rnn_tui.ui.panels.declaration import READ_KEYS, REMEMBER, PanelDeclaration, PanelHelp, always
from rnn_tui.ui.panels.diagnoses import Diagnostic, DiagnosticResult, defined
from rnn_tui.ui.panels.diagnosis_panel import DiagnosisPanel, next_drawing, rows
from rnn_tui.ui.panels.gradient import decades, logarithm
from rnn_tui.ui.panels.sequence import value_text
from rnn_tui.ui.panels.view_state import WITHOUT, ViewState
from rnn_tui.ui.widgets.lag_chart import LagChart, LagCurve
from rnn_tui.ui.widgets.line_widget import LineWidget
from rnn_tui.ui.widgets.plane_chart import PlaneChart, Points, around

W_HH = Diagnostic("recurrence", lambda net, _: recurrence(net), recurrence_sentences, shown_lane=True)
JACOBIAN = Diagnostic("Jacobian", recurrence, recurrence_sentences, at_cursor=True, shown_lane=True)
GROWTH = Diagnostic(
    "growth",
    lambda net, t: perturbations(net, t or None),  # up to t = 0, nothing can grow: then up to the last time step
    perturbations_sentences,
    at_cursor=True,
    shown_lane=True,
)
FIXED_POINTS = Diagnostic("fixed points", lambda net, _: fixed_points(net), fixed_points_sentences, shown_lane=True)
STATES = Diagnostic("states", lambda net, _: trajectory(net), shown_lane=True)
STABLE, UNSTABLE, NOW = "●#", "○o", "◆x"  # signs of fixed points and of the time step, also in ASCII
SHADES = 8  # colors of states, by what they should answer
DOTTED = "⠿."  # a state without a sign of its own, also in ASCII


class Drawing(NamedTuple):
    """One drawing: its name, and what its sentence is about."""

    name: str
    diagnostic: Diagnostic


EIGENVALUES = Drawing("eigenvalues", W_HH)
AT_CURSOR = Drawing("Jacobian at t", JACOBIAN)
CHANGES = Drawing("growth", GROWTH)
PLANE = Drawing("states", FIXED_POINTS)
DRAWINGS = (EIGENVALUES, AT_CURSOR, CHANGES, PLANE)


class DynamicsPanel(DiagnosisPanel):
    declaration = PanelDeclaration(
        name="dynamics",
        number=9,
        title="dynamics",
        page=REMEMBER,
        columns=always(26, 29, 50),
        rows=rows,
        demands=Demand.NETS,
        diagnostics=(W_HH, JACOBIAN, GROWTH, STATES, FIXED_POINTS),
        drawings=("eigenvalues", "jacobian", "growth", "states"),
        keys=(next_drawing("dynamics", "Show eigenvalues, the growth of a change, or the states in a plane"),),
        help=PanelHelp(
            "Why memory fades or lasts. {dynamics.drawing} changes the drawing: the eigenvalues of W_hh and the unit "
            "circle; those of the Jacobian at the cursor; the growth of a small change of the state by lag, up to the "
            "cursor or, at t = 0, up to the last time step; and the states of held-out sequences in the plane of their "
            "two principal components, with fixed points.",
            "∂h_t/∂h_(t−1) = diag(f′(z_t)) W_hh\nfixed point: F(h) = h, stable if all |λ| < 1",
            "Inside the circle a direction fades, outside it grows. σ, the norm, is the largest growth in one step: "
            "with σ < 1/γ, γ being the steepest slope of f, the gradient must vanish (Pascanu et al. 2013). "
            "● is a stable fixed point, ○ an unstable one, for an input held at 0 or at the most frequent symbol "
            "(Sussillo and Barak 2013). The axes of the plane stay while the nets train.",
            ("dynamics.drawing", "look.page", "look.lane", *READ_KEYS),
        ),
    )

    def __init__(self) -> None:
        super().__init__()
        self.drawing = EIGENVALUES
        self._plane: PrincipalPlane | None = None  # of the states that are shown

    def charts(self) -> Sequence[LineWidget]:
        return [PlaneChart(), LagChart()]

    def diagnostics(self, view: ViewState) -> tuple[Diagnostic, ...]:
        if self.drawing is not PLANE:
            return (self.drawing.diagnostic,)
        return STATES._replace(compute=_in_plane(self._plane if view.playing else None)), FIXED_POINTS

    def drawn_of(self, view: ViewState) -> object:
        return super().drawn_of(view), view.t if self.drawing is PLANE else None

    def action_drawing(self) -> None:
        """Show the next drawing."""
        self.drawing = DRAWINGS[(DRAWINGS.index(self.drawing) + 1) % len(DRAWINGS)]
        self.changed_drawing()

    def show(self, view: ViewState) -> None:
        lane, drawing = view.shown, self.drawing
        result = view.diagnoses.of(drawing.diagnostic, view.lane, lane.net)
        found = defined(result)
        if drawing is CHANGES:
            right = self._draw_growth(found)
        elif drawing is PLANE:
            right = self._draw_states(view, found)
        else:
            right = self._draw_eigenvalues(view, found)
        following = DRAWINGS[(DRAWINGS.index(drawing) + 1) % len(DRAWINGS)].name
        shades = self._shades(view)
        headings = [drawing.name] if shades else [f"{self.declaration.title}: {drawing.name}", drawing.name]
        if view.frame.what_if:
            headings = [*(f"{heading}{WITHOUT}" for heading in headings), f"intact {drawing.name}"]
        self.heading = self.fitting([Content(heading) for heading in headings], taken=2).plain  # 2: the number
        of_step = (self.of_step(view, drawing.diagnostic), "dim")
        hint = view.keys.say("{dynamics.drawing}: ") + following
        self.title(self.with_hint(right, hint), *shades, f" of {lane.label}", of_step)
        self.say(view, drawing.diagnostic)

    def _draw_eigenvalues(self, view: ViewState, found: Recurrence | None) -> Sequence[str]:
        self.only(PlaneChart)
        values = np.zeros(0) if found is None else found.spectrum.eigenvalues
        points = np.stack([values.real, values.imag], axis=1)
        plane = around(np.concatenate([points, -points, [[1.0, 1.0], [-1.0, -1.0]]]))
        self.query_one(PlaneChart).show([Points(points, self.color(view.lane), self._sign("●o"))], plane, circle=True)
        return [] if found is None else [f"ρ {found.spectrum.radius:.2f}, σ {found.spectrum.norm:.2f}"]

    def _draw_growth(self, found: Perturbations | None) -> Sequence[str]:
        self.only(LagChart)
        assert self.view is not None
        curves = [LagCurve(logarithm(found.growth), self.color(self.view.lane))] if found else []
        axis = decades([curve.values for curve in curves])._replace(levels=(0.0,))
        self.query_one(LagChart).show(curves, axis)
        return [] if found is None else [with_minus(f"to t = {found.t} · λ₁ {found.exponents[0]:.2f}")]

    def _draw_states(self, view: ViewState, points: FixedPoints | None) -> Sequence[str]:
        self.only(PlaneChart)
        result = view.diagnoses.of(STATES, view.lane, view.shown.net)
        found: Trajectory | None = defined(result)
        if found is None or result is None:
            self.query_one(PlaneChart).show([], around(np.zeros((0, 2)), 1.0))
            return []
        self._plane = found.plane
        layers = self._clouds(result, found)
        layers.append(Points(found.probe, self.palette.muted, joined=True))
        if points is not None and points.points:
            at = found.plane.project(np.array([point.state for point in points.points]))
            stable = np.array([point.stable for point in points.points])
            layers.append(Points(at[~stable], self.palette.marker, self._sign(UNSTABLE)))
            layers.append(Points(at[stable], self.palette.marker, self._sign(STABLE)))
        t = min(view.t, len(found.probe) - 1)
        layers.append(Points(found.probe[t : t + 1], self.color(view.lane), self._sign(NOW)))
        self.query_one(PlaneChart).show(layers, around(np.concatenate([found.probe, found.others.reshape(-1, 2)])))
        filled, hollow, now = (self._sign(signs) for signs in (STABLE, UNSTABLE, NOW))
        share = f"{100 * found.plane.shares.sum():.0f}% of the variance"
        legend = f"{filled} stable · {hollow} unstable · {now} t = {t}"
        return [f"{share} · {legend}", legend, f"{filled} stable {hollow} not {now} now"]

    def _shades(self, view: ViewState) -> list[tuple[str, str]]:
        """Return a legend of the shades of the states: the lowest and the highest target."""
        result = view.diagnoses.of(STATES, view.lane, view.shown.net)
        if self.drawing is not PLANE or result is None or defined(result) is None:
            return []
        heat, ends = self.palette.heat, (0, SHADES - 1)
        texts = (value_text(view.frame, value) for value in _targets(result, defined(result))[1:])
        signs = (self._glyph(result.net.task.loss.answer, level) or DOTTED[self.canvas.ascii] for level in ends)
        said = [(f" {sign}{text}", heat[-(level > 0)]) for sign, text, level in zip(signs, texts, ends, strict=True)]
        return [(": target", self.palette.muted), *said]

    def _sign(self, signs: str) -> str:
        return signs[1 if self.canvas.ascii else 0]

    def _clouds(self, result: DiagnosticResult, found: Trajectory) -> list[Points]:
        """Return the states of further sequences in shades of what should be answered there."""
        net, (target, low, high) = result.net, _targets(result, found)
        shade = np.clip((target - low) / ((high - low) or 1) * SHADES, 0, SHADES - 1).astype(int)
        heat, layers = self.palette.heat, []
        for level in range(SHADES):
            color = heat[round(level / (SHADES - 1) * (len(heat) - 1))]
            layers.append(Points(found.others[shade == level], color, self._glyph(net.task.loss.answer, level)))
        return layers

    def _glyph(self, answer: Answer, level: int) -> str:
        """Return a character for a shade where colors cannot tell; empty: a dot."""
        return str(level) if self.canvas.glyphs and answer is not Answer.NUMBER else ""


def _targets(result: DiagnosticResult, found: Trajectory) -> tuple[Array, float, float]:
    """Return what should be answered in each state of further sequences, and the ends of its scale of shades."""
    target = result.net.held_out.target
    target = target.reshape(len(target), -1, target.shape[-1])[:, 0]
    target = target[: len(found.others), 1 : 1 + found.others.shape[1]].astype(float)
    return target, float(target.min(initial=0)), float(target.max(initial=1))


def _in_plane(plane: PrincipalPlane | None) -> Callable[[Any, int], Any]:
    return lambda net, _: trajectory(net, plane)

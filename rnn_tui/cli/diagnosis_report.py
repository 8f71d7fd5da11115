"""The report of ``rnn-tui diagnose``, as a JSON object and as text; only the command line imports it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from math import isfinite
from typing import Any, NamedTuple

import numpy as np

from rnn_tui.engine.diagnostics import Undefined
from rnn_tui.engine.parameters import Array
from rnn_tui.number_format import counted, finite_or_none, no_number, percent, plural, power_of_ten, report_number
from rnn_tui.presets.preset import Preset
from rnn_tui.session.diagnosis import Diagnosis, Gradient, Memory, UnitTable, gradient, memory
from rnn_tui.session.diagnosis_sentences import capacity_text, delay_line_text, sentences, unit_text
from rnn_tui.session.interventions_in_turn import InTurn
from rnn_tui.session.trained_net import TrainedNet

MOST_LAGS, MOST_UNITS = 13, 6  # columns and rows of the tables
LEAST = 0.005  # R² and shares of gradient below which the last columns are left out
WIDTH = 7  # of a number in a table

Document = dict[str, Any]


class Reach(NamedTuple):
    """What a net knows of the past, and how far it learns."""

    memory: Memory | Undefined
    gradient: Gradient | Undefined

    @classmethod
    def of(cls, net: TrainedNet) -> "Reach":
        return cls(memory(net), gradient(net))


@dataclass(frozen=True)
class LaneReport:
    """What is reported of one lane.

    Attributes:
        without: the same lane without the interventions; None if there are none.
        in_turn: scores with each intervention over time in turn, by name; empty if they were not asked for.
    """

    found: Diagnosis
    without: Reach | None = None
    in_turn: Mapping[str, InTurn | Undefined] = field(default_factory=dict)


IN_TURN = {"resets": "state reset before each time step", "removed_inputs": "inputs of each time step removed"}


def as_document(
    name: str,
    preset: Preset,
    step: int,
    lanes: Sequence[LaneReport],
    diverged: int | None = None,
    what_if: Sequence[str] = (),
) -> Document:
    """Return the object that ``rnn-tui diagnose --json`` prints.

    A figure without a value is None, and so is a number that is not finite; "undefined" of a lane gives the reasons.

    Args:
        diverged: the lane whose next update was not finite.
        what_if: the interventions with which the nets are read.
    """
    return {
        "preset": name,
        "seed": preset.training.seed,
        "step": step,
        "diverged": None if diverged is None else preset.names[diverged],
        "what_if": list(what_if),
        "lanes": [_lane(name, each) for name, each in zip(preset.names, lanes, strict=True)],
    }


def _lane(name: str, lane: LaneReport) -> Document:
    found, net = lane.found, lane.found.net
    more: Document = {}
    if lane.without is not None:
        more["without"] = {
            "memory": _memory(lane.without.memory), "gradient": _gradient(lane.without.gradient, net.truncation)
        }  # fmt: skip
    if lane.in_turn:
        more["in_turn"] = {name: _in_turn(each) for name, each in lane.in_turn.items()}
    return {
        "name": name,
        "kind": net.settings.kind,
        "units": net.units,
        "asked_lag": net.asked,
        "memory": _memory(found.memory),
        "gradient": _gradient(found.gradient, net.truncation),
        "spectrum": _spectrum(found),
        "lyapunov": None if isinstance(found.perturbations, Undefined) else _numbers(found.perturbations.exponents),
        "saliency_peak_lag": None if isinstance(found.saliency, Undefined) else _defined(found.saliency.peak),
        "loss": None if isinstance(found.units, Undefined) else finite_or_none(found.units.loss),
        "applied": list(net.settings.interventions),
        "interventions": [each.spelling for each in net.interventions],
        "carriers": None if isinstance(found.units, Undefined) else [each._asdict() for each in found.units.carriers],
        "units_table": None if isinstance(found.units, Undefined) else _units(found.units),
        "fixed_points": _fixed_points(found),
        "undefined": {key: why.reason for key, why in _reasons(found)},
        "sentences": list(sentences(found).values()),
        **more,
    }


def _memory(found: Memory | Undefined) -> Document:
    if isinstance(found, Undefined):
        return dict.fromkeys(("r2", "reference", "exact", "capacity", "enough_data"))
    exact = None if found.exact is None or isinstance(found.exact, Undefined) else _numbers(found.exact)
    return {
        "r2": _numbers(found.curve.r2),
        "reference": _numbers(found.reference),
        "exact": exact,
        "capacity": found.curve.capacity,
        "enough_data": found.curve.enough,
    }


def _gradient(found: Gradient | Undefined, truncation: int) -> Document:
    cut = {"truncation": truncation or None}
    if isinstance(found, Undefined):
        return {**dict.fromkeys(("by_lag", "arrives", "horizon", "orthogonal_gain")), **cut}
    return {
        "by_lag": _numbers(found.by_lag.by_lag),
        "arrives": _numbers(found.by_lag.arrives),
        "horizon": found.by_lag.horizon,
        "orthogonal_gain": found.gain,
        **cut,
    }


def _spectrum(found: Diagnosis) -> Document:
    if isinstance(found.recurrence, Undefined):
        return dict.fromkeys(("of", "eigenvalues", "radius", "norm"))
    values = found.recurrence.spectrum
    return {
        "of": "W_hh" if found.recurrence.t is None else f"Jacobian at t = {found.recurrence.t}",
        "eigenvalues": [[value.real, value.imag] for value in values.eigenvalues.tolist()],
        "radius": values.radius,
        "norm": values.norm,
    }


def _units(found: UnitTable) -> list[Document]:
    return [
        {**row._asdict(), "r2": finite_or_none(row.r2), "loss_without": finite_or_none(row.loss_without)}
        for row in found.rows
    ]


def _in_turn(found: InTurn | Undefined) -> list[Document] | None:
    if isinstance(found, Undefined):
        return None
    return [
        {"what_if": row.intervention.spelling, "loss": row.loss, "change": row.loss - found.loss,
         "accuracy": row.accuracy}
        for row in found.rows
    ]  # fmt: skip


def _fixed_points(found: Diagnosis) -> list[Document] | None:
    if isinstance(found.fixed_points, Undefined):
        return None
    return [
        {"state": _numbers(point.state), "speed": point.speed, "stable": point.stable}
        for point in found.fixed_points.points
    ]


def _reasons(found: Diagnosis) -> Iterable[tuple[str, Undefined]]:
    """Yield the name of each figure that has no value, and the reason."""
    sections = {
        "memory": found.memory,
        "gradient": found.gradient,
        "spectrum": found.recurrence,
        "lyapunov": found.perturbations,
        "saliency_peak_lag": found.saliency if isinstance(found.saliency, Undefined) else found.saliency.peak,
        "units_table": found.units,
        "fixed_points": found.fixed_points,
        "memory.exact": None if isinstance(found.memory, Undefined) else found.memory.exact,
    }
    yield from ((key, value) for key, value in sections.items() if isinstance(value, Undefined))


def _numbers(array: Array) -> list[float | None]:
    return [finite_or_none(value) for value in array.tolist()]


def _defined(value: int | Undefined) -> int | None:
    return None if isinstance(value, Undefined) else value


# As text.


def as_text(document: Document, lanes: Sequence[LaneReport]) -> str:
    """Return the report as text: tables by lag of all lanes, then the sentences and the units of each."""
    head = f"{document['preset']}, seed {document['seed']}, step {document['step']:,}"
    head += f"; what if: {', '.join(document['what_if'])}" if document["what_if"] else ""
    return "\n".join([head, "", *_by_lag(lanes), *chain.from_iterable(map(_about, lanes))])


def _by_lag(lanes: Sequence[LaneReport]) -> list[str]:
    """Return the tables of the memory curves and of the gradients."""
    curves, gradients = {}, {}
    named = [(lane.found.net.label, Reach(lane.found.memory, lane.found.gradient), lane.without) for lane in lanes]
    for label, reach in chain.from_iterable(
        [(label, reach), *([(f"{label}, without", without)] if without else [])] for label, reach, without in named
    ):
        if not isinstance(reach.memory, Undefined):
            curves[label] = reach.memory.curve.r2
            if isinstance(reach.memory.exact, np.ndarray):
                curves[f"{label}, exact"] = reach.memory.exact
            curves["x_t alone"] = reach.memory.reference
        if not isinstance(reach.gradient, Undefined):
            gradients[label] = reach.gradient.by_lag.by_lag
    if "x_t alone" in curves:  # last
        curves["x_t alone"] = curves.pop("x_t alone")
    return [
        *_table("memory: R² of x_(t-k) read from h_t, by lag k", curves, _r2),
        *_table("gradient: ∂y_τ/∂h_(τ-k), relative to lag 0, by lag k", gradients, _part),
    ]


def _table(title: str, rows: dict[str, Array], text: Any) -> list[str]:
    """Return one row for each lane; of many lags every second, third, … ."""
    if not rows:
        return []
    last = max(int(np.flatnonzero(np.abs(row) >= LEAST)[-1:].sum()) for row in rows.values())
    count = min(last + 2, max(map(len, rows.values())))
    lags = range(0, count, -(-count // MOST_LAGS))
    label = max(len("lag"), *map(len, rows))
    lines = [f"{'lag':<{label}}" + "".join(f"{lag:>{WIDTH}}" for lag in lags)]
    for name, row in rows.items():
        lines.append(
            f"{name:<{label}}" + "".join(f"{text(row[lag]) if lag < len(row) else '':>{WIDTH}}" for lag in lags)
        )
    return [title, *lines, ""]


def _r2(value: float) -> str:
    return f"{value:.2f}"


def _part(value: float) -> str:
    """Return a part of a gradient in at most five characters."""
    if not value or not isfinite(value):
        return no_number(value) or "0"
    return f"{value:.2g}" if 0.001 <= value < 1000 else power_of_ten(round(float(np.log10(value))))


def _about(lane: LaneReport) -> list[str]:
    """Return the sentences on a lane, its capacity, and the table of its units."""
    found, net = lane.found, lane.found.net
    kind = f"{net.settings.kind}, {counted(net.units, 'unit')}"
    capacity = "" if isinstance(found.memory, Undefined) else f", memory capacity {capacity_text(found.memory)}"
    lines = [f"{net.label} ({kind}{capacity})", *(f"  {said}" for said in sentences(found).values())]
    in_turn = [line for name, each in lane.in_turn.items() for line in _in_turn_lines(IN_TURN[name], each)]
    return [*lines, *_unit_lines(found.units), *in_turn, ""]


def _in_turn_lines(title: str, found: InTurn | Undefined) -> list[str]:
    """Return the loss without, the greatest losses with one of the interventions, and the least one."""
    if isinstance(found, Undefined):
        return []
    shown = [*found.rows[:MOST_UNITS], *found.rows[MOST_UNITS:][-1:]]
    width = max(len(row.intervention.spelling) for row in shown)
    more = len(found.rows) - MOST_UNITS - 1
    lines = [f"  {row.intervention.spelling:<{width}}  {report_number(row.loss)}" for row in shown]
    if more > 0:
        lines.insert(MOST_UNITS, f"  and {more:,} more, down to")
    return [f"  loss with the {title} in turn, without {report_number(found.loss)}", *lines]


def _unit_lines(found: UnitTable | Undefined) -> list[str]:
    if isinstance(found, Undefined):
        return []
    rows = [["unit, by importance", "saturated", "loss without it"]]
    for row in found.rows[:MOST_UNITS]:
        saturated = "–" if row.saturated is None else percent(row.saturated, 0)
        rows.append([unit_text(row), saturated, report_number(row.loss_without)])
    widths = [max(len(row[i]) for row in rows) for i in range(3)]
    lines = [f"  {row[0]:<{widths[0]}}  {row[1]:>{widths[1]}}  {row[2]:>{widths[2]}}" for row in rows]
    more = len(found.rows) - MOST_UNITS
    lines += [f"  and {more:,} more {plural('unit', more)}"] if more > 0 else []
    line = delay_line_text(found)
    return [*lines, *([f"  delay line (R² of a unit from one input): {line}"] if line else [])]

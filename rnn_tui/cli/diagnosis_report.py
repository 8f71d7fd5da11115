"""The report of ``rnn-tui diagnose``, as a JSON object and as text; only the command line imports it."""

from collections.abc import Iterable, Sequence
from math import isfinite
from typing import Any

import numpy as np

from rnn_tui.engine.diagnostics import Undefined
from rnn_tui.engine.parameters import Array
from rnn_tui.number_format import counted, no_number, percent, plural, power_of_ten, report_number
from rnn_tui.presets.preset import Preset
from rnn_tui.session.diagnosis import Diagnosis, Gradient, Memory, UnitTable
from rnn_tui.session.diagnosis_sentences import capacity_text, sentences, unit_text

MOST_LAGS, MOST_UNITS = 13, 6  # columns and rows of the tables
LEAST = 0.005  # R² and shares of gradient below which the last columns are left out
WIDTH = 7  # of a number in a table

Document = dict[str, Any]


def as_document(
    name: str, preset: Preset, step: int, found: Sequence[Diagnosis], diverged: int | None = None
) -> Document:
    """Return the object that ``rnn-tui diagnose --json`` prints.

    A figure without a value is None, and so is a number that is not finite; "undefined" of a lane gives the reasons.
    ``diverged``: the lane whose next update was not finite.
    """
    return {
        "preset": name,
        "seed": preset.training.seed,
        "step": step,
        "diverged": None if diverged is None else preset.names[diverged],
        "lanes": [_lane(lane, each) for lane, each in zip(preset.names, found, strict=True)],
    }


def _lane(name: str, found: Diagnosis) -> Document:
    net = found.net
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
        "loss": None if isinstance(found.units, Undefined) else _finite(found.units.loss),
        "units_table": None if isinstance(found.units, Undefined) else _units(found.units),
        "fixed_points": _fixed_points(found),
        "undefined": {key: why.reason for key, why in _reasons(found)},
        "sentences": list(sentences(found).values()),
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
        {**row._asdict(), "r2": _finite(row.r2), "loss_without": _finite(row.loss_without)} for row in found.rows
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
    return [_finite(value) for value in array.tolist()]


def _finite(value: float) -> float | None:
    return value if isfinite(value) else None


def _defined(value: int | Undefined) -> int | None:
    return None if isinstance(value, Undefined) else value


# As text.


def as_text(document: Document, found: Sequence[Diagnosis]) -> str:
    """Return the report as text: tables by lag of all lanes, then the sentences and the units of each."""
    head = f"{document['preset']}, seed {document['seed']}, step {document['step']:,}"
    return "\n".join([head, "", *_by_lag(found), *(line for each in found for line in _about(each))])


def _by_lag(found: Sequence[Diagnosis]) -> list[str]:
    """Return the tables of the memory curves and of the gradients."""
    curves, gradients = {}, {}
    for each in found:
        if not isinstance(each.memory, Undefined):
            curves[each.net.label] = each.memory.curve.r2
            if isinstance(each.memory.exact, np.ndarray):
                curves[f"{each.net.label}, exact"] = each.memory.exact
            curves["x_t alone"] = each.memory.reference
        if not isinstance(each.gradient, Undefined):
            gradients[each.net.label] = each.gradient.by_lag.by_lag
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


def _about(found: Diagnosis) -> list[str]:
    """Return the sentences on a lane, its capacity, and the table of its units."""
    net = found.net
    kind = f"{net.settings.kind}, {counted(net.units, 'unit')}"
    capacity = "" if isinstance(found.memory, Undefined) else f", memory capacity {capacity_text(found.memory)}"
    lines = [f"{net.label} ({kind}{capacity})", *(f"  {said}" for said in sentences(found).values())]
    return [*lines, *_unit_lines(found.units), ""]


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
    return [*lines, *([f"  and {more:,} more {plural('unit', more)}"] if more > 0 else [])]

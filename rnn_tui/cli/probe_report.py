"""The report of ``rnn-tui probe``, as a JSON object and as text; only the command line imports it."""

from typing import TYPE_CHECKING, Any, Union

import numpy as np

from rnn_tui.engine.losses import Answer
from rnn_tui.engine.parameters import Array
from rnn_tui.number_format import difference, finite_or_none, percent, report_number
from rnn_tui.session.experiment import Experiment
from rnn_tui.session.forward_timeline import ForwardTimeline
from rnn_tui.session.probe_reading import RIGHT, UNSCORED, WRONG
from rnn_tui.session.what_if import AlteredLane, WhatIf, on_lane, read_with, why_not

if TYPE_CHECKING:
    from rnn_tui.experiments.training_run import TrainingRun
    from rnn_tui.session.session import Session

Document = dict[str, Any]

MOST_ROWS = 24  # time steps in the table of answers that change
VERDICTS = {RIGHT: True, WRONG: False, UNSCORED: None}


def as_document(
    name: str, run: Union["Session", "TrainingRun"], what_if: WhatIf, diverged: int | None = None
) -> Document:
    """Return the object that ``rnn-tui probe --json`` prints.

    A number that is not finite is None.  ``diverged``: the lane whose next update was not finite.
    """
    experiment, names = run.experiment, run.preset.names
    task, probe = experiment.task, experiment.held_out.first()
    is_class = task.loss.answer is Answer.CLASS
    targets = probe.target[:, 0] if is_class else task.in_units(probe.target[:, 0, 0])
    return {
        "preset": name,
        "seed": run.preset.training.seed,
        "step": run.step,
        "diverged": None if diverged is None else names[diverged],
        "what_if": [one.spelling(names) for one in what_if],
        "classes": list(task.classes),
        "targets": _numbers(targets),
        "scored": (probe.mask[:, 0] > 0).tolist(),
        "lanes": [_lane(experiment, lane, line, what_if) for lane, line in enumerate(run.timelines)],
    }


def _lane(experiment: Experiment, lane: int, timeline: ForwardTimeline, what_if: WhatIf) -> Document:
    names = experiment.preset.names
    interventions = on_lane(what_if, experiment, lane)
    reasons = {one.spelling(names): why_not(one, experiment, lane) for one in what_if}
    return {
        "name": names[lane],
        "kind": experiment.preset.lanes[lane].kind,
        "applied": list(experiment.preset.lanes[lane].interventions),
        "interventions": [each.spelling for each in interventions],
        "not_acting": {spelling: reason for spelling, reason in reasons.items() if reason},
        **_answered(experiment, read_with(interventions, experiment, lane, timeline)),
        "without": _answered(experiment, read_with([], experiment, lane, timeline)),
    }


def _answered(experiment: Experiment, lane: AlteredLane) -> Document:
    """Return the scores of a lane, and its answers on the probe."""
    answers, task = lane.probe.answers, experiment.task
    return {
        "loss": finite_or_none(lane.score.loss),
        "accuracy": lane.score.accuracy,
        "r2": finite_or_none(lane.score.r2),
        "answers": _numbers(task.in_units(answers) if task.loss.answer is Answer.NUMBER else answers),
        "right": [VERDICTS[verdict] for verdict in lane.probe.verdicts.tolist()],
    }


def _numbers(values: Array) -> list[float | int | None]:
    return [finite_or_none(value) for value in np.asarray(values).tolist()]


def as_text(document: Document) -> str:
    """Return the report as text: the scores of all lanes, and the answers on the probe that become right or wrong."""
    what_if = ", ".join(document["what_if"])
    head = f"{document['preset']}, seed {document['seed']}, step {document['step']:,}"
    lines = [head + (f"; what if: {what_if}" if what_if else ""), "", *_scores(document)]
    lines += [
        f"{lane['name']} is trained with {', '.join(lane['applied'])}" for lane in document["lanes"] if lane["applied"]
    ]
    for lane in document["lanes"]:
        for spelling, reason in lane["not_acting"].items():
            lines.append(f"{spelling} does not act on {lane['name']}: {reason}")
    return "\n".join([*lines, *_changed(document)] if what_if else lines)


def _scores(document: Document) -> list[str]:
    graded = any(lane["accuracy"] is not None for lane in document["lanes"])
    key, name, grade = ("accuracy", "accuracy", _percent) if graded else ("r2", "R²", report_number)
    rows = [["lane", "loss", name]]
    if document["what_if"]:
        rows = [["lane", "loss", "without", "change", name, "without"]]
    for lane in document["lanes"]:
        now, before = lane, lane["without"]
        row = [lane["name"], report_number(_number(now["loss"]))]
        if document["what_if"]:
            change = None if None in (now["loss"], before["loss"]) else now["loss"] - before["loss"]
            row += [report_number(_number(before["loss"])), difference(change), grade(now[key]), grade(before[key])]
        else:
            row.append(grade(now[key]))
        rows.append(row)
    return _columns(rows)


def _changed(document: Document) -> list[str]:
    """Return a table of the probe's time steps at which an answer has become right or wrong."""
    lanes = [lane for lane in document["lanes"] if lane["interventions"]]
    times = [
        t
        for t in range(len(document["targets"]))
        if any(lane["right"][t] is not lane["without"]["right"][t] for lane in lanes)
    ]
    if not times:
        return ["", "On the probe, no answer becomes right or wrong."]
    rows = [["t", "target", *(cell for lane in lanes for cell in (lane["name"], "without"))]]
    for t in times[:MOST_ROWS]:
        cells = [(each["answers"][t], each["right"][t]) for lane in lanes for each in (lane, lane["without"])]
        shown = [f"{_answer(document, answer)}{' ' if right else '!'}" for answer, right in cells]
        rows.append([str(t), _answer(document, document["targets"][t]), *shown])
    more = [f"and {len(times) - MOST_ROWS} more"] if len(times) > MOST_ROWS else []
    return ["", "answers on the probe that become right or wrong (!: wrong)", *_columns(rows), *more]


def _answer(document: Document, value: float | None) -> str:
    if value is None:
        return "–"
    return document["classes"][int(value)] if document["classes"] else f"{value:.3g}"


def _number(value: float | None) -> float:
    return float("nan") if value is None else value


def _percent(value: float | None) -> str:
    return "–" if value is None else percent(value)


def _columns(rows: list[list[str]]) -> list[str]:
    """Return the rows with aligned columns: the first one on the left."""
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    return [
        "  ".join([row[0].ljust(widths[0]), *(cell.rjust(w) for cell, w in zip(row[1:], widths[1:], strict=True))])
        for row in rows
    ]

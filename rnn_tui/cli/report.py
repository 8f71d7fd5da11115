"""The report of ``rnn-tui train``; only the command line imports it."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from rnn_tui.errors import escaped
from rnn_tui.number_format import finite_or_none, percent, report_number
from rnn_tui.session.evaluation import Evaluation, LaneEvaluation
from rnn_tui.session.findings import Finding
from rnn_tui.tasks import Reference, Task
from rnn_tui.tasks.metrics import by_role, in_units, rmse_without_net


def as_document(
    name: str, found: Evaluation, texts: Sequence[str], seconds: float, diverged: int | None = None
) -> dict[str, Any]:
    """Return the object that ``rnn-tui train --json`` prints, measured on held-out sequences.

    Args:
        texts: the text that each lane generates, for tasks that predict the next symbol.
        seconds: time of the training.
        diverged: index of the lane whose next update was not finite.

    A number that is not finite becomes None.
    """
    return {
        "preset": name,
        "seed": found.preset.training.seed,
        "steps": found.step,
        "seconds": round(seconds, 3),
        "diverged": None if diverged is None else {"lane": found.lanes[diverged].name, "step": found.step},
        "lanes": [_lane(lane, text, found.task) for lane, text in zip(found.lanes, texts, strict=True)],
        "references": [_reference(reference, found.task) for reference in found.references],
        **({"notes": found.task.notes} if found.task.notes else {}),
    }


def _lane(lane: LaneEvaluation, text: str, task: Task) -> dict[str, Any]:
    by_time = lane.score.loss_by_time
    optional: dict[str, Any] = {"text": text} if task.predicts_symbols else {}
    if task.roles:
        optional["loss_by_role"] = {role: finite_or_none(loss) for role, loss in by_role(task, lane.score).items()}
    if errors := in_units(task, lane.score):
        optional |= {"rmse": finite_or_none(errors[0]), "mae": finite_or_none(errors[1])}
    return {
        "name": lane.name,
        "kind": lane.settings.kind,
        "parameters": lane.parameters,
        "loss": finite_or_none(lane.score.loss),
        "accuracy": lane.score.accuracy,
        "nrmse": finite_or_none(lane.score.nrmse),
        "r2": finite_or_none(lane.score.r2),
        "floor": None if lane.floor is None else lane.floor.loss,
        "loss_by_time": [finite_or_none(loss) for loss in by_time[~np.isnan(by_time)].tolist()],
        **optional,
    }


def finding_document(finding: Finding, found: Evaluation) -> dict[str, Any]:
    """Return a finding as an object; ``remedy`` is null if there is none."""
    remedy = finding.remedy
    return {
        "rule": finding.rule,
        "kind": finding.kind,
        "lane": found.lanes[finding.lane].name,
        "evidence": finding.evidence,
        "reason": finding.reason,
        "remedy": None if remedy is None else {"said": remedy.said, "changes": dict(remedy.changes)},
    }


def _reference(reference: Reference, task: Task) -> dict[str, Any]:
    rmse = rmse_without_net(task, reference)
    return {"name": reference.name, "loss": reference.loss} | ({} if rmse is None else {"rmse": rmse})


def as_text(document: dict[str, Any], found: Evaluation, made: int | None = None) -> str:
    """Return the report as text: a table, and the losses by phase if time steps have roles.

    ``made``: number of updates that ``seconds`` covers, if not all.
    """
    steps = document["steps"]
    here = f", {made:,} of them new" if made not in (None, steps) else ""
    head = f"{document['preset']}, seed {document['seed']}: {steps:,} steps{here} in {document['seconds']:.2f} s"
    rows = [["lane", "parameters", "loss", "accuracy" if _has_accuracy(found) else found.task.shown_as, "floor"]]
    rows[0] += ["RMSE", "MAE"] if found.task.has_units else []
    for lane in found.lanes:
        score = lane.score
        fit = score.r2 if found.task.shown_as == "R²" else score.nrmse
        grade = percent(score.accuracy) if score.accuracy is not None else report_number(fit)
        floor = "–" if lane.floor is None else ("" if lane.floor.exact else "≈ ") + report_number(lane.floor.loss)
        errors = [f"{error:.4g}" for error in in_units(found.task, score) or ()]
        rows.append([lane.label, f"{lane.parameters:,}", report_number(score.loss), grade, floor, *errors])
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    lines = [
        "  ".join([row[0].ljust(widths[0]), *(cell.rjust(w) for cell, w in zip(row[1:], widths[1:], strict=True))])
        for row in rows
    ]
    references = [f"without a network: {', '.join(f'{r.name} {report_number(r.loss)}' for r in found.references)}"]
    if found.task.has_units:
        lines.append(f"RMSE and MAE in the unit of {found.task.channels[0]}")
        errors = [f"{r.name} {rmse_without_net(found.task, r):.4g}" for r in found.references]
        references.append(f"RMSE without a network: {', '.join(errors)}")
    split = [f"{lane.label} by {found.task.split_by}: {_split(lane, found.task)}" for lane in found.lanes]
    split = split if found.task.roles else []
    written = zip(found.lanes, (lane.get("text") for lane in document["lanes"]), strict=True)
    texts = [f"{lane.label} writes: {escaped(text)}" for lane, text in written if text]
    return "\n".join([head, *lines, *references, *split, *texts])


def _split(lane: LaneEvaluation, task: Task) -> str:
    return "  ".join(f"{role} {report_number(loss)}" for role, loss in by_role(task, lane.score).items())


def _has_accuracy(found: Evaluation) -> bool:
    return any(lane.score.accuracy is not None for lane in found.lanes)

"""Folders of sweeps with results by a formula, as if they had been trained."""

import json
from collections.abc import Mapping, Sequence
from functools import cache
from math import exp
from pathlib import Path
from typing import Any

from rnn_tui.experiments.sweep_plan import SweepPlan
from rnn_tui.presets.store import bundled_folder, load
from rnn_tui.ui.sweeps.sweep_data import SweepData
from rnn_tui.ui.sweeps.sweep_source import outline_of


@cache
def echo() -> dict[str, Any]:
    """The document of the preset."""
    return load(bundled_folder() / "echo.toml").preset.document()


def plan_of(over: Mapping[str, Any], seeds: int = 2, **sweep: Any) -> SweepPlan:
    """The plan of a sweep of the preset echo."""
    settings = {"over": dict(over), "seeds": seeds, **sweep}
    return SweepPlan.model_validate({"name": "echo", "preset": echo(), "sweep": settings})


def points_of(over: Mapping[str, Any], seeds: int = 2, **sweep: Any) -> list[dict[str, Any]]:
    """The points of all runs, with their seeds."""
    return [
        {**point, "training.seed": seed} for point in plan_of(over, seeds, **sweep).points() for seed in range(seeds)
    ]


def row_of(index: int, point: Mapping[str, Any], end: str = "") -> dict[str, Any]:
    """The result of a run: solved with more hidden units than the delay, diverged with learning rates above 0.5."""
    delay = float(point.get("task.delay", 3))
    hidden = float(point.get("lanes.0.hidden_size", 8))
    gain, seed = float(point.get("lanes.0.gain", 1.0)), int(point.get("training.seed", 0))
    end = end or ("diverged" if float(point.get("training.learning_rate", 0.01)) > 0.5 else "steps")
    found = []
    for number, name in enumerate(("RNN", "FNN")):
        hard = (delay / hidden + 0.2 * seed + (1 - gain)) * (1 + number)
        loss = 0.693 / (1 + exp(4 * (1 - hard)))
        solved = loss < 0.1 and end != "diverged"
        found.append({
            "name": name, "kind": "rnn", "loss": loss, "accuracy": 1 - loss / 1.4, "r2": None,
            "floor": 0.0 if number == 0 else 0.693, "solved": solved,
            "solved_at": round(100 * (1 + hard)) if solved else None,
            "best_loss": loss, "best_step": 600, "held_out_steps": [0, 600], "held_out_losses": [0.7, loss],
            "train_losses": [[600, loss]],
        })  # fmt: skip
    failed = end == "failed"
    error = "not enough memory" if failed else "RNN diverged" if end == "diverged" else None
    return {"index": index, "point": dict(point), "step": 0 if failed else 600, "end": end, "error": error,
            "lanes": [] if failed else found}  # fmt: skip


def rows_of(over: Mapping[str, Any], seeds: int = 2, end: str = "", **sweep: Any) -> list[dict[str, Any]]:
    """The results of a whole sweep."""
    return [row_of(index, point, end) for index, point in enumerate(points_of(over, seeds, **sweep))]


def data_of(
    over: Mapping[str, Any], seeds: int = 2, runs: list[dict[str, Any]] | None = None, **sweep: Any
) -> SweepData:
    """What the screen knows of a sweep, with some of its results, or all."""
    data = SweepData(outline_of(plan_of(over, seeds, **sweep)))
    data.add(rows_of(over, seeds, **sweep) if runs is None else runs)
    return data


def write_sweep(folder: Path, plan: SweepPlan, rows: Sequence[Mapping[str, Any]]) -> Path:
    """Write the plan and the results."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "sweep.json").write_text(json.dumps(plan.model_dump(mode="json")))
    append(folder, rows)
    return folder


def append(folder: Path, rows: Sequence[Mapping[str, Any]]) -> None:
    """Append results."""
    with (folder / "results.jsonl").open("a") as file:
        file.writelines(json.dumps(row) + "\n" for row in rows)

"""Folders of sweeps with results by a formula, as if they had been trained."""

import json
from collections.abc import Mapping, Sequence
from itertools import product
from math import exp
from pathlib import Path

from rnn_tui.experiments.sweep_plan import SweepPlan
from rnn_tui.presets.store import bundled_folder, load


def plan_of(over: Mapping[str, object], seeds: int = 2, preset: str = "echo", **sweep: object) -> SweepPlan:
    """The plan of a sweep of a bundled preset."""
    document = load(bundled_folder() / f"{preset}.toml").preset.document()
    settings = {"over": dict(over), "seeds": seeds, **sweep}
    return SweepPlan.model_validate({"name": preset, "preset": document, "sweep": settings})


def points_of(over: Mapping[str, Sequence[object]], seeds: int = 2) -> list[dict[str, object]]:
    """All points of the grid with all seeds."""
    return [
        {**dict(zip(over, values, strict=True)), "training.seed": seed}
        for values in product(*over.values())
        for seed in range(seeds)
    ]


def row_of(index: int, point: Mapping[str, object], end: str = "", lanes: Sequence[str] = ("RNN", "FNN")) -> dict:
    """The result of a run: solved with more hidden units than the delay, diverged with learning rates above 0.5."""
    delay = float(point.get("task.delay", 3))
    hidden = float(point.get("lanes.0.hidden_size", 8))
    gain, seed = float(point.get("lanes.0.gain", 1.0)), int(point.get("training.seed", 0))
    end = end or ("diverged" if float(point.get("training.learning_rate", 0.01)) > 0.5 else "steps")
    found = []
    for number, name in enumerate(lanes):
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


def rows_of(over: Mapping[str, Sequence[object]], seeds: int = 2, end: str = "") -> list[dict]:
    """The results of a whole grid."""
    return [row_of(index, point, end) for index, point in enumerate(points_of(over, seeds))]


def write_sweep(folder: Path, plan: SweepPlan, rows: Sequence[Mapping[str, object]]) -> Path:
    """Write the plan and the results."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "sweep.json").write_text(json.dumps(plan.model_dump(mode="json")))
    append(folder, rows)
    return folder


def append(folder: Path, rows: Sequence[Mapping[str, object]]) -> None:
    """Append results."""
    with (folder / "results.jsonl").open("a") as file:
        file.writelines(json.dumps(row) + "\n" for row in rows)

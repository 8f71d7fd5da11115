"""Write a checkpoint as tensors and texts."""

from collections.abc import Sequence
from json import dumps
from pathlib import Path
from typing import Any

import numpy as np

from rnn_tui.checkpoints import FORMAT, VERSION, Checkpoint, LaneHistory, fingerprint
from rnn_tui.checkpoints.pinned_run import PinnedRun
from rnn_tui.checkpoints.torch_names import to_torch
from rnn_tui.engine.architecture import Architecture
from rnn_tui.engine.metric_history import MetricHistory
from rnn_tui.engine.parameters import Array, Layout
from rnn_tui.engine.training import TrainState
from rnn_tui.errors import escaped
from rnn_tui.storage.safetensors_file import write

KEPT_BYTES = 16 * 2**20  # of keyframes in a file
MOST_KEPT = 200  # keyframes of a lane


def save(checkpoint: Checkpoint, path: Path, over: bool = True) -> None:
    """Write the checkpoint; ``over``: replace an older file.  Raises RnnTuiError; an older file is then unchanged."""
    arrays: dict[str, Array] = {}
    steps = _chosen(checkpoint.lanes)
    for i, (lane, settings) in enumerate(zip(checkpoint.lanes, checkpoint.preset.lanes, strict=True)):
        layout = settings.model(checkpoint.preset.task).layout
        own = _state(lane.state, settings.architecture, layout) | _keyframes(lane, steps)
        own |= _history("metrics.loss", lane.losses) | _history("metrics.gradient_norm", lane.norms)
        own |= {"metrics.held_out": lane.held_out.losses, "metrics.held_out_steps": lane.held_out.steps}
        if lane.start is not None:
            own |= {f"start.{name}": array for name, array in to_torch(settings.architecture, lane.start.views).items()}
        arrays |= {f"lanes.{i}.{name}": array for name, array in own.items()}
    for j, pin in enumerate(_pins(checkpoint)):
        for i, losses in enumerate(pin.losses):
            arrays |= _history(f"pins.{j}.lanes.{i}.loss", losses)
    write(path, arrays, _texts(checkpoint), over)


def _history(name: str, history: MetricHistory) -> dict[str, Array]:
    found = {name: history.values}
    if len(history.blocks) or np.isnan(history.values).any():
        found |= {f"{name}.blocks": history.blocks, f"{name}.block_width": np.array(history.width)}
    return found


def _state(state: TrainState, architecture: type[Architecture], layout: Layout) -> dict[str, Array]:
    found = to_torch(architecture, state.parameters.views)
    for slot, values in state.slots.items():
        named = to_torch(architecture, layout.views(values)) if values.ndim else {"": values}
        found |= {f"optimizer.{slot}.{name}".removesuffix("."): array for name, array in named.items()}
    return found if state.memory is None else found | {"memory": state.memory}


def _chosen(lanes: Sequence[LaneHistory]) -> list[int]:
    """Return the steps of the keyframes to write: evenly chosen from those that every lane has.

    Going back needs a keyframe of every lane at the same step.
    """
    common = sorted(set.intersection(*(set(_alike(lane)) for lane in lanes)))
    most = max(1, min(MOST_KEPT, KEPT_BYTES // sum(lane.state.nbytes for lane in lanes)))
    chosen = common[:: -(-len(common) // most)] if common else []
    ahead = [step for step in common[-1:] if step > lanes[0].state.step]  # later training resumes from the last one
    return sorted({*chosen, *ahead})


def _alike(lane: LaneHistory) -> dict[int, TrainState]:
    """Return the keyframes with the same arrays: not those within a sequence, or of another optimizer."""
    slots, there = lane.state.slots.keys(), (0, lane.state.step)
    kept = [state for state in lane.keyframes if state.step not in there]
    return {state.step: state for state in kept if state.memory is None and state.slots.keys() == slots}


def _keyframes(lane: LaneHistory, steps: Sequence[int]) -> dict[str, Array]:
    """Return the states at these steps as tensors with one row for each."""
    if not steps:
        return {}
    kept = _alike(lane)
    states = [kept[step] for step in steps]
    found = {"step": np.array(steps), "parameters": np.stack([state.parameters.flat for state in states])}
    found |= {slot: np.stack([state.slots[slot] for state in states]) for slot in lane.state.slots}
    return {f"keyframes.{name}": array for name, array in found.items()}


def _pins(checkpoint: Checkpoint) -> list[PinnedRun]:
    return [*checkpoint.pinned_runs, *([checkpoint.undecided] if checkpoint.undecided else [])]


def _pin(pin: PinnedRun) -> dict[str, Any]:
    """Return the texts of a pinned run; its losses are tensors."""
    return {"preset": pin.preset.document(), "since": pin.since}


def _at(history: MetricHistory, step: int) -> float | None:
    """Return the number at a step; None if it is unknown."""
    low, high = history.bounds(step)
    return low if low == high else None


def _texts(checkpoint: Checkpoint) -> dict[str, str]:
    step, preset = checkpoint.step, checkpoint.preset
    latest = {
        name: {"loss": _at(lane.losses, step - 1), "gradient_norm": _at(lane.norms, step - 1)} if step else {}
        for name, lane in zip(preset.names, checkpoint.lanes, strict=True)
    }
    undecided = checkpoint.undecided
    return {
        "format": FORMAT,
        "version": VERSION,
        "name": escaped(checkpoint.name),  # a file's name may not be valid UTF-8
        "preset": dumps(preset.document()),
        "seed": str(preset.training.seed),
        "step": str(step),
        "metrics": dumps(latest),
        "edits": dumps([{"step": at, "preset": settings.document()} for at, settings in checkpoint.settings]),
        "pins": dumps([_pin(pin) for pin in checkpoint.pinned_runs]),
        "undecided": dumps(undecided and _pin(undecided)),
        "data": fingerprint(preset.task),
        "origins": dumps(checkpoint.origins),
    }

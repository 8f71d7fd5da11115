"""Read a run's file; every inconsistency is reported in one line."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from rnn_tui.checkpoints import FORMAT, READABLE, Checkpoint, LaneHistory, fingerprint, origin
from rnn_tui.checkpoints.pinned_run import MOST_PINNED_RUNS, PinnedRun
from rnn_tui.checkpoints.torch_names import from_torch, to_torch
from rnn_tui.engine.held_out_history import HeldOutHistory
from rnn_tui.engine.metric_history import MetricHistory
from rnn_tui.engine.models import Model
from rnn_tui.engine.optimizers import OPTIMIZERS, Slots
from rnn_tui.engine.parameters import Array, Parameters
from rnn_tui.engine.training import TrainState
from rnn_tui.errors import DataError, PresetError, escaped
from rnn_tui.presets.key_paths import differences
from rnn_tui.presets.mutability import EDITABLE, IDLE
from rnn_tui.presets.preset import Preset, parse
from rnn_tui.presets.store import bundled_folder
from rnn_tui.storage.safetensors_file import Tensors

FURTHEST = 10**12  # a later step is an error


@dataclass(frozen=True)
class RunHeader:
    """The name, title, step and kinds of lanes of a run, from the head of its file."""

    name: str
    title: str
    step: int
    lanes: tuple[str, ...]


def read_header(path: Path) -> RunHeader:
    """Return what the head of the file says, without reading the tensors.  Raises DataError."""
    texts = _opened(path)
    preset = _document(texts, "preset")
    lanes = preset.get("lanes", ())
    kinds = (
        tuple(escaped(str(lane.get("kind")))[:10] for lane in lanes if isinstance(lane, dict))
        if isinstance(lanes, list)
        else ()
    )
    return RunHeader(
        _name(texts), escaped(str(preset.get("title", "")))[:200], _step(texts.texts.get("step"), texts), kinds
    )


def load(path: Path) -> Checkpoint:
    """Return the run in a file.

    Raises:
        DataError: the file is invalid, or the data that the run was trained on have changed or are missing.
    """
    file = _opened(path)
    settings = _settings(file)
    step = _step(file.texts.get("step"), file)
    preset = [settings for at, settings in settings if at <= step][-1]
    if fingerprint(preset.task) != file.texts.get("data", ""):
        source = getattr(preset.task, "path", f"the task {preset.task.kind}")
        raise file.problem(f"was trained on other data than {source} now contains; restore the old data")
    lanes = tuple(_Lane(file, i, preset).history(step) for i in range(len(preset.lanes)))
    if any(at > max(len(lane.losses) for lane in lanes) for at, _ in settings):
        raise file.problem("its edits reach beyond its steps")
    pins = _list(file, "pins", MOST_PINNED_RUNS)
    undecided = _json(file, "undecided")
    found = tuple(_pin(file, j, pin, preset) for j, pin in enumerate(pins))
    last_pin = None if undecided is None else _pin(file, len(pins), undecided, preset)
    return Checkpoint(_name(file), settings, lanes, found, last_pin, origin.read(file.texts.get("origins", "[]")))


def _opened(path: Path) -> Tensors:
    file = Tensors(path)
    if file.texts.get("format") != FORMAT:
        raise file.problem("not a run of rnn-tui; the lab, or rnn-tui train PRESET -o FILE, writes such files")
    if file.texts.get("version") not in READABLE:
        found, read = escaped(file.texts.get("version", "?"))[:20], " and ".join(READABLE)
        raise file.problem(f"its format has version {found}; this program reads {read}")
    return file


def _name(file: Tensors) -> str:
    return escaped(file.texts.get("name", "run"))[:60]


def _step(value: object, file: Tensors) -> int:
    text = str(value)
    if not (text.isascii() and text.isdecimal() and len(text) < 20 and int(text) <= FURTHEST):
        raise file.problem(f"its step is {escaped(text)[:40]!r}, not a valid number of updates")
    return int(text)


def _json(file: Tensors, key: str) -> Any:
    try:
        return json.loads(file.texts.get(key, "null"))
    except (ValueError, RecursionError):  # among them a number of 5,000 digits
        raise file.problem(f"its {key} cannot be read") from None


def _document(file: Tensors, key: str) -> dict[str, Any]:
    found = _json(file, key)
    if not isinstance(found, dict):
        raise file.problem(f"its {key} cannot be read")
    return found


def _list(file: Tensors, key: str, most: int) -> list[Any]:
    found = _json(file, key)
    if not isinstance(found, list) or len(found) > most:
        raise file.problem(f"its {key} cannot be read")
    return found


# Settings.


def _settings(file: Tensors) -> tuple[tuple[int, Preset], ...]:
    """Return (step, the settings from that step on).  They share one task, with the data that it has read."""
    found: list[tuple[int, Preset]] = []
    for edit in _list(file, "edits", 10_000):
        if not isinstance(edit, dict):
            raise file.problem("its edits cannot be read")
        at = _step(edit.get("step"), file)
        found.append((at, _preset(file, edit.get("preset"), found[0][1] if found else None)))
    steps = [at for at, _ in found]
    if not found or steps[0] != 0 or steps != sorted(set(steps)):
        raise file.problem("its edits are not in order")
    for _, preset in found[1:]:
        begins = differences(preset.document(), found[0][1].document()) - EDITABLE - IDLE
        if begins:
            raise file.problem(f"its edits change {', '.join(sorted(begins))}, which would start a new run")
    return tuple(found)


def _preset(file: Tensors, document: object, before: Preset | None) -> Preset:
    if not isinstance(document, dict):
        raise file.problem("its preset cannot be read")
    task = document.get("task")
    if isinstance(task, dict) and isinstance(task.get("path"), str):
        path = _found(file.path, task["path"])
        if path is None:
            raise file.problem(
                f"its data file {escaped(task['path'])[:200]} is missing; restore it, or put it beside the run"
            )
        task = {**task, "path": path}
    known = None if before is None else before.document()["task"]
    try:
        # an equal task stays the same object, with the data that it has read
        return parse({**document, "task": before.task if before and known == task else task}, str(file.path))
    except PresetError as error:
        raise DataError(f"{file.path}: its settings cannot be used", *error.problems) from None


def _found(run: Path, path: str) -> str | None:
    """Return the data file: at its old path, beside the run, or among the bundled data; None if it is missing."""
    name = Path(path).name
    places = (Path(path), run.absolute().parent / name, bundled_folder() / "data" / name)
    try:
        return next((str(place) for place in places if place.exists()), None)
    except (OSError, ValueError):  # a name that no file can have
        return None


# Lanes.


class _Lane:
    """The tensors of one lane."""

    def __init__(self, file: Tensors, number: int, preset: Preset) -> None:
        self._file, self._at = file, f"lanes.{number}"
        settings = preset.lanes[number]
        self._architecture, self._model = settings.architecture, settings.model(preset.task)
        self._dtype, self._batch = preset.training.precision, preset.training.batch_size
        self._names = {
            name: array.shape for name, array in to_torch(self._architecture, self._zeros(self._model).views).items()
        }

    def _zeros(self, model: Model) -> Parameters:
        return Parameters.zeros(model.layout, self._dtype)

    def history(self, step: int) -> LaneHistory:
        losses, norms = (self._metric(name) for name in ("loss", "gradient_norm"))
        if len(losses) < step or len(losses) != len(norms):
            raise self._file.problem(f"{self._at} has the metrics of {len(losses)} steps, but is at step {step}")
        slots = {name: self._slot(name, step) for name in self._file.below(f"{self._at}.optimizer")}
        if slots.keys() not in [optimizer.slot_names for optimizer in OPTIMIZERS.values()]:
            raise self._file.problem(f"{self._at}.optimizer has {', '.join(map(escaped, sorted(slots))) or 'nothing'}")
        state = TrainState(step, self._flat(""), slots, self._memory())
        start = None if self._file.texts["version"] == "1" else self._flat("start.")
        return LaneHistory(
            state, losses, norms, self._keyframes(slots, len(losses)), start, self._held_out(len(losses))
        )

    def _array(self, name: str, shape: tuple[int | None, ...], dtype: str) -> Array:
        return self._file.array(f"{self._at}.{name}", shape, dtype)

    def _metric(self, name: str) -> MetricHistory:
        return _history(self._file, f"{self._at}.metrics.{name}")

    def _held_out(self, last: int) -> HeldOutHistory:
        """Return the held-out losses; a file of an older version has none."""
        name = "metrics.held_out_steps"
        if f"{self._at}.{name}" not in self._file.names:
            return HeldOutHistory()
        steps = self._array(name, (None,), "int64")
        losses = self._file.array(f"{self._at}.metrics.held_out", (len(steps),), "float64")
        if (np.diff(steps, prepend=-1) <= 0).any() or steps.max(initial=0) > last or np.isnan(losses).any():
            raise self._file.problem(f"{self._at}.{name} is not in order")
        return HeldOutHistory(steps, losses)

    def _flat(self, prefix: str) -> Parameters:
        """Return the parameters, or a slot with the same layout."""
        tensors = {name: self._array(prefix + name, shape, self._dtype) for name, shape in self._names.items()}
        parameters = self._zeros(self._model)
        from_torch(self._architecture, tensors, parameters.views)
        return parameters

    def _slot(self, name: str, step: int) -> Array:
        if f"{self._at}.optimizer.{name}" in self._file.names:
            count = self._array(f"optimizer.{name}", (), "int64")
            if not 0 <= count <= step:
                raise self._file.problem(f"{self._at}.optimizer.{name} is {count}, of {step} updates")
            return count
        return self._flat(f"optimizer.{name}.").flat

    def _memory(self) -> Array | None:
        if f"{self._at}.memory" not in self._file.names:
            return None
        shape = self._model.trace(1, self._batch, self._dtype).end().shape
        return self._array("memory", shape, self._dtype)

    def _keyframes(self, slots: Slots, last: int) -> tuple[TrainState, ...]:
        """Return the keyframes, which only save replaying; a file may have none."""
        if f"{self._at}.keyframes.step" not in self._file.names:
            return ()
        steps = self._array("keyframes.step", (None,), "int64")
        flat = self._array("keyframes.parameters", (len(steps), self._model.layout.size), self._dtype)
        rows = {name: self._array(f"keyframes.{name}", (len(steps), *slot.shape), str(slot.dtype))
                for name, slot in slots.items()}  # fmt: skip
        counts = [row for name, row in rows.items() if slots[name].ndim == 0]
        in_order = (np.diff(steps, prepend=0) > 0).all() and steps.max(initial=0) <= last
        if not in_order or any((row < 0).any() or (row > steps).any() for row in counts):
            raise self._file.problem(f"{self._at}.keyframes.step is not in order")
        layout = self._model.layout
        found = []
        for k, step in enumerate(steps.tolist()):  # copies, since a view of one row would keep all rows in memory
            kept = {name: row[k].copy() for name, row in rows.items()}
            found.append(TrainState(step, Parameters(layout, flat[k].copy()), kept))
        return tuple(found)


def _history(file: Tensors, name: str) -> MetricHistory:
    if f"{name}.blocks" not in file.names:
        return MetricHistory(file.array(name, (None,), "float64", finite=True))
    # NaN means unknown
    values, blocks = file.array(name, (None,), "float64"), file.array(f"{name}.blocks", (None, 3), "float64")
    width = int(file.array(f"{name}.block_width", (), "int64"))
    if np.isinf(values).any() or np.isinf(blocks).any():
        raise file.problem(f"{name} contains a number that is not finite")
    if width < 1 or width * len(blocks) > FURTHEST:
        raise file.problem(f"{name}.block_width is {width}")
    return MetricHistory(values, blocks, width)


def _pin(file: Tensors, number: int, document: object, like: Preset) -> PinnedRun:
    if not isinstance(document, Mapping):
        raise file.problem("its pins cannot be read")
    preset = _preset(file, document.get("preset"), like)
    names = [f"pins.{number}.lanes.{i}.loss" for i in range(len(preset.lanes))]
    losses = tuple(_history(file, name) for name in names)
    return PinnedRun(preset, losses, _step(document.get("since"), file))

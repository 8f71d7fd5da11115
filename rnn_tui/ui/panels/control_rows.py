"""Rows of the controls: the settings, and the next and previous value of each."""

from collections.abc import Sequence
from math import inf
from typing import Any, Literal, NamedTuple, get_args, get_origin

from pydantic.fields import FieldInfo

from rnn_tui.engine.initializers import INITIALIZERS
from rnn_tui.engine.optimizers import OPTIMIZERS
from rnn_tui.engine.schedules import SCHEDULES
from rnn_tui.presets.lane_settings import LANES, FeedForwardLane, RecurrentLane
from rnn_tui.presets.preset import Preset
from rnn_tui.presets.training_settings import TrainingSettings
from rnn_tui.tasks import Task

PACES = (1, 2, 5, 10, 20, 50, 60, 100, 200, 500, 1000, 2000, 0)  # updates per second, 0 is as fast as possible
RATES = tuple(float(f"{m}e{e}") for e in range(-5, 1) for m in (1, 2, 3, 5))
CLIPS = (0.0, 0.1, 0.25, 0.5, 1.0, 2.0, 5.0, 10.0)
GAINS = (0.0, 0.01, 0.1, 0.25, 0.5, 0.75, 0.9, 1.0, 1.1, 1.25, 1.5, 2.0, 3.0)
SIZES = (*range(1, 16), *range(16, 64, 4), *range(64, 256, 16), *range(256, 1025, 64))
DEPTHS = (0, 1, 2, 3, 4, 5, 8, 10, 15, 20, 30, 40, 50, 100, 200)
DECAYS = (0.0, 1e-6, 1e-5, 1e-4, 3e-4, 1e-3, 3e-3, 0.01, 0.1)
PERIODS = (50, 100, 200, 300, 500, 1000, 2000, 5000, 10_000, 100_000)
PIECES = (1, 2, 4, 8, 16, 32, 64)
FRACTIONS = (
    0.0, 0.01, 0.02, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 1.0, 1.25, 1.5, 2.0,
    2.5, 3.0, 4.0, 5.0, 7.0, 10.0,
)  # fmt: skip
TEMPERATURES = (0.0, 0.2, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0, 1.2, 1.5, 2.0)
OFF = "off"
LENGTHS = (2, 4, 8, 10, 15, 20, 30, 40, 50, 60, 75, 90, 100, 150, 200, 300, 500, 1000, 2000)


class Setting(NamedTuple):
    """A row of the controls.

    Attributes:
        key: dotted name in a preset.
        choices: values in their order, numbers ascending.
        zero: text for the value 0.
    """

    label: str
    key: str
    value: Any
    choices: Sequence[Any] = ()
    zero: str = ""

    def beside(self, way: int) -> Any:
        """Return the next choice (1) or the previous one (−1); numbers stop at the ends, names wrap around."""
        if not self.choices:
            return self.value
        if isinstance(self.value, str):
            return self.choices[(list(self.choices).index(self.value) + way) % len(self.choices)]
        if way > 0:
            return next((c for c in self.choices if c > self.value + 1e-9 * abs(self.value)), self.value)
        return next((c for c in reversed(self.choices) if c < self.value - 1e-9 * abs(self.value)), self.value)

    @property
    def shown(self) -> str:
        if self.zero and not self.value:
            return self.zero
        return f"{self.value:g}" if isinstance(self.value, float) else str(self.value)


def settings_of(preset: Preset, lane: int) -> list[Setting]:
    """Return the settings that can be changed, those of the lane first."""
    return _lane_settings(preset, lane) + _training_settings(preset.training, preset.task) + _task_settings(preset)


def _lane_settings(preset: Preset, lane: int) -> list[Setting]:
    chosen, at = preset.lanes[lane], f"lanes.{lane}"
    rows = [Setting("cell", f"{at}.kind", chosen.kind, tuple(LANES))]
    own = [Setting(option.label, f"{at}.{name}", chosen.options[name], option.choices)
           for name, option in chosen.architecture.options.items()]  # fmt: skip
    rows += [row for row in own if isinstance(row.value, str)]
    rows.append(Setting("hidden", f"{at}.hidden_size", chosen.hidden_size, SIZES))
    if isinstance(chosen, RecurrentLane):
        rows += [
            Setting("init", f"{at}.initializer", chosen.initializer, tuple(INITIALIZERS)),
            Setting("gain", f"{at}.gain", chosen.gain, GAINS),
            Setting("BPTT", f"{at}.truncation", chosen.truncation, DEPTHS, "full"),
        ]
    rows += [row for row in own if not isinstance(row.value, str)]
    if isinstance(chosen, FeedForwardLane):
        match = OFF if chosen.match is None else preset.names[chosen.match]
        rows.append(Setting("match", f"{at}.match", match, (OFF, *recurrent_names(preset).values())))
    return rows


def recurrent_names(preset: Preset) -> dict[int, str]:
    """Return the names of the recurrent lanes by number."""
    return {number: preset.names[number] for number in preset.recurrent}


def _training_settings(training: TrainingSettings, task: Task) -> list[Setting]:
    rows = [
        Setting("optimizer", "training.optimizer", training.optimizer, tuple(OPTIMIZERS)),
        Setting("lr", "training.learning_rate", training.learning_rate, RATES),
        Setting("schedule", "training.schedule", training.schedule, tuple(SCHEDULES)),
    ]
    if training.schedule != "constant":
        rows.append(Setting("period", "training.schedule_steps", training.schedule_steps, PERIODS))
    count = training.batches_per_sequence
    lengths = [length for length in LENGTHS if length * count >= task.least_length]
    pieces = (
        [1]
        if task.last_only
        else [pieces for pieces in PIECES if pieces * training.sequence_length >= task.least_length]
    )
    return [
        *rows,
        Setting("decay", "training.weight_decay", training.weight_decay, DECAYS, OFF),
        Setting("clip", "training.clip_norm", training.clip_norm, CLIPS, OFF),
        Setting("batch", "training.batch_size", training.batch_size, SIZES),
        Setting("length", "training.sequence_length", training.sequence_length, lengths),
        Setting("pieces", "training.batches_per_sequence", count, pieces),
        Setting("pause at", "training.steps", training.steps),
        Setting("seed", "training.seed", training.seed),
    ]


def _task_settings(preset: Preset) -> list[Setting]:
    """Return the options of the task that are numbers or words, and the temperature of texts."""
    task, rows = preset.task, []
    for name, field in type(task).model_fields.items():
        value = getattr(task, name)
        choices = _choices(value, field)
        if choices and name != "kind":
            rows.append(Setting(name, f"task.{name}", value, choices))
    if task.predicts_symbols:
        rows.append(Setting("writes at", "temperature", preset.temperature, TEMPERATURES, "0, greedy"))
    return rows


def _choices(value: Any, field: FieldInfo) -> Sequence[Any]:
    """Return the words that a field allows, or numbers within its bounds, integers up to 100 above the value."""
    if get_origin(field.annotation) is Literal:
        return get_args(field.annotation)
    if not isinstance(value, int | float):
        return ()
    least, most = _bound(field, "ge", 0), _bound(field, "le", value + 100)
    if isinstance(value, int):
        return range(int(least), int(min(most, value + 100)) + 1)
    above = _bound(field, "gt", -inf)
    return tuple(step for step in FRACTIONS if above < step and least <= step <= most)


def _bound(field: FieldInfo, name: str, default: float) -> float:
    """Return a bound of a number in the schema (``ge``, ``le``, ``gt``)."""
    return next((getattr(mark, name) for mark in field.metadata if hasattr(mark, name)), default)


def parsed(text: str) -> Any:
    """Return a typed value: a number if it is one, otherwise the text."""
    for kind in (int, float):
        try:
            return kind(text.strip())
        except ValueError:
            continue
    return text.strip()


def changes_of(preset: Preset, setting: Setting, value: Any) -> dict[str, Any]:
    """Return the changes that give a setting a value, with sequences that are long enough for it."""
    if setting.key.startswith("task.") and isinstance(value, int):
        length, before = preset.training.whole_length, preset.task.least_length
        option: dict[str, Any] = {setting.key.removeprefix("task."): value}
        after = preset.task.with_values(**option).least_length
        if after > length or before == length > 1:  # the shortest possible length stays the shortest
            each = -(-after // preset.training.batches_per_sequence)
            return {setting.key: value, "training.sequence_length": each}
    if setting.key.startswith("lanes.") and setting.key.endswith(".match"):
        numbers = {name: number for number, name in recurrent_names(preset).items()}
        return {setting.key: None if value == OFF else numbers.get(value, value)}
    return {setting.key: value}

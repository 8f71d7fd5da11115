"""Rows of the controls: the settings, and the next and previous value of each."""

from collections.abc import Sequence
from math import inf
from typing import Any, Literal, NamedTuple, get_args, get_origin

from pydantic.fields import FieldInfo

from rnn_tui.engine.initializers import INITIALIZERS
from rnn_tui.engine.optimizers import OPTIMIZERS
from rnn_tui.engine.schedules import SCHEDULES
from rnn_tui.interventions import spelled
from rnn_tui.presets.lane_settings import LANES, FeedForwardLane, RecurrentLane
from rnn_tui.presets.mutability import EDITABLE, IDLE
from rnn_tui.presets.preset import Preset
from rnn_tui.presets.training_settings import TrainingSettings
from rnn_tui.tasks import Task
from rnn_tui.tasks.settings_model import SettingsModel

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
OFF, ON = "off", "on"
INTERVENTION = ".interventions."  # in the key of the row of an applied intervention
LENGTHS = (2, 4, 8, 10, 15, 20, 30, 40, 50, 60, 75, 90, 100, 150, 200, 300, 500, 1000, 2000)


class Setting(NamedTuple):
    """A row of the controls.

    Attributes:
        key: dotted name in a preset.
        choices: values in their order, numbers ascending.
        zero: text for the value 0.
        about: what it is, in words.
        full: a longer label, where there is room.
        first: the value after 0, if that is not the smallest one.
    """

    label: str
    key: str
    value: Any
    choices: Sequence[Any] = ()
    zero: str = ""
    about: str = ""
    full: str = ""
    first: Any = None

    def beside(self, way: int) -> Any:
        """Return the next choice (1) or the previous one (−1); numbers stop at the ends, names wrap around."""
        if not self.choices:
            return self.value
        if isinstance(self.value, str):
            return self.choices[(list(self.choices).index(self.value) + way) % len(self.choices)]
        if way > 0 and not self.value and self.first is not None:
            return self.first
        if way > 0:
            return next((c for c in self.choices if c > self.value + 1e-9 * abs(self.value)), self.value)
        return next((c for c in reversed(self.choices) if c < self.value - 1e-9 * abs(self.value)), self.value)

    @property
    def shown(self) -> str:
        if self.zero and not self.value:
            return self.zero
        return f"{self.value:g}" if isinstance(self.value, float) else str(self.value)

    @property
    def name(self) -> str:
        """The full label."""
        return self.full or self.label

    @property
    def section(self) -> str:
        """The part of the preset: lanes, training or task."""
        table = self.key.partition(".")[0]
        return table if table in ("lanes", "training") else "task"

    @property
    def effect(self) -> str:
        """The effect of a change on the run; empty if there is none."""
        if self.key.endswith(".match"):
            return "restarts this lane if its size changes"
        if self.key in IDLE:
            return ""
        if self.key in EDITABLE or INTERVENTION in self.key:
            return "changes from this step on"
        return f"restarts {'this lane' if self.key.startswith('lanes.') else 'all lanes'}"

    @property
    def explanation(self) -> str:
        """The full label, what it is, and the effect of a change."""
        return "; ".join(filter(None, [f"{self.name}: {self.about}", self.effect]))


def settings_of(preset: Preset, lane: int) -> list[Setting]:
    """Return the settings that can be changed, those of the lane first."""
    return _lane_settings(preset, lane) + _training_settings(preset.training, preset.task) + _task_settings(preset)


def _lane_settings(preset: Preset, lane: int) -> list[Setting]:
    chosen, at = preset.lanes[lane], f"lanes.{lane}"

    def row(label: str, name: str, choices: Sequence[Any] = (), zero: str = "", full: str = "") -> Setting:
        return _row(label, f"{at}.{name}", chosen, choices, zero, full)

    own = [row(option.label, name, option.choices, full=option.full)
           for name, option in chosen.architecture.options.items()]  # fmt: skip
    rows = [row("cell", "kind", tuple(LANES)), *(each for each in own if isinstance(each.value, str))]
    rows.append(row("hidden", "hidden_size", SIZES, full="hidden units"))
    if isinstance(chosen, RecurrentLane):
        rows += [
            row("init", "initializer", tuple(INITIALIZERS), full="initializer"),
            row("gain", "gain", GAINS),
            row("BPTT", "truncation", DEPTHS, "full")._replace(first=10),
        ]
    rows += [each for each in own if not isinstance(each.value, str)]
    if isinstance(chosen, FeedForwardLane):
        match = OFF if chosen.match is None else preset.names[chosen.match]
        rows.append(row("match", "match", (OFF, *recurrent_names(preset).values()))._replace(value=match))
    return [*rows, *_applied(chosen.interventions, f"{at}.interventions")]


def _applied(interventions: Sequence[str], key: str) -> list[Setting]:
    """Return a row for each intervention of a lane, which can be switched off."""
    rows = []
    for number, text in enumerate(interventions):
        one = spelled(text)
        rows.append(Setting(one.said, f"{key}.{number}", ON, (ON, OFF), about=f"{one.about} Off takes it out"))
    return rows


def _row(
    label: str, key: str, table: SettingsModel, choices: Sequence[Any] = (), zero: str = "", full: str = ""
) -> Setting:
    """Return the row of a field of a preset's table, with the description that the field has there."""
    name = key.rpartition(".")[2]
    about = type(table).model_fields[name].description or ""
    return Setting(label, key, getattr(table, name), choices, zero, about, full)


def numbered(key: str, preset: Preset) -> str:
    """Return the key of a row with the number of its lane in place of its name: lanes.RNN.gain becomes lanes.0.gain."""
    head, _, rest = key.partition(".")
    name, _, setting = rest.rpartition(".")
    return f"lanes.{preset.names.index(name)}.{setting}" if head == "lanes" and name in preset.names else key


def recurrent_names(preset: Preset) -> dict[int, str]:
    """Return the names of the recurrent lanes by number."""
    return {number: preset.names[number] for number in preset.recurrent}


def _training_settings(training: TrainingSettings, task: Task) -> list[Setting]:
    def row(label: str, name: str, choices: Sequence[Any] = (), zero: str = "", full: str = "") -> Setting:
        return _row(label, f"training.{name}", training, choices, zero, full)

    rows = [
        row("optimizer", "optimizer", tuple(OPTIMIZERS)),
        row("lr", "learning_rate", RATES, full="learning rate"),
        row("schedule", "schedule", tuple(SCHEDULES)),
    ]
    if training.schedule != "constant":
        rows.append(row("period", "schedule_steps", PERIODS))
    lengths = [length for length in LENGTHS if length * training.batches_per_sequence >= task.least_length]
    pieces = (
        [1]
        if task.last_only
        else [pieces for pieces in PIECES if pieces * training.sequence_length >= task.least_length]
    )
    return [
        *rows,
        row("decay", "weight_decay", DECAYS, OFF, full="weight decay")._replace(first=1e-4),
        row("clip", "clip_norm", CLIPS, OFF, full="clip norm")._replace(first=1.0),
        row("batch", "batch_size", SIZES, full="batch size"),
        row("length", "sequence_length", lengths, full="sequence length"),
        row("pieces", "batches_per_sequence", pieces),
        row("pause at", "steps", full="pause at step"),
        row("seed", "seed"),
    ]


def _task_settings(preset: Preset) -> list[Setting]:
    """Return the options of the task that are numbers or words, and the temperature of texts."""
    task, rows = preset.task, []
    for name, field in type(task).model_fields.items():
        choices = _choices(getattr(task, name), field)
        if choices and name != "kind":
            rows.append(_row(name, f"task.{name}", task, choices))
    if task.predicts_symbols:
        rows.append(_row("writes at", "temperature", preset, TEMPERATURES, "0, greedy", "temperature"))
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
    if INTERVENTION in setting.key:
        key, _, number = setting.key.rpartition(".")
        present = list(preset.lanes[int(key.split(".")[1])].interventions)
        place = int(number)
        present[place : place + 1] = [] if value == OFF else [present[place]] if value == ON else [str(value)]
        return {key: present}
    if setting.key.startswith("lanes.") and setting.key.endswith(".match"):
        numbers = {name: number for number, name in recurrent_names(preset).items()}
        return {setting.key: None if value == OFF else numbers.get(value, value)}
    return {setting.key: value}

"""The schema of a preset: one experiment, as a TOML document says it.

Everything has a default but ``task.kind`` and one lane's ``kind``.
"""

from collections import Counter
from collections.abc import Mapping
from copy import deepcopy
from functools import reduce
from operator import or_
from pathlib import Path
from typing import Annotated, Any, Literal, TypeAlias

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, field_validator

from rnn_tui.errors import PresetError
from rnn_tui.problems import Place, describe, unfit
from rnn_tui.tasks import TASKS, Task

ActivationName = Literal["tanh", "relu", "sigmoid", "identity", "leaky_relu", "softplus"]
InitializerName = Literal["uniform", "glorot", "orthogonal", "identity", "gaussian"]
OptimizerName = Literal["sgd", "momentum", "rmsprop", "adam"]
MOST_NUMBERS = 2**25  # in one buffer of a lane (T·B·H): 256 MiB in float64


def _printable(text: str) -> str:
    if not text.replace("\n", " ").isprintable():
        raise ValueError("must hold printable characters only")
    return text


def _one_line(text: str) -> str:
    if "\n" in text:
        raise ValueError("must be one line")
    return _printable(text)


Prose: TypeAlias = Annotated[str, Field(max_length=1000), AfterValidator(_printable)]
Name: TypeAlias = Annotated[str, Field(max_length=24), AfterValidator(_one_line)]


class Table(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False, defer_build=True)


class Training(Table):
    sequence_length: int = Field(40, ge=1, le=2000)
    batch_size: int = Field(16, ge=1, le=1024)
    optimizer: OptimizerName = "adam"
    learning_rate: float = Field(0.01, gt=0, le=1000)
    clip_norm: float = Field(1.0, ge=0, description="0: no clipping")
    seed: int = Field(0, ge=0, lt=2**63)
    steps: int = Field(600, ge=0, le=10**9, description="where play pauses by itself; 0: never")
    precision: Literal["float64", "float32"] = "float64"
    speed: int = Field(60, ge=0, le=10_000, description="updates per second while playing; 0: flat out")


class RecurrentLane(Table):
    kind: Literal["rnn"]
    name: Name = ""
    hidden_size: int = Field(8, ge=1, le=1024)
    activation: ActivationName = "tanh"
    initializer: InitializerName = "uniform"
    gain: float = Field(1.0, ge=0, le=100, description="W_hh is multiplied by it")
    truncation: int = Field(0, description="BPTT depth; 0: the whole sequence")

    @field_validator("truncation")
    @classmethod
    def _whole_sequence(cls, depth: int) -> int:
        if depth != 0:
            raise ValueError("must be 0, the whole sequence; truncated BPTT is not there yet")
        return depth

    @property
    def label(self) -> str:
        return "RNN"

    def widest(self, task: Task) -> tuple[str, int]:
        """The most numbers that are kept for one time step of one sequence, and what they come from."""
        features = max(task.inputs, task.outputs)
        if self.hidden_size >= features:
            return f"hidden_size = {self.hidden_size}", self.hidden_size
        return f"kind = {self.kind!r}, {features} symbols wide", features


class FeedForwardLane(Table):
    kind: Literal["fnn"]
    name: Name = ""
    hidden_size: int = Field(8, ge=1, le=1024)
    activation: ActivationName = "tanh"
    window: int = Field(1, ge=1, le=200, description="how many inputs it sees, the current one included")

    @property
    def label(self) -> str:
        return f"FNN({self.window})"

    def widest(self, task: Task) -> tuple[str, int]:
        """As for the other lane; a window of one-hot symbols is wide."""
        seen = self.window * task.inputs
        if self.hidden_size >= seen:
            return f"hidden_size = {self.hidden_size}", self.hidden_size
        return f"window = {self.window}, each of {task.inputs} inputs", seen


LANES: dict[str, type[RecurrentLane] | type[FeedForwardLane]] = {"rnn": RecurrentLane, "fnn": FeedForwardLane}
LaneSettings: TypeAlias = RecurrentLane | FeedForwardLane
AnyTask: Any = reduce(or_, TASKS.values())
STAND_IN = TASKS["xor"]()  # for a task that is not in order, where other rules are checked


class Preset(Table):
    title: Prose = ""
    question: Prose = ""
    expect: Prose = ""
    task: Annotated[AnyTask, Field(discriminator="kind")]
    training: Training = Training()
    lanes: list[Annotated[LaneSettings, Field(discriminator="kind")]] = Field(min_length=1, max_length=4)

    @property
    def names(self) -> list[str]:
        """Each lane's name; without one it is named after its kind, and numbered where that would be ambiguous."""
        found: list[str] = []
        for lane in self.lanes:
            name, number = lane.name or lane.kind.upper(), 2
            while name in found:
                name, number = f"{lane.name or lane.kind.upper()} {number}", number + 1
            found.append(name)
        return found

    def document(self) -> dict[str, Any]:
        """The preset as plain data, every value named; what is None, or a text without words, is left out."""
        full = self.model_dump()
        trim = {key: value for key, value in full.items() if value != ""}
        trim["task"] = {key: value for key, value in full["task"].items() if value is not None}
        trim["lanes"] = [{key: value for key, value in lane.items() if value != ""} for lane in full["lanes"]]
        return trim

    def with_changes(self, changes: Mapping[str, Any]) -> "Preset":
        """The preset with dotted keys set, as ``--set`` does.  Raises PresetError."""
        before = self.document()
        after = set_keys(before, changes, "settings")
        if after["task"] == before["task"]:
            after["task"] = self.task  # with the data it has read
        return parse(after, "settings")


def parse(document: Mapping[str, Any], source: str, folder: Path | None = None) -> Preset:
    """Check a document.  Relative paths in it start at ``folder``.

    Raises:
        PresetError: with every problem at once.
    """
    if problems := unfit(document):
        raise PresetError(source, problems)
    context = {"folder": str(folder or ".")}
    try:
        preset = Preset.model_validate(dict(document), context=context)
    except ValidationError as error:
        problems = [describe(item, _place(item["loc"])) for item in error.errors()]
        raise PresetError(source, problems + _rules(document, context)) from None
    problems = preset.task.problems(preset.training.sequence_length)
    lanes = preset.model_copy(update={"task": STAND_IN}) if problems else preset  # a broken task has no sizes
    if problems := problems + _lane_rules(lanes):
        raise PresetError(source, problems)
    return preset


def _rules(document: Mapping[str, Any], context: Mapping[str, str]) -> list[str]:
    """What rules across tables say of a document with problems elsewhere: each where what it needs is in order."""
    training = document.get("training", {})
    if isinstance(training, Mapping) and "sequence_length" in training:  # else a typo may stand for it
        training = {key: training[key] for key in ("sequence_length", "batch_size") if key in training}
    tables = {"task": document.get("task"), "training": training, "lanes": document.get("lanes")}
    found = []
    if bare := _valid({**tables, "lanes": [{"kind": "rnn"}]}, context):
        found += bare.task.problems(bare.training.sequence_length)
    if bare := _valid({**tables, "task": STAND_IN}, context):
        found += _lane_rules(bare)
    return found


def _valid(tables: Mapping[str, Any], context: Mapping[str, str]) -> Preset | None:
    try:
        return Preset.model_validate(tables, context=context)
    except ValidationError:
        return None


def _lane_rules(preset: Preset) -> list[str]:
    problems, training = [], preset.training
    for i, lane in enumerate(preset.lanes):
        what, width = lane.widest(preset.task)
        if training.sequence_length * training.batch_size * width > MOST_NUMBERS:
            problems.append(
                f"lanes[{i}].{what}: times training.sequence_length {training.sequence_length} times "
                f"training.batch_size {training.batch_size} must be at most {MOST_NUMBERS:,}, or it does not fit in "
                "memory"
            )
    twice = [name for name, count in Counter(lane.name for lane in preset.lanes if lane.name).items() if count > 1]
    return problems + [f"lanes: the name {name!r} stands more than once; lanes are told apart by it" for name in twice]


def _place(loc: tuple[int | str, ...]) -> Place:
    """Where pydantic found a problem, without the union tags it adds, and which keys are allowed there."""
    if loc == ("task",):
        return Place(loc, list(TASKS))
    if loc[:1] == ("lanes",) and len(loc) == 2:
        return Place(loc, list(LANES))
    table: type[BaseModel] = Preset
    if loc[:1] == ("training",):
        table = Training
    elif loc[:1] == ("task",) and len(loc) > 1:
        table, loc = TASKS[str(loc[1])], ("task", *loc[2:])
    elif loc[:1] == ("lanes",) and len(loc) > 2:
        table, loc = LANES[str(loc[2])], (*loc[:2], *loc[3:])
    return Place(loc, list(table.model_fields))


def set_keys(document: Mapping[str, Any], changes: Mapping[str, Any], source: str) -> dict[str, Any]:
    """A copy of the document with dotted keys (``task.delay``, ``lanes.0.hidden_size``) set.

    Raises:
        PresetError: a key that leads through something that is no table, or to a lane that is not there.
    """
    if problems := unfit(document):
        raise PresetError(source, problems)
    changed = deepcopy(dict(document))
    for key, value in changes.items():
        *way, last = key.replace("[", ".").replace("]", "").split(".")
        try:
            table = reduce(_enter, way, changed)
            table[_number(last, table) if isinstance(table, list) else last] = value
        except LookupError as error:
            problems.append(f"{key}: {error.args[0]}")
    if problems:
        raise PresetError(source, problems)
    return changed


def _enter(at: Any, word: str) -> Any:
    """One step along a dotted key, always to a table or to the list of lanes."""
    found = at[_number(word, at)] if isinstance(at, list) else at.setdefault(word, {})
    if not isinstance(found, dict | list):
        raise LookupError(f"{word!r} is no table")
    return found


def _number(word: str, lanes: list[Any]) -> int:
    """The place in a list that a word of a dotted key names."""
    if word in map(str, range(len(lanes))):
        return int(word)
    raise LookupError(f"there is no lane {word!r}; there are {len(lanes)}, numbered from 0")

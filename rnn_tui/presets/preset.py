"""The schema of a preset: one experiment, as a TOML document says it.

Everything has a default but ``task.kind`` and one lane's ``kind``.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, TypeAlias

from rnn_tui.engine.optimizers import OPTIMIZERS
from rnn_tui.engine.schedules import SCHEDULES, Schedule
from rnn_tui.errors import MOST_PROBLEMS, PresetError
from rnn_tui.presets.buffer_size import too_large
from rnn_tui.presets.key_paths import changed
from rnn_tui.presets.lane_settings import (
    LANES,
    MOST_LANES,
    WIDEST_MATCH,
    FeedForwardLane,
    LaneSettings,
    RecurrentLane,
    printable,
)
from rnn_tui.presets.validation_messages import Place, describe, unfit
from rnn_tui.tasks import TASKS, Task
from rnn_tui.tasks.batch_fit import batched_problems
from rnn_tui.tasks.fields import About, ByKind, Rule, Size, Table, Within, plain
from rnn_tui.tasks.xor import Xor

if TYPE_CHECKING:
    OptimizerName: TypeAlias = str
    ScheduleName: TypeAlias = str
else:  # the engine's own names, whatever they are
    OptimizerName = Literal[*OPTIMIZERS]
    ScheduleName = Literal[*SCHEDULES]
MOST_BYTES = 4 * 2**30  # of all lanes' buffers
LONGEST_HELD_OUT = 2000  # time steps that are enough for a held-out sequence, which is read for every frame

Prose: TypeAlias = Annotated[str, Size(most=1000), Rule(printable)]


class Training(Table):
    sequence_length: Annotated[int, Within(1, 2000)] = 40
    batch_size: Annotated[int, Within(1, 1024)] = 16
    batches_per_sequence: Annotated[
        int, Within(1, 1000), About("the hidden state is carried over between the batches of one sequence")
    ] = 1
    optimizer: OptimizerName = "adam"
    learning_rate: Annotated[float, Within(above=0, most=1000)] = 0.01
    schedule: ScheduleName = "constant"
    schedule_steps: Annotated[int, Within(1, 10**9), About("step: a tenth after each; cosine: zero after them")] = 1000
    weight_decay: Annotated[float, Within(0, 1000), About("L2; 0: none")] = 0.0
    clip_norm: Annotated[float, Within(0), About("0: no clipping")] = 1.0
    seed: Annotated[int, Within(0, below=2**63)] = 0
    steps: Annotated[int, Within(0, 10**9), About("where play pauses by itself; 0: never")] = 600
    precision: Literal["float64", "float32"] = "float64"
    speed: Annotated[int, Within(0, 10_000), About("updates per second while playing; 0: flat out")] = 60

    @property
    def whole_length(self) -> int:
        """Time steps of a training sequence in all its batches."""
        return self.sequence_length * self.batches_per_sequence

    @property
    def falling(self) -> Schedule:
        """What the learning rate is multiplied with at a step."""
        return SCHEDULES[self.schedule](self.schedule_steps)

    def learning_rate_at(self, step: int) -> float:
        return self.learning_rate * self.falling(step)


SIZES = {"sequence_length", "batch_size", "batches_per_sequence", "precision"}  # on which rules across tables depend
STAND_IN: Task = Xor()  # for a task that is not in order, where other rules are checked


class Preset(Table):
    title: Prose = ""
    question: Prose = ""
    expect: Prose = ""
    temperature: Annotated[float, Within(0, 10), About("of the text that nets write; 0: always the likeliest")] = 0.8
    task: Annotated[Task, ByKind(TASKS)]
    training: Training = Training()
    lanes: Annotated[list[Annotated[LaneSettings, ByKind(LANES)]], Size(1, MOST_LANES)]

    @property
    def names(self) -> list[str]:
        """Each lane's name; without one it is named after its kind, and numbered where that would be ambiguous."""
        taken, found = {lane.name for lane in self.lanes}, []
        for lane in self.lanes:
            name, number = lane.name or lane.kind.upper(), 2
            while not lane.name and name in taken:
                name, number = f"{lane.kind.upper()} {number}", number + 1
            taken.add(name)
            found.append(name)
        return found

    @property
    def held_out_length(self) -> int:
        """Time steps of a held-out sequence: those of as many batches as a training sequence has, the state carried
        through them; of very long ones no more than are enough.
        """
        training = self.training
        length, needed = training.sequence_length, -(-self.task.whole // training.sequence_length)
        return length * min(training.batches_per_sequence, max(needed, LONGEST_HELD_OUT // length))

    @property
    def recurrent(self) -> dict[int, RecurrentLane]:
        """The recurrent lanes by their numbers."""
        return {i: lane for i, lane in enumerate(self.lanes) if isinstance(lane, RecurrentLane)}

    def matched(self) -> "Preset":
        """With every lane that has to ``match`` another at the size that follows."""
        recurrent = self.recurrent
        lanes = [
            lane.matched(recurrent[lane.match], self.task)
            if isinstance(lane, FeedForwardLane) and lane.match in recurrent
            else lane
            for lane in self.lanes
        ]
        return replace(self, lanes=lanes)

    def starting_at(self, folder: str) -> "Preset":
        """With the relative paths in it from there on."""
        return replace(self, task=self.task.starting_at(folder))

    def document(self) -> dict[str, Any]:
        """The preset as plain data, every value named; what is None, or a text without words, is left out."""
        full = plain(self)
        trim = {key: value for key, value in full.items() if value != ""}
        if not self.task.writes and self.temperature == Preset.temperature:
            del trim["temperature"]
        trim["task"] = {key: value for key, value in full["task"].items() if value is not None}
        trim["lanes"] = [
            {key: value for key, value in lane.items() if value not in ("", None)} for lane in full["lanes"]
        ]
        return trim

    def with_changes(self, changes: Mapping[str, Any]) -> "Preset":
        """The preset with dotted keys set, as ``--set`` does.  Raises PresetError."""
        before = self.document()
        after = changed(before, changes, "settings")
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
    from rnn_tui.presets.validation import Invalid, checked

    start = str(folder or ".")
    try:
        preset = checked(Preset, dict(document)).starting_at(start)
    except Invalid as error:
        first, more = error.errors[:MOST_PROBLEMS], _rules(document, start)
        problems = [_elsewhere(item["loc"]) or describe(item, _place(item["loc"])) for item in first]
        raise PresetError(source, problems + more, len(error.errors) + len(more)) from None
    problems = _task_rules(preset)
    if problems:  # then it has no sizes
        problems += _lane_rules(replace(preset, task=STAND_IN), sized=False)
    else:
        problems = _lane_rules(preset, sized=True)
    if problems:
        raise PresetError(source, problems)
    return preset.matched()


def _task_rules(preset: Preset) -> list[str]:
    training = preset.training
    return batched_problems(preset.task, training.sequence_length, training.batches_per_sequence)


def _rules(document: Mapping[str, Any], folder: str) -> list[str]:
    """What rules across tables say of a document with problems elsewhere: each where what it needs is in order."""
    training = document.get("training", {})
    if isinstance(training, Mapping) and "sequence_length" in training:  # else a typo may stand for it
        training = {key: value for key, value in training.items() if key in SIZES}
    tables = {"task": document.get("task"), "training": training, "lanes": document.get("lanes")}
    found = []
    if bare := _valid({**tables, "lanes": [{"kind": "rnn"}]}, folder):
        found += _task_rules(bare)
    if bare := _valid({**tables, "task": STAND_IN}, folder):
        found += _lane_rules(bare, sized=False)
    return found


def _valid(tables: Mapping[str, Any], folder: str) -> Preset | None:
    from rnn_tui.presets.validation import Invalid, checked

    try:
        return checked(Preset, tables).starting_at(folder)
    except Invalid:
        return None


def _lane_rules(preset: Preset, sized: bool) -> list[str]:
    """``sized``: whether the task is the one that says how many inputs and outputs there are."""
    named = Counter(lane.name for lane in preset.lanes if lane.name)
    problems = [
        f"lanes: the name {name!r} stands more than once; lanes are told apart by it"
        for name, count in named.items()
        if count > 1
    ]
    matched = preset.matched() if sized else preset
    problems += [problem for i, lane in enumerate(matched.lanes) for problem in _match_rules(matched, i, lane)]
    return problems or _memory_rule(matched)


def _match_rules(preset: Preset, i: int, lane: LaneSettings) -> list[str]:
    if not isinstance(lane, FeedForwardLane) or lane.match is None:
        return []
    if lane.match not in preset.recurrent:
        numbers = ", ".join(map(str, preset.recurrent))
        allowed = f"the recurrent lanes are {numbers}" if numbers else "there is no recurrent lane"
        return [f"lanes[{i}].match = {lane.match}: must be a recurrent lane's number, from 0; {allowed}"]
    if (size := lane.hidden_size) > WIDEST_MATCH:
        return [
            f"lanes[{i}].match = {lane.match}: would take {size:,} hidden units, at most {WIDEST_MATCH:,} are allowed"
        ]
    return []


def affordable(preset: Preset) -> None:
    """Raise PresetError where the machine has less memory left than the preset needs, before it is asked for."""
    from rnn_tui.presets.available_memory import available

    left = available()
    if left is not None and (
        problem := too_large(
            preset.task,
            preset.lanes,
            preset.training,
            preset.held_out_length,
            left * 9 // 10,
            f"{left / 2**30:.1f} GiB are free here",
        )
    ):
        raise PresetError("settings", [problem])


def _memory_rule(preset: Preset) -> list[str]:
    problem = too_large(
        preset.task,
        preset.lanes,
        preset.training,
        preset.held_out_length,
        MOST_BYTES,
        f"at most {MOST_BYTES // 2**30} GiB are allowed",
    )
    return [problem] if problem else []


def _elsewhere(loc: tuple[int | str, ...]) -> str:
    """What is wrong with a setting that only other kinds of lanes have; empty for all else."""
    if loc[:1] != ("lanes",) or len(loc) != 4 or loc[3] in LANES[str(loc[2])].known:
        return ""
    kinds = [kind for kind, lane in LANES.items() if loc[3] in lane.known]
    return (
        f"lanes[{loc[1]}].{loc[3]}: a lane of kind {loc[2]!r} has none; only {', '.join(kinds)} have" if kinds else ""
    )


def _place(loc: tuple[int | str, ...]) -> Place:
    """Where pydantic found a problem, without the union tags it adds, and which keys are allowed there."""
    if loc == ("task",):
        return Place(loc, list(TASKS))
    if loc[:1] == ("lanes",) and len(loc) == 2:
        return Place(loc, list(LANES))
    table: type[Table] = Preset
    if loc[:1] == ("training",):
        table = Training
    elif loc[:1] == ("task",) and len(loc) > 1:
        table, loc = TASKS[str(loc[1])], ("task", *loc[2:])
    elif loc[:1] == ("lanes",) and len(loc) > 2:
        table, loc = LANES[str(loc[2])], (*loc[:2], *loc[3:])
    return Place(loc, list(table.known))

"""A preset: one experiment as a TOML document.

Everything except ``task.kind`` and the ``kind`` of one lane has a default.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, TypeAlias

from pydantic import AfterValidator, Field, ValidationError
from pydantic_core import ErrorDetails

from rnn_tui.errors import MOST_PROBLEMS, PresetError
from rnn_tui.presets.buffer_size import too_large
from rnn_tui.presets.key_paths import changed
from rnn_tui.presets.lane_settings import (
    LANES,
    MOST_LANES,
    LaneSettings,
    RecurrentLane,
    matched_lanes,
    one_line,
    printable,
    recurrent_lanes,
)
from rnn_tui.presets.rules import SMALLEST_TASK, lane_problems, task_problems
from rnn_tui.presets.sweep_settings import SweepSettings
from rnn_tui.presets.training_settings import TrainingSettings
from rnn_tui.presets.validation_messages import Location, describe, key_of, unfit
from rnn_tui.tasks import TASKS, Task
from rnn_tui.tasks.settings_model import ByKind, SettingsModel

Prose: TypeAlias = Annotated[str, Field(max_length=1000), AfterValidator(printable)]
Hint: TypeAlias = Annotated[str, Field(min_length=1, max_length=300), AfterValidator(one_line)]
Topic: TypeAlias = Annotated[str, Field(min_length=1, max_length=40), AfterValidator(one_line)]
ALWAYS_FREE = 2**26  # bytes; whether more is free is asked, which takes longer than a small run
SIZES = {"sequence_length", "batch_size", "batches_per_sequence", "precision"}  # rules across tables depend on them


class Preset(SettingsModel):
    title: Prose = ""
    question: Prose = ""
    expect: Prose = ""
    hints: Annotated[
        list[Hint], Field(max_length=8, description="what to try; the name of a key in braces is replaced by the key")
    ] = Field(default_factory=list)
    topics: Annotated[list[Topic], Field(max_length=16, description="words by which the search finds the preset")] = (
        Field(default_factory=list)
    )
    temperature: Annotated[
        float,
        Field(
            ge=0,
            le=10,
            description="of the text that nets write: higher is more random",
        ),
    ] = 0.8
    task: Annotated[Task, ByKind(TASKS)]
    training: TrainingSettings = Field(default_factory=TrainingSettings)
    lanes: Annotated[list[Annotated[LaneSettings, ByKind(LANES)]], Field(min_length=1, max_length=MOST_LANES)]
    sweep: SweepSettings | None = None

    @property
    def names(self) -> list[str]:
        """Each lane's name; a lane without a name is named after its kind, and numbered if that is ambiguous."""
        return lane_names([(lane.name, lane.kind) for lane in self.lanes])

    @property
    def held_out_length(self) -> int:
        """Time steps of a held-out sequence."""
        return self.training.held_out_length(self.task.least_length)

    def lane_seed(self, lane: int) -> int:
        """Return which of the initial weights of the training seed a lane draws."""
        seed = self.lanes[lane].seed
        return lane if seed is None else seed

    @property
    def recurrent(self) -> dict[int, RecurrentLane]:
        """The recurrent lanes by their numbers."""
        return recurrent_lanes(self.lanes)

    def matched(self) -> "Preset":
        """Return the preset, each lane with a ``match`` at the hidden size that follows from it."""
        return self.with_values(lanes=matched_lanes(self.lanes, self.task))

    def starting_at(self, folder: str) -> "Preset":
        """Return the preset with absolute paths; relative ones start at ``folder``."""
        return self.with_values(task=self.task.starting_at(folder))

    def document(self) -> dict[str, Any]:
        """Return the preset as plain data, with every value except None, empty texts and empty lists."""
        full = self.model_dump()
        trim = {key: value for key, value in full.items() if value not in ("", [], None)}
        if not self.task.predicts_symbols and self.temperature == Preset.model_fields["temperature"].default:
            del trim["temperature"]
        trim["task"] = {key: value for key, value in full["task"].items() if value is not None}
        trim["lanes"] = [
            {key: value for key, value in lane.items() if value not in ("", None, [])} for lane in full["lanes"]
        ]
        if self.sweep is not None:
            trim["sweep"] = self.sweep.document()
        return trim

    def with_changes(self, changes: Mapping[str, Any]) -> "Preset":
        """Return the preset with dotted keys set, as ``--set`` does.  Raises PresetError."""
        before = self.document()
        after = changed(before, changes, "settings")
        if after["task"] == before["task"]:
            after["task"] = self.task  # it has read its data already
        return parse(after, "settings")


def lane_names(lanes: Sequence[tuple[str, str]]) -> list[str]:
    """Return the name of each lane of these names, which may be empty, and kinds: see ``Preset.names``."""
    taken, found = {own for own, _ in lanes}, []
    for own, kind in lanes:
        name, number = own or kind.upper(), 2
        while not own and name in taken:
            name, number = f"{kind.upper()} {number}", number + 1
        taken.add(name)
        found.append(name)
    return found


def parse(document: Mapping[str, Any], source: str, folder: Path | None = None) -> Preset:
    """Validate a document and return the preset.  Relative paths in it start at ``folder``.

    Raises:
        PresetError: with all problems of the document.
    """
    if problems := unfit(document):
        raise PresetError(source, problems)
    start = str(folder or ".")
    try:
        preset = Preset.model_validate(dict(document)).starting_at(start)
    except ValidationError as error:
        errors, more = error.errors(include_url=False), _rules(document, start)
        problems = [_problem(document, item) for item in errors[:MOST_PROBLEMS]]
        raise PresetError(source, problems + more, len(errors) + len(more)) from None
    problems = task_problems(preset.task, preset.training)
    problems += lane_problems(preset.lanes, preset.training, None if problems else preset.task)
    if problems:
        raise PresetError(source, problems)
    return preset.matched()


def _rules(document: Mapping[str, Any], folder: str) -> list[str]:
    """Return problems by rules across tables for a document with other problems: each rule whose tables are valid."""
    training = document.get("training", {})
    if isinstance(training, Mapping) and "sequence_length" in training:  # otherwise it may be misspelled
        training = {key: value for key, value in training.items() if key in SIZES}
    tables = {"task": document.get("task"), "training": training, "lanes": document.get("lanes")}
    found = []
    if part := _valid({**tables, "lanes": [{"kind": "rnn"}]}, folder):
        found += task_problems(part.task, part.training)
    if part := _valid({**tables, "task": SMALLEST_TASK}, folder):
        found += lane_problems(part.lanes, part.training, None)
    return found


def _valid(tables: Mapping[str, Any], folder: str) -> Preset | None:
    try:
        return Preset.model_validate(tables).starting_at(folder)
    except ValidationError:
        return None


def _problem(document: Mapping[str, Any], error: ErrorDetails) -> str:
    """Return one line for an error; for a setting of another kind of lane, it names the kinds that have it."""
    match error["loc"]:
        case ("lanes", int(number), str(name)) if error["type"] == "extra_forbidden":
            if kinds := [kind for kind, lane in LANES.items() if name in lane.model_fields]:
                kind = document["lanes"][number]["kind"]
                return f"{key_of(error['loc'])}: not a setting of kind {kind!r}, only of {', '.join(kinds)}"
    return describe(error, _allowed(document, error["loc"]))


def _allowed(document: Mapping[str, Any], location: Location) -> list[str]:
    """Return the keys that are allowed in the table of a key."""
    model: type[SettingsModel] = Preset
    match location:
        case ("training", _, *_):
            model = TrainingSettings
        case ("sweep", _, *_):
            model = SweepSettings
        case ("task", _, *_):
            model = TASKS[document["task"]["kind"]]
        case ("lanes", int(number), _, *_):
            model = LANES[document["lanes"][number]["kind"]]
    return list(model.model_fields)


def affordable(preset: Preset) -> None:
    """Raise PresetError if the preset needs more memory than is free; checked before the memory is allocated."""
    if not too_large(preset.task, preset.lanes, preset.training, ALWAYS_FREE, ""):
        return
    from rnn_tui.presets.available_memory import available

    left = available()
    if left is None:
        return
    allowed = f"{left / 2**30:.1f} GiB are free"
    if problem := too_large(preset.task, preset.lanes, preset.training, left * 9 // 10, allowed):
        raise PresetError("settings", [problem])

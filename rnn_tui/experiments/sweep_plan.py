"""A sweep as a document: a preset, the values of its keys, seeds, steps and stop rules."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from hashlib import sha256
from itertools import islice
from typing import Any, TypeAlias

import numpy as np
from pydantic import Field, ValidationError

from rnn_tui import __version__
from rnn_tui.errors import MOST_PROBLEMS, PresetError, escaped, nearest
from rnn_tui.experiments.early_stop import StopRules
from rnn_tui.experiments.jobs import SEED, Job, Point, preset_at
from rnn_tui.experiments.sweep_points import first_point, points_of
from rnn_tui.presets.preset import Preset
from rnn_tui.presets.store import PresetFile
from rnn_tui.presets.sweep_settings import MOST_RUNS, SweepSettings, dotted
from rnn_tui.presets.validation_messages import describe, value_text
from rnn_tui.tasks.own_data.file_task import absolute
from rnn_tui.tasks.settings_model import SettingsModel

Watch: TypeAlias = Callable[[int, int], object]

ORDER, POINTS = range(2)  # random streams of the sweep seed
STEPS, PATH = "training.steps", "task.path"
NO_EFFECT = {"title", "question", "expect", "hints", "topics", "temperature", "sweep", "training.speed"}  # on results


class SweepPlan(SettingsModel):
    """Everything that a sweep's results depend on; it is stored in its folder as ``sweep.json``.

    Attributes:
        rnn_tui: the version of the program.
        name: of the preset.
        preset: its document, as plain data with absolute paths.
        data: SHA-256 of the user's data file, or of those of all files that are varied; None if there is none.
        sweep: how it is varied.
    """

    rnn_tui: str = __version__
    name: str
    preset: dict[str, Any]
    data: str | None = None
    sweep: SweepSettings = Field(default_factory=SweepSettings)

    @property
    def keys(self) -> list[str]:
        """The keys that are varied, in the order in which they were given; without the seed."""
        return [key for key in self.sweep.over if key != SEED]

    @property
    def run_count(self) -> int:
        """Number of runs."""
        return len(self.points()) * self.sweep.seeds

    def points(self) -> list[Point]:
        """Return the points, without the seeds that ``sweep.seeds`` adds, in the order of the grid.

        Raises:
            ValueError: the keys do not fit together.
        """
        return points_of(self.sweep, self.preset, np.random.default_rng([self.sweep.sweep_seed, POINTS]))

    def jobs(self) -> Iterator[Job]:
        """Yield the job of each run, in an order that the sweep seed has shuffled.

        Runs are numbered point by point, and by seed within a point.
        """
        points, sweep, training = self.points(), self.sweep, self.preset["training"]
        stop = StopRules(sweep.until_solved, sweep.patience)
        for index in np.random.default_rng([sweep.sweep_seed, ORDER]).permutation(len(points) * sweep.seeds).tolist():
            at, number = divmod(index, sweep.seeds)
            point = {**points[at], SEED: points[at].get(SEED, training["seed"] + number)}
            steps = sweep.steps or point.get(STEPS, training["steps"])
            yield Job(index, self.preset, point, steps, stop)

    def document(self) -> dict[str, Any]:
        """Return the plan as plain data."""
        return self.model_dump()


def planned(file: PresetFile, given: Mapping[str, Any], watch: Watch = lambda _, __: None) -> SweepPlan:
    """Return the plan of a sweep over a preset; every point is validated as ``--set`` would.

    Args:
        file: the preset; its ``[sweep]`` table may say how it is varied.
        given: keys of this table with other values, such as those of the command line.
        watch: called before each point is validated, which takes about a millisecond, with the number of those that
            have been validated, and of all.

    Raises:
        PresetError: with all problems.
    """
    preset = file.preset.with_values(sweep=None)
    sweep, problems = _settings(_replaced(file.preset.sweep or SweepSettings(), given))
    sweep = _with_absolute_paths(sweep, "." if "over" in given or file.path is None else str(file.path.parent))
    plan = SweepPlan(name=file.name, preset=preset.document(), data=_digest([preset]), sweep=sweep)
    rest = [] if problems and not sweep.over else list(islice(_problems(plan, preset, watch), MOST_PROBLEMS))
    if problems or rest:
        raise PresetError(f"the sweep over {escaped(file.name)}", problems + rest)
    return plan.with_values(data=_digest(_with_each_file(plan, preset))) if PATH in sweep.over else plan


def _with_absolute_paths(sweep: SweepSettings, folder: str) -> SweepSettings:
    """Return the table with absolute names of data files, as they are in the preset; relative ones start there."""
    paths = sweep.over.get(PATH)
    if not isinstance(paths, list):
        return sweep
    found = [absolute(path, folder) if isinstance(path, str) else path for path in paths]
    return sweep.with_values(over=sweep.over | {PATH: found})


def _with_each_file(plan: SweepPlan, preset: Preset) -> Iterator[Preset]:
    """Yield the preset of the first point with each data file."""
    for point in {point[PATH]: point for point in reversed(plan.points())}.values():
        yield preset_at(plan.preset, point, preset)


def _digest(presets: Iterable[Preset]) -> str | None:
    """Return the SHA-256 of the data files of presets; None if they have none."""
    found = sorted({sha256(preset.task.data).hexdigest() for preset in presets if preset.task.data})
    return sha256("".join(found).encode()).hexdigest() if len(found) > 1 else next(iter(found), None)


def _replaced(table: SweepSettings, given: Mapping[str, Any]) -> dict[str, Any]:
    """Return a ``[sweep]`` table with other values, and without what does not fit to other keys that are varied."""
    document = table.model_dump()
    if isinstance(over := dotted(given.get("over")), Mapping):
        if STEPS in over:
            document["steps"] = None
        if table.contour is not None and not {table.contour.base, table.contour.exponent} <= set(over):
            document["contour"] = None
    return document | dict(given)


def _settings(table: Mapping[str, Any]) -> tuple[SweepSettings, list[str]]:
    """Return the valid part of a ``[sweep]`` table, and the problems of the rest."""
    over = dotted(table.get("over", {}))
    table = {**table, "over": over}
    try:
        return SweepSettings.model_validate(table), []
    except ValidationError as error:
        errors = error.errors(include_url=False)
    invalid = {each["loc"][0] for each in errors}
    valid = {key: value for key, value in table.items() if key not in invalid}
    if isinstance(over, Mapping):
        valid["over"] = {key: value for key, value in over.items() if ("over", key) not in {e["loc"] for e in errors}}
    fields = list(SweepSettings.model_fields)
    problems = [describe(each, fields).removeprefix("over.").replace(" = a list: ", ": ") for each in errors]
    return SweepSettings.model_validate(valid), problems


def _problems(plan: SweepPlan, preset: Preset, watch: Watch) -> Iterator[str]:
    """Yield the problems of a plan; a problem of several points once."""
    yield from _problems_of_keys(plan.sweep)
    try:
        points = plan.points()
        if (count := len(points) * plan.sweep.seeds) > MOST_RUNS:
            raise ValueError(f"these are {count:,} runs; at most {MOST_RUNS:,} are allowed")
    except ValueError as error:
        yield str(error)
        points = [first_point(plan.sweep, plan.preset)]  # its problems are named all the same
    found: dict[str, list[Point]] = {}
    for number, point in enumerate(points):
        watch(number, len(points))
        for problem in _problems_at(plan, preset, point):
            found.setdefault(problem, []).append(point)
        if len(found) > MOST_PROBLEMS:
            break
    for problem, where in found.items():
        yield problem + _place(problem, where, points)


def _problems_of_keys(sweep: SweepSettings) -> list[str]:
    found = []
    if not sweep.over and sweep.seeds == 1:
        found.append("nothing is varied; give the values of a key, or more than one seed")
    if sweep.zip and sweep.random is not None:
        found.append("zip and random exclude each other; give one of the two")
    if SEED in sweep.over and sweep.seeds > 1:
        found.append(f"{SEED}: seeds = {sweep.seeds} varies it already; give one of the two")
    if STEPS in sweep.over and sweep.steps is not None:
        found.append(f"{STEPS}: steps = {sweep.steps} sets it already; give one of the two")
    found += [f"{key}: no result depends on it" for key in sweep.over if {key, key.partition(".")[0]} & NO_EFFECT]
    if sweep.contour is not None:
        for name in ("base", "exponent"):
            key = getattr(sweep.contour, name)
            if key not in sweep.over:
                found.append(f"contour.{name} = {value_text(key)}: is not varied{nearest(key, sweep.over)}")
    return found


def _problems_at(plan: SweepPlan, preset: Preset, point: Point) -> list[str]:
    try:
        there = preset_at(plan.preset, point, preset)
    except PresetError as error:
        return error.problems
    if not (plan.sweep.steps or there.training.steps):
        return [f"{STEPS} = 0: must be at least 1 in a sweep; give the number of steps"]
    last = there.training.seed + plan.sweep.seeds - 1
    return [] if last < 2**63 else [f"{SEED} = {there.training.seed}: too large for {plan.sweep.seeds} further seeds"]


def _place(problem: str, where: Sequence[Point], points: Sequence[Point]) -> str:
    """Return at which points a problem occurs; empty if at all of them, or if it names the key that causes it."""
    first = where[0]
    causes = [key for key in first if len(where) == sum(repr(each[key]) == repr(first[key]) for each in points)]
    if len(where) == len(points) or any(problem.startswith(key) for key in causes):
        return ""
    named = ", ".join(f"{key} = {value_text(first[key])}" for key in causes[:1] or first)
    more = f", and {len(where) - 1:,} more" if len(where) > 1 and not causes else ""
    return f" (at {named}{more})"

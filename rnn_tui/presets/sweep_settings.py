"""The ``[sweep]`` table of a preset: which keys are varied over which values, with how many seeds."""

from collections.abc import Iterator, Mapping
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field

from rnn_tui.presets.key_paths import key_words
from rnn_tui.presets.sweep_axis import Range, axis
from rnn_tui.tasks.settings_model import SettingsModel

MOST_SEEDS = 10_000
MOST_RUNS = 1_000_000  # of a sweep


def dotted(over: Any) -> Any:
    """Return a table with dotted keys: TOML reads ``task.delay = [1, 2]`` as a table in a table."""
    return {".".join(key_words(key)): value for key, value in _leaves(over)} if isinstance(over, Mapping) else over


def _leaves(table: Mapping[str, Any], key: str = "") -> Iterator[tuple[str, Any]]:
    for name, value in table.items():
        whole = f"{key}.{name}" if key else str(name)
        if isinstance(value, Mapping) and value:
            yield from _leaves(value, whole)
        else:
            yield whole, value


class ContourSettings(SettingsModel):
    """The line base ^ exponent = level, which is drawn over a map of the two keys."""

    base: Annotated[str, Field(min_length=1, description="key of the base, such as lanes.0.gain")]
    exponent: Annotated[str, Field(min_length=1, description="key of the exponent, such as task.delay")]
    level: Annotated[float, Field(gt=0, description="the value along the line")]


def _checked(written: Any) -> Any:
    """Return what is written for a key if it is a list or a range.  Raises ValueError."""
    axis(written)
    return written


class SweepSettings(SettingsModel):
    """How a preset is varied."""

    over: Annotated[
        dict[str, Annotated[Any, AfterValidator(_checked)]],
        BeforeValidator(dotted),
        Field(description="the values of each key: a list, or a range such as log:1e-4..1e-1:7"),
    ] = Field(default_factory=dict)
    zip: Annotated[
        bool, Field(description="take the first values of all keys together, then the second ones, and so on")
    ] = False
    random: Annotated[
        int | None, Field(ge=1, le=MOST_RUNS, description="draw this many points at random, instead of all of the grid")
    ] = None
    seeds: Annotated[int, Field(ge=1, le=MOST_SEEDS, description="runs of each point, each with the next seed")] = 1
    steps: Annotated[int | None, Field(ge=1, le=10**9, description="steps of a run; default: the preset's")] = None
    until_solved: Annotated[bool, Field(description="end a run as soon as its lanes have solved the task")] = False
    patience: Annotated[
        int | None, Field(ge=1, le=10**9, description="end a run after this many steps without a better held-out loss")
    ] = None
    sweep_seed: Annotated[int, Field(ge=0, lt=2**63, description="order of the runs, and random points")] = 0
    contour: Annotated[
        ContourSettings | None, Field(description="a line over the map of two keys: base ^ exponent = level")
    ] = None

    @property
    def axes(self) -> dict[str, list[Any] | Range]:
        """The values of each key that is varied."""
        return {key: axis(written) for key, written in self.over.items()}

    def document(self) -> dict[str, Any]:
        """Return the table as plain data, with every value that differs from its default."""
        fields = type(self).model_fields
        return {
            name: value
            for name, value in self.model_dump().items()
            if value != fields[name].get_default(call_default_factory=True)
        }

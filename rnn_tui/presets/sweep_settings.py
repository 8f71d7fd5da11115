"""The ``[sweep]`` table of a preset: which keys are varied over which values, with how many seeds."""

from collections.abc import Iterator, Mapping
from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from rnn_tui.tasks.settings_model import SettingsModel

MOST_SEEDS = 10_000
MOST_RUNS = 1_000_000  # of a sweep


def dotted(over: Any) -> Any:
    """Return a table with dotted keys; TOML reads ``task.delay = [1, 2]`` as a table in a table."""
    return dict(_leaves(over)) if isinstance(over, Mapping) else over


def _leaves(table: Mapping[str, Any], key: str = "") -> Iterator[tuple[str, Any]]:
    for name, value in table.items():
        whole = f"{key}.{name}" if key else str(name)
        if isinstance(value, Mapping) and value:
            yield from _leaves(value, whole)
        else:
            yield whole, value


class SweepSettings(SettingsModel):
    """How a preset is varied."""

    over: Annotated[
        dict[str, list[Any] | str],
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

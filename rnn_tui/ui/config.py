"""``config.toml``: the user's settings of the program, which hold for every lab."""

from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, ValidationError

from rnn_tui.errors import MOST_PROBLEMS, FileError
from rnn_tui.presets.store import read_toml
from rnn_tui.presets.validation_messages import describe, unfit
from rnn_tui.storage import user_folders
from rnn_tui.tasks.settings_model import SettingsModel


def _leaves(table: Mapping[str, Any], above: str = "") -> Iterator[tuple[str, Any]]:
    for name, value in table.items():
        if isinstance(value, Mapping):
            yield from _leaves(value, f"{above}{name}.")
        else:
            yield above + name, value


def _flat(table: Any) -> Any:
    """Return keys by their dotted names: to TOML, ``run.step = "n"`` is a table in a table."""
    if not isinstance(table, Mapping):
        return table
    leaves = list(_leaves(table))
    twice = [name for name, count in Counter(name for name, _ in leaves).items() if count > 1]
    if twice:
        raise ValueError(f"{', '.join(twice)} is listed more than once")
    return dict(leaves)


class Config(SettingsModel):
    """The settings of ``config.toml``.  The screen checks the names of themes and keys."""

    theme: Annotated[str, Field(description="see above")] = "rnn-tui"
    refresh: Annotated[
        int, Field(ge=2, le=30, description="refreshes of the screen per second while playing, 2 to 30")
    ] = 10
    glyphs: Annotated[Literal["auto", "blocks", "ascii"], Field(description="auto, blocks, ascii")] = "auto"
    palette: Annotated[
        Literal["auto", "colors", "contrast", "mono"], Field(description="auto, colors, contrast, mono")
    ] = "auto"
    seeds: Annotated[int, Field(ge=1, le=64, description="further seeds that the lab trains on request, 1 to 64")] = 8
    vim: Annotated[
        bool,
        Field(description="h j k l move like the arrows; L is then the lane, c and C curves, Z the hint, Q lessons"),
    ] = False
    keys: Annotated[dict[str, object], BeforeValidator(_flat)] = Field(default_factory=dict)


def config_path() -> Path:
    """Return ``$RNN_TUI_HOME/config.toml``, or the file in the platform's folder for settings."""
    return user_folders.settings_folder() / "config.toml"


def read(path: Path) -> tuple[Config, list[str]]:
    """Return the settings of the file, and its problems; invalid settings keep their defaults."""
    try:
        document = read_toml(path)[1]
    except FileError as error:
        return Config(), error.problems
    if problems := unfit(document):
        return Config(), problems
    try:
        return Config.model_validate(document), []
    except ValidationError as error:
        found = error.errors(include_url=False)
    broken = {item["loc"][0] for item in found}
    rest = {key: value for key, value in document.items() if key not in broken}
    problems = [describe(item, list(Config.model_fields)) for item in found[:MOST_PROBLEMS]]
    return Config.model_validate(rest), [
        *problems,
        *[f"… and {len(found) - MOST_PROBLEMS:,} more"][: len(found) > MOST_PROBLEMS],
    ]

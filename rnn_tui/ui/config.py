"""The user's settings of the program itself, which hold for every lab: ``config.toml``."""

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
    """``run.step = "n"`` is a table in a table to TOML, and the key ``"run.step"`` here."""
    if not isinstance(table, Mapping):
        return table
    leaves = list(_leaves(table))
    twice = [name for name, count in Counter(name for name, _ in leaves).items() if count > 1]
    if twice:
        raise ValueError(f"{', '.join(twice)} is listed more than once")
    return dict(leaves)


class Config(SettingsModel):
    """Which themes and keys there are, the screen knows; here they are any words."""

    theme: Annotated[str, Field(description="see above")] = "rnn-tui"
    refresh: Annotated[
        int, Field(ge=2, le=30, description="refreshes of the screen per second while it plays, 2 to 30")
    ] = 10
    glyphs: Annotated[Literal["auto", "blocks", "ascii"], Field(description="auto, blocks, ascii")] = "auto"
    palette: Annotated[
        Literal["auto", "colors", "contrast", "mono"], Field(description="auto, colors, contrast, mono")
    ] = "auto"
    vim: Annotated[bool, Field(description="h j k l move as the arrows do; the lane is L, curves are c and C")] = False
    keys: Annotated[dict[str, object], BeforeValidator(_flat)] = Field(default_factory=dict)


def config_path() -> Path:
    """``$RNN_TUI_HOME/config.toml``, or in the platform's folder for a user's settings."""
    return user_folders.settings_folder() / "config.toml"


def read(path: Path) -> tuple[Config, list[str]]:
    """What the file says, and what is wrong with it, which stays at its default."""
    try:
        document = read_toml(path)[1] if path.stat().st_size else {}
    except OSError as error:
        return Config(), [f"cannot be read ({error.strerror or error})"]
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

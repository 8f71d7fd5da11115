"""The user's settings of the program itself, which hold for every lab: ``config.toml``."""

import os
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, ValidationError

from rnn_tui.errors import FileError
from rnn_tui.lanes import Table
from rnn_tui.library import read_toml
from rnn_tui.problems import Place, describe, unfit
from rnn_tui.tasks.files import expanded


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
        raise ValueError(f"{', '.join(twice)} stands there twice")
    return dict(leaves)


class Config(Table):
    """Which themes and keys there are, the screen knows; here they are any words."""

    theme: str = Field("rnn-tui", description="see above")
    refresh: int = Field(10, ge=2, le=30, description="refreshes of the screen per second while it plays, 2 to 30")
    glyphs: Literal["auto", "blocks", "ascii"] = Field("auto", description="auto, blocks, ascii")
    palette: Literal["auto", "colours", "contrast", "mono"] = Field("auto", description="auto, colours, contrast, mono")
    vim: bool = Field(False, description="h j k l move as the arrows do; the lane is L, curves are c and C")
    keys: Annotated[dict[str, object], BeforeValidator(_flat)] = Field(default_factory=dict)


def config_path() -> Path:
    """``$RNN_TUI_HOME/config.toml``, or in the platform's folder for a user's settings."""
    if home := os.environ.get("RNN_TUI_HOME"):
        return expanded(home) / "config.toml"
    import platformdirs

    return platformdirs.user_config_path("rnn-tui", appauthor=False) / "config.toml"


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
        found = error.errors()
    broken = {item["loc"][0] for item in found}
    rest = {key: value for key, value in document.items() if key not in broken}
    allowed = list(Config.model_fields)
    return Config.model_validate(rest), [describe(item, Place(item["loc"], allowed)) for item in found]

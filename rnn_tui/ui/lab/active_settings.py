"""The active settings of the user: the configuration, the keys, and their problems."""

from dataclasses import dataclass, field

from textual.theme import BUILTIN_THEMES

from rnn_tui.errors import DataError, FileError, nearest
from rnn_tui.presets.validation_messages import value_text
from rnn_tui.storage.files import path_kind
from rnn_tui.ui.config import Config, config_path, read
from rnn_tui.ui.input.keymap import Keymap, keymap_of
from rnn_tui.ui.panels import registry  # noqa: F401  panels bring keys of their own, which settings may change
from rnn_tui.ui.render.palette import LIGHT, THEME

THEMES = [THEME.name, LIGHT.name, *sorted(BUILTIN_THEMES)]


@dataclass(frozen=True)
class ActiveSettings:
    """The settings in force.  ``problem``: all problems of the file, or an empty string."""

    config: Config = field(default_factory=Config)
    keys: Keymap = field(default_factory=Keymap)
    problem: str = ""


def load() -> ActiveSettings:
    """Read the user's settings; without a file, use the defaults.

    Invalid settings keep their defaults; if any key is invalid, all keys keep theirs.
    """
    path = config_path()
    try:
        if not path_kind(path):
            return ActiveSettings()
    except DataError as error:
        return ActiveSettings(problem=str(error))
    config, problems = read(path)
    if config.theme not in THEMES:
        others = nearest(config.theme, THEMES) or f"; must be one of {', '.join(map(repr, THEMES))}"
        problems.append(f"theme = {value_text(config.theme)}: unknown{others}")
        config = config.with_values(theme=THEME.name)
    keys, wrong = keymap_of(config)
    if wrong:
        problems += wrong
        config = config.with_values(keys={})
    return ActiveSettings(config, keys, str(FileError(str(path), problems)) if problems else "")

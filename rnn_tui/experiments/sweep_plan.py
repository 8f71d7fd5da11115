"""A sweep as a document: a preset, the values of its keys, seeds, steps and stop rules."""

from typing import Any

from pydantic import Field

from rnn_tui import __version__
from rnn_tui.presets.sweep_settings import SweepSettings
from rnn_tui.tasks.settings_model import SettingsModel


class SweepPlan(SettingsModel):
    """Everything that a sweep's results depend on; it is stored in its folder as ``sweep.json``.

    Attributes:
        rnn_tui: the version of the program.
        name: of the preset.
        preset: its document, as plain data with absolute paths.
        data: SHA-256 of the user's data file; None if the task generates its data.
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


SEED = "training.seed"

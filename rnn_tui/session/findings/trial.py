"""The trial of a remedy: what it changes, and up to which step to train then."""

from typing import Literal, NamedTuple

from rnn_tui.presets.key_paths import differences
from rnn_tui.presets.mutability import EDITABLE, IDLE
from rnn_tui.presets.preset import Preset
from rnn_tui.session.findings.base import Remedy


class Trial(NamedTuple):
    """A remedy that is tried from a step.

    Attributes:
        after: the settings with the remedy.
        way: "longer": only more updates. "edit": from the present step on. "restart": from step 0.
        goal: the step to train to.
    """

    after: Preset
    way: Literal["longer", "edit", "restart"]
    goal: int


def trial(preset: Preset, remedy: Remedy, step: int) -> Trial:
    """Return the trial of a remedy at ``step``.  Raises RnnTuiError if the settings do not allow it any more."""
    after = preset.with_changes(remedy.changes)
    changed = differences(preset.document(), after.document())
    if changed <= IDLE:
        return Trial(after, "longer", max(step, after.training.steps))
    if changed <= EDITABLE | IDLE and not (remedy.from_start and step):
        return Trial(after, "edit", step)
    return Trial(after, "restart", step)

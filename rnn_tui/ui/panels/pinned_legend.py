"""Legend of a pinned run: how its settings differ from those of the current run, in a few words."""

from rnn_tui.checkpoints.pinned_run import PinnedRun
from rnn_tui.presets.key_paths import differences
from rnn_tui.presets.mutability import IDLE
from rnn_tui.presets.preset import Preset
from rnn_tui.ui.panels.setting_text import called, in_short, rows_of


def legend(pin: PinnedRun, preset: Preset) -> str:
    """Return ``hidden 16, seed 1``; without differences, the step at which the run was replaced."""
    keys = differences(pin.preset.document(), preset.document()) - IDLE
    rows = rows_of(pin.preset)
    named = [f"{called(pin.preset, rows[key])} {rows[key].shown}" for key in rows if key in keys]
    named += [f"{key.removeprefix('task.')} changed" for key in sorted(keys) if key not in rows and "." not in key]
    if len(pin.preset.lanes) != len(preset.lanes):
        named = [" ".join(pin.preset.names), *(name for name in named if not name.startswith("lanes."))]
    since = [f"from {pin.since:,}"] if pin.since else []
    return ", ".join([*since, *in_short(named)]) or "same settings"

"""How a run that is kept for comparison differs from the one on the bench, in a few words."""

from rnn_tui.changes import IDLE
from rnn_tui.dotted import differences
from rnn_tui.pins import Pin
from rnn_tui.presets import Preset
from rnn_tui.ui.settings import Setting, settings_of

MOST = 3  # settings that are named


def legend(pin: Pin, preset: Preset) -> str:
    """In short: ``hidden 16, seed 1``; where nothing differs, since when it went its own way."""
    keys = differences(pin.preset.document(), preset.document()) - IDLE
    rows = _settings(pin.preset)
    named = [_said(pin.preset, rows[key]) for key in rows if key in keys]
    named += [f"{key.removeprefix('task.')} changed" for key in sorted(keys) if key not in rows and "." not in key]
    if len(pin.preset.lanes) != len(preset.lanes):
        named = [" ".join(pin.preset.names), *(name for name in named if not name.startswith("lanes."))]
    if len(named) > MOST:
        named = [*named[:MOST], f"+{len(named) - MOST}"]
    since = [f"from {pin.since:,}"] if pin.since else []
    return ", ".join([*since, *named]) or "same settings"


def _settings(preset: Preset) -> dict[str, Setting]:
    """All rows of the controls, by their keys."""
    return {row.key: row for lane in range(len(preset.lanes)) for row in settings_of(preset, lane)}


def _said(preset: Preset, row: Setting) -> str:
    """A setting, with its lane's name where several lanes have such a row."""
    lane = preset.names[int(row.key.split(".")[1])] if row.key.startswith("lanes.") and len(preset.lanes) > 1 else ""
    return f"{lane} {row.label} {row.shown}".strip()

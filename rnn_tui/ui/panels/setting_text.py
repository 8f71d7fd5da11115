"""Text for settings and changes of settings."""

from collections.abc import Collection, Sequence

from rnn_tui.interventions import spelled
from rnn_tui.interventions.applied import added
from rnn_tui.number_format import counted
from rnn_tui.presets.key_paths import differences
from rnn_tui.presets.mutability import IDLE, renamed
from rnn_tui.presets.preset import Preset
from rnn_tui.session.undo_stack import NOTHING_LOST, Change, LostChanges
from rnn_tui.ui.panels.control_rows import Setting, settings_of

MOST = 3  # settings to name


def rows_of(preset: Preset) -> dict[str, Setting]:
    """Return all rows of the controls by key."""
    return {row.key: row for lane in range(len(preset.lanes)) for row in settings_of(preset, lane)}


def called(preset: Preset, row: Setting) -> str:
    """Return the name of a setting, with the lane's name if several lanes have it: ``RNN hidden``."""
    lane = preset.names[int(row.key.split(".")[1])] if row.key.startswith("lanes.") and len(preset.lanes) > 1 else ""
    return f"{lane} {row.label}".strip()


def moved(before: Preset, after: Preset, asked: Collection[str] = ()) -> str:
    """``RNN hidden 8 → 16, lr 0.01 → 0.02``; keys in ``asked`` come first.

    Settings that only one of the presets has, such as the activation of another cell, are omitted.
    """
    keys = differences(before.document(), after.document())
    old, new = rows_of(before), rows_of(after)
    rows = sorted((old[key] for key in old if key in keys and key in new), key=lambda row: row.key not in asked)
    named = [f"{called(before, row)} {row.shown} → {new[row.key].shown}" for row in rows]
    named += _intervened(before, after)
    if not named:  # no row shows the setting
        named = [key.rpartition(".")[2].replace("_", " ") for key in sorted(keys)]
    return ", ".join(in_short(named))


def _intervened(before: Preset, after: Preset) -> list[str]:
    """Return which interventions have been applied or removed; none if the lanes are others."""
    if len(before.lanes) != len(after.lanes):
        return []
    said: dict[str, list[str]] = {"applied": [], "removed": []}
    for name, old, new in zip(after.names, before.lanes, after.lanes, strict=True):
        where = f" in {name}" if len(after.lanes) > 1 else ""
        said["applied"] += [f"{spelled(text).said}{where}" for text in added(old.interventions, new.interventions)]
        said["removed"] += [f"{spelled(text).said}{where}" for text in added(new.interventions, old.interventions)]
    return [f"{done}: {', '.join(what)}" for done, what in said.items() if what]


def edits(original: Preset, present: Preset) -> str:
    """Return the changes after which the original's title, question and expected result may be untrue; or empty.

    Another seed changes none of them, nor do settings without influence on learning.
    """
    if len(original.lanes) != len(present.lanes):
        return f"{counted(len(present.lanes), 'lane')} instead of {len(original.lanes)}"
    if not differences(original.document(), present.document()) - IDLE - {"training.seed"}:
        return ""
    return moved(original, renamed(present, original))


def in_short(named: Sequence[str]) -> list[str]:
    """Return the first names, and the number of others."""
    return [*named[:MOST], f"+{len(named) - MOST}"] if len(named) > MOST else [*named]


def undone(change: Change | None, lost: LostChanges = NOTHING_LOST) -> str:
    """Return a message about an undone change; without one, about changes that are no longer in memory."""
    if change:
        return f"undone: {change.said or moved(change.after, change.before)}"
    return f"nothing to undo{_no_longer(lost)}"


def redone(change: Change | None, lost: LostChanges = NOTHING_LOST) -> str:
    """Return a message about a redone change; without one, about changes that are no longer in memory."""
    if change:
        return f"redone: {change.said or moved(change.before, change.after)}"
    return f"nothing to redo{_no_longer(lost)}"


def _no_longer(lost: LostChanges) -> str:
    if lost.next is None:
        return ""
    what = lost.next.said or moved(lost.next.before, lost.next.after)
    changes = f"{counted(lost.number, 'change')} {'is' if lost.number == 1 else 'are'}"
    return f": {changes} no longer in memory ({'' if lost.number == 1 else 'the next: '}{what})"

"""Commands that change the settings or what is open: each says in a sentence what it led to."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from rnn_tui.errors import escaped
from rnn_tui.presets import store
from rnn_tui.presets.lane_settings import FeedForwardLane
from rnn_tui.presets.preset import Preset
from rnn_tui.presets.store import PresetFile
from rnn_tui.ui.panels.control_rows import Setting, changes_of, settings_of
from rnn_tui.ui.panels.setting_text import called, moved
from rnn_tui.ui.training.command_queue import Command
from rnn_tui.ui.training.training_thread import TrainingThread


def beside(key: str, lane: int, way: int) -> Command:
    """The next value of a setting, or the one before, counted from what it is when the command's turn has come."""
    return Command(_beside, (key, lane, way))


def _beside(thread: TrainingThread, key: str, lane: int, way: int) -> str:
    preset = thread.session.preset
    rows = settings_of(preset, lane) if lane < len(preset.lanes) else []
    setting = next((row for row in rows if row.key == key), None)
    if setting is None:  # another preset has come meanwhile, or another kind of lane
        name = key.rpartition(".")[2].replace("_", " ")
        return f"{preset.names[lane]} has no {name}" if lane < len(preset.lanes) else ""
    said = _changed(thread, changes_of(preset, setting, setting.beside(way)), setting)
    return said or f"{called(preset, setting)} stays {setting.shown}"


def put(setting: Setting, value: Any) -> Command:
    """A value for a setting, as it was typed."""
    return Command(_put, (setting, value))


def _put(thread: TrainingThread, setting: Setting, value: Any) -> str:
    return _changed(thread, changes_of(thread.session.preset, setting, value), setting)


def reseed() -> Command:
    """Other weights and other sequences."""
    return Command(_reseed)


def _reseed(thread: TrainingThread) -> str:
    before = thread.session.preset
    led = thread.session.reseed()
    return f"{moved(before, thread.session.preset)}: {led}"


def undo() -> Command:
    """The last change of settings, or the last opening, taken back."""
    return Command(TrainingThread.undo)


def redo() -> Command:
    """What undo took back, made again."""
    return Command(TrainingThread.redo)


def _changed(thread: TrainingThread, changes: Mapping[str, Any], setting: Setting) -> str:
    """What has changed, and what that led to; empty where nothing has."""
    before = thread.session.preset
    led = thread.session.change(changes)
    return ": ".join(filter(None, [moved(before, thread.session.preset, {setting.key}), led]))


def open_preset(file: PresetFile) -> Command:
    """Put a preset on the bench."""
    return Command(TrainingThread.open, (file,))


def open_stored(path: Path) -> Command:
    """Read a preset's file, and put it on the bench."""
    return Command(_open_stored, (path,))


def _open_stored(thread: TrainingThread, path: Path) -> str:
    return thread.open(store.load(path))


def save(name: str, over: bool = False) -> Command:
    """Save the settings as they are now as one of the user's own presets, ``over`` an older one or not."""
    return Command(_save, (name, over))


def _save(thread: TrainingThread, name: str, over: bool) -> str:
    thread.session.change({"training.speed": thread.pace})
    document = thread.workspace.current
    document.file = store.save(replace(document.file, preset=thread.session.preset), name, over)
    return f"saved as {escaped(str(document.file.path))}"


def match(lane: int) -> Command:
    """As many parameters for the feed-forward net as the recurrent one has; once more: no longer."""
    return Command(_match, (lane,))


def _match(thread: TrainingThread, lane: int) -> str:
    preset = thread.session.preset
    changes = match_changes(preset, min(lane, len(preset.lanes) - 1))
    if not changes:
        return "to match, there must be a recurrent lane and an fnn"
    said, after = thread.session.change(changes), thread.session.preset
    if None in changes.values():
        return "match off: the sizes stay, and no longer follow"
    (target,) = {number for number in changes.values() if number is not None}
    matched = [i for i in range(len(after.lanes)) if f"lanes.{i}.match" in changes]
    return "; ".join([*(_size(after, i) for i in (target, *matched)), said])


def match_changes(preset: Preset, lane: int) -> dict[str, int | None]:
    """What gives the feed-forward lane (or all of them, where the lane is another) as many parameters as the recurrent
    lane (or the first of them); where that is so already, what ends it.
    """
    recurrent = list(preset.recurrent)
    others = {i: other for i, other in enumerate(preset.lanes) if isinstance(other, FeedForwardLane)}
    if not recurrent or not others:
        return {}
    target = lane if lane in recurrent else recurrent[0]
    chosen = {lane: others[lane]} if lane in others else others
    done = all(other.match == target for other in chosen.values())
    return {f"lanes.{i}.match": None if done else target for i in chosen}


def _size(preset: Preset, lane: int) -> str:
    settings = preset.lanes[lane]
    count = settings.model(preset.task).layout.count
    return f"{preset.names[lane]}: {settings.hidden_size:,} units, {count:,} parameters"

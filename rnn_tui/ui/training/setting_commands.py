"""Commands that change settings or open presets; each returns a message."""

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
    """Return a command for the next or previous value of a setting, relative to the value when it runs."""
    return Command(_beside, (key, lane, way))


def _beside(thread: TrainingThread, key: str, lane: int, way: int) -> str:
    preset = thread.session.preset
    rows = settings_of(preset, lane) if lane < len(preset.lanes) else []
    setting = next((row for row in rows if row.key == key), None)
    if setting is None:  # another preset or another kind of lane is open by now
        name = key.rpartition(".")[2].replace("_", " ")
        return f"{preset.names[lane]} has no {name}" if lane < len(preset.lanes) else ""
    said = _changed(thread, changes_of(preset, setting, setting.beside(way)), setting)
    return said or f"{called(preset, setting)} stays {setting.shown}"


def put(setting: Setting, value: Any) -> Command:
    """Return a command that sets a typed value."""
    return Command(_put, (setting, value))


def _put(thread: TrainingThread, setting: Setting, value: Any) -> str:
    return _changed(thread, changes_of(thread.session.preset, setting, value), setting)


def reseed() -> Command:
    """Return a command that changes the seed."""
    return Command(_reseed)


def _reseed(thread: TrainingThread) -> str:
    before = thread.session.preset
    led = thread.session.reseed()
    return f"{moved(before, thread.session.preset)}: {led}"


def open_seed(seed: int) -> Command:
    """Return a command that restarts the run with another seed and the same edits; undo restores the run before."""
    return Command(_open_seed, (seed,))


def _open_seed(thread: TrainingThread, seed: int) -> str:
    thread.play(False)
    return thread.session.restart_with_seed(seed)


def undo() -> Command:
    """Return a command that undoes the last change of settings, or the last opening."""
    return Command(TrainingThread.undo)


def redo() -> Command:
    """Return a command that redoes what was undone."""
    return Command(TrainingThread.redo)


def _changed(thread: TrainingThread, changes: Mapping[str, Any], setting: Setting) -> str:
    """Return a message about the change and its effect; empty if nothing has changed."""
    before = thread.session.preset
    led = thread.session.change(changes)
    return ": ".join(filter(None, [moved(before, thread.session.preset, {setting.key}), led]))


def open_preset(file: PresetFile) -> Command:
    """Return a command that opens a preset."""
    return Command(TrainingThread.open, (file,))


def open_stored(path: Path) -> Command:
    """Return a command that reads a preset file and opens it."""
    return Command(_open_stored, (path,))


def _open_stored(thread: TrainingThread, path: Path) -> str:
    return thread.open(store.load(path))


def save(name: str, over: bool = False) -> Command:
    """Return a command that saves the settings as a preset of the user; ``over``: may overwrite one."""
    return Command(_save, (name, over))


def _save(thread: TrainingThread, name: str, over: bool) -> str:
    thread.session.change({"training.speed": thread.pace})
    document = thread.workspace.current
    document.file = store.save(replace(document.file, preset=thread.session.preset), name, over)
    return f"saved as {escaped(str(document.file.path))}"


def match(lane: int) -> Command:
    """Return a command that matches the parameters of feed-forward lanes to a recurrent lane, or stops that."""
    return Command(_match, (lane,))


def _match(thread: TrainingThread, lane: int) -> str:
    preset = thread.session.preset
    changes = match_changes(preset, min(lane, len(preset.lanes) - 1))
    if not changes:
        return "matching needs a recurrent lane and an FNN"
    said, after = thread.session.change(changes), thread.session.preset
    if None in changes.values():
        return "match off: the sizes stay and are no longer adjusted"
    (target,) = {number for number in changes.values() if number is not None}
    matched = [i for i in range(len(after.lanes)) if f"lanes.{i}.match" in changes]
    return "; ".join([*(_size(after, i) for i in (target, *matched)), said])


def match_changes(preset: Preset, lane: int) -> dict[str, int | None]:
    """Return the changes that match the feed-forward lane (or all of them, if ``lane`` is another) to a recurrent lane.

    The recurrent lane is ``lane`` or the first one.  If they match already, the changes turn matching off.
    """
    recurrent = list(preset.recurrent)
    others = {i: other for i, other in enumerate(preset.lanes) if isinstance(other, FeedForwardLane)}
    if not recurrent or not others:
        return {}
    target = lane if lane in recurrent else recurrent[0]
    chosen = {lane: others[lane]} if lane in others else others
    done = all(other.match == target for other in chosen.values())
    return {f"lanes.{i}.match": None if done else target for i in chosen}


def add_lane(like: int, kind: str) -> Command:
    """Return a command that adds a lane of a kind with the settings of the lane ``like``."""
    return Command(_add_lane, (like, kind))


def _add_lane(thread: TrainingThread, like: int, kind: str) -> str:
    return thread.session.add_lane(_present(thread, like), kind)


def duplicate_lane(lane: int) -> Command:
    """Return a command that adds a copy of a lane."""
    return Command(_duplicate_lane, (lane,))


def _duplicate_lane(thread: TrainingThread, lane: int) -> str:
    return thread.session.duplicate_lane(_present(thread, lane))


def remove_lane(lane: int) -> Command:
    """Return a command that removes a lane."""
    return Command(_remove_lane, (lane,))


def _remove_lane(thread: TrainingThread, lane: int) -> str:
    return thread.session.remove_lane(_present(thread, lane))


def _present(thread: TrainingThread, lane: int) -> int:
    """Return the number of a lane that exists; another command may have removed ``lane`` by now."""
    return min(lane, len(thread.session.preset.lanes) - 1)


def _size(preset: Preset, lane: int) -> str:
    settings = preset.lanes[lane]
    count = settings.model(preset.task).layout.count
    return f"{preset.names[lane]}: {settings.hidden_size:,} units, {count:,} parameters"

"""What is on the bench, and what was there before: opening another preset loses nothing.  Only player.py makes one."""

from dataclasses import dataclass
from pathlib import Path

from rnn_tui.library import PresetFile
from rnn_tui.presets import Preset
from rnn_tui.session.session import Session
from rnn_tui.ui.wording import redone, undone

MOST_SHELVED = 4


@dataclass
class Opened:
    """A preset, and what has become of it.

    Attributes:
        pace: updates per second, 0: flat out.
        before: the settings that a run had when it was opened, which nobody loses by leaving it.
        kept: the session's stamp when it was kept by itself, or when it was opened; store: where.
    """

    file: PresetFile
    session: Session
    pace: int
    before: Preset | None = None
    kept: tuple[object, ...] = ()
    store: Path | None = None

    def __post_init__(self) -> None:
        self.kept = self.kept or self.session.stamp

    @classmethod
    def of(cls, file: PresetFile, run: Session | None = None) -> "Opened":
        """A preset from its beginning, or a run that goes on."""
        session = run or Session(file.preset)
        return cls(file, session, session.preset.training.speed, before=run.preset if run else None)

    @property
    def changed(self) -> bool:
        """Whether the settings differ from the preset file's."""
        return self.session.preset != self.file.preset

    @property
    def unsaved(self) -> bool:
        """Whether they would be lost."""
        return self.changed and self.session.preset != self.before


class Shelf:
    """Belongs to the player's thread.  ``current`` is on the bench."""

    def __init__(self, current: Opened) -> None:
        self.current = current
        self._before: list[Opened] = []
        self._ahead: list[Opened] = []  # what undo took off the bench

    @property
    def others(self) -> list[Opened]:
        """What undo or redo would bring back."""
        return [*self._before, *self._ahead]

    @property
    def others_unsaved(self) -> bool:
        """Whether something that undo or redo would bring back differs from its file."""
        return any(opened.unsaved for opened in self.others)

    def open(self, opened: Opened) -> str:
        """Put another one on the bench."""
        self._before = [*self._before[1 - MOST_SHELVED :], self.current]
        self._ahead.clear()
        self.current = opened
        return f"opened {opened.file.name}; undo brings {self._before[-1].file.name} back"

    def undo(self) -> str:
        """The last change of settings, or the last opening, taken back."""
        if not self.current.session.can_undo and self._before:
            return self._bring(self._before, self._ahead)
        return undone(self.current.session.undo())

    def redo(self) -> str:
        """What undo took back, made again."""
        if not self.current.session.can_redo and self._ahead:
            return self._bring(self._ahead, self._before)
        return redone(self.current.session.redo())

    def _bring(self, source: list[Opened], target: list[Opened]) -> str:
        target.append(self.current)
        self.current = source.pop()
        return f"back to {self.current.file.name}"

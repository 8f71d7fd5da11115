"""What is on the bench, and what was there before: opening another preset loses nothing."""

from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from rnn_tui.errors import RnnTuiError
from rnn_tui.presets.preset import Preset
from rnn_tui.presets.store import PresetFile
from rnn_tui.session import memory_budget
from rnn_tui.session.session import Session
from rnn_tui.ui.panels.setting_text import redone, undone
from rnn_tui.ui.training.thread_owner import ThreadOwner

MOST_DOCUMENTS = 4  # with their runs
MOST_SETTINGS = 40  # without; what is unsaved is not counted, and always stays


@dataclass
class Document:
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
    def of(cls, file: PresetFile, run: Session | None = None) -> "Document":
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


@dataclass(frozen=True, eq=False)
class ReducedDocument:
    """What is left of a preset that was opened too long ago: its settings, and where its run was kept, if it was.

    Attributes:
        unsaved, before, pace: as of Opened.
    """

    file: PresetFile
    settings: Preset
    unsaved: bool
    before: Preset | None
    pace: int
    store: Path | None

    @classmethod
    def of(cls, document: Document) -> "ReducedDocument":
        store = document.store if document.kept == document.session.stamp else None
        settings, unsaved = document.session.preset, document.unsaved
        return cls(document.file, settings, unsaved, document.before, document.pace, store)

    def restore(self) -> tuple[Document, str]:
        """The preset with its run where that can be read, else with its settings alone; and which it is, in words."""
        if self.store is not None:
            from rnn_tui.checkpoints.reader import load
            from rnn_tui.session.checkpointing import restored

            with suppress(RnnTuiError):  # somebody has taken the file away
                session = restored(load(self.store))
                return Document(
                    self.file, session, self.pace, self.before, store=self.store
                ), "as it was kept by itself"
        return Document(self.file, Session(self.settings), self.pace, self.before), "untrained, with its last settings"


class Workspace:
    """Belongs to the training thread.  ``current`` is on the bench."""

    def __init__(self, current: Document, owner: ThreadOwner | None = None) -> None:
        self._owner = owner or ThreadOwner()
        self.current = current
        self._before: list[Document | ReducedDocument] = []
        self._ahead: list[Document | ReducedDocument] = []  # what undo took off the bench

    @property
    def others(self) -> list[Document]:
        """What undo or redo would bring back with its run."""
        return [document for document in (*self._before, *self._ahead) if isinstance(document, Document)]

    @property
    def reduced(self) -> list[ReducedDocument]:
        """What undo or redo would bring back without its run, or with the one in its file."""
        return [each for each in (*self._before, *self._ahead) if isinstance(each, ReducedDocument)]

    @property
    def others_unsaved(self) -> bool:
        """Whether something that undo or redo would bring back differs from its file."""
        return any(each.unsaved for each in (*self._before, *self._ahead))

    def open(self, document: Document) -> str:
        """Put another one on the bench.  What could be redone is forgotten, unless its settings are nowhere else."""
        assert self._owner.here
        left = self.current
        self._before = [*self._before, *(each for each in self._ahead if each.unsaved), left]
        self._ahead = []
        self.current = document
        return f"opened {document.file.name}; undo brings {left.file.name} back"

    def undo(self) -> str:
        """The last change of settings, or the last opening, taken back."""
        assert self._owner.here
        undo_stack = self.current.session.undo_stack
        if not undo_stack.can_undo and self._before:
            return self._bring(self._before, self._ahead)
        return undone(self.current.session.undo(), undo_stack.lost)

    def redo(self) -> str:
        """What undo took back, made again."""
        assert self._owner.here
        undo_stack = self.current.session.undo_stack
        if not undo_stack.can_redo and self._ahead:
            return self._bring(self._ahead, self._before)
        return redone(self.current.session.redo(), undo_stack.lost_again)

    def fit(self) -> str:
        """Let go what there is no room for, when those that left the bench have been kept; say what that is.

        Settings that are nowhere else always stay.
        """
        for document in self.others:
            document.session.release_buffers()
        said = self._reduced()
        for row in (self._before, self._ahead):
            spare = [each for each in row if isinstance(each, ReducedDocument) and not each.unsaved]
            for each in spare[: max(0, len(spare) - MOST_SETTINGS)]:
                row.remove(each)
        return said

    def _bring(self, source: list[Document | ReducedDocument], target: list[Document | ReducedDocument]) -> str:
        wanted = source[-1]
        document, how = (wanted, "") if isinstance(wanted, Document) else wanted.restore()  # which may fail
        source.pop()
        target.append(self.current)
        self.current = document
        return f"back to {document.file.name}" + (f", {how}" if how else "")

    def _reduced(self) -> str:
        """Make room, beginning with what is the furthest from the bench; say of what only settings are left."""
        said = []
        while True:
            histories = [each for document in self.others for each in document.session.all_histories]
            too_many = len(self.others) > MOST_DOCUMENTS
            if not too_many and not memory_budget.fit(histories, memory_budget.INACTIVE):
                break
            row = max(self._before, self._ahead, key=lambda row: sum(isinstance(each, Document) for each in row))
            place, document = next((i, each) for i, each in enumerate(row) if isinstance(each, Document))
            undo_stack = document.session.undo_stack
            if not too_many and (undo_stack.can_undo or undo_stack.can_redo):
                undo_stack.drop()
                continue
            row[place] = left = ReducedDocument.of(document)
            how = "as it was kept by itself" if left.store else "untrained, with its last settings"
            said.append(f"{document.file.name} is no longer kept in memory; undo brings it back {how}")
        return "; ".join(said)

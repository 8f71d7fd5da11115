"""Open presets and their runs: opening another preset loses nothing."""

from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from rnn_tui.errors import RnnTuiError, escaped
from rnn_tui.presets.preset import Preset
from rnn_tui.presets.store import PresetFile, following
from rnn_tui.session import memory_budget
from rnn_tui.session.session import Session
from rnn_tui.ui.panels.setting_text import edits, redone, undone
from rnn_tui.ui.panels.view_state import Successor
from rnn_tui.ui.training.lens import LensHistory
from rnn_tui.ui.training.thread_owner import ThreadOwner

MOST_DOCUMENTS = 4  # documents with their runs
MOST_SETTINGS = 40  # documents without their runs; unsaved ones are not counted and always stay


@dataclass
class Document:
    """A preset and its run.

    Attributes:
        pace: updates per second; 0: as fast as possible.
        lens: what the screen shows beside the intact nets.
        before: the settings of a saved run when it was opened, which are not lost if it is closed.
        saved_stamp: the session's stamp when it was last saved automatically, or opened; store: the file.
    """

    file: PresetFile
    session: Session
    pace: int
    before: Preset | None = None
    saved_stamp: tuple[object, ...] = ()
    store: Path | None = None
    _told: tuple[PresetFile, Preset, str] | None = None  # the last edits

    def __post_init__(self) -> None:
        self.lens = LensHistory(self.session)
        self.saved_stamp = self.saved_stamp or self.session.stamp

    @classmethod
    def of(cls, file: PresetFile, run: Session | None = None) -> "Document":
        """Return a document of a preset from its start, or of a run that continues."""
        session = run or Session(file.preset)
        return cls(file, session, session.preset.training.speed, before=run.preset if run else None)

    @property
    def changed(self) -> bool:
        """Return whether the settings differ from those of the preset file."""
        return self.session.preset != self.file.preset

    @property
    def unsaved(self) -> bool:
        """Return whether the settings would be lost."""
        return self.changed and self.session.preset != self.before

    @property
    def edits(self) -> str:
        """The changes since the preset file, in words; those by ``--set`` too."""
        file, present = self.file, self.session.preset
        if self._told is None or self._told[0] is not file or self._told[1] is not present:
            self._told = file, present, edits(file.unchanged or file.preset, present)
        return self._told[2]

    @property
    def successor(self) -> Successor | None:
        """The next preset of the course, if this one is unchanged and has been trained to its end."""
        steps = self.session.preset.training.steps
        at_end = self.session.step == self.session.last_step >= steps > 0
        return _successor(self.file.path) if at_end and not self.edits else None


@cache
def _successor(path: Path | None) -> Successor | None:
    after = following(path)
    return Successor(escaped(after.name), after.preset.question) if after else None


def said_of_lens(lens: LensHistory) -> str:
    """Return what the lens shows, in words."""
    names = lens.session.preset.names
    parts = [one.said(names) for one in lens.what_if]
    shown = f"what if: {', '.join(parts)}" if parts else "no what if"
    return f"{shown}, on your sequence" if lens.lens.typed else shown


@dataclass(frozen=True, eq=False)
class ReducedDocument:
    """The rest of a document that was opened long ago: its settings, and the file of its run, if it was saved.

    Attributes:
        unsaved, before, pace: as in Document.
    """

    file: PresetFile
    settings: Preset
    unsaved: bool
    before: Preset | None
    pace: int
    store: Path | None

    @classmethod
    def of(cls, document: Document) -> "ReducedDocument":
        store = document.store if document.saved_stamp == document.session.stamp else None
        settings, unsaved = document.session.preset, document.unsaved
        return cls(document.file, settings, unsaved, document.before, document.pace, store)

    def restore(self) -> tuple[Document, str]:
        """Return the document with its run if that can be read, otherwise with its settings; and a phrase about which
        it is.
        """
        if self.store is not None:
            from rnn_tui.checkpoints.reader import load
            from rnn_tui.session.checkpointing import restored

            with suppress(RnnTuiError):  # the file has been removed
                session = restored(load(self.store))
                return Document(self.file, session, self.pace, self.before, store=self.store), "as saved automatically"
        return Document(self.file, Session(self.settings), self.pace, self.before), "untrained, with its last settings"


class Workspace:
    """Documents of the lab, of which ``current`` is open; belongs to the training thread."""

    def __init__(self, current: Document, owner: ThreadOwner | None = None) -> None:
        self._owner = owner or ThreadOwner()
        self.current = current
        self._before: list[Document | ReducedDocument] = []
        self._ahead: list[Document | ReducedDocument] = []  # documents for redo

    @property
    def others(self) -> list[Document]:
        """The documents with their runs that undo or redo would restore."""
        return [document for document in (*self._before, *self._ahead) if isinstance(document, Document)]

    @property
    def reduced(self) -> list[ReducedDocument]:
        """Return the documents that undo or redo would restore without their runs, or with those in their files."""
        return [each for each in (*self._before, *self._ahead) if isinstance(each, ReducedDocument)]

    @property
    def others_unsaved(self) -> bool:
        """Return whether a document that undo or redo would restore differs from its file."""
        return any(each.unsaved for each in (*self._before, *self._ahead))

    @property
    def undoable(self) -> list[object]:
        """What undo would undo, the next one last: changes, and documents that were open before."""
        return [*self._before, *self.current.session.undo_stack.changes, *self.current.lens.undoable]

    def open(self, document: Document) -> str:
        """Open another document; documents for redo are dropped unless they are unsaved."""
        assert self._owner.here
        left = self.current
        self._before = [*self._before, *(each for each in self._ahead if each.unsaved), left]
        self._ahead = []
        self.current = document
        return f"opened {document.file.name} in place of {left.file.name}"

    def undo(self) -> str:
        """Undo the last change of settings, or the last opening."""
        assert self._owner.here
        session, lens = self.current.session, self.current.lens
        if lens.is_next_to_undo:
            lens.undo()
            return f"undone: {said_of_lens(lens)}"
        if not session.can_undo and self._before:
            return self._bring(self._before, self._ahead)
        change = session.undo()
        lens.follow(change, lens.undo)
        return undone(change, session.undo_stack.lost)

    def redo(self) -> str:
        """Redo what was undone."""
        assert self._owner.here
        session, lens = self.current.session, self.current.lens
        if lens.is_next_to_redo:
            lens.redo()
            return f"redone: {said_of_lens(lens)}"
        if not session.can_redo and self._ahead:
            return self._bring(self._ahead, self._before)
        change = session.redo()
        lens.follow(change, lens.redo)
        return redone(change, session.undo_stack.lost_again)

    def fit(self) -> str:
        """Release memory after other documents have been saved; return a message about what was dropped.

        Unsaved settings always stay.
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
        document, how = (wanted, "") if isinstance(wanted, Document) else wanted.restore()  # may fail
        source.pop()
        target.append(self.current)
        self.current = document
        return f"back to {document.file.name}" + (f", {how}" if how else "")

    def _reduced(self) -> str:
        """Release memory, beginning with the document furthest from the current one; return a message."""
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
            how = "as saved automatically" if left.store else "untrained, with its last settings"
            said.append(f"{document.file.name} is no longer in memory; {{file.undo}} restores it {how}")
        return "; ".join(said)

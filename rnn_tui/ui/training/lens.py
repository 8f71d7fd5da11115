"""The lens of a document: what the screen shows beside the intact nets.  It changes nothing of the session."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from rnn_tui.errors import DataError
from rnn_tui.session.own_sequence import OwnSequence, own_sequence
from rnn_tui.session.session import Session
from rnn_tui.session.undo_stack import Change
from rnn_tui.session.what_if import WhatIf, renamed_lanes

MOST_UNDO = 50


@dataclass(frozen=True)
class Lens:
    """Interventions, and a sequence of the user's own that the nets read in place of the probe.

    Attributes:
        what_if: the interventions; lanes have the numbers that they have among ``names``.
        typed: the sequence as text; empty: there is none.
    """

    what_if: WhatIf = ()
    typed: str = ""
    names: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.what_if or self.typed)


@dataclass(frozen=True, eq=False)
class LensChange:
    """A change of the lens that can be undone.

    Attributes:
        before: the lens before it.
        after: the change of the session that came before it; None: none.
        joined: it belongs to that change, and is undone with it.
        ahead: undone: the change of the session that could be redone then; None: none.
    """

    before: Lens
    after: Change | None
    joined: bool = False
    ahead: Change | None = None


@dataclass
class LensHistory:
    """The lens of a session, and its changes; belongs to the training thread.

    Attributes:
        undoable, redoable: changes, the next one last.
    """

    session: Session
    lens: Lens = Lens()
    undoable: list[LensChange] = field(default_factory=list)
    redoable: list[LensChange] = field(default_factory=list)
    _own: OwnSequence | None = None
    _task: object = None

    @property
    def what_if(self) -> WhatIf:
        """The interventions, on the lanes as they are now."""
        names = tuple(self.session.preset.names)
        if self.lens.names != names:
            self.lens = replace(
                self.lens, what_if=renamed_lanes(self.lens.what_if, self.lens.names, names), names=names
            )
        return self.lens.what_if

    @property
    def _present(self) -> Lens:
        """The lens, on the lanes as they are now."""
        what_if = self.what_if  # this changes the lens if the lanes have changed
        return replace(self.lens, what_if=what_if)

    @property
    def own(self) -> OwnSequence | None:
        """The user's own sequence, read by the present task; None without one, or if this task cannot read it."""
        task = self.session.experiment.task
        if not self.lens.typed:
            return None
        if self._own is None or self._own.text != self.lens.typed or self._task is not task:
            self._task, self._own = task, None
            try:
                self._own = own_sequence(task, self.lens.typed)
            except DataError:
                self.lens = replace(self.lens, typed="")
        return self._own

    def change(self, joined: bool = False, **changes: object) -> None:
        """Change the lens; ``joined``: as a part of the session's last change."""
        before = self._present
        self.undoable = [*self.undoable, LensChange(before, self._latest, joined)][-MOST_UNDO:]
        self.redoable = []
        self.lens = replace(before, **changes)  # type: ignore[arg-type]

    @property
    def _latest(self) -> Change | None:
        changes = self.session.undo_stack.changes
        return changes[-1] if changes else None

    @property
    def _next(self) -> Change | None:
        return self.session.undo_stack.next_again

    @property
    def is_next_to_undo(self) -> bool:
        """Is a change of the lens alone next to be undone?"""
        return _is_alone(self.undoable, self._latest)

    @property
    def is_next_to_redo(self) -> bool:
        """Is a change of the lens alone next to be redone?  Another change of the session since then ends that."""
        return _is_alone(self.redoable, self._latest) and self.redoable[-1].ahead is self._next

    def undo(self) -> None:
        """Undo the last change of the lens."""
        self._swap(self.undoable, self.redoable)

    def redo(self) -> None:
        """Redo the change of the lens that was undone last."""
        self._swap(self.redoable, self.undoable)

    def follow(self, change: Change | None, way: Callable[[], None]) -> None:
        """Undo or redo what belongs to a change of the session that was undone or redone; ``way``: one of both."""
        changes = self.undoable if way == self.undo else self.redoable
        if changes and changes[-1].joined and changes[-1].after is change:
            way()

    def _swap(self, source: list[LensChange], target: list[LensChange]) -> None:
        change = source.pop()
        target.append(replace(change, before=self._present, ahead=self._next))
        self.lens = change.before


def _is_alone(changes: list[LensChange], latest: Change | None) -> bool:
    return bool(changes) and not changes[-1].joined and changes[-1].after is latest

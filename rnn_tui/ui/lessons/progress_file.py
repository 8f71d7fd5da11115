"""How far the learner is: the lessons that are done, the pages of those begun, and whether one was offered.

One file in the user's folder for all labs, which may run at the same time: each changes only what it has done.
"""

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Annotated, Any, TypeVar

from pydantic import Field, NonNegativeInt, TypeAdapter, ValidationError

from rnn_tui.checkpoints import SUFFIX
from rnn_tui.errors import DataError
from rnn_tui.storage import shared_document
from rnn_tui.storage.files import delete, path_kind
from rnn_tui.ui.lessons.lesson_store import LessonEntry, own_folder
from rnn_tui.ui.panels.declaration import LEARN, REMEMBER
from rnn_tui.ui.panels.view_state import ViewState

NAME = "progress.json"
Key = TypeVar("Key")


@dataclass(frozen=True)
class Bookmark:
    """Where a page began: its number from 0, and the cursor, the page of the lab and the panel with the focus."""

    number: NonNegativeInt = 0
    t: NonNegativeInt = 0
    unit: NonNegativeInt = 0
    lane: NonNegativeInt = 0
    page: Annotated[str, Field(pattern=f"^({LEARN}|{REMEMBER})$")] = LEARN
    panel: str = ""

    @classmethod
    def of(cls, number: int, view: ViewState, panel: str) -> "Bookmark":
        return cls(number, view.t, view.unit, view.lane, view.page, panel)

    def restored(self, view: ViewState) -> ViewState:
        """Return the view with this cursor, as far as it exists there."""
        lane = min(self.lane, len(view.frame.lanes) - 1)
        units = view.frame.lanes[lane].hidden.shape[1]
        return replace(view, t=min(self.t, view.frame.length - 1), unit=min(self.unit, units - 1), lane=lane)


@dataclass(frozen=True)
class Progress:
    """What the file says.

    Attributes:
        done: keys of the lessons that are done, which are the names of most.
        begun: where the lessons that are under way were left, by key.
        open: the lesson that was on the screen last; empty if it was left or done.
        offered: whether the first lesson has been offered.
    """

    done: tuple[str, ...] = ()
    begun: Mapping[str, Bookmark] = field(default_factory=dict)
    open: str = ""
    offered: bool = False

    def at(self, name: str, bookmark: Bookmark) -> "Progress":
        """Return the progress when a page of a lesson begins."""
        return replace(self, begun={**self.begun, name: bookmark}, open=name)

    def finished(self, name: str) -> "Progress":
        """Return the progress when a lesson is done."""
        done = self.done if name in self.done else (*self.done, name)
        return replace(self, done=done, begun=without(self.begun, name), open="")

    def left(self) -> "Progress":
        """Return the progress when the open lesson is left; its page is kept."""
        return replace(self, open="")

    def page_of(self, entry: LessonEntry) -> int | None:
        """Return the number, from 0, of the page on which a lesson was left; None if it has not been begun.

        If the lesson has fewer pages now, it is the last one.
        """
        bookmark = self.begun.get(entry.key)
        if bookmark is None or entry.lesson is None:
            return bookmark.number if bookmark else None
        return min(bookmark.number, len(entry.lesson.pages) - 1)


def without(table: Mapping[Key, Bookmark], key: Key) -> dict[Key, Bookmark]:
    return {other: value for other, value in table.items() if other != key}


_READER = TypeAdapter(Progress)


def progress_path() -> Path:
    """Return the path of the file."""
    return own_folder() / NAME


def run_path(name: str, number: int) -> Path:
    """Return the path of the run with which a page of a lesson began; ``number``: of the page, from 0.

    Each page has its own run, so that a bookmark never comes with the nets of another page.
    """
    return own_folder() / f"{name}.page-{number + 1}{SUFFIX}"


def saved_page(name: str, number: int) -> int | None:
    """Return the last page, up to ``number``, whose run is saved; None if there is none."""
    with suppress(DataError):  # the folder is not readable
        return next((page for page in range(number, -1, -1) if path_kind(run_path(name, page)) == "file"), None)
    return None


def delete_runs(name: str, pages: range) -> None:
    """Delete the runs of pages of a lesson; what cannot be deleted stays."""
    for page in pages:
        delete(run_path(name, page))


def read() -> Progress:
    """Return the progress; without a file, none.  Raises DataError if the file is broken."""
    return _parsed(shared_document.read(progress_path()))


def update(change: Callable[[Progress], Progress]) -> Progress:
    """Change the progress in the file, and return it.  Raises RnnTuiError; the file is then unchanged."""
    return _parsed(shared_document.update(progress_path(), lambda found: asdict(change(_parsed(found)))))


def _parsed(document: dict[str, Any]) -> Progress:
    try:
        return _READER.validate_python(document)
    except ValidationError as error:
        where = ".".join(map(str, error.errors(include_url=False)[0]["loc"]))
        raise DataError(f"{progress_path()}: {where} cannot be read; correct it, or delete the file") from None

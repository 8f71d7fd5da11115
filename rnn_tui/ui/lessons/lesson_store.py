"""Lessons on disk: the bundled ones, in the order of a course, and the user's own."""

import os
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from rnn_tui.errors import RnnTuiError, escaped, nearest
from rnn_tui.presets import store
from rnn_tui.storage import user_folders
from rnn_tui.storage.files import expanded
from rnn_tui.ui.lessons.lesson import Lesson
from rnn_tui.ui.lessons.lesson_document import load

COURSE = "course.txt"  # in the folder of the bundled lessons: their names in order


@dataclass(frozen=True, eq=False)
class LessonEntry:
    """A lesson in a list.

    Attributes:
        number: its place in the course, from 1; None for a lesson of the user's own.
        lesson: None if the file has problems, which ``problem`` tells.
        place: of a file that is neither bundled nor in the user's folder, a digest of where it is; otherwise empty.
    """

    name: str
    path: Path
    number: int | None = None
    lesson: Lesson | None = None
    problem: str = ""
    place: str = ""

    @property
    def key(self) -> str:
        """The name under which progress is saved: lessons elsewhere may have the names of others."""
        return f"{self.name}-{self.place}" if self.place else self.name

    def required(self) -> Lesson:
        """Return the lesson.  Raises RnnTuiError with its problems, if it has some."""
        if self.lesson is None:
            raise RnnTuiError(*self.problem.split("\n  "))
        return self.lesson


def bundled_folder() -> Path:
    """Return the folder of the bundled lessons."""
    return store.bundled_folder() / "lessons"


def own_folder() -> Path:
    """Return the folder of the user's lessons: ``$RNN_TUI_HOME/lessons``, or in the platform's data folder."""
    return user_folders.data_folder() / "lessons"


def course() -> list[str]:
    """Return the names of the bundled lessons in the order of the course."""
    return list(store.read_course(bundled_folder() / COURSE))


def paths() -> dict[str, Path]:
    """Return the files of all lessons by name: the bundled ones in course order, then the user's own."""
    bundled, order = store.toml_files(bundled_folder()), course()
    ordered = sorted(bundled, key=[*order, *bundled].index)
    return {name: bundled[name] for name in ordered} | store.toml_files(own_folder())


def entry(name: str, path: Path) -> LessonEntry:
    """Return a lesson as an entry of a list; a broken file has its problem."""
    return _entry(name, path, course())


def _entry(name: str, path: Path, order: list[str]) -> LessonEntry:
    number = order.index(name) + 1 if name in order and path.parent == bundled_folder() else None
    folder = os.path.realpath(path.parent)
    is_known = folder in map(os.path.realpath, (bundled_folder(), own_folder()))
    place = "" if is_known else sha256(os.fsencode(folder)).hexdigest()[:8]
    try:
        return LessonEntry(escaped(name), path, number, load(path), place=place)
    except RnnTuiError as error:
        return LessonEntry(escaped(name), path, number, problem=str(error), place=place)


def entries() -> list[LessonEntry]:
    """Return all lessons: the bundled ones in course order, then the user's own, without the presets beside them."""
    order = course()
    found = [_entry(name, path, order) for name, path in paths().items()]
    presets = {each.lesson.file.path for each in found if each.lesson}
    return [each for each in found if each.path not in presets]


def find(name: str) -> Path:
    """Return the file of a lesson, given by its name, its number in the course, or its path.

    Raises:
        RnnTuiError: there is none; the message suggests the most similar name.
    """
    known, order = paths(), course()
    if name in known:
        return known[name]
    if name.isdecimal() and 1 <= int(name) <= len(order) and order[int(name) - 1] in known:
        return known[order[int(name) - 1]]
    if name.endswith(".toml") or "/" in name:
        return expanded(name)
    hint = nearest(name, known) or (f"; there are {', '.join(known)}" if known else "")
    raise RnnTuiError(f"no lesson {name!r}{hint}")

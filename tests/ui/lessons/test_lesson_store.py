"""Lessons on disk."""

import pytest
from support.lesson_documents import HEAD, PLAIN

from rnn_tui.errors import RnnTuiError
from rnn_tui.presets.store import find
from rnn_tui.ui.lessons import lesson_store


@pytest.fixture
def own(tmp_path, monkeypatch):
    """A home with a lesson, a broken one, and a hidden file."""
    monkeypatch.setenv("RNN_TUI_HOME", str(tmp_path))
    folder = tmp_path / "lessons"
    folder.mkdir()
    (folder / "mine.toml").write_text(HEAD + PLAIN)
    (folder / "broken.toml").write_text(HEAD)
    (folder / ".mine.toml").write_text(HEAD)
    return folder


def test_every_bundled_lesson_is_in_the_course_and_has_no_problems():
    there = {path.stem for path in lesson_store.bundled_folder().glob("*.toml")}
    assert there == set(lesson_store.course())
    assert [each.problem for each in lesson_store.entries() if each.number] == [""] * len(there)


def test_the_users_lessons_follow_the_course_and_a_broken_one_has_its_problem(own):  # noqa: ARG001
    entries = [each for each in lesson_store.entries() if each.number is None]
    assert [each.name for each in entries] == ["broken", "mine"]
    assert "pages: missing" in entries[0].problem
    assert entries[0].lesson is None
    assert entries[1].lesson.title == "The floor"


def test_a_preset_beside_a_lesson_is_not_in_the_list(own):
    (own / "late.toml").write_text(find("echo").read_text(encoding="utf-8"))
    (own / "mine.toml").write_text(HEAD.replace('"echo"', '"late.toml"') + PLAIN)
    assert [each.name for each in lesson_store.entries() if each.number is None] == ["broken", "mine"]


def test_a_lesson_is_found_by_name_number_and_path(own, tmp_path):
    assert lesson_store.find("mine") == own / "mine.toml"
    (first, *_) = [each for each in lesson_store.course() if (lesson_store.bundled_folder() / f"{each}.toml").exists()]
    number = 1 + lesson_store.course().index(first)
    assert lesson_store.find(str(number)) == lesson_store.find(first)
    assert lesson_store.find(str(tmp_path / "x.toml")) == tmp_path / "x.toml"
    with pytest.raises(RnnTuiError, match=r"no lesson 'mien'; did you mean 'mine'\?"):
        lesson_store.find("mien")
    with pytest.raises(RnnTuiError, match="no lesson '99'; there are"):
        lesson_store.find("99")


def test_a_lesson_elsewhere_does_not_share_the_progress_of_one_with_the_same_name(own, tmp_path, monkeypatch):
    bundled, mine = (lesson_store.entry(name, lesson_store.find(name)) for name in ("floor", "mine"))
    assert (bundled.key, mine.key) == ("floor", "mine")
    keys = {bundled.key, mine.key}
    for folder in ("here", "there"):
        (tmp_path / folder).mkdir()
        for name in ("floor", "mine"):
            path = tmp_path / folder / f"{name}.toml"
            path.write_text(HEAD + PLAIN)
            entry = lesson_store.entry(name, path)
            assert entry.name == name
            keys.add(entry.key)
    assert len(keys) == 6
    monkeypatch.chdir(tmp_path / "here")
    assert lesson_store.entry("floor", lesson_store.find("./floor.toml")).key in keys, "however it is named"
    monkeypatch.chdir(own)
    assert lesson_store.entry("mine", lesson_store.find("mine.toml")).key == "mine"

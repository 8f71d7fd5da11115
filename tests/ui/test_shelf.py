import pytest
from straight import small

from rnn_tui.library import PresetFile
from rnn_tui.session.session import Session
from rnn_tui.ui.shelf import MOST_SHELVED, Opened, Shelf


def opened(name):
    preset = small(title=name)
    return Opened(PresetFile(name, preset), Session(preset), 60)


@pytest.fixture
def shelf():
    return Shelf(opened("first"))


def name_of(shelf):
    return shelf.current.file.name


def test_what_was_on_the_bench_comes_back_with_undo_as_it_was(shelf):
    before = shelf.current
    assert shelf.open(opened("second")) == "opened second; undo brings first back"
    assert shelf.undo() == "back to first"
    assert shelf.current is before
    assert shelf.redo() == "back to second"
    assert shelf.redo() == "nothing to redo"


def test_changes_of_settings_are_undone_before_openings(shelf):
    shelf.open(opened("second"))
    shelf.current.session.change({"training.learning_rate": 0.5})
    assert shelf.undo() == "undone: lr 0.5 → 0.01"
    assert shelf.redo() == "redone: lr 0.01 → 0.5"
    shelf.undo()
    assert name_of(shelf) == "second"
    assert shelf.undo() == "back to first"


def test_opening_something_ends_what_could_be_redone(shelf):
    shelf.open(opened("second"))
    shelf.undo()
    shelf.open(opened("third"))
    assert shelf.redo() == "nothing to redo"
    assert shelf.undo() == "back to first"


def test_a_few_are_kept(shelf):
    for number in range(MOST_SHELVED + 3):
        shelf.open(opened(str(number)))
    names = []
    while (said := shelf.undo()) != "nothing to undo":
        names.append(said.removeprefix("back to "))
    assert names == ["5", "4", "3", "2"]


def test_changes_that_are_not_saved_are_known_wherever_they_are(shelf):
    assert not shelf.current.unsaved
    shelf.current.session.change({"training.learning_rate": 0.5})
    assert shelf.current.unsaved
    assert not shelf.others_unsaved
    shelf.open(opened("second"))
    assert (shelf.current.unsaved, shelf.others_unsaved) == (False, True)
    shelf.undo()
    assert (shelf.current.unsaved, shelf.others_unsaved) == (True, False)

import pytest
from straight import small

from rnn_tui.presets.store import PresetFile
from rnn_tui.session import memory_budget
from rnn_tui.session.session import Session
from rnn_tui.ui.input.bug_reports import BugReports
from rnn_tui.ui.training.autosaver import Keeper
from rnn_tui.ui.training.workspace import MOST_SHELVED, Opened, Shelf, ShelvedSettings


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


def test_changes_that_are_not_saved_are_known_wherever_they_are(shelf):
    assert not shelf.current.unsaved
    shelf.current.session.change({"training.learning_rate": 0.5})
    assert shelf.current.unsaved
    assert not shelf.others_unsaved
    shelf.open(opened("second"))
    assert (shelf.current.unsaved, shelf.others_unsaved) == (False, True)
    shelf.undo()
    assert (shelf.current.unsaved, shelf.others_unsaved) == (True, False)


# What there is no room for.


def reduced(shelf):
    return [each for each in (*shelf._before, *shelf._ahead) if isinstance(each, ShelvedSettings)]


def test_of_those_opened_long_ago_the_settings_stay_and_it_is_said(shelf):
    shelf.current.session.change({"training.learning_rate": 0.5})
    shelf.current.session.forward(3)
    for number in range(MOST_SHELVED):
        shelf.open(opened(str(number)))
        assert shelf.fit() == ""
    shelf.open(opened("last"))
    assert shelf.fit() == "first is no longer kept in memory; undo brings it back untrained, with its last settings"
    assert shelf.others_unsaved
    for _ in range(MOST_SHELVED):
        shelf.undo()
    assert shelf.undo() == "back to first, untrained, with its last settings"
    assert (shelf.current.session.preset.training.learning_rate, shelf.current.session.step) == (0.5, 0)
    assert shelf.current.unsaved
    assert [shelf.redo() for _ in range(MOST_SHELVED + 2)][-2:] == ["back to last", "nothing to redo"]


def test_one_that_was_kept_by_itself_comes_back_as_it_was_kept(shelf, tmp_path):
    first, clock = shelf.current, iter(range(0, 10**6, 10)).__next__
    first.session.forward(7)
    keeper = Keeper(lambda _: tmp_path / "kept.safetensors", clock, BugReports())
    for number in range(MOST_SHELVED + 1):
        left = shelf.current
        shelf.open(opened(str(number)))
        keeper.keep(left)
        shelf.fit()
    while (said := shelf.undo()) != "back to first, as it was kept by itself":
        assert said.startswith("back to")
    assert shelf.current.session.step == 7
    assert shelf.current.store == tmp_path / "kept.safetensors"


def test_memory_is_made_by_what_is_the_furthest_from_the_bench(shelf, monkeypatch):
    first, second = shelf.current, opened("second")
    for each in (first, second):
        each.session.forward(100)
        each.session.change({"training.learning_rate": 0.5})
        each.session.forward(100)
    shelf.open(second)
    shelf.open(opened("third"))
    monkeypatch.setattr(memory_budget, "INACTIVE", 0)
    assert "first is no longer kept" in shelf.fit()
    assert reduced(shelf)[0].file.name == "first"
    assert second.session.undo_stack.lost.number == 1
    assert len(second.session.histories.states) == 4  # the first and the present one of each lane
    shelf.undo()
    assert (name_of(shelf), shelf.current.session.step) == ("second", 200)


def test_settings_that_are_nowhere_else_stay_whatever_their_number(shelf, monkeypatch):
    monkeypatch.setattr("rnn_tui.ui.training.workspace.MOST_SETTINGS", 2)
    for number in range(12):
        if number % 2:
            shelf.current.session.change({"training.learning_rate": 0.5 + number})
        shelf.open(opened(str(number)))
        shelf.fit()
    rates = [each.settings.training.learning_rate for each in reduced(shelf)]
    assert sorted(rates) == [0.01, 0.01, 1.5, 3.5, 5.5, 7.5]


def test_opening_something_else_does_not_lose_settings_that_could_be_redone(shelf):
    second = opened("second")
    second.session.change({"training.learning_rate": 0.5})
    second.session.undo_stack.drop()
    shelf.open(second)
    assert shelf.undo() == "back to first"
    shelf.open(opened("third"))
    assert [shelf.undo(), shelf.undo()] == ["back to first", "back to second"]
    assert (shelf.current, shelf.current.unsaved) == (second, True)


def test_undo_says_what_it_can_no_longer_take_back(shelf):
    for rate in (0.1, 0.2, 0.3):
        shelf.current.session.change({"training.learning_rate": rate})
    shelf.current.session.undo_stack.drop()
    assert shelf.undo() == "nothing to undo: 3 changes are no longer kept in memory (the next: lr 0.2 → 0.3)"

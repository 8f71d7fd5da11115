import pytest
from support.reference_training import small

from rnn_tui.presets.store import PresetFile, find, load
from rnn_tui.session import memory_budget
from rnn_tui.session.session import Session
from rnn_tui.ui.input.bug_reports import BugReports
from rnn_tui.ui.panels.view_state import Successor
from rnn_tui.ui.training.autosaver import Autosaver
from rnn_tui.ui.training.workspace import MOST_DOCUMENTS, Document, Workspace


def document(name):
    preset = small(title=name)
    return Document(PresetFile(name, preset), Session(preset), 60)


@pytest.fixture
def workspace():
    return Workspace(document("first"))


def name_of(workspace):
    return workspace.current.file.name


def test_what_was_open_comes_back_with_undo_as_it_was(workspace):
    before = workspace.current
    assert workspace.open(document("second")) == "opened second in place of first"
    assert workspace.undo() == "back to first"
    assert workspace.current is before
    assert workspace.redo() == "back to second"
    assert workspace.redo() == "nothing to redo"


def test_changes_of_settings_are_undone_before_openings(workspace):
    workspace.open(document("second"))
    workspace.current.session.change({"training.learning_rate": 0.5})
    assert workspace.undo() == "undone: lr 0.5 → 0.01"
    assert workspace.redo() == "redone: lr 0.01 → 0.5"
    workspace.undo()
    assert name_of(workspace) == "second"
    assert workspace.undo() == "back to first"


def ended(file):
    """A document of a preset that has been trained to the step at which it pauses."""
    made = Document.of(file)
    made.session.forward(file.preset.training.steps)
    return made


def test_a_bundled_preset_at_its_end_names_the_next_one():
    made = ended(load(find("echo"), {"training.steps": 2}))
    assert made.successor == Successor("xor", load(find("xor")).preset.question)
    made.session.back(1)
    assert made.successor is None
    made.session.forward(3)
    assert made.successor is not None  # more steps change nothing
    made.session.change({"training.seed": 5})
    assert (made.edits, made.successor) == ("", None)  # trained anew
    made.session.forward(2)
    assert made.successor is not None


def test_other_settings_than_the_presets_are_named_and_it_proposes_nothing():
    made = ended(load(find("echo"), {"training.steps": 2, "task.delay": 5}))
    assert (made.edits, made.successor) == ("delay 3 → 5", None)
    made.session.change({"task.delay": 3})
    assert made.edits == ""
    made.session.change({"lanes.0.hidden_size": 9, "lanes.0.name": "big"})
    assert made.edits == "RNN hidden 8 → 9"


def test_a_preset_without_an_end_or_of_the_users_own_proposes_nothing():
    bundled = load(find("echo"), {"training.steps": 0})
    assert ended(bundled).successor is None
    assert ended(PresetFile("echo", small(training={"steps": 2}))).successor is None


def test_opening_something_ends_what_could_be_redone(workspace):
    workspace.open(document("second"))
    workspace.undo()
    workspace.open(document("third"))
    assert workspace.redo() == "nothing to redo"
    assert workspace.undo() == "back to first"


def test_changes_that_are_not_saved_are_known_wherever_they_are(workspace):
    assert not workspace.current.unsaved
    workspace.current.session.change({"training.learning_rate": 0.5})
    assert workspace.current.unsaved
    assert not workspace.others_unsaved
    workspace.open(document("second"))
    assert (workspace.current.unsaved, workspace.others_unsaved) == (False, True)
    workspace.undo()
    assert (workspace.current.unsaved, workspace.others_unsaved) == (True, False)


# What there is no room for.


def test_of_those_opened_long_ago_the_settings_stay_and_it_is_said(workspace):
    workspace.current.session.change({"training.learning_rate": 0.5})
    workspace.current.session.forward(3)
    for number in range(MOST_DOCUMENTS):
        workspace.open(document(str(number)))
        assert workspace.fit() == ""
    workspace.open(document("last"))
    assert workspace.fit() == "first is no longer in memory; {file.undo} restores it untrained, with its last settings"
    assert workspace.others_unsaved
    for _ in range(MOST_DOCUMENTS):
        workspace.undo()
    assert workspace.undo() == "back to first, untrained, with its last settings"
    assert (workspace.current.session.preset.training.learning_rate, workspace.current.session.step) == (0.5, 0)
    assert workspace.current.unsaved
    assert [workspace.redo() for _ in range(MOST_DOCUMENTS + 2)][-2:] == ["back to last", "nothing to redo"]


def test_one_that_was_kept_by_itself_comes_back_as_it_was_kept(workspace, tmp_path):
    first, clock = workspace.current, iter(range(0, 10**6, 10)).__next__
    first.session.forward(7)
    autosaver = Autosaver(lambda _: tmp_path / "kept.safetensors", clock, BugReports())
    for number in range(MOST_DOCUMENTS + 1):
        left = workspace.current
        workspace.open(document(str(number)))
        autosaver.save(left)
        workspace.fit()
    while (said := workspace.undo()) != "back to first, as saved automatically":
        assert said.startswith("back to")
    assert workspace.current.session.step == 7
    assert workspace.current.store == tmp_path / "kept.safetensors"


def test_memory_is_made_by_what_is_the_furthest_from_the_bench(workspace, monkeypatch):
    first, second = workspace.current, document("second")
    for each in (first, second):
        each.session.forward(100)
        each.session.change({"training.learning_rate": 0.5})
        each.session.forward(100)
    workspace.open(second)
    workspace.open(document("third"))
    monkeypatch.setattr(memory_budget, "INACTIVE", 0)
    assert "first is no longer in memory" in workspace.fit()
    assert workspace.reduced[0].file.name == "first"
    assert second.session.undo_stack.lost.number == 1
    assert len(second.session.histories.states) == 4  # the first and the present one of each lane
    workspace.undo()
    assert (name_of(workspace), workspace.current.session.step) == ("second", 200)


def test_settings_that_are_nowhere_else_stay_whatever_their_number(workspace, monkeypatch):
    monkeypatch.setattr("rnn_tui.ui.training.workspace.MOST_SETTINGS", 2)
    for number in range(12):
        if number % 2:
            workspace.current.session.change({"training.learning_rate": 0.5 + number})
        workspace.open(document(str(number)))
        workspace.fit()
    rates = [each.settings.training.learning_rate for each in workspace.reduced]
    assert sorted(rates) == [0.01, 0.01, 1.5, 3.5, 5.5, 7.5]


def test_opening_something_else_does_not_lose_settings_that_could_be_redone(workspace):
    second = document("second")
    second.session.change({"training.learning_rate": 0.5})
    second.session.undo_stack.drop()
    workspace.open(second)
    assert workspace.undo() == "back to first"
    workspace.open(document("third"))
    assert [workspace.undo(), workspace.undo()] == ["back to first", "back to second"]
    assert (workspace.current, workspace.current.unsaved) == (second, True)


def test_undo_says_what_it_can_no_longer_take_back(workspace):
    for rate in (0.1, 0.2, 0.3):
        workspace.current.session.change({"training.learning_rate": rate})
    workspace.current.session.undo_stack.drop()
    assert workspace.undo() == "nothing to undo: 3 changes are no longer in memory (the next: lr 0.2 → 0.3)"

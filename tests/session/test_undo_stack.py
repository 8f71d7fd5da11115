"""What can be taken back and made again."""

from support.reference_training import small

from rnn_tui.session.session import Session
from rnn_tui.session.undo_stack import MOST_UNDO, Change, UndoStack


def histories():
    return Session(small()).histories


def change(said):
    return Change(small(), small(), said)


def test_the_last_change_is_taken_back_first_and_made_again_last():
    undo_stack, first, second, now = UndoStack(), histories(), histories(), histories()
    undo_stack.add(change("one"), first)
    undo_stack.add(change("two"), second)
    assert (undo_stack.can_undo, undo_stack.can_redo) == (True, False)
    done, back = undo_stack.undo(now)
    assert done.said == "two"
    done, further = undo_stack.undo(back)
    assert (done.said, undo_stack.can_undo) == ("one", False)
    assert [undo_stack.redo(further)[1] is back, undo_stack.redo(back)[1] is now] == [True, True]
    assert not undo_stack.can_redo


def test_a_new_change_ends_what_could_be_made_again():
    undo_stack = UndoStack()
    undo_stack.add(change("one"), histories())
    undo_stack.undo(histories())
    undo_stack.add(change("other"), histories())
    assert not undo_stack.can_redo


def test_so_many_are_kept_and_no_more():
    undo_stack = UndoStack()
    for number in range(MOST_UNDO + 3):
        undo_stack.add(change(str(number)), histories())
    said = []
    while undo_stack.can_undo:
        said.append(undo_stack.undo(histories())[0].said)
    assert said == [str(number) for number in range(MOST_UNDO + 2, 2, -1)]

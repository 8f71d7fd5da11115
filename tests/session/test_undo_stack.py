"""What can be taken back and made again."""

from straight import small

from rnn_tui.session.session import Session
from rnn_tui.session.undo_stack import MOST_UNDO, Deed, Deeds


def bench():
    return Session(small()).bench


def deed(said):
    return Deed(small(), small(), said)


def test_the_last_deed_is_taken_back_first_and_made_again_last():
    deeds, first, second, now = Deeds(), bench(), bench(), bench()
    deeds.add(deed("one"), first)
    deeds.add(deed("two"), second)
    assert (deeds.can_undo, deeds.can_redo) == (True, False)
    done, back = deeds.undo(now)
    assert done.said == "two"
    done, further = deeds.undo(back)
    assert (done.said, deeds.can_undo) == ("one", False)
    assert [deeds.redo(further)[1] is back, deeds.redo(back)[1] is now] == [True, True]
    assert not deeds.can_redo


def test_a_new_deed_ends_what_could_be_made_again():
    deeds = Deeds()
    deeds.add(deed("one"), bench())
    deeds.undo(bench())
    deeds.add(deed("other"), bench())
    assert not deeds.can_redo


def test_so_many_are_kept_and_no_more():
    deeds = Deeds()
    for number in range(MOST_UNDO + 3):
        deeds.add(deed(str(number)), bench())
    said = []
    while deeds.can_undo:
        said.append(deeds.undo(bench())[0].said)
    assert said == [str(number) for number in range(MOST_UNDO + 2, 2, -1)]

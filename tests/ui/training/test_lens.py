"""The lens of a document: it is undone in turn with changes of the session, and changes nothing of it."""

from support.lab_driver import preset

from rnn_tui.interventions import spelled
from rnn_tui.session.session import Session
from rnn_tui.session.what_if import LaneIntervention, with_another
from rnn_tui.ui.training.lens import LensHistory

CUT, FLIP = LaneIntervention(spelled("cut"), 0), LaneIntervention(spelled("flip:3"))


def test_changes_of_the_lens_and_of_the_session_are_undone_and_redone_in_their_order():
    session = Session(preset().preset)
    lens = LensHistory(session)
    lens.change(what_if=(CUT,))
    session.change({"training.learning_rate": 0.5})
    lens.change(what_if=(CUT, FLIP))
    told = []
    while lens.is_next_to_undo or session.can_undo:
        if lens.is_next_to_undo:
            lens.undo()
        else:
            session.undo()
        told.append((lens.what_if, session.preset.training.learning_rate))
    assert told == [((CUT,), 0.5), ((CUT,), 0.01), ((), 0.01)]
    while lens.is_next_to_redo or session.can_redo:
        if lens.is_next_to_redo:
            lens.redo()
        else:
            session.redo()
        told.append((lens.what_if, session.preset.training.learning_rate))
    assert told[3:] == [((CUT,), 0.01), ((CUT,), 0.5), ((CUT, FLIP), 0.5)]


def test_what_is_applied_leaves_the_lens_and_comes_back_with_undo():
    session = Session(preset().preset)
    session.forward(3)
    lens = LensHistory(session)
    lens.change(what_if=(CUT, FLIP))
    session.change({"lanes.0.interventions": ["cut"]})
    lens.change(joined=True, what_if=(FLIP,))
    assert not lens.is_next_to_undo
    lens.follow(session.undo(), lens.undo)
    assert lens.what_if == (CUT, FLIP)
    lens.follow(session.redo(), lens.redo)
    assert lens.what_if == (FLIP,)


def test_another_intervention_on_a_unit_takes_the_place_of_the_one_that_no_longer_acts():
    silenced, held, everywhere = (
        LaneIntervention(spelled(text), lane)
        for text, lane in (("silence:u1", 0), ("hold:u1=0.5", 0), ("hold:u1=1", None))
    )
    other = LaneIntervention(spelled("silence:u1"), 1)
    assert with_another((CUT, silenced, other), held) == (CUT, other, held)
    assert with_another((CUT, other, held), everywhere) == (CUT, everywhere)
    assert with_another((everywhere,), held) == (everywhere, held)  # it still acts on the other lanes
    assert with_another((CUT,), CUT) == (CUT, CUT)


def test_an_intervention_stays_with_its_lane_and_a_sequence_with_tasks_that_can_read_it():
    session = Session(preset().preset)
    lens = LensHistory(session)
    on_fnn = LaneIntervention(spelled("silence:u1"), 1)
    lens.change(what_if=(CUT, on_fnn), typed="0110")
    assert len(lens.own.batch.x) == 4
    session.remove_lane(0)
    assert lens.what_if == (LaneIntervention(spelled("silence:u1"), 0),)
    session.change({"task.delay": 1})
    assert lens.own.batch.mask[:, 0].tolist() == [0, 1, 1, 1]


def test_frames_with_a_lens_change_no_bit_of_training():
    with_lens, without = Session(preset().preset), Session(preset().preset)
    lens = LensHistory(with_lens)
    lens.change(what_if=(CUT, FLIP, LaneIntervention(spelled("noise=0.1"), 0)), typed="1101")
    for _ in range(5):
        with_lens.forward()
        frame = with_lens.frame(what_if=lens.what_if, own=lens.own)
        without.forward()
        assert frame.length == 4
        assert frame.lanes[0].altered is not None
    pairs = zip(with_lens.timelines, without.timelines, strict=True)
    assert all((one.state.parameters.flat == other.state.parameters.flat).all() for one, other in pairs)

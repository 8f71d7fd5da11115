"""The way through an update: every place belongs to one phase, and time runs on and then back."""

from hypothesis import given
from hypothesis import strategies as st

from rnn_tui.ui.slow_motion.cursor import APPLY, BACKWARD, CLIP, FORWARD, LOSS, UpdateCursor

lengths = st.integers(1, 50)


@given(lengths)
def test_the_way_goes_forward_to_the_loss_and_back_to_the_change(T):
    places = [UpdateCursor(T, place) for place in range(2 * T + 3)]
    assert [(cursor.phase, cursor.t) for cursor in places if cursor.phase in (FORWARD, BACKWARD)] == [
        *((FORWARD, t) for t in range(T)),
        *((BACKWARD, t) for t in reversed(range(T))),
    ]
    phases = [cursor.phase for cursor in places]
    assert phases == T * [FORWARD] + [LOSS] + T * [BACKWARD] + [CLIP, APPLY]


@given(lengths, st.integers(-200, 200), st.integers(0, 102))
def test_one_goes_no_further_than_the_ends(T, by, place):
    cursor = UpdateCursor(T, min(place, 2 * T + 2))
    assert cursor.by(by).place == min(max(cursor.place + by, 0), 2 * T + 2)
    assert cursor.by(-1000).phase == FORWARD
    assert cursor.by(1000).phase == APPLY


@given(lengths, st.integers(0, 102))
def test_a_jump_leads_to_the_beginning_of_the_phase_beside(T, place):
    cursor = UpdateCursor(T, min(place, 2 * T + 2))
    for way in (-1, 1):
        after = cursor.jump(way)
        assert after.phase == min(max(cursor.phase + way, FORWARD), APPLY)
        assert after.place == 0 or after.by(-1).phase == after.phase - 1


@given(lengths, st.data())
def test_one_can_point_at_a_time_step_of_a_phase_that_has_some(T, data):
    t, cursor = data.draw(st.integers(0, T - 1)), UpdateCursor(T, data.draw(st.integers(0, 2 * T + 2)))
    there = cursor.to(t)
    assert there.phase == cursor.phase
    assert there == cursor or there.t == t
    assert there.t == t or cursor.phase not in (FORWARD, BACKWARD)

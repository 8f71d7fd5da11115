"""What the menu of interventions offers, and what panels show of the lanes with interventions."""

from dataclasses import replace

import numpy as np
import pytest
from support.lab_driver import preset

from rnn_tui.interventions import spelled
from rnn_tui.session.description import Cursor, describe
from rnn_tui.session.session import Session
from rnn_tui.session.what_if import LaneIntervention
from rnn_tui.ui.panels.equation_terms import summed
from rnn_tui.ui.panels.view_state import ViewState
from rnn_tui.ui.panels.what_if_choices import applied_text, checked, choices, examples, lens_text
from rnn_tui.ui.panels.what_if_equation import on_unit, view_with
from rnn_tui.ui.panels.what_if_sentence import what_if_verdicts
from rnn_tui.ui.panels.what_if_tracks import changed_answers

LANES = [{"kind": "rnn"}, {"kind": "lstm", "hidden_size": 5}, {"kind": "fnn", "window": 3}]


def view_of(*texts, lane=0, t=7, unit=3, steps=3, lanes=LANES, **task):
    """Return a view of a session after some steps, with interventions on the lane under the cursor."""
    session = Session(preset(lanes=lanes, **({"task": task} if task else {})).preset)
    session.forward(steps)
    ones = tuple(LaneIntervention(spelled(text), lane) for text in texts)
    return ViewState(session.frame(what_if=ones), "tried", t=t, unit=unit, lane=lane)


def test_the_menu_says_what_it_does_at_the_cursor_and_why_it_cannot():
    offered = {choice.offer.said: choice for choice in choices(view_of("silence:u3"))}
    value = view_of().shown.hidden[7, 3]
    for said in ("Flip x_7", "Set x_7 to …", "Silence u3", "Reset the state before t = 7", "Cut the recurrence",
                 "Cut the recurrence from t = 7 on", "Freeze W_hh: it no longer learns"):  # fmt: skip
        assert not offered[said].problem
    assert any(said.startswith("Hold u3 at its value here") and f"{value:.2g}"[-2:] in said for said in offered)
    assert offered["Silence u3"].is_on
    assert not offered["Cut the recurrence"].is_on
    on_fnn = {choice.offer.said: choice for choice in choices(view_of(lane=2))}
    assert "carries no state" in on_fnn["Cut the recurrence"].problem
    assert "carries no state" in on_fnn["Scale the recurrent weights by …"].problem
    assert not on_fnn["Silence u3"].problem
    on_lstm = choices(replace(view_of(lane=1), wanted="f"))
    assert {c.offer.key: c.offer.spelling for c in on_lstm if c.offer.key in "oO" and c.offer.key} == {
        "o": "open:f",
        "O": "shut:f",
    }


@pytest.mark.parametrize("lane", [0, 1, 2])
def test_no_letter_chooses_two_lines(lane):
    keys = [choice.offer.key for choice in choices(view_of(lane=lane)) if choice.offer.key]
    assert len(set(keys)) == len(keys)
    assert not {*keys} & {*"euvyjk"}  # of the other lines, and of vim


def test_a_typed_intervention_is_checked_while_it_is_typed():
    view = view_of()
    one, problem = checked("hold:u3=0.5", view, 0)
    assert (one.said(view.frame.preset.names), problem) == ("u3 held at 0.5 in RNN", "")
    assert "u0 to u7" in checked("silence:u30", view, 0)[1]
    assert checked("silence:u4@LSTM", view, 0)[0].lane == 1
    assert "there is no intervention 'cutt'; did you mean 'cut'?" in checked("cutt", view, 0)[1]
    assert checked("flip:2", view, 0)[0].lane is None  # all lanes read the same input
    assert [example for example, _ in examples("hol")] == ["hold:u3=0.5"]


def test_the_header_says_what_is_on_and_what_is_applied():
    assert lens_text(view_of("silence:u3", "x:7=0")) == "what if: u3 silenced in RNN, x_7 = 0 in RNN"
    assert not lens_text(view_of())
    one = preset(lanes=[{"kind": "rnn", "interventions": ["cut", "silence:u2"]}]).preset
    assert applied_text(one) == "applied: recurrence cut, u2 silenced"


HELD = ("hold:u1=0.5", "reset:7", "silence:u2", "scale=2")


@pytest.mark.parametrize("t", [0, 6, 7, 8, 30])
@pytest.mark.parametrize("texts", [("cut:7",), ("reset:7", "flip:6"), ("start=0.4",), ("scale=0.5", "noise=0.2"), HELD])
def test_the_equation_with_interventions_adds_up_to_the_state(texts, t):
    view = view_with(view_of(*texts, t=t, lanes=LANES[:1]))
    z = summed(view.frame, view.shown, view.unit, t).value
    assert np.tanh(z) == pytest.approx(float(view.shown.hidden[t, view.unit]), abs=1e-6)


def test_a_unit_that_is_held_is_said_and_the_intact_lane_can_be_seen():
    view = view_of("hold:u3=0.5")
    assert on_unit(view).said == "u3 held at 0.5"
    assert view_with(view).shown.hidden[7, 3] == 0.5
    assert on_unit(replace(view, unit=2)) is None
    assert (view_with(view).shown.weights["W_hh"] == view.shown.weights["W_hh"]).all()
    for lane in (1, 2):  # c of an LSTM is carried, too, and earlier inputs by a window
        assert view_with(view_of("silence:u3", lane=lane, t=0)).shown.hidden[0, 3] == 0
    assert view_with(replace(view, compared="without")).shown is view.shown


def test_the_sentence_compares_with_guessing_and_says_where_nothing_changes():
    view = view_of("scale=-1", steps=250, lanes=[{"kind": "rnn", "initializer": "orthogonal"}, {"kind": "fnn"}])
    (said, *_) = what_if_verdicts(view.frame)
    assert said.startswith("With recurrent weights × −1, {0} is worse than chance")
    assert "sure and wrong" in said
    assert changed_answers(view.frame, view.shown).sum() > 5
    assert not changed_answers(view.frame, view.frame.lanes[1]).any()
    assert what_if_verdicts(view_of().frame) == []
    (said, *_) = what_if_verdicts(view_of("scale=1").frame)
    assert "answers about as well as without: its loss stays at " in said
    (said, *_) = what_if_verdicts(view_of("scale=0.9").frame)
    assert "{0} answers about as well as without: its loss is " in said


def test_the_description_tells_every_lane_what_was_done():
    paragraphs = {
        each.title: " ".join(each.sentences) for each in describe(view_of("silence:u3", "cut").frame, Cursor())
    }
    assert "With u3 silenced and recurrence cut, the loss on held-out sequences is " in paragraphs["RNN"]
    assert paragraphs["LSTM"].endswith("The interventions do not act on this lane.")
    assert "interventions" not in " ".join(
        each for one in describe(view_of().frame, Cursor()) for each in one.sentences
    )

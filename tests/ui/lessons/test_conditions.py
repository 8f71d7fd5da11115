"""Conditions of lessons, and the quantities that they compare."""

import re
from dataclasses import replace

import pytest
from support.preset_documents import echo

from rnn_tui.presets.preset import parse
from rnn_tui.presets.store import find, load
from rnn_tui.session.frame import Demand
from rnn_tui.session.session import Session
from rnn_tui.session.what_if import parsed
from rnn_tui.ui.lessons.condition_text import waiting_text
from rnn_tui.ui.lessons.conditions import condition, together
from rnn_tui.ui.lessons.quantities import Situation, quantity
from rnn_tui.ui.panels.view_state import ViewState

PRESET = parse(echo(), "echo")


@pytest.fixture(scope="module")
def situation():
    """Three updates of an echo, the cursor at the second unit of the FNN at time step 2."""
    session = Session(PRESET)
    session.forward(3)
    return Situation(ViewState(session.frame(), "echo", t=2, unit=1, lane=1), "loss", {"run.step": 2})


@pytest.mark.parametrize(
    ("text", "true"),
    [
        ("step = 3", True), ("step != 3", False), ("step < 3", False), ("step <= 3", True), ("step >= 4", False),
        ("step>2", True), ("step > 2.5e0", True), ("cursor.t = 2", True), ("cursor.unit = 1", True),
        ("cursor.lane = FNN", True), ("cursor.lane != FNN", False), ("page = learn", True), ("page = remember", False),
        ("panel = loss", True), ("panel != memory", True), ("preset = echo", True), ("lanes.count = 2", True),
        ("lanes.RNN.hidden_size = 4", True), ("lanes.0.hidden_size = 4", True), ("lanes.FNN.hidden_size > 3", False),
        ("lanes.RNN.activation = tanh", True), ("lanes.RNN.activation = relu", False), ("lanes.FNN.kind = fnn", True),
        ("training.batch_size = 3", True), ("training.optimizer = adam", True), ("task.delay = 1", True),
        ("lanes.RNN.loss > 0.01", True), ("lanes.RNN.loss > 100", False), ("lanes.RNN.norm > 0", True),
        ("lanes.RNN.held_out <= lanes.RNN.best", True), ("lanes.RNN.best <= lanes.FNN.floor + 9", True),
        ("lanes.FNN.held_out < lanes.FNN.floor - 1", False), ("lanes.RNN.parameters = 29", True),
        ("lanes.GRU.loss < 9", False), ("lanes.GRU.hidden_size = 4", False), ("lanes.FNN.gain = 1", False),
        ("action run.step", True), ("action run.step 2 times", True), ("action run.step 3 times", False),
        ("action run.back", False), ("intervention cut", False), ("intervention none", True),
    ],
)  # fmt: skip
def test_a_condition_is_true_or_false_of_a_situation(situation, text, true):
    assert condition(text, PRESET).holds(situation) is true


def test_an_untrained_net_has_no_loss_of_an_update_but_a_held_out_loss():
    view = ViewState(Session(PRESET).frame(Demand.SCORE), "echo")
    assert not condition("lanes.RNN.loss < 9", PRESET).holds(Situation(view))
    assert quantity("lanes.RNN.loss", PRESET).text(Situation(view)) == "(no value yet)"
    assert condition("lanes.RNN.held_out > 0", PRESET).holds(Situation(view))


def test_quantities_are_those_that_the_frame_has(situation):
    lane = situation.view.frame.lanes[0]
    expected = {
        "loss": lane.losses[2], "norm": lane.norms[2], "held_out": lane.score.loss,
        "floor": lane.floor.loss, "parameters": lane.weights["W_hh"].size + 4 + 4 + 4 + 1,
    }  # fmt: skip
    found = {key: quantity(f"lanes.RNN.{key}", PRESET).read(situation) for key in expected}
    assert found == pytest.approx(expected)


def test_an_intervention_counts_while_it_is_shown_or_applied():
    session = Session(PRESET)
    shown = session.frame(Demand.WHAT_IF, what_if=parsed(["cut", "silence:u3@RNN"], session.experiment))
    at = Situation(ViewState(shown, "echo"))
    both = together([condition(f"intervention {text}", PRESET) for text in ("cut", "silence:u3")])
    assert [each.holds(at) for each in both] == [True, True]
    assert [each.holds(at) for each in together([both[0], condition("intervention silence", PRESET)])] == [True, True]
    one, absent = condition("intervention silence:u3", PRESET), condition("intervention reset", PRESET)
    assert not one.holds(at), "the nets are cut too"
    assert waiting_text([one], at) == "no other what if (I clears all)"
    assert not any(each.holds(at) for each in together([*both, absent])[2:])
    session.change({"lanes.0.interventions": ["hold:u0=0"]})
    applied = Situation(ViewState(session.frame(Demand.NOTHING), "echo"))
    assert condition("intervention hold", PRESET).holds(applied)
    assert not condition("intervention cut", PRESET).holds(applied)
    assert not any(condition("intervention none", PRESET).holds(each) for each in (at, applied))


def test_progress_counts_the_actions(situation):
    assert condition("action run.step 5 times", PRESET).progress(situation) == "2 of 5"
    assert condition("action run.step 1 times", PRESET).progress(situation) == ""
    assert condition("step > 3", PRESET).progress(situation) == ""
    assert condition("action run.step 5 times", PRESET).progress(replace(situation, done={"run.step": 9})) == "5 of 5"


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "must be a comparison"),
        ("step", "must be a comparison (step >= 5), an action (action run.step 5 times), or an intervention"),
        ("stp > 3", "unknown quantity 'stp'; did you mean 'step'?"),
        ("step > many", "'many' must be a finite number, or the name of a quantity"),
        ("step >= nan", "'nan' must be a finite number"),
        ("step < 1e999", "'1e999' must be a finite number"),
        ("lanes.RNN.loss < lanes.FNN.floor + much", "'much' must be a finite number"),
        ("lanes.LSTN.loss < 1", "there is no lane 'LSTN'"),
        ("lanes.9.loss < 1", "there is no lane '9'"),
        ("lanes.RNN < 1", "unknown quantity 'lanes.RNN'"),
        ("lanes.RNN.activation < 3", "lanes.RNN.activation is a word: compare it with = or !="),
        ("lanes.RNN.activation = rleu", "unknown; did you mean 'relu'?"),
        ("lanes.RNN.activation = step", "lanes.RNN.activation is a word, and step is a number"),
        ("lanes.RNN.loss < lanes.RNN.kind", "lanes.RNN.loss is a number, and lanes.RNN.kind is a word"),
        ("training.optimizer = adan", "did you mean 'adam'?"),
        ("training.learning_rat > 3", "'learning_rat' is unknown; did you mean 'learning_rate'?"),
        ("task.dely = 3", "'dely' is unknown; did you mean 'delay'?"),
        ("panel = losses", "did you mean 'loss'?"),
        ("page = lern", "did you mean 'learn'?"),
        ("action", "must be of the form action NAME"),
        ("action run.step five times", "'five' must be a whole number from 1 to 1000"),
        ("action run.step 0 times", "'0' must be a whole number from 1 to 1000"),
        ("action run.step 5", "must be of the form action NAME, or action NAME 5 times"),
        ("action run.stepp", "unknown action 'run.stepp'; did you mean 'run.step'?"),
        ("intervention", "must name an intervention; there are"),
        ("intervention silense:u3", "there is no intervention 'silense'; did you mean 'silence'?"),
    ],
)
def test_a_text_that_is_no_condition_is_told_with_what_is_allowed(text, problem):
    with pytest.raises(ValueError, match=re.escape(problem)):
        condition(text, PRESET)


def test_the_kind_of_every_setting_of_every_kind_of_lane_is_known():
    preset = load(find("gates")).preset
    for key in ("kind", "activation", "initializer", "name"):
        assert quantity(f"lanes.0.{key}", preset).kind == "word"
    for key in ("hidden_size", "gain", "window", "truncation", "forget_bias", "match", "seed"):
        assert quantity(f"lanes.0.{key}", preset).kind == "number"


@pytest.mark.parametrize(
    ("text", "sign"), [("step == 3", "="), ("page == learn", "="), ("step => 3", ">="), ("step =< 3", "<="),
                       ("step <> 3", "!="), ("step ≥ 3", ">="), ("step≠3", "!=")],
)  # fmt: skip
def test_a_sign_of_another_language_is_told_with_the_one_to_write(text, sign):
    with pytest.raises(ValueError, match=f"is unknown; did you mean {sign}[?]$"):
        condition(text, PRESET)


def test_a_setting_that_a_lane_does_not_have_is_not_awaited(situation):
    assert quantity("lanes.FNN.gain", PRESET).text(situation) == "(none)"

import pickle
from copy import copy, deepcopy

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError
from support.preset_documents import ACTIVATIONS

from rnn_tui.engine.cells import CELLS
from rnn_tui.presets.lane_settings import LANES, FeedForwardLane, RecurrentLane
from rnn_tui.tasks import TASKS, Text

RECURRENT = {kind: LANES[kind] for kind in ("rnn", "gru", "lstm")}
ECHO = TASKS["echo"]()

kinds = st.sampled_from(list(RECURRENT))


def counted(kind, H, I, O):
    """The parameters of a recurrent lane, counted matrix by matrix from its equations."""
    gate, output = H * H + H * I + H, O * H + O
    own = {
        "rnn": gate,
        "gru": 3 * gate + H,  # the candidate has a bias on each side of the reset gate
        "lstm": 4 * gate,
    }
    return own[kind] + output


@pytest.fixture(scope="module")
def spelling(tmp_path_factory):
    """A text of 12 different characters."""
    path = tmp_path_factory.mktemp("lanes") / "text"
    path.write_text("abcdefghijkl" * 20)
    return Text(path=str(path))


def test_there_is_a_lane_for_every_kind_and_each_knows_its_own():
    assert {kind: lane(kind=kind).kind for kind, lane in LANES.items()} == {kind: kind for kind in LANES}
    assert {kind for kind, lane in LANES.items() if issubclass(lane, RecurrentLane)} == CELLS.keys() >= RECURRENT.keys()
    for kind, lane in LANES.items():
        with pytest.raises(ValidationError):
            lane.model_validate({"kind": "fnn" if kind != "fnn" else "rnn"})


@pytest.mark.parametrize(
    ("kind", "own"),
    [
        ("rnn", {"initializer", "gain", "truncation", "activation"}),
        ("gru", {"initializer", "gain", "truncation"}),
        ("lstm", {"initializer", "gain", "truncation", "forget_bias"}),
        ("fnn", {"activation", "window", "match"}),
    ],
)
def test_a_kind_has_its_own_settings_and_no_others(kind, own):
    assert LANES[kind].model_fields.keys() == {"kind", "name", "hidden_size", "seed", "interventions"} | own


@pytest.mark.parametrize("H", [1, 2, 7])
@pytest.mark.parametrize("kind", RECURRENT)
def test_a_recurrent_lane_has_the_parameters_of_its_equations(kind, H, spelling):
    lane = RECURRENT[kind](kind=kind, hidden_size=H)
    assert lane.model(ECHO).layout.count == counted(kind, H, 1, 1)
    assert lane.model(spelling).layout.count == counted(kind, H, 12, 12)


def test_a_feed_forward_lane_has_the_parameters_of_its_window(spelling):
    assert FeedForwardLane(kind="fnn", hidden_size=5, window=3).model(ECHO).layout.count == 5 * 3 + 5 + 5 + 1
    assert FeedForwardLane(kind="fnn", hidden_size=5).model(spelling).layout.count == 5 * 12 + 5 + 12 * 5 + 12


@pytest.mark.parametrize("kind", RECURRENT)
def test_initializer_gain_and_truncation_reach_the_model(kind):
    settings = {"initializer": "identity", "gain": 0.5, "truncation": 7, "hidden_size": 4}
    model = RECURRENT[kind](kind=kind, **settings).model(ECHO)
    assert model.truncation == 7
    parameters = model.initial(np.random.default_rng(0))
    square = [view for name, view in parameters.views.items() if name.startswith("W_h") and view.shape == (4, 4)]
    assert len(square) == {"rnn": 1, "gru": 3, "lstm": 4}[kind]
    for W in square:
        np.testing.assert_array_equal(W, 0.5 * np.eye(4))


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_the_activation_reaches_the_model(activation):
    f = {
        "tanh": np.tanh, "relu": lambda z: max(z, 0), "sigmoid": lambda z: 1 / (1 + np.exp(-z)),
        "identity": lambda z: z, "leaky_relu": lambda z: max(z, 0.01 * z), "softplus": lambda z: np.log1p(np.exp(z)),
    }[activation]  # fmt: skip
    for lane in (
        LANES["rnn"](kind="rnn", hidden_size=1, activation=activation),
        FeedForwardLane(kind="fnn", hidden_size=1, activation=activation),
    ):
        model = lane.model(ECHO)
        parameters, trace = model.initial(np.random.default_rng(0)), model.trace(1, 1)
        model.forward(parameters, np.full((1, 1, 1), -3.0), trace)
        z = float(parameters["W_xh"][0, 0] * -3 + parameters["b_h"][0])
        assert trace.h[0, 0, 0] == pytest.approx(f(z))


@given(st.floats(-100, 100), st.integers(0, 10**6))
def test_the_forget_bias_is_added_to_that_bias_alone_and_to_nothing_else(bias, seed):
    without, shifted = (
        LANES["lstm"](kind="lstm", hidden_size=3, forget_bias=value).model(ECHO).initial(np.random.default_rng(seed))
        for value in (0.0, bias)
    )
    for name in without.views:
        expected = without[name] + (bias if name == "b_f" else 0)
        np.testing.assert_array_equal(shifted[name], expected)


def test_a_net_is_told_by_its_size_and_by_its_activation_where_it_has_one():
    assert LANES["rnn"](kind="rnn", hidden_size=5, activation="relu").net == "relu 5"
    assert FeedForwardLane(kind="fnn", hidden_size=6).net == "tanh 6"
    assert LANES["gru"](kind="gru", hidden_size=7).net == "7"
    assert LANES["lstm"](kind="lstm", hidden_size=8).net == "8"


@pytest.mark.parametrize("kind", LANES)
def test_a_lane_is_copied_and_pickled(kind):
    lane = LANES[kind](kind=kind, hidden_size=5)
    for twin in (copy(lane), deepcopy(lane), pickle.loads(pickle.dumps(lane))):
        assert (twin, type(twin)) == (lane, LANES[kind])


# As many parameters as another lane.


@given(kinds, st.integers(1, 100), st.integers(1, 30), st.booleans())
def test_a_matched_lane_has_most_nearly_as_many_parameters_as_the_recurrent_one(spelling, kind, H, window, letters):
    task, I, O = (spelling, 12, 12) if letters else (ECHO, 1, 1)
    other = RECURRENT[kind](kind=kind, hidden_size=H)
    lane = FeedForwardLane(kind="fnn", window=window, match=0).matched(other, task)
    wanted = counted(kind, H, I, O)

    def off(size):
        return abs(size * (window * I + 1 + O) + O - wanted)

    size = lane.hidden_size
    assert size >= 1
    assert off(size) <= off(size + 1)
    assert size == 1 or off(size) <= off(size - 1)


@pytest.mark.parametrize(
    ("kind", "size"),
    [
        ("rnn", 29),  # 64 + 8 + 8 + 8 + 1 = 89 against 29 · 3 + 1 = 88
        ("gru", 85),  # 3 (64 + 8 + 8) + 8 + 8 + 1 = 257 against 85 · 3 + 1 = 256
        ("lstm", 109),  # 4 (64 + 8 + 8) + 8 + 1 = 329 against 109 · 3 + 1 = 328
    ],
)
def test_the_size_that_matches_eight_units_is_the_one_found_by_hand(kind, size):
    before = FeedForwardLane(kind="fnn", name="x", activation="relu", match=0)
    after = before.matched(RECURRENT[kind](kind=kind), ECHO)
    assert after == before.with_values(hidden_size=size)


def test_a_match_takes_only_the_number_of_a_lane():
    for wrong in (-1, 4, True, 1.0, "0"):
        with pytest.raises(ValidationError):
            FeedForwardLane.model_validate({"kind": "fnn", "match": wrong})
    assert FeedForwardLane(kind="fnn").match is None

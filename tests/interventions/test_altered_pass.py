"""Every intervention, alone and with others, against a plain loop over time."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.altered_equations import altered

from rnn_tui.engine.parameters import Parameters
from rnn_tui.interventions import INTERVENTIONS, Target, spelled
from rnn_tui.interventions.altered_pass import altered_pass
from rnn_tui.presets.preset import parse

T, B, H = 6, 3, 3
GATES = {"gru": "rz", "lstm": "ifo"}
LANES = {
    "rnn": {"kind": "rnn", "hidden_size": H},
    "gru": {"kind": "gru", "hidden_size": H},
    "lstm": {"kind": "lstm", "hidden_size": H},
    "fnn": {"kind": "fnn", "hidden_size": H, "window": 3},
}


def target_of(kind, seed=0, task=None):
    """Return a net with random weights, which read random inputs of two kinds."""
    preset = parse({"task": task or {"kind": "adding"}, "lanes": [LANES[kind]]}, "x")
    lane, rng = preset.lanes[0], np.random.default_rng(seed)
    model = lane.model(preset.task)
    parameters = Parameters.zeros(model.layout, "float64")
    for view in parameters.views.values():
        view[...] = rng.uniform(-1, 1, view.shape)
    x = rng.uniform(-1, 1, (T, preset.task.input_size, B))
    return Target(model, lane.architecture, preset.task, H, x, parameters)


numbers = st.floats(-2, 2, width=32).map(lambda number: round(float(number), 3))
times, units = st.integers(0, T - 1), st.integers(0, H - 1)


def inputs():
    """Pairs of a spelling and what it means."""
    return st.one_of(
        st.builds(lambda t, row, v: (f"x:{t}.{row}={v}", ("x", t, row, v)), times, st.integers(0, 1), numbers),
        st.builds(lambda t, row, v: (f"x:{t}.{row}+={v}", ("nudge", t, row, v)), times, st.integers(0, 1), numbers),
        st.builds(lambda one, other: (f"swap:{one},{other}", ("swap", one, other)), times, times),
        st.builds(lambda t: (f"remove:{t}", ("remove", t)), times),
        st.builds(lambda u: (f"silence:u{u}", ("hold", u, 0.0)), units),
        st.builds(lambda u, v: (f"hold:u{u}={v}", ("hold", u, v)), units, numbers),
        st.builds(lambda v: (f"scale:W_hy={v}", ("scale", "W_hy", v)), numbers),
        st.builds(lambda u, v: (f"W_hy:0,{u}={v}", ("weight", "W_hy", (0, u), v, False)), units, numbers),
        st.builds(lambda v: (f"prune={abs(v) + 0.01}", ("prune", None, abs(v) + 0.01)), numbers),
    )


def states(kind):
    matrix = {"rnn": "W_hh", "gru": "W_hz", "lstm": "W_hf"}[kind]
    offered = [
        inputs(),
        st.builds(lambda t: (f"reset:{t}", ("reset", t)), times),
        st.builds(lambda v: (f"start={v}", ("start", v)), numbers),
        st.builds(lambda t: (f"start:{t}", ("start after", t)), times),
        st.builds(lambda v: (f"noise={abs(v)}", ("noise", abs(v))), numbers),
        st.builds(lambda t: (f"cut:{t}", ("cut", t)), times),
        st.sampled_from([("diagonal", ("diagonal",)), ("off-diagonal", ("off-diagonal",)), ("cut", ("cut", 0))]),
        st.builds(lambda v: (f"scale={v}", ("scale", None, v)), numbers),
        st.builds(
            lambda i, j, v: (f"{matrix}:{i},{j}+={v}", ("weight", matrix, (i, j), v, True)), units, units, numbers
        ),
        st.builds(lambda v: (f"prune:{matrix}={abs(v) + 0.01}", ("prune", matrix, abs(v) + 0.01)), numbers),
    ]
    if kind in GATES:
        gates = st.sampled_from(GATES[kind])
        every = slice(None)
        offered += [
            st.builds(lambda g: (f"open:{g}", ("gate", g, 50.0, every)), gates),
            st.builds(lambda g, u: (f"shut:{g}.u{u}", ("gate", g, -50.0, u)), gates, units),
        ]
    return st.one_of(offered)


@pytest.mark.parametrize("kind", LANES)
def test_a_random_sequence_of_interventions_does_what_a_plain_loop_does(kind):
    target = target_of(kind)

    @settings(max_examples=60, deadline=None, derandomize=True, database=None)
    @given(st.lists(inputs() if kind == "fnn" else states(kind), min_size=1, max_size=5))
    def check(pairs):
        interventions = [spelled(text) for text, _ in pairs]
        assert [each.problem(target) for each in interventions] == [""] * len(pairs)
        before = target.parameters.flat.copy(), target.x.copy()
        found = altered_pass(interventions, target, target.x)
        h, y = altered(kind, target.parameters.views, target.x, [what for _, what in pairs], target.x, window=3)
        np.testing.assert_allclose(found.states["h"], h, rtol=1e-9, atol=1e-10)
        np.testing.assert_allclose(found.y, y, rtol=1e-9, atol=1e-10)
        np.testing.assert_array_equal(target.parameters.flat, before[0])
        np.testing.assert_array_equal(target.x, before[1])

    check()


def test_every_kind_is_tried_above():
    tried = set()

    @settings(max_examples=120, deadline=None, derandomize=True, database=None)
    @given(states("lstm"))
    def collect(pair):
        tried.add(type(spelled(pair[0])))

    collect()
    assert {kind.name for kind in set(INTERVENTIONS) - tried} == {"freeze", "flip"}  # they are tried elsewhere


def test_a_gate_is_open_or_shut_exactly():
    target = target_of("lstm")
    states = altered_pass([spelled("open:f"), spelled("shut:i.u1")], target, target.x).states
    assert (states["f"] == 1).all()
    assert (states["i"][:, 1] < 1e-20).all()
    assert (states["i"][:, 0] > 0.01).all()


def test_the_probe_has_the_same_noise_alone_and_among_other_sequences():
    target = target_of("lstm")
    noisy = [spelled("noise=0.5")]
    alone, among = (altered_pass(noisy, target, x).y[..., 0] for x in (target.x[..., :1], target.x))
    np.testing.assert_allclose(alone, among, rtol=1e-12)


def test_a_bit_and_a_symbol_are_flipped_and_chosen_in_every_sequence():
    preset = parse({"task": {"kind": "echo"}, "lanes": [LANES["rnn"]]}, "x")
    task, lane = preset.task, preset.lanes[0]
    x = task.held_out(np.random.default_rng(0), 4, 8).x
    target = Target(lane.model(task), lane.architecture, task, H, x)
    flipped = spelled("flip:3").altered_input(x, target)
    np.testing.assert_array_equal(flipped[3], 1 - x[3])
    np.testing.assert_array_equal(np.delete(flipped, 3, 0), np.delete(x, 3, 0))
    preset = parse({"task": {"kind": "letters"}, "lanes": [LANES["rnn"]]}, "x")
    task = preset.task
    x = task.held_out(np.random.default_rng(0), 4, 8).x
    target = Target(preset.lanes[0].model(task), preset.lanes[0].architecture, task, H, x)
    symbol = task.alphabet[1]
    chosen = spelled(f"x:2={symbol}")
    assert chosen.problem(target) == ""
    np.testing.assert_array_equal(chosen.altered_input(x, target)[2].argmax(axis=0), 1)
    assert chosen.altered_input(x, target)[2].sum() == x.shape[2]

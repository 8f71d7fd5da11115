"""The diagnostics of lanes: numbers of trained presets, exact cases, and nets that determine no figure."""

from dataclasses import replace
from math import inf

import numpy as np
import pytest
from support.preset_documents import echo

from rnn_tui.engine.diagnostics import NO_STATE, Undefined, gradient_by_lag, hidden_states, memory_curve
from rnn_tui.engine.parameters import Parameters
from rnn_tui.experiments.training_run import TrainingRun
from rnn_tui.presets import store
from rnn_tui.presets.preset import parse
from rnn_tui.session import diagnosis
from rnn_tui.session.diagnosis import diagnose
from rnn_tui.session.diagnosis.trajectory import FOLLOWED
from rnn_tui.session.experiment import Experiment
from rnn_tui.session.own_sequence import own_sequence
from rnn_tui.session.session import Session
from rnn_tui.session.trained_net import BEYOND, trained_net


def nets(source, steps=0, **changes):
    """The lanes of a bundled preset, or of a document, after some updates."""
    if isinstance(source, str):
        preset = store.load(store.bundled_folder() / f"{source}.toml", changes or None).preset
    else:
        preset = parse(source, "s")
    run = TrainingRun.from_preset(preset)
    run.forward(steps)
    return [trained_net(run.experiment, lane, line) for lane, line in enumerate(run.timelines)]


def document(*lanes, task=None, **training):
    return {
        "task": task or {"kind": "echo", "delay": 2},
        "training": {"sequence_length": 20, **training},
        "lanes": [*lanes],
    }


# Numbers of trained nets.


@pytest.fixture(scope="module")
def echoes():
    return nets("echo", 600)


def test_an_echo_of_three_steps_is_what_its_net_remembers(echoes):
    memory = diagnosis.memory(echoes[0])
    np.testing.assert_allclose(memory.curve.r2[:6], [0.99, 0.98, 0.98, 1.00, 0.25, 0.06], atol=0.03)
    assert memory.curve.capacity == pytest.approx(4.3, abs=0.2)
    assert (memory.asked, memory.curve.span, memory.independent, memory.exact) == (3, 4, True, None)
    window = diagnosis.memory(echoes[1])
    np.testing.assert_allclose(window.curve.r2, np.arange(17) == 0, atol=0.01)
    np.testing.assert_array_equal(window.reference, memory.reference)


def test_the_answers_of_an_echo_rest_on_the_input_three_steps_back(echoes):
    assert diagnosis.saliency(echoes[0]).peak == 3
    assert diagnosis.saliency(echoes[1]).peak == 0


def test_the_gradient_is_that_of_scored_answers_on_the_probe(echoes):
    rnn, fnn = echoes
    found = diagnosis.gradient(rnn)
    expected = gradient_by_lag(rnn.model, rnn.parameters, rnn.probe, np.arange(40) >= 3)
    np.testing.assert_array_equal(found.by_lag.by_lag, expected.by_lag)
    assert (found.reach, found.truncation, found.gain, found.theory) == (39, 0, None, None)
    assert diagnosis.gradient(fnn).reach == 0


def test_the_first_unit_of_the_table_is_missed_most(echoes):
    table = diagnosis.unit_table(echoes[0])
    losses = [row.loss_without for row in table.rows]
    assert losses == sorted(losses, reverse=True)
    assert {row.unit for row in table.rows} == set(range(8))
    assert table.loss < 0.01 < losses[0]
    few = diagnosis.unit_table(echoes[0], sequences=8)
    assert few.loss != table.loss
    assert len(few.rows) == 8


def test_each_diagnostic_alone_is_the_one_of_the_whole(echoes):
    whole = diagnose(echoes[0])
    np.testing.assert_array_equal(whole.memory.curve.r2, diagnosis.memory(echoes[0]).curve.r2)
    np.testing.assert_array_equal(
        whole.recurrence.spectrum.eigenvalues, diagnosis.recurrence(echoes[0]).spectrum.eigenvalues
    )
    points, again = whole.fixed_points.points, diagnosis.fixed_points(echoes[0]).points
    assert [point.state.tolist() for point in points] == [point.state.tolist() for point in again]


def test_a_snapshot_stays_while_the_lane_goes_on():
    session = Session(parse(echo(), "s"))
    net = trained_net(session.experiment, 0, session.timelines[0])
    before = diagnosis.memory(net).curve.r2
    session.forward(20)
    np.testing.assert_array_equal(diagnosis.memory(net).curve.r2, before)
    later = diagnosis.memory(net.at(session.timelines[0].state.parameters)).curve.r2
    assert (later != before).any()
    np.testing.assert_array_equal(
        later, diagnosis.memory(trained_net(session.experiment, 0, session.timelines[0])).curve.r2
    )


def test_states_are_drawn_in_a_plane_that_can_be_kept(echoes):
    first = diagnosis.trajectory(echoes[0])
    assert (first.probe.shape, first.others.shape) == ((40, 2), (40, FOLLOWED, 2))
    states = hidden_states(echoes[0].model, echoes[0].parameters, echoes[0].held_out.x)
    np.testing.assert_allclose(first.probe, first.plane.project(states[..., 0]))
    np.testing.assert_allclose(first.others[:, 3], first.plane.project(states[..., 4]))
    own = replace(echoes[0], own=own_sequence(echoes[0].task, "0110").batch)
    read = diagnosis.trajectory(own, first.plane)
    np.testing.assert_allclose(read.probe, first.plane.project(own.states(own.own.x)[..., 0]))
    assert read.others.shape == first.others.shape
    moved = diagnosis.trajectory(nets("echo", 0)[0], first.plane)
    assert moved.plane is first.plane


# Exact cases.


@pytest.mark.parametrize(("initializer", "gain"), [("delay-line", 1.0), ("ring", 0.9)])
def test_the_exact_curves_of_a_delay_line_and_a_ring(initializer, gain):
    """R²_k = r^(2N⌊k/N⌋) (1 − r^(2N)); of the delay line 1 for N lags."""
    N = 10
    lane = {"kind": "rnn", "hidden_size": N, "activation": "identity", "initializer": initializer, "gain": gain}
    (net,) = nets(document(lane, sequence_length=60))
    memory = diagnosis.memory(net)
    lags = np.arange(len(memory.exact))
    r = gain if initializer == "ring" else 0.0
    np.testing.assert_allclose(memory.exact, r ** (2 * N * (lags // N)) * (1 - r ** (2 * N)), atol=1e-8)
    np.testing.assert_allclose(memory.curve.r2, memory.exact, atol=0.08)
    if initializer == "delay-line":
        np.testing.assert_allclose(memory.curve.r2[:N], 1, atol=1e-5)
        assert memory.curve.capacity == pytest.approx(N, abs=1e-3)


def test_there_is_no_exact_curve_of_a_radius_of_one_and_it_says_so():
    lane = {"kind": "rnn", "activation": "identity", "initializer": "orthogonal"}
    (net,) = nets(document(lane))
    assert "spectral radius 1" in diagnosis.memory(net).exact.reason


@pytest.mark.parametrize(("gain", "horizon"), [(0.5, 7), (0.9, 44), (0.99, None), (1.0, None)])
def test_the_gradient_of_an_orthogonal_linear_net_is_a_power_of_its_gain(gain, horizon):
    lane = {"kind": "rnn", "hidden_size": 6, "activation": "identity", "initializer": "orthogonal", "gain": gain}
    (net,) = nets(document(lane, sequence_length=60))
    found = diagnosis.gradient(net)
    np.testing.assert_allclose(found.by_lag.by_lag, gain ** np.arange(60), rtol=1e-8)
    assert found.by_lag.horizon == horizon
    assert found.gain == pytest.approx(gain)
    assert found.theory == {0.5: 7, 0.9: 44, 0.99: 459, 1.0: None}[gain]
    spectrum = diagnosis.recurrence(net)
    assert (spectrum.t, spectrum.matrix) == (None, "W_hh")
    assert spectrum.spectrum.radius == pytest.approx(gain)
    assert spectrum.vanishes == (gain < 1)
    found = diagnosis.perturbations(net, 0)  # nothing is before t = 0
    np.testing.assert_allclose(found.exponents, np.log(gain), atol=1e-12)
    np.testing.assert_allclose(found.growth, gain ** np.arange(found.t + 1), rtol=1e-8)


@pytest.mark.parametrize(("truncation", "pieces", "reach"), [(4, 1, 3), (0, 1, 19), (0, 2, 19), (4, 2, 3)])
def test_the_gradient_reaches_as_far_as_training_sends_it(truncation, pieces, reach):
    """Between batches that continue each other it is always cut."""
    lane = {"kind": "rnn", "truncation": truncation}
    (net,) = nets(document(lane, batches_per_sequence=pieces))
    assert len(net.probe) == 20 * pieces
    assert diagnosis.gradient(net).reach == reach


def test_a_gated_cell_has_the_spectrum_of_its_jacobian_and_an_activation_with_small_slopes_vanishes_sooner():
    gru, sigmoid = nets(
        document({"kind": "gru"}, {"kind": "rnn", "activation": "sigmoid", "initializer": "orthogonal"})
    )
    last, early = diagnosis.recurrence(gru), diagnosis.recurrence(gru, 3)
    assert (last.t, early.t, last.gain, last.vanishes) == (19, 3, None, False)
    assert (last.spectrum.eigenvalues != early.spectrum.eigenvalues).any()
    found = diagnosis.recurrence(sigmoid)
    assert found.spectrum.norm == pytest.approx(1)
    assert found.vanishes  # 1/4 is the greatest slope


# Sequences, and lags.


def test_too_few_sequences_are_completed_by_others_of_a_stream_of_their_own():
    lane = {"kind": "rnn", "hidden_size": 200}
    experiment = Experiment(parse(document(lane, sequence_length=16), "s"))
    x = experiment.readout_inputs(200, 8)
    held_out = experiment.held_out.x
    assert x.shape[2] == 500 > held_out.shape[2]
    np.testing.assert_array_equal(x[..., : held_out.shape[2]], held_out)
    np.testing.assert_array_equal(x, experiment.readout_inputs(200, 8))
    np.testing.assert_array_equal(x, Experiment(experiment.preset).readout_inputs(200, 8))
    seen = {held_out[..., b].tobytes() for b in range(held_out.shape[2])}
    further = {x[..., b].tobytes() for b in range(held_out.shape[2], 500)}
    assert len(seen & further) < 10  # of 65,536 sequences of bits
    before = experiment.nbytes
    experiment.forget()
    assert experiment.nbytes < before
    (net,) = nets(document(lane, sequence_length=16))
    assert diagnosis.memory(net).curve.enough


def test_a_users_file_has_no_further_sequences_and_the_curve_says_that_it_is_rough(tmp_path):
    path = tmp_path / "data.csv"
    path.write_text("\n".join(f"{np.sin(i * i):.4f}" for i in range(300)))
    lane = {"kind": "rnn", "hidden_size": 64}
    (net,) = nets(document(lane, task={"kind": "csv", "path": str(path)}, sequence_length=10))
    np.testing.assert_array_equal(net.readout_inputs, net.held_out.x)
    assert not diagnosis.memory(net).curve.enough


def test_all_lanes_have_the_same_lags_and_they_go_beyond_what_the_task_asks_for():
    found = nets(document({"kind": "rnn", "hidden_size": 4}, {"kind": "lstm", "hidden_size": 9}, sequence_length=80))
    assert [net.lags for net in found] == [36, 36]
    assert all(len(diagnosis.memory(net).curve.r2) == 37 for net in found)
    (far,) = nets(document({"kind": "rnn"}, task={"kind": "echo", "delay": 15}, sequence_length=20))
    assert far.lags == 15 + BEYOND
    (edge,) = nets(document({"kind": "rnn"}, task={"kind": "echo", "delay": 19}, sequence_length=20))
    assert edge.lags == 19


def test_inputs_that_depend_on_each_other_are_known_from_x_t_alone():
    (net,) = nets(document({"kind": "rnn"}, task={"kind": "wave"}))
    memory = diagnosis.memory(net)
    assert not memory.independent
    assert memory.reference[1] > 0.5
    found = memory_curve(net.readout_inputs, net.readout_inputs, net.lags)
    np.testing.assert_array_equal(memory.reference, found.r2)


def test_a_held_input_is_zero_or_the_most_frequent_symbol():
    numbers, *_ = nets("adding")
    np.testing.assert_array_equal(diagnosis.held_input(numbers), [0, 0])
    symbols, *_ = nets("letters")
    counts = symbols.held_out.x.sum(axis=(0, 2))
    np.testing.assert_array_equal(diagnosis.held_input(symbols), np.eye(len(counts))[counts.argmax()])
    held = np.array([0.3, 1.0])
    np.testing.assert_array_equal(diagnosis.fixed_points(numbers, held, starts=4).held, held)


# Nets that determine no figure.


def spoiled(net):
    parameters = Parameters(net.parameters.layout, np.full_like(net.parameters.flat, np.nan))
    return net.at(parameters)


def constant(net):
    x = np.ones_like(net.held_out.x)
    return replace(net, held_out=replace(net.held_out, x=x), readout_inputs=x)


def unscored(net):
    return replace(net, held_out=replace(net.held_out, mask=np.zeros_like(net.held_out.mask)))


CASES = {
    "one unit": (lambda net: net, {"hidden_size": 1}, {}),
    "two time steps": (lambda net: net, {}, {"task": {"kind": "xor"}, "sequence_length": 2}),
    "one time step": (lambda net: net, {}, {"task": {"kind": "echo", "delay": 0}, "sequence_length": 1}),
    "one answer": (lambda net: net, {}, {"task": {"kind": "adding"}}),
    "NaN": (spoiled, {}, {}),
    "constant x": (constant, {}, {}),
    "no answer": (unscored, {}, {}),
    "infinite": (lambda net: net.at(Parameters(net.parameters.layout, net.parameters.flat * 1e200)), {}, {}),
}


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("kind", ["rnn", "gru", "lstm", "fnn"])
def test_what_determines_no_figure_gives_a_reason_and_all_figures_are_finite(case, kind):
    change, lane, training = CASES[case]
    (net,) = nets(document({"kind": kind, "hidden_size": 3, **lane}, **training))
    found = diagnose(change(net))
    reasons = {
        name: getattr(found, name).reason for name in found.__slots__ if isinstance(getattr(found, name), Undefined)
    }
    if case == "NaN":
        assert reasons.keys() == {*found.__slots__} - {"net"}
    elif case == "constant x":
        assert reasons["memory"] == reasons["units"] == "x never varies"
    elif case == "no answer":
        assert reasons["gradient"] == "no time step is scored"
        assert isinstance(found.saliency.peak, Undefined)
    elif case == "one answer":
        assert "memory" not in reasons
        assert "gradient" not in reasons
    numbers = [getattr(found.memory, "reference", []), *(getattr(part, name, []) for part, name in (
        (getattr(found.memory, "curve", None), "r2"), (getattr(found.gradient, "by_lag", None), "by_lag"),
        (found.saliency, "by_input"), (found.perturbations, "growth"),
    ))]  # fmt: skip
    assert all(np.isfinite(array).all() for array in numbers)
    assert (getattr(found.perturbations, "exponents", np.zeros(1)) < inf).all()
    trajectory = diagnosis.trajectory(change(net))
    assert isinstance(trajectory, Undefined) or np.isfinite(trajectory.others).all()


def test_a_state_for_which_a_figure_would_take_minutes_or_gigabytes_gives_the_reason():
    (net,) = nets(document({"kind": "rnn", "hidden_size": 1024}))
    reason = "its state has 1,024 numbers; this is computed for at most 256"
    assert diagnosis.fixed_points(net).reason == diagnosis.perturbations(net).reason == reason
    assert diagnosis.unit_table(net).reason == "1,024 units would take too long"
    (lstm,) = nets(document({"kind": "lstm", "hidden_size": 129}))
    assert diagnosis.recurrence(lstm).reason == "its state has 258 numbers; this is computed for at most 256"
    (fnn,) = nets(document({"kind": "fnn", "hidden_size": 40_000}))
    reason = "its state has 40,000 numbers; this is computed for at most 1,024"
    assert diagnosis.memory(fnn).reason == diagnosis.trajectory(fnn).reason == reason
    assert diagnosis.perturbations(fnn) is NO_STATE

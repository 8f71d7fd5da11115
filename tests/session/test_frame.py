from dataclasses import FrozenInstanceError, fields
from math import log

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from support import reference_equations
from support.examples import fewer_examples
from support.preset_documents import echo

from rnn_tui.presets.preset import parse
from rnn_tui.session import experiment
from rnn_tui.session.experiment import Experiment
from rnn_tui.session.frame import Demand, NotDemanded
from rnn_tui.session.probe_reading import CLOSE, RIGHT, UNSCORED, WRONG
from rnn_tui.session.session import Session

LANES = [
    {"kind": "rnn", "hidden_size": 4},
    {"kind": "fnn", "hidden_size": 3, "window": 2, "activation": "sigmoid"},
    {"kind": "gru", "hidden_size": 2},
    {"kind": "lstm", "hidden_size": 2, "forget_bias": 1.0},
]
STATES = {"rnn": ["h"], "fnn": ["h"], "gru": ["h", "r", "z", "n"], "lstm": ["h", "c", "i", "f", "g", "o"]}
TASKS = {
    "echo": {"kind": "echo", "delay": 2},
    "xor": {"kind": "xor"},
    "temporal-xor": {"kind": "temporal-xor"},
    "wave": {"kind": "wave", "shape": "sum", "omega": 0.7},
}


@pytest.fixture(params=[*TASKS, "text", "csv"], scope="module")
def trained(request, tmp_path_factory):
    """A session at step 25, which stays there."""
    path = tmp_path_factory.mktemp("frame") / "x"
    task = TASKS.get(request.param, {"kind": request.param, "path": str(path)})
    if request.param == "text":
        path.write_text("the cat sat on the mat, " * 20)
    elif request.param == "csv":
        values = np.cumsum(np.random.default_rng(0).normal(size=200))
        path.write_text("\n".join(f"{value:.6f}" for value in values))
        task["horizon"] = 2
    training = {"sequence_length": 9, "batch_size": 4, "learning_rate": 0.05}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(experiment, "MOST_HELD_OUT", 24)  # for the loops in Python
        made = Session(parse({"task": task, "training": training, "lanes": LANES}, "s"))
        made.forward(25)
    return made


@pytest.fixture
def session(trained, monkeypatch):
    monkeypatch.setattr(experiment, "MOST_HELD_OUT", 24)
    yield trained
    assert (trained.step, trained.last_step) == (25, 25)


def arrays_of(frame):
    """Every array of a frame by name, however deep."""
    found = {name: getattr(frame, name) for name in ("inputs", "target", "mask")}
    for i, lane in enumerate(frame.lanes):
        of_lane = {field.name: getattr(lane, field.name) for field in fields(lane)}
        of_lane |= {**lane.weights, **lane.states, "loss_by_time": lane.score.loss_by_time}
        of_lane |= {"losses": lane.losses.values, "norms": lane.norms.values}
        of_lane["loss_by_role"] = lane.score.loss_by_role
        of_lane |= {name: getattr(lane.probe, name) for name in ("logits", "answers", "verdicts")}
        found |= {f"{i}.{name}": value for name, value in of_lane.items() if isinstance(value, np.ndarray)}
    return found


EACH = [Demand.PROBE, Demand.SCORE, Demand.FORECAST, Demand.TEXT]
PARTS = {Demand.PROBE: "probe", Demand.SCORE: "held_out", Demand.FORECAST: "forecast", Demand.TEXT: "writing"}


@pytest.mark.parametrize("demands", [Demand.NOTHING, *EACH, Demand.PROBE | Demand.TEXT, Demand.EVERYTHING])
def test_a_frame_has_what_is_demanded_and_nothing_else(session, demands):
    whole, frame = session.frame(), session.frame(demands)
    assert frame.demands == demands
    for lane, all_of_it in zip(frame.lanes, whole.lanes, strict=True):
        for demand, name in PARTS.items():
            asked = demand in demands and getattr(all_of_it, name) is not None
            assert (getattr(lane, name) is not None) == asked
        assert (lane.parameters, lane.label) == (all_of_it.parameters, all_of_it.label)
        np.testing.assert_array_equal(lane.losses.values, all_of_it.losses.values)
        assert lane.is_finite


def test_what_is_demanded_alone_has_the_same_values(session):
    whole, probe, score = (session.frame(demand) for demand in (Demand.EVERYTHING, Demand.PROBE, Demand.SCORE))
    text, forecast = session.frame(Demand.TEXT), session.frame(Demand.FORECAST)
    for i, lane in enumerate(whole.lanes):
        for name, values in lane.states.items():
            np.testing.assert_allclose(probe.lanes[i].states[name], values, rtol=1e-4, atol=1e-6)
        np.testing.assert_allclose(probe.lanes[i].logits, lane.logits, rtol=1e-4, atol=1e-5)
        assert score.lanes[i].score.loss == lane.score.loss
        assert text.lanes[i].writing == lane.writing
        assert (forecast.lanes[i].forecast is None) == (lane.forecast is None)
        if lane.forecast is not None:
            np.testing.assert_array_equal(forecast.lanes[i].forecast, lane.forecast)


def test_the_probe_alone_is_not_scored(session, monkeypatch):
    def scored(*_):
        raise AssertionError("the probe was scored, which nobody demanded")

    monkeypatch.setattr("rnn_tui.engine.evaluation.score", scored)
    assert session.frame(Demand.PROBE).lanes[0].logits.size
    with pytest.raises(AssertionError, match="nobody demanded"):
        session.frame(Demand.SCORE)


def test_what_was_not_demanded_is_not_read_by_mistake(session):
    lane = session.frame(Demand.NOTHING).lanes[0]
    for read in (lambda: lane.score, lambda: lane.hidden, lambda: lane.verdicts, lambda: lane.logits):
        with pytest.raises(NotDemanded, match=r"SCORE|PROBE"):
            read()


def recomputed(lane, x):
    """The states by name, each (T, H, B), and y (T, O, B): from the weights shown and the equations in plain loops."""
    if lane.settings.kind == "gru":
        return reference_equations.gru(lane.weights, x)
    if lane.settings.kind == "lstm":
        return reference_equations.lstm(lane.weights, x)
    if lane.settings.kind == "rnn":
        h, y = reference_equations.rnn(lane.weights, x, lane.settings.activation)
    else:
        h, y = reference_equations.fnn(lane.weights, x, lane.settings.activation, lane.settings.window)
    return {"h": h}, y


def test_arrays_have_the_documented_shapes(session):
    frame = session.frame()
    T, I, O = 9, frame.task.input_size, frame.task.output_size
    assert frame.length == T
    shapes = {name: array.shape for name, array in arrays_of(frame).items()}
    expected = {"inputs": (T, I), "target": (T,), "mask": (T,)}
    weights = [
        {"W_hh": (4, 4), "W_xh": (4, I), "b_h": (4,)},
        {"W_xh": (3, 2 * I), "b_h": (3,)},
        {"W_hr": (2, 2), "W_xr": (2, I), "b_r": (2,), "W_hz": (2, 2), "W_xz": (2, I), "b_z": (2,),
         "W_hn": (2, 2), "b_hn": (2,), "W_xn": (2, I), "b_xn": (2,)},
        {"W_hi": (2, 2), "W_xi": (2, I), "b_i": (2,), "W_hf": (2, 2), "W_xf": (2, I), "b_f": (2,),
         "W_hg": (2, 2), "W_xg": (2, I), "b_g": (2,), "W_ho": (2, 2), "W_xo": (2, I), "b_o": (2,)},
    ]  # fmt: skip
    for i, lane in enumerate(LANES):
        H = lane["hidden_size"]
        of_lane = {
            "logits": (T, O),
            "answers": (T,),
            "verdicts": (T,),
            "losses": (25,),
            "norms": (25,),
            "loss_by_time": (T,),
            "sent_back": (T, H),
        }
        of_lane |= {"forecast": (T,)} if frame.task.predicts_numbers else {}
        of_lane |= {"loss_by_role": (len(frame.task.roles),), "sent_back": (T, H)}
        of_lane |= {**weights[i], "W_hy": (O, H), "b_y": (O,)} | dict.fromkeys(STATES[lane["kind"]], (T, H))
        expected |= {f"{i}.{name}": shape for name, shape in of_lane.items()}
    assert shapes == expected
    assert [lane.parameters for lane in frame.lanes] == [
        sum(array.size for array in lane.weights.values()) for lane in frame.lanes
    ]


def test_nothing_in_a_frame_can_be_changed(session):
    frame = session.frame()
    for name, array in arrays_of(frame).items():
        assert not array.flags.writeable, name
    with pytest.raises(FrozenInstanceError):
        frame.step = 3
    with pytest.raises(FrozenInstanceError):
        frame.lanes[0].name = "x"


def test_a_frame_stays_as_it_is_while_training_goes_on(session):
    session = Session(session.preset)
    session.forward(25)
    frame = session.frame()
    before = {name: array.copy() for name, array in arrays_of(frame).items()}
    losses = [lane.score.loss for lane in frame.lanes]
    session.forward(30)
    session.back(40)
    session.change({"training.learning_rate": 0.5})
    session.forward(30)
    session.frame()
    session.reseed()
    session.forward(3)
    for name, array in arrays_of(frame).items():
        np.testing.assert_array_equal(array, before[name], err_msg=name)
    assert [lane.score.loss for lane in frame.lanes] == losses
    assert frame.step == 25


def test_the_losses_of_a_frame_stay_while_a_thousand_follow():
    session = Session(parse(echo({"kind": "fnn", "hidden_size": 1}, sequence_length=2, batch_size=1), "s"))
    session.forward(100)
    frame = session.frame()
    before = frame.lanes[0].losses.exact.copy()
    session.forward(1000)  # beyond the first block of them
    np.testing.assert_array_equal(frame.lanes[0].losses, before)
    np.testing.assert_array_equal(session.frame().lanes[0].losses[:100], before)


def test_states_and_outputs_are_those_of_the_weights_shown(session):
    frame = session.frame()
    for lane in frame.lanes:
        states, y = recomputed(lane, frame.inputs[:, :, None])
        assert list(lane.states) == STATES[lane.settings.kind]
        for name, values in lane.states.items():
            np.testing.assert_allclose(values, states[name][..., 0], atol=1e-12)
        assert lane.hidden is lane.states["h"]
        np.testing.assert_allclose(lane.logits, y[..., 0], atol=1e-12)


def test_gates_are_between_0_and_1_and_what_they_let_through_between_minus_1_and_1(session):
    _, _, gru, lstm = session.frame().lanes
    for gate in (gru.states["r"], gru.states["z"], *(lstm.states[name] for name in "ifo")):
        assert ((gate > 0) & (gate < 1)).all()
    for values in (gru.states["n"], gru.hidden, lstm.states["g"], lstm.hidden):
        assert (np.abs(values) < 1).all()
        assert (values < 0).any()


@pytest.mark.parametrize(("bias", "kept"), [(-100.0, 0.0), (100.0, 1.0)])
def test_an_lstms_forget_bias_is_seen_in_its_gate(bias, kept):
    lane = {"kind": "lstm", "hidden_size": 3, "forget_bias": bias}
    states = Session(parse(echo(lane, sequence_length=20), "s")).frame().lanes[0].states
    np.testing.assert_allclose(states["f"], kept, atol=1e-30)
    written = states["i"] * states["g"]
    np.testing.assert_allclose(states["c"], written if kept == 0 else np.cumsum(written, axis=0), atol=1e-12)


def test_the_probe_is_the_first_held_out_sequence(session):
    frame, held_out = session.frame(), Experiment(session.preset).held_out
    np.testing.assert_array_equal(frame.inputs, held_out.x[..., 0])
    np.testing.assert_array_equal(frame.target, held_out.target[..., 0].reshape(9))
    np.testing.assert_array_equal(frame.mask, held_out.mask[:, 0])


def test_answers_are_probabilities_symbols_or_values(session):
    frame = session.frame()
    for lane in frame.lanes:
        for t in range(frame.length):
            y = [float(value) for value in lane.logits[t]]
            if frame.task.loss.name == "binary cross-entropy":
                assert lane.answers[t] == pytest.approx(1 / (1 + np.exp(-y[0])))
            elif frame.task.loss.name == "cross-entropy":
                assert y[int(lane.answers[t])] == max(y)
            else:
                assert lane.answers[t] == y[0]


def test_verdicts_say_which_answers_are_right(session):
    frame = session.frame()
    held_out = Experiment(session.preset).held_out
    targets = held_out.target if frame.task.classes else held_out.target[:, 0]
    close = CLOSE * float(np.std(targets[held_out.mask > 0]))
    seen = set()
    for lane in frame.lanes:
        for t in range(frame.length):
            answer, target = float(lane.answers[t]), float(frame.target[t])
            if frame.task.loss.name == "binary cross-entropy":
                good = (answer > 0.5) == (target == 1)
            else:
                good = answer == target if frame.task.classes else abs(answer - target) <= close
            expected = (RIGHT if good else WRONG) if frame.mask[t] else UNSCORED
            assert lane.verdicts[t] == expected
            seen.add(expected)
    assert {RIGHT, WRONG} <= seen


def test_scores_are_means_over_all_held_out_sequences(session):
    frame, batch = session.frame(), Experiment(session.preset).held_out
    name, scored = frame.task.loss.name, batch.mask.any(axis=1)
    for lane in frame.lanes:
        _, y = recomputed(lane, batch.x)
        assert lane.score.loss == pytest.approx(reference_equations.loss(name, y, batch.target, batch.mask))
        for t in range(frame.length):
            now = slice(t, t + 1)
            loss = reference_equations.loss(name, y[now], batch.target[now], batch.mask[now]) if scored[t] else np.nan
            assert lane.score.loss_by_time[t] == pytest.approx(loss, nan_ok=True)
        assert (lane.score.accuracy is None) == (lane.score.r2 is not None)


def test_the_accuracy_is_the_share_of_right_answers():
    session = Session(parse({**echo(delay=1, sequence_length=6), "training": {"sequence_length": 6}}, "s"))
    session.forward(15)
    held_out = Experiment(session.preset).held_out
    for lane in session.frame().lanes:
        _, y = recomputed(lane, held_out.x)
        right = [(y[t, 0, b] > 0) == (held_out.target[t, 0, b] == 1) for t in range(1, 6) for b in range(y.shape[-1])]
        assert lane.score.accuracy == pytest.approx(sum(right) / len(right))


def test_losses_are_those_of_the_training_batches_before_each_update():
    preset = parse(echo(), "s")
    session = Session(preset)
    for step in range(3):
        batch, frame = Experiment(preset).batch(step), session.frame()
        session.forward()
        for before, after in zip(frame.lanes, session.frame().lanes, strict=True):
            _, y = recomputed(before, batch.x)
            loss = reference_equations.loss("binary cross-entropy", y, batch.target, batch.mask)
            assert after.losses[step] == pytest.approx(loss)
            assert len(before.losses) == step


def test_a_frame_shows_the_whole_probe_from_its_beginning_wherever_in_a_sequence_training_is():
    lanes = [{"kind": "lstm", "hidden_size": 2}, {"kind": "fnn", "hidden_size": 2, "window": 4}]
    session = Session(parse(echo(*lanes, batches_per_sequence=4), "s"))
    for _ in range(6):
        session.forward()
        frame = session.frame()
        assert frame.length == 4 * 8
        for lane in frame.lanes:
            states, y = recomputed(lane, frame.inputs[:, :, None])
            np.testing.assert_allclose(lane.hidden, states["h"][..., 0], atol=1e-12)
            np.testing.assert_allclose(lane.logits, y[..., 0], atol=1e-12)


def test_what_carrying_the_state_is_good_for_is_seen_on_held_out_sequences():
    lanes = [
        {"kind": "rnn", "hidden_size": 32, "initializer": "orthogonal"},
        {"kind": "fnn", "window": 16},
        {"kind": "fnn", "window": 15},
    ]
    training = {"sequence_length": 10, "batches_per_sequence": 4, "batch_size": 32, "learning_rate": 0.001}
    document = {"task": {"kind": "echo", "delay": 15}, "training": training, "lanes": lanes}
    session = Session(parse(document, "s"))
    session.forward(300)
    frame = session.frame()
    rnn, wide, narrow = frame.lanes
    assert (frame.length, int(frame.mask.sum())) == (40, 25)
    assert [lane.floor.loss for lane in frame.lanes] == [0, 0, log(2)]
    assert rnn.score.loss < log(2) - 0.05  # the gradient never reaches 15 steps back, but the state does
    assert wide.score.loss < log(2) - 0.2
    assert narrow.score.loss > log(2) - 0.02
    assert np.isnan(rnn.score.loss_by_time[:15]).all()
    assert np.isfinite(rnn.score.loss_by_time[15:]).all()


@pytest.mark.parametrize("kind", ["rnn", "gru", "lstm", "fnn"])
def test_a_held_out_sequence_read_batch_by_batch_with_the_state_carried_gives_the_same_answers(kind):
    lane = {"kind": kind, "hidden_size": 3} | ({"window": 7} if kind == "fnn" else {})
    session = Session(parse(echo(lane, batches_per_sequence=3), "s"))
    session.forward(4)
    held_out, state = session.experiment.held_out, session.histories.timelines[0].state
    model, memory, answers = session.experiment.learner(0).model, None, []
    for number in range(3):
        trace = model.trace(8, held_out.mask.shape[1])
        answers.append(model.forward(state.parameters, held_out.piece(number, 3).x, trace, memory).copy())
        memory = trace.end()
    logits = session.frame().lanes[0].logits
    np.testing.assert_allclose(logits, np.concatenate(answers)[..., 0], atol=1e-12)


@pytest.mark.parametrize(("delay", "window", "floor"), [(2, 1, log(2)), (2, 2, log(2)), (2, 3, 0), (0, 1, 0)])
def test_a_lane_is_measured_against_the_floor_of_its_own_window(delay, window, floor):
    lanes = [{"kind": "rnn"}, {"kind": "fnn", "window": window}, {"kind": "lstm"}]
    frame = Session(parse(echo(*lanes, delay=delay), "s")).frame()
    rnn, fnn, lstm = frame.lanes
    assert rnn.floor.loss == lstm.floor.loss == 0
    assert rnn.to_floor == rnn.score.loss
    assert fnn.floor.loss == floor
    assert fnn.to_floor == pytest.approx(fnn.score.loss - floor)


def test_where_no_floor_is_known_there_is_no_distance_to_it(tmp_path):
    (tmp_path / "x").write_text("the cat sat on the mat, " * 20)
    document = {**echo(sequence_length=9), "task": {"kind": "text", "path": str(tmp_path / "x")}}
    rnn, fnn = Session(parse(document, "s")).frame().lanes
    assert rnn.floor is rnn.to_floor is None
    assert not fnn.floor.exact
    assert fnn.to_floor == fnn.score.loss - fnn.floor.loss


@fewer_examples
@given(st.integers(0, 10**6))
def test_a_net_without_memory_never_answers_better_than_chance_what_it_cannot_know(seed):
    session = Session(parse(echo({"kind": "fnn"}, delay=2, seed=seed, sequence_length=30), "s"))
    session.forward(40)
    (lane,) = session.frame().lanes
    assert lane.to_floor > -0.02


@pytest.mark.parametrize("training", [{}, {"batches_per_sequence": 3}], ids=["whole", "pieces"])
def test_what_the_next_update_sends_back_is_what_slow_motion_shows(training):
    session = Session(
        parse({"task": TASKS["echo"], "training": {"sequence_length": 9, **training}, "lanes": LANES}, "s")
    )
    session.forward(4)
    frame = session.frame(Demand.GRADIENT)
    for i, lane in enumerate(frame.lanes):
        np.testing.assert_array_equal(lane.sent_back, session.trace_update(i).dh, err_msg=lane.name)
        assert lane.sent_back.any()


def test_a_frame_names_its_lanes_its_settings_and_the_references():
    lanes = [{"kind": "rnn"}, {"kind": "fnn", "window": 3}, {"kind": "rnn", "name": "wide"}]
    session = Session(parse(echo(*lanes), "s"))
    session.forward(2)
    session.change({"training.learning_rate": 0.5})
    session.forward(3)
    session.change({"training.clip_norm": 0})
    session.back()
    frame = session.frame()
    assert [lane.name for lane in frame.lanes] == ["RNN", "FNN", "wide"]
    assert [lane.label for lane in frame.lanes] == ["RNN", "FNN(3)", "wide"]
    assert (frame.step, frame.last_step, frame.edits) == (4, 5, (2, 5))
    assert (frame.preset.training.learning_rate, frame.preset.training.clip_norm) == (0.5, 1.0)
    assert [(reference.name, reference.loss) for reference in frame.references] == [("chance", log(2))]
    assert frame.notice == ""


def test_a_float32_lane_shows_float32_numbers_near_those_of_float64():
    frames = []
    for precision in ("float64", "float32"):
        session = Session(parse(echo(precision=precision), "s"))
        session.forward(20)
        frames.append(session.frame())
    for double, single in zip(frames[0].lanes, frames[1].lanes, strict=True):
        assert {single.hidden.dtype, single.logits.dtype, single.weights["W_xh"].dtype} == {np.dtype("float32")}
        np.testing.assert_allclose(single.hidden, double.hidden, atol=1e-3)
        assert single.score.loss == pytest.approx(double.score.loss, abs=1e-3)

"""Interventions that a lane has from a step on: they are a part of the run, and what they freeze never moves."""

import shutil

import numpy as np
import pytest
from support.numeric_gradients import CLOSE, numeric_gradient
from support.reference_training import every_step, shown, small
from support.session_walks import Told, without_reset

from rnn_tui.checkpoints.reader import load
from rnn_tui.checkpoints.writer import save
from rnn_tui.engine.parameters import Parameters
from rnn_tui.errors import PresetError
from rnn_tui.session.checkpointing import checkpoint_of, restored
from rnn_tui.session.diagnosis import memory
from rnn_tui.session.experiment import Experiment
from rnn_tui.session.frame import Demand
from rnn_tui.session.session import Session
from rnn_tui.session.what_if import parsed

CELLS = [{"kind": kind, "hidden_size": 3} for kind in ("rnn", "gru", "lstm", "fnn")]
OPTIMIZERS = ["sgd", "momentum", "rmsprop", "adam"]


def test_a_walk_with_interventions_and_moved_files_has_the_bits_of_a_straight_run(tmp_path):
    rng = np.random.default_rng(8)
    session, told = Session(small()), Told(small())
    interventions = without_reset["lanes.0.interventions"]
    lenses = ["noise=0.3", "reset:2", "silence:u0", "x:1=0"]
    for number in range(60):
        how = str(rng.choice(["forward"] * 4 + ["back", "seek", "undo", "redo", "edit", "edit", "save", "lens"]))
        by: object = {"forward": int(rng.integers(1, 60)), "back": int(rng.integers(1, 30)),
                      "seek": int(rng.integers(0, session.last_step + 1))}.get(how)  # fmt: skip
        if how == "lens":  # changes nothing
            session.frame(Demand.WHAT_IF, parsed([str(rng.choice(lenses))], session.experiment))
        elif how == "save":
            save(checkpoint_of(session, "walk"), tmp_path / "run.safetensors")
            moved = tmp_path / f"folder {number}"
            moved.mkdir()
            shutil.move(tmp_path / "run.safetensors", moved)
            session = restored(load(moved / "run.safetensors"))
            assert session.replay_note == ""
            told.forget()
        elif how == "edit":
            value = interventions[int(rng.integers(len(interventions)))]
            told.move("change", ("lanes.0.interventions", value))
            session.change({"lanes.0.interventions": value})
        else:
            told.move(how, by)
            getattr(session, how)(*([] if by is None else [by]))
        assert (session.step, session.preset) == (told.now.step, told.settings)
    last = session.last_step
    assert last > 300
    assert len(told.now.edits) > 5
    straight = every_step(told.now.preset, last, told.now.edits.items())
    for step in (last, last - 1, last // 2, *told.now.edits, last):
        session.seek(step)
        assert shown(session) == straight[step]


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_what_is_frozen_never_moves_with_any_optimizer_and_everything_else_does(optimizer):
    training = {"optimizer": optimizer, "weight_decay": 0.1, "clip_norm": 0.01}
    session = Session(small(*CELLS, training=training))
    session.forward(5)  # momentum and running means are there
    first = {"lanes.0.interventions": ["silence:u1", "freeze:b_h"], "lanes.1.interventions": ["cut"]}
    session.change({**first, "lanes.2.interventions": ["shut:f.u2", "hold:u0=0.5"],
                    "lanes.3.interventions": ["freeze:reservoir"]})  # fmt: skip
    before = [{name: values.copy() for name, values in lane.weights.items()} for lane in session.frame().lanes]
    session.forward(20)
    after = [lane.weights for lane in session.frame().lanes]
    frozen = [
        {"W_hh": np.s_[:, 1], "W_hy": np.s_[:, 1], "b_h": np.s_[:]},
        dict.fromkeys(("W_hr", "W_hz", "W_hn"), np.s_[:]),
        {"W_hf": np.s_[2], "W_xf": np.s_[2], "b_f": np.s_[2],
         **dict.fromkeys(("W_hi", "W_hg", "W_ho", "W_hy"), np.s_[:, 0])},
        {"W_xh": np.s_[:], "b_h": np.s_[:]},
    ]  # fmt: skip
    for lane, stays in enumerate(frozen):
        for name, values in after[lane].items():
            moves = np.ones(values.shape, bool)
            if name in stays:
                moves[stays[name]] = False
            if lane == 2 and name == "W_hf":
                moves[:, 0] = False
            np.testing.assert_array_equal(values[~moves], before[lane][name][~moves])
            assert (values[moves] != before[lane][name][moves]).all(), name
    assert (after[0]["W_hh"][:, 1] == 0).all()
    assert (after[1]["W_hn"] == 0).all()
    assert (after[2]["b_f"][2]) == -50


def test_the_gradient_of_what_is_frozen_is_0_and_the_rest_is_the_central_difference():
    preset = small(*CELLS[:3]).with_changes({f"lanes.{lane}.interventions": ["hold:u1=0.4"] for lane in range(3)})
    experiment = Experiment(preset)
    batch = experiment.batch(0)
    for lane in range(3):
        learner, state = experiment.learner(lane), experiment.start(lane)
        trace = learner.trace(batch, state.parameters)
        _, gradient = learner.gradient(state, batch, trace)

        def loss_at(flat, learner=learner, state=state, trace=trace):
            parameters = Parameters(state.parameters.layout, flat)
            return learner.loss.mean(learner.model.forward(parameters, batch.x, trace), batch.target, batch.mask)[0]

        numeric = numeric_gradient(loss_at, state.parameters.flat)
        mask = Parameters.zeros(state.parameters.layout, "bool")  # a matrix may have entries that are no parameters
        for view in mask.views.values():
            view[...] = True
        named = mask.flat.copy()
        mask.flat[learner.frozen] = False
        learns = mask.flat
        np.testing.assert_allclose(gradient[learns], numeric[learns], **CLOSE)
        assert (gradient[~learns] == 0).all()
        assert np.abs(numeric[named & ~learns]).max() > 1e-4  # it would learn
        _, metrics = learner.step(state, batch)
        assert metrics.gradient_norm == pytest.approx(np.linalg.norm(numeric[learns]), rel=1e-6)


def test_units_that_nothing_reads_any_more_are_shown_and_remembered_as_they_are_read_like_with_a_lens():
    session = Session(small(*CELLS, training={"sequence_length": 12}))
    session.forward(5)
    texts = ["silence:u1", "hold:u0=0.5"]
    lens = session.frame(Demand.PROBE | Demand.NETS | Demand.WHAT_IF, parsed(texts, session.experiment)).lanes
    session.forward(1)
    session.change({f"lanes.{lane}.interventions": texts for lane in range(4)})
    session.back(1)  # before they are applied
    earlier = session.frame(Demand.PROBE).lanes
    session.forward(1)
    now = session.frame(Demand.PROBE | Demand.NETS).lanes
    for with_lens, before, applied in zip(lens, earlier, now, strict=True):
        np.testing.assert_array_equal(before.states["h"], with_lens.states["h"])
        assert (applied.states["h"][:, :2] == [0.5, 0]).all()
        net, other = applied.trained, with_lens.altered.trained
        net = net.at(other.parameters)
        np.testing.assert_allclose(memory(net).curve.r2, memory(other).curve.r2, rtol=1e-9)
        intact = with_lens.trained
        np.testing.assert_array_equal(net.at(intact.parameters).states(intact.held_out.x),
                                      intact.states(intact.held_out.x))  # fmt: skip


def test_slots_of_what_is_frozen_do_not_gather_weight_decay():
    preset = small(training={"optimizer": "momentum", "weight_decay": 0.5})
    preset = preset.with_changes({"lanes.0.interventions": ["freeze:W_hh"]})
    session = Session(preset)
    session.forward(10)
    state = session.histories.timelines[0].state
    frozen = session.histories.timelines[0].learner.frozen
    for slot in state.slots.values():
        assert (slot[frozen] == 0).all()


@pytest.mark.parametrize(
    ("texts", "problem"),
    [
        (["reset:2"], "'reset:2' shows what if, but training cannot go on with it"),
        (["cut:2"], "'cut:2' shows what if, but training cannot go on with it"),
        (["x:1=0"], "'x:1=0' shows what if"),
        (["silence:u9"], "'silence:u9': it has no u9; its units are u0 to u2"),
        (["hold:u1=0.5", "silence:u1"], "'silence:u1': 'hold:u1=0.5' already says what is read; remove one of them"),
        (["open:f"], "'open:f': it has no gates; a GRU has r and z"),
        (["freeze:W_hx"], "'freeze:W_hx': it has no W_hx; it has W_hh, W_xh"),
        (["spin"], "there is no intervention 'spin'"),
    ],
)
def test_what_cannot_be_applied_is_refused_and_changes_nothing(texts, problem):
    session = Session(small())
    session.forward(3)
    before = shown(session)
    with pytest.raises(PresetError) as refused:
        session.change({"lanes.0.interventions": texts})
    assert problem in str(refused.value)
    assert shown(session) == before

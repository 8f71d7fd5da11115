"""One seed: the same bits as a session with that seed and these edits, lanes that diverge alone, and errors by name."""

import numpy as np
from support.widget_hosts import WILD, preset_of

from rnn_tui.engine.held_out_history import is_measured
from rnn_tui.experiments.seed_run import SeedJob, reported
from rnn_tui.presets.preset import parse
from rnn_tui.session.checkpointing import checkpoint_of
from rnn_tui.session.session import Session

SMALL = {"sequence_length": 8, "batch_size": 3}
PRESET = preset_of({"kind": "rnn", "hidden_size": 4}, {"kind": "fnn"}, training=SMALL)


def job_of(session, seed, goal):
    return SeedJob(tuple((step, preset.document()) for step, preset in session.frame().settings), seed, goal)


def test_a_seed_has_the_bits_of_a_session_with_that_seed_and_the_same_edits():
    session = Session(PRESET)
    session.forward(7)
    session.change({"training.learning_rate": 0.2})
    session.forward(3)
    session.change({"lanes.0.interventions": ["silence:u1"]})
    session.forward(4)
    before = session.frame()
    *on_the_way, last = reported(job_of(session, 5, 33))
    assert all(not run.ended for run in on_the_way)
    assert [run.step for run in on_the_way] == list(range(1, 34)), "a report at each step, since there are so few"
    session.restart_with_seed(5)
    assert (session.step, session.last_step) == (0, 0)
    assert [step for step, _ in session.frame().settings] == [0, 7, 10]
    assert [step for step, _ in checkpoint_of(session, "x").settings] == [0], "what has not been made yet"
    session.forward(33)
    frame = session.frame()
    assert [step for step, _ in checkpoint_of(session, "x").settings] == [0, 7, 10]
    for run, lane in zip(last.lanes, frame.lanes, strict=True):
        assert run.loss == lane.score.loss
        assert run.accuracy == lane.score.accuracy
        measured = [is_measured(step) for step in run.held_out.steps]
        assert run.held_out.steps[measured].tolist() == lane.held_out_losses.steps.tolist()
        assert run.held_out.losses[measured].tolist() == lane.held_out_losses.losses.tolist()
        assert run.held_out.steps[-1] == 33, "the end is a measurement too"
    session.undo()
    assert session.frame().settings == before.settings
    assert session.last_step == 14


def test_its_lanes_share_each_batch(monkeypatch):
    job, drawn, draw = job_of(Session(PRESET), 5, 300), [], type(PRESET.task).batch
    monkeypatch.setattr(type(PRESET.task), "batch", lambda *args: drawn.append(args) or draw(*args))
    assert list(reported(job))[-1].ended
    assert 300 < len(drawn) < 330, "the batches of whole blocks, and what is held out"


def test_other_seeds_give_other_results_and_the_same_one_the_same():
    ends = [[lane.loss for lane in list(reported(job_of(Session(PRESET), seed, 5)))[-1].lanes] for seed in (1, 2, 1)]
    assert ends[0] == ends[2] != ends[1]


def test_a_lane_that_diverges_stops_alone_and_counts_as_infinite_at_later_steps():
    steady = {"kind": "rnn", "hidden_size": 2, "gain": 0.0}
    wild = {"kind": "rnn", "activation": "identity", "gain": 8.0, "hidden_size": 16}
    preset = preset_of(wild, steady, task="wave", training={**SMALL, **WILD, "learning_rate": 3.0})
    *_, last = reported(job_of(Session(preset), 0, 60))
    broken, other = last.lanes
    assert last.finished
    assert broken.diverged_at is not None
    assert np.isinf(broken.loss)
    assert broken.solved is False
    late = broken.held_out.steps > broken.diverged_at
    assert late.any()
    assert np.isinf(broken.held_out.losses[late]).all()
    assert other.diverged_at is None
    assert np.isfinite(other.held_out.losses).all()
    assert other.held_out.steps.tolist() == broken.held_out.steps.tolist()


def test_a_job_that_cannot_be_done_ends_with_a_sentence(tmp_path):
    path = tmp_path / "table.csv"
    path.write_text("a\n" + "\n".join(map(str, range(300))))
    job = job_of(Session(parse({"task": {"kind": "csv", "path": str(path)}, "lanes": [{"kind": "rnn"}]}, "x")), 1, 2)
    path.unlink()
    (run,) = reported(job)
    assert run.ended
    assert not run.finished
    assert "table.csv" in run.error
    assert "\n" not in run.error
    (run,) = reported(SeedJob(((0, {}),), 1, 2))
    assert run.error.startswith("KeyError")

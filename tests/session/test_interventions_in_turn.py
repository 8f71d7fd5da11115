"""Every unit silenced, every reset and every removed input in turn."""

import numpy as np
import pytest

from rnn_tui.engine.diagnostics import Undefined
from rnn_tui.engine.parameters import Parameters
from rnn_tui.interventions import spelled
from rnn_tui.interventions.altered_pass import altered_pass
from rnn_tui.presets.preset import parse
from rnn_tui.session import interventions_in_turn
from rnn_tui.session.diagnosis import unit_table
from rnn_tui.session.session import Session
from rnn_tui.session.trained_net import trained_net

T, H = 12, 4
KINDS = ("rnn", "gru", "lstm", "fnn")


@pytest.fixture(scope="module")
def nets():
    lanes = [{"kind": kind, "hidden_size": H} for kind in KINDS]
    training = {"sequence_length": T, "batch_size": 4}
    session = Session(parse({"task": {"kind": "echo"}, "training": training, "lanes": lanes}, "x"))
    session.forward(30)
    return {kind: trained_net(session.experiment, lane, session.timelines[lane]) for lane, kind in enumerate(KINDS)}


@pytest.mark.parametrize("kind", KINDS)
def test_units_in_turn_have_the_losses_of_the_table_of_units(nets, kind):
    table, in_turn = unit_table(nets[kind]), interventions_in_turn.units_in_turn(nets[kind])
    assert [f"silence:u{row.unit}" for row in table.rows] == [row.intervention.spelling for row in in_turn.rows]
    np.testing.assert_allclose([row.loss for row in in_turn.rows], [row.loss_without for row in table.rows], rtol=1e-9)
    assert in_turn.loss == pytest.approx(table.loss)


def test_times_in_turn_have_every_time_step_once_sorted_by_loss_and_on_top_of_other_interventions(nets):
    net = nets["rnn"].altered([spelled("silence:u0")])
    in_turn = interventions_in_turn.times_in_turn(net)
    for name, word, first in (("resets", "reset", 1), ("removed_inputs", "remove", 0)):
        rows = in_turn[name].rows
        assert sorted(row.intervention.spelling for row in rows) == sorted(f"{word}:{t}" for t in range(first, T))
        losses = [row.loss for row in rows]
        assert losses == sorted(losses, reverse=True)
        worst = rows[0]
        interventions = [spelled("silence:u0"), worst.intervention]
        passed = altered_pass(interventions, net.target, net.target.x)
        each, _ = net.task.loss.each(passed.y, net.held_out.target)
        assert worst.loss == pytest.approx(float(each[net.held_out.mask > 0].mean()))
    assert isinstance(interventions_in_turn.resets_in_turn(nets["fnn"]), Undefined)


def test_a_shift_register_shows_its_delay_line(nets):
    """h_t = [x_t, h_(t−1) without the last unit]: unit k holds x_(t−k)."""
    net = nets["rnn"]
    parameters = Parameters(net.parameters.layout, net.parameters.flat.copy())
    parameters["W_hh"][...] = 0.5 * np.eye(H, k=-1)
    parameters["W_xh"][...] = 0.5 * np.eye(H, 1)
    table = unit_table(net.at(parameters))
    assert [each.unit for each in table.delay_line] == [0, 1, 2, 3]
    assert min(each.r2 for each in table.delay_line) > 0.95

"""Rules that find what is wrong with a lane: each finds its fault, and none finds one in a lane that learns."""

import runpy
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from rnn_tui.engine.held_out_history import HeldOutHistory
from rnn_tui.presets.preset import parse
from rnn_tui.session.findings import RULES, Finding, Remedy, Rule, findings
from rnn_tui.session.findings.sentences import NOTHING, lines, settings
from rnn_tui.session.forward_timeline import DivergenceError
from rnn_tui.session.lane_record import lane_records
from rnn_tui.session.session import Session


def record_of(task, lane, steps, **training):
    settings = {"sequence_length": 16, "batch_size": 8} | training
    preset = parse({"task": task, "training": settings, "lanes": [{"kind": "rnn", "hidden_size": 6} | lane]}, "s")
    session = Session(preset)
    with suppress(DivergenceError):
        session.forward(steps)
    (record,) = lane_records(session, session.diverged)
    return record


def echo(delay):
    return {"kind": "echo", "delay": delay}


LINEAR = {"activation": "identity", "initializer": "orthogonal", "gain": 3.0}
DEAD = {"activation": "relu", "interventions": [f"b_h:{unit}=-6" for unit in range(6)]}
SLOW = {"optimizer": "sgd", "learning_rate": 0.1, "clip_norm": 1e-3}
PLANTED = {
    "divergence": (echo(1), {}, 60, {"optimizer": "sgd", "learning_rate": 500.0, "clip_norm": 0.0}),
    "high learning rate": ({"kind": "wave"}, {}, 60, {"optimizer": "sgd", "learning_rate": 2.0}),
    "exploding gradient": (echo(4), LINEAR, 5, {"clip_norm": 0.0, "learning_rate": 1e-3}),
    "short truncation": (echo(3), {"truncation": 2}, 60, {}),
    "vanishing gradient": (echo(10), {"gain": 0.1, "initializer": "orthogonal"}, 60, {}),
    "dead units": (echo(2), DEAD, 5, {}),
    "saturated units": (echo(8), {"gain": 20.0}, 60, {"learning_rate": 1e-3}),
    "clipping": (echo(1), {}, 60, SLOW),
    "low learning rate": (echo(1), {}, 60, {"learning_rate": 1e-5}),
    "unused recurrence": (echo(6), {}, 60, {"sequence_length": 40, "learning_rate": 1e-3}),
    "no better than persistence": ({"kind": "wave"}, {}, 50, {"learning_rate": 1e-5}),
    "nothing left to learn": (echo(1), {"hidden_size": 8}, 150, {"learning_rate": 0.03}),
}


@pytest.fixture(scope="module")
def learned():
    """An echo that is learned: nothing is wrong with it."""
    return record_of(echo(1), {"hidden_size": 8}, 150, learning_rate=0.03)


@pytest.mark.parametrize("rule", PLANTED)
def test_a_planted_fault_is_found_with_numbers_and_a_remedy_that_can_be_tried(rule):
    task, lane, steps, training = PLANTED[rule]
    record = record_of(task, lane, steps, **training)
    found = {each.rule: each for each in findings([record])}
    assert rule in found, found
    assert rule != "divergence" or [*found] == [rule], "the rest are consequences"
    assert any(character.isdigit() for character in found[rule].evidence)
    if remedy := found[rule].remedy:
        changed = record.preset.with_changes(remedy.changes)
        assert changed != record.preset
    else:
        assert rule == "nothing left to learn" or found[rule].kind == "limit"


def test_a_rate_far_too_low_is_raised_at_once_to_one_that_learns_and_is_no_high_rate():
    adding = record_of({"kind": "adding"}, {}, 60, optimizer="sgd", learning_rate=1e-6)
    assert adding.loss > 1.5 * adding.worst, "it begins far above a constant answer"
    (found,) = findings([adding])
    assert found.rule == "low learning rate"
    assert 1e-4 <= found.remedy.changes["training.learning_rate"] <= 1e-1


def test_a_net_that_long_updates_have_saturated_gets_shorter_updates_from_the_start():
    record = record_of({"kind": "temporal-xor"}, {"hidden_size": 8}, 150, learning_rate=1.0)
    found = {each.rule: each for each in findings([record])}
    assert found["saturated units"].remedy == Remedy(
        "a learning rate of 0.1 from step 0", {"training.learning_rate": 0.1}, from_start=True
    )


def test_what_a_longer_training_has_made_worse_is_not_to_be_trained_longer():
    wave = record_of({"kind": "wave"}, {}, 50, learning_rate=1e-5)
    (limit,) = (each for each in findings([wave]) if each.rule == "no better than persistence")
    assert limit.remedy is None, "its learning rate is too low, which comes first"
    repeated = next(each.loss for each in wave.references if each.name == "persistence")
    past = HeldOutHistory(np.array([0, 10]), np.array([2.0, repeated / 2]))
    (limit,) = (each for each in findings([replace(wave, held_out_losses=past)]) if "persistence" in each.rule)
    assert "It was better at step 10" in limit.reason


def test_a_lane_that_has_learned_has_no_fault(learned):
    assert [each.rule for each in findings([learned])] == ["nothing left to learn"]


def test_a_loss_below_an_exact_floor_is_told_as_a_leak_or_a_wrong_floor(learned):
    leaking = replace(learned, floor=learned.memoryless)
    assert "below the floor" in [each.rule for each in findings([leaking])]


def test_a_held_out_loss_that_rises_while_the_training_loss_falls_is_overfitting(learned):
    steps, losses = np.array([0, 40, 100]), np.array([0.7, 0.2, 0.4])
    falling = replace(learned.losses, values=np.linspace(0.7, 0.01, 150))
    rising = replace(
        learned,
        held_out_losses=HeldOutHistory(steps, losses),
        losses=falling,
        known_score=replace(learned.score, loss=0.4, accuracy=0.8),
    )
    assert "overfitting" in [each.rule for each in findings([rising])]
    together = replace(rising, losses=replace(falling, values=np.linspace(0.7, 0.5, 150)))
    assert "overfitting" not in [each.rule for each in findings([together])]


def test_every_rule_is_proved_here_and_says_where_its_threshold_comes_from():
    proved = {*PLANTED, "below the floor", "overfitting"}
    assert {rule.name for rule in RULES} == proved
    assert all(rule.source and rule.threshold for rule in RULES)


def test_the_page_of_rules_has_each_with_its_threshold_and_source():
    docs = Path(__file__).parents[2] / "docs"
    page = runpy.run_path(str(docs / "make_findings.py"))["page"]
    text = (docs / "findings.md").read_text(encoding="utf-8")
    assert page(text) == text, "run python docs/make_findings.py"


def test_a_remedy_that_would_change_nothing_or_is_out_of_bounds_is_omitted(learned):
    rule, rate = RULES[0], learned.preset.training.learning_rate
    for value in (rate, 1e30):
        assert rule.finding(learned, "1", "Why.", Remedy("it", {"training.learning_rate": value})).remedy is None
    assert rule.finding(learned, "1", "Why.", Remedy("it", {"training.learning_rate": 2 * rate})).remedy


def test_the_options_of_a_remedy_are_spelled_as_the_command_line_takes_them():
    changes = {"training.learning_rate": 1e-05, "lanes.0.kind": "gru", "training.schedule_steps": 900}
    finding = Finding("odd", 0, "1", "Why.", Remedy("it", changes))
    assert settings(finding) == [
        "--set training.learning_rate=1e-05", "--set lanes.0.kind=gru", "--set training.schedule_steps=900"
    ]  # fmt: skip


def test_a_feed_forward_lane_at_the_floor_of_its_window_has_no_fault_and_is_told_what_it_lacks():
    record = record_of(echo(4), {"kind": "fnn", "window": 1}, 60)
    (found,) = findings([record])
    assert (found.rule, found.kind) == ("nothing left to learn", "done")
    assert "memory" in found.reason


def test_one_line_registers_a_rule_that_is_then_applied_and_said(learned, monkeypatch):
    class OddStep(Rule):
        name, threshold, source = "odd step", "always", "a test"

        def find(self, record):
            return self.finding(record, f"it is at step {record.step}", "That is even.")

    monkeypatch.setattr("rnn_tui.session.findings.RULES", [OddStep()])
    (found,) = findings([learned])
    assert found == Finding("odd step", 0, "it is at step 150", "That is even.")
    assert lines([found], ["RNN"]) == ["RNN: odd step", "  It is at step 150. That is even."]
    assert lines([], ["RNN"]) == [NOTHING]

import re
import sys
from math import inf, nan, sqrt
from pathlib import Path

import numpy as np
import pytest

from rnn_tui.engine.losses import mean_squared_error
from rnn_tui.presets import store
from rnn_tui.session.experiment import Experiment
from rnn_tui.session.session import Session

ROOT = Path(__file__).parent.parent

with pytest.MonkeyPatch.context() as patch:
    patch.syspath_prepend(str(ROOT / "benchmarks"))
    from claim import DIAGNOSTICS, Claim, above, below, near
    from claims import CLAIMS, EXPLAINED
    from harness import NEVER, Outcome, spread

    import presets as checker

BUNDLED = {path.stem: store.load(path).preset for path in sorted((ROOT / "presets").glob("*.toml"))}
every_preset = pytest.mark.parametrize("name", BUNDLED)
NUMBER = re.compile(r"(?<![\w.])(?<!ln )(\d+(?:,\d{3})*(?:\.\d+)?)(%)?")


def leaves(value):
    """All numbers in a document."""
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return {value} if isinstance(value, int | float) else set().union(*map(leaves, inner))


def grounds(preset, claims):
    """The numbers that a sentence may name: claims and settings, and floors and references to the digits it shows."""
    exact = leaves({**preset.document(), "seeds": [list(c.seeds) for c in claims if len(c.seeds) < 3]})
    exact |= {c.value for c in claims if not isinstance(c.value, str)}
    exact |= {c.step for c in claims} | {c.within for c in claims}
    exact |= {value for c in claims for _, value in c.changed if isinstance(value, int | float)}
    exact |= {number for c in claims if c.applied for number in (c.applied[0], c.at(0) - c.applied[0])}
    length, task = preset.training.sequence_length, preset.task
    windows = {None, *(getattr(lane, "window", None) for lane in preset.lanes)}
    losses = {floor.loss for floor in (task.floor(window, length) for window in windows) if floor is not None}
    losses |= {each.loss for each in task.references(length)}
    if task.shown_as == "NRMSE":
        (variance,) = (each.loss for each in task.references(length) if each.name == "mean")
        losses |= {sqrt(loss / variance) for loss in losses}
    return exact, losses


def groundless(text, exact, computed, explained=()):
    """The numbers of a text that are none of these."""
    found = []
    for token, percent in NUMBER.findall(text):
        number = float(token.replace(",", "")) / (100 if percent else 1)
        digits = len(token.partition(".")[2])
        named = any(value is not None and abs(value - number) < 1e-9 for value in exact)
        if not named and token not in explained and not any(round(value, digits) == number for value in computed):
            found.append(token + percent)
    return found


# The claims of the bundled presets.


def test_every_bundled_preset_has_claims_and_no_others_have():
    assert CLAIMS.keys() == BUNDLED.keys()
    assert all(CLAIMS.values())


def test_the_course_names_every_bundled_preset_exactly_once_and_begins_with_echo():
    names = list(store.course())
    assert sorted(names) == sorted(BUNDLED)
    assert names[0] == "echo"


def test_the_course_ends_with_the_failures_and_has_chapters():
    course = store.course()
    assert {name for name, chapter in course.items() if chapter == "failures"} == {"echo-20", "exploding", "copy-20"}
    assert list(dict.fromkeys(course.values())) == [
        *("memory", "windows", "learning", "one answer at the end", "grammar", "numbers", "your own data"),
        *("memory lab", "sweeps", "failures"),
    ]
    assert list(course.values()) == sorted(course.values(), key=list(dict.fromkeys(course.values())).index)


@every_preset
def test_every_claim_names_a_lane_a_measure_and_a_step_that_there_are(name):
    preset = BUNDLED[name]
    fits = {"r2", "nrmse"} if preset.task.loss is mean_squared_error else {"accuracy"}
    measures = {"loss", "diverged", *fits, *(f"role:{role}" for role in preset.task.roles)}
    for claim in CLAIMS[name]:
        assert claim.lane in preset.names
        assert claim.what in measures or claim.what.partition(":")[0] in DIAGNOSTICS
        assert isinstance(claim.value, int | float) or claim.value in {*preset.names, "floor"} - {claim.lane}
        last = preset.training.steps + (claim.applied[0] if claim.applied else 0)
        assert 0 <= claim.at(preset.training.steps) <= last
        assert preset.with_changes(dict(claim.changed)).training.steps == preset.training.steps
        assert (claim.within > 0) == (claim.relation == "near")
        assert claim.seeds
        assert claim.least is None or len(claim.seeds) / 2 < claim.least < len(claim.seeds)  # "most"


@every_preset
def test_every_number_that_a_preset_expects_is_claimed_or_explained(name):
    exact, computed = grounds(BUNDLED[name], CLAIMS[name])
    assert groundless(BUNDLED[name].expect, exact, computed, EXPLAINED.get(name, ())) == []


def test_every_explained_number_stands_in_its_preset():
    for name, numbers in EXPLAINED.items():
        tokens = {token for token, _ in NUMBER.findall(BUNDLED[name].expect)}
        assert numbers.keys() <= tokens
        assert all(numbers.values())


def test_a_number_from_nowhere_is_found():
    text = "After 1,200 updates it has 99% right, a loss of ln 2 = 0.693 and x2 units; 1,201, 98%, 0.694 and 2."
    assert groundless(text, {1200, 0.99, None}, {0.69315}) == ["1,201", "98%", "0.694", "2"]
    assert groundless(text, {1200, 0.99}, {0.69315}, {"1,201": "x", "98": "x", "0.694": "x", "2": "x"}) == []


# What a claim is.


def test_a_claim_holds_on_its_side_of_the_value_alone():
    assert below("a", "loss", 0.1).holds(0.09, 0.1)
    assert not below("a", "loss", 0.1).holds(0.1, 0.1)
    assert above("a", "loss", 0.1).holds(0.11, 0.1)
    assert not above("a", "loss", 0.1).holds(0.1, 0.1)
    assert near("a", "loss", 0.5, 0.03).holds(0.53, 0.5)
    assert near("a", "loss", 0.5, 0.03).holds(0.47, 0.5)
    assert not near("a", "loss", 0.5, 0.03).holds(0.54, 0.5)
    assert not near("a", "loss", 0.5, 0.03).holds(0.46, 0.5)


@pytest.mark.parametrize("claim", [below("a", "loss", 1), above("a", "loss", 1), near("a", "loss", 1, 9)])
def test_nothing_is_claimed_of_what_is_no_number(claim):
    assert not claim.holds(nan, 1)


def test_a_claim_stands_for_all_seeds_or_for_as_many_as_it_says():
    assert below("a", "loss", 1).stands([True, True, True])
    assert not below("a", "loss", 1).stands([True, False, True])
    assert below("a", "loss", 1, least=2).stands([True, False, True])
    assert not below("a", "loss", 1, least=2).stands([True, False, False])
    assert below("a", "loss", 1, seeds=(0,)).stands([True])


def test_a_claim_is_measured_where_it_says_or_at_the_end():
    assert below("a", "loss", 1).at(600) == 600
    assert below("a", "loss", 1, 0).at(600) == 0
    assert below("a", "loss", 1, 200).at(600) == 200


def test_a_claim_reads_lanes_roles_floors_and_divergence_from_an_outcome():
    outcome = Outcome(Session(BUNDLED["temporal-xor"]).evaluate())
    rnn, fnn = outcome.evaluation.lanes
    assert below("RNN", "loss", "FNN").measured(outcome) == rnn.score.loss
    assert below("RNN", "loss", "FNN").target(outcome) == fnn.score.loss
    assert near("FNN", "loss", "floor", 0.1).target(outcome) == fnn.floor.loss
    assert below("FNN", "role:a⊕b", 1).measured(outcome) == fnn.score.loss_by_role[1]
    assert below("FNN", "accuracy", 0.25).target(outcome) == 0.25
    assert below("FNN", "diverged", 90).measured(outcome) == inf
    diverged = Outcome(outcome.evaluation, "FNN")
    assert [below(lane, "diverged", 90).measured(diverged) for lane in ("FNN", "RNN")] == [0, inf]


def test_a_claim_says_all_of_itself():
    claim = Claim("RNN", "loss", "near", 0.5, 0.01, 1200, least=2, changed=(("training.clip_norm", 1.0),))
    assert str(claim) == "RNN: loss near 0.5 ± 0.01 at 1,200, training.clip_norm = 1.0, 2 of 3 seeds"
    assert str(below("RNN", "loss", "FNN")) == "RNN: loss < FNN"


# The check.


def test_nudged_first_weights_differ_in_their_last_bits_alone_and_only_while_they_are_asked_for():
    run = Experiment(BUNDLED["echo"])
    first = [run.start(lane).parameters.flat for lane in (0, 1)]
    with checker.nudged(1):
        others = [run.start(lane).parameters.flat for lane in (0, 1)]
    for weights, nudged, again in zip(first, others, (run.start(lane).parameters.flat for lane in (0, 1)), strict=True):
        assert (weights != nudged).mean() > 0.5
        np.testing.assert_allclose(nudged, weights, rtol=1e-15)
        np.testing.assert_array_equal(again, weights)


def test_a_true_claim_passes_and_a_false_one_is_reported_as_such(monkeypatch, capsys):
    true, false = near("FNN", "loss", 0.7, 0.2, 0), below("FNN", "loss", 0.1, 0)
    monkeypatch.setitem(checker.CLAIMS, "echo", (true, false))
    monkeypatch.setattr(sys, "argv", ["preset.py", "--check", "echo"])
    with pytest.raises(SystemExit, match="false claims in echo"):
        checker.main()
    good, bad = capsys.readouterr().out.splitlines()
    assert good.startswith("✓ echo")
    assert bad.startswith("✗ echo")
    assert str(false) in bad
    monkeypatch.setitem(checker.CLAIMS, "echo", (true,))
    with pytest.raises(SystemExit) as caught:
        checker.main()
    assert caught.value.code == 0


def test_a_spread_is_the_median_and_the_range_of_what_was_measured():
    assert spread([0.5, None, 0.25, 1.0]) == "0.5 (0.25 to 1)"
    assert spread([0.5, 0.5]) == "0.5"
    assert spread([30, NEVER, 45]) == "45 (30 to never)"
    assert spread([None]) == "–"


def test_a_lane_that_diverges_is_measured_at_its_step():
    claim = below("relu", "diverged", 60, seeds=(1,))
    ((_, ((measured, value),)),) = checker.findings("exploding", (claim,))
    assert 0 < measured < value == 60

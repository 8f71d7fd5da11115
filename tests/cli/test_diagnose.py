import json

import numpy as np
import pytest
from support.command_line import run

from rnn_tui.cli.diagnosis_report import LaneReport, as_document
from rnn_tui.presets.preset import parse
from rnn_tui.session.diagnosis import diagnose
from rnn_tui.session.session import Session
from rnn_tui.session.trained_net import trained_net

SECTIONS = {
    "memory": {"r2", "reference", "exact", "capacity", "enough_data"},
    "gradient": {"by_lag", "arrives", "horizon", "orthogonal_gain", "truncation"},
    "spectrum": {"of", "eigenvalues", "radius", "norm"},
}
LANE = {"name", "kind", "units", "asked_lag", "lyapunov", "saliency_peak_lag", "loss", "units_table", "fixed_points",
        "undefined", "sentences", "applied", "interventions", "carriers", *SECTIONS}  # fmt: skip


def strict(text):
    """The JSON object; NaN and Infinity are no JSON."""

    def refuse(word):
        raise AssertionError(word)

    return json.loads(text, parse_constant=refuse)


def lanes(*args):
    document = strict(run("diagnose", *args, "--json").stdout)
    return document, {lane["name"]: lane for lane in document["lanes"]}


def test_the_object_has_the_numbers_of_a_trained_echo():
    document, found = lanes("echo", "--steps", 600)
    assert {key: document[key] for key in ("preset", "seed", "step", "diverged")} == {
        "preset": "echo", "seed": 0, "step": 600, "diverged": None,
    }  # fmt: skip
    rnn, fnn = found["RNN"], found["FNN"]
    for lane in (rnn, fnn):
        assert lane.keys() == LANE
        assert {key: lane[key].keys() for key in SECTIONS} == SECTIONS
    assert (rnn["kind"], rnn["units"], rnn["asked_lag"], rnn["saliency_peak_lag"]) == ("rnn", 8, 3, 3)
    np.testing.assert_allclose(rnn["memory"]["r2"][:5], [0.99, 0.98, 0.98, 1.00, 0.25], atol=0.03)
    assert rnn["memory"]["capacity"] == pytest.approx(4.3, abs=0.2)
    assert rnn["gradient"]["by_lag"][0] == 1
    assert rnn["gradient"]["by_lag"][rnn["gradient"]["horizon"]] < 0.01
    eigenvalues = [complex(*pair) for pair in rnn["spectrum"]["eigenvalues"]]
    assert len(eigenvalues) == len(rnn["lyapunov"]) == 8
    assert rnn["spectrum"]["radius"] == pytest.approx(max(map(abs, eigenvalues)))
    assert [row["unit"] for row in sorted(rnn["units_table"], key=lambda row: row["unit"])] == list(range(8))
    assert rnn["units_table"][0].keys() == {"unit", "lag", "r2", "saturated", "loss_without"}
    for point in rnn["fixed_points"]:
        assert point.keys() == {"state", "speed", "stable"}
        assert len(point["state"]) == 8
        assert point["speed"] < 1e-12
    assert rnn["undefined"] == {}
    assert fnn["memory"]["capacity"] == pytest.approx(1, abs=0.02)
    assert fnn["spectrum"] == dict.fromkeys(SECTIONS["spectrum"])
    assert fnn["lyapunov"] is fnn["fixed_points"] is None
    assert set(fnn["undefined"]) == {"spectrum", "lyapunov", "fixed_points"}
    assert "RNN knows x_t and the 3 inputs before it" in rnn["sentences"][0]


def test_settings_and_seed_change_what_is_diagnosed():
    document, found = lanes("echo", "--steps", 0, "--seed", 5, "--set", "lanes.0.hidden_size=3")
    assert (document["seed"], found["RNN"]["units"]) == (5, 3)
    np.testing.assert_allclose(found["RNN"]["spectrum"]["radius"], 1)  # orthogonal


def test_a_delay_line_is_known_exactly():
    _, found = lanes("delay-line", "--steps", 0)
    np.testing.assert_allclose(found["line"]["memory"]["exact"], np.arange(41) < 20, atol=1e-8)
    ring = 0.9 ** (40 * (np.arange(41) // 20)) * (1 - 0.9**40)
    np.testing.assert_allclose(found["ring"]["memory"]["exact"], ring, atol=1e-8)


def test_a_saved_run_is_diagnosed_as_it_is_and_at_an_earlier_step(tmp_path):
    path = tmp_path / "run.safetensors"
    run("train", "xor", "--steps", 30, "-o", path)
    now, _ = lanes(path)
    assert (now["preset"], now["step"]) == ("xor", 30)
    assert now["lanes"] == lanes("xor", "--steps", 30)[0]["lanes"]
    assert lanes(path, "--steps", 10)[0]["lanes"] == lanes("xor", "--steps", 10)[0]["lanes"]
    assert "ends at step 30; to train it further" in run("diagnose", path, "--steps", 31, code=2).output
    assert "as it is" in run("diagnose", path, "--seed", 3, code=2).output


def test_the_text_has_the_tables_and_the_sentences():
    text = run("diagnose", "echo", "--steps", 0).stdout
    head, *_ = text.splitlines()
    assert head == "echo, seed 0, step 0"
    for part in ("memory: R² of x_(t-k)", "x_t alone", "gradient: ∂y_τ/∂h_(τ-k)", "RNN (rnn, 8 units, memory capacity",
                 "FNN(1) knows only x_t", "and 2 more units"):  # fmt: skip
        assert part in text
    assert max(map(len, text.splitlines())) < 200


def test_a_lane_that_diverges_is_diagnosed_at_its_last_step_and_named():
    done = run("diagnose", "exploding", "--steps", 200, "--json", code=2)
    document = strict(done.stdout)
    assert document["diverged"] == "relu"
    assert 0 < document["step"] < 200
    assert "relu diverged at step" in done.stderr


def test_something_must_be_given():
    assert "give a saved run, a preset, --csv FILE or --text FILE" in run("diagnose", code=2).output
    assert "no preset" in run("diagnose", "ecko", code=2).output


def test_what_is_not_finite_is_null_with_a_reason():
    session = Session(parse({"task": {"kind": "echo"}, "lanes": [{"kind": "lstm", "hidden_size": 1}]}, "s"))
    net = trained_net(session.experiment, 0, session.timelines[0])
    net.parameters.flat[...] = np.nan
    document = strict(json.dumps(as_document("x", session.preset, 0, [LaneReport(diagnose(net))]), allow_nan=False))
    (lane,) = document["lanes"]
    assert set(lane["undefined"]) == {
        *("memory", "gradient", "spectrum", "lyapunov", "saliency_peak_lag", "units_table", "fixed_points")
    }
    assert all("not finite" in reason for reason in lane["undefined"].values())
    assert lane["memory"] == dict.fromkeys(SECTIONS["memory"])

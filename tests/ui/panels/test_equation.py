"""The equation line: the sum that it shows is the sum that the net has computed."""

import re
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len
from support.reference_equations import ACTIVATIONS
from support.widget_hosts import BUNDLED, broken, frame_of, hosted, made

from rnn_tui.presets.store import bundled_folder
from rnn_tui.session.frame import RIGHT, UNSCORED
from rnn_tui.ui.panels.equation import EquationPanel, answer_line, in_full, state_line
from rnn_tui.ui.panels.equation_terms import answer_terms, summed
from rnn_tui.ui.panels.view_state import ViewState

LINES = (state_line, answer_line)
RHYME = {"kind": "text", "path": str(bundled_folder() / "data" / "rhyme.txt")}


@st.composite
def places(draw):
    """(name, updates, t, unit, lane): any unit at any time step of any lane of a bundled preset that has an f."""
    name, steps = draw(st.sampled_from(BUNDLED)), draw(st.sampled_from([0, 3]))
    frame = frame_of(name, steps)
    lane = draw(st.sampled_from([i for i, lane in enumerate(frame.lanes) if hasattr(lane.settings, "activation")]))
    unit = draw(st.integers(0, frame.lanes[lane].hidden.shape[1] - 1))
    return name, steps, draw(st.integers(0, frame.length - 1)), unit, lane


def at(place):
    name, steps, *where = place
    return ViewState(frame_of(name, steps), name, *where)


def views_of(frame, ts=(0, 1, -1)):
    for lane, t in product(range(len(frame.lanes)), ts):
        for unit in (0, frame.lanes[lane].hidden.shape[1] - 1):
            yield ViewState(frame, "made up", t % frame.length, unit, lane)


def z_of(view):
    """z of the unit at t, from the weights, with loops."""
    frame, lane, unit, t = view.frame, view.shown, view.unit, view.t
    z = lane.weights["b_h"][unit]
    features = frame.inputs.shape[1]
    for lag in range(getattr(lane.settings, "window", 1)):
        for i in range(features):
            if t - lag >= 0:
                z += lane.weights["W_xh"][unit, lag * features + i] * frame.inputs[t - lag, i]
    if "W_hh" in lane.weights and t > 0:
        for j in range(lane.hidden.shape[1]):
            z += lane.weights["W_hh"][unit, j] * lane.hidden[t - 1, j]
    return z


def number(text):
    return float(text.replace("−", "-"))


def added(body):
    """What the terms of a shown sum add up to, and how far rounding to two digits can have moved it."""
    tokens = re.split(r" ([+−]) ", f" + {body}")[1:]
    total = slack = 0.0
    for sign, term in zip(tokens[::2], tokens[1::2], strict=True):
        term = re.sub(r" \[\d+ more\]$", "", term)
        factors = [number(factor) for factor in term.split("·")]
        total += (1 if sign == "+" else -1) * float(np.prod(factors))
        slack += 0.005 if len(factors) == 1 else 0.005 * sum(map(abs, factors)) + 0.0001
    return total, slack


# The terms, unrounded.


def check_state(view):
    terms, bias = summed(view.frame, view.shown, view.unit, view.t)
    z = z_of(view)
    assert sum(term.weight * term.value for term in terms) + bias == pytest.approx(z, rel=1e-9, abs=1e-9)
    assert sum(term.product for term in terms) + bias == pytest.approx(z, rel=1e-9, abs=1e-9)
    f = ACTIVATIONS[view.shown.settings.activation]
    assert float(view.shown.hidden[view.t, view.unit]) == pytest.approx(f(z), rel=1e-6, abs=1e-9)


@settings(max_examples=40)
@given(places())
def test_the_terms_add_up_to_z_and_f_of_it_is_the_hidden_state(place):
    check_state(at(place))


@pytest.mark.parametrize("task", ["wave", RHYME], ids=["one input", "one-hot inputs"])
@pytest.mark.parametrize("activation", ["relu", "sigmoid", "identity", "leaky_relu", "softplus"])
def test_so_they_do_for_every_activation_window_and_kind_of_input(task, activation):
    lanes = [{"kind": "rnn", "hidden_size": 3}, *({"kind": "fnn", "hidden_size": 3, "window": k} for k in (1, 2, 5))]
    frame = made(*({**lane, "activation": activation} for lane in lanes), task=task, training={"sequence_length": 8})
    for view in views_of(frame, ts=(0, 1, 3, 7)):
        check_state(view)


def test_before_the_first_time_step_there_is_nothing():
    frame = frame_of("echo-window", 3)
    for lane in frame.lanes:
        terms, _ = summed(frame, lane, 0, 0)
        seen = [term for term in terms if term.value]
        assert [term.name for term in seen] == (["x(0)"] if frame.inputs[0, 0] else [])


def test_of_one_hot_inputs_only_the_symbol_that_is_there_has_a_term():
    frame = frame_of("text", 3)
    terms, _ = summed(frame, frame.lanes[0], 2, 5)
    (there,) = (term for term in terms if term.name.startswith("x"))
    symbol = int(frame.inputs[5].argmax())
    assert (there.name, there.value) == (f"x(5)[{frame.task.alphabet[symbol]!r}]", 1.0)
    assert there.weight == frame.lanes[0].weights["W_xh"][2, symbol]


@settings(max_examples=50)
@given(places(), st.data())
def test_the_terms_of_an_output_add_up_to_it(place, data):
    view = at(place)
    lane = view.shown
    output = data.draw(st.integers(0, lane.logits.shape[1] - 1))
    terms, bias = answer_terms(lane, output, view.t)
    naive = lane.weights["b_y"][output]
    for j, h in enumerate(lane.hidden[view.t]):
        naive += lane.weights["W_hy"][output, j] * h
    assert sum(term.product for term in terms) + bias == pytest.approx(naive, abs=1e-9)
    assert naive == pytest.approx(float(lane.logits[view.t, output]), abs=1e-9)


# The lines, rounded.


@settings(max_examples=60)
@given(places(), st.integers(58, 220))
def test_the_state_line_adds_up_and_says_the_state(place, width):
    view = at(place)
    line = state_line(view, width)
    f, lane = view.shown.settings.activation, view.shown
    head, body, z, h = re.fullmatch(rf"(.*) = {f}\( (.*) \) = {f}\((\S+)\) = (\S+)", line).groups()
    assert head == f"h{view.unit}({view.t})"
    assert number(z) == pytest.approx(z_of(view), abs=0.0051)
    assert number(h) == pytest.approx(float(lane.hidden[view.t, view.unit]), abs=0.0051)
    if body != "…":
        total, slack = added(body)
        assert total == pytest.approx(number(z), abs=slack + 0.0051)


@settings(max_examples=60)
@given(places(), st.integers(58, 220))
def test_the_answer_line_adds_up_and_says_the_answer(place, width):
    view = at(place)
    frame, lane, t = view.frame, view.shown, view.t
    line = answer_line(view, width)
    output = int(lane.logits[t].argmax())
    body, y = re.match(r"y\(\d+\)(?:\['.+?'\])? = (.*?) = (−?[\d.]+)(?= → |   )", line).groups()
    assert number(y) == pytest.approx(float(lane.logits[t, output]), abs=0.0051)
    if body != "…":
        total, slack = added(body)
        assert total == pytest.approx(number(y), abs=slack + 0.0051)
    if frame.task.classes:
        assert line.startswith(f"y({t})[{frame.task.classes[output]!r}]")


@settings(max_examples=60)
@given(places(), st.integers(1, 220))
def test_no_line_is_longer_than_its_width(place, width):
    view = at(place)
    for line in LINES:
        assert cell_len(line(view, width)) <= width


def test_nor_is_it_for_the_largest_nets_and_numbers():
    large = {"hidden_size": 1024, "activation": "leaky_relu"}
    net, window = {"kind": "rnn", "gain": 3.0, **large}, {"kind": "fnn", "window": 2, **large}
    frames = made(net, task="xor"), made(window, task="xor", training={"sequence_length": 101})
    views = [view for frame in frames for view in views_of(frame)]
    for view, width, line in product(views, (58, 78, 118), LINES):
        assert cell_len(line(view, width)) <= width


def test_nor_is_it_with_symbols_of_double_width(tmp_path):
    (tmp_path / "words.txt").write_text("日本語の本を読む人。" * 60, encoding="utf-8")
    frame = made({"kind": "rnn"}, task={"kind": "text", "path": str(tmp_path / "words.txt")})
    for view, width, line in product(views_of(frame), range(50, 90), LINES):
        assert cell_len(line(view, width)) <= width


@settings(max_examples=40)
@given(places(), st.integers(58, 200))
def test_more_room_shows_no_fewer_terms_and_enough_room_all_of_them(place, width):
    view = at(place)
    for line in LINES:
        shown = [line(view, w).count("·") for w in (width, width + 10, 100_000)]
        assert shown == sorted(shown)
        assert "more]" not in line(view, 100_000)
        assert "…" not in line(view, 100_000)


@settings(max_examples=40)
@given(places(), st.integers(58, 200))
def test_what_is_left_out_is_counted_and_is_the_smallest(place, width):
    view = at(place)
    terms, _ = answer_terms(view.shown, int(view.shown.logits[view.t].argmax()), view.t)
    line = answer_line(view, width)
    left_out = re.search(r"\[(\d+) more\]", line)
    if left_out is None:
        return
    count = int(left_out[1])
    assert line.count("·") + count == len(terms)
    sizes = sorted(abs(term.product) for term in terms)
    shown = [number(w) * number(v) for w, v in re.findall(r"(−?[\d.]+)·(−?[\d.]+)", line)]
    assert all(abs(product) >= sizes[count] - 0.05 for product in shown)


def test_an_rnns_input_comes_first_whatever_its_weight():
    frame = frame_of("echo", 3)
    for t in range(frame.length):
        x = f"{frame.inputs[t, 0]:.2f}"
        line = state_line(ViewState(frame, "echo", t=t, unit=1), 100)
        assert re.search(r"= tanh\( (−?[\d.]+)·([\d.]+)", line)[2] == x


@settings(max_examples=60)
@given(places())
def test_the_answer_says_its_probability_the_target_and_whether_it_is_right(place):
    view = at(place)
    frame, lane, t = view.frame, view.shown, view.t
    line = answer_line(view, 200)
    if lane.verdicts[t] == UNSCORED:
        assert line.endswith("not scored")
    else:
        assert line.endswith("✓" if lane.verdicts[t] == RIGHT else "✗")
        assert "target" in line
    if frame.task.loss.unit:  # a cross-entropy
        y = lane.logits[t].tolist()
        p = 1 / (1 + np.exp(-y[0])) if len(y) == 1 else 1 / sum(np.exp(other - max(y)) for other in y)
        said = re.search(r"P(?:\(1\))? = ([\d.]+)", line)[1]
        assert float(said) == pytest.approx(p, abs=0.0051)


def test_data_are_shown_in_the_units_of_their_file():
    frame = frame_of("csv", 3)
    raw = frame.task.raw
    target = number(re.search(r"target (\S+)", answer_line(ViewState(frame, "csv", t=17), 200))[1])
    assert np.abs(raw - target).min() < 1e-9


# Every term on a line of its own.


@settings(max_examples=40)
@given(places())
def test_in_full_every_term_has_a_line_and_they_add_up(place):
    view = at(place)
    lines = in_full(view)
    terms, _ = summed(view.frame, view.shown, view.unit, view.t)
    rows = [re.fullmatch(r"  (\S+) +(\S+) · +(\S+) = +(\S+)", line) for line in lines]
    rows = [row.groups() for row in rows if row]
    assert [row[0] for row in rows] == [term.name for term in terms]
    for _, weight, value, shown in rows:
        slack = 0.00005 * (1 + abs(number(weight)) + abs(number(value)))
        assert number(weight) * number(value) == pytest.approx(number(shown), abs=slack + 1e-7)
    (bias,) = (number(line.split()[1]) for line in lines if line.startswith("  bias"))
    (z,) = (number(line.split()[2]) for line in lines if line.startswith("  z "))
    assert sum(number(row[3]) for row in rows) + bias == pytest.approx(z, abs=0.00005 * (len(rows) + 2) + 1e-7)
    assert z == pytest.approx(z_of(view), abs=0.00006)


# Gated cells: each state either a sum, or made of gates.

SUMS = {"gru": "rzn", "lstm": "ifgo"}
MADE = {"gru": "h", "lstm": "ch"}
GATED = st.sampled_from(["gru", "lstm"])


def gated(kind, task="wave"):
    """A frame of such a lane after three updates."""
    return made({"kind": kind, "hidden_size": 4}, task=task, training={"sequence_length": 8}, steps=3)


def gate_sum(view):
    """What a gate is the σ or tanh of, from the weights, with loops."""
    lane, t, unit, gate = view.shown, view.t, view.unit, view.state
    x = sum(w * v for w, v in zip(lane.weights[f"W_x{gate}"][unit], view.frame.inputs[t], strict=True))
    before = lane.hidden[t - 1] if t else np.zeros(lane.hidden.shape[1])
    h = sum(w * v for w, v in zip(lane.weights[f"W_h{gate}"][unit], before, strict=True))
    if (lane.settings.kind, gate) == ("gru", "n"):
        r = lane.states["r"][t, unit]
        return x + lane.weights["b_xn"][unit] + r * (h + lane.weights["b_hn"][unit])
    return x + h + lane.weights[f"b_{gate}"][unit]


@given(GATED, st.integers(0, 7), st.integers(0, 3), st.booleans())
@settings(max_examples=30)
def test_the_terms_of_a_gate_add_up_to_what_it_is_a_function_of(kind, t, unit, symbols):
    frame = gated(kind, RHYME if symbols else "wave")
    for gate in SUMS[kind]:
        view = ViewState(frame, "made up", t, unit, wanted=gate)
        terms, bias = summed(frame, view.shown, unit, t, gate)
        z = gate_sum(view)
        assert sum(term.product for term in terms) + bias == pytest.approx(z, rel=1e-9, abs=1e-12)
        value = np.tanh(z) if gate in "ng" else 1 / (1 + np.exp(-z))
        assert float(view.shown.states[gate][t, unit]) == pytest.approx(value, rel=1e-9)
        line = state_line(view, 10_000)
        assert line.startswith(f"{gate}{unit}({t}) = {'tanh' if gate in 'ng' else 'σ'}( ")
        assert number(line.rsplit("= ", 1)[1]) == pytest.approx(value, abs=0.0051)
        assert f"sum of {gate}{unit} at t = {t}:" in in_full(view)
        state = view.shown.settings.architecture.states[gate]
        assert f"{gate}, the {state.title}: {state.meaning}" in in_full(view)


@given(GATED, st.integers(0, 7), st.integers(0, 3))
@settings(max_examples=30)
def test_a_state_made_of_gates_is_shown_so_and_the_numbers_give_it(kind, t, unit):
    frame = gated(kind)
    for state in MADE[kind]:
        view = ViewState(frame, "made up", t, unit, wanted=state)
        line = state_line(view, 10_000)
        _, formula, numbers, value = line.split(" = ")
        assert number(value) == pytest.approx(float(view.shown.states[state][t, unit]), abs=0.0051)
        found = [number(text) for text in re.findall(r"−?\d+\.\d\d", numbers)]
        total = found[0] * np.tanh(found[1]) if "tanh" in formula else found[0] * found[1] + found[2] * found[3]
        assert total == pytest.approx(number(value), abs=0.03)
        lines = in_full(view)
        assert all(any(one.startswith(f"{name}{unit}({t}) = ") for one in lines) for name in view.shown.states)


@pytest.mark.parametrize("value", [float("nan"), float("inf"), 1e300, -1e300])
def test_a_gated_cell_that_has_blown_up_is_shown_within_the_width(value):
    for kind in SUMS:
        frame = broken(gated(kind), value)
        for state, width in product(frame.lanes[0].states, (20, 58, 118)):
            view = ViewState(frame, "made up", 3, 1, wanted=state)
            assert cell_len(state_line(view, width)) <= width
            assert in_full(view)


# What is not finite, and what is huge.


@pytest.mark.parametrize("name", ["echo", "wave", "text", "csv"])
@pytest.mark.parametrize("value", [float("nan"), float("inf"), float("-inf"), 1e300, -1e300])
def test_what_has_blown_up_is_shown_within_the_width(name, value):
    for view in views_of(broken(frame_of(name, 3), value)):
        assert in_full(view)
        for width, line in product((58, 78, 118), LINES):
            assert cell_len(line(view, width)) <= width


def test_a_lane_that_blows_up_by_itself_is_shown():
    lanes = [{"kind": "rnn", "activation": f, "gain": 100.0, "hidden_size": 16} for f in ("relu", "identity")]
    for task in ("echo", "wave", RHYME):
        frame = made(*lanes, task=task, training={"sequence_length": 300})
        assert not np.isfinite(frame.lanes[0].logits).all()
        for view in views_of(frame, ts=range(0, 300, 23)):
            assert in_full(view)
            assert all(cell_len(line(view, 80)) <= 80 for line in LINES)


@pytest.mark.parametrize(("height", "sees"), [(2, "h0(0)"), (20, "bias")])
async def test_the_panel_shows_two_lines_or_all_terms_as_its_height_allows(height, sees):
    panel = EquationPanel()
    panel.styles.height = height
    async with hosted(panel, size=(80, 24)) as (app, pilot):
        panel.view = ViewState(frame_of("echo", 3), "echo")
        await pilot.pause()
        assert any(sees in line for line in app.shown)
        assert any("y(0) = " in line for line in app.shown)

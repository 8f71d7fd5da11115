"""The equation: the sums that it shows are those that the net has computed, name above number."""

import re
from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from support.examples import fewer_examples
from support.reference_equations import ACTIVATIONS
from support.widget_hosts import BUNDLED, broken, frame_of, hosted, made

from rnn_tui.number_format import signed
from rnn_tui.presets.store import bundled_folder
from rnn_tui.session.probe_reading import RIGHT, UNSCORED
from rnn_tui.ui.panels.equation import EquationPanel
from rnn_tui.ui.panels.equation_lines import text_of
from rnn_tui.ui.panels.equation_terms import answer_sum, composed, summed
from rnn_tui.ui.panels.equation_text import (
    answer_pair,
    answer_text,
    formula_of,
    in_brief,
    in_full,
    state_pair,
    state_text,
)
from rnn_tui.ui.panels.view_state import ViewState

PAIRS = (state_pair, answer_pair)
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
    tokens = re.split(r" +([+−]) ", f" + {body}")[1:]
    total = slack = 0.0
    for sign, term in zip(tokens[::2], tokens[1::2], strict=True):
        factors = [number(factor) for factor in term.split("·")]
        total += (1 if sign == "+" else -1) * float(np.prod(factors))
        slack += 0.005 if len(factors) == 1 else 0.005 * sum(map(abs, factors)) + 0.0001
    return total, slack


def lines_of(view, width, rows=4, in_ascii=False):
    return [text_of(line) for line in in_brief(view, width, rows, in_ascii)]


# The terms, unrounded.


def check_state(view):
    terms, bias, _ = whole = summed(view.frame, view.shown, view.unit, view.t)
    z = z_of(view)
    assert sum(term.weight * term.value for term in terms) + bias == pytest.approx(z, rel=1e-9, abs=1e-9)
    assert whole.value == pytest.approx(z, rel=1e-9, abs=1e-9)
    f = ACTIVATIONS[view.shown.settings.activation]
    assert float(view.shown.hidden[view.t, view.unit]) == pytest.approx(f(z), rel=1e-6, abs=1e-9)


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
        seen = [term for term in summed(frame, lane, 0, 0).terms if term.value]
        assert [term.vector for term in seen] == (["x_t"] if frame.inputs[0, 0] else [])


def test_of_one_hot_inputs_only_the_symbol_that_is_there_has_a_term():
    frame = frame_of("text", 3)
    (there,) = (term for term in summed(frame, frame.lanes[0], 2, 5).terms if term.vector == "x_t")
    symbol = int(frame.inputs[5].argmax())
    assert (there.entry, there.value) == (repr(frame.task.alphabet[symbol]), 1.0)
    assert there.weight == frame.lanes[0].weights["W_xh"][2, symbol]


@given(places(), st.data())
def test_the_terms_of_an_output_add_up_to_it(place, data):
    view = at(place)
    lane = view.shown
    output = data.draw(st.integers(0, lane.logits.shape[1] - 1))
    whole = answer_sum(lane, output, view.t)
    naive = lane.weights["b_y"][output]
    for j, h in enumerate(lane.hidden[view.t]):
        naive += lane.weights["W_hy"][output, j] * h
    assert whole.value == pytest.approx(naive, abs=1e-9)
    assert naive == pytest.approx(float(lane.logits[view.t, output]), abs=1e-9)


# The lines, rounded.

NAMED = re.compile(r"(?:W_\w\w'?·|…·?)?(?:[xh]_(?:t|\(t-\d+\)))?(?:\[[^\]]*\])?")


def cells_of(names, numbers):
    """(name, number) of every column: they start where two spaces or a sign end, in both lines at the same place."""
    starts = [found.end() for found in re.finditer(r" \+ (?=W_|…|\d+ more|b_)", names)]
    return [(names[i:], numbers[i:], numbers[i - 2]) for i in starts]


@given(places(), st.integers(60, 200))
def test_names_stand_above_their_numbers_in_a_fixed_order(place, width):
    view = at(place)
    for pair, whole in (
        (state_pair(view, width), summed(view.frame, view.shown, view.unit, view.t)),
        (answer_pair(view, width), answer_sum(view.shown, int(view.shown.answers[view.t]), view.t)
         if view.frame.task.classes else answer_sum(view.shown, 0, view.t)),
    ):  # fmt: skip
        if pair is None:
            continue
        names, numbers = map(text_of, pair)
        shown = [term for term in whole.terms if term.vector[0] == "h" and f"[{term.entry}]" in names]
        places_of = [names.index(f"[{term.entry}]") for term in shown]
        assert places_of == sorted(places_of)
        for name, below, sign in cells_of(names, numbers):
            assert sign in "+−"
            assert re.match(r"\d[\d.e+−]*(·−?\d[\d.e+−]*)?( |\)|$)", below), (name, below)


@given(places(), st.integers(60, 220))
def test_the_numbers_of_the_state_add_up_to_z_and_say_the_state(place, width):
    view = at(place)
    pair = state_pair(view, width)
    f, lane = view.shown.settings.activation, view.shown
    if pair is None:
        assert state_text(view) == lines_of(view, width)[0]
        return
    names, numbers = map(text_of, pair)
    assert re.match(rf"u{view.unit}: h_t +{f}\(".replace("+", "*= "), names)
    body, z, h = re.fullmatch(rf"t = {view.t}: += {f}\((.*?) *\)(?: = {f}\((\S+)\))? = (\S+)", numbers).groups()
    assert ("tanh(z)" in names or f"{f}(z)" in names) == (z is not None)
    assert z is None or number(z) == pytest.approx(z_of(view), abs=0.0051)
    assert number(h) == pytest.approx(float(lane.hidden[view.t, view.unit]), abs=0.0051)
    total, slack = added(body)
    assert total == pytest.approx(z_of(view), abs=slack + 0.0001)


@given(places(), st.integers(60, 220))
def test_the_numbers_of_the_answer_add_up_to_it(place, width):
    view = at(place)
    frame, lane, t = view.frame, view.shown, view.t
    pair = answer_pair(view, width)
    if pair is None:
        return
    names, numbers = map(text_of, pair)
    output = int(lane.logits[t].argmax())
    body, y = re.match(rf"t = {t}: += (.*?) *= (−?[\d.]+)(?= → |   |$)", numbers).groups()
    assert number(y) == pytest.approx(float(lane.logits[t, output]), abs=0.0051)
    total, slack = added(body)
    assert total == pytest.approx(number(y), abs=slack + 0.0051)
    if frame.task.classes:
        assert names.startswith(f"y_t[{frame.task.classes[output]!r}]")


@given(places(), st.integers(1, 220), st.sampled_from([1, 2, 3, 4]), st.booleans())
def test_no_line_is_longer_than_its_width_and_there_are_no_more_than_the_rows(place, width, rows, in_ascii):
    lines = lines_of(at(place), width, rows, in_ascii)
    assert 1 <= len(lines) <= rows
    assert all(cell_len(line) <= width for line in lines)


@fewer_examples
@given(places())
def test_with_fewer_columns_whole_parts_are_dropped_and_nothing_is_left_empty(place):
    view = at(place)
    for width in (58, 60, 78, 116, 196):
        lines = lines_of(view, width)
        assert not any("( … )" in line or "= … =" in line for line in lines)
        assert not any("…" in line.replace("…[", "").replace("…·", "").replace(", …,", "") for line in lines)
        assert lines[0].startswith(f"u{view.unit}")
        assert signed(float(view.shown.hidden[view.t, view.unit])) in "".join(lines[:2])


def test_nor_is_it_for_the_largest_nets_and_numbers():
    large = {"hidden_size": 1024, "activation": "leaky_relu"}
    net, window = {"kind": "rnn", "gain": 3.0, **large}, {"kind": "fnn", "window": 2, **large}
    frames = made(net, task="xor"), made(window, task="xor", training={"sequence_length": 101})
    views = [view for frame in frames for view in views_of(frame)]
    for view, width in product(views, (58, 78, 118)):
        assert all(cell_len(line) <= width for line in lines_of(view, width))


def test_nor_is_it_with_symbols_of_double_width(tmp_path):
    (tmp_path / "words.txt").write_text("日本語の本を読む人。" * 60, encoding="utf-8")
    frame = made({"kind": "rnn"}, task={"kind": "text", "path": str(tmp_path / "words.txt")})
    for view, width in product(views_of(frame), range(50, 90)):
        assert all(cell_len(line) <= width for line in lines_of(view, width))


@given(places(), st.integers(60, 200))
def test_more_room_shows_no_fewer_terms_and_enough_room_all_of_them(place, width):
    view = at(place)
    for pair in PAIRS:
        lines = [text_of(found[1]) for w in (width, width + 10, 100_000) if (found := pair(view, w))]
        endings = {(line.count(" = "), "→" in line, line[-1]) for line in lines}
        if len(endings) == 1:  # z and the verdict are said before more terms are shown
            shown = [line.count("·") for line in lines]
            assert shown == sorted(shown)
        assert "more" not in text_of(pair(view, 100_000)[0])
    terms = answer_sum(view.shown, 0, view.t).terms
    assert text_of(answer_pair(view, 100_000)[1]).count("·") == len(terms)


@given(places(), st.integers(60, 200))
def test_what_is_left_out_is_counted_and_added_up(place, width):
    view = at(place)
    pair = answer_pair(view, width)
    found = pair and re.search(r"(\d+) more", text_of(pair[0]))
    if not found:
        return
    terms = answer_sum(view.shown, int(view.shown.logits[view.t].argmax()), view.t).terms
    left_out = int(found[1])
    assert text_of(pair[1]).count("·") + left_out == len(terms)
    rest = sum(term.product for term in terms[len(terms) - left_out :])
    assert f"{signed(rest).removeprefix('−')}" in text_of(pair[1])[found.start() - 2 :]


def test_where_no_term_of_a_matrix_has_room_its_product_is_named_as_in_the_formula():
    view = ViewState(frame_of("echo", 3), "echo", t=12, unit=2)
    names, numbers = map(text_of, state_pair(view, 58))
    assert names.split() == ["u2:", "h_t", "=", "tanh(W_xh·x_t", "+", "W_hh·h_(t-1)", "+", "b_h", ")"]
    lane = view.shown
    product_of = signed(float(lane.weights["W_hh"][2] @ lane.hidden[11]))
    assert numbers[names.index("W_hh")].strip() or product_of in numbers
    assert numbers[names.index("W_hh") :].startswith(product_of.removeprefix("−"))


def test_the_same_parts_have_the_same_color_in_both_lines():
    view = ViewState(frame_of("adding", 3), "adding", t=4, unit=1)
    names, numbers = state_pair(view, 116)
    for part, name, value in (
        ("W_x", "W_xh", view.shown.weights["W_xh"][1, 0]),
        ("x", "x_t[value]", view.frame.inputs[4, 0]),
        ("W_h", "W_hh", view.shown.weights["W_hh"][1, 0]),
        ("h", "h_(t-1)[u0]", view.shown.hidden[3, 0]),
    ):
        assert (name, part) in names
        assert signed(float(value)).removeprefix("−") in [
            text.removeprefix("−") for text, other in numbers if other == part
        ]


@given(places())
def test_the_answer_says_its_probability_the_target_and_whether_it_is_right(place):
    view = at(place)
    frame, lane, t = view.frame, view.shown, view.t
    for line in (text_of(answer_pair(view, 10_000)[1]), answer_text(view)):
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
    target = number(re.search(r"target (\S+)", answer_text(ViewState(frame, "csv", t=17)))[1])
    assert np.abs(raw - target).min() < 1e-9


def test_in_ascii_the_columns_stay_aligned_and_products_have_stars():
    view = ViewState(frame_of("echo", 3), "echo", t=12, unit=2)
    names, numbers = (text_of(line) for line in state_pair(view, 116, in_ascii=True))
    assert "W_hh*h_(t-1)[u0]" in names
    assert "...[u1]" in names
    assert numbers.count("*") == names.count("*") + names.count("...")
    assert numbers[names.index("...[u1]") - 3] == " "


# Every term on a line of its own.


@given(places())
def test_in_full_every_term_has_a_line_and_they_add_up(place):
    view = at(place)
    lines = [text_of(line) for line in in_full(view, 100)]
    start = lines.index(f"z of u{view.unit} at t = {view.t}:") + 1
    lines = lines[start : lines.index("", start)]
    terms = summed(view.frame, view.shown, view.unit, view.t).terms
    rows = [re.fullmatch(r"  (\S+)·(.+?) +(\S+) · +(\S+) = +(\S+)", line) for line in lines]
    rows = [row.groups() for row in rows if row]
    assert [row[:2] for row in rows] == [
        (term.matrix, f"{term.vector}{f'[{term.entry}]' if term.entry else ''}") for term in terms
    ]
    for *_, weight, value, shown in rows:
        slack = 0.00005 * (1 + abs(number(weight)) + abs(number(value)))
        assert number(weight) * number(value) == pytest.approx(number(shown), abs=slack + 1e-7)
    (bias,) = (number(line.split()[2]) for line in lines if line.startswith("  b_h "))
    (z,) = (number(line.split()[2]) for line in lines if line.startswith("  z "))
    assert sum(number(row[4]) for row in rows) + bias == pytest.approx(z, abs=0.00005 * (len(rows) + 2) + 1e-7)
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
@fewer_examples
def test_the_terms_of_a_gate_add_up_to_what_it_is_a_function_of(kind, t, unit, symbols):
    frame = gated(kind, RHYME if symbols else "wave")
    for gate in SUMS[kind]:
        view = ViewState(frame, "made up", t, unit, wanted=gate)
        z = gate_sum(view)
        assert summed(frame, view.shown, unit, t, gate).value == pytest.approx(z, rel=1e-9, abs=1e-12)
        value = np.tanh(z) if gate in "ng" else 1 / (1 + np.exp(-z))
        assert float(view.shown.states[gate][t, unit]) == pytest.approx(value, rel=1e-9)
        names, numbers = (text_of(line) for line in state_pair(view, 10_000))
        f = "tanh" if gate in "ng" else "σ"
        assert names.startswith(f"u{unit}: {gate}_t")
        total, slack = added(re.search(rf"{f}\((.*?) *\) = {f}", numbers)[1])
        assert total == pytest.approx(z, abs=slack + 0.0001)
        assert number(numbers.rsplit("= ", 1)[1]) == pytest.approx(value, abs=0.0051)
        whole = [text_of(line) for line in in_full(view, 100)]
        assert f"sum of u{unit} at t = {t}:" in whole
        state = view.shown.settings.architecture.states[gate]
        assert f"{gate}, the {state.title}: {state.meaning}" in whole
        assert formula_of(view.shown, gate).startswith(f"{gate}_t = {f}(")


@given(GATED, st.integers(0, 7), st.integers(0, 3))
@fewer_examples
def test_a_state_made_of_gates_is_shown_so_and_the_numbers_give_it(kind, t, unit):
    frame = gated(kind)
    for state in MADE[kind]:
        view = ViewState(frame, "made up", t, unit, wanted=state)
        formula, numbers = (text_of(line) for line in state_pair(view, 58))
        assert formula.startswith(f"u{unit}: {state}_t = ")
        *found, value = re.findall(r"−?\d+\.\d\d", numbers)
        assert number(value) == pytest.approx(float(view.shown.states[state][t, unit]), abs=0.0051)
        factors = [part for part in composed(frame, view.shown, state, unit, t) if not isinstance(part, str)]
        assert found == [signed(factor.value) for factor in factors]
        place = 8
        for factor in factors:  # each above its number
            place = formula.index(factor.symbol, place)
            assert numbers[place:].startswith(signed(factor.value))
            place += len(factor.symbol)
        found = [factor.value for factor in factors]
        total = found[0] * np.tanh(found[1]) if "tanh" in formula else found[0] * found[1] + found[2] * found[3]
        assert total == pytest.approx(float(view.shown.states[state][t, unit]))
        lines = [text_of(line) for line in in_full(view, 100)]
        assert all(any(one.startswith(f"u{unit}: {name}_t = ") for one in lines) for name in view.shown.states)


@pytest.mark.parametrize("value", [float("nan"), float("inf"), 1e300, -1e300])
def test_a_gated_cell_that_has_blown_up_is_shown_within_the_width(value):
    for kind in SUMS:
        frame = broken(gated(kind), value)
        for state, width in product(frame.lanes[0].states, (20, 58, 118)):
            view = ViewState(frame, "made up", 3, 1, wanted=state)
            assert all(cell_len(line) <= width for line in lines_of(view, width))
            assert in_full(view, width)


# What is not finite, and what is huge.


@pytest.mark.parametrize("name", ["echo", "wave", "text", "csv"])
@pytest.mark.parametrize("value", [float("nan"), float("inf"), float("-inf"), 1e300, -1e300])
def test_what_has_blown_up_is_shown_within_the_width(name, value):
    for view in views_of(broken(frame_of(name, 3), value)):
        for width in (58, 78, 118):
            assert all(cell_len(line) <= width for line in lines_of(view, width))
            assert in_full(view, width)


def test_a_lane_that_blows_up_by_itself_is_shown():
    lanes = [{"kind": "rnn", "activation": f, "gain": 100.0, "hidden_size": 16} for f in ("relu", "identity")]
    for task in ("echo", "wave", RHYME):
        frame = made(*lanes, task=task, training={"sequence_length": 300})
        assert not np.isfinite(frame.lanes[0].logits).all()
        for view in views_of(frame, ts=range(0, 300, 23)):
            assert in_full(view, 80)
            assert all(cell_len(line) <= 80 for line in lines_of(view, 80))


@pytest.mark.parametrize(
    ("height", "sees", "does_not"),
    [
        (6, ("6 equation of RNN", "h_t = f(W_hh", "u0: h_t = tanh(", "t = 0:  = tanh(", "y_t ", "t = 0: = "), ()),
        (4, ("6 equation of RNN", "u0: h_t = tanh(", "t = 0:  = tanh(", "─ y_t = "), ("W_hy",)),
        (20, ("z of u0 at t = 0:", "W_hh·h_(t-1)[u7]", "W_hy·h_t[u7]", "b_y"), ("more",)),
    ],
)
async def test_the_panel_shows_pairs_of_lines_or_all_terms_as_its_height_allows(height, sees, does_not):
    panel = EquationPanel()
    panel.styles.height = height
    async with hosted(panel, size=(120, 24)) as (app, pilot):
        panel.view = ViewState(frame_of("echo", 3), "echo")
        await pilot.pause()
        if height == 20:
            panel.action_read(1)
            await pilot.pause()
            scrolled = app.shown
            panel.action_read(-1)
            await pilot.pause()
            assert any("y_t = " in line for line in app.shown)
        else:
            scrolled = []
        text = "\n".join([*app.shown, *scrolled])
        assert all(part in text for part in sees)
        assert not any(part in text for part in does_not)

"""The loss chart: what is drawn where, for any losses at all."""

import re
from itertools import pairwise
from math import ceil, isclose, isfinite, log10

import numpy as np
import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st
from support.examples import fewer_examples
from support.widget_hosts import cells, hosted, on_paper
from textual.geometry import Size

from rnn_tui.engine.held_out_history import HeldOutHistory
from rnn_tui.engine.held_out_quartiles import HeldOutQuartiles
from rnn_tui.engine.metric_history import MetricHistory
from rnn_tui.ui.render.palette import palette
from rnn_tui.ui.render.terminal_capabilities import Canvas
from rnn_tui.ui.widgets.downsampling import Samples
from rnn_tui.ui.widgets.loss_chart import Curve, Level, LossChart, envelope, last_step
from rnn_tui.ui.widgets.step_axis import MARGIN, StepAxis, nice

CYAN, AMBER, GRAY = "#00ffff", "#ffaa00", palette(True).muted
Sheet = on_paper(LossChart)

# Unicode numbers a braille cell's dots 1 2 3 7 down the left side and 4 5 6 8 down the right one, bit n - 1 each.
BRAILLE = [(row, side, 1 << (dot - 1)) for side, dots in enumerate(((1, 2, 3, 7), (4, 5, 6, 8)))
           for row, dot in enumerate(dots)]  # fmt: skip


def is_braille(code):
    return (code > 0x2800) & (code < 0x2900)


def curve(losses, done=None, color=CYAN, floor=None):
    losses = np.asarray(losses, float)
    return Curve(losses, len(losses) if done is None else done, color, floor)


def drawn(*curves, log=True, width=49, height=11, levels=(), part=None):
    """``part``: the first and last step, where not all are shown."""
    chart = Sheet()
    chart.size = Size(width, height)
    whole = last_step(curves)
    chart.show(curves, log, levels, part and StepAxis(*part, whole, whole))
    return chart


def plot(chart):
    """(character, style) of the plot alone: rows of columns."""
    return [cells(strip)[MARGIN + 1 :] for strip in chart.strips[:-1]]


def dots(chart, color=None):
    """(rows, columns) of booleans, four times two to a character."""
    rows = [[ord(c) if color in (None, style.color and style.color.name) else 0 for c, style in row]
            for row in plot(chart)]  # fmt: skip
    codes = np.array(rows)
    codes[~is_braille(codes)] = 0
    found = np.zeros((4 * codes.shape[0], 2 * codes.shape[1]), bool)
    for row, side, bit in BRAILLE:
        found[row::4, side::2] = codes & bit
    return found


def tops(found):
    """The first row with a dot, of each column that has one."""
    return [int(column.argmax()) for column in found.T if column.any()]


def loss_labels(chart):
    """The row and the text of each label on the loss axis, from the top."""
    margins = [line[: MARGIN + 1] for line in chart.lines[:-1]]
    return [(y, margin.rstrip("┤").strip()) for y, margin in enumerate(margins) if margin.endswith("┤")]


def step_labels(chart):
    """The column in the plot and the text of each label below it."""
    return [(found.start() - MARGIN - 1, found[0]) for found in re.finditer(r"\S+", chart.lines[-1])]


anything = st.floats(allow_nan=True, allow_infinity=True, allow_subnormal=True)
plausible = st.builds(lambda m, e: m * 10.0**e, st.floats(1, 10), st.integers(-9, 9))
long_series = st.builds(
    lambda values, times: np.tile(np.array(values), times), st.lists(anything, min_size=1, max_size=20),
    st.integers(1, 100),
)  # fmt: skip
rough_series = st.builds(
    lambda seed, steps, spread: np.random.default_rng(seed).lognormal(0, spread, steps), st.integers(0, 999),
    st.integers(100, 900), st.floats(0.01, 9),
)  # fmt: skip
any_losses = st.lists(anything, max_size=30).map(np.array) | long_series
any_curve = st.builds(
    curve, any_losses, st.integers(0, 3000), st.sampled_from([CYAN, AMBER]), st.none() | st.floats(allow_nan=False)
)
sizes = st.builds(Size, st.integers(1, 150), st.integers(1, 40))


@given(st.lists(any_curve, max_size=4), st.booleans(), sizes)
def test_any_losses_at_any_size_are_drawn_within_the_widget(curves, log, size):
    chart = drawn(*curves, log=log, width=size.width, height=size.height)
    assert all(strip.cell_length == size.width for strip in chart.strips)


@given(st.lists(any_curve, min_size=1, max_size=3), st.booleans())
@example([curve([-2.0e7])], False)
def test_where_there_is_a_finite_loss_there_is_a_dot_and_nowhere_else(curves, log):
    chart = drawn(*curves, log=log)
    finite = any(isfinite(loss) for one in curves for loss in one.losses)
    assert dots(chart).any() == finite


@fewer_examples
@given(rough_series, st.booleans())
def test_every_step_has_a_dot_in_its_column_and_the_extremes_are_at_the_top_and_the_bottom(losses, log):
    found = dots(drawn(curve(losses), log=log))
    places = [step * found.shape[1] // len(losses) for step in range(len(losses))]
    assert set(np.flatnonzero(found.any(axis=0))) == set(places)
    rows = np.flatnonzero(found.any(axis=1))
    assert found[rows[0], places[int(np.argmax(losses))]]
    assert found[rows[-1], places[int(np.argmin(losses))]]


@given(st.lists(anything, min_size=1, max_size=200), st.integers(1, 100))
def test_the_envelope_holds_every_loss_of_its_column_and_reaches_no_further_than_its_neighbors(losses, columns):
    losses, last = np.array(losses), max(10, len(losses))
    low, high = envelope(Samples.plain(losses), last, columns)
    if last <= columns:
        return  # lines between the steps, see below
    within = {}
    for step, loss in enumerate(losses.tolist()):
        if isfinite(loss):
            within.setdefault(step * columns // last, []).append(loss)
    for column in range(columns):
        if column not in within:
            assert np.isnan([low[column], high[column]]).all()
            continue
        assert low[column] <= min(within[column]) <= max(within[column]) <= high[column]
        near = within[column] + within.get(column - 1, [])
        assert min(near) <= low[column]
        assert high[column] <= max(near)


@given(st.integers(2, 100), st.floats(-1e6, 1e6), st.floats(-1e3, 1e3))
def test_few_steps_are_joined_by_straight_lines(steps, start, slope):
    columns = 120
    low, high = envelope(Samples.plain(start + slope * np.arange(steps)), 100, columns)
    reached = (steps - 1) * columns // 100
    assert np.isnan(low[reached + 1 :]).all()
    assert np.array_equal(low, high, equal_nan=True)
    exact = start + slope * np.arange(reached + 1) * 100 / columns
    # a step's place is a whole column, so a line may be out by the slope of one
    assert np.allclose(low[: reached + 1], exact, rtol=1e-9, atol=1e-6 + abs(slope))


@fewer_examples
@given(rough_series, st.booleans())
def test_a_curve_goes_from_column_to_column_without_a_gap(losses, log):
    found = dots(drawn(curve(losses), log=log))
    for left, right in pairwise(np.flatnonzero(column) for column in found.T if column.any()):
        assert left.min() <= right.max() + 1
        assert right.min() <= left.max() + 1


def test_one_loss_is_one_dot_at_the_left():
    found = dots(drawn(curve([0.7])))
    assert found.sum() == 1
    assert found[:, 0].any()


def test_a_constant_loss_is_a_level_line():
    found = dots(drawn(curve([0.5] * 50)))
    assert found.any(axis=1).sum() == 1


def test_a_geometric_decline_is_a_straight_line_on_the_log_axis_and_bends_on_the_linear_one():
    losses = np.geomspace(10, 1e-4, 1000)
    straight, bent = tops(dots(drawn(curve(losses)))), tops(dots(drawn(curve(losses), log=False)))
    line = np.linspace(straight[0], straight[-1], len(straight))
    assert np.abs(np.array(straight) - line).max() <= 1.5
    assert bent[len(bent) // 2] > 0.9 * bent[-1]


def test_a_steady_decline_is_a_straight_line_on_the_linear_axis():
    found = tops(dots(drawn(curve(np.linspace(8, 1, 1000)), log=False)))
    assert np.abs(np.array(found) - np.linspace(found[0], found[-1], len(found))).max() <= 1.5


@pytest.mark.parametrize("log", [True, False])
def test_a_single_high_loss_among_a_million_steps_is_seen(log):
    losses = np.ones(1_000_000)
    losses[654_321] = 50.0
    found = dots(drawn(curve(losses), log=log))
    (high,) = {int(column) for column in np.flatnonzero(found[: found.shape[0] // 4].any(axis=0))} - {
        654_321 * found.shape[1] // 1_000_000 + 1  # the next column reaches up to it
    }
    assert high == 654_321 * found.shape[1] // 1_000_000


def test_steps_without_a_finite_loss_leave_a_hole():
    losses = np.ones(1200)
    losses[300:900] = np.nan
    found = dots(drawn(curve(losses))).any(axis=0)
    assert len(found) == 80
    assert found.tolist() == [column < 20 or column >= 60 for column in range(80)]


def test_what_was_trained_and_then_left_by_going_back_is_gray():
    losses = np.linspace(2, 1, 1000)
    chart = drawn(curve(losses, done=400))
    own, gray = dots(chart, CYAN).any(axis=0), dots(chart, GRAY).any(axis=0)
    half = 400 * len(own) // 1000
    assert own[:half].all()
    assert not own[half + 1 :].any()
    assert gray[half + 1 :].all()
    assert not gray[: half - 1].any()


def test_each_lane_has_its_own_color():
    chart = drawn(curve([4.0] * 100, color=CYAN), curve([0.1] * 100, color=AMBER))
    assert max(tops(dots(chart, CYAN))) < min(tops(dots(chart, AMBER)))


@pytest.mark.parametrize("log", [True, False])
@given(st.lists(plausible, min_size=1, max_size=300), plausible)
@fewer_examples
def test_a_floor_is_dashed_from_side_to_side_but_where_a_curve_is(log, losses, floor):
    chart = drawn(curve(losses, color=AMBER), curve([], color=CYAN, floor=floor), log=log)
    rows = [row for row in plot(chart) if any(character == "╌" for character, _ in row)]
    assert len(rows) <= 1  # none where the curve is all along
    for character, style in rows[0] if rows else []:
        assert character == "╌" or is_braille(ord(character))
        assert style.color.name == (CYAN if character == "╌" else AMBER)
    assert rows or dots(chart).any(axis=0).all()


@pytest.mark.parametrize("log", [True, False])
@pytest.mark.parametrize(("above", "floor", "below"), [(5.0, 1.0, 0.2), (0.08, 0.05, 0.01)])
def test_a_floor_lies_between_what_is_above_and_what_is_below_it(above, floor, below, log):
    curves = curve([above] * 50), curve([below] * 50), curve([], floor=floor, color=AMBER)
    chart = drawn(*curves, log=log)
    (dashed,) = (y for y, row in enumerate(plot(chart)) if row[-1][0] == "╌")
    upper, lower = (f(np.flatnonzero(dots(chart).any(axis=1))) // 4 for f in (min, max))
    assert upper < dashed < lower


@pytest.mark.parametrize("log", [True, False])
@pytest.mark.parametrize("height", range(5, 25))
def test_a_curve_at_its_floor_covers_it_at_any_height(height, log):
    chart = drawn(curve([0.693] * 100, floor=0.693), curve([0.001] * 100, color=AMBER), log=log, height=height)
    assert "╌" not in "".join(chart.lines)


def test_a_floor_of_zero_is_the_linear_axis_and_has_no_place_on_the_log_one():
    flat = drawn(curve([1.0] * 20, floor=0.0), log=False)
    assert all(character == "╌" for character, _ in plot(flat)[-1])
    assert "╌" not in "".join(drawn(curve([1.0] * 20, floor=0.0)).lines)


@pytest.mark.parametrize("log", [True, False])
@given(st.lists(plausible, min_size=1, max_size=50))
@fewer_examples
def test_the_labels_of_the_loss_axis_are_numbers_that_ascend_and_fit(log, losses):
    labels = [text for _, text in loss_labels(drawn(curve(losses), log=log))]
    assert labels
    assert all(len(label) <= MARGIN for label in labels)
    numbers = [float(label) for label in labels]
    assert numbers == sorted(set(numbers), reverse=True)


@pytest.mark.parametrize("log", [True, False])
@given(plausible, st.floats(1.1, 1e6), st.data())
@fewer_examples
def test_a_loss_is_drawn_on_the_row_of_the_label_that_says_it(log, low, times, data):
    span = curve([low * times, low])
    _, label = data.draw(st.sampled_from(loss_labels(drawn(span, log=log))))
    chart = drawn(span, curve([], floor=float(label), color=AMBER), log=log)
    rows = {text: y for y, text in loss_labels(chart)}
    assume(label in rows)  # with a floor so near to the edge the axis may be another
    assert "╌" in [character for character, _ in plot(chart)[rows[label]]]


round_numbers = st.builds(lambda digit, power: digit * 10**power, st.integers(1, 9), st.integers(0, 5))


@given(st.integers(0, 150_000) | round_numbers, st.integers(20, 200))
def test_the_labels_of_the_steps_are_whole_readable_and_in_their_places(steps, width):
    chart = drawn(curve(np.broadcast_to(1.0, steps)), width=width, height=3)
    last, columns = max(10, steps), width - MARGIN - 1
    labels = [(column, int(text.replace(",", ""))) for column, text in step_labels(chart)]
    assert labels[0] == (0, 0)
    for (_, one), (_, other) in pairwise(labels):
        assert one < other
    for column, step in labels:
        assert f"{step:,}" in chart.lines[-1]
        exact = step / last * (columns - 1)
        at_the_edge = column + len(f"{step:,}") == columns
        assert column == int(exact) or (at_the_edge and column <= exact)
    gaps = [other - one for (_, one), (_, other) in pairwise(labels)]
    assert all(gap % min(gaps) == 0 for gap in gaps)


ranges = st.tuples(st.floats(-1e9, 1e9), st.floats(1e-6, 1e9)).map(lambda both: (both[0], both[0] + both[1]))


@given(ranges, st.integers(2, 12))
def test_nice_numbers_are_few_round_and_inside(span, most):
    low, high = span
    if (high - low) < 1e-9 * max(abs(low), abs(high)):
        return  # too near to each other for any number between them to be short
    found = nice(low, high, most)
    assert len(found) <= most + 1
    slack = 1e-9 * max(abs(low), abs(high))
    assert all(low - slack <= number <= high + slack for number in found)
    assert len(found) >= (most - 1) // 3  # the steps are at most 2.5 times as wide as asked for
    for one, other in pairwise(found):
        step = other - one
        power = 10.0 ** ceil(log10(step) - 1 + 1e-6)
        assert any(isclose(step, m * power, rel_tol=1e-5, abs_tol=slack) for m in (0.1, 0.2, 0.5, 1, 2, 5, 10))


def test_nothing_to_draw_is_an_empty_plot_with_its_axes():
    chart = drawn()
    assert not dots(chart).any()
    assert loss_labels(chart)
    assert step_labels(chart)


async def test_in_the_app_it_fills_its_place_and_follows_its_size_and_the_theme():
    chart = LossChart()
    async with hosted(chart, size=(60, 12)) as (app, pilot):
        chart.show([curve(np.geomspace(4, 0.1, 300))], True)
        await pilot.pause()
        wide = [line for line in app.shown if any(is_braille(ord(c)) for c in line)]
        assert len(wide) == 11
        before = {style.color.name for _, style in cells(chart.render_line(11)) if style.color}
        await pilot.resize_terminal(30, 6)
        await pilot.pause()
        narrow = [line for line in app.shown if any(is_braille(ord(c)) for c in line)]
        assert len(narrow) == 5
        assert all(len(line) == 30 for line in app.shown)
        app.theme = "textual-light"
        await pilot.pause()
        after = {style.color.name for _, style in cells(chart.render_line(5)) if style.color}
        assert before == {palette(True).muted}
        assert after == {palette(False).muted}


@given(st.floats(0.01, 100), st.booleans())
def test_a_level_is_dotted_where_no_curve_is_and_has_its_name_at_the_right(loss, log):
    chart = drawn(curve([1.0, 2.0, 1.5], color=CYAN), log=log, levels=[Level(loss, "chance")])
    rows = [y for y, line in enumerate(plot(chart)) if "┈" in "".join(c for c, _ in line)]
    assert len(rows) == 1
    line = plot(chart)[rows[0]]
    assert all(c == "┈" or is_braille(ord(c)) or c in "chance" for c, _ in line)
    assert "".join(c for c, _ in line)[-7:-1] == "chance"
    assert {style.color.name for c, style in line if c == "┈"} == {chart.palette.muted}


def test_a_level_of_zero_has_no_place_on_the_log_axis():
    chart = drawn(curve([1.0, 2.0]), levels=[Level(0.0, "floor")])
    assert "┈" not in "".join(chart.lines)


# Curves of other runs.


def test_a_curve_that_begins_later_is_drawn_from_there_on_and_has_its_name_beside_its_end():
    late = Curve(np.full(50, 0.5), 100, AMBER, None, 50, "2")
    chart = drawn(curve(np.full(100, 0.1)), late, width=MARGIN + 1 + 50 + 2)
    found = dots(chart, AMBER)
    assert not found[:, :50].any()
    assert found[:, 50:100].any(axis=0).all()
    (place,) = [(y, x) for y, row in enumerate(plot(chart)) for x, (c, _) in enumerate(row) if c == "2"]
    assert place[1] == 51
    assert found[4 * place[0] : 4 * place[0] + 4, 99].any()


@given(st.lists(st.tuples(any_losses, st.integers(0, 500)), max_size=4), st.booleans(), sizes)
def test_names_are_never_written_over_a_curve(pairs, log, size):
    bare = [Curve(losses, 10**6, CYAN, None, begin) for losses, begin in pairs]
    named = [one._replace(tag=f"n{i}") for i, one in enumerate(bare)]
    chart = drawn(*named, log=log, width=size.width, height=size.height)
    assert all(strip.cell_length == size.width for strip in chart.strips)
    without = drawn(*bare, log=log, width=size.width - chart.beside, height=size.height)
    if all(any(strip.text.strip() for strip in each.strips) for each in (chart, without)):  # there is room to draw
        columns = 2 * chart.columns
        np.testing.assert_array_equal(dots(chart)[:, :columns], dots(without)[:, :columns])


def test_a_name_stands_where_the_last_losses_are_and_not_where_the_very_last_one_jumps_to():
    losses = np.concatenate([np.full(999, 1.0), [100.0]])
    chart = drawn(curve(losses)._replace(tag="it"), curve(np.full(1000, 0.1)), height=20)
    (row,) = [y for y, row in enumerate(plot(chart)) if "it" in "".join(c for c, _ in row)]
    level = {y for y, row in enumerate(plot(chart)) if is_braille(ord(row[3][0]))}
    assert row in {y + way for y in level for way in (-1, 0, 1)}


def test_a_curve_longer_than_the_run_stretches_the_axis():
    longer = Curve(np.full(300, 0.5), 300, AMBER, None, 0, "1")
    chart = drawn(curve(np.full(100, 0.1)), longer)
    assert step_labels(chart)[-1][1] == "300"
    assert last_step([curve(np.zeros(100)), longer]) == 300


def test_of_no_curve_the_axis_of_steps_is_there_all_the_same():
    assert last_step([]) == 10


@given(any_losses, st.integers(0, 500), st.integers(0, 800), sizes)
def test_any_curve_that_begins_anywhere_is_drawn_within_the_widget(losses, begin, done, size):
    chart = drawn(Curve(losses, done, CYAN, None, begin, "3"), width=size.width, height=size.height)
    assert all(strip.cell_length == size.width for strip in chart.strips)


def test_a_very_long_run_looks_as_it_would_step_by_step(monkeypatch):
    losses = np.exp(np.random.default_rng(0).standard_normal(60_000).cumsum() / 100)
    short = drawn(curve(losses), width=40)
    monkeypatch.setattr("rnn_tui.ui.widgets.downsampling.FEW", 10**9)
    whole = drawn(curve(losses), width=40)
    differ = dots(short) != dots(whole)
    assert differ.mean() < 0.03  # a block may lie on both sides of a column's edge
    assert loss_labels(short) == loss_labels(whole)


# A part of the steps.


@given(rough_series, st.integers(0, 800), st.integers(10, 900))
def test_a_part_looks_like_a_run_of_those_steps_alone(losses, first, width):
    first = min(first, len(losses) - 10)
    last = min(len(losses), first + width)
    found = dots(drawn(curve(losses), part=(first, last))).any(axis=0)
    alone = dots(drawn(curve(losses[first:last]))).any(axis=0)
    if last - first > len(found):
        assert (found == alone).all()
    else:
        assert found[alone].all()  # and on to the neighbors at the edges


def test_lines_lead_on_beyond_the_edges_of_a_part():
    losses = np.ones(1000)
    assert dots(drawn(curve(losses), part=(500, 510))).any(axis=0).all()
    assert not dots(drawn(curve(losses), part=(500, 510)), GRAY).any()


def test_the_loss_axis_is_that_of_what_is_shown():
    losses = np.concatenate([np.full(500, 100.0), np.geomspace(1.0, 0.1, 500)])
    labels = [float(text) for _, text in loss_labels(drawn(curve(losses), part=(600, 1000)))]
    assert max(labels) <= 1


def test_the_labels_of_a_part_are_its_steps():
    labels = step_labels(drawn(curve(np.ones(1000)), part=(400, 500)))
    steps = [int(text) for _, text in labels]
    assert steps[0] == 400
    assert steps == sorted(steps)
    assert steps[-1] <= 500
    assert labels[0][0] <= 0  # at the left


def test_a_part_without_losses_is_empty_and_has_no_marks():
    longer, short = curve(np.ones(1000)), Curve(np.ones(100), 100, AMBER, None, 0, "1")
    chart = drawn(longer, short, part=(500, 600))
    assert not dots(chart, AMBER).any()
    assert "1" not in "".join(character for row in plot(chart) for character, _ in row)
    assert not dots(drawn(curve(np.full(1000, np.nan)), part=(500, 600))).any()


def test_of_a_very_long_run_a_part_is_read_step_by_step():
    losses = np.ones(1_000_000)
    losses[654_321] = 50.0
    found = dots(drawn(curve(losses), part=(654_300, 654_400)))
    assert set(np.flatnonzero(found[: found.shape[0] // 4].any(axis=0))) <= {16, 17}  # 21 of 100 in 80 columns
    wide = dots(drawn(curve(losses), part=(600_000, 700_000)))
    assert wide[: wide.shape[0] // 4].any()


@given(st.lists(any_curve, max_size=3), st.booleans(), sizes, st.integers(0, 3000), st.integers(10, 3000))
def test_any_part_of_any_curves_is_drawn_within_the_widget(curves, log, size, first, width):
    whole = last_step(curves)
    first = min(first, whole - 10)
    chart = drawn(*curves, log=log, width=size.width, height=size.height, part=(first, min(whole, first + width)))
    assert all(strip.cell_length == size.width for strip in chart.strips)


# Of runs so long that their first steps are kept as blocks.


BLOCKS = np.array([[1.0, 4.0, 2.0], [2.0, 8.0, 3.0], [np.nan] * 3, [1.0, 2.0, 1.5]])


def in_blocks(since=0, width=100):
    history = MetricHistory(np.full(200, 4.0), BLOCKS, width)
    return Curve.of(history, since, len(history), CYAN, "", "")


def test_a_block_is_drawn_from_its_least_to_its_greatest_loss_and_an_unknown_one_not_at_all():
    chart = drawn(in_blocks(), width=MARGIN + 1 + 60, height=40)
    reach = dots(chart).sum(axis=0).reshape(6, 20)  # blocks, and the exact losses as two more
    inner = reach[:, 5:15]
    assert (inner[[0, 1]] == inner[0, 0]).all()  # a factor of four each
    assert inner[0, 0] > 2 * 0.9 * inner[3, 0] > 0
    assert (inner[2] == 0).all()
    assert (inner[[4, 5]] == 1).all()


def test_a_part_of_a_block_is_drawn_as_a_band_without_holes():
    chart = drawn(in_blocks(), width=MARGIN + 1 + 60, height=40, part=(110, 140))
    reach = dots(chart).sum(axis=0)
    assert (reach == reach[0]).all()
    assert reach[0] > 20


def test_a_curve_that_begins_within_the_blocks_begins_with_the_block():
    late, later = in_blocks(since=130), in_blocks(since=450)
    assert (late.begin, len(late.blocks), late.end) == (400, 3, 600)
    assert (later.begin, len(later.blocks), later.end) == (450, 0, 600)


@given(st.integers(0, 600), st.integers(1, 600), st.integers(0, 600), st.integers(0, 600), st.booleans(), sizes)
def test_any_part_of_blocks_of_any_width_is_drawn_within_the_widget(since, width, first, more, log, size):
    one = in_blocks(since % (4 * width), width)
    part = (first, first + max(10, more))
    chart = drawn(one, log=log, width=size.width, height=size.height, part=part)
    assert all(strip.cell_length == size.width for strip in chart.strips)


def test_a_billion_steps_are_as_few_samples_as_there_are_dots():
    blocks = np.tile([[1.0, 2.0, 1.5]], (2**16, 1))
    samples = Samples.of_blocks(blocks, 2**14, 2**30, (0, 2**30))
    assert len(samples.steps) <= len(blocks)
    assert len(Samples.of_blocks(blocks, 2**14, 2**30, (10**6, 10**6 + 50)).steps) <= 60


# Held-out losses, and smoothed curves.

WHITE, FAINT = "#ffffff", "#004444"


def held(*measured):
    history = HeldOutHistory()
    for step, loss in measured:
        history = history.added(step, loss)
    return history


@given(
    st.lists(st.tuples(st.integers(0, 300), anything), max_size=12, unique_by=lambda pair: pair[0]),
    st.integers(0, 300), st.booleans(), st.booleans(), sizes,
)  # fmt: skip
def test_any_held_out_losses_are_drawn_within_the_widget(measured, done, log, in_ascii, size):
    one = curve(np.linspace(2, 1, 300), done)._replace(held_out=held(*measured), tint=WHITE, raw=FAINT, mark="*")
    chart = Sheet()
    chart.canvas = Canvas(ascii=in_ascii)
    chart.size = size
    chart.show([one], log)
    assert all(strip.cell_length == size.width for strip in chart.strips)


def test_the_held_out_loss_is_dotted_between_its_steps_and_its_lowest_has_a_sign():
    one = curve(np.full(100, 1.0))._replace(held_out=held((0, 4.0), (40, 2.0), (80, 3.0)), tint=WHITE)
    chart = drawn(one, log=False)
    found = dots(chart, WHITE)
    columns = np.flatnonzero(found.any(axis=0))
    assert set(np.diff(columns)) == {4}  # dotted
    assert columns[-1] == pytest.approx(0.8 * found.shape[1], abs=4)
    assert found[:, columns].sum(axis=0).max() == 1
    rows = tops(found)
    middle = len(rows) // 2
    assert rows[:middle] == sorted(rows[:middle])
    assert rows[middle:] == sorted(rows[middle:], reverse=True)
    ((y, x),) = [(y, x) for y, row in enumerate(plot(chart)) for x, (c, _) in enumerate(row) if c == "▾"]
    assert x == 40 * len(plot(chart)[0]) // 100
    assert 4 * y < max(rows) <= 4 * y + 8  # above the lowest place


def test_a_held_out_loss_after_the_current_step_is_gray_and_has_no_sign():
    one = curve(np.full(100, 1.0), 20)._replace(held_out=held((0, 4.0), (10, 3.0), (50, 0.5)), tint=WHITE)
    chart = drawn(one, log=False)
    assert np.flatnonzero(dots(chart, WHITE).any(axis=0)).max() < 0.3 * dots(chart).shape[1]
    ((_, x),) = [(y, x) for y, row in enumerate(plot(chart)) for x, (c, _) in enumerate(row) if c == "▾"]
    assert x == 10 * len(plot(chart)[0]) // 100


def test_a_noisy_curve_is_a_line_in_front_of_the_raw_losses():
    losses = 1 + np.random.default_rng(0).random(2000)
    chart = drawn(curve(losses)._replace(raw=FAINT), log=False)
    line, raw = (dots(chart, color) for color in (CYAN, FAINT))
    heights = np.ptp(tops(line)), np.ptp(np.flatnonzero(raw.any(axis=1)))
    assert heights[0] <= 4 < heights[1]
    assert np.mean(tops(line)) == pytest.approx(np.mean(np.flatnonzero(raw.any(axis=1))), abs=3)  # 1.5 is in the middle
    few = drawn(curve(losses[:99])._replace(raw=FAINT), log=False)
    assert not dots(few, FAINT).any()


def test_in_ascii_the_three_are_different_characters():
    losses = 1 + np.random.default_rng(0).random(2000)
    one = curve(losses)._replace(raw=FAINT, mark="*", held_out=held((0, 1.9), (1900, 1.2)), tint=WHITE)
    chart = Sheet()
    chart.canvas = Canvas(ascii=True)
    chart.size = Size(60, 14)
    chart.show([one], False)
    found = {c: style.color.name for row in plot(chart) for c, style in row if c in "*:."}
    assert found == {"*": CYAN, ":": FAINT, ".": WHITE}


@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=60), st.floats(1, 40))
def test_a_smoothed_curve_is_the_mean_around_each_step(losses, width):
    found = Samples.plain(np.array(losses)).smoothed(width)
    for step, value in zip(found.steps.tolist(), found.mean.tolist(), strict=True):
        near = losses[max(0, ceil(step - width / 2)) : int(step + width / 2) + 1]
        assert value == pytest.approx(np.mean(near), abs=1e-6)


def test_the_name_of_a_level_is_left_of_a_curve_that_covers_its_right_end():
    losses = np.r_[np.full(300, 4.0), np.full(100, 1.0)]
    chart = drawn(curve(losses), log=False, levels=[Level(1.0, "clip 1")])
    ((y, x),) = [(y, line.index("clip 1")) for y, line in enumerate(chart.lines) if "clip 1" in line]
    covered = np.flatnonzero(dots(chart)[4 * y : 4 * y + 4].any(axis=0)) // 2
    assert x - MARGIN - 1 + len("clip 1") <= covered.min()
    assert x - MARGIN - 1 + len("clip 1") >= covered.min() - 2


QUARTILES = HeldOutQuartiles(np.array([0, 100, 200]), *(np.array([level] * 3) for level in (0.1, 1.0, 10.0)))


def test_quartiles_are_a_band_of_every_other_dot_with_a_dashed_median_behind_the_curves():
    shade = "#445566"
    banded = curve(np.full(200, 30.0))._replace(quartiles=QUARTILES, shade=shade)
    chart = drawn(banded, curve(np.full(200, 0.03)), height=17)
    band = dots(chart, shade)
    inside = np.flatnonzero(band.any(axis=1))
    filled = band[inside[0] : inside[-1] + 1]
    assert 0.3 < filled.mean() < 0.5, "every other dot, except where the median is"
    assert len(inside) > 16
    middle = [row for row in plot(chart) if any(style.color and style.color.name == CYAN for _, style in row)]
    rows = dots(chart, CYAN)[inside[0] : inside[-1] + 1].any(axis=1)
    assert len(middle) >= 2, "the curve, and the median in its color"
    assert rows.any()
    assert not dots(drawn(curve(np.full(200, 30.0))), shade).any()


def test_a_band_without_an_upper_end_reaches_the_top_and_the_axis_stays_finite():
    endless = QUARTILES.__class__(QUARTILES.steps, QUARTILES.low, QUARTILES.median, np.full(3, np.inf))
    chart = drawn(curve(np.full(200, 0.5))._replace(quartiles=endless, shade=AMBER))
    assert dots(chart)[0].any()
    assert dots(chart, AMBER).any(axis=1).sum() > 20
    assert all("e+" not in strip.text[:MARGIN] for strip in chart.strips)


def test_a_band_that_explodes_leaves_the_others_their_room():
    huge = QUARTILES.__class__(QUARTILES.steps, *(np.array([1.0, part, 1e25]) for part in (2.0, 3.0, 4.0)))
    chart = drawn(curve(np.full(200, 0.5))._replace(quartiles=huge, shade=AMBER))
    assert all(float(strip.text[:MARGIN]) < 10 for strip in chart.strips[:-1] if strip.text[:MARGIN].strip())


def test_the_steps_reach_as_far_as_the_band():
    assert last_step([curve(np.ones(20))._replace(quartiles=QUARTILES)]) == 200


def test_in_ascii_a_band_and_its_median_have_characters_of_their_own():
    chart = Sheet()
    chart.size, chart.canvas = Size(49, 11), Canvas(ascii=True)
    chart.show([curve(np.full(200, 30.0))._replace(quartiles=QUARTILES, shade=AMBER)], True)
    text = "".join(strip.text for strip in chart.strips[:-1])
    assert text.count("'") > 40
    assert text.count("-") > 20

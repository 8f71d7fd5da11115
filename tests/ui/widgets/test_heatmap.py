"""The heat map of hidden states: every value in its own cell, with or without colors."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst
from support.examples import fewer_examples
from support.widget_hosts import cells, hosted, made, on_paper
from textual.geometry import Size

from rnn_tui.ui.panels.hidden_state import color_scale, greatest
from rnn_tui.ui.render.palette import LEVELS, palette
from rnn_tui.ui.render.terminal_capabilities import Canvas
from rnn_tui.ui.widgets.heatmap import HeatMap
from rnn_tui.ui.widgets.time_axis import GUTTER
from rnn_tui.ui.widgets.tracks import TimeClicked

Sheet = on_paper(HeatMap)
COLORS = palette(True)
SEEN, DARK = Canvas(), Canvas("none")


def drawn(values, width=60, height=12, t=0, unit=0, scale=1.0, lit=None, canvas=SEEN):
    sheet = Sheet()
    sheet.size, sheet.canvas = Size(width, height), canvas
    values = np.asarray(values, float)
    sheet.show(values, scale, t, unit, range(values.shape[1]) if lit is None else lit)
    return sheet


def level(value, scale=1.0):
    """The place of a value on the ramp, not yet rounded; what is beyond is at its ends, and NaN in the middle."""
    share = 0.0 if value != value else max(-1.0, min(1.0, value / scale))
    return (share + 1) / 2 * (LEVELS - 1)


def is_color_of(name, value, ramp=COLORS.heat):
    exact = level(value)
    near = [index for index in range(int(exact), int(exact) + 2) if abs(index - exact) <= 0.5 + 1e-9]
    return name in [ramp[index].lower() for index in near]


def unit_row(sheet):
    """The line of the unit under the cursor."""
    (y,) = (y for y, line in enumerate(sheet.lines) if line.startswith("▸"))
    return y


def first_of(line):
    """The first unit of a line: 4 for ``u4`` and ``u4–5``."""
    return int(line[2:GUTTER].split("–")[0])


any_values = npst.arrays(
    float, st.tuples(st.integers(1, 30), st.integers(1, 50)), elements=st.floats(allow_nan=True, allow_infinity=True)
)


@given(any_values, st.integers(GUTTER + 1, 90), st.integers(2, 20), st.booleans(), st.data())
def test_any_values_at_any_size_are_drawn_within_the_widget_and_the_cursor_is_visible(v, width, height, colors, data):
    unit, t = data.draw(st.integers(0, v.shape[0] - 1)), data.draw(st.integers(0, v.shape[1] - 1))
    sheet = drawn(
        v,
        width,
        height,
        t,
        unit,
        greatest(v),
        range(*sorted(data.draw(st.tuples(st.integers(0, 60), st.integers(0, 60))))),
        SEEN if colors else DARK,
    )
    assert all(strip.cell_length <= width for strip in sheet.strips)
    assert sheet.lines[unit_row(sheet)].split()[0] == f"▸u{unit}"
    assert sheet.axis.at(sheet.lines[0].index("▾") - GUTTER) == t


@given(any_values, st.integers(1, GUTTER), st.integers(1, 4))
@fewer_examples
def test_a_widget_too_small_for_anything_still_draws(values, width, height):
    assert len(drawn(values, width, height).lines) == height


@given(st.integers(1, 40), st.integers(1, 20), st.data())
def test_each_unit_has_one_label_and_all_are_shown_where_they_fit(units, rows, data):
    unit = data.draw(st.integers(0, units - 1))
    sheet = drawn(np.zeros((units, 5)), height=rows + 1, unit=unit)
    labels = [first_of(line) for line in sheet.lines[1:] if line[:GUTTER].strip()]
    assert labels == sorted(set(labels))
    if units <= rows:
        assert labels == list(range(units))
    elif units <= 2 * rows:
        assert len(labels) == (units + 1) // 2
    else:
        assert len(labels) == rows


@pytest.mark.parametrize(("units", "rows"), [(11, 5), (13, 6), (33, 10), (7, 3), (3, 1)])
def test_the_last_of_an_odd_number_of_units_can_be_reached(units, rows):
    sheet = drawn(np.zeros((units, 5)), height=rows + 1, unit=units - 1)
    assert sheet.lines[unit_row(sheet)].startswith(f"▸u{units - 1}")


@given(npst.arrays(float, (6, 20), elements=st.floats(-3, 3) | st.just(float("nan")) | st.just(float("inf"))))
@fewer_examples
def test_whole_cells_have_the_color_of_their_value(values):
    sheet = drawn(values, width=GUTTER + 20, height=7, t=19, unit=5)
    rows = [cells(strip)[GUTTER:] for strip in sheet.strips[1:]]
    for unit, t in product(range(6), range(20)):
        character, style = rows[unit][t]
        if (unit, t) == (5, 19):
            assert character == "◆"
        else:
            assert character == " "
            assert is_color_of(style.bgcolor.name, values[unit, t])


@given(npst.arrays(float, (9, 20), elements=st.floats(-1, 1)))
@fewer_examples
def test_half_blocks_have_the_colors_of_two_units(values):
    sheet = drawn(values, width=GUTTER + 20, height=6, t=19, unit=0)
    rows = [cells(strip)[GUTTER:] for strip in sheet.strips[1:]]
    for row, t in product(range(5), range(20)):
        character, style = rows[row][t]
        if (row, t) == (0, 19):
            assert character == "◆"
            continue
        assert character == "▀"
        assert is_color_of(style.color.name, values[2 * row, t])
        if row < 4:
            assert is_color_of(style.bgcolor.name, values[2 * row + 1, t])
        else:
            assert style.bgcolor is None  # there is no tenth unit


def test_what_is_not_yet_lit_is_faint():
    sheet = drawn(np.full((2, 20), 0.9), width=GUTTER + 20, lit=range(8), unit=1)
    for t, (_, style) in enumerate(cells(sheet.render_line(1))[GUTTER:]):
        assert is_color_of(style.bgcolor.name, 0.9, COLORS.heat if t < 8 else COLORS.faint)


def test_the_cursors_cell_keeps_the_color_of_its_own_unit():
    values = np.zeros((8, 10))
    values[4], values[5] = 0.8, -0.8
    for unit in (4, 5):
        sheet = drawn(values, width=GUTTER + 10, height=5, t=3, unit=unit)
        character, style = cells(sheet.render_line(3))[GUTTER + 3]
        assert character == "◆"
        assert is_color_of(style.bgcolor.name, values[unit, 3])


@pytest.mark.parametrize(("steps", "width"), [(6, 8), (10, 5), (15, 3), (25, 2)])
def test_a_wide_time_step_is_one_color_all_along(steps, width):
    values = np.linspace(-1, 1, steps)[None]
    row = cells(drawn(values, width=GUTTER + 52, height=2, t=0).render_line(1))[GUTTER:]
    assert len(row) == steps * width
    assert "".join(character for character, _ in row[:width]).strip() == "[]"
    for t in range(1, steps):
        step = row[t * width : (t + 1) * width]
        assert len({style.bgcolor.name for _, style in step}) == 1
        assert is_color_of(step[0][1].bgcolor.name, values[0, t])


# Cells of several rows.


@given(st.integers(1, 12), st.integers(1, 40), st.integers(2, 40), st.data())
def test_a_cell_of_several_rows_is_one_color_and_no_higher_than_three_rows_or_its_width(units, steps, rows, data):
    values = np.linspace(-1, 1, units * steps).reshape(units, steps)
    unit = data.draw(st.integers(0, units - 1))
    sheet = drawn(values, width=GUTTER + 130, height=rows + 1, unit=unit)
    width = min(8, 130 // steps)
    high = max(1, min(3, width, rows // units))
    if units > rows:
        return  # half blocks, or not all of them
    for row in range(units * high):
        line = cells(sheet.strips[1 + row])[GUTTER:]
        assert len(line) == steps * width
        for t in range(steps):
            (name,) = {style.bgcolor.name for _, style in line[t * width : (t + 1) * width]}
            assert is_color_of(name, values[row // high, t])
    assert not any(line.strip() for line in sheet.lines[1 + units * high :])


@pytest.mark.parametrize(("rows", "frame"), [(8, ["┌──────┐", "└──────┘"]), (12, ["┌──────┐", "│      │", "└──────┘"])])
def test_the_cursor_is_a_frame_around_a_cell_of_several_rows_and_its_label_stands_once(rows, frame):
    sheet = drawn(np.zeros((4, 5)), height=rows + 1, t=2, unit=1)
    high = rows // 4
    around = slice(GUTTER + 16, GUTTER + 24)
    assert [line[around] for line in sheet.lines[1 + high : 1 + 2 * high]] == frame
    assert sum(line.startswith("▸u1") for line in sheet.lines) == 1
    assert [line[:GUTTER].split()[-1].lstrip("▸") for line in sheet.lines[1:] if line[:GUTTER].strip()] == [
        "u0", "u1", "u2", "u3",
    ]  # fmt: skip


# Without colors.


@given(npst.arrays(float, (5, 20), elements=st.floats(-2, 2)), st.booleans())
@fewer_examples
def test_without_colors_a_glyph_says_sign_and_strength(values, in_ascii):
    canvas = Canvas("none", in_ascii)
    sheet = drawn(values, width=GUTTER + 20, height=6, canvas=canvas)
    strength = {glyph: abs(place - 3) for place, glyph in enumerate(canvas.ramp)}
    for unit in range(5):
        for value, glyph in zip(values[unit], sheet.lines[1 + unit][GUTTER:], strict=True):
            size = min(1.0, abs(value))
            assert glyph in (canvas.ramp[:4] if value < 0 else canvas.ramp[3:])
            assert abs(strength[glyph] - 3 * size) <= 0.5 + 4 / LEVELS


def test_without_colors_every_unit_has_a_row_of_its_own_and_dark_steps_are_blank():
    sheet = drawn(np.ones((40, 20)), width=GUTTER + 20, height=6, lit=range(7), unit=30, canvas=DARK)
    labels = [first_of(line) for line in sheet.lines[1:]]
    assert labels == list(range(labels[0], labels[0] + 5))
    assert 30 in labels
    assert {line[GUTTER:] for line in sheet.lines[1:]} == {"#" * 7 + " " * 13}


def test_without_colors_the_cursors_cell_is_reversed_and_in_brackets_where_there_is_room():
    sheet = drawn(np.ones((3, 10)), width=GUTTER + 40, height=4, t=4, unit=1, canvas=DARK)
    assert sheet.lines[2][GUTTER:] == "#" * 16 + "[##]" + "#" * 20
    assert [bool(style.reverse) for _, style in cells(sheet.strips[2])[GUTTER:]] == [16 <= x < 20 for x in range(40)]
    assert "[" not in sheet.lines[1] + sheet.lines[3]


@pytest.mark.parametrize(("variable", "value"), [("NO_COLOR", "1"), ("TEXTUAL_COLOR_SYSTEM", "standard")])
async def test_a_terminal_without_colors_or_with_sixteen_gets_glyphs(variable, value, monkeypatch):
    monkeypatch.setattr("textual.app.App.is_headless", False)
    monkeypatch.setenv(variable, value)
    values = np.array([[-1.0, -0.7, 0.0, 0.7, 1.0]] * 30)
    heatmap = HeatMap()
    async with hosted(heatmap, size=(30, 8)) as (app, pilot):
        heatmap.show(values, 1.0, 0, 0, range(5))
        await pilot.pause()
        assert app.shown[2][GUTTER:].split() == ["≡≡≡≡====····****####"]
        assert not any("▀" in line for line in app.shown)


async def test_a_terminal_with_colors_gets_half_blocks_in_the_themes_own_colors(monkeypatch):
    monkeypatch.delenv("NO_COLOR", raising=False)
    heatmap = HeatMap()
    values = np.repeat(np.linspace(-1, 1, 20)[:, None], 5, axis=1)
    async with hosted(heatmap, size=(30, 8)) as (app, pilot):
        heatmap.show(values, 1.0, 0, 0, range(5))
        await pilot.pause()
        for theme, dark in (("rnn-tui", True), ("textual-light", False)):
            app.theme = theme
            await pilot.pause()
            character, style = cells(heatmap.render_line(7))[GUTTER + 6]
            assert character == "▀"
            assert is_color_of(style.color.name, values[12, 0], palette(dark).heat)
            assert is_color_of(style.bgcolor.name, values[13, 0], palette(dark).heat)


# Where one points.


async def test_a_click_says_which_time_step_and_which_unit_it_hit(monkeypatch):
    monkeypatch.delenv("NO_COLOR", raising=False)
    heatmap = HeatMap()
    async with hosted(heatmap, size=(GUTTER + 20, 6)) as (app, pilot):
        heatmap.show(np.zeros((40, 20)), 1.0, 3, 20, range(20))
        await pilot.pause()
        first = next(first_of(line) for line in app.shown[1:])
        await pilot.click(HeatMap, offset=(GUTTER + 13, 3))
        await pilot.click(HeatMap, offset=(GUTTER + 13, 0))  # the ruler
        await pilot.click(HeatMap, offset=(2, 3))  # the labels
        assert [(click.t, click.unit) for click in app.said(TimeClicked)] == [(13, first + 4)]


# What the strongest color stands for.


@given(any_values)
def test_the_scale_is_the_greatest_finite_value_or_one(values):
    finite = [abs(value) for value in values.ravel().tolist() if np.isfinite(value)]
    assert greatest(values) == (max(finite, default=0.0) or 1.0)


def test_what_is_bounded_for_certain_has_its_bounds_as_scale():
    lanes = {"kind": "gru"}, {"kind": "lstm"}, {"kind": "rnn", "activation": "relu"}, {"kind": "rnn"}
    gru, lstm, relu, tanh = made(*lanes, task="wave").lanes
    assert {color_scale(lstm.states[gate], lstm, gate) for gate in "ifo"} == {(0.5, 0.5)}
    bounded = ((gru, "h"), (gru, "n"), (lstm, "g"), (lstm, "h"), (tanh, "h"))
    assert {color_scale(lane.states[name], lane, name) for lane, name in bounded} == {(0.0, 1.0)}
    assert color_scale(lstm.states["c"], lstm, "c") == (0.0, np.abs(lstm.states["c"]).max())
    assert color_scale(relu.hidden, relu, "h") == (0.0, relu.hidden.max())

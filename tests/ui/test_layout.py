"""Which panels are shown where, for every size."""

from dataclasses import replace
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual.geometry import Region

from rnn_tui.ui.screens.layout import (
    ALL,
    COMPARE,
    CONTROLS,
    EQUATION,
    HIDDEN,
    LEAST,
    LOSS,
    NORMAL,
    SEQUENCE,
    WIDE,
    Layout,
)
from rnn_tui.ui.widgets.timeaxis import USUAL, Columns

layouts = st.builds(
    Layout,
    width=st.integers(0, 300),
    height=st.integers(0, 100),
    lanes=st.integers(1, 4),
    inputs=st.integers(1, 3),
    units=st.integers(1, 300),
    steps=st.integers(1, 150),
    each=st.sampled_from([USUAL, Columns(5, 8), Columns(9, 9)]),
    curves=st.booleans(),
    active=st.sampled_from(sorted(ALL)),
    zoomed=st.booleans(),
)


def is_too_small(layout):
    return layout.width < LEAST[0] or layout.height < LEAST[1]


@given(layouts)
def test_nothing_is_shown_exactly_where_the_terminal_is_too_small(layout):
    assert (not layout.visible) == is_too_small(layout) == layout.too_small


@given(layouts)
def test_the_panels_fill_what_the_lines_leave_without_a_gap_or_an_overlap(layout):
    places = layout.places
    lines = 3 if places.keys() == ALL else 4  # headline, status and keys; and the tabs, unless all panels are there
    space = Region(0, 0, layout.width, layout.height - lines)
    assert all(space.contains_region(place) and place.area for place in places.values())
    assert not any(one.overlaps(other) for one, other in combinations(places.values(), 2))
    assert sum(place.area for place in places.values()) == (0 if is_too_small(layout) else space.area)


@given(layouts)
def test_the_panel_that_was_asked_for_is_always_shown(layout):
    assert is_too_small(layout) or layout.active in layout.visible


@given(layouts)
def test_a_zoomed_panel_is_alone_but_for_the_equation(layout):
    if layout.zoomed and not is_too_small(layout):
        assert layout.visible <= {layout.active, EQUATION}


@given(layouts)
def test_the_equation_is_left_out_only_beside_controls_that_need_the_whole_screen(layout):
    if not is_too_small(layout) and EQUATION not in layout.visible:
        assert layout.visible == {CONTROLS}
        assert layout.zoomed or layout.width < NORMAL


@given(layouts, st.integers(0, 60), st.integers(0, 40))
def test_a_larger_terminal_shows_no_fewer_panels(layout, columns, rows):
    larger = replace(layout, width=layout.width + columns, height=layout.height + rows)
    assert layout.visible <= larger.visible


@given(layouts)
def test_another_lane_shows_no_more_panels(layout):
    more = replace(layout, lanes=layout.lanes + 1)
    assert more.visible <= layout.visible


@given(layouts)
def test_what_is_shown_together_has_the_room_it_needs(layout):
    places = layout.places
    if len(places) > 2:
        if SEQUENCE in places:  # the border, the ruler, the inputs, the target, and each lane's answers and their signs
            assert places[SEQUENCE].height >= 2 + 1 + layout.inputs + 1 + 2 * layout.lanes
        if LOSS in places:
            assert places[LOSS].width >= 26
            assert places[LOSS].height >= 8
        if COMPARE in places:
            assert places[COMPARE].width >= 55
            assert places[COMPARE].height >= 6 + layout.lanes
        if HIDDEN in places:
            assert places[HIDDEN].height >= min(5, 3 + layout.units)
        if CONTROLS in places:
            assert places[CONTROLS].width == 25


@given(layouts)
def test_sequence_and_hidden_state_share_their_columns(layout):
    places = layout.places
    if {SEQUENCE, HIDDEN} <= places.keys():
        assert places[SEQUENCE].column_span == places[HIDDEN].column_span
        assert places[SEQUENCE].bottom == places[HIDDEN].y


@given(layouts)
def test_the_hidden_state_has_no_more_rows_than_its_cells_can_use_where_other_panels_can_use_them(layout):
    places = layout.places
    if {HIDDEN, LOSS} <= places.keys() and places[LOSS].y > places[HIDDEN].y:
        assert places[HIDDEN].height <= max(5, 2 + 1 + 3 * layout.units)


@pytest.mark.parametrize("active", sorted(ALL))
@pytest.mark.parametrize("size", [(120, 36), (160, 50), (200, 60)])
def test_all_six_are_shown_on_wide_terminals(size, active):
    for lanes in (1, 2, 3, 4):
        for inputs in (1, 2, 3):
            assert Layout(*size, lanes, inputs, active=active).visible == ALL


@pytest.mark.parametrize(
    ("size", "shown"),
    [
        ((119, 36), ALL - {CONTROLS}),
        ((100, 30), ALL - {CONTROLS}),
        ((94, 30), ALL - {CONTROLS, COMPARE}),
        ((80, 36), ALL - {CONTROLS, COMPARE}),
        ((80, 24), ALL - {CONTROLS, COMPARE}),
        ((79, 36), ALL - {CONTROLS, COMPARE}),
        ((79, 24), {SEQUENCE, HIDDEN, EQUATION}),
        ((60, 18), {HIDDEN, EQUATION}),
    ],
)
def test_narrower_ones_show_first_what_one_watches_while_it_plays(size, shown):
    assert Layout(*size).visible == shown
    assert Layout(*size, active=LOSS).visible >= {LOSS, EQUATION}


def test_the_loss_stands_beside_the_rest_where_few_rows_but_enough_columns_are_left():
    places = Layout(80, 24).places
    assert places[LOSS].x == places[SEQUENCE].right == 54  # the forty time steps, their labels, and the border
    assert places[LOSS].height == places[SEQUENCE].height + places[HIDDEN].height
    assert LOSS not in Layout(80, 24, steps=41).visible


def test_normal_terminals_show_the_controls_beside_the_rest_while_one_is_in_them():
    assert CONTROLS not in Layout(80, 24).visible
    assert Layout(80, 24, active=CONTROLS).visible == {CONTROLS, SEQUENCE, HIDDEN, EQUATION}
    assert Layout(79, 24, active=CONTROLS).visible == {CONTROLS}


@pytest.mark.parametrize(
    ("size", "units", "rows"),
    [
        ((200, 60), 8, 3 + 3 * 8),
        ((160, 50), 8, 3 + 2 * 8),
        ((120, 36), 8, 3 + 8),
        ((100, 30), 8, 3 + 4),  # two units to a row
        ((120, 36), 16, 3 + 8),
        ((200, 60), 64, 3 + 32),
    ],
)
def test_cells_are_as_high_as_leaves_loss_and_comparison_what_they_need(size, units, rows):
    assert Layout(*size, units=units).places[HIDDEN].height == rows


def test_of_a_net_too_large_for_its_units_to_be_seen_at_once_the_panels_share_the_rows():
    places = Layout(120, 36, units=200).places
    assert places[HIDDEN].height == places[LOSS].height == 11


def test_high_terminals_give_the_controls_what_they_need_and_the_loss_the_whole_width():
    assert Layout(200, 60).places[LOSS].x == 0
    assert Layout(200, 60).places[CONTROLS].height == Layout(200, 60).places[LOSS].y >= 25
    assert Layout(WIDE, 36).places[CONTROLS].bottom == Layout(WIDE, 36).places[LOSS].bottom


def test_curves_get_rows_that_bars_would_not_use():
    bars, curves = Layout(200, 60).places, Layout(200, 60, curves=True).places
    assert curves[SEQUENCE].height > 1.5 * bars[SEQUENCE].height
    assert curves[HIDDEN].height == 3 + 2 * 8
    assert Layout(120, 36, curves=True).places == Layout(120, 36).places

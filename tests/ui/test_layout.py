"""Which panels are shown, for every size."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ui.hosts import preset_of

from rnn_tui.library import PresetFile
from rnn_tui.ui.app import LabApp
from rnn_tui.ui.panels.panel import Panel
from rnn_tui.ui.screens.layout import (
    COMPARE,
    CONTROLS,
    EQUATION,
    HIDDEN,
    LEAST,
    LOSS,
    SEQUENCE,
    WIDE,
    Layout,
)

ALL = {CONTROLS, SEQUENCE, HIDDEN, LOSS, COMPARE, EQUATION}
layouts = st.builds(
    Layout,
    st.integers(0, 300),
    st.integers(0, 100),
    st.integers(1, 4),
    st.integers(1, 3),
    st.sampled_from(sorted(ALL)),
    st.booleans(),
)


def is_too_small(layout):
    return layout.width < LEAST[0] or layout.height < LEAST[1]


@settings(max_examples=50)
@given(layouts)
def test_nothing_is_shown_exactly_where_the_terminal_is_too_small(layout):
    assert (not layout.visible) == is_too_small(layout) == layout.too_small


@settings(max_examples=50)
@given(layouts)
def test_the_panel_that_was_asked_for_is_always_shown(layout):
    assert is_too_small(layout) or layout.active in layout.visible


@settings(max_examples=50)
@given(layouts)
def test_a_zoomed_panel_is_alone_but_for_the_equation(layout):
    if layout.zoomed and not is_too_small(layout):
        assert layout.visible <= {layout.active, EQUATION}


@settings(max_examples=50)
@given(layouts)
def test_the_equation_is_beside_every_panel_but_the_controls(layout):
    if not is_too_small(layout) and layout.active != CONTROLS:
        assert EQUATION in layout.visible


@settings(max_examples=50)
@given(layouts)
def test_a_larger_terminal_shows_no_fewer_panels(layout):
    larger = replace(layout, width=layout.width + 30, height=layout.height + 12)
    assert layout.visible <= larger.visible


@settings(max_examples=50)
@given(layouts)
def test_another_lane_shows_no_more_panels(layout):
    more = replace(layout, lanes=layout.lanes + 1)
    assert more.visible <= layout.visible


@pytest.mark.parametrize("active", sorted(ALL))
def test_all_six_are_shown_on_the_usual_wide_terminal(active):
    for lanes in (1, 2, 3, 4):
        for inputs in (1, 2, 3):
            assert Layout(120, 36, lanes, inputs, active).visible == ALL


@pytest.mark.parametrize("active", [SEQUENCE, HIDDEN, LOSS, COMPARE])
def test_on_the_smallest_usual_terminal_the_sequence_stays_beside_what_two_lanes_need(active):
    assert SEQUENCE in Layout(80, 24, 2, active=active).visible
    assert len(Layout(80, 24, 2, active=active).visible) == 3


@pytest.mark.parametrize("lanes", [2, 4])
async def test_every_panel_that_is_shown_has_room_to_show_something(lanes):
    preset = preset_of(*({"kind": "rnn"} for _ in range(lanes)))
    # of a border's inside; the smallest terminal cuts the last of four lanes' signs off
    least = {CONTROLS: 10, SEQUENCE: 2 + 2 * lanes, HIDDEN: 3, LOSS: 6, COMPARE: 6, EQUATION: 2}
    wanted = [(size, active) for size in (LEAST, (80, 24)) for active in (HIDDEN, LOSS)]
    wanted.append((LEAST, SEQUENCE))
    wanted += [(WIDE, HIDDEN), ((WIDE[0], WIDE[1] + 2), HIDDEN)]
    async with LabApp(PresetFile("made up", preset)).run_test(size=LEAST) as pilot:
        lab = pilot.app.screen
        for size, active in wanted:
            if pilot.app.size != size:
                await pilot.resize_terminal(*size)
            lab.arrange_panels(active=active)
            await pilot.pause()
            shown = [panel for panel in lab.query(Panel) if panel.display]
            assert active in {panel.number for panel in shown}
            for panel in shown:
                assert panel.content_size.height >= least[panel.number]
                assert panel.region.bottom <= size[1]


async def test_where_it_is_too_small_a_line_says_what_is_needed():
    app = LabApp(PresetFile("made up", preset_of({"kind": "rnn"})))
    async with app.run_test(size=(59, 17)) as pilot:
        await pilot.pause()
        shown = ["".join(segment.text for segment in strip) for strip in app.screen._compositor.render_strips()]
        (line,) = (line.strip() for line in shown if line.strip())
        assert f"{LEAST[0]}×{LEAST[1]}" in line
        assert "59×17" in line

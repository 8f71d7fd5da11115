"""Which panels are shown where, for every size."""

import asyncio
from dataclasses import replace
from itertools import combinations
from random import Random

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from support.textual_private import screen_lines, set_terminal_size
from support.waiting import wait_until
from support.widget_hosts import preset_of
from textual.content import Content
from textual.events import Resize
from textual.geometry import Region as Rectangle
from textual.geometry import Size

from rnn_tui.presets.store import PresetFile, find, load
from rnn_tui.ui.app import LabApp
from rnn_tui.ui.dialogs.base import ConfirmDialog
from rnn_tui.ui.lab.layout import LEAST, NORMAL, WIDE, Layout
from rnn_tui.ui.lab.status_lines import Headline, PanelTabs, SentenceStrip, StatusLine
from rnn_tui.ui.panels.base import Panel
from rnn_tui.ui.panels.comparison import ComparisonPanel
from rnn_tui.ui.panels.declaration import LEARN, Contents, PanelDeclaration, PanelHelp, Region, always
from rnn_tui.ui.panels.hidden_state import HiddenStatePanel
from rnn_tui.ui.panels.registry import declarations
from rnn_tui.ui.widgets.footer import Footer
from rnn_tui.ui.widgets.time_axis import DEFAULT_COLUMNS, Columns

pytestmark = pytest.mark.usefixtures("drawn_when_looked_at")

CONTROLS, SEQUENCE, HIDDEN, LOSS, COMPARE, EQUATION = (panel.name for panel in declarations() if panel.is_on(LEARN))
STRIPPED = tuple(replace(panel, strip=panel.name == COMPARE) for panel in declarations())
ALL = {panel.name for panel in declarations() if panel.is_on(LEARN)}
NUMBERS = {panel.name: str(panel.number) for panel in declarations()}

contents = st.builds(
    Contents,
    lanes=st.integers(1, 4),
    inputs=st.integers(1, 3),
    units=st.integers(1, 300),
    steps=st.integers(1, 150),
    each=st.sampled_from([DEFAULT_COLUMNS, Columns(5, 8), Columns(9, 9)]),
    curves=st.booleans(),
)
layouts = st.builds(
    Layout,
    width=st.integers(0, 300),
    height=st.integers(0, 100),
    contents=contents,
    active=st.sampled_from(sorted(ALL)),
    zoomed=st.booleans(),
)

# a lesson takes at most a third of the rows, and five of the fewest
with_a_lesson = st.builds(
    lambda layout, share: replace(layout, taken=int(share * max(5, layout.height // 3))), layouts, st.floats(0, 1)
)


def is_too_small(layout):
    return layout.width < LEAST[0] or layout.height < LEAST[1]


@given(layouts)
def test_nothing_is_shown_exactly_where_the_terminal_is_too_small(layout):
    assert (not layout.visible) == is_too_small(layout) == layout.too_small


@given(st.one_of(layouts, with_a_lesson))
def test_the_panels_fill_what_the_lines_leave_without_a_gap_or_an_overlap(layout):
    places = layout.places
    lines = 3 if places.keys() == ALL else 4  # headline, status and keys; and the tabs, unless all panels are there
    space = Rectangle(0, 0, layout.width, layout.height - lines - layout.strip - layout.taken)
    assert all(space.contains_region(place) and place.area for place in places.values())
    assert not any(one.overlaps(other) for one, other in combinations(places.values(), 2))
    assert sum(place.area for place in places.values()) == (0 if is_too_small(layout) else space.area)


@given(st.one_of(layouts, with_a_lesson))
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
    layout = replace(layout, panels=STRIPPED)
    larger = replace(layout, width=layout.width + columns, height=layout.height + rows)
    assert layout.visible <= larger.visible


@given(layouts)
def test_another_lane_shows_no_more_panels(layout):
    more = replace(layout, contents=replace(layout.contents, lanes=layout.contents.lanes + 1))
    assert more.visible <= layout.visible


@example(Layout(120, 18, Contents(lanes=4, inputs=1, units=1, steps=1, each=Columns(1, 8)), active="sequence"))
@given(layouts)
def test_what_is_shown_together_has_the_room_it_needs(layout):
    places = layout.places
    if len(places) > 2:
        alone = {SEQUENCE, EQUATION, CONTROLS}  # then it has all rows there are
        if (
            SEQUENCE in places and not places.keys() <= alone
        ):  # the border, the ruler, the inputs, the target, and each lane's answers and their signs
            assert places[SEQUENCE].height >= 2 + 1 + layout.contents.inputs + 1 + 2 * layout.contents.lanes
        if LOSS in places:
            assert places[LOSS].width >= 26
            assert places[LOSS].height >= 8
        if COMPARE in places:
            assert places[COMPARE].width >= 55
            assert places[COMPARE].height >= 6 + layout.contents.lanes
        if HIDDEN in places:
            assert places[HIDDEN].height >= min(5, 3 + layout.contents.units)
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
        assert places[HIDDEN].height <= max(5, 2 + 1 + 3 * layout.contents.units)


@pytest.mark.parametrize("active", sorted(ALL))
@pytest.mark.parametrize("size", [(120, 36), (160, 50), (200, 60)])
def test_all_six_are_shown_on_wide_terminals(size, active):
    for lanes in (1, 2, 3, 4):
        for inputs in (1, 2, 3):
            assert Layout(*size, Contents(lanes, inputs), active).visible == ALL


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
    assert LOSS not in Layout(80, 24, Contents(steps=41)).visible


def test_normal_terminals_show_the_controls_beside_the_rest_while_one_is_in_them():
    assert CONTROLS not in Layout(80, 24).visible
    assert Layout(80, 24, active=CONTROLS).visible == {CONTROLS, SEQUENCE, HIDDEN, EQUATION}
    assert Layout(79, 24, active=CONTROLS).visible == {CONTROLS}


@pytest.mark.parametrize(
    ("size", "units", "rows"),
    [
        ((200, 60), 8, 3 + 3 * 8),
        ((160, 54), 8, 3 + 2 * 8),
        ((160, 50), 8, 3 + 8),
        ((120, 36), 8, 3 + 4),
        ((100, 30), 8, 3 + 4),  # two units to a row
        ((120, 36), 16, 9),
        ((200, 60), 60, 3 + 30),
    ],
)
def test_cells_are_as_high_as_leaves_loss_and_comparison_what_they_need(size, units, rows):
    assert Layout(*size, Contents(units=units)).places[HIDDEN].height == rows


def test_of_a_net_too_large_for_its_units_to_be_seen_at_once_the_panels_share_the_rows():
    places = Layout(120, 36, Contents(units=200)).places
    assert places[HIDDEN].height == places[LOSS].height == 9


def test_high_terminals_give_the_controls_what_they_need_and_the_loss_the_whole_width():
    assert Layout(200, 60).places[LOSS].x == 0
    assert Layout(200, 60).places[CONTROLS].height == Layout(200, 60).places[LOSS].y >= 25
    assert Layout(WIDE, 36).places[CONTROLS].bottom == Layout(WIDE, 36).places[LOSS].bottom


def test_curves_get_rows_that_bars_would_not_use():
    bars, curves = Layout(200, 66).places, Layout(200, 66, Contents(curves=True)).places
    assert curves[SEQUENCE].height > 1.5 * bars[SEQUENCE].height
    assert curves[HIDDEN].height == 3 + 2 * 8
    assert Layout(120, 36, Contents(curves=True)).places == Layout(120, 36).places


# The equation at the bottom, and the strip.


@pytest.mark.parametrize(
    ("size", "lanes", "rows"),
    [
        ((200, 60), 2, 6),
        ((120, 36), 2, 6),
        ((120, 36), 4, 4),
        ((120, 30), 2, 4),
        ((100, 30), 2, 2),
        ((80, 36), 2, 6),
        ((80, 24), 2, 2),
        ((60, 18), 2, 2),
    ],
)
def test_the_equation_is_framed_where_the_others_keep_enough_rows(size, lanes, rows):
    layout = Layout(*size, Contents(lanes=lanes), panels=STRIPPED)
    assert layout.places[EQUATION].height == rows
    assert rows == 2 or layout.places[HIDDEN].height >= 6


@given(layouts)
def test_a_strip_tells_the_conclusion_exactly_while_the_panel_is_not_visible(layout):
    layout = replace(layout, panels=STRIPPED)
    if is_too_small(layout):
        assert layout.strip == 0
    else:
        assert layout.strip == (0 if COMPARE in layout.visible else 2 if layout.height >= 22 else 1)


# With panels that the lab does not have, the layout follows from what they declare.


def declared(name, region, least, best, page=LEARN):
    columns, rows = (always(low, low, high) for low, high in zip(least, best, strict=True))
    return PanelDeclaration(name, 9, name, PanelHelp("", "", "", ()), columns, rows, region=region, page=page)


extras = st.builds(
    lambda region, columns, rows: declared("extra", region, (columns, rows), (columns + 9, rows + 4)),
    st.sampled_from([Region.SIDE, Region.UPPER, Region.LOWER]),
    st.integers(10, 40),
    st.integers(3, 9),
)


@given(layouts, extras, st.booleans())
def test_more_panels_fill_the_space_too_and_the_active_one_is_among_them(layout, extra, is_active):
    more = replace(layout, panels=(extra, *layout.panels), active="extra" if is_active else layout.active)
    places, lines = more.places, 3 if more.is_complete else 4
    space = Rectangle(0, 0, more.width, more.height - lines - more.strip)
    assert is_too_small(more) or more.focused.name in places
    assert all(space.contains_region(place) and place.area for place in places.values())
    assert not any(one.overlaps(other) for one, other in combinations(places.values(), 2))
    assert sum(place.area for place in places.values()) == (0 if is_too_small(more) else space.area)


def test_of_many_panels_the_active_one_stays_with_those_that_come_first():
    extra = declared("extra", Region.LOWER, (30, 6), (40, 9))
    layout = Layout(120, 36, panels=(*declarations(), extra))
    assert layout.visible == ALL
    assert not layout.is_complete
    assert replace(layout, active="extra").visible == ALL - {COMPARE} | {"extra"}
    assert replace(layout, width=200, height=60).visible == ALL | {"extra"}


def test_a_page_has_its_own_lower_half():
    extra = declared("extra", Region.LOWER, (30, 6), (40, 9), page="remember")
    layout = Layout(120, 36, panels=(*declarations(), extra))
    assert layout.places == Layout(120, 36).places
    own = {"memory", "gradient", "dynamics", "extra"}
    assert replace(layout, page="remember").visible == {CONTROLS, SEQUENCE, HIDDEN, *own}


# In the app.


SIZES = [(200, 60), (120, 36), (80, 24), (60, 18)]
LINES = [Headline, PanelTabs, SentenceStrip, StatusLine, Footer]


def panels_of(app):
    """Those that are on the screen, by their names."""
    return {panel.declaration.name: panel for panel in app.lab.query(Panel) if panel.display}


def check_whole(app):
    """Lines and panels fill the screen without an overlap, and each panel has rows to show something."""
    panels = panels_of(app)
    parts = [*panels.values(), *(line for kind in LINES for line in app.lab.query(kind) if line.display)]
    regions = [part.region for part in parts]
    assert all(app.screen.region.contains_region(region) for region in regions)
    assert not any(one.overlaps(other) for one, other in combinations(regions, 2))
    assert sum(region.area for region in regions) == app.screen.region.area
    for name, rows in {CONTROLS: 10, SEQUENCE: 7, HIDDEN: 3, LOSS: 6, COMPARE: 6, EQUATION: 2}.items():
        assert name not in panels or panels[name].content_size.height >= rows


async def test_every_panel_is_reached_by_its_number_and_zoomed_and_all_that_is_shown_is_whole():
    app = LabApp(load(find("echo")))
    async with app.run_test(size=SIZES[0]) as pilot:
        for size in SIZES:
            await pilot.resize_terminal(*size)
            await pilot.pause()
            check_whole(app)
            for name in sorted(ALL if size != SIZES[0] else ()):  # which always shows all of them, as the next one
                await pilot.press(NUMBERS[name])
                before = panels_of(app).keys()
                assert app.lab.panels.active.declaration.name == name
                assert name in before
                check_whole(app)
                if size == (120, 36):
                    await pilot.press("z")
                    assert panels_of(app).keys() <= {name, EQUATION}
                    assert app.lab.panels.active.declaration.name == name
                    check_whole(app)
                    await pilot.press("z")
                    assert panels_of(app).keys() == before


@pytest.mark.parametrize("name", ["adding-long", "cells", "csv", "words"])
async def test_on_80_columns_no_title_and_neither_of_the_last_lines_is_cut(name):
    app = LabApp(load(find(name)))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("S", "right", "right")
        await wait_until(lambda: app.lab.seen.frame.step == 10)
        seen = set()
        for name in sorted(ALL):
            if name in seen:
                continue
            await pilot.press(NUMBERS[name])
            seen |= panels_of(app).keys()
            lines = screen_lines(app)
            assert "…" not in lines[-1] + lines[-2]
            assert lines[-1].rstrip().endswith("? Help  q Quit")
            for panel in panels_of(app).values():
                for title in (panel.border_title, panel.border_subtitle) if panel.declaration.name != EQUATION else ():
                    assert Content.from_markup(title).plain in "\n".join(lines)


async def test_the_panel_one_is_in_is_the_active_one_after_a_time_of_no_room_when_a_line_says_what_is_needed():
    app = LabApp(load(find("echo")))
    async with app.run_test(size=(120, 36)) as pilot:
        app.lab.query_one(ComparisonPanel).focus()
        await pilot.pause()
        too_small = ((59, 17), set()), ((20, 5), set())
        for size, visible in (*too_small, ((80, 24), {SEQUENCE, COMPARE, EQUATION}), ((120, 36), ALL)):
            await pilot.resize_terminal(*size)
            await pilot.pause()
            assert panels_of(app).keys() == visible
            if visible:
                assert app.lab.panels.active.declaration.name == COMPARE
            else:
                needs = f"rnn-tui needs {LEAST[0]}×{LEAST[1]}; this is {size[0]}×{size[1]}. q quits."
                assert " ".join(" ".join(screen_lines(app)).split()) == needs


async def test_a_storm_of_sizes_while_it_plays_flat_out_leaves_everything_in_its_place():
    random = Random(3)
    playing = preset_of({"kind": "rnn"}, {"kind": "fnn"}, training={"speed": 0, "steps": 0})
    app = LabApp(PresetFile("made up", playing))
    async with app.run_test(size=(120, 36)) as pilot:
        await pilot.press("4", "space")
        await wait_until(lambda: app.lab.seen.playing)
        for _ in range(8):
            size = Size(random.randint(15, 220), random.randint(4, 70))
            set_terminal_size(app, size)  # as a terminal does: no pilot waits for the last size to be drawn
            app.post_message(Resize(size, size))
            if random.random() < 0.5:
                app.simulate_key(random.choice(["right", "down", "5", "4", "z", "z", "l", "g", "y"]))
            await asyncio.sleep(random.choice([0, 0.01, 0.05]))
        app.simulate_key("4")
        app.simulate_key("space")
        await wait_until(lambda: app.terminal_events.idle, 60)
        app.lab.panels.arrange(zoomed=False)
        await wait_until(lambda: not app.lab.seen.playing)
        cursor = app.lab.seen.t, app.lab.seen.unit
        await pilot.resize_terminal(100, 30)
        await wait_until(lambda: app.lab.size == (100, 30))
        await pilot.pause()
        assert app.lab.panels.active.declaration.name == LOSS
        assert (app.lab.seen.t, app.lab.seen.unit) == cursor != (0, 0)
        assert app.lab.seen.frame.step > 0
        check_whole(app)
        seen, body = app.lab.seen, app.lab.query_one("#body").region
        contents = Contents(units=len(seen.units), steps=seen.frame.length, each=seen.columns)
        places = {name: place.translate(body.offset) for name, place in Layout(100, 30, contents, LOSS).places.items()}
        assert {name: panel.region for name, panel in panels_of(app).items()} == places


DIALOGS = [
    ("question_mark", "/ search · w words · ↑↓ scroll · esc close"),
    ("p", "↑↓ · shift+↑↓: scroll · enter: open · esc: cancel"),
    ("u", "esc cancel"),
    ("d", "←→ t · l: lane · g: gates · c: copy · esc: close"),
    ("o", "tab · shift+↑↓: scroll · ctrl+o: open · esc: cancel"),
    ("x", "↑↓ choose · enter: export · esc: cancel"),
]


async def test_a_dialog_is_inside_the_screen_with_its_way_out_at_every_size_and_keeps_its_focus():
    app = LabApp(load(find("echo")))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("s")
        other = (60, 18), (80, 24)
        for key, leave in DIALOGS:
            await pilot.press(key)
            dialog = app.screen
            assert dialog is not app.lab
            await wait_until(lambda leave=leave: any(leave in line for line in screen_lines(app)))
            assert dialog.region.contains_region(dialog.query_one(".dialog").region)
            focused = dialog.focused
            for size in [(20, 5), other[0]]:  # the dialogs are opened at both sizes in turn, and brought to the other
                await pilot.resize_terminal(*size)
                await pilot.pause()
                text = screen_lines(app)
                if size == (20, 5):
                    assert " ".join(" ".join(text).split()) == "rnn-tui needs 60×18; this is 20×5. esc closes this."
                else:
                    assert dialog.region.contains_region(dialog.query_one(".dialog").region)
                    assert any(leave in line for line in text)
                assert dialog.focused is focused
            other = other[::-1]
            if (key, leave) == DIALOGS[-1]:
                await pilot.resize_terminal(20, 5)
            await pilot.press("escape")
            await wait_until(lambda: app.screen is app.lab)
        assert "q quits" in " ".join(" ".join(screen_lines(app)).split())
        app.push_screen(ConfirmDialog("Quit anyway?", "quit", "cancel"))
        await pilot.pause()
        assert "n closes this" in " ".join(" ".join(screen_lines(app)).split())  # without a yes


async def test_panels_stay_in_place_for_another_lane_with_room_for_the_most_units():
    file = PresetFile("made up", preset_of({"kind": "rnn", "hidden_size": 4}, {"kind": "fnn", "hidden_size": 24}))
    app = LabApp(file)
    async with app.run_test(size=(200, 60)) as pilot:
        for _ in range(3):
            await pilot.pause()
            assert panels_of(app)[HIDDEN].region.height == 3 + 24
            check_whole(app)
            await pilot.press("l")


# Where one points.


async def test_a_click_on_a_cell_of_any_height_moves_the_cursor_there(monkeypatch):
    monkeypatch.delenv("NO_COLOR", raising=False)
    preset = preset_of({"kind": "rnn", "hidden_size": 6}, {"kind": "fnn"}, training={"sequence_length": 12})
    app = LabApp(PresetFile("made up", preset))
    async with app.run_test(size=(60, 24)) as pilot:
        for size, high in ((60, 24), 0.5), ((60, 18), 1), ((60, 28), 2), ((80, 34), 3):
            await pilot.resize_terminal(*size)
            await pilot.press("home", *(["3", "z"] if high == 1 else []))
            lines = screen_lines(app)
            panel = app.lab.query_one(HiddenStatePanel).region
            ruler = next(line for line in lines[panel.y :] if line.startswith("│ t "))
            label = next(y for y in range(panel.y, panel.bottom) if lines[y].startswith("│  u2"))
            top, bottom = (label - (high - 1) // 2, label + high // 2) if high >= 1 else (label, label)
            for y, unit in (top, 2), (bottom + 1, 4 if high < 1 else 3), (bottom, 2), (top - 1, 0 if high < 1 else 1):
                await pilot.click(offset=(ruler.index("10"), y))
                assert (app.lab.seen.t, app.lab.seen.unit) == (10, unit)

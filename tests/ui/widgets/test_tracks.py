"""Tracks: rows over time with a cursor through all of them."""

from hypothesis import given
from hypothesis import strategies as st
from support.widget_hosts import cells, hosted, on_paper
from textual.geometry import Size

from rnn_tui.ui.render.palette import palette
from rnn_tui.ui.widgets.time_axis import GUTTER
from rnn_tui.ui.widgets.tracks import TimeClicked, Track, Tracks

Sheet = on_paper(Tracks)
CURSOR = palette(True).cursor
LETTERS = "abcdefghijklmnopqrstuvwxyz"


def track(text, label="x", color="#00ffff", colors=None, solid=True):
    return Track(label, color, text, colors or [color] * len(text), solid)


def drawn(*tracks, length, width=60, height=6, cursor=0, lit=None):
    sheet = Sheet()
    sheet.size = Size(width, height)
    sheet.show(tracks, length, cursor, range(length) if lit is None else lit)
    return sheet


@given(st.integers(1, 300), st.integers(GUTTER + 1, 120), st.integers(1, 8), st.text(LETTERS + "あ", max_size=12),
       st.data())  # fmt: skip
def test_tracks_fit_at_any_size_and_the_cursor_is_visible(length, width, height, label, data):
    cursor, solid = data.draw(st.integers(0, length - 1)), data.draw(st.booleans())
    tracks = [track("█" * length, label, solid=solid), track("·" * length, solid=solid)]
    sheet = drawn(*tracks, length=length, width=width, height=height, cursor=cursor)
    assert all(strip.cell_length <= width for strip in sheet.strips)
    assert sheet.axis.at(sheet.lines[0].index("▾") - GUTTER) == cursor


@given(st.integers(1, 26), st.integers(GUTTER + 1, 150), st.data())
def test_every_cell_stands_below_its_time_step(length, width, data):
    cursor = data.draw(st.integers(0, length - 1))
    lit = range(*sorted(data.draw(st.tuples(st.integers(0, length), st.integers(0, length)))))
    colors = [f"#0000{t:02x}" for t in range(length)]
    solid, thin = track(LETTERS[:length], colors=colors), track(LETTERS[:length], colors=colors, solid=False)
    sheet = drawn(solid, thin, length=length, width=width, cursor=cursor, lit=lit)
    axis = sheet.axis
    for y, fills in ((1, True), (2, False)):
        row = cells(sheet.render_line(y))[GUTTER:]
        assert len(row) == len(axis.steps) * axis.width
        for column, (character, style) in enumerate(row):
            t = axis.at(column)
            at_its_left = column % axis.width == 0
            assert character == (LETTERS[t] if fills or at_its_left else " ")
            assert style.color.name == colors[t]
            assert (style.bgcolor is not None and style.bgcolor.name == CURSOR) == (t == cursor)
            assert bool(style.dim) == (t not in lit)


def test_labels_are_cut_to_the_gutter_in_the_tracks_own_color():
    sheet = drawn(track("ab", label=LETTERS, color="#123456"), length=2)
    row = cells(sheet.render_line(1))
    assert "".join(character for character, _ in row[:GUTTER]) == LETTERS[: GUTTER - 1] + " "
    assert {style.color.name for _, style in row[:GUTTER]} == {"#123456"}


def test_a_label_of_double_width_characters_moves_no_cell():
    wide, narrow = drawn(track("ab", label="日本語の名前"), length=2), drawn(track("ab", label="x"), length=2)
    assert wide.render_line(1).cell_length == narrow.render_line(1).cell_length


def test_below_the_tracks_it_is_blank():
    assert drawn(track("ab"), length=2, width=20, height=4).lines[2:] == [" " * 20] * 2


async def test_a_click_says_which_time_step_it_hit():
    tracks = Tracks()
    async with hosted(tracks, size=(GUTTER + 20, 5)) as (app, pilot):
        tracks.show([track("abcdefghij")], 10, 0, range(10))
        await pilot.pause()
        await pilot.click(Tracks, offset=(GUTTER + 13, 1))
        await pilot.click(Tracks, offset=(GUTTER - 1, 1))  # the labels
        assert [(click.t, click.unit) for click in app.said(TimeClicked)] == [(6, None)]

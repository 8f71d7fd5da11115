"""Colours: what is negative, what is positive and how much can be told from them."""

from itertools import combinations, pairwise

import pytest
from textual.color import Color

from rnn_tui.ui.colors import LEVELS, THEME, palette, ramp

both_themes = pytest.mark.parametrize("dark", [True, False], ids=["dark", "light"])
both_ramps = pytest.mark.parametrize("name", ["heat", "faint"])


def luminance(colour):
    """The relative luminance of WCAG 2, 0 for black and 1 for white."""
    parts = [part / 255 for part in Color.parse(colour).rgb]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one, other):
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@both_themes
@both_ramps
def test_the_further_from_zero_the_further_from_the_ground_in_luminance(dark, name):
    colours = getattr(palette(dark), name)
    assert len(colours) == LEVELS
    negative, positive = colours[: LEVELS // 2][::-1], colours[LEVELS // 2 :]
    for side in (negative, positive):
        for near, far in pairwise(luminance(colour) for colour in side):
            assert far > near if dark else far < near


@both_themes
@both_ramps
def test_negative_is_blue_and_positive_is_orange(dark, name):
    colours = [Color.parse(colour) for colour in getattr(palette(dark), name)]
    near_zero = LEVELS // 8
    assert all(colour.b > colour.r for colour in colours[: LEVELS // 2 - near_zero])
    assert all(colour.r > colour.b for colour in colours[LEVELS // 2 + near_zero :])


@both_themes
def test_the_ends_are_told_apart_from_each_other_and_from_zero(dark):
    heat = palette(dark).heat
    ends = [Color.parse(heat[i]).rgb for i in (0, LEVELS // 2, -1)]
    for one, other in combinations(ends, 2):
        assert sum(abs(a - b) for a, b in zip(one, other, strict=True)) > 120


@both_themes
def test_what_is_faint_is_nearer_to_the_ground(dark):
    colours = palette(dark)
    ground = THEME.background if dark else "#ffffff"
    for heat, faint in zip(colours.heat, colours.faint, strict=True):
        assert abs(luminance(faint) - luminance(ground)) <= abs(luminance(heat) - luminance(ground))
    assert contrast(colours.heat[0], colours.faint[0]) > 1.5


@both_themes
def test_four_lanes_have_four_readable_colours_and_a_fifth_begins_again(dark):
    colours = palette(dark)
    lanes = [colours.lane(index) for index in range(4)]
    assert len(set(lanes)) == 4
    assert colours.lane(4) == lanes[0]
    ground = THEME.background if dark else "#ffffff"
    for colour in (*lanes, colours.text, colours.muted, colours.right, colours.wrong):
        assert contrast(colour, ground) >= 4.5  # WCAG's AA


@both_themes
def test_the_cursor_can_be_read_on(dark):
    colours = palette(dark)
    assert contrast(colours.text, colours.cursor) >= 4.5


def test_a_ramp_begins_and_ends_at_its_anchors_and_is_grey_between_black_and_white():
    colours = ramp("#000000", "#ffffff")
    assert (colours[0].lower(), colours[-1].lower()) == ("#000000", "#ffffff")
    for place, colour in enumerate(colours):
        exact = 255 * place / (LEVELS - 1)
        assert all(abs(part - exact) <= 1 for part in Color.parse(colour).rgb)


def test_a_ramp_passes_through_the_anchor_in_its_middle():
    colours = ramp("#000000", "#ff0000", "#ffffff")
    middle = Color.parse(colours[LEVELS // 2])
    assert middle.r > 245
    assert max(middle.g, middle.b) < 20

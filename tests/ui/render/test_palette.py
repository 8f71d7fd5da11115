"""Colors: what is negative, what is positive and how much can be told from them."""

from itertools import combinations, pairwise, product

import numpy as np
import pytest
from textual.color import Color
from textual.theme import BUILTIN_THEMES

from rnn_tui.ui.render.palette import CONTRAST, LEVELS, LIGHT, THEME, palette, ramp

both_themes = pytest.mark.parametrize("dark", [True, False], ids=["dark", "light"])
both_ramps = pytest.mark.parametrize("name", ["heat", "faint"])


def luminance(color):
    """The relative luminance of WCAG 2, 0 for black and 1 for white."""
    parts = [part / 255 for part in Color.parse(color).rgb]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one, other):
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@both_themes
@both_ramps
def test_the_further_from_zero_the_further_from_the_ground_in_luminance(dark, name):
    colors = getattr(palette(dark), name)
    assert len(colors) == LEVELS
    negative, positive = colors[: LEVELS // 2][::-1], colors[LEVELS // 2 :]
    for side in (negative, positive):
        for near, far in pairwise(luminance(color) for color in side):
            assert far > near if dark else far < near


@both_themes
@both_ramps
def test_negative_is_violet_and_positive_is_yellow(dark, name):
    colors = [Color.parse(color) for color in getattr(palette(dark), name)]
    near_zero = LEVELS // 8
    assert all(color.b > color.r for color in colors[: LEVELS // 2 - near_zero])
    assert all(color.r > color.b for color in colors[LEVELS // 2 + near_zero :])


@both_themes
def test_the_ends_are_told_apart_from_each_other_and_from_zero(dark):
    heat = palette(dark).heat
    ends = [Color.parse(heat[i]).rgb for i in (0, LEVELS // 2, -1)]
    for one, other in combinations(ends, 2):
        assert sum(abs(a - b) for a, b in zip(one, other, strict=True)) > 120


@both_themes
def test_what_is_faint_is_nearer_to_the_ground(dark):
    colors = palette(dark)
    ground = THEME.background if dark else "#ffffff"
    for heat, faint in zip(colors.heat, colors.faint, strict=True):
        assert abs(luminance(faint) - luminance(ground)) <= abs(luminance(heat) - luminance(ground))
    assert contrast(colors.heat[0], colors.faint[0]) > 1.5


@both_themes
def test_four_lanes_have_four_colors_and_a_fifth_begins_again(dark):
    colors = palette(dark)
    lanes = [colors.lane(index) for index in range(4)]
    assert len(set(lanes)) == 4
    assert colors.lane(4) == lanes[0]


# What can be read, by WCAG 2.


def grounds(theme):
    """Of panels, dialogs, and the lines above and below."""
    return theme.background, theme.surface, theme.panel


GRAY = BUILTIN_THEMES["textual-light"]
SHEETS = {
    "dark": (palette(True), THEME, 4.5, 4.5),
    "light": (palette(False), LIGHT, 4.5, 4.5),
    "light, gray": (palette(False), GRAY, 4.5, 4.5),
    "contrast": (palette(True, "contrast"), CONTRAST, 7, 4.5),
    "contrast, light": (palette(False, "contrast"), GRAY, 7, 4.5),
    "mono": (palette(True, "mono"), THEME, 4.5, 4.5),
    "mono, light": (palette(False, "mono"), GRAY, 4.5, 4.5),
}
every_sheet = pytest.mark.parametrize(("colors", "theme", "text", "lane"), SHEETS.values(), ids=SHEETS)


@every_sheet
def test_all_text_stands_out_from_every_ground(colors, theme, text, lane):
    for ground in grounds(theme):
        for color in (colors.text, colors.muted, colors.right, colors.wrong, colors.below, colors.above):
            assert contrast(color, ground) >= text
        for color in (*colors.lanes, *colors.equation):
            assert contrast(color, ground) >= lane


@every_sheet
def test_all_text_can_be_read_below_the_cursor(colors, theme, text, lane):  # noqa: ARG001
    for color in (colors.text, colors.muted, colors.right, colors.wrong, *colors.lanes, *colors.equation):
        assert contrast(color, colors.cursor) >= 4.5


@pytest.mark.parametrize("theme", [THEME, CONTRAST, LIGHT, GRAY], ids=lambda theme: theme.name)
def test_what_the_style_sheet_writes_can_be_read(theme):
    """In the foreground, 70 % of it for what is said aside."""
    ends = [Color.parse(ground) for ground in grounds(theme)]
    said = theme.foreground or ends[0].get_contrast_text(0.87).hex6  # as Textual makes it up
    for ground in ends:
        assert contrast(ground.blend(Color.parse(said), 0.7).hex6, ground.hex6) >= (7 if theme is CONTRAST else 4.5)


def test_the_few_colors_are_those_that_every_terminal_names():
    parts = ({0, 0xAA}, {0x55, 0xFF})  # of a dim one and of a bright one
    named = [{0xAA, 0x55, 0}]  # brown
    for dark in (True, False):
        colors = palette(dark, "few")
        for color in (*colors.lanes, colors.text, colors.muted, colors.right, colors.wrong, colors.cursor):
            found = set(Color.parse(color).rgb)
            assert any(found <= allowed for allowed in parts) or found in named
            assert contrast(color, "#000000" if dark else "#ffffff") >= 3 or color == colors.cursor


# What color-blind eyes see.  Machado, Oliveira and Fernandes, "A physiologically-based model for simulation of color
# vision deficiency", IEEE Transactions on Visualization and Computer Graphics 15 (2009): matrices for linear sRGB,
# severity 1.0.

EYES = {
    "protanopia": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
    "deuteranopia": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.01182, 0.04294, 0.968881]],
    "tritanopia": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.3039]],
}
NORMAL = np.eye(3).tolist()
TO_XYZ = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
WHITE = TO_XYZ.sum(axis=1)
every_eye = pytest.mark.parametrize("eye", EYES.values(), ids=EYES)
every_palette = pytest.mark.parametrize("kind", ["colors", "contrast"])


def seen(color, eye):
    """A color as such an eye sees it, in CIELAB, where two colors 2 or 3 apart are told apart side by side."""
    parts = np.array(Color.parse(color).rgb) / 255
    linear = np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)
    xyz = TO_XYZ @ np.clip(np.array(eye) @ linear, 0, 1) / WHITE
    f = np.where(xyz > (6 / 29) ** 3, np.cbrt(xyz), xyz / (3 * (6 / 29) ** 2) + 4 / 29)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


def apart(one, other, eye):
    return float(np.linalg.norm(seen(one, eye) - seen(other, eye)))


# Colors of different meaning.  The distances are several times what can be told apart side by side, because the colors
# are seen in different places.

APART, APART_FOR_COLOR_BLIND = 25, 11


def meanings(colors):
    return {
        **{f"lane {number}": color for number, color in enumerate(colors.lanes, start=1)},
        "negative": colors.below,
        "positive": colors.above,
        "right": colors.right,
        "wrong": colors.wrong,
    }


@pytest.mark.parametrize("eye", [NORMAL, *EYES.values()], ids=["normal", *EYES])
@every_palette
@both_themes
def test_a_color_has_one_meaning_for_every_eye(dark, kind, eye):
    least = APART if eye is NORMAL else APART_FOR_COLOR_BLIND
    for (one, color), (other, its) in combinations(meanings(palette(dark, kind)).items(), 2):
        assert apart(color, its, eye) > least, (one, other)


@every_palette
@both_themes
def test_a_strong_cell_of_the_heat_map_has_the_color_of_no_lane_and_no_verdict(dark, kind):
    colors = palette(dark, kind)
    strong = [*colors.heat[: LEVELS // 4], *colors.heat[-(LEVELS // 4) :]]
    for color, other in product(strong, (*colors.lanes, colors.right, colors.wrong)):
        assert apart(color, other, NORMAL) > 20


@pytest.mark.parametrize("dark", [True, False])
def test_with_sixteen_colors_lanes_and_verdicts_have_their_own_and_numbers_are_gray(dark):
    colors = palette(dark, "few")
    assert len({*colors.lanes, colors.right, colors.wrong}) == 6
    for color in (colors.below, colors.above):
        assert len(set(Color.parse(color).rgb)) == 1
        assert color not in (*colors.lanes, colors.right, colors.wrong)


@pytest.mark.parametrize("theme", [THEME, CONTRAST], ids=lambda theme: theme.name)
def test_what_is_no_lane_no_number_and_no_verdict_is_almost_gray(theme):
    for color in (theme.primary, theme.secondary, theme.accent, theme.success, theme.warning):
        _, a, b = seen(color, NORMAL)
        assert np.hypot(a, b) < 12


@every_eye
@every_palette
@both_themes
def test_color_blind_eyes_tell_signs_apart_at_every_strength(dark, kind, eye):
    """Violet and yellow are further apart for the many who confuse red and green than for the few who do not."""
    heat, least = palette(dark, kind).heat, 10 if eye is EYES["tritanopia"] else 40
    for distance in range(LEVELS // 8, LEVELS // 2):
        assert apart(heat[LEVELS // 2 - 1 - distance], heat[LEVELS // 2 + distance], eye) > least
    assert apart(heat[0], heat[-1], eye) > 2 * least


@every_eye
@every_palette
@both_themes
def test_color_blind_eyes_tell_an_eighth_of_the_ramp_apart_everywhere(dark, kind, eye):
    heat, step = palette(dark, kind).heat, LEVELS // 16
    for side in (heat[: LEVELS // 2], heat[LEVELS // 2 :]):
        for one, other in zip(side, side[step:], strict=False):
            assert apart(one, other, eye) > 2.5


@pytest.mark.parametrize("eye", [NORMAL, *EYES.values()], ids=["normal", *EYES])
@every_palette
@both_themes
def test_the_parts_of_an_equation_have_no_color_that_means_something_else(dark, kind, eye):
    """They are in one panel, below their names; so they may be nearer to the colors of other panels."""
    colors = palette(dark, kind)
    for one, other in combinations(colors.equation, 2):
        assert apart(one, other, eye) > (15 if eye is NORMAL else 12)
    for part, (name, other) in product(colors.equation, meanings(colors).items()):
        assert apart(part, other, eye) > (15 if eye is NORMAL else 7), name


@both_themes
@both_ramps
def test_without_colors_luminance_ascends_from_the_most_negative_to_the_most_positive(dark, name):
    light = [luminance(color) for color in getattr(palette(dark, "mono"), name)]
    assert all(one < other for one, other in pairwise(light))
    assert name == "faint" or light[-1] - light[0] == pytest.approx(1)


def test_a_ramp_begins_and_ends_at_its_anchors_and_is_gray_between_black_and_white():
    colors = ramp("#000000", "#ffffff")
    assert (colors[0].lower(), colors[-1].lower()) == ("#000000", "#ffffff")
    for place, color in enumerate(colors):
        exact = 255 * place / (LEVELS - 1)
        assert all(abs(part - exact) <= 1 for part in Color.parse(color).rgb)


def test_a_ramp_passes_through_the_anchor_in_its_middle():
    colors = ramp("#000000", "#ff0000", "#ffffff")
    middle = Color.parse(colors[LEVELS // 2])
    assert middle.r > 245
    assert max(middle.g, middle.b) < 20

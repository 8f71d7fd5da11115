"""Points in a plane: where they are drawn, the circle, and lines between them."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from support.widget_hosts import on_paper
from textual.geometry import Size

from rnn_tui.ui.widgets.plane_chart import Plane, PlaneChart, Points, around, between_points


def sheet(*layers, size=(30, 11), plane=None, circle=False):
    """The texts of a chart's lines."""
    paper = on_paper(PlaneChart)()
    type(paper).size = Size(*size)
    paper.show(list(layers), plane or Plane((0.0, 0.0), 1.2), circle)
    return [line.text for line in paper.drawing()]


def glyphs(lines, glyph):
    return [(x, y) for y, line in enumerate(lines) for x, character in enumerate(line) if character == glyph]


def test_a_point_is_right_of_the_origin_if_it_is_positive_and_above_it_if_it_is_imaginary():
    lines = sheet(Points(np.array([[1.0, 0.0], [0.0, 1.0], [0.0, 0.0]]), "#ffffff", "o"))
    (top, right), middle = (glyphs(lines, "o")[0], glyphs(lines, "o")[2]), glyphs(lines, "o")[1]
    assert top[0] == middle[0]
    assert top[1] < middle[1]
    assert right[1] == middle[1]
    assert right[0] > middle[0]
    assert abs((right[0] - middle[0]) - 2 * (middle[1] - top[1])) <= 1, "a cell is twice as high as wide"


def test_the_unit_circle_goes_through_the_points_of_norm_one_and_nothing_outside_is_drawn():
    lines = sheet(circle=True)
    drawn = [(x, y) for y, line in enumerate(lines) for x, c in enumerate(line) if 0x2800 < ord(c) < 0x2900]
    assert len(drawn) > 20
    centered = np.array([((x + 0.5) - 15, 2 * (5.5 - (y + 0.5))) for x, y in drawn])
    radius = np.hypot(*centered.T)
    assert radius.max() - radius.min() < 3, "columns"
    assert glyphs(sheet(Points(np.array([[50.0, 0.0], [np.nan, 0.0], [np.inf, 1.0]]), "#ffffff", "o")), "o") == []


def test_a_line_has_no_gaps():
    places = np.array([[-1.0, -1.0], [1.0, 1.0]])
    lines = sheet(Points(places, "#ffffff", joined=True))
    for y, line in enumerate(lines[1:-1], 1):
        assert any(0x2800 < ord(character) < 0x2900 for character in line), f"row {y}"
    assert len(between_points(np.array([[0.0, 0.0]]), Plane((0, 0), 1), (40, 40))) == 1


@given(st.lists(st.tuples(st.floats(-1e6, 1e6), st.floats(-1e6, 1e6)), min_size=1, max_size=40))
def test_the_plane_around_points_shows_all_of_them(places):
    places = np.array(places)
    _, _, inside = around(places).dots(places, (44, 60))
    assert inside.all()

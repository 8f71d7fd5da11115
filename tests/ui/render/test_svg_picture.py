"""Rows of a screen as SVG."""

import re
from xml.etree import ElementTree

from rich.segment import Segment
from rich.style import Style

from rnn_tui.ui.render.drawn_characters import HEIGHT, WIDTH
from rnn_tui.ui.render.svg_picture import Ground, picture_of

GROUND = Ground("#111111", "#ffffff")
SVG = "{http://www.w3.org/2000/svg}"


def drawn(*rows, title="a title", description="more words"):
    """The picture of rows of (text, style), as a tree."""
    segments = [[Segment(text, Style.parse(style)) for text, style in row] for row in rows]
    return ElementTree.fromstring(picture_of(segments, GROUND, title, description).svg)


def texts(tree):
    """Each text with its column, its row and the columns it is set to."""
    found = []
    for each in tree.iter(f"{SVG}text"):
        place = float(each.get("x")) / WIDTH, float(each.get("y")) // HEIGHT
        found.append((each.text, *place, float(each.get("textLength", WIDTH)) / WIDTH))
    return found


def rectangles(tree):
    """Each area as color, left, top, width, height."""
    return [
        (path.get("fill"), *map(float, numbers))
        for path in tree.iter(f"{SVG}path")
        for numbers in re.findall(r"M(\S+) (\S+?)h([\d.]+)v([\d.]+)h-[\d.]+z", path.get("d"))
    ]


def test_every_run_begins_at_its_cell_and_has_the_width_of_its_cells():
    tree = drawn([("  h_t = tanh(z)   now", ""), ("x", "bold")], [("", ""), (" unit 3 ", "italic")])
    assert texts(tree) == [("h_t = tanh(z)", 2, 0, 13), ("now", 18, 0, 3), ("x", 21, 0, 1), ("unit 3", 1, 1, 6)]
    assert (tree.get("width"), tree.get("height")) == (str(22 * WIDTH), str(2 * HEIGHT))
    groups = {group[0].text: group.attrib for group in tree.iter(f"{SVG}g") if group.find(f"{SVG}text") is not None}
    assert groups["x"]["font-weight"] == "bold"
    assert groups["unit 3"]["font-style"] == "italic"


def test_wide_characters_have_two_cells_and_marks_stay_with_their_letter():
    assert texts(drawn([("a日本b", "")])) == [("a", 0, 0, 1), ("日", 1, 0, 2), ("本", 3, 0, 2), ("b", 5, 0, 1)]
    assert texts(drawn([("e\u0301t", "")])) == [("e\u0301t", 0, 0, 2)]


def test_what_xml_uses_or_forbids_is_escaped_or_replaced():
    tree = drawn([('<a & "b">', ""), ("\x1b\ud800\ufffe", "")], title="<1 & 2>", description="\x00")
    assert "".join(text for text, *_ in texts(tree)).startswith('<a & "b">')
    assert tree.find(f"{SVG}title").text == "<1 & 2>"
    assert tree.find(f"{SVG}desc").text == "\ufffd"


def test_grounds_and_blocks_are_joined_to_few_areas():
    tree = drawn([("ab", "on #ff0000"), ("  ", "on #ff0000")], [("████", "#ff0000 on #00ff00")])
    red, green = (0, 0, 4 * WIDTH, HEIGHT), (0, HEIGHT, 4 * WIDTH, HEIGHT)
    assert rectangles(tree) == [("#ff0000", *red), ("#00ff00", *green), ("#ff0000", *green)]


def test_a_half_block_has_both_colors():
    (ground, block) = rectangles(drawn([("▀", "#ff0000 on #0000ff")]))
    assert ground == ("#0000ff", 0, 0, WIDTH, HEIGHT)
    assert block == ("#ff0000", 0, 0, WIDTH, HEIGHT / 2)


def test_a_frame_is_one_line_on_each_side_with_four_corners():
    tree = drawn([("╭───╮", "")], [("│ x │", "")], [("╰───╯", "")])
    assert len(rectangles(tree)) == 4
    (corners,) = [path for path in tree.iter(f"{SVG}path") if path.get("stroke")]
    assert corners.get("d").count("M") == 4


def test_reverse_dim_underline_and_default_colors():
    assert rectangles(drawn([("a", "reverse")])) == [("#111111", 0, 0, WIDTH, HEIGHT)]
    colors = {group.get("fill") for group in drawn([("a", "dim #000000"), ("b", "")]).iter(f"{SVG}g")}
    assert {"#7f7f7f", "#111111"} <= colors
    (line,) = rectangles(drawn([("ab", "underline")]))
    assert line == ("#111111", 0, HEIGHT - 2, 2 * WIDTH, 1)


def test_the_document_refers_to_nothing_and_is_the_same_each_time():
    rows = [[Segment("⣿▃┤ loss 0.5", Style.parse("#123456 on #abcdef"))]]
    first, second = (picture_of(rows, GROUND, "t", "d").svg for _ in range(2))
    assert first == second
    assert re.findall(r"\w+://[^\"]*", first) == ["http://www.w3.org/2000/svg"]
    assert not re.search(r"href|url\(|@import|<script|<style| id=|class=", first)
    assert 'monospace"' in first


def test_nothing_at_all_is_still_a_picture():
    assert drawn().get("viewBox") == "0 0 0 0"

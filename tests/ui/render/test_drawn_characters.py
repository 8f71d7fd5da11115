"""Characters as shapes: they reach the edges of their cell where the next one begins."""

import pytest

from rnn_tui.ui.render.drawn_characters import HEIGHT, WIDTH, shapes


def reached(character):
    """The edges of the cell that the lines of a character touch."""
    edges = set()
    for x, y, width, height in shapes(character).lines:
        edges |= {name for name, there in {
            "left": x == 0, "right": x + width == WIDTH, "up": y == 0, "down": y + height == HEIGHT,
        }.items() if there}  # fmt: skip
    return edges


@pytest.mark.parametrize(
    ("character", "edges"),
    [("─", "left right"), ("┃", "up down"), ("┤", "up down left"), ("┷", "left right up"), ("┼", "up down left right"),
     ("╴", "left"), ("╻", "down"), ("┕", "up right"), ("╼", "left right")],
)  # fmt: skip
def test_lines_reach_the_edges_that_their_names_say(character, edges):
    assert reached(character) == set(edges.split())


def test_heavy_lines_are_thicker_and_each_arm_has_its_own():
    assert {min(part[2:]) for part in shapes("━").lines} == {2}
    assert sorted(min(part[2:]) for part in shapes("╼").lines) == [1, 2]


def test_every_character_of_frames_blocks_and_braille_has_shapes_in_its_cell_or_is_text():
    text = set()
    for code in (*range(0x2500, 0x25A0), *range(0x2801, 0x2900)):
        found = shapes(chr(code))
        if found is None:
            text.add(chr(code))
            continue
        assert found.blocks or found.lines or found.dots or found.corner
        for x, y, width, height in found.blocks + found.lines:
            assert 0 <= x < x + width <= WIDTH
            assert 0 <= y < y + height <= HEIGHT
        assert all(0 < x < WIDTH and 0 < y < HEIGHT for x, y in found.dots)
    assert text == {*"═║╒╓╔╕╖╗╘╙╚╛╜╝╞╟╠╡╢╣╤╥╦╧╨╩╪╫╬╱╲╳"}
    assert shapes("a") is None


def test_blocks_cover_what_they_are_called():
    def area(character):
        return sum(width * height for _, _, width, height in shapes(character).blocks)

    cell = WIDTH * HEIGHT
    for eighths, character in enumerate("▁▂▃▄▅▆▇█", 1):
        assert area(character) == cell * eighths / 8
    for eighths, character in enumerate("▏▎▍▌▋▊▉█", 1):
        assert area(character) == cell * eighths / 8
    assert [area(each) / cell for each in "▀▐▔▕▖▞▟"] == [1 / 2, 1 / 2, 1 / 8, 1 / 8, 1 / 4, 1 / 2, 3 / 4]
    assert shapes("▒").cover == 0.5


def test_braille_dots_are_where_unicode_puts_them():
    assert shapes("⠁").dots == ((2, 2),)
    assert shapes("⢀").dots == ((6, 14),)
    assert shapes("⡇").dots == ((2, 2), (2, 6), (2, 10), (2, 14))

"""A drawing of characters: what is outside is cut off, and wide characters keep their two columns."""

from rich.style import Style

from rnn_tui.ui.render.character_grid import CharacterGrid


def test_text_is_written_and_cut_off_at_the_edges():
    grid = CharacterGrid(2, 5)
    assert grid.write(0, 3, "abc") == 6
    assert grid.write(1, -1, "xy") == 1
    grid.write(7, 0, "nowhere")
    assert grid.lines == ["   ab", "y    "]
    assert (grid.at(0, 3), grid.at(9, 0), grid.at(0, -1)) == ("a", "", "")


def test_a_wide_character_has_two_columns_or_is_left_out():
    grid = CharacterGrid(1, 4)
    grid.write(0, 0, "a界e\u0301")
    assert grid.lines == ["a界e\u0301"]
    grid = CharacterGrid(1, 2)
    grid.write(0, 1, "界")
    assert grid.lines == ["  "]


def test_an_empty_color_leaves_the_one_before_and_equal_looks_are_one_segment():
    grid = CharacterGrid(1, 4)
    grid.write(0, 0, "    ", "#111111", "#222222")
    grid.write(0, 1, "x", "#333333")
    assert grid.ground_at(0, 1) == "#222222"
    (strip,) = grid.strips(lambda color, ground: Style(color=color or None, bgcolor=ground or None))
    assert [segment.text for segment in strip] == [" ", "x", "  "]


def test_a_drawing_is_put_into_another():
    grid, part = CharacterGrid(2, 4), CharacterGrid(3, 3)
    part.write(0, 0, "abc")
    grid.put(part, 1, 2)
    assert grid.lines == ["    ", "  ab"]

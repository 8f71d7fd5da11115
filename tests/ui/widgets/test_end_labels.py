"""Names at the ends of curves: close to them, in their order, and over nothing."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from rnn_tui.ui.widgets.end_labels import CLOSE, EndLabel, beside, placed, stacked, written

ascending = st.lists(st.floats(-3, 12), max_size=5).map(sorted)


@given(ascending, st.integers(5, 9))
def test_everybody_gets_a_row_of_its_own_in_order(wanted, rows):
    found = stacked(wanted, rows)
    assert len(found) == len(wanted)
    assert found == sorted(set(found))
    assert all(0 <= row < rows for row in found)


@given(st.lists(st.integers(0, 5), min_size=1, max_size=4).map(sorted))
def test_no_other_rows_lie_nearer_to_the_wanted_ones(wanted):
    """Of all that keep the order, in squares; to the rounding of a row."""

    def far(rows):
        return sum((a - b) ** 2 for a, b in zip(rows, wanted, strict=True))

    every = (rows for rows in product(range(6), repeat=len(wanted)) if list(rows) == sorted(set(rows)))
    assert far(stacked(wanted, 6)) <= min(map(far, every)) + len(wanted) / 4 + 1e-9


def test_what_does_not_collide_stays_where_it_wants_to_be():
    assert stacked([0.0, 2.3, 5.0], 8) == [0, 2, 5]
    assert stacked([3.0, 3.0, 3.0], 8) == [2, 3, 4]
    assert stacked([7.0, 7.0], 8) == [6, 7]


words = st.sampled_from(["RNN", "FNN", "1 RNN", "?", "a long name"])
some_tags = st.lists(st.builds(EndLabel, words, st.just("#ffffff"), st.floats(-1, 11), st.integers(0, 29)), max_size=12)


@given(some_tags, st.integers(0, 2**32 - 1), st.floats(0, 1), st.integers(0, 12))
def test_wherever_curves_end_their_names_stand_on_what_is_free_and_not_on_each_other(tags, seed, dense, room):
    free = np.random.default_rng(seed).random((10, 30 + room)) >= dense
    free[:, 30:] = True
    taken = ~free
    for tag, y, x in placed(tags, free, 30):
        assert x >= 0
        assert x + len(tag.text) <= 30 + room
        assert not taken[y, x : x + len(tag.text)].any()
        taken[y, x : x + len(tag.text)] = True
        if x <= 30 and tag.column < 28:
            assert abs(y - tag.row) <= CLOSE


def test_names_at_the_right_edge_stand_beside_the_drawing_in_the_order_of_their_ends():
    tags = [EndLabel("one", "", 4.2, 29), EndLabel("two", "", 4.0, 28), EndLabel("three", "", 0.0, 29)]
    free = np.zeros((8, 36), bool)
    free[:, 30:] = True
    found = {tag.text: (y, x) for tag, y, x in placed(tags, free, 30)}
    assert {x for _, x in found.values()} == {31}
    assert [found[name][0] for name in ("three", "two", "one")] == [0, 4, 5]


def test_a_name_within_the_drawing_stands_right_of_its_end():
    free = np.ones((5, 30), bool)
    free[2, :11] = False
    assert list(placed([tag := EndLabel("RNN", "", 2.0, 10)], free, 30)) == [(tag, 2, 12)]


def test_where_that_is_taken_it_stands_in_another_row_and_where_all_is_taken_nowhere():
    free = np.ones((5, 30), bool)
    free[2] = False
    ((_, y, x),) = placed([EndLabel("RNN", "", 2.0, 10)], free, 30)
    assert (abs(y - 2), x) == (1, 12)
    assert list(placed([EndLabel("RNN", "", 2.0, 10)], np.zeros((5, 30), bool), 30)) == []


def test_beside_the_end_of_another_curve_stands_no_name_but_its_own():
    free = np.ones((5, 30), bool)
    free[1:3, :11] = False
    hidden, own = EndLabel("hidden", "", 1.0, 10), EndLabel("own", "", 2.0, 10)
    found = {tag.text: (y, x) for tag, y, x in placed([EndLabel("over", "", 1.0, 10), hidden, own], free, 30)}
    assert found["over"] == (1, 12)
    assert found["own"] == (2, 12)
    assert found["hidden"][0] in (0, 3)


@given(st.lists(st.text("ab網e\u0301", min_size=1, max_size=8), min_size=1, max_size=12), st.integers(2, 14))
def test_names_of_any_width_keep_every_row_as_wide_as_the_drawing(names, rows):
    tags = [EndLabel(name, "#ffffff", float(row % rows), 39) for row, name in enumerate(names)]
    room = beside(names, 60)
    texts, inks = written(tags, [[" "] * 40 for _ in range(rows)], [[""] * 40 for _ in range(rows)], room)
    assert {cell_len("".join(row)) for row in texts} == {40 + room}
    assert {len(row) for row in inks} == {40 + room}
    shown = "".join(map("".join, texts))
    assert all(name.lstrip("\u0301") in shown for name in names[: rows if room else 0])


def test_a_name_is_written_in_its_color_over_dashes():
    characters, colors = [list("⣿⣿⣿╌╌╌╌╌╌╌")], [["#111111"] * 10]
    texts, inks = written([EndLabel("RNN", "#222222", 0.0, 2)], characters, colors, 0)
    assert "".join(texts[0]) == "⣿⣿⣿╌RNN╌╌╌"
    assert inks[0][4:7] == ["#222222"] * 3
    assert set(inks[0][:4] + inks[0][7:]) == {"#111111"}


@pytest.mark.parametrize(
    ("texts", "columns", "room"), [([], 60, 0), ([""], 60, 0), (["RNN", "FNN10"], 60, 6), (["RNN"], 9, 0)]
)
def test_so_many_columns_are_left_free_as_the_longest_name_needs_and_not_where_few_would_be_left(texts, columns, room):
    assert beside(texts, columns) == room

"""Words under the mouse, and words of the panel with the focus."""

import pytest
from support.lab_driver import lab
from support.waiting import wait_until

from rnn_tui.ui.panels.comparison import ComparisonPanel
from rnn_tui.ui.widgets.explained_words import term_at
from rnn_tui.ui.widgets.text_page import TextPage


@pytest.mark.parametrize(
    ("line", "column", "name"),
    [
        ("lane  floor above it", 0, "lane"),
        ("lane  floor above it", 6, "floor"),
        ("lane  floor above it", 10, "floor"),
        ("lane  floor above it", 11, None),
        ("lane  floor above it", 18, "above it"),
        ("界 floor", 3, "floor"),  # a wide character before it
        ("Floors", 1, None),
        ("the floors", 5, None),
        ("P(1) = 0.59", 2, "P(1)"),
        ("", 0, None),
    ],
)
def test_the_word_at_a_column_is_explained_and_parts_of_words_are_not(line, column, name):
    term = term_at(line, column)
    assert (term and term.name) == name


async def test_the_mouse_shows_what_a_word_means_and_the_focus_explains_the_panel() -> None:
    async with lab(size=(80, 24)) as it:
        panel = it.app.lab.query_one(ComparisonPanel)
        page = panel.query_one(TextPage)
        await it.press("5")
        await it.shows("lowest loss with these inputs")
        (row,) = [y for y in range(page.size.height) if "floor" in page.render_line(y).text.split()]
        column = page.render_line(row).text.index("floor")
        await it.pilot.hover(page, offset=(column, row))
        await wait_until(lambda: str(panel.tooltip).startswith("floor: the lowest loss"))
        await it.press("2")
        await wait_until(lambda: "lowest loss with these inputs" not in it.screen_text())

"""The help: every key, every panel."""

import pytest
from textual.binding import Binding
from textual.containers import VerticalScroll
from ui.hosts import Host

from rnn_tui.ui.canvas import Canvas
from rnn_tui.ui.screens.help import PANELS, Help, key_names
from rnn_tui.ui.screens.keys import KEYS
from rnn_tui.ui.screens.lab import PANELS as LAB_PANELS

TEXT = Help(KEYS)._content(Canvas()).plain
ROWS = [line for line in TEXT.splitlines() if line.startswith("  ")]


@pytest.mark.parametrize(
    ("keys", "names"),
    [("s", "s"), ("plus,equals_sign", "+ ="), ("question_mark", "?"), ("w,ctrl+s", "w ctrl+s"), ("minus", "−")],
)
def test_keys_are_named_as_they_are_printed_on_the_keyboard(keys, names):
    assert key_names(Binding(keys, "x")) == names


def test_every_key_has_a_row_that_explains_it():
    rows = dict(
        row[2:].split(maxsplit=1) if " " not in row[2:12].strip() else (row[2:12].strip(), row[12:]) for row in ROWS
    )
    for binding in KEYS:
        if not binding.action.startswith("panel("):
            assert rows[key_names(binding)] == binding.tooltip
    assert "Go to a panel" in rows["1 … 6"]


def test_no_key_is_named_by_textuals_word_for_it_and_none_runs_into_its_meaning():
    for binding in KEYS:
        names = key_names(binding)
        assert "_" not in names
        assert len(names) < 10


def test_the_panels_are_explained_in_their_order():
    assert [int(name.split()[0]) for name in PANELS] == [kind.number for kind in LAB_PANELS]
    places = [TEXT.index(f"{name}  {meaning}") for name, meaning in PANELS.items()]
    assert places == sorted(places)


async def test_it_scrolls_on_a_small_terminal_and_closes():
    app = Host()
    async with app.run_test(size=(60, 18)) as pilot:
        for key in ("escape", "question_mark"):
            app.push_screen(Help(KEYS))
            await pilot.pause()
            assert any("Watch a net with memory" in line for line in app.shown)
            app.screen.query_one(VerticalScroll).scroll_end(animate=False)
            await pilot.pause()
            assert not any("Watch a net with memory" in line for line in app.shown)
            await pilot.press(key)
            assert not isinstance(app.screen, Help)

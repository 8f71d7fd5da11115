"""The help: every key, every panel."""

import re

import pytest
from textual.binding import Binding
from textual.containers import VerticalScroll
from ui.hosts import Host

from rnn_tui.ui.panels.controls import Controls
from rnn_tui.ui.screens.help import Help, key_names
from rnn_tui.ui.screens.keys import KEYS
from rnn_tui.ui.screens.lab import PANELS as LAB_PANELS
from rnn_tui.ui.screens.meaning import PANELS

TEXT = Help(KEYS)._content(200).plain
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
    assert [int(panel.heading.split()[0]) for panel in PANELS] == [kind.number for kind in LAB_PANELS]
    places = [TEXT.index(f"{panel.heading}  {panel.says}") for panel in PANELS]
    assert places == sorted(places)


@pytest.mark.parametrize("panel", PANELS, ids=lambda panel: panel.heading)
def test_a_panel_has_two_sentences_a_formula_and_keys_that_there_are(panel):
    assert len(re.split(r"(?<=\w)\. ", panel.says)) == 2
    assert "=" in panel.formula
    assert {*panel.actions} <= {binding.id for binding in KEYS}
    assert panel.actions


@pytest.mark.parametrize("number", range(1, 7))
def test_the_panel_one_is_in_comes_first_with_its_keys_and_is_not_said_twice(number):
    panel, text = PANELS[number - 1], Help(KEYS, number)._content(200).plain
    assert text.startswith(f"{panel.heading}\n{panel.says}\n")
    head, rest = text.split("Watch a net with memory")
    assert all(f"  {line}" in head for line in panel.formula.split("\n"))
    tooltips = {binding.id: binding.tooltip for binding in KEYS}
    assert all(tooltips[ident] in head for ident in panel.actions)
    assert panel.more in head
    assert panel.says not in rest
    assert "Other panels" in rest
    assert all(other.says in rest for other in PANELS if other is not panel)


def test_the_controls_own_keys_are_all_told():
    names = {key_names(binding) for binding in Controls.BINDINGS if binding.id.startswith("controls.")}
    assert names == {name for keys, _ in PANELS[0].keys for name in keys.split()}


@pytest.mark.parametrize("width", [50, 66, 84])
def test_what_a_key_does_stands_in_a_column_of_its_own(width):
    for number in range(7):
        for line in Help(KEYS, number)._content(width).plain.splitlines():
            assert not line.startswith(" ") or len(line) <= width or line.strip() in str([p.formula for p in PANELS])


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

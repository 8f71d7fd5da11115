"""The help: every key, every panel."""

from textual.containers import VerticalScroll
from ui.hosts import Host

from rnn_tui.ui.keymap import Keymap
from rnn_tui.ui.keynames import key_names
from rnn_tui.ui.screens.help import PANELS, Help
from rnn_tui.ui.screens.keys import KEYS, PANEL_KEYS
from rnn_tui.ui.screens.lab import PANELS as LAB_PANELS


def text_of(keys):
    return Help(keys)._content().plain


def rows_of(keys):
    """What is said of each key."""
    rows = [line[2:] for line in text_of(keys).splitlines() if line.startswith("  ")]
    width = max(len(row.split("  ")[0]) for row in rows) + 2
    return {row[:width].strip(): row[width:] for row in rows}


def test_every_key_has_a_row_that_explains_it():
    rows = rows_of(Keymap())
    for binding in KEYS:
        if not binding.action.startswith("panel("):
            assert rows[key_names(binding)] == binding.tooltip
    assert "Go to a panel" in rows["1 … 6"]
    assert [rows["pgdn"], rows["pgup"]] == [binding.tooltip for binding in PANEL_KEYS]


def test_no_key_is_named_by_textuals_word_for_it():
    assert not any("_" in names for names in rows_of(Keymap()))


def test_the_keys_in_force_are_the_ones_that_are_explained():
    keys = Keymap({"run.play": "P,ctrl+shift+f12", "look.panel_2": "f2", "look.zoom": "Z", "look.state": "e"})
    rows = rows_of(keys)
    assert rows["P ctrl+shift+f12"] == "Train, until you press it again"
    assert rows["f2"] == "Go to panel 2"
    assert rows["3"] == "Go to panel 3"
    assert "1 … 6" not in rows
    said = text_of(keys)
    assert all(words in said for words in ("train with P", "e shows the c", "Zoom it with Z"))


def test_the_panels_are_explained_in_their_order():
    assert [int(name.split()[0]) for name in PANELS] == [kind.number for kind in LAB_PANELS]
    said = text_of(Keymap())
    places = [said.index(f"{name}  {Keymap().say(meaning)}") for name, meaning in PANELS.items()]
    assert places == sorted(places)
    assert "{" not in said


async def test_it_scrolls_on_a_small_terminal_and_closes():
    app = Host()
    async with app.run_test(size=(60, 18)) as pilot:
        for key in ("escape", "question_mark"):
            app.push_screen(Help(Keymap()))
            await pilot.pause()
            assert any("Watch a net with memory" in line for line in app.shown)
            app.screen.query_one(VerticalScroll).scroll_end(animate=False)
            await pilot.pause()
            assert not any("Watch a net with memory" in line for line in app.shown)
            await pilot.press(key)
            assert not isinstance(app.screen, Help)

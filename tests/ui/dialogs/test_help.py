"""The help: every key, every panel."""

import re

import pytest
from support.widget_hosts import Host, bundled, preset_of
from textual.containers import VerticalScroll

from rnn_tui.engine.losses import binary_cross_entropy, cross_entropy, mean_squared_error
from rnn_tui.ui.dialogs.help import INDENT, HelpDialog
from rnn_tui.ui.input.bindings import PANEL_KEYS, lab_keys, named
from rnn_tui.ui.input.key_names import key_names
from rnn_tui.ui.input.keymap import Keymap
from rnn_tui.ui.panels.registry import declarations

PANELS = declarations()
DEFAULT_KEYMAP = Keymap()


def text_of(keys=DEFAULT_KEYMAP, panel="", width=200):
    return HelpDialog(keys, panel).page(width).plain


def rows_of(keys=DEFAULT_KEYMAP):
    """What is said of each key."""
    text = text_of(keys).split("\nKeys\n")[1].split("\nPanels")[0]
    rows = [line for line in text.splitlines() if line.startswith("  ")]
    return {row[:INDENT].strip(): row[INDENT:] for row in rows if row[INDENT - 2 : INDENT] == "  "}


def test_every_key_has_a_row_that_explains_it():
    rows = rows_of()
    for binding in [*lab_keys(), *PANEL_KEYS]:
        if not binding.action.startswith("panel("):
            assert rows[key_names(binding)] == binding.tooltip
    assert "Go to a panel" in rows[f"1 … {len(PANELS)}"]


def test_no_key_is_named_by_textuals_word_for_it_and_none_runs_into_its_meaning():
    for binding in named().values():
        names = key_names(binding)
        assert "_" not in names
        assert len(names) <= INDENT - 4


def test_the_keys_in_force_are_the_ones_that_are_explained():
    keys = Keymap({"run.play": "P,f12", "look.panel_2": "f2", "look.zoom": "Z", "look.state": "e"})
    rows = rows_of(keys)
    assert rows["P f12"] == "Train, until you press it again"
    assert rows["f2"] == "Go to panel 2"
    assert rows["3"] == "Go to panel 3"
    assert not any(keys.startswith("1 …") for keys in rows)
    said = text_of(keys)
    assert all(words in said for words in ("train with P", "e shows c and"))


def test_the_panels_are_explained_in_their_order():
    said = text_of()
    places = [said.index(f"{panel.heading}  {DEFAULT_KEYMAP.say(panel.help.says)}") for panel in PANELS]
    assert places == sorted(places)
    assert "{look" not in said
    assert "{run" not in said


@pytest.mark.parametrize("panel", PANELS, ids=lambda panel: panel.heading)
def test_a_panel_has_two_or_three_sentences_a_formula_and_keys_that_there_are(panel):
    assert len(re.split(r"(?<=\w)\. ", panel.help.says)) in (2, 3)
    assert "=" in panel.help.formula
    assert {*panel.help.keys} <= named().keys()
    assert panel.help.keys


@pytest.mark.parametrize("panel", PANELS, ids=lambda panel: panel.name)
def test_the_panel_one_is_in_comes_first_with_its_keys_and_is_not_said_twice(panel):
    text = text_of(panel=panel.name)
    assert text.startswith(f"{panel.heading}\n{DEFAULT_KEYMAP.say(panel.help.says)}\n")
    head, rest = text.split("Compare how a net with memory")
    assert all(f"  {line}" in head for line in panel.help.formula.split("\n"))
    assert all(named()[name].tooltip in head for name in panel.help.keys)
    assert DEFAULT_KEYMAP.say(panel.help.more) in head
    assert DEFAULT_KEYMAP.say(panel.help.says) not in rest
    assert "Other panels" in rest
    assert all(DEFAULT_KEYMAP.say(other.help.says) in rest for other in PANELS if other is not panel)


@pytest.mark.parametrize("panel", PANELS, ids=lambda panel: panel.name)
def test_a_panels_own_keys_are_all_told(panel):
    assert {binding.id for binding in panel.keys} <= set(panel.help.keys)


@pytest.mark.parametrize("width", [50, 66, 84])
def test_what_a_key_does_stands_in_a_column_of_its_own(width):
    for name in ("", *(panel.name for panel in PANELS)):
        for line in text_of(panel=name, width=width).splitlines():
            assert (
                not line.startswith(" ")
                or len(line) <= width
                or line.strip() in str([panel.help.formula for panel in PANELS])
            )


def test_the_preset_comes_first_with_what_to_try_in_the_keys_in_force():
    preset = preset_of({"kind": "rnn"}).with_values(expect="It learns.", hints=["Press {look.lane} for [the] other."])
    text = HelpDialog(Keymap({"look.lane": "n"}), "loss", preset).page(80).plain
    assert text.startswith("This preset\nIt learns.\nTry: Press n for [the] other.\n\n4 loss")


def test_the_glossary_has_the_words_of_the_current_panel_first():
    said = HelpDialog(DEFAULT_KEYMAP, "comparison").glossary().plain
    own, others = said.removeprefix("Words of this panel\n").split("Other words\n")
    assert "floor: the lowest loss" in own
    assert "above it = loss − floor" in own
    assert "keyframe: " in others
    assert HelpDialog(DEFAULT_KEYMAP).glossary().plain.startswith("Words\n")


def test_a_word_is_searched_in_the_glossary_and_in_the_keys():
    dialog = HelpDialog(DEFAULT_KEYMAP)
    found = dialog.found("undo", 80).plain
    assert "Undo the last change of settings" in found
    assert dialog.found("nat", 80).plain.startswith("nat, nats: ")
    assert "Nothing in the help contains 'xyz'. esc: the whole help" in dialog.found("xyz", 80).plain


async def test_the_search_opens_filters_and_closes_before_the_help():
    app = Host()
    async with app.run_test(size=(80, 24)) as pilot:
        app.push_screen(HelpDialog(DEFAULT_KEYMAP))
        await pilot.press("slash", *"pieces")
        assert any(line.strip(" │").startswith("pieces: the number of batches") for line in app.shown)
        await pilot.press("enter", "escape")
        assert isinstance(app.screen, HelpDialog)
        await pilot.press("w")
        await pilot.pause()
        assert any(line.strip(" │").startswith("above it: the distance") for line in app.shown)
        await pilot.press("escape")
        assert not isinstance(app.screen, HelpDialog)


async def test_it_scrolls_on_a_small_terminal_and_closes():
    app = Host()
    async with app.run_test(size=(60, 18)) as pilot:
        for key in ("escape", "question_mark"):
            app.push_screen(HelpDialog(DEFAULT_KEYMAP))
            await pilot.pause()
            assert any("Compare how a net with memory" in line for line in app.shown)
            app.screen.query_one(VerticalScroll).scroll_end(animate=False)
            await pilot.pause()
            assert not any("Compare how a net with memory" in line for line in app.shown)
            await pilot.press(key)
            assert not isinstance(app.screen, HelpDialog)


@pytest.mark.parametrize("name", ["echo", "letters", "wave"])
def test_the_formula_of_the_loss_is_that_of_the_task_on_the_screen(name):
    preset = bundled(name)
    text = HelpDialog(DEFAULT_KEYMAP, "loss", preset).page(88).plain
    assert preset.task.loss.formulas[0] in text
    others = {loss.formulas[0] for loss in (cross_entropy, binary_cross_entropy, mean_squared_error)}
    assert not any(formula in text for formula in others - {preset.task.loss.formulas[0]})

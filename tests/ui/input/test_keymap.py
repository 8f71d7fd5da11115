"""The keys in force: merged from the usual ones, vim's and the user's, and without two meanings."""

import ast
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.examples import fewer_examples
from textual.binding import BindingsMap

import rnn_tui.ui
from rnn_tui.ui.config import Config
from rnn_tui.ui.input.bindings import LESSON_KEYS, lab_keys, named, vim_keys
from rnn_tui.ui.input.key_conflicts import SHARED
from rnn_tui.ui.input.keymap import PLACE, Keymap, keymap_of
from rnn_tui.ui.lab.screen import LabScreen


def keymap(vim=False, **keys):
    return keymap_of(Config(vim=vim, keys={name.replace("__", "."): text for name, text in keys.items()}))


def problems(vim=False, **keys):
    found, said = keymap(vim, **keys)
    assert found == Keymap(vim_keys() if vim else {})  # then none of the user's keys is in force
    return said


def test_vim_adds_to_the_arrows_and_moves_what_stood_there():
    keys, _ = keymap(vim=True)
    assert [keys.keys(f"look.{way}") for way in ("earlier", "unit_down", "unit_up", "later")] == [
        ["left", "h"], ["down", "j"], ["up", "k"], ["right", "l"]
    ]  # fmt: skip
    assert (keys.printed("look.lane"), keys.printed("run.pin"), keys.printed("run.unpin")) == ("L", "c", "C")


def test_the_users_keys_go_before_vims():
    keys, said = keymap(vim=True, look__lane="F")
    assert not said
    assert keys.printed("look.lane") == "F"
    assert keys.printed("look.later") == "→"


def test_keys_can_change_places():
    keys, said = keymap(run__step="b", run__back="s")
    assert not said
    assert (keys.printed("run.step"), keys.printed("run.back")) == ("b", "s")


@pytest.mark.parametrize(
    ("keys", "key", "names"),
    [
        ({"run__play": "s"}, "s", ["run.play", "run.step"]),
        ({"run__play": "i", "run__step": "i, s"}, "i", ["run.play", "run.step"]),
        ({"run__play": "?", "run__step": "question_mark"}, "?", ["run.play", "run.step", "app.help"]),
        ({"run__step": "enter"}, "enter", ["run.step", "controls.type"]),
        ({"look__lane": "left", "look__earlier": "F"}, "←", ["look.lane", "controls.previous"]),
        ({"run__step": "pgdn"}, "pgdn", ["run.step", "panel.read_on"]),
        ({"slow__on": "u"}, "u", ["slow.on", "slow.leave"]),
        ({"run__step": "ctrl+q"}, "ctrl+q", ["quits", "run.step"]),
        ({"run__step": "tab"}, "tab", ["the next panel", "run.step"]),
    ],
)
def test_two_meanings_of_a_key_are_told_with_both_names(keys, key, names):
    said = problems(**keys)  # one for each panel that uses the key
    assert all(repr(key) in line for line in said)
    assert any(all(name in line for name in names) for line in said)


def test_the_arrows_may_be_the_controls_and_the_labs_at_once():
    assert not keymap(look__later="F", controls__next="F")[1]


def test_every_problem_is_told_at_once():
    said = problems(run__stepp="n", run__step="spcae", run__play="b", look__log="R", look__lane=3, zzz="n")
    assert len(said) == 6
    assert "did you mean 'run.step'" in said[0]
    assert any("keys.look.lane = 3: must be text in quotes" in line for line in said)
    assert any("rnn-tui config lists them" in line for line in said)


# keys of the lab that have no other meaning elsewhere, such as those of lessons in slow motion
ONLY_THERE = sorted({binding.id for binding in lab_keys()} - SHARED - {binding.id for binding in LESSON_KEYS})


@fewer_examples
@given(st.permutations(ONLY_THERE), st.integers(0, len(lab_keys())))
def test_textual_leaves_no_binding_without_a_key(order, count):
    """However many keys go round among their bindings."""
    names = order[:count]
    moved = {name: named()[other].key for name, other in zip(names, names[1:] + names[:1], strict=True)}
    keys, said = keymap_of(Config(keys=moved))
    assert not said
    bindings = BindingsMap(LabScreen.BINDINGS)
    bindings.apply_keymap(dict(keys.changed))
    in_force = {(key, binding.id) for key, all_of_it in bindings.key_to_bindings.items() for binding in all_of_it}
    assert in_force == {(key, binding.id) for binding in lab_keys() for key in keys.keys(binding.id)}


def test_a_vim_key_that_is_taken_is_told():
    assert "'j'" in problems(vim=True, run__step="j")[0]


def test_bindings_in_force_keep_all_but_their_keys():
    keys, _ = keymap(run__step="ctrl+n, F", look__log="Q")
    step, log, play = keys.bound([named()["run.step"], named()["look.log"], named()["run.play"]])
    assert (step.key, step.key_display, step.action) == ("ctrl+n,F", "ctrl+n", "step(1)")
    assert (log.key, log.key_display) == ("Q", None)
    assert play is named()["run.play"]


def test_a_sentence_has_the_keys_in_force_and_keeps_braces_that_name_none():
    keys, _ = keymap(run__play="F")
    assert (
        keys.say("{run.play} trains · {look.later} walks · {no.such} {x} {}") == "F trains · → walks · {no.such} {x} {}"
    )


def test_arrows_with_the_same_key_held_are_said_in_short():
    say = Keymap().say
    assert say("{dialog.read_up} {dialog.read_on}: read · {list.up}{list.down}") == "shift+↑↓: read · ↑↓"
    keys, _ = keymap(dialog__read_up="f7", dialog__read_on="alt+down")
    assert keys.say("{dialog.read_up} {dialog.read_on}: read") == "f7 alt+↓: read"


def test_in_lists_the_arrows_stay_whatever_else_moves():
    keys, said = keymap(list__up="ctrl+g", list__down="n, down")
    assert not said
    assert (keys.keys("list.up"), keys.keys("list.down")) == (["up", "ctrl+g"], ["down", "n"])


def test_sentences_name_bindings_that_there_are():
    """In all files of the screen: a misspelt one would be shown with its braces."""
    mentioned = set()
    for file in Path(rnn_tui.ui.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                mentioned |= set(PLACE.findall(node.value))
    assert len(mentioned) > 20
    assert mentioned <= set(named())


def test_no_usual_key_of_the_lab_is_one_that_a_terminal_cannot_send():
    assert not any(re.search(r"ctrl\+[imh]$|ctrl\+shift", binding.key) for binding in lab_keys())

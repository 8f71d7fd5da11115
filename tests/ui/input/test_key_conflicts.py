"""Every binding of ours: it has a name, a tooltip and a place in the help, and no two in one place share a key."""

import pkgutil
from importlib import import_module

import pytest
from support.lab_driver import lab
from support.textual_private import bindings_of
from support.waiting import wait_until
from support.widget_hosts import Host
from textual.app import App
from textual.binding import Binding
from textual.dom import DOMNode
from textual.widgets import Input

import rnn_tui.ui
from rnn_tui.ui.config import Config
from rnn_tui.ui.dialogs.base import ConfirmDialog, FutureDialog, TextDialog
from rnn_tui.ui.dialogs.description import DescriptionDialog
from rnn_tui.ui.dialogs.export import ExportDialog
from rnn_tui.ui.dialogs.help import HelpDialog
from rnn_tui.ui.dialogs.open_file import OpenFileDialog
from rnn_tui.ui.dialogs.preset_picker import PresetPicker
from rnn_tui.ui.input.bindings import PANEL_KEYS, lab_keys, named, vim_keys
from rnn_tui.ui.input.key_conflicts import APP, EDITING, all_places, clashes
from rnn_tui.ui.input.key_names import key_names
from rnn_tui.ui.input.keymap import Keymap, keymap_of
from rnn_tui.ui.panels.declaration import LEARN
from rnn_tui.ui.panels.registry import declarations

MODULES = [import_module(found.name) for found in pkgutil.walk_packages(rnn_tui.ui.__path__, "rnn_tui.ui.")]
OURS = {
    kind
    for module in MODULES
    for kind in vars(module).values()
    if isinstance(kind, type) and issubclass(kind, DOMNode) and kind.__module__.startswith("rnn_tui.ui")
}
BOUND = {kind.__name__: kind.__dict__["BINDINGS"] for kind in sorted(OURS, key=str) if kind.__dict__.get("BINDINGS")}
BOTH_WAYS = pytest.mark.parametrize("vim", [False, True])


def problems(vim=False, **keys):
    found, said = keymap_of(Config(vim=vim, keys={name.replace("__", "."): text for name, text in keys.items()}))
    assert found == Keymap(vim_keys() if vim else {})  # then none of the user's keys is in force
    return said


def keymap(vim, **keys):
    found, said = keymap_of(Config(vim=vim, keys={name.replace("__", "."): text for name, text in keys.items()}))
    assert said == []
    return found


def test_the_walk_finds_the_lab_its_panels_its_dialogs_and_their_lists():
    assert {
        "LabScreen",
        "Panel",
        "ControlsPanel",
        "SlowMotionScreen",
        "HelpDialog",
        "Search",
        "FolderTree",
        "Parts",
        "ScrollingDialog",
    } <= {*BOUND}
    assert len(BOUND) > 15


@pytest.mark.parametrize("name", BOUND)
def test_a_binding_has_a_name_a_description_and_a_tooltip_and_is_among_those_that_settings_change(name):
    for binding in BOUND[name]:
        assert isinstance(binding, Binding)
        assert binding.id
        assert binding.tooltip
        assert binding.description
        default = named()[binding.id]
        assert (binding.key, binding.tooltip) == (default.key, default.tooltip)


def test_all_that_settings_may_change_is_bound_somewhere():
    assert {binding.id for bindings in BOUND.values() for binding in bindings} == {*named()}


def test_no_key_is_answered_to_but_by_a_binding():
    """Else it could not be changed, and no clash with it would be told."""
    answering = ("on_key", "_on_key", "on_event", "key_", "check_consume_key")
    found = {(kind.__name__, name) for kind in OURS for name in vars(kind) if name.startswith(answering)}
    found.remove(("WhatIfMenu", "on_key"))  # its letters are in its lines, and in force only there
    assert found == {("LabApp", "on_event"), ("GuardedApp", "on_event")}  # have training stand back, and keys wait


@BOTH_WAYS
@pytest.mark.parametrize("name", BOUND)
def test_no_two_bindings_of_a_widget_share_a_key(name, vim):
    keys = keymap(vim)
    all_of_them = [key for binding in BOUND[name] for key in keys.keys(binding.id)]
    assert len(all_of_them) == len({*all_of_them})


@BOTH_WAYS
def test_the_usual_keys_clash_nowhere(vim):
    assert clashes(keymap(vim).keys) == []


@BOTH_WAYS
def test_the_help_tells_every_one_of_them_with_its_keys(vim):
    keys = keymap(vim)
    rows = [" ".join(line.split()) for line in HelpDialog(keys).page(200).plain.splitlines()]
    for binding in keys.bound(named().values()):
        if not binding.action.startswith("panel("):  # which are one row
            assert f"{key_names(binding)} {binding.tooltip}" in rows


# Which of them meet.


async def names_on(app: App[None]) -> set[str]:
    """The names of all that is bound on the screen, whatever has the focus."""
    nodes = app.screen.walk_children(with_self=True)
    return {binding.id for node in nodes for binding in bindings_of(node) if binding.id}


def known(names):
    """Whether these are the keys of a place; the lab has those of all panels of its first page."""
    own = [key for panel in declarations() if panel.is_on(LEARN) for key in panel.keys]
    lab = {str(binding.id) for binding in (*lab_keys(), *PANEL_KEYS, *own)}
    return names == lab or any(names == {*place.defaults} for place in all_places())


DIALOGS = {
    "a text": lambda: TextDialog("Set it", "about", "", str),
    "presets": lambda: PresetPicker("echo"),
    "a file": OpenFileDialog,
    "export": ExportDialog,
    "yes or no": lambda: ConfirmDialog("Quit?", "quit", "stay"),
    "a future": lambda: FutureDialog("Which?"),
    "help": lambda: HelpDialog(Keymap()),
}


@pytest.mark.parametrize("dialog", DIALOGS)
async def test_what_is_bound_in_a_dialog_is_looked_through_together(dialog):
    app = Host()
    async with app.run_test() as pilot:
        app.push_screen(DIALOGS[dialog]())
        await pilot.pause()
        names = await names_on(app)
        assert names
        assert known(names)


async def test_what_is_bound_in_the_lab_in_its_description_and_in_slow_motion_is_too():
    async with lab() as it:
        assert known(await names_on(it.app))
        await it.press("d")
        await wait_until(lambda: isinstance(it.app.screen, DescriptionDialog))
        assert known(await names_on(it.app))
        await it.press("escape", "u")
        await it.shows("1 forward")
        assert known(await names_on(it.app))


@pytest.mark.parametrize(
    ("keys", "key", "words"),
    [
        ({"question__yes": "n"}, "n", ["question.yes", "question.no"]),
        ({"question__cut": "f"}, "f", ["question.cut", "question.fork"]),
        ({"words__copy": "g"}, "g", ["words.copy", "words.state"]),
        ({"words__copy": "pgdn"}, "pgdn", ["words.copy", "list.page_down"]),
        ({"help__close": "home"}, "home", ["help.close", "list.first"]),
        ({"dialog__read_on": "esc"}, "esc", ["dialog.read_on", "dialog.cancel"]),
        ({"data__input": "ctrl+o"}, "ctrl+o", ["data.input", "data.open"]),
        ({"data__input": "down"}, "↓", ["data.input", "list.down"]),
        ({"data__above": "k", "list__up": "k"}, "k", ["data.above", "list.up"]),
        ({"data__open": "enter"}, "enter", ["chooses", "data.open"]),
        ({"dialog__cancel": "ctrl+u"}, "ctrl+u", ["edits the typed text", "dialog.cancel"]),
        ({"dialog__cancel": "q"}, "q", ["typed into a field", "dialog.cancel"]),
        ({"data__open": "space"}, "space", ["typed into a field", "data.open"]),
        ({"list__up": "left"}, "←", ["edits the typed text", "list.up"]),
        ({"words__close": "tab"}, "tab", ["goes to the next field", "words.close"]),
        ({"question__yes": "ctrl+q"}, "ctrl+q", ["quits", "question.yes"]),
        ({"slow__lane": "ctrl+p"}, "ctrl+p", ["opens the command palette", "slow.lane"]),
    ],
)
def test_two_meanings_of_a_key_in_a_dialog_are_told_once_with_both_names(keys, key, words):
    for said in problems(**keys):
        if all(word in said for word in words):
            assert repr(key) in said
            break
    else:
        pytest.fail(str(problems(**keys)))
    assert len({*problems(**keys)}) == len(problems(**keys))


def test_a_key_that_a_lesson_has_by_default_may_stay_with_the_user_if_the_lesson_gets_another_one():
    for key, name in zip("NMJhGVL", ["next", "back", "mark", "hint", "restore", "hide", "list"], strict=True):
        (said,) = problems(run__step=key)
        assert f"{key!r} would be" in said
        assert f"choose a different key for run.step, or also give lesson.{name} another one" in said
        assert keymap(False, **{"run__step": key, f"lesson__{name}": "f9"}).changed.keys() == {
            "run.step",
            f"lesson.{name}",
        }
    (said,) = problems(run__step="f9", run__back="f9")
    assert said.endswith("choose a different key for each")


@pytest.mark.parametrize(
    "keys",
    [
        {"question__yes": "s", "words__copy": "p", "slow__on": "n"},  # which the lab has for something else
        {"data__input": "i", "data__above": "minus"},  # letters, where no field is
        {"list__down": "n", "list__up": "N"},
        {"dialog__cancel": "f10, esc", "data__open": "f2"},
        {"data__next_field": "f3", "data__field_before": "f4"},
    ],
)
def test_the_same_key_in_other_places_and_letters_where_nothing_is_typed_are_no_clash(keys):
    keymap(False, **keys)


def test_what_fields_have_for_themselves_is_what_textual_binds_there():
    bound = {key for binding in Input.BINDINGS for key in binding.key.split(",")}
    assert bound - APP.keys() == EDITING

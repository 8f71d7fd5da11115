"""The small questions: what they ask, what they refuse, what they answer."""

from contextlib import asynccontextmanager

import pytest
from support.widget_hosts import Host
from textual.widgets import Input, Static

from rnn_tui.ui.dialogs.base import ConfirmDialog, FutureDialog, TextDialog
from rnn_tui.ui.input.keymap import DEFAULT_KEYMAP, Keymap

KEYS = Keymap({
    "dialog.cancel": "f10", "question.yes": "left_square_bracket,o", "question.no": "N", "question.cut": "x",
    "question.fork": "k",
})  # fmt: skip
NOTHING = object()  # the answer of a dialog that is still open


class Asking:
    """A dialog over an empty app."""

    def __init__(self, app, pilot, dialog):
        self.app, self.pilot, self.dialog, self.answer = app, pilot, dialog, NOTHING

    async def open(self):
        self.app.push_screen(self.dialog, self._done)
        await self.pilot.pause()

    def _done(self, answer):
        self.answer = answer

    @property
    def is_open(self):
        return self.app.screen is self.dialog

    @property
    def problem(self):
        return str(self.dialog.query_one(".problem", Static).content)

    def says(self, text):
        return text in " ".join(" ".join(line.split()) for line in self.app.shown)

    async def submit(self, text, field="Input"):
        self.dialog.query_one(field, Input).value = text
        await self.pilot.press("enter")


@asynccontextmanager
async def asked(dialog, size=(80, 24), keys=DEFAULT_KEYMAP):
    app = Host()
    async with app.run_test(size=size) as pilot:
        app.set_keymap(dict(keys.changed))
        asking = Asking(app, pilot, dialog)
        await asking.open()
        yield asking


def too_long(text):
    return f"[b]{text!r} is too long" if len(text) > 3 else ""


async def test_a_text_is_answered_as_it_was_typed():
    async with asked(TextDialog("Set it", "about [it]", "abc", too_long)) as it:
        assert it.says("Set it")
        assert it.says("about [it]")
        await it.submit(" x ")
        assert it.answer == " x "
        assert not it.is_open


async def test_the_value_proposed_is_replaced_by_the_first_key():
    async with asked(TextDialog("Set it", "about", "abc", too_long)) as it:
        await it.pilot.press("x", "enter")
        assert it.answer == "x"


async def test_a_text_that_will_not_do_keeps_the_dialog_open_until_it_does():
    async with asked(TextDialog("Set it", "about", "abc", too_long)) as it:
        await it.submit("abcd")
        assert it.is_open
        assert it.says("[b]'abcd' is too long")
        it.dialog.query_one(Input).value = "abd"
        await it.pilot.pause()
        assert it.problem == ""
        await it.pilot.press("enter")
        assert it.answer == "abd"


async def test_escape_answers_none():
    async with asked(TextDialog("Set it", "about", "abc", too_long)) as it:
        await it.pilot.press("escape")
        assert it.answer is None


@pytest.mark.parametrize(("key", "answer"), [("y", True), ("n", False), ("escape", False)])
async def test_a_question_has_a_key_for_each_answer(key, answer):
    async with asked(ConfirmDialog("Overwrite [it]?", "overwrite", "cancel")) as it:
        assert it.says("Overwrite [it]?")
        assert it.says("y: overwrite · n: cancel")
        await it.pilot.press(key)
        assert it.answer is answer


async def test_enter_alone_says_yes_to_nothing():
    async with asked(ConfirmDialog("Overwrite it?", "overwrite", "cancel")) as it:
        await it.pilot.press("enter")
        assert it.answer is NOTHING
        assert it.is_open


async def test_a_small_terminal_still_shows_the_question():
    size = (20, 6)
    for dialog in (TextDialog("Set it", "about", "abc", too_long), ConfirmDialog("Quit?", "quit", "stay")):
        async with asked(dialog, size) as it:
            assert any(line.strip(" ╭╮│╰╯─") for line in it.app.shown)
            box = it.dialog.query_one(".dialog").region
            assert 0 <= box.x < box.right <= size[0]
            assert 0 <= box.y < box.bottom <= size[1]


@pytest.mark.parametrize(("key", "answer"), [("c", "cut"), ("f", "fork"), ("escape", None)])
async def test_each_answer_has_a_key_of_its_own(key, answer):
    async with asked(FutureDialog("Which [one]?")) as it:
        assert it.says("Which [one]?")
        assert it.says("c: discard them · f: keep them as a curve · esc: cancel")
        await it.pilot.press("x", "enter")
        assert it.is_open
        await it.pilot.press(key)
        assert it.answer == answer


@pytest.mark.parametrize(
    ("dialog", "words", "old", "new", "answer"),
    [
        (lambda: TextDialog("Set it", "about", "", too_long, KEYS), "enter: OK · f10: cancel", "escape", "f10", None),
        (lambda: ConfirmDialog("Quit?", "quit", "stay", KEYS), "[: quit · N: stay", "y", "left_square_bracket", True),
        (lambda: ConfirmDialog("Quit?", "quit", "stay", KEYS), "[: quit · N: stay", "n", "N", False),
        (lambda: FutureDialog("Which?", KEYS), "x: discard them · k: keep", "c", "x", "cut"),
        (lambda: FutureDialog("Which?", KEYS), "keep them as a curve · f10: cancel", "f", "k", "fork"),
    ],
)
async def test_the_keys_in_force_are_named_and_answer(dialog, words, old, new, answer):
    async with asked(dialog(), keys=KEYS) as it:
        assert it.says(words)
        await it.pilot.press(old)
        assert it.is_open
        await it.pilot.press(new)
        assert it.answer is answer or it.answer == answer

"""The small questions: what they ask, what they refuse, what they answer."""

import threading
from contextlib import asynccontextmanager

import pytest
from textual.widgets import Input, Static
from ui.hosts import Host
from waiting import wait_until

from rnn_tui.errors import RnnTuiError
from rnn_tui.ui.screens import dialogs
from rnn_tui.ui.screens.dialogs import AskText, Confirm, OpenFile

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
async def asked(dialog, size=(80, 24)):
    app = Host()
    async with app.run_test(size=size) as pilot:
        asking = Asking(app, pilot, dialog)
        await asking.open()
        yield asking


def too_long(text):
    return f"[b]{text!r} is too long" if len(text) > 3 else ""


async def test_a_text_is_answered_as_it_was_typed():
    async with asked(AskText("Set it", "about [it]", "abc", too_long)) as it:
        assert it.says("Set it")
        assert it.says("about [it]")
        await it.submit(" x ")
        assert it.answer == " x "
        assert not it.is_open


async def test_the_value_proposed_is_replaced_by_the_first_key():
    async with asked(AskText("Set it", "about", "abc", too_long)) as it:
        await it.pilot.press("x", "enter")
        assert it.answer == "x"


async def test_a_text_that_will_not_do_keeps_the_dialog_open_until_it_does():
    async with asked(AskText("Set it", "about", "abc", too_long)) as it:
        await it.submit("abcd")
        assert it.is_open
        assert it.says("[b]'abcd' is too long")
        it.dialog.query_one(Input).value = "abd"
        await it.pilot.pause()
        assert it.problem == ""
        await it.pilot.press("enter")
        assert it.answer == "abd"


async def test_escape_answers_none():
    for dialog in (AskText("Set it", "about", "abc", too_long), OpenFile()):
        async with asked(dialog) as it:
            await it.pilot.press("escape")
            assert it.answer is None


@pytest.mark.parametrize(("key", "answer"), [("y", True), ("n", False), ("escape", False)])
async def test_a_question_has_a_key_for_each_answer(key, answer):
    async with asked(Confirm("Overwrite [it]?", "overwrite", "keep it")) as it:
        assert it.says("Overwrite [it]?")
        assert it.says("y: overwrite · n: keep it")
        await it.pilot.press(key)
        assert it.answer is answer


async def test_enter_alone_says_yes_to_nothing():
    async with asked(Confirm("Overwrite it?", "overwrite", "keep it")) as it:
        await it.pilot.press("enter")
        assert it.answer is NOTHING
        assert it.is_open


async def test_a_text_file_and_a_column_are_opened(tmp_path):
    (tmp_path / "text.txt").write_text("to be or not to be. " * 40)
    (tmp_path / "table.csv").write_text("a,b\n" + "\n".join(f"{i},{i * 7 % 13}" for i in range(300)))
    for name, column, kind in (("text.txt", "", "text"), ("table.csv", "b", "csv")):
        async with asked(OpenFile()) as it:
            it.dialog.query_one("#column", Input).value = column
            await it.submit(str(tmp_path / name), "#path")
            await wait_until(lambda: it.answer is not NOTHING)
            assert it.answer.preset.task.kind == kind
            assert getattr(it.answer.preset.task, "column", "") == column


async def test_a_file_that_cannot_be_used_is_told_in_plain_words_and_can_be_corrected(tmp_path):
    (tmp_path / "[b].csv").write_text("a,b\n1,2\n3,4\n")
    async with asked(OpenFile()) as it:
        await it.submit(str(tmp_path / "[b].csv"), "#path")
        await wait_until(lambda: it.problem not in ("", "reading …"))
        assert it.is_open
        assert "[b].csv" in it.problem
        await it.submit(str(tmp_path / "nowhere.txt"), "#path")
        await wait_until(lambda: "nowhere.txt" in it.problem)


async def test_no_path_is_no_file():
    async with asked(OpenFile()) as it:
        await it.pilot.press("enter")
        assert it.is_open
        assert it.problem == ""


@pytest.mark.parametrize("ends", ["well", "badly"])
async def test_who_does_not_wait_for_a_slow_file_gets_nothing_of_it_later(ends, monkeypatch):
    go, done = threading.Event(), threading.Event()

    def slow(path, column):
        assert (path, column) == ("slow.txt", None)
        go.wait(5)
        done.set()
        if ends == "badly":
            raise RnnTuiError("it cannot be read")
        return "a file"

    monkeypatch.setattr(dialogs, "open_any", slow)
    async with asked(OpenFile()) as it:
        await it.submit("slow.txt", "#path")
        assert it.problem == "reading …"
        await it.pilot.press("escape")
        go.set()
        await wait_until(done.is_set)
        await it.pilot.pause()
        assert it.answer is None
        assert it.app.screen is it.app.screen_stack[0]


async def test_a_small_terminal_still_shows_the_question():
    size = (20, 6)
    for dialog in (AskText("Set it", "about", "abc", too_long), Confirm("Quit?", "quit", "stay"), OpenFile()):
        async with asked(dialog, size) as it:
            assert any(line.strip(" ╭╮│╰╯─") for line in it.app.shown)
            box = it.dialog.query_one(".dialog").region
            assert 0 <= box.x < box.right <= size[0]
            assert 0 <= box.y < box.bottom <= size[1]

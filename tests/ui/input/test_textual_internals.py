"""The private parts of Textual that the lab relies on are there, and do what it relies on."""

import inspect
import random
from importlib import import_module
from io import StringIO
from types import SimpleNamespace

import pytest
from support.waiting import wait_until
from textual import events
from textual.app import App
from textual.command import CommandPalette
from textual.driver import Driver
from textual.message_pump import MessagePump
from textual.screen import ModalScreen
from textual.widgets import Static

from rnn_tui.ui.input import reading_safely
from rnn_tui.ui.input.terminal_input import Pasted
from rnn_tui.ui.input.textual_internals import (
    Interpreter,
    drawn_rows,
    fail_test_with,
    is_exiting,
    key_of_character,
    standing_errors,
    unsent_writes,
    write_to_terminal,
)


@pytest.mark.parametrize(
    ("unit", "key"),
    [
        ("a", "a"), ("\x1b", "escape"), ("\x1ba", "alt+a"), ("\r", "enter"), ("\x7f", "backspace"), ("\t", "tab"),
        ("\x1b[A", "up"), ("\x1b[1;2A", "shift+up"), ("\x1b[1;5C", "ctrl+right"), ("\x1b[5~", "pageup"),
        ("\x1b[[A", "f1"), ("\x1bOP", "f1"), ("\x1b[Z", "shift+tab"), ("\x1b[97;5u", "ctrl+a"), ("\x10", "ctrl+p"),
    ],
)  # fmt: skip
def test_a_unit_is_the_key_that_textual_takes_it_for(unit, key) -> None:
    assert [event.key for event in Interpreter().events(unit)] == [key]


@pytest.mark.parametrize(
    "unit",
    ["\x1b[?62;1;2c", "\x1b[1114112u", "\x1b[97;1;99999999u", "\x1b[12", "\x1b[<;;M", "\x1b[<0;-5;-5M", "\x1b[99X"],
)
def test_what_is_no_key_means_nothing_and_the_next_is_understood(unit) -> None:
    reader = Interpreter()
    assert reader.events(unit) == []
    assert [event.key for event in reader.events("q")] == ["q"]


def test_a_mouse_whose_terminal_knows_no_pixels_is_where_it_says() -> None:
    reader = Interpreter()
    (resized,) = reader.events("\x1b[48;36;120;0;0t")
    assert resized.size == (120, 36)
    reader.events("\x1b[<0;5;6M")
    (up,) = reader.events("\x1b[<0;5;6m")
    assert (up.x, up.y) == (4, 5)


def test_the_other_messages_of_a_terminal() -> None:
    reader = Interpreter()
    assert isinstance(reader.events("\x1b[I")[0], events.AppFocus)
    assert isinstance(reader.events("\x1b[3;4R")[0], events.CursorPosition)
    assert reader.events(Pasted("q"))[0].text == "q"


def test_random_units_never_fail() -> None:
    dice, reader = random.Random(3), Interpreter()
    for _ in range(3000):
        body = "".join(dice.choices("0123456789;:<?$~uMmtRAIO[-\x00é\u0660", k=dice.randint(0, 30)))
        reader.events("\x1b[" + body)
        reader.events("\x1b" + body[:1])
    assert [event.key for event in reader.events("q")] == ["q"]


def test_a_character_has_a_key_else_settings_could_name_no_sign() -> None:
    assert [key_of_character(character) for character in "a<?"] == ["a", "less_than_sign", "question_mark"]


class Writer:
    """A driver of Textual's that writes in a thread, as far as the lab knows it."""

    def __init__(self, waiting: int) -> None:
        self.written: list[str] = []
        self._writer_thread = SimpleNamespace(_queue=SimpleNamespace(qsize=lambda: waiting))

    def write(self, text: str) -> None:
        self.written.append(text)


def test_the_terminal_is_asked_and_counted_else_frames_pile_up_on_a_slow_line() -> None:
    driver = Writer(3)
    app = SimpleNamespace(_driver=driver)
    write_to_terminal(app, "?")
    assert driver.written == ["?"]
    assert unsent_writes(app) == 3


def test_without_a_driver_or_a_writer_nothing_is_asked_and_nothing_waits() -> None:
    for app in (SimpleNamespace(), SimpleNamespace(_driver=None)):
        write_to_terminal(app, "?")
        assert unsent_writes(app) == 0
    assert unsent_writes(SimpleNamespace(_driver=SimpleNamespace(write=str))) == 0


def test_textuals_writer_counts_what_waits_else_unsent_writes_would_be_0_for_ever() -> None:
    pytest.importorskip("termios")
    from textual.drivers._writer_thread import WriterThread

    thread = WriterThread(StringIO())
    thread.write("a")  # it does not run
    assert unsent_writes(SimpleNamespace(_driver=SimpleNamespace(_writer_thread=thread))) == 1
    assert "self._writer_thread" in inspect.getsource(import_module("textual.drivers.linux_driver"))


async def test_a_screen_is_drawn_below_a_dialog_else_a_picture_would_show_nothing_or_the_dialog() -> None:
    app = App()
    async with app.run_test(size=(20, 3)) as pilot:
        base = app.screen
        await base.mount(Static("below"))
        await app.push_screen(ModalScreen())
        await pilot.pause()
        assert app.screen is not base
        assert [row.text.rstrip() for row in drawn_rows(base)] == ["below", "", ""]


async def test_errors_stand_and_an_exit_is_seen_else_good_news_would_hide_bad_news() -> None:
    app = App()
    async with app.run_test(notifications=True):
        assert not standing_errors(app)
        app.notify("good")
        app.notify("bad", severity="error")
        await wait_until(lambda: standing_errors(app) == ["bad"])
        assert not is_exiting(app)
        app.exit()
        assert is_exiting(app)
    assert standing_errors(SimpleNamespace()) == []
    assert not is_exiting(SimpleNamespace())


async def test_a_test_fails_with_what_the_app_survives_else_bugs_would_pass_unseen() -> None:
    with pytest.raises(ZeroDivisionError):
        async with (app := App()).run_test():
            fail_test_with(app, ZeroDivisionError())


def test_the_parts_that_are_overridden_are_there() -> None:
    pytest.importorskip("termios")
    from textual.drivers import web_driver
    from textual.drivers._byte_stream import ByteStream
    from textual.drivers.linux_driver import LinuxDriver
    from textual.drivers.web_driver import WebDriver

    for name in ("_sigtstp_application", "_sigcont_application", "run_input_thread", "_get_terminal_size"):
        assert callable(getattr(LinuxDriver, name))
    assert callable(WebDriver._on_meta)
    assert issubclass(web_driver._ExitInput, Exception)
    assert callable(ByteStream().feed)
    assert callable(App._handle_exception)
    assert isinstance(CommandPalette._GATHER_COMMANDS_GROUP, str)
    for name in ("self._loop", "self._app"):  # which signals and packets need
        assert name in inspect.getsource(Driver)
    for name in ("self._write =", "self._input_reader ="):  # else a page that is gone would end the lab
        assert name in inspect.getsource(WebDriver)
    assert callable(Driver.send_message)
    assert callable(MessagePump._dispatch_message)
    assert callable(CommandPalette._gather_commands.__wrapped__)
    assert callable(CommandPalette._action_command_list)
    assert reading_safely(LinuxDriver).__name__ == "TerminalDriver"
    assert reading_safely(WebDriver).__name__ == "BrowserDriver"

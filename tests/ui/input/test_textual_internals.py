"""The private parts of Textual that the lab relies on are there, and do what it relies on."""

import random

import pytest
from textual import events
from textual.command import CommandPalette
from textual.driver import Driver
from textual.message_pump import MessagePump

from rnn_tui.ui.input import reading_safely
from rnn_tui.ui.input.terminal_input import Pasted
from rnn_tui.ui.input.textual_internals import Interpreter


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


def test_the_parts_that_are_overridden_are_there() -> None:
    pytest.importorskip("termios")
    from textual.drivers.linux_driver import LinuxDriver
    from textual.drivers.web_driver import WebDriver

    for name in ("_sigtstp_application", "_sigcont_application", "run_input_thread", "_get_terminal_size"):
        assert callable(getattr(LinuxDriver, name))
    assert callable(WebDriver._on_meta)
    assert callable(Driver.send_message)
    assert callable(MessagePump._dispatch_message)
    assert callable(CommandPalette._gather_commands.__wrapped__)
    assert callable(CommandPalette._action_command_list)
    assert reading_safely(LinuxDriver).__name__ == "TerminalDriver"
    assert reading_safely(WebDriver).__name__ == "BrowserDriver"

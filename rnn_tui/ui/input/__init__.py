"""Terminal input: bytes, escape sequences, and events in order."""

import sys

from textual.driver import Driver


def reading_safely(driver: type[Driver]) -> type[Driver]:
    """Return our driver in place of one of Textual's, if we have one."""
    if driver.__name__ == "WebDriver":
        from rnn_tui.ui.input.browser_driver import BrowserDriver

        return BrowserDriver
    if driver.__name__ == "LinuxDriver" and sys.platform != "win32":
        from rnn_tui.ui.input.terminal_driver import TerminalDriver

        return TerminalDriver
    return driver

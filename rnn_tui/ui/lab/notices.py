"""Notifications of the lab: one message at a time, and errors stay visible."""

from collections.abc import Iterable, Sequence

from textual.app import App

from rnn_tui.ui.input.action_done import refuse
from rnn_tui.ui.input.textual_internals import standing_errors

MOST_ERRORS = 3  # errors that stay visible when new ones come


class Notices:
    """Shows notifications; belongs to the screen's thread."""

    def __init__(self, app: App[None]) -> None:
        self._app = app

    def inform(self, text: str, timeout: float | None = None) -> None:
        """Show a message in place of the last one, unless that is an error."""
        if not standing_errors(self._app):
            self._app.clear_notifications()
        self._app.notify(text, markup=False, timeout=timeout)

    def refuse(self, why: str) -> None:
        """Show why the running action has no effect."""
        refuse()
        self.inform(why)

    def busy(self) -> None:
        """Show that a command was not accepted."""
        self._app.notify("busy: earlier commands are still running", severity="warning", markup=False)

    def errors(self, texts: Sequence[str]) -> None:
        """Show these errors, and the latest ones that are still visible."""
        standing: Iterable[str] = standing_errors(self._app)
        self._app.clear_notifications()
        for text in list(dict.fromkeys([*standing, *texts]))[-max(MOST_ERRORS, len(texts)) :]:
            self._app.notify(text, severity="error", markup=False, timeout=8)

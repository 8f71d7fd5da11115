"""What the lab tells in notifications: one at a time, and no good news over bad news."""

from collections.abc import Iterable, Sequence

from textual.app import App

from rnn_tui.ui.input.action_done import refuse
from rnn_tui.ui.input.textual_internals import standing_errors

MOST_ERRORS = 3  # that stay on the screen when others come


class Notices:
    """Belongs to the screen's thread."""

    def __init__(self, app: App[None]) -> None:
        self._app = app

    def inform(self, text: str, timeout: float | None = None) -> None:
        """Say something in place of what was said before, unless that is an error."""
        if not standing_errors(self._app):
            self._app.clear_notifications()
        self._app.notify(text, markup=False, timeout=timeout)

    def refuse(self, why: str) -> None:
        """Say why the action that runs has no effect here."""
        refuse()
        self.inform(why)

    def busy(self) -> None:
        """Say that a command was not taken."""
        self._app.notify("still busy with the keys before this one", severity="warning", markup=False)

    def errors(self, texts: Sequence[str]) -> None:
        """Show all of these, and the last of those that stand already."""
        standing: Iterable[str] = standing_errors(self._app)
        self._app.clear_notifications()
        for text in list(dict.fromkeys([*standing, *texts]))[-max(MOST_ERRORS, len(texts)) :]:
            self._app.notify(text, severity="error", markup=False, timeout=8)

"""The dialog that asks for the number that answers a question of a lesson."""

import re

from rnn_tui.ui.dialogs.base import TextDialog
from rnn_tui.ui.input.keymap import Keymap

SENTENCE_END = re.compile(r"(?<=[.?!]) ")


class AnswerDialog(TextDialog):
    """Ask for a number, over the page of the lesson: the panels, from which it may have to be read, stay visible.

    Args:
        text: of the page.  Only its last sentence is repeated.
    """

    def __init__(self, text: str, keys: Keymap) -> None:
        about = f"{question_in(text)}\nAn empty answer skips the question."
        super().__init__("Your answer", about, "", problem_with, keys)


def question_in(text: str) -> str:
    """Return the question of a page: its last sentence."""
    return SENTENCE_END.split(text)[-1]


def problem_with(text: str) -> str:
    """Return why a typed text is no answer; empty if it is one, or skips the question."""
    return "" if not text.strip() or number_of(text) is not None else "type a number, such as 0.69"


def number_of(text: str) -> float | None:
    """Return a typed number; None if it is none."""
    try:
        return float(text.strip().replace("−", "-").replace(",", "."))
    except ValueError:
        return None

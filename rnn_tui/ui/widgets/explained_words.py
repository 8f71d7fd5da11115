"""Words on the screen that the glossary explains, found under the mouse."""

import re
from functools import cache

from rich.cells import cell_len
from textual.events import MouseMove
from textual.widget import Widget

from rnn_tui.ui.glossary import TERMS, Term, named


def explanation_at(event: MouseMove) -> str | None:
    """Return the explanation of the word under the mouse, or None if there is none."""
    widget = event.widget
    offset = event.get_content_offset(widget) if isinstance(widget, Widget) else None
    if widget is None or offset is None:
        return None
    term = term_at(widget.render_line(offset.y).text, offset.x)
    return explanation(term) if term else None


def explanation(term: Term) -> str:
    """Return the name of a term, its explanation and its formula."""
    return f"{term.name}: {term.plain}" + (f"\n{term.formula}" if term.formula else "")


def term_at(line: str, column: int) -> Term | None:
    """Return the term whose name a line has at a column, the longest if there are several."""
    for found in _names().finditer(line):
        start = cell_len(line[: found.start()])
        if start <= column < start + cell_len(found[0]):
            return named(found[0])
    return None


@cache
def _names() -> re.Pattern[str]:
    """Return a pattern for the names of all terms, the longest first."""
    names = sorted((name for term in TERMS for name in term.name.split(", ")), key=len, reverse=True)
    return re.compile(rf"(?<![\w.])(?:{'|'.join(map(re.escape, names))})(?![\w])", re.IGNORECASE)

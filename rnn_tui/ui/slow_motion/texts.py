"""Choice of the text for each place of an update, and line breaks in its formulas."""

import re
from dataclasses import replace

from rnn_tui.session.update_trace import UpdateTrace
from rnn_tui.ui.slow_motion import update_text
from rnn_tui.ui.slow_motion.backward_text import MOST_ROWS, backward, of_last_answer
from rnn_tui.ui.slow_motion.cursor import BACKWARD, CLIP, FORWARD, LOSS, UpdateCursor
from rnn_tui.ui.slow_motion.forward_text import PhaseText, forward, loss

DIVERGED = (
    "NaN or ∞: some numbers have grown beyond all limits, so L or its gradient is not a number. The net has "
    "diverged, and this update cannot be made."
)


def phase_text(
    slow: UpdateTrace,
    cursor: UpdateCursor,
    unit: int,
    width: int,
    rows: int = MOST_ROWS,
    in_ascii: bool = False,
    alone: bool = False,
) -> PhaseText:
    """Return the text of a place.

    Args:
        width: columns; sums are shortened to fit.
        rows: lines for the numbers.
        alone: whether the backward phase tells the gradient of the last scored answer alone.
    """
    told = _told(slow, cursor, unit, width, rows, in_ascii, alone)
    return told.in_ascii() if in_ascii else told


def _told(
    slow: UpdateTrace, cursor: UpdateCursor, unit: int, width: int, rows: int, in_ascii: bool, alone: bool
) -> PhaseText:
    if cursor.phase == FORWARD:
        return forward(slow, cursor.t, unit, width, rows, in_ascii)
    if cursor.phase == LOSS:
        told = loss(slow, slow.last_scored)
    elif cursor.phase == BACKWARD:
        told = (of_last_answer if alone else backward)(slow, cursor.t, unit, width, rows, in_ascii)
    else:
        told = update_text.clip(slow, width) if cursor.phase == CLIP else update_text.apply(slow, unit)
    return told if slow.finite else replace(told, words=DIVERGED)


def wrap(formula: str, width: int) -> list[str]:
    """Return a formula in rows, broken after commas; parts that are still too long, before plus signs."""
    rows: list[str] = []
    for equation in re.split(r"(?<=,) ", formula):
        short = len(equation) <= width
        rows = _filled(rows, [equation], width) if short else rows + _filled([], re.split(r" (?=\+ )", equation), width)
    return rows


def _filled(rows: list[str], parts: list[str], width: int) -> list[str]:
    """Append parts to the last row while they fit, otherwise in new rows."""
    for part in parts:
        fits = rows and len(rows[-1]) + 1 + len(part) <= width
        rows = [*rows[:-1], f"{rows[-1]} {part}"] if fits else [*rows, part]
    return rows

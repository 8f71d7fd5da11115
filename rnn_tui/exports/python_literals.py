"""Arrays as Python source: as numbers that one can read, or packed."""

import base64
import textwrap

from rnn_tui.engine.parameters import Array

WIDTH = 100


def literal(name: str, values: Array, shape: str) -> str:
    """``name = np.array([…])``, a row of a matrix to a line or more.  It gives the same bits again.

    Each number has as many digits as tell it from its neighbours, in its own precision.
    """
    dtype = "" if values.dtype == "float64" else f", np.{values.dtype}"
    if values.ndim == 1:
        return f"{name} = np.array([  # {shape}\n{_wrapped(_numbers(values), '    ')}\n]{dtype})"
    rows = [_wrapped(f"[{_numbers(row)}],", "    ", " ") for row in values]
    return "\n".join([f"{name} = np.array([  # {shape}", *rows, f"]{dtype})"])


def packed(data: bytes) -> str:
    """The bytes in base 85, in lines; no quote and no backslash is among its characters."""
    text = base64.b85encode(data).decode("ascii")
    return "\n".join(text[i : i + WIDTH] for i in range(0, len(text), WIDTH))


def _numbers(row: Array) -> str:
    return ", ".join(str(value) for value in row)


def _wrapped(text: str, indent: str, more: str = "") -> str:
    return textwrap.fill(
        text, WIDTH, initial_indent=indent, subsequent_indent=indent + more, break_on_hyphens=False,
        break_long_words=False,
    )  # fmt: skip

"""Write arrays as Python source: as readable numbers, or packed."""

import base64
import textwrap

from rnn_tui.engine.parameters import Array

WIDTH = 100


def literal(name: str, values: Array, shape: str) -> str:
    """Return ``name = np.array([…])``, with each row of a matrix on new lines.

    Each number has the fewest digits that reproduce its bits in its own precision.
    """
    dtype = "" if values.dtype == "float64" else f", np.{values.dtype}"
    if values.ndim == 1:
        return f"{name} = np.array([  # {shape}\n{_wrapped(_numbers(values), '    ')}\n]{dtype})"
    rows = [_wrapped(f"[{_numbers(row)}],", "    ", " ") for row in values]
    return "\n".join([f"{name} = np.array([  # {shape}", *rows, f"]{dtype})"])


def packed(data: bytes) -> str:
    """Return the bytes in base 85, in lines, without quotes and backslashes."""
    text = base64.b85encode(data).decode("ascii")
    return "\n".join(text[i : i + WIDTH] for i in range(0, len(text), WIDTH))


def _numbers(row: Array) -> str:
    return ", ".join(str(value) for value in row)


def _wrapped(text: str, indent: str, more: str = "") -> str:
    return textwrap.fill(
        text, WIDTH, initial_indent=indent, subsequent_indent=indent + more, break_on_hyphens=False,
        break_long_words=False,
    )  # fmt: skip

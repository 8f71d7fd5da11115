"""A small JSON document that several processes change: each change is applied to what the file has at that moment."""

import json
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from rnn_tui.errors import DataError
from rnn_tui.storage import atomic_write
from rnn_tui.storage.files import path_kind, read_text

Document = dict[str, Any]


def read(path: Path) -> Document:
    """Return the document; empty if there is no file.

    Raises:
        DataError: the file cannot be read, or is no JSON object.
    """
    if not path_kind(path):
        return {}
    text = read_text(path)
    with suppress(ValueError, RecursionError):
        found = json.loads(text)
        if isinstance(found, dict):
            return found
    raise DataError(f"{path}: not a JSON object; correct it, or delete the file")


def update(path: Path, change: Callable[[Document], Document]) -> Document:
    """Replace the document by ``change`` of it, atomically, and return it; another process waits meanwhile.

    Raises:
        RnnTuiError: the file cannot be read or written; an older one is unchanged.
    """
    from rnn_tui.storage import locks  # the libraries of which only a change needs

    with locks.in_turn(path):
        document = change(read(path))
        atomic_write.write_text(path, json.dumps(document, indent=1, ensure_ascii=False) + "\n")
        return document

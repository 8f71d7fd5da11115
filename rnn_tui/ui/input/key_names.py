"""Names of keys: as printed on a keyboard and typed by users, and as Textual names them."""

from textual.binding import Binding
from textual.keys import Keys, format_key

from rnn_tui.errors import nearest
from rnn_tui.ui.input.textual_internals import key_of_character

PRINTED = {
    "left": "←", "right": "→", "up": "↑", "down": "↓", "escape": "esc", "minus": "−", "comma": "comma",
    "pageup": "pgup", "pagedown": "pgdn", "enter": "enter", "backspace": "backspace", "delete": "del",
    "space": "space",
}  # fmt: skip
FRIENDLY = {name: key for key, name in PRINTED.items()} | {
    "return": "enter", "ins": "insert", "pgdown": "pagedown",
    "page up": "pageup", "page down": "pagedown",
}  # fmt: skip
MODIFIERS = {"control": "ctrl", "option": "alt"} | {name: name for name in ("alt", "ctrl", "shift", "super")}
SPECIAL = {key.value for key in Keys if key.value.isalnum()} - {"return"}
SENT_AS = {"ctrl+i": "tab", "ctrl+m": "enter", "ctrl+h": "backspace", "ctrl+left_square_bracket": "escape"}

CHARACTERS: dict[str, str] = {}  # by Textual's name; not every name can be turned back


def printed(key: str) -> str:
    """Return ``?`` for ``question_mark``, ``ctrl++`` for ``ctrl+plus``."""
    *modifiers, last = key.split("+")
    character = CHARACTERS.get(last) or format_key(last)
    return "+".join([*modifiers, PRINTED.get(last, character if len(character) == 1 else last)])


def key_names(binding: Binding) -> str:
    """Return ``+ =`` for ``plus,equals_sign``."""
    return " ".join(map(printed, binding.key.split(",")))


def types(key: str) -> bool:
    """Return whether a key types a character into a field."""
    return key in ("space", "minus", "comma") or (len(format_key(key)) == 1 and key not in PRINTED)


def typed(key: str) -> str | None:
    """Return the character that a key types into a field: ``?`` for ``question_mark``; None if it types none."""
    return (" " if key == "space" else format_key(key)) if types(key) else None


def keys_of(text: str) -> str:
    """Return one or more keys, separated by commas, in Textual's names.  Raises ValueError for unknown keys."""
    words = ["comma"] if text.strip() == "," else text.split(",")
    return ",".join(dict.fromkeys(map(key_of, words)))


def key_of(text: str) -> str:
    """Return a key in Textual's name.

    Raises:
        ValueError: if there is no such key, or terminals send another key for it.
    """
    word = text.strip() or ("space" if text else "")
    head, last = (word[:-2], "+") if word == "+" or word.endswith("++") else word.rpartition("+")[::2]
    modifiers = [_modifier(name) for name in head.split("+")] if head else []
    if last == "":
        raise ValueError("a key is missing; write 'comma' for the key ,")
    key = _bare(last)
    if len(last) == 1 and "ctrl" in modifiers:
        key = key.lower()
    if modifiers == ["shift"] and key not in SPECIAL:
        if not key.isalpha() or len(key) > 1 or len(key.upper()) > 1:  # ß becomes SS
            raise ValueError(f"write the character that shift+{last} types")
        return key.upper()
    found = "+".join([*sorted(set(modifiers)), key])
    if found in SENT_AS:
        raise ValueError(f"terminals send {printed(SENT_AS[found])!r} instead; write that, or choose another key")
    return found


def _modifier(name: str) -> str:
    found = MODIFIERS.get(name.strip().lower())
    if found is None:
        raise ValueError(
            f"unknown modifier {name.strip()!r}{nearest(name.lower(), MODIFIERS) or '; use alt, ctrl, shift'}"
        )
    return found


def _bare(name: str) -> str:
    """Return a key without modifiers in Textual's name."""
    name = name.strip()
    if name in FRIENDLY:
        return FRIENDLY[name]
    if len(name) == 1:
        key = key_of_character(name)
        CHARACTERS[key] = name
        return key
    lower = name.lower()
    key = FRIENDLY.get(lower, lower)
    if key in SPECIAL or len(format_key(key)) == 1:
        return key
    near = nearest(lower, [*SPECIAL, *FRIENDLY, *MODIFIERS])
    raise ValueError(f"unknown key{near or '; examples of keys: n, N, ?, ctrl+n, space, f5, pageup'}")

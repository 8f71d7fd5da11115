"""What pydantic found wrong with a document, in one line each: key, what was found, what is allowed."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from rnn_tui.errors import nearest, shortened

MUST_BE = {
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "float_type": "a number",
    "finite_number": "a finite number",
    "string_type": "a text in quotes",
    "string_unicode": "text in UTF-8",
    "string_too_short": "a text that is not empty",
    "bool_type": "true or false",
    "list_type": "a list",
    "model_type": "a table",
    "model_attributes_type": "a table",
    "dict_type": "a table",
}
BOUNDS = {
    "greater_than_equal": ("ge", "at least"),
    "greater_than": ("gt", "greater than"),
    "less_than_equal": ("le", "at most"),
    "less_than": ("lt", "less than"),
}


DEEPEST = 12  # tables in tables; a preset has three
LONGEST_NUMBER = 10_000  # bits; Python prints no more than some 14,000 of them


class Place(NamedTuple):
    """Where in a document: the keys and indices that lead there, and the keys allowed in that table."""

    loc: tuple[int | str, ...]
    allowed: Sequence[str]

    @property
    def key(self) -> str:
        words = [f"[{part}]" if isinstance(part, int) else f".{shortened(part, 60)}" for part in self.loc]
        return "".join(words).removeprefix(".") or "the document"


def describe(error: Mapping[str, Any], place: Place) -> str:
    """One line for one of the errors that pydantic has found."""
    kind, found, bounds = error["type"], error["input"], error.get("ctx", {})
    if kind == "extra_forbidden":
        return f"{place.key}: unknown key{nearest(str(place.loc[-1]), place.allowed) or _one_of(place.allowed)}"
    if kind == "missing":
        return f"{place.key}: missing"
    if kind in ("union_tag_not_found", "union_tag_invalid"):
        return _tag(found, place)
    here = f"{place.key} = {shown(found)}"
    if kind == "literal_error":
        return _choice(here, found, _words(bounds["expected"]))
    if kind in MUST_BE:
        return f"{here}: must be {MUST_BE[kind]}"
    if kind in BOUNDS:
        name, phrase = BOUNDS[kind]
        bound = bounds[name]
        return f"{here}: must be {phrase} {f'{bound:g}' if isinstance(bound, float) else bound}"
    if kind == "string_too_long":
        return f"{here}: must have at most {bounds['max_length']} characters, has {len(found)}"
    if kind in ("too_short", "too_long"):
        limit = bounds.get("min_length") or bounds.get("max_length")
        return f"{place.key}: must have at {'least' if kind == 'too_short' else 'most'} {limit}, has {len(found)}"
    return f"{here}: {str(error['msg']).removeprefix('Value error, ')}"


def unfit(document: object) -> list[str]:
    """What would trip those who check, copy or print a document: endless nesting and endless numbers."""
    found: list[str] = []
    waiting: list[tuple[tuple[int | str, ...], object]] = [((), document)]
    while waiting:
        loc, value = waiting.pop()
        if isinstance(value, Mapping | list) and len(loc) == DEEPEST:
            found.append(f"{Place(loc, []).key}: nested too deeply")
        elif isinstance(value, Mapping):
            waiting += [((*loc, str(key)), inner) for key, inner in value.items()]
        elif isinstance(value, list):
            waiting += [((*loc, i), inner) for i, inner in enumerate(value)]
        elif isinstance(value, int) and value.bit_length() > LONGEST_NUMBER:
            found.append(f"{Place(loc, []).key}: a number too long to be read")
    return found


def shown(value: object) -> str:
    """A found value, short enough for a line."""
    if isinstance(value, Mapping):
        return "a table"
    if isinstance(value, list):
        return "a list"
    if isinstance(value, bool):
        return str(value).lower()
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "…"


def _tag(found: object, place: Place) -> str:
    kind = found.get("kind") if isinstance(found, Mapping) else None
    if not isinstance(found, Mapping):
        return f"{place.key} = {shown(found)}: must be a table"
    if kind is None:
        return f"{place.key}.kind: missing{_one_of(place.allowed)}"
    return _choice(f"{place.key}.kind = {shown(kind)}", kind, place.allowed)


def _choice(here: str, found: object, allowed: Sequence[str]) -> str:
    near = nearest(found, allowed) if isinstance(found, str) else ""
    return f"{here}: unknown{near or _one_of(allowed)}"


def _one_of(allowed: Sequence[str]) -> str:
    return f"; must be one of {', '.join(repr(word) for word in allowed)}" if allowed else ""


def _words(expected: object) -> list[str]:
    """pydantic lists what it allows as ``'a', 'b' or 'c'``"""
    return [word.strip(" '") for word in str(expected).replace(" or ", ", ").split(",")]

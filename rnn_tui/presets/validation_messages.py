"""Describe each problem of a document in one line: the key, what was found, what is allowed."""

from collections.abc import Mapping, Sequence
from typing import TypeAlias

from pydantic_core import ErrorDetails

from rnn_tui.errors import nearest, shortened

MUST_BE = {
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "float_type": "a number",
    "finite_number": "a finite number",
    "string_type": "text in quotes",
    "string_unicode": "text in UTF-8",
    "string_too_short": "non-empty text",
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


DEEPEST = 12  # levels of tables; a preset has three
LONGEST_NUMBER = 10_000  # bits; Python prints at most about 14,000 bits


Location: TypeAlias = tuple[int | str, ...]  # keys and indices of a value in a document


def key_of(location: Location) -> str:
    """Return a location as the key that ``--set`` takes: ``lanes.0.kind``."""
    return ".".join(str(part) if isinstance(part, int) else shortened(part, 60) for part in location) or "the document"


def describe(error: ErrorDetails, allowed: Sequence[str] = ()) -> str:
    """Return one line for a pydantic error: the key, what was found, what is allowed.

    ``allowed``: the keys that are allowed in the table.
    """
    kind, found, context, key = error["type"], error["input"], error.get("ctx", {}), key_of(error["loc"])
    line = f"{key} = {value_text(found)}"
    match kind:
        case "extra_forbidden":
            return f"{key}: unknown key{nearest(str(error['loc'][-1]), allowed) or _one_of(allowed)}"
        case "missing":
            return f"{key}: missing"
        case "union_tag_not_found":
            return f"{key}.kind: missing{_one_of(context['kinds'])}"
        case "union_tag_invalid":
            return _choice(f"{key}.kind", found["kind"], context["kinds"])
        case "literal_error":
            return _choice(key, found, _words(context["expected"]))
        case "string_too_long":
            return f"{line}: must have at most {context['max_length']} characters, has {len(found)}"
        case "too_short":
            return f"{key}: must have at least {context['min_length']}, has {len(found)}"
        case "too_long":
            return f"{key}: must have at most {context['max_length']}, has {len(found)}"
    if kind in MUST_BE:
        return f"{line}: must be {MUST_BE[kind]}"
    if kind in BOUNDS:
        name, phrase = BOUNDS[kind]
        bound = context[name]
        return f"{line}: must be {phrase} {f'{bound:g}' if isinstance(bound, float) else bound}"
    return f"{line}: {error['msg'].removeprefix('Value error, ')}"


def unfit(document: object) -> list[str]:
    """Return problems that would break validating, copying or printing a document: deep nesting and huge numbers."""
    found: list[str] = []
    waiting: list[tuple[Location, object]] = [((), document)]
    while waiting:
        location, value = waiting.pop()
        if isinstance(value, Mapping | list) and len(location) == DEEPEST:
            found.append(f"{key_of(location)}: nested too deeply")
        elif isinstance(value, Mapping):
            waiting += [((*location, str(key)), inner) for key, inner in value.items()]
        elif isinstance(value, list):
            waiting += [((*location, i), inner) for i, inner in enumerate(value)]
        elif isinstance(value, int) and value.bit_length() > LONGEST_NUMBER:
            found.append(f"{key_of(location)}: the number is too long")
    return found


def value_text(value: object) -> str:
    """Return a value as text that fits into a line."""
    if isinstance(value, Mapping):
        return "a table"
    if isinstance(value, list):
        return "a list"
    if isinstance(value, bool):
        return str(value).lower()
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "…"


def _choice(key: str, found: object, allowed: Sequence[str]) -> str:
    near = nearest(found, allowed) if isinstance(found, str) else ""
    return f"{key} = {value_text(found)}: unknown{near or _one_of(allowed)}"


def _one_of(allowed: Sequence[str]) -> str:
    return f"; must be one of {', '.join(repr(word) for word in allowed)}" if allowed else ""


def _words(expected: object) -> list[str]:
    """Return the words in pydantic's list of allowed values, ``'a', 'b' or 'c'``."""
    return [word.strip(" '") for word in str(expected).replace(" or ", ", ").split(",")]

"""Edit values in a TOML text, so that comments, order and spacing are preserved.

Only differences are changed.  Comments of a removed key stay; a new key is added below the last key of its table.
"""

import tomllib
from collections.abc import Iterator, Mapping
from typing import Any

import tomlkit

from rnn_tui.presets.toml_lines import Item, Line, Node, Way, lines_of


def updated(text: str, values: Mapping[str, Any]) -> str:
    """Return the valid TOML text with exactly these values."""
    return _Editor(text, values).text()


class _Editor:
    def __init__(self, text: str, values: Mapping[str, Any]) -> None:
        self._text, self._values = text, values
        self._before = tomllib.loads(text)
        self._lines = list(lines_of(text))
        self._valued = {line.way for line in self._lines if line.value}
        self._newline = "\r\n" if "\r\n" in text else "\n"
        self._edits: list[tuple[int, int, str]] = []  # start, end, replacement
        self._end: list[str] = []  # new lines at the end

    def text(self) -> str:
        for line in self._lines:
            self._keep(line)
        self._add((), self._before, self._values)
        found = _spliced(self._text, self._edits)
        gap = "" if not self._end or found.endswith("\n") else self._newline
        return found + gap + "".join(line + self._newline for line in self._end)

    def _keep(self, line: Line) -> None:
        """Set the value of a line, or remove the line."""
        there, wanted = _at(self._values, line.way)
        if not there or (line.value is None and not isinstance(wanted, Mapping)):
            self._remove(line)
        elif line.value:
            lost: list[str] = []
            self._edits += _set(line.value, _at(self._before, line.way)[1], wanted, lost)
            start = self._text.rfind("\n", 0, line.start) + 1
            self._edits += [(start, start, comment + self._newline) for comment in lost]

    def _remove(self, line: Line) -> None:
        """Remove a statement; comments within it get lines of their own, a comment after it stays."""
        kept = "".join(comment + self._newline for comment in (line.value.all_comments() if line.value else ()))
        if self._text[line.end : line.after].strip():
            self._edits.append((line.start, line.end, kept))
        else:
            self._edits.append((self._text.rfind("\n", 0, line.start) + 1, line.after, kept))

    def _add(self, way: Way, before: Any, wanted: Any) -> None:
        """Add what the text lacks of a table or a list of tables that it has."""
        if isinstance(wanted, Mapping) and not wanted and way:
            if way not in {line.way for line in self._lines}:  # the table existed only by its keys
                self._append(way, {})
        elif isinstance(wanted, Mapping):
            fresh = {key: value for key, value in wanted.items() if key not in before or not _alike(before[key], value)}
            self._put(way, {key: value for key, value in fresh.items() if (*way, key) not in self._valued})
            old = [key for key in wanted if key not in fresh and (*way, key) not in self._valued]
            for key in old:
                self._add((*way, key), before[key], wanted[key])
        elif _tables(wanted):
            for i, (one, other) in enumerate(zip(before, wanted, strict=False)):
                self._add((*way, i), one, other)
            for table in wanted[len(before) :]:
                self._append(way, table, in_list=True)

    def _put(self, way: Way, fresh: Mapping[str, Any]) -> None:
        """Add new keys of a table: below its last line, or in a new table at the end."""
        tables = {key: value for key, value in fresh.items() if isinstance(value, Mapping) or _tables(value)}
        others = {key: value for key, value in fresh.items() if key not in tables}
        own = [line for line in self._lines if line.table == way]
        dotted = [line for line in self._lines if len(line.table) < len(way) and line.way[: len(way)] == way]
        if others and (own or dotted or not way):
            last = (own or dotted)[-1] if own or dotted else None
            self._below(last, way[len(last.table) :] if last else (), others)
        elif others:
            self._append(way, others)
        for key, value in tables.items():
            for table in value if isinstance(value, list) else [value]:
                self._append((*way, key), table, in_list=isinstance(value, list))

    def _below(self, line: Line | None, before: Way, fresh: Mapping[str, Any]) -> None:
        """Add new keys, prefixed by the words ``before``, after a line."""
        at = line.after if line else 0
        new = "".join(f"{_name((*before, key))} = {_dumped(value)}{self._newline}" for key, value in fresh.items())
        self._edits.append((at, at, new if at == 0 or self._text[at - 1] == "\n" else self._newline + new))

    def _append(self, way: Way, table: Mapping[str, Any], in_list: bool = False) -> None:
        """Add a table at the end of the text."""
        name = _name(way)
        lines = [f"[[{name}]]" if in_list else f"[{name}]"]
        lines += [f"{_name((key,))} = {_dumped(value)}" for key, value in table.items()]
        self._end += ["", *lines]


def _set(node: Node, before: Any, wanted: Any, lost: list[str]) -> Iterator[tuple[int, int, str]]:
    """Yield the edits that change a value; comments that no longer fit into it are added to ``lost``."""
    if _same(before, wanted):
        return
    if not (isinstance(before, list) and isinstance(wanted, list)) and not (
        isinstance(before, Mapping) and isinstance(wanted, Mapping) and all(item.key for item in node.items)
    ):
        lost += node.all_comments()
        yield node.start, node.end, _dumped(wanted)
        return
    old = dict(enumerate(before)) if isinstance(before, list) else before
    new = dict(enumerate(wanted)) if isinstance(wanted, list) else wanted
    keys = [i if item.key is None else item.key for i, item in enumerate(node.items)]
    kept = [item for key, item in zip(keys, node.items, strict=True) if key in new]
    for key, item in zip(keys, node.items, strict=True):
        if key in new:
            yield from _set(item.value, old[key], new[key], lost)
        else:
            lost += item.value.all_comments()
            yield item.start, item.value.end, ""
            yield max(item.value.end, item.after - 1), item.after, ""  # remove its comma, but not comments
    yield from _joined(node, kept, [_item(key, value) for key, value in new.items() if key not in old])


def _joined(node: Node, kept: list[Item], fresh: list[str]) -> Iterator[tuple[int, int, str]]:
    """Yield the edits that add new items after the last remaining one, with the right commas."""
    if not kept:
        if fresh:
            yield node.start + 1, node.start + 1, ", ".join(fresh)
        return
    last = kept[-1].value.end
    if fresh:
        yield last, last, "".join(f", {item}" for item in fresh)
    if kept[-1] is not node.items[-1] and kept[-1].key is not None:  # an inline table ends without a comma
        yield kept[-1].after - 1, kept[-1].after, ""


def _spliced(text: str, edits: list[tuple[int, int, str]]) -> str:
    found, at = [], 0
    for start, end, new in sorted(edits, key=lambda edit: edit[:2]):
        found += [text[at:start], new]
        at = end
    return "".join([*found, text[at:]])


def _at(document: Any, way: Way) -> tuple[bool, Any]:
    """Return whether the document has a value at this path, and the value."""
    for word in way:
        if isinstance(word, int):
            if not _tables(document) or word >= len(document):
                return False, None
        elif not isinstance(document, Mapping) or word not in document:
            return False, None
        document = document[word]
    return True, document


def _tables(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(item, Mapping) for item in value)


def _alike(one: Any, other: Any) -> bool:
    """Tell if both are tables, both are lists of tables, or both are neither."""
    return (isinstance(one, Mapping), _tables(one)) == (isinstance(other, Mapping), _tables(other))


def _same(one: Any, other: Any) -> bool:
    """Tell if two values are equal; 1 equals 1.0, but not true."""
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(_same, one, other))
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        return one.keys() == other.keys() and all(_same(one[key], other[key]) for key in one)
    return bool(one == other) and isinstance(one, bool) == isinstance(other, bool)


def _name(way: Way) -> str:
    """Return a dotted key; the index of a table in a list is omitted, since the last table is meant."""
    return ".".join(tomlkit.key(word).as_string() for word in way if isinstance(word, str))


def _item(key: Any, value: Any) -> str:
    return f"{_name((key,))} = {_dumped(value)}" if isinstance(key, str) else _dumped(value)


def _dumped(value: Any) -> str:
    """Return a value as TOML on one line."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(_item(key, inner) for key, inner in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_dumped, value)) + "]"
    return str(tomlkit.item(value).as_string())

"""Find the positions of statements and values in a TOML text that ``tomllib`` has parsed before, so it is valid."""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TypeAlias

Way: TypeAlias = tuple[str | int, ...]  # keys, and the indices of tables in lists

WORD = r"""(?:[A-Za-z0-9_-]+|"(?:\\.|[^"\\\n])*"|'[^'\n]*')"""
KEY = re.compile(rf"{WORD}(?:[ \t]*\.[ \t]*{WORD})*")
HEADER = re.compile(rf"\[(\[)?[ \t]*({KEY.pattern})[ \t]*\]\]?")
EQUALS = re.compile(r"[ \t]*=[ \t]*")
SCALAR = re.compile(
    r'"""(?:\\.|[^\\])*?"{3,5}|' r"'''.*?'{3,5}|" r'"(?:\\.|[^"\\\n])*"|' r"'[^'\n]*'|"
    r"""\d{4}-\d\d-\d\d \d\d:[\d:.+Z-]+|[^\s,\]}#"']+""", re.DOTALL,
)  # fmt: skip
COMMENT = re.compile(r"#[^\r\n]*")
GAP = re.compile(r"(?:\s|#[^\n]*)*")
LINE_END = re.compile(r"[ \t]*(?:#[^\r\n]*)?(?:\r?\n|\Z)")


@dataclass
class Item:
    """An item of a list or an inline table, from the ``start`` of its key to ``after`` its comma."""

    start: int
    key: str | None  # None in lists, and for dotted keys
    value: "Node"
    after: int = 0


@dataclass
class Node:
    """A value, from ``start`` to ``end``; a list or an inline table has ``items`` and may have ``comments``."""

    start: int
    end: int
    items: list[Item] = field(default_factory=list)
    comments: list[str] = field(default_factory=list)

    def all_comments(self) -> list[str]:
        """Return its own comments and those within its items."""
        return [*self.comments, *(comment for item in self.items for comment in item.value.all_comments())]


@dataclass
class Line:
    """A statement: a table's header (without a value), or a key and its value.

    Attributes:
        way: the path to the table that the header opens, or to the value.
        table: the path to the table whose section contains the line.
        start, end: of the statement, without a comment after it.
        after: the start of the next line.
    """

    way: Way
    table: Way
    start: int
    end: int
    after: int
    value: Node | None = None


def lines_of(text: str) -> Iterator[Line]:
    """Yield the statements of a valid TOML text, in order."""
    counts: dict[Way, int] = {}  # how many tables a list has so far
    table: Way = ()
    at = _skip(text, 0)
    while at < len(text):
        if header := HEADER.match(text, at):
            table, end, value = _opened(words_of(header[2]), bool(header[1]), counts), header.end(), None
            way = table
        else:
            key, begin = _key(text, at)
            way, value = (*table, *key), node_at(text, begin)
            end = value.end
        after = _matched(LINE_END, text, end)
        yield Line(way, table, at, end, after, value)
        at = _skip(text, after)


def _opened(words: list[str], in_list: bool, counts: dict[Way, int]) -> Way:
    """Return the path to the table that a header opens; a word that names a list means its last table."""
    way: Way = ()
    for word in words[:-1] if in_list else words:
        way = (*way, word)
        way = (*way, counts[way] - 1) if way in counts else way
    if not in_list:
        return way
    way = (*way, words[-1])
    counts[way] = counts.get(way, 0) + 1
    return (*way, counts[way] - 1)


def node_at(text: str, at: int) -> Node:
    """Return the value that begins at character ``at``."""
    if text[at] not in "[{":
        return Node(at, _matched(SCALAR, text, at))
    node, closing = Node(at, at), "]" if text[at] == "[" else "}"
    at = _skip(text, at + 1, node)
    while text[at] != closing:
        start, key = at, None
        if closing == "}":
            words, at = _key(text, at)
            key = words[0] if len(words) == 1 else None
        value = node_at(text, at)
        at = _skip(text, value.end, node)
        if text[at] == ",":
            at += 1
            node.items.append(Item(start, key, value, at))
            at = _skip(text, at, node)
        else:
            node.items.append(Item(start, key, value, value.end))
    node.end = at + 1
    return node


def words_of(key: str) -> list[str]:
    """Return the words of a dotted key, without quotes."""
    found, inner = [], tomllib.loads(f"{key} = 0")
    while isinstance(inner, dict):
        ((word, inner),) = inner.items()
        found.append(word)
    return found


def _key(text: str, at: int) -> tuple[list[str], int]:
    """Return the words of a key, and the start of its value."""
    end = _matched(KEY, text, at)
    return words_of(text[at:end]), _matched(EQUALS, text, end)


def _skip(text: str, at: int, node: Node | None = None) -> int:
    """Return the end of blanks, line ends and comments; a ``node`` collects the comments."""
    end = _matched(GAP, text, at)
    if node:
        node.comments += COMMENT.findall(text, at, end)
    return end


def _matched(pattern: re.Pattern[str], text: str, at: int) -> int:
    found = pattern.match(text, at)
    if found is None:
        raise ValueError(f"not TOML at character {at}: {text[at : at + 20]!r}")
    return found.end()

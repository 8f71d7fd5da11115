"""Values set in a text: what is not touched stays as it was, byte for byte, and no comment is lost."""

import json
import random
import re
import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnn_tui.presets.toml_lines import COMMENT, lines_of
from rnn_tui.presets.toml_text import updated

keys = st.text("ab c.\"'é#=", max_size=4) | st.sampled_from(["a", "b", "x-y", "1"])
scalars = st.one_of(
    st.booleans(), st.integers(-(10**12), 10**12), st.floats(allow_nan=False),
    st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), max_size=8),
    st.sampled_from(['"', "'''", '"""', "# no comment", "\\", "a\nb"]),
)  # fmt: skip
values = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(keys, inner, max_size=3), max_leaves=6
)
documents = st.dictionaries(keys, values, max_size=5)


class Typist:
    """Writes documents as people may: any kind of table and text, comments wherever one may be."""

    def __init__(self, seed):
        self.rng = random.Random(seed)

    def text(self, document):
        root, tables = [], []
        for key, value in document.items():
            if isinstance(value, dict) and self.rng.random() < 0.6:
                if value and self.rng.random() < 0.4:
                    root += [self.line(f"{self.key(key)} . {self.key(inner)}", value[inner]) for inner in value]
                else:
                    tables.append(self.table(f"[{self.key(key)}]", value))
            elif isinstance(value, list) and value and all(isinstance(x, dict) for x in value) and self.half():
                tables += [self.table(f"[[ {self.key(key)} ]]", inner) for inner in value]
            else:
                root.append(self.line(self.key(key), value))
        text = "".join([*root, *tables]) + self.rng.choice(["", "# the end", "\n# end\n"])
        return text.rstrip("\n") if self.rng.random() < 0.2 else text

    def half(self):
        return self.rng.random() < 0.5

    def key(self, key):
        return key if re.fullmatch("[A-Za-z0-9_-]+", key) else json.dumps(key, ensure_ascii=False)

    def table(self, header, table):
        lines = "".join(self.line(self.key(key), value) for key, value in table.items())
        return f"{self.rng.choice(['', '# before' + chr(10)])}{header}{self.comment()}\n{lines}"

    def line(self, key, value):
        return (
            f"{self.rng.choice(['', chr(10), '# above' + chr(10), '  '])}{key} = {self.value(value)}{self.comment()}\n"
        )

    def comment(self):
        return self.rng.choice(["", "", ' # c = [1] "', "\t#"])

    def gap(self, within):
        return "" if within else self.rng.choice(["", " ", "\n  ", ' # in[ "side"\n ', "\n# one, two\n"])

    def value(self, value, within=False):
        if isinstance(value, dict):
            return "{" + ", ".join(f"{self.key(k)} = {self.value(v, True)}" for k, v in value.items()) + "}"
        if isinstance(value, list):
            inner = [f"{self.value(item, within)}{self.gap(within)}" for item in value]
            comma = self.rng.choice(["", ","]) if value else ""
            return f"[{self.gap(within)}{(',' + self.gap(within)).join(inner)}{comma}{self.gap(within)}]"
        if isinstance(value, bool):
            return str(value).lower()
        if isinstance(value, str):
            literal = self.half() and "'" not in value and value.isprintable()
            return f"'{value}'" if literal else json.dumps(value, ensure_ascii=False)
        return repr(value)


def comments(text):
    found, at = [], 0
    for line in lines_of(text):
        found += COMMENT.findall(text[at : line.start])
        found += line.value.all_comments() if line.value else []
        found += COMMENT.findall(text[line.end : line.after])
        at = line.after
    return sorted(found + COMMENT.findall(text[at:]))


@given(documents, documents, st.integers(0, 10**6))
def test_any_text_gets_any_values_and_keeps_every_comment(before, wanted, seed):
    typist = Typist(seed)
    text = typist.text(before)
    before = tomllib.loads(text)
    assert updated(text, before) == text
    for after in (wanted, {**before, **wanted}, {key: value for key, value in before.items() if typist.half()}):
        new = updated(text, after)
        assert tomllib.loads(new) == after
        assert comments(new) == comments(text)


TEXT = """\
# My run
title = 'x'  # T

[task] # what
kind = "csv"
inputs = [ # columns
  "a", # first
  "b", # second
] # end
horizon = 0x10
# before lanes
[[lanes]]
kind = "rnn"
# the end
"""
VALUES = {"title": "x", "task": {"kind": "csv", "inputs": ["a", "b"], "horizon": 16}, "lanes": [{"kind": "rnn"}]}


def changed(**task):
    return updated(TEXT, {**VALUES, "task": {**VALUES["task"], **task}})


@pytest.mark.parametrize(
    ("task", "before", "after"),
    [
        ({}, "", ""),
        ({"horizon": 3}, "0x10", "3"),
        ({"horizon": 16.0}, "", ""),
        ({"inputs": ["a", "c"]}, '"b"', '"c"'),
        ({"inputs": ["a"]}, '"b",', ""),
        ({"inputs": ["a", "b", "c"]}, '"b"', '"b", "c"'),
        ({"inputs": []}, '"a", # first\n  "b",', " # first\n  "),
        ({"path": "y"}, "0x10\n", '0x10\npath = "y"\n'),
    ],
)
def test_only_what_differs_is_another_text(task, before, after):
    new = changed(**task)
    assert new == TEXT.replace(before, after, 1) or new.split() == TEXT.replace(before, after, 1).split()
    assert comments(new) == comments(TEXT)


def test_line_ends_of_windows_stay_and_new_lines_have_them_too():
    text = TEXT.replace("\n", "\r\n")
    assert updated(text, VALUES) == text
    new = updated(text, {**VALUES, "new": 1, "training": {"seed": 1}})
    assert new.count("\n") == new.count("\r\n") == text.count("\n") + 4

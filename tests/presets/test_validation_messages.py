import pytest

from rnn_tui.errors import DataError, PresetError, RnnTuiError, escaped, nearest
from rnn_tui.presets.validation_messages import DEEPEST, key_of, unfit, value_text


@pytest.mark.parametrize(
    ("loc", "key"),
    [
        (("training", "seed"), "training.seed"),
        (("lanes", 0, "kind"), "lanes.0.kind"),
        (("lanes", 3), "lanes.3"),
        ((), "the document"),
    ],
)
def test_a_place_is_named_as_set_would_name_it(loc, key):
    assert key_of(loc) == key


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (True, "true"),
        (1, "1"),
        ("it's", '"it\'s"'),
        ({}, "a table"),
        ([1], "a list"),
        ("x" * 80, "'" + "x" * 56 + "…"),
    ],
)
def test_a_found_value_is_shown_short_and_as_toml_would_have_it(value, text):
    assert value_text(value) == text


def test_only_what_is_near_is_offered():
    assert nearest("ecko", ["echo", "xor"]) == "; did you mean 'echo'?"
    assert nearest("transformer", ["echo", "xor"]) == ""


def test_a_document_is_unfit_only_where_nesting_or_numbers_have_no_end():
    nested = {}
    at = nested
    for _ in range(DEEPEST - 1):
        at["a"] = [] if len(at) else {}
        at = at["a"]
    assert unfit(nested) == []
    at["a"] = {}
    assert unfit(nested) == [".".join(["a"] * DEEPEST) + ": nested too deeply"]
    assert unfit({"lanes": [{"x": 2**9_999}, {"x": -(2**10_000)}]}) == ["lanes.1.x: the number is too long"]


def test_an_error_keeps_each_of_its_lines_one_line():
    assert str(RnnTuiError("a\nb\x1b[2J")) == "a\\nb\\x1b[2J"
    assert str(DataError("x\u2028\udcff")) == "x\\u2028\\udcff"
    error = PresetError("odd\nname", ["first\rproblem", "second"])
    assert str(error).splitlines() == ["odd\\nname: 2 problems", "  first\\rproblem", "  second"]
    assert escaped("Größe 5 ≤ 6, 你好") == "Größe 5 ≤ 6, 你好"

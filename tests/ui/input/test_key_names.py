"""Keys by the names that users type and the ones that Textual has."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from textual.binding import Binding

from rnn_tui.ui.input.bindings import named
from rnn_tui.ui.input.key_names import FRIENDLY, MODIFIERS, PRINTED, SPECIAL, key_names, key_of, keys_of, printed, typed


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        ("s", "s"), ("S", "S"), ("shift+s", "S"), ("+", "plus"), ("-", "minus"), ("−", "minus"), ("?", "question_mark"),
        ("question_mark", "question_mark"), ("/", "slash"), ("<", "less_than_sign"), ("ö", "ö"), (" ", "space"),
        ("Space", "space"), ("←", "left"), ("ESC", "escape"), ("return", "enter"), ("PgUp", "pageup"),
        ("page down", "pagedown"), ("F5", "f5"), ("ctrl+s", "ctrl+s"), ("Ctrl+S", "ctrl+s"), ("control+s", "ctrl+s"),
        ("ctrl++", "ctrl+plus"), ("ctrl + n", "ctrl+n"), ("shift+ctrl+up", "ctrl+shift+up"), ("shift+↓", "shift+down"),
        ("alt+x", "alt+x"),
    ],
)  # fmt: skip
def test_a_key_may_be_written_as_people_write_it(typed, key):
    assert key_of(typed) == key


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("spcae", "did you mean 'space'"), ("ctlr+s", "did you mean 'ctrl'"), ("xyzzy", "unknown key"), ("", "missing"),
        ("ctrl+", "missing"), ("shift+1", "the character that shift+1 types"), ("ctrl+i", "terminals send 'tab'"),
        ("ctrl+m", "terminals send 'enter'"), ("a,,b", "missing"), ("f99", "unknown key"),
    ],
)  # fmt: skip
def test_what_is_no_key_is_refused_with_a_way_out(typed, why):
    with pytest.raises(ValueError, match=why.replace("+", r"\+")):
        keys_of(typed)


def test_several_keys_have_commas_between_them_and_each_counts_once():
    assert keys_of("n, ctrl+n,n") == "n,ctrl+n"
    assert keys_of(",") == "comma"
    assert keys_of("comma, a") == "comma,a"


@pytest.mark.parametrize("key", sorted({*SPECIAL, *PRINTED, "question_mark", "ctrl+plus", "ctrl+shift+f3", "comma"}))
def test_what_is_printed_is_read_as_the_same_key(key):
    assert key_of(printed(key)) == key


def test_so_are_the_keys_of_all_bindings():
    for binding in named().values():
        assert keys_of(", ".join(map(printed, binding.key.split(",")))) == binding.key


@pytest.mark.parametrize(
    ("keys", "names"),
    [("s", "s"), ("plus,equals_sign", "+ ="), ("question_mark", "?"), ("w,ctrl+s", "w ctrl+s"), ("minus", "−")],
)
def test_keys_are_named_as_they_are_printed_on_the_keyboard(keys, names):
    assert key_names(Binding(keys, "x")) == names


key_words = st.sampled_from([*SPECIAL, *FRIENDLY, *MODIFIERS, "+", "-", ",", "shift", "ctrl", "ß", "ŉ", "ǆ", "»"])


@given(st.lists(st.lists(key_words | st.characters(codec="utf-8"), min_size=1, max_size=3).map("+".join), min_size=1))
@example(["shift+ß"])
def test_whatever_key_is_accepted_is_printed_so_that_it_is_accepted_again(keys):
    try:
        found = keys_of(", ".join(keys))
    except ValueError:
        return
    assert keys_of(", ".join(map(printed, found.split(",")))) == found


@pytest.mark.parametrize("character", "aN0.-+?,/ =")
def test_a_key_types_the_character_that_it_is_named_after(character):
    assert typed(key_of(character)) == character


@pytest.mark.parametrize("key", ["enter", "left", "ctrl+z", "shift+down", "pagedown", "f5"])
def test_other_keys_type_nothing(key):
    assert typed(key_of(key)) is None

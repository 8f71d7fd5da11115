import keyword
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnn_tui.exports.safe_filenames import LONGEST, lane_words, safe

SAFE = re.compile(r"[A-Za-z0-9_-]{1,70}")


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("RNN", "RNN"), ("FNN(1)", "FNN-1"), ("FNN 2", "FNN-2"), ("Gedächtnis", "Gedachtnis"), ("../../etc", "etc"),
        ("my_run", "my_run"), ("a/b\\c:d", "a-b-c-d"), ("σ", "none"), ("", "none"), ("\udcff", "none"),
    ],
)  # fmt: skip
def test_a_name_becomes_a_word_that_any_system_takes(text, word):
    assert safe(text, "none") == word


@pytest.mark.parametrize("joint", ["-", "_"])
@given(names=st.lists(st.text(max_size=80), min_size=1, max_size=4, unique=True))
def test_lanes_have_safe_words_of_their_own_whatever_they_are_called(joint, names):
    words = lane_words(names, joint)
    assert len({word.lower() for word in words}) == len(names)
    assert all(SAFE.fullmatch(word) and len(word) <= LONGEST + 2 for word in words)
    assert "held-out" not in words


def test_names_that_look_alike_to_a_file_system_are_numbered():
    assert lane_words(["RNN", "rnn", "RNN!", "?"]) == ["RNN", "rnn-2", "RNN-3", "lane-3"]
    assert lane_words(["held-out"]) == ["held-out-2"]


def test_with_an_underscore_a_word_is_an_identifier_behind_the_runs_name():
    (word,) = lane_words(["class 1 – β"], "_")
    assert f"run_{word}".isidentifier()
    assert not keyword.iskeyword(f"run_{word}")

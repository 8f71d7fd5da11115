from math import log

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from rnn_tui.tasks.own_data.text_symbols import LONGEST_WORD
from rnn_tui.tasks.own_data.text_task import LONGEST_CONTEXT, MOST_KINDS, Text

T = 10


@pytest.fixture
def text(tmp_path):
    def write(content, name="a.txt"):
        file = tmp_path / name
        file.write_bytes(content if isinstance(content, bytes) else content.encode())
        return Text(path=str(file))

    return write


def read_back(task, batch):
    """The strings of a batch, its inputs and then its last target."""
    assert (batch.x.sum(axis=1) == 1).all()
    assert set(np.unique(batch.x)) <= {0, 1}
    x = batch.x.argmax(axis=1)
    codes = np.concatenate([x, batch.target[-1:]])
    np.testing.assert_array_equal(batch.target[:-1], x[1:])
    return ["".join(task.alphabet[code] for code in codes[:, b]) for b in range(codes.shape[1])]


def test_training_sequences_are_pieces_of_the_first_four_fifths(text):
    content = "the quick brown fox jumps over the lazy dog, again and again; " * 10
    task = text(content)
    for piece in read_back(task, task.batch(np.random.default_rng(0), 50, T)):
        assert len(piece) == T + 1
        assert piece in content[: len(content) * 4 // 5 + 1]


def test_held_out_never_overlaps_the_training_part(text):
    # each pair of characters is another one, so it tells its place; all characters are in the training part
    content = "".join(chr(0x4E00 + i // 20) + chr(0x5E00 + i % 20) for i in range(400))
    task = text(content + content[:200])
    trained = read_back(task, task.batch(np.random.default_rng(0), 2000, T))
    held_out = read_back(task, task.held_out(np.random.default_rng(0), 1000, T))
    assert all(piece in content for piece in trained)
    assert all(piece in (content + content[:200])[800:] for piece in held_out)


def test_the_symbols_are_those_of_the_training_part_and_others_are_read_as_one_and_not_scored(text):
    task = text("ab" * 200 + "abxyab" * 16 + "abab")
    assert task.problems(T) == []
    assert task.alphabet == ("a", "b", "\N{REPLACEMENT CHARACTER}")
    batch = task.held_out(np.random.default_rng(0), 9, T)
    new = task.alphabet.index("\N{REPLACEMENT CHARACTER}")
    assert (batch.target == new).any()
    np.testing.assert_array_equal(batch.mask, batch.target != new)
    (note,) = task.notes
    assert note == (
        "32 of 100 characters of the held-out part are not in the training part ('x', 'y'): "
        "they are replaced by '\ufffd' and not scored"
    )
    assert all(np.isfinite(reference.loss) for reference in task.references(T))
    words = Text(path=task.path, level="words")
    assert words.notes == []


def test_words_that_only_the_held_out_part_has_are_one_symbol(text):
    path = text("one two three four " * 40 + "one five two six " * 10).path
    task = Text(path=path, level="words")
    assert task.alphabet == ("four", "one", "three", "two", "<new>")
    assert "20 of 40 words of the held-out part are not in the training part ('five', 'six')" in task.note


def test_a_held_out_part_of_other_symbols_alone_is_a_problem(text):
    (problem,) = text("ab" * 200 + "xy" * 50).problems(T)
    assert "the held-out part (the last 20%) has no characters of the training part" in problem


def test_a_letter_keeps_its_marks_and_a_picture_its_parts(text):
    astronaut, rain, flag = "\U0001f469\u200d\U0001f680", "\U0001f327\ufe0f", "\U0001f1e9\U0001f1ea"
    task = text(f"e\u0301a{astronaut}{rain}{flag}e" * 30)
    assert set(task.alphabet) == {"e\u0301", "a", astronaut, rain, flag, "e"}
    assert len(task.tokens.earlier) + len(task.tokens.held_out) == 180
    assert task.spelled(task.tokens.earlier[:6].tolist()) == f"e\u0301a{astronaut}{rain}{flag}e"


def test_a_word_of_a_length_that_no_word_has_is_cut(text):
    task = Text(path=text("one " * 100 + "x" * 100_000 + " two" * 20 + " one" * 30).path, level="words")
    assert "x" * LONGEST_WORD + "…" in task.alphabet
    assert max(map(len, task.alphabet)) == LONGEST_WORD + 1


def test_all_positions_are_scored(text):
    task = text("abc" * 50)
    assert task.batch(np.random.default_rng(0), 3, T).mask.all()


def test_symbols_are_the_different_characters_in_order(text):
    task = text("banana\nß€🙂" * 20)
    assert task.alphabet == tuple(sorted("ban\nß€🙂"))
    assert task.input_size == task.output_size == 7


def test_line_ends_count_as_one_character_and_a_byte_order_mark_as_none(text):
    unix = text("ab\ncd\n" * 20, "unix.txt")
    windows = text(b"\xef\xbb\xbf" + b"ab\r\ncd\r\n" * 20, "windows.txt")
    assert windows.raw == unix.raw
    assert windows.alphabet == ("\n", "a", "b", "c", "d")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("ab" * 27, ["too short", "54 characters", "10 are held out", "needs 11"]),
        ("a" * 100, ["only one character", "'a'"]),
        ("".join(chr(0x4E00 + i) for i in range(MOST_KINDS + 1)) * 2, ["501 different characters", "500"]),
        ("", ["empty"]),
        (b"\xff\xfe", ["empty"]),
        (b"\xff\xfea", ["UTF-16"]),
        (bytes(range(256)), ["not a text file"]),
    ],
)
def test_a_text_that_cannot_be_learnt_is_told_in_one_line(text, content, words):
    (problem,) = text(content).problems(T)
    assert "a.txt: " in problem
    for word in words:
        assert word in problem


def test_a_text_just_long_enough_is_taken(text):
    task = text("ab" * 27 + "a")
    assert task.problems(T) == []
    assert task.held_out(np.random.default_rng(0), 5, T).x.shape == (T, 2, 1)


def test_a_missing_file_is_a_problem_and_not_a_traceback(tmp_path):
    (problem,) = Text(path=str(tmp_path / "none.txt")).problems(T)
    assert "no such file" in problem


@pytest.mark.parametrize("options", [{}, {"path": ""}, {"path": "a", "level": "syllables"}])
def test_options_are_checked(options):
    with pytest.raises(ValidationError):
        Text.model_validate(options)


def test_a_relative_path_starts_at_the_folder_and_another_one_stays():
    assert Text(path="a.txt").starting_at("/presets").path == "/presets/a.txt"
    task = Text(path="/data/a.txt")
    assert task.starting_at("/presets") is task  # with what it has read


def test_chance_and_unigram_are_what_they_say(text):
    rng = np.random.default_rng(0)
    task = text("".join(rng.choice(list("abc"), 50_000, p=[0.5, 0.25, 0.25])))
    found = {reference.name: reference.loss for reference in task.references(T)}
    assert found["chance"] == log(3)
    assert found["unigram"] == pytest.approx(1.5 * log(2), abs=0.01)
    assert found["bigram"] == pytest.approx(1.5 * log(2), abs=0.01)


def test_a_window_has_the_floor_of_as_many_characters(text):
    # Elman's letters: b -> ba, d -> dii, g -> guuu; TASKS: .7324, .5202, ln 3 / 3
    rng = np.random.default_rng(0)
    task = text("".join(rng.choice(["ba", "dii", "guuu"], 40_000)))
    found = [task.floor(window, T) for window in (1, 2, 3)]
    assert [floor.loss for floor in found] == pytest.approx([0.7324, 0.5202, log(3) / 3], abs=0.005)
    assert not any(floor.exact for floor in found)
    assert found[0].loss == task.references(T)[2].loss


def test_what_cannot_be_counted_has_no_floor(text):
    task = text("abc" * 100)
    assert task.floor(None, T) is None
    assert task.floor(LONGEST_CONTEXT + 1, T) is None
    assert task.floor(LONGEST_CONTEXT, T) is not None


@given(
    content=st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1, max_size=80),
    length=st.integers(1, 8),
)
def test_any_text_has_a_problem_or_batches_and_finite_floors(tmp_path_factory, content, length):
    file = tmp_path_factory.getbasetemp() / "any.txt"
    file.write_bytes(content.encode())
    task = Text(path=str(file))
    if task.problems(length):
        return
    assert task.batch(np.random.default_rng(0), 3, length).x.shape == (length, task.input_size, 3)
    assert len(task.held_out(np.random.default_rng(0), 3, length).x) == length
    for reference in task.references(length):
        assert np.isfinite(reference.loss)
    for window in (1, 2, 3, 4, 5):
        floor = task.floor(window, length)
        assert floor is None or np.isfinite(floor.loss)


# Words.


@pytest.fixture
def words(tmp_path):
    def write(content):
        file = tmp_path / "words.txt"
        file.write_text(content)
        return Text(path=str(file), level="words")

    return write


def test_words_are_in_lower_case_and_every_punctuation_mark_is_one(words):
    task = words("The cat's here.\n\nIs THE cat here? No: 3 dogs! " * 20)
    assert task.alphabet == tuple(sorted(["the", "cat's", "here", ".", "is", "cat", "?", "no", ":", "3", "dogs", "!"]))
    first = [task.alphabet[code] for code in task.tokens.earlier[:6]]
    assert first == ["the", "cat's", "here", ".", "is", "the"]


def test_the_target_of_a_word_is_the_next_word(words):
    text = "one two three four five six seven . " * 30
    task = words(text)
    batch = task.batch(np.random.default_rng(0), 20, T)
    np.testing.assert_array_equal(batch.target[:-1], batch.x.argmax(axis=1)[1:])
    for b in range(20):
        said = task.spelled([*batch.x[..., b].argmax(axis=1).tolist(), int(batch.target[-1, b])])
        assert said in task.spelled(task.tokens.earlier.tolist())


def test_words_are_written_with_spaces_between_them_but_none_before_punctuation(words):
    task = words("who said so , the cat ? yes ! " * 20)
    codes = [task.alphabet.index(word) for word in ["who", "said", ",", "the", "cat", "?", "yes", "!"]]
    assert task.spelled(codes) == "who said, the cat? yes!"


def test_of_too_many_words_the_rare_ones_share_a_class(words):
    common = [f"w{i}" for i in range(MOST_KINDS - 1)]
    task = words(" ".join(common * 3 + ["once", "upon"]))
    assert len(task.alphabet) == MOST_KINDS
    assert set(task.alphabet) - set(common) == {task.alphabet[-1]}
    assert task.tokens.held_out[-2:].tolist() == [MOST_KINDS - 1] * 2
    assert task.problems(T) == []
    assert task.alphabet[-1] in task.spelled([0, MOST_KINDS - 1])


@pytest.mark.parametrize(
    ("content", "words_of_it"),
    [("only a few words", ["too short", "4 words"]), ("the " * 100, ["only one word", "'the'"])],
)
def test_what_keeps_words_from_being_learnt_is_said(words, content, words_of_it):
    (problem,) = words(content).problems(T)
    assert all(word in problem for word in words_of_it)


def test_the_bigram_line_of_words_is_that_of_the_words_counted(words):
    task = words("the dog barks . the cats purr . " * 40)
    chance, unigram, bigram = task.references(T)
    assert chance.loss == pytest.approx(log(6))
    assert bigram.loss < 0.5 < unigram.loss < chance.loss  # only after "the" two words are possible

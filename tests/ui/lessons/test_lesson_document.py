"""Lessons as documents: what is read, and every problem at once."""

import tomllib
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.lesson_documents import ALL, HEAD, PLAIN, TRAIN, lesson_of

from rnn_tui.errors import FileError
from rnn_tui.ui.lessons.lesson import Choices, NumberQuestion, PlaceQuestion
from rnn_tui.ui.lessons.lesson_document import load, parse


def problems_of(*pages, head=HEAD):
    with pytest.raises(FileError) as error:
        lesson_of(*pages, head=head)
    return error.value.problems


def page(**keys):
    """A page with a text and these keys, given as they are in TOML."""
    return "\n[[pages]]\n" + "\n".join(f"{key} = {value}" for key, value in {"text": '"Look."', **keys}.items())


def test_a_lesson_has_its_preset_with_the_changes_and_its_pages_in_order():
    lesson = lesson_of(*ALL, head=HEAD + '[changes]\n"lanes.0.hidden_size" = 3\n')
    assert (lesson.name, lesson.title, lesson.minutes) == ("lesson", "The floor", 3)
    assert lesson.file.name == "echo"
    assert lesson.file.preset.lanes[0].hidden_size == 3
    kinds = [type(each.question) for each in lesson.pages]
    assert kinds == [type(None), Choices, Choices, NumberQuestion, PlaceQuestion, type(None)]
    assert lesson.pages[0].solution == ("s", "s", "s")
    assert [each.panel for each in lesson.pages[:2]] == ["loss", ""]


def test_a_row_of_the_controls_can_be_shown_and_is_in_the_controls():
    lesson = lesson_of(page(show='"lanes.RNN.gain"'), page(show='"training.learning_rate"'))
    assert [(each.show, each.panel) for each in lesson.pages] == [
        ("lanes.RNN.gain", "controls"),
        ("training.learning_rate", "controls"),
    ]


@pytest.mark.parametrize(
    ("keys", "problem"),
    [
        ({"text": '"' + "word " * 61 + '"'}, "has 61 words; at most 60 are allowed"),
        ({"text": '" "'}, "page 1: text = ' ': must not be empty"),
        (
            {"text": '"Press {run.step."'},
            "page 1: text: '{run.step.': a brace without its pair; names are written as in",
        ),
        ({"text": '"Press {{run.step}} or run.step}."'}, "page 1: text: '{}': a brace without its pair"),
        ({"text": '"Press {run.stp}."'}, "page 1: text: {run.stp}: unknown key; did you mean 'run.step'?"),
        ({"text": '"At {lanes.RNX.loss}."'}, "{lanes.RNX.loss}: there is no lane 'RNX'; did you mean 'RNN'?"),
        ({"text": '"At {lanes.RNN.los}."'}, "{lanes.RNN.los}: 'los' is unknown; did you mean 'loss'?"),
        (
            {"show": '"losses"'},
            "page 1: show = 'losses': must be a panel or a row of the controls; did you mean 'loss'?",
        ),
        ({"show": '"lanes.RNN.loss"'}, "page 1: show = 'lanes.RNN.loss': must be a panel or a row of the controls"),
        ({"show": '"lanes.RNN.gian"'}, "'gian' is unknown; did you mean 'gain'?"),
        ({"until": "[]"}, "page 1: until: must have at least 1, has 0"),
        ({"until": '"step"'}, "page 1: until = 'step': must be a comparison (step >= 5), an action"),
        ({"hint": '"' + "word " * 41 + '"'}, "has 41 words; at most 40 are allowed"),
        ({"done": '"Yes."'}, "page 1: done: is said when the condition of 'until' is met, which is missing"),
        ({"then": '"Yes."'}, "page 1: then: needs a question and 'until'"),
        ({"then_hint": '"Yes."'}, "page 1: then_hint: needs 'then', which it explains; other pages have a 'hint'"),
        ({"until": '"step == 5"'}, "page 1: until = 'step == 5': == is unknown; did you mean =?"),
        ({"solution": '"s fooo"'}, "page 1: solution: 'fooo': unknown key"),
        ({"color": '"red"'}, "page 1: color: unknown key"),
        ({"choices": '[{answer = "a", say = "b", right = true}]'}, "page 1: choices: must have at least 2, has 1"),
        (
            {"choices": '[{answer = "a", say = "b"}, {answer = "c", say = "b"}]'},
            "page 1: choices: exactly one answer must be right, not 0",
        ),
        (
            {"choices": '[{answer = "a", say = "b", right = true}, {answer = "a", say = "b"}]'},
            "page 1: choices: two answers are the same",
        ),
        (
            {"choices": '[{answer = "a", say = "b", rigth = true}, {answer = "c", say = "b"}]'},
            "page 1, answer 1: rigth: unknown key; did you mean 'right'?",
        ),
        ({"number": '{ right = "lanes.RNN.kind", say = "a", wrong = "b" }'}, "is a word; it must be a number"),
        ({"number": '{ right = 1.0, say = "a" }'}, "page 1: number.wrong: missing"),
        ({"place": '{ right = "cursor.u = 1", say = "a", wrong = "b" }'}, "unknown quantity 'cursor.u'"),
        (
            {
                "number": '{ right = 1, say = "a", wrong = "b" }',
                "place": '{ right = "step = 1", say = "a", wrong = "b" }',
            },
            "page 1: place: a page has at most one question, and this one has number too",
        ),
        (
            {"number": '{ right = 1, say = "a", wrong = "b" }', "until": '"step > 1"'},
            "page 1: then: missing: after an answer, it says what to do until the condition is met",
        ),
        (
            {"number": '{ right = 1, say = "a", wrong = "b" }', "until": '"step > 1"', "then": '"s"', "done": '"d"'},
            "page 1: done: what is said of the answer is said in its place; leave it out",
        ),
    ],
)
def test_a_mistake_on_a_page_is_told_with_its_place_and_a_way_out(keys, problem):
    (found,) = problems_of(page(**keys))
    assert problem in found


@pytest.mark.parametrize(
    ("head", "pages", "problems"),
    [
        (HEAD.replace("title", "titel"), PLAIN, ["title: missing", "titel: unknown key; did you mean 'title'?"]),
        (HEAD.replace("echo", "ecco"), PLAIN, ["preset: no preset 'ecco'; did you mean 'echo'?"]),
        (
            HEAD + '[changes]\n"lanes.0.gian" = 1.0\n',
            PLAIN,
            ["changes: lanes.0.gian: unknown key; did you mean 'gain'?"],
        ),
        (HEAD, "", ["pages: missing; write each page as a table [[pages]]"]),
        (HEAD + "pages = []", "", ["pages = a list: must be a list of at least one page; write each as [[pages]]"]),
        (HEAD + "pages = [3]", "", ["page 1 = 3: must be a table"]),
    ],
)
def test_a_mistake_above_the_pages_is_told(head, pages, problems):
    assert problems_of(pages, head=head) == problems


def test_all_problems_are_told_at_once_in_the_order_of_the_document():
    found = problems_of(
        page(until='["lanes.RNN.los < 1", "action run.stp"]'),
        page(hue='"red"'),
        page(show='"los"'),
        head=HEAD.replace("minutes = 3", "minutes = 0") + '[changes]\n"task.dely" = 2\n',
    )
    assert [" ".join(problem.split()[:3]) for problem in found] == [
        "minutes = 0:", "changes: task.dely: unknown", "page 1: until", "page 1: until", "page 2: hue:",
        "page 3: show",
    ]  # fmt: skip


def test_a_page_with_wrong_keys_is_read_further_but_what_is_missing_there_is_not_told():
    """What is missing may be what a wrong key was meant to be."""
    found = problems_of(
        page(untli='"step > 3"', done='"Yes."', hint='"{run.stp}"', show='"los"'),
        page(
            text="7", until='"step > x"', then='"Do it."',
            choices='[{ answer = "a", say = "{run.bak}", rigth = true }, { answer = "b", say = "c" }]',
        ),
        page(until="3", place='{ right = "cursor.u = 1", say = "{run.stp}", wrong = "b" }'),
    )  # fmt: skip
    assert [problem.partition("; ")[0] for problem in found] == [
        "page 1: untli: unknown key",
        "page 1: show = 'los': must be a panel or a row of the controls",
        "page 1: hint: {run.stp}: unknown key",
        "page 2: text = 7: must be text in quotes",
        "page 2, answer 1: rigth: unknown key",
        "page 2: until = 'step > x': 'x' must be a number, or the name of a quantity",
        "page 2, answer 1: say: {run.bak}: unknown key",
        "page 3: until = 3: must be a list",
        "page 3: place.say: {run.stp}: unknown key",
        "page 3: place.right = 'cursor.u = 1': unknown quantity 'cursor.u'",
    ]


def test_a_preset_beside_the_lesson_is_found(tmp_path):
    (tmp_path / "mine.toml").write_text('[task]\nkind = "echo"\ndelay = 2\n[[lanes]]\nkind = "gru"\n')
    (tmp_path / "own.toml").write_text(HEAD.replace('"echo"', '"mine.toml"') + page(until='"lanes.GRU.loss < 1"'))
    lesson = load(tmp_path / "own.toml")
    assert lesson.name == "own"
    assert lesson.file.preset.names == ["GRU"]


def test_a_file_that_is_not_toml_is_one_problem(tmp_path):
    (tmp_path / "own.toml").write_text("title = \n")
    with pytest.raises(FileError, match="not TOML"):
        load(tmp_path / "own.toml")


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner, max_size=3),
    max_leaves=6,
)


@given(st.sampled_from(["title", "minutes", "preset", "changes", "pages"]), VALUES)
def test_no_value_in_the_place_of_a_key_is_more_than_a_message(key, value):
    document = tomllib.loads(HEAD + TRAIN) | {key: value}
    with suppress(FileError):
        parse(document, "lesson.toml", "lesson", Path())


@given(
    st.sampled_from(["text", "show", "until", "done", "hint", "choices", "number", "place", "then", "solution"]), VALUES
)
def test_no_value_in_the_place_of_a_pages_key_is_more_than_a_message(key, value):
    document = tomllib.loads(HEAD + TRAIN)
    document["pages"][0][key] = value
    with suppress(FileError):
        parse(document, "lesson.toml", "lesson", Path())

import datetime
import math
import tomllib

import pytest
from documents import DESIGN, anything, as_toml, assert_can_be_shown, deep, echo, keys, mutated, valid
from hypothesis import example, given, settings
from hypothesis import strategies as st

from rnn_tui import library
from rnn_tui.errors import PresetError
from rnn_tui.presets import Preset, parse, set_keys
from rnn_tui.tasks import TASKS

SMALLEST = {"task": {"kind": "echo"}, "lanes": [{"kind": "rnn"}]}


def problems_of(document, **more):
    with pytest.raises(PresetError) as caught:
        parse({**document, **more}, "s")
    assert_can_be_shown(caught.value)
    return caught.value.problems


def preset_or_problems(document):
    """The preset, or None where it is refused as it should be; any other end is a bug."""
    try:
        return parse(document, "s")
    except PresetError as error:
        assert_can_be_shown(error)
        return None


# What is accepted.


def test_the_example_of_the_design_is_accepted_as_it_stands():
    preset = parse(tomllib.loads(DESIGN), "echo.toml")
    assert preset.task.delay == 3
    assert preset.training.model_dump() == {
        "sequence_length": 40, "batch_size": 16, "optimizer": "adam", "learning_rate": 0.01, "clip_norm": 1.0,
        "seed": 0, "steps": 600, "precision": "float64", "speed": 60,
    }  # fmt: skip
    assert [(lane.kind, lane.hidden_size, lane.activation) for lane in preset.lanes] == [
        ("rnn", 8, "tanh"),
        ("fnn", 8, "tanh"),
    ]
    assert preset.names == ["RNN", "FNN"]


def test_everything_has_a_default_but_the_tasks_kind_and_one_lanes_kind():
    bare, full = parse(SMALLEST, "s"), tomllib.loads(DESIGN)
    assert bare.training == parse(full, "s").training
    assert bare.lanes[0].model_dump() == {**full["lanes"][0], "name": ""}
    assert problems_of({"lanes": SMALLEST["lanes"]}) == ["task: missing"]
    assert problems_of({"task": SMALLEST["task"]}) == ["lanes: missing"]
    assert problems_of(SMALLEST, lanes=[]) == ["lanes: must have at least 1, has 0"]


@pytest.mark.parametrize("kind", [kind for kind in TASKS if kind not in ("text", "csv")])
def test_every_generated_task_needs_no_more_than_its_kind(kind):
    assert parse({**SMALLEST, "task": {"kind": kind}}, "s").task.kind == kind


def test_a_whole_number_is_good_where_a_number_is_asked_for():
    preset = parse(echo(learning_rate=1, clip_norm=0), "s")
    assert (preset.training.learning_rate, preset.training.clip_norm) == (1.0, 0.0)


def test_a_lane_without_a_name_is_named_after_its_kind_and_numbered_where_that_is_taken():
    lanes = [{"kind": "fnn", "name": "FNN 2"}, {"kind": "fnn"}, {"kind": "fnn"}, {"kind": "rnn"}]
    assert parse(echo(*lanes), "s").names == ["FNN 2", "FNN", "FNN 3", "RNN"]


def test_a_relative_path_starts_at_the_presets_own_folder(tmp_path, monkeypatch):
    monkeypatch.chdir("/")
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "words.txt").write_text("to be or not to be " * 50)
    (tmp_path / "p.toml").write_text('task = {kind = "text", path = "data/words.txt"}\nlanes = [{kind = "rnn"}]')
    assert library.load(tmp_path / "p.toml").preset.task.inputs == len(set("to be or not "))


# What is refused, and how.


def test_the_bad_example_of_the_design_gives_its_three_problems(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "presets").mkdir()
    bad = tmp_path / "presets" / "bad.toml"
    bad.write_text('[task]\nkind = "ecko"\n[training]\nlearning_rat = 0.1\n[[lanes]]\nkind = "rnn"\nhidden_size = 0\n')
    with pytest.raises(PresetError) as caught:
        library.load(bad.relative_to(tmp_path))
    assert str(caught.value) == (
        "presets/bad.toml: 3 problems\n"
        "  task.kind = 'ecko': unknown; did you mean 'echo'?\n"
        "  training.learning_rat: unknown key; did you mean 'learning_rate'?\n"
        "  lanes[0].hidden_size = 0: must be at least 1"
    )


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"training.batch_size": 2.5}, "training.batch_size = 2.5: must be a whole number"),
        ({"training.batch_size": 2.0}, "training.batch_size = 2.0: must be a whole number"),
        ({"training.batch_size": True}, "training.batch_size = true: must be a whole number"),
        ({"training.batch_size": "2"}, "training.batch_size = '2': must be a whole number"),
        ({"training.batch_size": 1025}, "training.batch_size = 1025: must be at most 1024"),
        ({"training.seed": -1}, "training.seed = -1: must be at least 0"),
        ({"training.seed": 2**63}, f"training.seed = {2**63}: must be less than {2**63}"),
        ({"training.learning_rate": 0}, "training.learning_rate = 0: must be greater than 0"),
        ({"training.learning_rate": "fast"}, "training.learning_rate = 'fast': must be a number"),
        ({"training.learning_rate": math.nan}, "training.learning_rate = nan: must be a finite number"),
        ({"training.clip_norm": math.inf}, "training.clip_norm = inf: must be a finite number"),
        ({"training.optimizer": "adma"}, "training.optimizer = 'adma': unknown; did you mean 'adam'?"),
        ({"training.precision": "x"}, "training.precision = 'x': unknown; must be one of 'float64', 'float32'"),
        ({"training": 3}, "training = 3: must be a table"),
        ({"title": 3}, "title = 3: must be a text in quotes"),
        ({"title": "\x07"}, "title = '\\x07': must hold printable characters only"),
        ({"title": "x" * 1001}, f"title = '{'x' * 56}…: must have at most 1000 characters, has 1001"),
        ({"titel": "x"}, "titel: unknown key; did you mean 'title'?"),
        ({"lanes": {"kind": "rnn"}}, "lanes = a table: must be a list"),
        ({"lanes.0": 7}, "lanes[0] = 7: must be a table"),
        ({"lanes.0": {}}, "lanes[0].kind: missing; must be one of 'rnn', 'fnn'"),
        ({"lanes.0.kind": "rn"}, "lanes[0].kind = 'rn': unknown; did you mean 'rnn'?"),
        ({"lanes.0.kind": "transformer"}, "lanes[0].kind = 'transformer': unknown; must be one of 'rnn', 'fnn'"),
        ({"lanes.0.kind": ["rnn"]}, "lanes[0].kind = a list: unknown; must be one of 'rnn', 'fnn'"),
        ({"lanes.0.name": "two\nlines"}, "lanes[0].name = 'two\\nlines': must be one line"),
        ({"lanes.0.truncation": 5}, "lanes[0].truncation = 5: must be 0, the whole sequence; "),
        ({"lanes.0.gain": 101}, "lanes[0].gain = 101: must be at most 100"),
        ({"lanes.1.window": 0}, "lanes[1].window = 0: must be at least 1"),
        ({"lanes.1.gain": 1}, "lanes[1].gain: unknown key; must be one of 'kind', 'name', 'hidden_size', "),
        ({"lanes": [{"kind": "rnn"}] * 5}, "lanes: must have at most 4, has 5"),
        ({"task": {}}, "task.kind: missing; must be one of 'echo', 'xor', 'temporal-xor', 'wave', 'text', 'csv'"),
        ({"task": "echo"}, "task = 'echo': must be a table"),
        ({"task.delay": -1}, "task.delay = -1: must be at least 0"),
        ({"task.dely": 3}, "task.dely: unknown key; did you mean 'delay'?"),
        ({"task.delay": 8}, "task.delay = 8: must be less than training.sequence_length = 8"),
        ({"task.delay": datetime.date(2020, 1, 2)}, "task.delay = datetime.date(2020, 1, 2): must be a whole number"),
        ({"task": {"kind": "text", "path": ""}}, "task.path = '': must be a text that is not empty"),
        ({"task": {"kind": "text", "path": "/no/such"}}, "/no/such: no such file"),
        ({"task": {"kind": "csv"}}, "task.path: missing"),
    ],
)
def test_a_problem_names_its_key_what_was_found_and_what_is_allowed(changes, problem):
    (found,) = problems_of(set_keys(echo(), changes, "s"))
    assert found.startswith(problem)


def test_all_problems_are_reported_at_once():
    document = {
        "titel": "x",
        "task": {"kind": "echo", "delay": 8, "loud": 1},
        "training": {"sequence_length": 0, "seed": "x", "rate": 1},
        "lanes": [{"kind": "rnn", "gain": -1}, {"kind": "gru"}, {"name": 5, "kind": "fnn", "gain": 1}],
    }
    assert [problem.partition(": ")[0].partition(" = ")[0] for problem in problems_of(document)] == [
        "task.loud", "training.sequence_length", "training.seed", "training.rate",
        "lanes[0].gain", "lanes[1].kind", "lanes[2].name", "lanes[2].gain", "titel",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "elsewhere",
    [
        {"titel": "x"},
        {"training": {"sequence_length": 8, "seed": -1}},
        {"training": {"sequence_length": 8, "rate": 1}},
        {"lanes": [{"kind": "gru"}]},
    ],
)
def test_rules_across_tables_are_checked_although_there_is_a_problem_elsewhere(elsewhere):
    problems = problems_of(echo(delay=8), **elsewhere)
    assert len(problems) == 2
    assert problems[1] == "task.delay = 8: must be less than training.sequence_length = 8"


def test_no_rule_is_checked_against_a_value_that_may_be_misspelt():
    document = echo(delay=50)
    document["training"] = {"sequence_lenght": 100}
    (problem,) = problems_of(document)
    assert problem == "training.sequence_lenght: unknown key; did you mean 'sequence_length'?"


def test_lanes_are_told_apart_by_their_names():
    twins = [{"kind": "rnn", "name": "A"}, {"kind": "fnn", "name": "A"}, {"kind": "fnn", "name": "B"}]
    twice = "lanes: the name 'A' stands more than once; lanes are told apart by it"
    assert problems_of(echo(*twins)) == [twice]
    assert problems_of(echo(*twins, delay=9))[1:] == [twice]
    assert problems_of(echo(*twins), task={"kind": "ecko"})[1:] == [twice]


def test_what_would_not_fit_in_memory_is_refused_before_any_of_it_is_made(tmp_path):
    large = {"sequence_length": 2000, "batch_size": 1024}
    (problem,) = problems_of(echo({"kind": "rnn", "hidden_size": 1024}, **large))
    assert problem.startswith("lanes[0].hidden_size = 1024: times training.sequence_length 2000 times ")
    (problem,) = problems_of(echo({"kind": "rnn"}, {"kind": "fnn", "window": 200}, **large))
    assert problem.startswith("lanes[1].window = 200, each of 1 inputs: times ")
    path = tmp_path / "words"
    path.write_text("".join(map(chr, range(0x4E00, 0x4E00 + 400))) * 30)
    text = {"kind": "text", "path": str(path)}
    (problem,) = problems_of(echo({"kind": "rnn"}, **large), task=text)
    assert problem.startswith("lanes[0].kind = 'rnn', 400 symbols wide: times ")
    assert parse({**echo({"kind": "rnn"}), "task": text}, "s").task.inputs == 400


def test_a_key_that_would_steer_the_terminal_is_shown_with_escapes():
    (problem,) = problems_of(SMALLEST, **{"a\x1b[2J\nb": 1})
    assert problem.startswith("a\\x1b[2J\\nb: unknown key")


def test_nesting_without_end_and_numbers_without_end_are_problems_like_others():
    assert problems_of(SMALLEST, training=deep())[0].endswith(": nested too deeply")
    assert problems_of(SMALLEST, title=16**20_000) == ["title: a number too long to be read"]


# Any document.


@settings(max_examples=200)
@given(mutated(valid()))
def test_any_mutated_document_gives_a_preset_or_its_problems(document):
    preset = preset_or_problems(document)
    assert preset is None or isinstance(preset, Preset)


@settings(max_examples=200)
@given(st.dictionaries(keys, anything, max_size=3))
def test_any_table_gives_a_preset_or_its_problems(document):
    assert preset_or_problems(document) is None or {"task", "lanes"} <= document.keys()


@settings(max_examples=100)
@given(mutated(valid()))
def test_any_accepted_preset_survives_save_and_load(document):
    preset = preset_or_problems(document)
    if preset is not None:
        assert parse(tomllib.loads(library.written(preset)), "s") == preset


@settings(max_examples=100)
@given(valid(), valid(), st.integers(0, 10**6))
def test_a_preset_survives_being_saved_over_any_older_text(document, older, seed):
    text = as_toml(older, seed)
    assert parse(tomllib.loads(text), "s") == parse(older, "s")
    preset = parse(document, "s")
    assert parse(tomllib.loads(library.written(preset, text)), "s") == preset
    same = library.written(parse(older, "s"), text)
    assert parse(tomllib.loads(same), "s") == parse(older, "s")


@given(st.text(max_size=20).filter(lambda text: "\r" not in text))
def test_any_column_name_survives_save_and_load(tmp_path_factory, name):
    path = tmp_path_factory.getbasetemp() / "column.csv"
    quoted = name.replace('"', '""')
    path.write_text(f'other,"{quoted}"\n' + "1,2\n3,5\n" * 100, encoding="utf-8", newline="")
    document = {"task": {"kind": "csv", "path": str(path), "column": name}, "lanes": [{"kind": "rnn"}]}
    preset = preset_or_problems(document)
    if preset is not None:
        assert parse(tomllib.loads(library.written(preset)), "s") == preset


def test_comments_and_the_order_of_keys_survive_a_save():
    preset = parse(tomllib.loads(DESIGN), "s").with_changes(
        {"training.learning_rate": 0.5, "lanes.1.window": 4, "title": "Other"}
    )
    expected = (
        DESIGN.replace("learning_rate = 0.01", "learning_rate = 0.5")
        .replace("window = 1 ", "window = 4 ")
        .replace('"Echo, three steps late"', '"Other"')
    )
    assert library.written(preset, DESIGN) == expected


def test_where_the_old_text_cannot_be_kept_the_values_go_first(monkeypatch):
    preset = parse(tomllib.loads(DESIGN), "s").with_changes({"task.delay": 7})
    mixed = 'task.kind = "wave"\ntitle = "x"\ntask.omega = 1\n[[lanes]]\nkind = "rnn"\n[[lanes]]\nkind = "fnn"\n'
    assert parse(tomllib.loads(library.written(preset, mixed)), "s") == preset
    monkeypatch.setattr(library, "_update", lambda *_: None)
    assert parse(tomllib.loads(library.written(preset, DESIGN)), "s") == preset


def test_what_a_preset_no_longer_holds_goes_from_its_text():
    preset = parse(tomllib.loads(DESIGN), "s")
    document = preset.document()
    document["task"], document["lanes"] = {"kind": "xor"}, document["lanes"][:1]
    text = library.written(parse(document, "s"), DESIGN)
    assert tomllib.loads(text)["task"] == {"kind": "xor"}
    assert len(tomllib.loads(text)["lanes"]) == 1
    assert "# 0: no clipping" in text


def test_a_value_that_only_the_command_line_mended_is_mended_in_the_text_too():
    text = DESIGN.replace("hidden_size = 8", "hidden_size = true", 1)
    preset = parse(set_keys(tomllib.loads(text), {"lanes.0.hidden_size": 1}, "s"), "s")
    assert parse(tomllib.loads(library.written(preset, text)), "s") == preset


# Settings with dotted keys.


def test_a_change_sets_its_key_and_nothing_else():
    before = parse(echo(), "s")
    after = before.with_changes({"training.learning_rate": 0.5, "lanes.1.hidden_size": 32, "lanes[0].name": "new"})
    assert (after.training.learning_rate, after.lanes[1].hidden_size, after.lanes[0].name) == (0.5, 32, "new")
    undone = {"training.learning_rate": before.training.learning_rate, "lanes.1.hidden_size": 3, "lanes.0.name": ""}
    assert after.with_changes(undone) == before
    assert before == parse(echo(), "s")


def test_a_whole_lane_can_be_replaced():
    after = parse(echo(), "s").with_changes({"lanes.0": {"kind": "fnn", "window": 2}})
    assert [lane.kind for lane in after.lanes] == ["fnn", "fnn"]


def test_changes_leave_the_data_that_a_task_has_read_alone(tmp_path):
    path = tmp_path / "words"
    path.write_text("abc " * 100)
    preset = parse({**SMALLEST, "task": {"kind": "text", "path": str(path)}}, "s")
    path.unlink()
    after = preset.with_changes({"training.seed": 5})
    assert (after.task.inputs, after.training.seed) == (4, 5)
    with pytest.raises(PresetError, match="no such file"):
        preset.with_changes({"task.path": str(tmp_path / "gone")})


@pytest.mark.parametrize(
    ("key", "problem"),
    [
        ("lanes.2.hidden_size", "lanes.2.hidden_size: there is no lane '2'; there are 2, numbered from 0"),
        ("lanes.-1.hidden_size", "lanes.-1.hidden_size: there is no lane '-1'"),
        ("lanes.two", "lanes.two: there is no lane 'two'"),
        ("lanes.²", "lanes.²: there is no lane '²'"),
        ("lanes." + "9" * 5000, "lanes.999"),
        ("lanes", "lanes = 1: must be a list"),
        ("lanes.0", "lanes[0] = 1: must be a table"),
        ("task", "task = 1: must be a table"),
        ("task.delay.more", "task.delay.more: 'delay' is no table"),
        ("lanes.0.kind.0", "lanes.0.kind.0: 'kind' is no table"),
        ("training.learning_rat", "training.learning_rat: unknown key; did you mean 'learning_rate'?"),
        ("", "the document: unknown key"),
        ("lanes..name", "lanes..name: there is no lane ''"),
    ],
)
def test_a_key_that_leads_nowhere_is_a_problem(key, problem):
    with pytest.raises(PresetError) as caught:
        parse(echo(), "s").with_changes({key: 1})
    assert_can_be_shown(caught.value)
    assert str(caught.value).splitlines()[1].strip().startswith(problem)


words = st.one_of(st.sampled_from(["task", "lanes", "training", "0", "1", "kind", "delay", "title", "", "[0]"]), keys)


@settings(max_examples=200)
@given(st.dictionaries(st.lists(words, min_size=1, max_size=4).map(".".join), anything, max_size=2))
@example({"lanes.0": {}})
@example({".".join(["a"] * 3000): 1})
def test_any_change_gives_a_preset_or_its_problems(changes):
    before = parse(echo(), "s")
    try:
        assert isinstance(before.with_changes(changes), Preset)
    except PresetError as error:
        assert_can_be_shown(error)
    assert before == parse(echo(), "s")

import datetime
import math
import re
import tomllib
import tracemalloc
from copy import deepcopy

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from support.preset_documents import EXAMPLE, anything, as_toml, assert_can_be_shown, deep, echo, keys, mutated, valid

from rnn_tui.errors import PresetError
from rnn_tui.presets import rules, store
from rnn_tui.presets.key_paths import set_keys
from rnn_tui.presets.lane_settings import LANES, RecurrentLane
from rnn_tui.presets.preset import Preset, parse
from rnn_tui.tasks import TASKS

RNN = {"kind": "rnn"}
KINDS = ", ".join(repr(kind) for kind in LANES)
SMALLEST = {"task": {"kind": "echo"}, "lanes": [{"kind": "rnn"}]}


def with_option(name):
    return ", ".join(kind for kind, lane in LANES.items() if name in lane.model_fields)


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


def test_the_example_is_accepted_as_it_stands():
    preset = parse(tomllib.loads(EXAMPLE), "echo.toml")
    assert preset.task.delay == 3
    assert preset.training.model_dump() == {
        "sequence_length": 40, "batch_size": 16, "batches_per_sequence": 1, "optimizer": "adam", "learning_rate": 0.01,
        "schedule": "constant", "schedule_steps": 1000, "weight_decay": 0.0, "clip_norm": 1.0, "seed": 0, "steps": 600,
        "precision": "float64", "engine": "numpy", "speed": 60,
    }  # fmt: skip
    assert [(lane.kind, lane.hidden_size, lane.activation) for lane in preset.lanes] == [
        ("rnn", 8, "tanh"),
        ("fnn", 8, "tanh"),
    ]
    assert preset.names == ["RNN", "FNN"]


def test_everything_has_a_default_but_the_tasks_kind_and_one_lanes_kind():
    bare, full = parse(SMALLEST, "s"), tomllib.loads(EXAMPLE)
    assert bare.training == parse(full, "s").training
    assert bare.lanes[0].model_dump() == {**full["lanes"][0], "name": "", "seed": None, "interventions": []}
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
    assert store.load(tmp_path / "p.toml").preset.task.input_size == len(set("to be or not "))


# What is refused, and how.


def test_a_document_with_three_mistakes_gives_its_three_problems(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "presets").mkdir()
    bad = tmp_path / "presets" / "bad.toml"
    bad.write_text('[task]\nkind = "ecko"\n[training]\nlearning_rat = 0.1\n[[lanes]]\nkind = "rnn"\nhidden_size = 0\n')
    with pytest.raises(PresetError) as caught:
        store.load(bad.relative_to(tmp_path))
    assert str(caught.value) == (
        "presets/bad.toml: 3 problems\n"
        "  task.kind = 'ecko': unknown; did you mean 'echo'?\n"
        "  training.learning_rat: unknown key; did you mean 'learning_rate'?\n"
        "  lanes.0.hidden_size = 0: must be at least 1"
    )


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"training.batch_size": 2.5}, "training.batch_size = 2.5: must be a whole number"),
        ({"training.batch_size": 2.0}, "training.batch_size = 2.0: must be a whole number"),
        ({"training.batch_size": True}, "training.batch_size = true: must be a whole number"),
        ({"training.batch_size": "2"}, "training.batch_size = '2': must be a whole number"),
        ({"training.batch_size": 1025}, "training.batch_size = 1025: must be at most 1024"),
        ({"training.batches_per_sequence": 0}, "training.batches_per_sequence = 0: must be at least 1"),
        ({"training.batches_per_sequence": 1001}, "training.batches_per_sequence = 1001: must be at most 1000"),
        ({"training.batches_per_sequence": 1.5}, "training.batches_per_sequence = 1.5: must be a whole number"),
        ({"training.schedule": "cosin"}, "training.schedule = 'cosin': unknown; did you mean 'cosine'?"),
        ({"training.schedule": 3}, "training.schedule = 3: unknown; must be one of 'constant', 'step', 'cosine'"),
        ({"training.schedule_steps": 0}, "training.schedule_steps = 0: must be at least 1"),
        ({"training.schedule_steps": 10**9 + 1}, f"training.schedule_steps = {10**9 + 1}: must be at most {10**9}"),
        ({"training.weight_decay": -1e-9}, "training.weight_decay = -1e-09: must be at least 0"),
        ({"training.weight_decay": 1001}, "training.weight_decay = 1001: must be at most 1000"),
        ({"training.weight_decay": math.nan}, "training.weight_decay = nan: must be a finite number"),
        ({"training.seed": -1}, "training.seed = -1: must be at least 0"),
        ({"training.seed": 2**63}, f"training.seed = {2**63}: must be less than {2**63}"),
        ({"training.learning_rate": 0}, "training.learning_rate = 0: must be greater than 0"),
        ({"training.learning_rate": "fast"}, "training.learning_rate = 'fast': must be a number"),
        ({"training.learning_rate": math.nan}, "training.learning_rate = nan: must be a finite number"),
        ({"training.clip_norm": math.inf}, "training.clip_norm = inf: must be a finite number"),
        ({"training.optimizer": "adma"}, "training.optimizer = 'adma': unknown; did you mean 'adam'?"),
        ({"training.precision": "x"}, "training.precision = 'x': unknown; must be one of 'float64', 'float32'"),
        ({"training": 3}, "training = 3: must be a table"),
        ({"title": 3}, "title = 3: must be text in quotes"),
        ({"title": "\x07"}, "title = '\\x07': must contain only printable characters"),
        ({"hints": "press"}, "hints = 'press': must be a list"),
        ({"hints": ["a\nb"]}, "hints.0 = 'a\\nb': must be one line"),
        ({"topics": ["gate", 3]}, "topics.1 = 3: must be text in quotes"),
        ({"topics": [""]}, "topics.0 = '': must be non-empty text"),
        ({"topics": ["a"] * 17}, "topics: must have at most 16, has 17"),
        ({"title": "x" * 1001}, f"title = '{'x' * 56}…: must have at most 1000 characters, has 1001"),
        ({"titel": "x"}, "titel: unknown key; did you mean 'title'?"),
        ({"lanes": {"kind": "rnn"}}, "lanes = a table: must be a list"),
        ({"lanes.0.interventions": "cut"}, "lanes.0.interventions = 'cut': must be a list, as in [\"cut\"]"),
        (
            {"lanes.0.interventions": ["cut@RNN"]},
            "lanes.0.interventions.0 = 'cut@RNN': acts on its own lane; leave out @RNN",
        ),
        ({"lanes.0": 7}, "lanes.0 = 7: must be a table"),
        ({"lanes.0": {}}, f"lanes.0.kind: missing; must be one of {KINDS}"),
        ({"lanes.0.kind": "rn"}, "lanes.0.kind = 'rn': unknown; did you mean 'rnn'?"),
        ({"lanes.0.kind": "lst"}, "lanes.0.kind = 'lst': unknown; did you mean 'lstm'?"),
        (
            {"lanes.0.kind": "transformer"},
            f"lanes.0.kind = 'transformer': unknown; must be one of {KINDS}",
        ),
        ({"lanes.0.kind": ["rnn"]}, "lanes.0.kind = a list: unknown; must be one of 'rnn', "),
        ({"lanes.0.name": "two\nlines"}, "lanes.0.name = 'two\\nlines': must be one line"),
        ({"lanes.0.truncation": -1}, "lanes.0.truncation = -1: must be at least 0"),
        ({"lanes.0.truncation": 100_001}, "lanes.0.truncation = 100001: must be at most 100000"),
        ({"lanes.0.truncation": "all"}, "lanes.0.truncation = 'all': must be a whole number"),
        (
            {"lanes.1.truncation": 3},
            f"lanes.1.truncation: not a setting of kind 'fnn', only of {with_option('truncation')}",
        ),
        (
            {"lanes.0.forget_bias": 1},
            f"lanes.0.forget_bias: not a setting of kind 'rnn', only of {with_option('forget_bias')}",
        ),
        (
            {"lanes.0": {"kind": "gru", "activation": "tanh"}},
            f"lanes.0.activation: not a setting of kind 'gru', only of {with_option('activation')}",
        ),
        ({"lanes.0": {"kind": "lstm", "forget_bias": 101}}, "lanes.0.forget_bias = 101: must be at most 100"),
        ({"lanes.0": {"kind": "lstm", "forget_bias": "high"}}, "lanes.0.forget_bias = 'high': must be a number"),
        ({"lanes.0.match": 0}, "lanes.0.match: not a setting of kind 'rnn', only of fnn"),
        ({"lanes.1.match": -1}, "lanes.1.match = -1: must be at least 0"),
        ({"lanes.1.match": 4}, "lanes.1.match = 4: must be at most 3"),
        ({"lanes.1.match": "RNN"}, "lanes.1.match = 'RNN': must be a whole number"),
        ({"lanes.1.match": True}, "lanes.1.match = true: must be a whole number"),
        ({"lanes.1.hidden_size": 65_537}, "lanes.1.hidden_size = 65537: must be at most 65536"),
        ({"lanes.0.hidden_size": 1025}, "lanes.0.hidden_size = 1025: must be at most 1024"),
        ({"lanes.0.gain": 101}, "lanes.0.gain = 101: must be at most 100"),
        ({"lanes.1.window": 0}, "lanes.1.window = 0: must be at least 1"),
        ({"lanes.1.gain": 1}, "lanes.1.gain: not a setting of kind 'fnn', only of rnn, gru, lstm"),
        ({"lanes": [{"kind": "rnn"}] * 5}, "lanes: must have at most 4, has 5"),
        (
            {"task": {}},
            "task.kind: missing; must be one of 'echo', 'xor', 'temporal-xor', 'parity', 'adding', 'copy', ",
        ),
        ({"task": "echo"}, "task = 'echo': must be a table"),
        ({"task.delay": -1}, "task.delay = -1: must be at least 0"),
        ({"task.dely": 3}, "task.dely: unknown key; did you mean 'delay'?"),
        ({"task.delay": 8}, "task.delay = 8: must be less than training.sequence_length = 8"),
        ({"task.delay": datetime.date(2020, 1, 2)}, "task.delay = datetime.date(2020, 1, 2): must be a whole number"),
        ({"task": {"kind": "text", "path": ""}}, "task.path = '': must be non-empty text"),
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
        "training": {"sequence_length": 0, "seed": "x", "rate": 1, "schedule": "never"},
        "lanes": [{"kind": "rnn", "gain": -1}, {"kind": "grus"}, {"name": 5, "kind": "fnn", "gain": 1, "match": -1}],
    }
    assert [problem.partition(": ")[0].partition(" = ")[0] for problem in problems_of(document)] == [
        "task.loud", "training.sequence_length", "training.schedule", "training.seed", "training.rate",
        "lanes.0.gain", "lanes.1.kind", "lanes.2.name", "lanes.2.match", "lanes.2.gain", "titel",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "elsewhere",
    [
        {"titel": "x"},
        {"training": {"sequence_length": 8, "seed": -1}},
        {"training": {"sequence_length": 8, "rate": 1}},
        {"lanes": [{"kind": "grus"}]},
    ],
)
def test_rules_across_tables_are_checked_although_there_is_a_problem_elsewhere(elsewhere):
    problems = problems_of(echo(delay=8), **elsewhere)
    assert len(problems) == 2
    assert problems[1].startswith("task.delay = 8: must be less than training.sequence_length = 8;")


def test_no_rule_is_checked_against_a_value_that_may_be_misspelt():
    document = echo(delay=50)
    document["training"] = {"sequence_lenght": 100}
    (problem,) = problems_of(document)
    assert problem == "training.sequence_lenght: unknown key; did you mean 'sequence_length'?"


def test_lanes_are_told_apart_by_their_names():
    twins = [{"kind": "rnn", "name": "A"}, {"kind": "fnn", "name": "A"}, {"kind": "fnn", "name": "B"}]
    twice = "lanes: more than one lane has the name 'A'; names must be unique"
    assert problems_of(echo(*twins)) == [twice]
    assert problems_of(echo(*twins, delay=9))[1:] == [twice]
    assert problems_of(echo(*twins), task={"kind": "ecko"})[1:] == [twice]


def test_the_sequences_of_several_batches_may_not_be_endless():
    assert parse(echo(sequence_length=100, batches_per_sequence=1000), "s").training.batches_per_sequence == 1000
    (problem,) = problems_of(echo(sequence_length=101, batches_per_sequence=1000))
    assert problem == (
        "training.batches_per_sequence = 1000: times training.sequence_length 101 must be at most 100,000"
    )


@pytest.mark.parametrize(
    ("kind", "content"), [("text", "a b" * 200), ("csv", "\n".join(str(i * i % 7) for i in range(600)))]
)
def test_a_file_must_have_room_for_the_batches_of_one_sequence_together(tmp_path, kind, content):
    path = tmp_path / "data"
    path.write_text(content)
    task = {"kind": kind, "path": str(path)}

    def document(count):
        return {"task": task, "training": {"sequence_length": 10, "batches_per_sequence": count}, "lanes": [RNN]}

    assert parse(document(5), "s").task.kind == kind
    (problem,) = problems_of(document(50))
    assert problem.startswith(f"{path}: too short: of its 600 ")
    assert problem.endswith("(one sequence: training.batches_per_sequence 50 times training.sequence_length 10)")
    (problem,) = problems_of({**document(50), "training": {"sequence_length": 500, "batches_per_sequence": 2}})
    assert problem.endswith("(one sequence: training.batches_per_sequence 2 times training.sequence_length 500)")


@pytest.mark.parametrize(
    ("task", "least"),
    [({"kind": "echo", "delay": 4}, 5), ({"kind": "xor"}, 2), ({"kind": "wave"}, 2), ({"kind": "temporal-xor"}, 1)],
)
def test_the_batches_of_a_sequence_together_must_be_long_enough_for_the_task(task, least):
    def document(length, count):
        return {"task": task, "training": {"sequence_length": length, "batches_per_sequence": count}, "lanes": [RNN]}

    assert parse(document(least, 1), "s").task.kind == task["kind"]
    assert parse(document(1, least), "s").held_out_length == least
    if least > 1:
        (problem,) = problems_of(document(least - 1, 1))
        assert f"training.sequence_length = {least - 1}" in problem
        assert problem.endswith(
            "; or set training.batches_per_sequence = 2, so that the hidden state is carried from batch to batch"
        )
    if least > 2:
        (problem,) = problems_of(document(1, least - 1))
        assert f"training.sequence_length = 1 times training.batches_per_sequence = {least - 1}" in problem


def test_a_delay_longer_than_the_batch_is_refused_with_both_ways_out_unless_the_state_is_carried():
    (problem,) = problems_of(echo(delay=15, sequence_length=10))
    assert problem == (
        "task.delay = 15: must be less than training.sequence_length = 10; or set training.batches_per_sequence = 2, "
        "so that the hidden state is carried from batch to batch"
    )
    assert parse(echo(delay=15, sequence_length=10, batches_per_sequence=4), "s").held_out_length == 40
    (problem,) = problems_of(echo(delay=40, sequence_length=10, batches_per_sequence=4))
    assert problem == (
        "task.delay = 40: must be less than training.sequence_length = 10 times training.batches_per_sequence = 4"
    )


@pytest.mark.parametrize(
    ("length", "count", "task", "held_out"),
    [(40, 1, {}, 40), (40, 4, {}, 160), (2000, 1, {}, 2000), (100, 1000, {}, 2000), (1500, 3, {}, 1500),
     (1100, 2, {"kind": "copy", "symbols": 100, "gap": 1000}, 2200), (7, 400, {}, 1995)],
)  # fmt: skip
def test_held_out_sequences_have_as_many_batches_as_are_read_in_good_time_and_as_the_task_needs(
    length, count, task, held_out
):
    document = {**echo(sequence_length=length, batches_per_sequence=count), "task": task or {"kind": "echo"}}
    assert parse(document, "s").held_out_length == held_out


def test_a_truncation_deeper_than_the_sequence_is_accepted():
    assert parse(echo({**RNN, "truncation": 100_000}), "s").lanes[0].truncation == 100_000


LARGE = {"sequence_length": 2000, "batch_size": 1024}


@pytest.mark.parametrize("lane", [{"kind": kind, "hidden_size": 1024} for kind in ("rnn", "gru", "lstm", "fnn")])
def test_what_would_not_fit_in_memory_is_refused_before_any_of_it_is_made(lane):
    tracemalloc.start()
    try:
        (problem,) = problems_of(echo(lane, **LARGE))
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert most < 2**26
    assert re.fullmatch(
        r"training\.sequence_length = 2000: with training\.batch_size 1024 and a hidden_size of 1024 the buffers need "
        r"\d+\.\d GiB, at most 4 GiB are allowed; reduce one of them",
        problem,
    )


def test_the_widest_lane_is_the_one_that_is_named():
    (problem,) = problems_of(echo({"kind": "gru", "hidden_size": 9}, {"kind": "fnn", "hidden_size": 700}, RNN, **LARGE))
    assert "a hidden_size of 700" in problem


@pytest.mark.parametrize("precision", ["float64", "float32"])
def test_the_limit_is_on_the_memory_that_the_lanes_take_together(monkeypatch, precision):
    lanes = [{"kind": "rnn", "hidden_size": 40}, {"kind": "lstm"}, {"kind": "fnn", "window": 9, "match": 0}]
    document = echo(*lanes, sequence_length=80, batch_size=50, precision=precision)
    preset = parse(document, "s")
    tracemalloc.start()
    try:
        kept = [lane.model(preset.task).trace(80, 50, precision) for lane in preset.lanes]
        taken, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert len(kept) == 3
    assert taken > 5e6
    monkeypatch.setattr(rules, "MOST_BYTES", int(0.9 * taken))
    (problem,) = problems_of(document)
    assert problem.startswith("training.sequence_length = 80: with training.batch_size 50 and a hidden_size of ")
    monkeypatch.setattr(rules, "MOST_BYTES", int(1.1 * taken))
    assert parse(document, "s") == preset


def test_sequences_of_many_batches_take_memory_too():
    lane = {**RNN, "hidden_size": 600}
    assert parse(echo(lane, sequence_length=100, batch_size=1024), "s").lanes[0].hidden_size == 600
    (problem,) = problems_of(echo(lane, sequence_length=100, batch_size=1024, batches_per_sequence=1000))
    assert "at most 4 GiB are allowed" in problem


def test_a_key_that_would_steer_the_terminal_is_shown_with_escapes():
    (problem,) = problems_of(SMALLEST, **{"a\x1b[2J\nb": 1})
    assert problem.startswith("a\\x1b[2J\\nb: unknown key")


def test_nesting_without_end_and_numbers_without_end_are_problems_like_others():
    assert problems_of(SMALLEST, training=deep())[0].endswith(": nested too deeply")
    assert problems_of(SMALLEST, title=16**20_000) == ["title: the number is too long"]


# Any document.


@given(mutated(valid()))
def test_any_mutated_document_gives_a_preset_or_its_problems(document):
    preset = preset_or_problems(document)
    assert preset is None or isinstance(preset, Preset)


@given(st.dictionaries(keys, anything, max_size=3))
def test_any_table_gives_a_preset_or_its_problems(document):
    assert preset_or_problems(document) is None or {"task", "lanes"} <= document.keys()


@given(mutated(valid()))
def test_any_accepted_preset_survives_save_and_load(document):
    preset = preset_or_problems(document)
    if preset is not None:
        assert parse(tomllib.loads(store.written(preset)), "s") == preset


@given(valid(), valid(), st.integers(0, 10**6))
def test_a_preset_survives_being_saved_over_any_older_text(document, older, seed):
    text = as_toml(older, seed)
    assert parse(tomllib.loads(text), "s") == parse(older, "s")
    preset = parse(document, "s")
    assert parse(tomllib.loads(store.written(preset, text)), "s") == preset
    same = store.written(parse(older, "s"), text)
    assert parse(tomllib.loads(same), "s") == parse(older, "s")


@given(st.text(max_size=20).filter(lambda text: "\r" not in text))
def test_any_column_name_survives_save_and_load(tmp_path_factory, name):
    path = tmp_path_factory.getbasetemp() / "column.csv"
    quoted = name.replace('"', '""')
    path.write_text(f'other,"{quoted}"\n' + "1,2\n3,5\n" * 100, encoding="utf-8", newline="")
    document = {"task": {"kind": "csv", "path": str(path), "column": name}, "lanes": [{"kind": "rnn"}]}
    preset = preset_or_problems(document)
    if preset is not None:
        assert parse(tomllib.loads(store.written(preset)), "s") == preset


def test_comments_and_the_order_of_keys_survive_a_save():
    preset = parse(tomllib.loads(EXAMPLE), "s").with_changes(
        {"training.learning_rate": 0.5, "lanes.1.window": 4, "title": "Other"}
    )
    expected = (
        EXAMPLE.replace("learning_rate = 0.01", "learning_rate = 0.5")
        .replace("window = 1 ", "window = 4 ")
        .replace('"Echo, three steps late"', '"Other"')
    )
    assert store.written(preset, EXAMPLE) == expected


def test_dotted_keys_that_are_mixed_with_tables_stay_dotted():
    preset = parse(tomllib.loads(EXAMPLE), "s").with_changes({"task.delay": 7})
    mixed = (
        'task.kind = "wave" # a\ntitle = "x"\ntask.omega = 1 # b\n[[lanes]]\nkind = "rnn"\n[[lanes]]\nkind = "fnn"\n'
    )
    text = store.written(preset, mixed)
    assert parse(tomllib.loads(text), "s") == preset
    assert text.startswith('task.kind = "echo" # a\ntitle = "Echo, three steps late"\n # b\nquestion = ')
    assert "\ntask.delay = 7\n" in text


def test_what_a_preset_no_longer_holds_goes_from_its_text():
    preset = parse(tomllib.loads(EXAMPLE), "s")
    document = preset.document()
    document["task"], document["lanes"] = {"kind": "xor"}, document["lanes"][:1]
    text = store.written(parse(document, "s"), EXAMPLE)
    assert tomllib.loads(text)["task"] == {"kind": "xor"}
    assert len(tomllib.loads(text)["lanes"]) == 1
    assert "# 0: no clipping" in text


def test_a_value_that_only_the_command_line_mended_is_mended_in_the_text_too():
    text = EXAMPLE.replace("hidden_size = 8", "hidden_size = true", 1)
    preset = parse(set_keys(tomllib.loads(text), {"lanes.0.hidden_size": 1}, "s"), "s")
    assert parse(tomllib.loads(store.written(preset, text)), "s") == preset


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
    assert (after.task.input_size, after.training.seed) == (4, 5)
    with pytest.raises(PresetError, match="no such file"):
        preset.with_changes({"task.path": str(tmp_path / "gone")})


@pytest.mark.parametrize(
    ("key", "problem"),
    [
        ("lanes.3.hidden_size", "lanes.3.hidden_size: there is no lane '3'; there are 2 lanes: the next is lanes.2"),
        ("lanes." + "9" * 5000, "lanes.999"),
        ("lanes", "lanes = 1: must be a list"),
        ("lanes.0", "lanes.0 = 1: must be a table"),
        ("task", "task = 1: must be a table"),
        ("training.learning_rat", "training.learning_rat: unknown key; did you mean 'learning_rate'?"),
        ("", "the document: unknown key"),
    ],
)
def test_a_key_that_does_not_lead_to_a_setting_is_a_problem(key, problem):
    with pytest.raises(PresetError) as caught:
        parse(echo(), "s").with_changes({key: 1})
    assert_can_be_shown(caught.value)
    assert str(caught.value).splitlines()[1].strip().startswith(problem)


@pytest.mark.parametrize(
    "changes",
    [
        {"lanes.0.kind": ["rnn"]},
        {"lanes.0.kind": {}},
        {"lanes.0.kind": 3},
        {"lanes.0.hidden_size": 4, "lanes.0": 5},
        {"lanes.0.kind": "gru", "lanes.0": {}},
        {"lanes.0.kind": "fnn", "lanes.1": 7},
        {"lanes.1.kind": "rnn", "lanes": 8},
        {"lanes": [{"kind": "rnn"}], "lanes.0.kind": "lst"},
        {"lanes": {}, "lanes.0.kind": "gru"},
        {"lanes": {"x": {}}, "lanes.x.hidden_size": 5},
    ],
)
def test_changes_that_do_not_go_together_are_problems(changes):
    with pytest.raises(PresetError) as caught:
        parse(echo(), "s").with_changes(changes)
    assert_can_be_shown(caught.value)


@pytest.mark.parametrize("lanes", [{}, {"lanes": {"kind": "rnn"}}, {"lanes": [7]}, {"lanes": "rnn"}])
@pytest.mark.parametrize("key", ["lanes.0.kind", "lanes.0.hidden_size", "lanes[0].match"])
def test_a_document_whose_lanes_are_not_in_order_is_refused_with_changes_too(tmp_path, lanes, key):
    path = tmp_path / "x.toml"
    path.write_text(as_toml({"task": {"kind": "echo"}, **lanes}, 0))
    with pytest.raises(PresetError) as caught:
        store.load(path, {key: 1})
    assert_can_be_shown(caught.value)


def test_lanes_can_be_added_and_set_at_once():
    after = parse(echo(), "s").with_changes({"lanes": [{"kind": "rnn"} for _ in range(3)], "lanes.2.kind": "gru"})
    assert [lane.kind for lane in after.lanes] == ["rnn", "rnn", "gru"]


words = st.one_of(st.sampled_from(["task", "lanes", "training", "0", "1", "kind", "delay", "title", "", "[0]"]), keys)


@given(st.dictionaries(st.lists(words, min_size=1, max_size=4).map(".".join), anything, max_size=2))
@example({"lanes.0": {}})
@example({"lanes.0.kind": []})
@example({".".join(["a"] * 3000): 1})
def test_any_change_gives_a_preset_or_its_problems(changes):
    before = parse(echo(), "s")
    try:
        assert isinstance(before.with_changes(changes), Preset)
    except PresetError as error:
        assert_can_be_shown(error)
    assert before == parse(echo(), "s")


# Another kind of lane.

BUNDLED = sorted(store.bundled_folder().glob("*.toml"))


@pytest.mark.parametrize("kind", LANES)
@pytest.mark.parametrize("path", BUNDLED, ids=lambda path: path.stem)
def test_a_lane_of_any_bundled_preset_can_be_made_another_kind_and_keeps_the_rest_of_its_settings(path, kind):
    before = store.load(path).preset
    for i, old in enumerate(before.lanes):
        after = store.load(path, {f"lanes.{i}.kind": kind}).preset
        new = after.lanes[i]
        assert new.kind == kind
        kept = (type(new).model_fields.keys() & type(old).model_fields.keys()) - {"kind", "name", "match"}
        if getattr(old, "match", None) is not None and kind != "fnn":
            kept -= {"hidden_size"}
        if kind != old.kind:
            assert new.interventions == []  # they may name what the other kind does not have
            kept -= {"interventions"}
        assert {name: getattr(new, name) for name in kept} == {name: getattr(old, name) for name in kept}
        fresh = LANES[kind](kind=kind)
        for name in type(new).model_fields.keys() - type(old).model_fields.keys():
            assert getattr(new, name) == getattr(fresh, name)
        assert new.name == ("" if old.name == old.kind.upper() != kind.upper() else old.name)
        assert (after.task, after.training, after.title) == (before.task, before.training, before.title)
        for other, (was, now) in enumerate(zip(before.lanes, after.lanes, strict=True)):
            if other != i and getattr(was, "match", None) != i:
                assert now == was


@given(valid(), st.integers(0, 3), st.sampled_from(sorted(LANES)))
def test_a_kind_changed_there_and_back_is_the_preset_of_before_but_for_what_only_it_had(document, place, kind):
    before = parse(document, "s")
    i = place % len(before.lanes)
    there = before.with_changes({f"lanes.{i}.kind": kind})
    back = there.with_changes({f"lanes.{i}.kind": before.lanes[i].kind})
    assert [lane.kind for lane in back.lanes] == [lane.kind for lane in before.lanes]
    common = type(there.lanes[i]).model_fields.keys() & type(back.lanes[i]).model_fields.keys() - {"name"}
    assert {name: getattr(back.lanes[i], name) for name in common} == {
        name: getattr(before.lanes[i], name) for name in common
    }


@pytest.mark.parametrize(
    ("name", "changes", "after"),
    [
        ("RNN", {"lanes.0.kind": "lstm"}, "LSTM"),
        ("RNN", {"lanes[0].kind": "lstm"}, "LSTM"),
        ("RNN", {"lanes.0.kind": "lstm", "lanes.0.name": "RNN"}, "RNN"),
        ("RNN 2", {"lanes.0.kind": "lstm"}, "RNN 2"),
        ("mine", {"lanes.0.kind": "gru"}, "mine"),
        ("", {"lanes.0.kind": "gru"}, "GRU"),
        ("RNN", {"lanes.0.kind": "rnn"}, "RNN"),
    ],
)
def test_a_name_that_only_said_the_kind_goes_with_it(name, changes, after):
    assert parse(echo({**RNN, "name": name}), "s").with_changes(changes).names == [after]


def test_a_setting_that_was_asked_for_with_the_kind_is_not_dropped_silently():
    before = parse(echo({**RNN, "activation": "relu"}), "s")
    assert before.with_changes({"lanes.0.kind": "lstm", "lanes.0.forget_bias": 1}).lanes[0].forget_bias == 1
    with pytest.raises(PresetError, match=r"lanes\.0\.activation: not a setting of kind 'lstm'"):
        before.with_changes({"lanes.0.kind": "lstm", "lanes.0.activation": "relu"})


def test_a_kind_that_there_is_not_leaves_the_settings_for_the_message():
    with pytest.raises(PresetError) as caught:
        parse(echo({**RNN, "activation": "relu"}), "s").with_changes({"lanes.0.kind": "lst"})
    assert caught.value.problems == ["lanes.0.kind = 'lst': unknown; did you mean 'lstm'?"]


# As many parameters as another lane.

MATCHED = [{"kind": "lstm", "hidden_size": 4}, {"kind": "fnn", "window": 2, "match": 0}]


def parameters(lane):
    return lane.model(TASKS["echo"]()).layout.count


def test_a_match_gives_the_hidden_size_whatever_the_document_says_of_it():
    preset = parse(echo(*MATCHED), "s")
    assert preset == parse(echo(MATCHED[0], {**MATCHED[1], "hidden_size": 3}), "s")
    assert preset.lanes[1].hidden_size == 25  # 25 (2 + 1 + 1) + 1 = 101, and 4 (16 + 4 + 4) + 4 + 1 = 101
    assert preset.document()["lanes"][1] == {
        key: value
        for key, value in {**preset.lanes[1].model_dump(), "match": 0}.items()
        if key not in ("name", "seed", "interventions")
    }


def test_the_size_follows_the_lane_that_it_matches():
    preset = parse(echo(*MATCHED), "s")
    for changes in ({"lanes.0.hidden_size": 9}, {"lanes.0.kind": "gru"}, {"lanes.1.window": 5}, {"lanes.1.window": 1}):
        preset = preset.with_changes(changes)
        assert preset.lanes[1].match == 0
        recurrent, own = (parameters(lane) for lane in preset.lanes)
        assert abs(recurrent - own) <= (preset.lanes[1].window + 2) / 2


def test_a_size_that_is_asked_for_ends_the_match():
    preset = parse(echo(*MATCHED), "s")
    for key in ("lanes.1.hidden_size", "lanes[1].hidden_size"):
        after = preset.with_changes({key: 7})
        assert (after.lanes[1].hidden_size, after.lanes[1].match) == (7, None)
        assert "match" not in after.document()["lanes"][1]
    assert preset.with_changes({"lanes.0.hidden_size": 7}).lanes[1].match == 0
    again = after.with_changes({"lanes.1.match": 0})
    assert again == preset
    assert again.with_changes({"lanes.1.match": None}).lanes[1].hidden_size == preset.lanes[1].hidden_size


def test_a_match_and_a_size_cannot_both_be_asked_for():
    preset = parse(echo(MATCHED[0], {"kind": "fnn"}), "s")
    for number in (0, 7):
        with pytest.raises(PresetError) as caught:
            preset.with_changes({"lanes.1.hidden_size": 5, "lanes.1.match": number})
        assert caught.value.problems == ["lanes.1.hidden_size: follows from match; set one of the two"]
    after = parse(echo(*MATCHED), "s").with_changes({"lanes.1.hidden_size": 5, "lanes.1.match": None})
    assert (after.lanes[1].hidden_size, after.lanes[1].match) == (5, None)


def test_a_match_ends_where_there_is_no_recurrent_lane_any_more():
    preset = parse(echo(*MATCHED, {"kind": "fnn", "match": 0}, {"kind": "gru"}), "s")
    after = preset.with_changes({"lanes.0.kind": "fnn"})
    assert [getattr(lane, "match", None) for lane in after.lanes] == [None, None, None, None]
    assert [lane.hidden_size for lane in after.lanes] == [lane.hidden_size for lane in preset.lanes]
    after = preset.with_changes({"lanes.1.kind": "gru"})
    assert isinstance(after.lanes[1], RecurrentLane)
    assert after.lanes[2] == preset.lanes[2]


def test_a_match_is_one_of_the_recurrent_lanes_or_the_allowed_ones_are_named():
    lanes = [{"kind": "fnn", "match": 0}, RNN, {"kind": "fnn", "match": 3}, {"kind": "gru"}]
    assert problems_of(echo(*lanes)) == [
        "lanes.0.match = 0: must be a recurrent lane's number, from 0; the recurrent lanes are 1, 3"
    ]
    lanes[2]["match"], lanes[3] = 2, {"kind": "fnn", "match": 1}
    assert problems_of(echo(*lanes, delay=8)) == [
        "task.delay = 8: must be less than training.sequence_length = 8; or set training.batches_per_sequence = 2, so "
        "that the hidden state is carried from batch to batch",
        "lanes.0.match = 0: must be a recurrent lane's number, from 0; the recurrent lanes are 1",
        "lanes.2.match = 2: must be a recurrent lane's number, from 0; the recurrent lanes are 1",
    ]
    assert problems_of(echo({"kind": "fnn", "match": 3})) == [
        "lanes.0.match = 3: must be a recurrent lane's number, from 0; there is no recurrent lane"
    ]
    assert problems_of(echo(RNN, {"kind": "fnn", "match": 1}), titel="x")[1:] == [
        "lanes.1.match = 1: must be a recurrent lane's number, from 0; the recurrent lanes are 0"
    ]


def test_three_lanes_may_match_the_fourth():
    preset = parse(echo(*[{"kind": "fnn", "match": 3, "window": window} for window in (1, 2, 3)], RNN), "s")
    wanted = parameters(preset.lanes[3])
    assert all(abs(parameters(lane) - wanted) <= 5 / 2 for lane in preset.lanes[:3])


def test_a_match_that_would_take_too_many_units_is_refused():
    (problem,) = problems_of(echo({"kind": "lstm", "hidden_size": 1024}, {"kind": "fnn", "match": 0}))
    units = (4 * (1024 * 1024 + 2 * 1024) + 1024) // 3  # each unit of the other has three parameters
    assert problem.startswith(f"lanes.1.match = 0: needs {units:,} hidden units")
    assert problem.endswith("at most 65,536 are allowed")


def test_no_size_is_complained_of_that_a_broken_task_would_have_set():
    lanes = [{"kind": "lstm", "hidden_size": 1024}, {"kind": "fnn", "match": 0}]
    text = {"kind": "text", "path": "/no/such"}
    assert problems_of(echo(*lanes), task=text) == ["/no/such: no such file"]
    assert problems_of(echo(*lanes), task={"kind": "text"}) == ["task.path: missing"]


def test_the_precision_counts_where_there_is_a_problem_elsewhere_too():
    document = echo({**RNN, "hidden_size": 64}, **LARGE, precision="float32")
    assert parse(document, "s").training.precision == "float32"
    assert problems_of(document, titel="x") == ["titel: unknown key; did you mean 'title'?"]


def test_a_match_survives_save_and_load(home):
    preset = parse(echo(*MATCHED, {"kind": "fnn", "match": 0, "name": "wide"}), "s")
    saved = store.save(store.PresetFile("x", preset), "mine")
    assert saved.path.is_relative_to(home)
    assert store.load(saved.path).preset == preset == parse(preset.document(), "s")
    text = saved.text.replace("hidden_size = 4", "hidden_size = 12")
    saved.path.write_text(text)
    assert store.load(saved.path).preset == preset.with_changes({"lanes.0.hidden_size": 12})
    ended = store.save(
        store.PresetFile("mine", preset.with_changes({"lanes.1.hidden_size": 5}), saved.path, saved.text), "mine"
    )
    assert ended.text.count("match = 0") == 1


@given(valid())
def test_the_document_of_any_preset_is_a_preset_that_is_the_same(document):
    before = deepcopy(document)
    preset = parse(document, "s")
    assert parse(preset.document(), "s") == preset
    assert preset.matched() == preset
    assert document == before


def test_parameters_that_do_not_fit_into_memory_are_refused_before_any_is_made(tmp_path):
    (tmp_path / "signs.txt").write_text("".join(map(chr, range(0x4E00, 0x4E00 + 400))) * 20, encoding="utf-8")
    wide = {"kind": "fnn", "window": 20, "hidden_size": 65_536}
    document = {
        "task": {"kind": "text", "path": str(tmp_path / "signs.txt")},
        "training": {"sequence_length": 2, "batch_size": 1},
        "lanes": [wide],
    }
    (problem,) = problems_of(document)
    assert "a hidden_size of 65536 and a window of 20" in problem
    assert "GiB" in problem


def test_the_temperature_is_named_where_a_net_writes_and_where_it_was_changed():
    lanes = [{"kind": "rnn"}]
    writes = parse({"task": {"kind": "letters"}, "lanes": lanes}, "s")
    silent = parse({"task": {"kind": "echo"}, "lanes": lanes}, "s")
    assert writes.document()["temperature"] == writes.temperature
    assert "temperature" not in silent.document()
    for preset in (writes, silent):
        changed = preset.with_changes({"temperature": 0.0})
        assert changed.document()["temperature"] == 0.0
        assert parse(changed.document(), "s") == changed


def test_a_temperature_below_0_is_refused():
    (found,) = problems_of({**echo(), "temperature": -1.0})
    assert found == "temperature = -1.0: must be at least 0"


@pytest.mark.parametrize("task", [{"kind": "adding"}, {"kind": "temporal-order"}, {"kind": "parity", "scored": "last"}])
def test_a_task_that_is_scored_at_its_end_alone_cannot_be_cut_into_pieces(task):
    (found,) = problems_of({**echo(), "task": task, "training": {"batches_per_sequence": 4}})
    assert found.startswith("training.batches_per_sequence = 4: must be 1 for task.kind = ")


@given(valid())
def test_a_preset_has_the_values_of_its_document_and_the_defaults_of_the_schema_elsewhere(document):
    preset = Preset.model_validate(document)
    for model, said in [
        (preset.task, document["task"]),
        (preset.training, document.get("training", {})),
        *zip(preset.lanes, document["lanes"], strict=True),
    ]:
        fields = type(model).model_fields
        defaults = {name: field.get_default(call_default_factory=True) for name, field in fields.items()}
        assert model.model_dump() == {**defaults, **said}


@given(valid())
def test_a_preset_as_plain_data_is_the_same_preset(document):
    preset = Preset.model_validate(document)
    assert repr(Preset.model_validate(preset.model_dump())) == repr(preset)  # which tells 1 from 1.0

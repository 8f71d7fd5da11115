"""The plan of a sweep: its jobs, and all of its problems at once."""

import pytest

from rnn_tui.errors import PresetError
from rnn_tui.experiments.early_stop import StopRules
from rnn_tui.experiments.sweep_plan import SweepPlan, planned
from rnn_tui.presets import store

ECHO = store.load(store.find("echo"))


def plan(file=ECHO, **given):
    return planned(file, given)


def problems(**given):
    with pytest.raises(PresetError) as caught:
        plan(**given)
    return "\n".join(caught.value.problems)


def test_jobs_are_numbered_by_point_and_seed_and_shuffled():
    made = plan(over={"task.delay": [1, 2], "training.steps": [10, 20]}, seeds=3, patience=5)
    jobs = list(made.jobs())
    assert made.run_count == 12
    indices = [job.index for job in jobs]
    assert sorted(indices) == list(range(12)) != indices
    assert indices == [job.index for job in made.jobs()]
    assert indices != [job.index for job in plan(**made.sweep.document(), sweep_seed=1).jobs()]
    job = next(job for job in jobs if job.index == 7)
    assert job.point == {"task.delay": 2, "training.steps": 10, "training.seed": 1}
    assert (job.steps, job.stop) == (10, StopRules(patience=5))
    assert made.keys == ["task.delay", "training.steps"]


def test_seeds_begin_at_the_seed_of_the_preset():
    file = store.load(store.find("echo"), {"training.seed": 40})
    assert sorted(job.point["training.seed"] for job in plan(file, seeds=3).jobs()) == [40, 41, 42]
    own = plan(file, over={"training.seed": [7, 9]})
    assert sorted(job.point["training.seed"] for job in own.jobs()) == [7, 9]
    assert own.keys == []


def test_the_plan_is_plain_data_and_comes_back_from_it():
    made = plan(over={"lanes[0].gain": "lin:1..2:3"}, seeds=2, until_solved=True)
    assert SweepPlan.model_validate(made.document()) == made
    assert list(made.sweep.over) == ["lanes.0.gain"]


def test_the_table_of_the_preset_is_the_plan_and_its_keys_can_be_replaced(tmp_path):
    path = tmp_path / "own.toml"
    path.write_text(
        'task.kind = "echo"\n[[lanes]]\nkind = "rnn"\n[sweep]\nseeds = 2\nsteps = 9\n[sweep.over]\n'
        'lanes.0.hidden_size = [2, 4]\n"task.delay" = "range:1..3:1"\n'
    )
    file = store.load(path)
    assert plan(file).run_count == 12
    assert {job.steps for job in plan(file).jobs()} == {9}
    assert plan(file, seeds=1, over={"task.delay": [1]}).run_count == 1
    assert "sweep" not in plan(file).preset
    assert store.parse(file.preset.document(), "again") == file.preset


def test_what_does_not_fit_to_other_keys_is_left_out_of_the_table():
    file = store.load(store.find("sweep-gain"))
    assert plan(file).sweep.contour is not None
    assert plan(file, over={"lanes.0.gain": [1.0], "task.delay": [1, 2]}).sweep.contour is not None
    assert plan(file, over={"task.delay": [1, 2]}).sweep.contour is None  # its base is no longer varied
    assert sorted({job.steps for job in plan(file, over={"training.steps": [5, 9]}).jobs()}) == [5, 9]


def test_data_files_that_are_varied_belong_to_the_plan(tmp_path):
    for name in ("a.csv", "b.csv"):
        (tmp_path / name).write_text("x\n" + "0.1\n0.4\n0.2\n0.9\n" * 60)
    (tmp_path / "own.toml").write_text(
        'task = { kind = "csv", path = "a.csv", column = "x" }\n[[lanes]]\nkind = "rnn"\n'
        '[sweep.over]\ntask.path = ["a.csv", "b.csv"]\n'
    )
    before = plan(store.load(tmp_path / "own.toml"))
    assert before.sweep.over == {"task.path": [str(tmp_path / "a.csv"), str(tmp_path / "b.csv")]}
    with (tmp_path / "b.csv").open("a") as file:
        file.write("0.3\n")
    assert plan(store.load(tmp_path / "own.toml")).data != before.data


def test_all_problems_are_named_at_once_each_with_what_is_right():
    said = problems(
        over={"training.learning_rat": [1], "lanes.0.hidden_size": [0, 4, "x"], "training.batch_size": "lgo:1..4:2"},
        seeds=0,
    )
    assert "training.batch_size = 'lgo:1..4:2': unknown range; did you mean 'log'?" in said
    assert "training.learning_rat: unknown key; did you mean 'learning_rate'?" in said
    assert "lanes.0.hidden_size = 0: must be at least 1\n" in said
    assert "lanes.0.hidden_size = 'x': must be a whole number" in said
    assert "seeds = 0: must be at least 1" in said


def test_a_problem_of_some_points_names_the_first_one():
    said = problems(over={"task.delay": [3, 15], "training.sequence_length": [10, 20], "lanes.0.gain": [1.0, 2.0]})
    assert "(at task.delay = 15, training.sequence_length = 10, lanes.0.gain = 1.0, and 1 more)" in said
    said = problems(over={"task.kind": ["copy", "echo"], "lanes.0.gain": [1.0, 2.0]})  # echo has a delay, copy has none
    assert said.startswith("task.delay: unknown key")
    assert said.endswith(" (at task.kind = 'copy')")
    assert problems(over={"lanes.0.gain": [1.0, float("nan")]}) == "lanes.0.gain = nan: must be a finite number"


def test_values_are_checked_even_if_the_keys_do_not_fit_together():
    ranges = {"training.learning_rate": "log:0.1..1", "lanes.0.gain": "lin:0..1"}
    said = problems(over={**ranges, "lanes.0.width": [1]}, steps=5, seeds=2)
    assert "training.learning_rate, lanes.0.gain: a range without a number of values" in said
    assert "lanes.0.width: unknown key" in said
    said = problems(over={"task.delay": [-1, 1], "lanes.0.gain": [1.0]}, zip=True)
    assert "task.delay has 2, lanes.0.gain has 1\ntask.delay = -1: must be at least" in said


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        ({}, "nothing is varied"),
        ({"zip": True, "random": 2, "over": {"task.delay": [1, 2]}}, "exclude each other"),
        ({"seeds": 2, "over": {"training.seed": [1, 2]}}, "varies it already"),
        ({"over": {"training.steps": [0, 5]}}, "at least 1 in a sweep"),
        ({"steps": 7, "over": {"training.steps": [5, 9]}}, "training.steps: steps = 7 sets it already"),
        ({"over": {"title": ["a", "b"]}}, "title: no result depends on it"),
        ({"over": {"sweep.seeds": [1, 2]}}, "sweep.seeds: no result depends on it"),
        ({"over": {"lanes.0.kind": ["rnn", "gur"]}}, "unknown; did you mean 'gru'"),
        ({"over": {"lanes.5.kind": ["rnn"]}}, "there is no lane '5'"),
        ({"over": {"task.delay": [1]}, "random": 5}, "only 1 different point"),
        ({"sed": 2, "over": {"task.delay": [1]}}, "sed: unknown key"),
    ],
)
def test_what_cannot_run_is_refused_before_anything_runs(given, problem):
    assert problem in problems(**given)

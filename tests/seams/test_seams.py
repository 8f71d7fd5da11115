"""What recipes add: a cell, an activation, a loss, an optimizer, a task and an intervention, each tried everywhere.

The recipes are in the docstrings of ``engine/cells``, ``engine/activations``, ``engine/losses``,
``engine/optimizers``, ``tasks`` and ``interventions``.
"""

from seams.house import House

CELLS, TASKS = "rnn_tui/engine/cells/__init__.py", "rnn_tui/tasks/__init__.py"
INTERVENTIONS = "rnn_tui/interventions/__init__.py"


def add_cell(house):
    house.add("update_gate.py", "rnn_tui/engine/cells/update_gate.py")
    house.enter(CELLS, "\nCELLS: dict", "from rnn_tui.engine.cells.update_gate import UGRNNCell\n")
    house.enter(CELLS, "}\n", '    "ugrnn": UGRNNCell,\n')


def add_task(house, name, kind):
    house.add("mean_of_two.py", f"rnn_tui/tasks/{name}.py")
    house.enter(TASKS, "from rnn_tui.tasks.parity", f"from rnn_tui.tasks.{name} import {kind}\n")
    house.enter(TASKS, '    "text": Text,\n', f'    "{name.replace("_", "-")}": {kind},\n')


def add_intervention(house):
    house.add("mirror.py", "rnn_tui/interventions/mirror.py")
    house.enter(INTERVENTIONS, "from rnn_tui.interventions.noise", "from rnn_tui.interventions.mirror import Mirror\n")
    house.enter(INTERVENTIONS, "    Freeze,\n", "    Mirror,\n")


def add_loss(house, task):
    house.add("absolute_error.py", "rnn_tui/engine/absolute_error.py")
    house.replace(
        task,
        {"engine.losses import mean_squared_error": "engine.absolute_error import mean_absolute_error",
         "loss = mean_squared_error": "loss = mean_absolute_error", "1 / 16": "1 / 4", "1 / 8": "1 / 4",
         "MeanOfTwo": "AbsoluteMean", "mean-of-two": "absolute-mean"},
    )  # fmt: skip


def test_what_is_added_as_the_recipes_say_touches_nothing_else_and_works_in_every_part_of_the_lab(tmp_path, home):
    house = House(tmp_path / "house")
    add_cell(house)
    assert house.touched().keys() == {CELLS, "rnn_tui/engine/cells/update_gate.py"}
    assert house.touched()[CELLS] == 2

    before = house.touched().keys()
    house.append("softsign.py", "rnn_tui/engine/activations.py")
    house.append("lion.py", "rnn_tui/engine/optimizers.py")
    assert house.touched().keys() - before == {"rnn_tui/engine/activations.py", "rnn_tui/engine/optimizers.py"}

    before = house.touched().keys()
    add_task(house, "mean_of_two", "MeanOfTwo")
    house.add("mean-of-two.toml", "presets/mean-of-two.toml")
    assert house.touched()[TASKS] == 2
    assert house.touched().keys() - before == {TASKS, "rnn_tui/tasks/mean_of_two.py", "presets/mean-of-two.toml"}

    add_task(house, "absolute_mean", "AbsoluteMean")
    before = house.touched().keys()
    add_loss(house, "rnn_tui/tasks/absolute_mean.py")
    assert house.touched().keys() - before == {"rnn_tui/engine/absolute_error.py"}

    before = house.touched().keys()
    add_intervention(house)
    assert house.touched()[INTERVENTIONS] == 2
    assert house.touched().keys() - before == {INTERVENTIONS, "rnn_tui/interventions/mirror.py"}

    checks = (
        "cell",
        "activation",
        "optimizer",
        "task",
        "loss",
        "intervention",
    )  # in one interpreter, which takes seconds to start
    house.try_out(home, *(f"{name}_checks.py" for name in checks))

"""A cell, an activation, a loss, an optimizer and a task, added by their recipes and tried in every part of the lab.

The recipes are in the docstrings of ``engine/cells``, ``engine/activations``, ``engine/losses``,
``engine/optimizers`` and ``tasks``.
"""

import pytest
from seams.house import House

CELLS, TASKS = "rnn_tui/engine/cells/__init__.py", "rnn_tui/tasks/__init__.py"


@pytest.fixture
def house(tmp_path):
    return House(tmp_path / "house")


def test_a_cell_is_one_file_and_its_entry_an_activation_and_an_optimizer_one_entry_each(house, home):
    house.add("update_gate.py", "rnn_tui/engine/cells/update_gate.py")
    house.enter(CELLS, "\nCELLS: dict", "from rnn_tui.engine.cells.update_gate import UGRNNCell\n")
    house.enter(CELLS, "}\n", '    "ugrnn": UGRNNCell,\n')
    touched = house.touched()
    assert touched.pop(CELLS) == 2
    assert set(touched) == {"rnn_tui/engine/cells/update_gate.py"}
    before = set(house.touched())
    house.append("softsign.py", "rnn_tui/engine/activations.py")
    house.append("lion.py", "rnn_tui/engine/optimizers.py")
    assert set(house.touched()) - before == {"rnn_tui/engine/activations.py", "rnn_tui/engine/optimizers.py"}
    house.try_out(home, "cell_checks.py", "activation_checks.py", "optimizer_checks.py")


def add_task(house):
    house.add("mean_of_two.py", "rnn_tui/tasks/mean_of_two.py")
    house.add("mean-of-two.toml", "presets/mean-of-two.toml")
    house.enter(TASKS, "from rnn_tui.tasks.parity", "from rnn_tui.tasks.mean_of_two import MeanOfTwo\n")
    house.enter(TASKS, '    "text": Text,\n', '    "mean-of-two": MeanOfTwo,\n')


def test_a_task_is_one_file_its_entry_and_a_preset(house, home):
    add_task(house)
    touched = house.touched()
    assert touched.pop(TASKS) == 2
    assert set(touched) == {"rnn_tui/tasks/mean_of_two.py", "presets/mean-of-two.toml"}
    house.try_out(home, "task_checks.py")


def test_a_loss_is_one_class_that_a_task_names(house, home):
    add_task(house)
    before = set(house.touched())
    house.add("absolute_error.py", "rnn_tui/engine/absolute_error.py")
    house.replace(
        "rnn_tui/tasks/mean_of_two.py",
        {"engine.losses import mean_squared_error": "engine.absolute_error import mean_absolute_error",
         "loss = mean_squared_error": "loss = mean_absolute_error", "1 / 16": "1 / 4", "1 / 8": "1 / 4"},
    )  # fmt: skip
    assert set(house.touched()) - before == {"rnn_tui/engine/absolute_error.py"}
    house.try_out(home, "loss_checks.py")

"""A task that the program does not have, written as the recipe says and registered by one line: the schema takes it."""

from typing import Annotated, Literal

import numpy as np
import pytest
from pydantic import Field

from rnn_tui.engine.losses import mean_squared_error
from rnn_tui.engine.training import Batch
from rnn_tui.errors import PresetError
from rnn_tui.presets import store
from rnn_tui.presets.preset import parse
from rnn_tui.session.session import Session
from rnn_tui.tasks import TASKS
from rnn_tui.tasks.base import Floor, Task
from rnn_tui.ui.panels.control_rows import settings_of

TEXT = """\
title = "A running mean"  # of noise

[task]
kind = "running-mean"
width = 4        # values that are averaged
# how large they are:
scale = 2.0

[[lanes]]
kind = "rnn"
"""


class RunningMean(Task):
    """Noise; the target is the mean of the last ``width`` values."""

    loss = mean_squared_error

    kind: Literal["running-mean"] = "running-mean"
    width: Annotated[int, Field(ge=1, le=50, description="how many values are averaged")] = 3
    scale: Annotated[float, Field(gt=0, le=10)] = 1.0
    signs: Literal["both", "positive"] = "both"

    @property
    def least_length(self) -> int:
        return self.width

    def batch(self, rng, size, length):
        x = self.scale * rng.standard_normal((length, 1, size))
        x = abs(x) if self.signs == "positive" else x
        total = np.cumsum(x, axis=0)
        total[self.width :] -= total[: -self.width]
        mask = np.ones((length, size))
        mask[: self.width - 1] = 0
        return Batch(x, total / self.width, mask)

    def floor(self, window, length):  # noqa: ARG002
        return Floor(0.0) if window is None or window >= self.width else None

    def references(self, length):  # noqa: ARG002
        return []


@pytest.fixture
def registered(monkeypatch):
    monkeypatch.setitem(TASKS, "running-mean", RunningMean)


@pytest.fixture
def file(registered, tmp_path):  # noqa: ARG001
    path = tmp_path / "mean.toml"
    path.write_text(TEXT)
    return path


def problems_of(**task):
    with pytest.raises(PresetError) as caught:
        parse({"task": {"kind": "running-mean", **task}, "lanes": [{"kind": "rnn"}]}, "s")
    return caught.value.problems


def test_a_kind_that_is_not_registered_is_unknown():
    (problem,) = problems_of()
    assert problem.startswith("task.kind = 'running-mean': unknown; ")


def test_a_preset_with_it_is_read_and_trained(file):
    preset = store.load(file).preset
    assert preset.task == RunningMean(width=4, scale=2.0)
    session = Session(preset.with_changes({"training.steps": 2}))
    session.forward(2)
    assert session.step == 2


@pytest.mark.usefixtures("registered")
def test_all_problems_of_its_options_are_told_at_once():
    assert problems_of(width=0, scale="2", sings="both", signs="possitive") == [
        "task.width = 0: must be at least 1",
        "task.scale = '2': must be a number",
        "task.signs = 'possitive': unknown; did you mean 'positive'?",
        "task.sings: unknown key; did you mean 'signs'?",
    ]


@pytest.mark.usefixtures("registered")
def test_the_rules_between_tables_ask_it():
    (problem,) = problems_of(width=41)
    assert problem.startswith("training.sequence_length = 40: must be at least 41 for task.kind = 'running-mean'")


@pytest.mark.usefixtures("registered")
def test_it_is_listed_among_the_allowed_kinds():
    with pytest.raises(PresetError) as caught:
        parse({"task": {"kind": "sum"}, "lanes": [{"kind": "rnn"}]}, "s")
    assert caught.value.problems[0].endswith(", 'running-mean'")
    with pytest.raises(PresetError) as caught:
        parse({"task": {"kind": "runing-mean"}, "lanes": [{"kind": "rnn"}]}, "s")
    assert caught.value.problems == ["task.kind = 'runing-mean': unknown; did you mean 'running-mean'?"]


def test_its_options_are_rows_of_the_controls_with_the_bounds_of_the_schema(file):
    rows = {row.label: row for row in settings_of(store.load(file).preset, 0)}
    assert list(rows["width"].choices) == list(range(1, 51))
    assert (rows["scale"].value, min(rows["scale"].choices), max(rows["scale"].choices)) == (2.0, 0.01, 10.0)
    assert rows["signs"].choices == ("both", "positive")


def test_a_changed_preset_is_saved_with_its_comments_and_is_the_same_when_read_again(file, home):
    opened = store.load(file)
    changed = opened.preset.with_changes({"task.width": 7, "task.signs": "positive"})
    saved = store.save(store.PresetFile("mean", changed, file, opened.text), "mine")
    assert 'title = "A running mean"  # of noise' in saved.text
    assert "width = 7        # values that are averaged\n# how large they are:\nscale = 2.0\n" in saved.text
    assert 'signs = "positive"' in saved.text
    assert store.load(saved.path).preset == changed
    assert saved.path.is_relative_to(home)

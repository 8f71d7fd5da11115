"""The small picture of a task."""

import numpy as np
import pytest
from rich.cells import cell_len
from support.widget_hosts import BUNDLED, bundled, preset_of

from rnn_tui.ui.dialogs.task_preview import COLUMNS, MOST_INPUTS, TARGET, floors, labels, rows

RNN, FNN = {"kind": "rnn"}, {"kind": "fnn", "window": 2}


def picture(task, *lanes, **training):
    """Its rows by their labels, without blanks at the end."""
    preset = preset_of(*(lanes or [RNN]), task=task, training=training)
    return {label: row.rstrip() for label, row in zip(labels(preset.task), rows(preset), strict=True)}


def test_every_bundled_task_has_a_picture_whose_rows_are_equally_long():
    for name in BUNDLED:
        preset = bundled(name)
        drawn = rows(preset)
        assert len(drawn) == len(labels(preset.task)) <= MOST_INPUTS + 1
        assert labels(preset.task)[-1] == TARGET
        (width,) = {cell_len(row) for row in drawn}
        assert min(preset.training.sequence_length, COLUMNS) <= width <= COLUMNS + 2
        assert set(drawn[-1]) - {"·", "…", " "}, name


def test_the_target_is_a_dot_where_nothing_is_scored_and_repeats_the_input_later():
    shown = picture({"kind": "echo", "delay": 3}, sequence_length=12)
    assert set(shown["x"]) <= set("▁█")
    assert shown["target"] == "···" + shown["x"][:-3]


def test_numbers_and_their_target_are_drawn_on_one_scale():
    shown = picture({"kind": "wave"}, sequence_length=30)
    assert shown["target"][5:-1] == shown["x"][6:]
    assert {"▁", "█"} <= set(shown["x"])


def test_each_numeric_input_has_a_row_of_its_own():
    shown = picture({"kind": "adding"}, sequence_length=12)
    assert list(shown) == ["value", "mark", "target"]
    assert shown["mark"].count("█") == 2
    assert shown["mark"].count("▁") == 10
    assert shown["target"][:-1] == "·" * 11
    assert shown["target"][-1] in "▁▂▃▄▅▆▇█"


def test_symbols_are_drawn_as_themselves_and_long_names_whole():
    shown = picture({"kind": "temporal-order"}, sequence_length=10)
    assert len(shown["x"]) == 10
    assert {"A", "B"} & set(shown["x"])
    assert shown["target"][:9] == "·" * 9
    assert shown["target"][9:] in ("AA", "AB", "BA", "BB")
    assert [letter for letter in shown["x"] if letter in "AB"] == list(shown["target"][9:])


def test_words_stand_in_columns_as_many_as_fit(tmp_path):
    (tmp_path / "a.txt").write_text("to be or not to be, that is it. " * 40)
    shown = picture({"kind": "text", "path": str(tmp_path / "a.txt"), "level": "words"}, sequence_length=40)
    words, following = shown["x"].split(), shown["target"].split()
    assert words[1:] == following[:-1]
    assert 8 <= len(words) <= 20
    assert cell_len(shown["x"]) <= COLUMNS
    for word, at in zip(words, following, strict=True):
        assert {word, at} <= {"to", "be", "or", "not", ",", "that", "is", "it", "."}
    starts = [i for i, c in enumerate(shown["x"]) if c != " " and (i == 0 or shown["x"][i - 1] == " ")]
    assert all(shown["target"][i] != " " for i in starts)


@pytest.mark.parametrize("scored", ["last", "all"])
def test_of_a_long_sequence_the_beginning_is_drawn_or_its_ends_where_only_the_end_is_scored(scored):
    shown = picture({"kind": "parity", "scored": scored}, sequence_length=100)
    assert {len(row) for row in shown.values()} == {COLUMNS}
    assert ("…" in shown["x"]) == (scored == "last")
    assert shown["target"][-1] in "▁█"


def test_the_floor_of_each_lane_is_told_and_left_out_where_nobody_knows_it():
    assert floors(preset_of(RNN, {**FNN, "window": 4}, FNN, task={"kind": "echo", "delay": 3})) == [
        "floor 0.0000",
        "floor 0.0000",
        f"floor {np.log(2):.4f}",
    ]
    estimated = floors(bundled("csv"))
    assert estimated[0] == ""
    assert all(text.startswith("floor ≈0.1") for text in estimated[1:])

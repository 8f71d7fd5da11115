"""Tables of points and of runs."""

from dataclasses import replace

from support.sweep_folders import data_of, row_of

from rnn_tui.ui.render.palette import palette
from rnn_tui.ui.render.terminal_capabilities import Canvas
from rnn_tui.ui.sweeps.look import Look
from rnn_tui.ui.sweeps.sweep_table import settled, table_of
from rnn_tui.ui.sweeps.sweep_view import POINTS, RUNS, SweepView
from rnn_tui.ui.sweeps.table_drawing import draw_table

GRID = {"task.delay": [2, 8], "lanes.0.hidden_size": [4, 16]}
LOOK = Look(palette(True), Canvas())


def lines(data, view, rows=9, columns=110):
    table = table_of(data, view)
    return draw_table(table, settled(data, view, table), LOOK, rows, columns).lines


def test_a_row_for_each_point_with_its_numbers():
    data = data_of(GRID, seeds=3)
    view = replace(SweepView.first(data), drawing=POINTS)
    head, *body = lines(data, view)
    assert head.split()[:4] == ["delay", "hidden", "size", "held-out"]
    assert body[0].split()[:4] == ["▸", "2", "4", "0.1604"]
    assert "1 of 3" in body[0]
    assert "never" in body[2]


def test_any_column_sorts_the_rows_and_rows_without_a_value_are_last():
    data = data_of(GRID, seeds=3)
    table = table_of(data, replace(SweepView.first(data), drawing=POINTS))
    losses = table.columns[table.titles.index("held-out loss")].ranks
    assert [losses[row] for row in table.ordered("held-out loss", False)] == sorted(losses)
    assert [losses[row] for row in table.ordered("held-out loss", True)] == sorted(losses, reverse=True)
    steps = table.columns[table.titles.index("steps to solve")].texts
    for falling in (False, True):
        assert steps[table.ordered("steps to solve", falling)[-1]] == "never"


def test_runs_are_listed_with_their_ends():
    data = data_of(GRID, seeds=1)
    point = {"task.delay": 2, "lanes.0.hidden_size": 4, "training.seed": 0}
    other = data_of(GRID, seeds=1, runs=[row_of(0, point, "failed")])
    view = replace(SweepView.first(data), drawing=RUNS)
    assert "last step" in lines(data, view)[1]
    assert lines(other, view)[1].split()[-2:] == ["failed", "0"]


def test_the_cursor_goes_through_the_sorted_rows_and_stays_in_the_table():
    data = data_of(GRID, seeds=1)
    view = replace(SweepView.first(data), drawing=RUNS, sort="held-out loss")
    table = table_of(data, view)
    view = settled(data, view, table)
    best = min(data.runs, key=lambda run: run["lanes"][0]["loss"])
    assert view.run == best["index"]
    assert table.moved(view, 99).run == max(data.runs, key=lambda run: run["lanes"][0]["loss"])["index"]


def test_a_narrow_table_drops_the_last_columns_but_not_the_sorted_one():
    data = data_of(GRID, seeds=3)
    view = replace(SweepView.first(data), drawing=POINTS, sort="runs")
    head, *body = lines(data, view, rows=3, columns=44)
    assert "runs▴" in head
    assert "+" in head
    assert len(body) == 2

"""Sweeps without a grid."""

from support.sweep_folders import data_of

from rnn_tui.ui.sweeps.key_axis import KeyAxis
from rnn_tui.ui.sweeps.measures import LOSS
from rnn_tui.ui.sweeps.scatter import cell_summaries, cells_of, point_beside

RATE, SIZE = "training.learning_rate", "lanes.0.hidden_size"


def test_many_values_share_cells_of_equal_width_and_few_have_their_own():
    whole = KeyAxis.of("x", "x", [10**-n for n in (4, 3.5, 2.9, 2.5, 1.9, 1.5, 0.9, 0.5, 0)])
    cells = cells_of(whole, 4)
    assert cells.axis.log
    assert cells.places == [0, 0, 1, 1, 2, 2, 3, 3, 3]
    assert len(cells_of(KeyAxis.of("x", "x", [1, 2, 3])).axis) == 3


def test_every_run_is_in_one_cell():
    data = data_of({RATE: "log:1e-4..1e-1", SIZE: "lin:2..60"}, 2, random=40)
    columns, rows, table = cell_summaries(data, LOSS, RATE, SIZE, 0)
    assert (len(table), len(table[0])) == (len(rows.axis), len(columns.axis)) == (10, 10)
    assert sum(summary.runs for row in table for summary in row) == 80


def test_the_cursor_visits_the_points_in_the_order_of_a_key():
    data = data_of({RATE: "log:1e-4..1e-1", SIZE: "lin:2..60"}, 1, random=20)
    place, seen = data.place_of(data.runs[0]), set()
    place = point_beside(data, place, RATE, -99)
    for _ in range(20):
        seen.add(place[RATE])
        place = point_beside(data, place, RATE, 1)
    assert len(seen) == 20

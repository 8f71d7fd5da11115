"""Files as people have them, with the figure that a right reading leads to: persistence as ``train`` prints it."""

from pathlib import Path

import pytest

from rnn_tui.errors import DataError
from rnn_tui.presets.from_data import from_csv

CASES = Path(__file__).parent / "cases"
SENTINEL = "31 are -999, far outside the others (0 to 23.5); if this marks missing values, use --missing -999"


def task_of(file, column, **options):
    return from_csv(str(CASES / file), column, **options).preset.task


@pytest.mark.parametrize(
    ("file", "column", "options", "persistence", "note"),
    [
        ("decimal-comma-alone/pv-nohead.csv", None, {}, 0.00809, "comma read as decimal sign"),
        ("decimal-comma-alone/pv.csv", None, {}, 0.00809, "comma read as decimal sign"),
        ("thousands/a.csv", "visits", {}, 0.02394, "commas read as thousands separators"),
        ("thousands/b.csv", "visits", {}, 0.02394, "points read as thousands separators, comma read as decimal sign"),
        ("thousands/c.csv", "visits", {}, 0.02394, "spaces read as thousands separators, comma read as decimal sign"),
        ("thousands/d.tsv", "visits", {}, 0.02394, "apostrophes read as thousands separators"),
        ("thousands/e-mixed.csv", "visits", {"decimal": ","}, 0.02395, "points read as thousands separators"),
        ("thousands/e-mixed.csv", "visits", {"decimal": "."}, 0.02395, ""),
        ("preamble/hash.csv", "distance", {}, 0.00652, "skipped 2 comment lines above the data"),
        ("preamble/semicolon.csv", "distance", {}, 0.00652, "skipped 3 comment lines above the data"),
        ("preamble/tilde.tsv", "distance", {}, 0.00652, "skipped 3 comment lines above the data"),
        ("preamble/units.csv", "distance", {}, 0.00652, "skipped line 2 (s, mm, deg)"),
        ("newest-first/newest.csv", "price", {}, 0.82350, "run backwards; the rows were reversed, oldest first"),
        ("newest-first/oldest.csv", "price", {}, 0.82350, ""),
        ("constant/input.csv", "level", {"inputs": ["rain"]}, 0.00652, "skipped input 'rain': it is 0.1 in all"),
        ("sentinel/station.csv", "TT", {}, 2.64237, SENTINEL),
        ("sentinel/station.csv", "TT", {"missing": ["-999"]}, 0.00661, "31 of 1,200 values of 'TT' are missing"),
        ("numeric-names/years.csv", "2011", {}, 0.01931, ""),
        ("numeric-names/allyears.csv", "2011", {}, 0.01931, "line 1 was read as the header"),
        ("numeric-names/allyears.csv", "2", {}, 0.01931, "line 1 was read as the header"),
        ("numeric-names/clash.csv", "name:3", {}, 0.00652, ""),
        ("footers/comments.csv", "x", {}, 0.00652, "skipped 6 comment lines among the data"),
        ("footers/footer.csv", "x", {}, 0.00652, "skipped 1 line below the data, from line 1204"),
        ("footers/ragged.csv", "x", {}, 0.00652, "3 rows with fewer cells than columns (first in line 102)"),
        ("footers/trail.csv", "x", {}, 0.00652, ""),
        ("words/w.csv", None, {}, 0.00652, ""),
    ],
)
def test_a_file_is_read_as_its_writer_meant_it_and_what_was_done_is_said(file, column, options, persistence, note):
    task = task_of(file, column, **options)
    found = {reference.name: reference.loss for reference in task.references(40)}
    assert found["persistence"] == pytest.approx(persistence, abs=0.00001)
    assert note in task.note
    assert bool(task.note) == bool(note)


@pytest.mark.parametrize(
    ("file", "column", "inputs", "words"),
    [
        (
            "thousands/e-mixed.csv",
            "visits",
            [],
            ["'12.000' can mean 12 or 12,000", "--decimal . for 12, --decimal , for"],
        ),
        ("constant/target.csv", "rain", [], ["column 'rain' is 0 in all of its training part", "nothing to predict"]),
        (
            "constant/late.csv",
            "rain",
            [],
            ["column 'rain' is 0 in all of its training part", "only in the held-out part, from data row 1,022"],
        ),
        ("numeric-names/clash.csv", "3", [], ["'3' is the name of column 2 and the number", "name:3 or number:3"]),
        (
            "words/w.csv",
            "weather",
            [],
            ["'weather' contains words ('sunny', 'rain', 'fog'), not", "numbers are 'temperature'"],
        ),
        ("words/w.csv", "date", [], ["'date' contains times ('2024-01-01 00:00:00', "]),
        (
            "preamble/hash.csv",
            "range",
            [],
            ["no column 'range'", "'timestamp', 'distance', 'angle' (line 3 has the names)"],
        ),
    ],
)
def test_what_cannot_be_read_is_told_with_the_way_out(file, column, inputs, words):
    with pytest.raises(DataError) as caught:
        task_of(file, column, inputs=inputs)
    text = str(caught.value)
    assert "\n" not in text
    for word in words:
        assert word in text


def test_the_newest_first_is_the_same_series_as_the_oldest_first():
    newest, oldest = (task_of(f"newest-first/{name}.csv", "price") for name in ("newest", "oldest"))
    assert newest.data == oldest.data

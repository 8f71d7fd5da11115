import math
import random

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from rnn_tui.errors import DataError, PresetError, RnnTuiError
from rnn_tui.presets import store
from rnn_tui.presets.from_data import from_csv, from_text, open_any
from rnn_tui.session.session import Session


def numbers(count):
    return [math.sin(i / 5) * 10 + 3 for i in range(count)]


def a_csv(path, count=300):
    path.write_text("day,value\n" + "".join(f"d{i},{value}\n" for i, value in enumerate(numbers(count))))
    return str(path)


def a_text(path, count=400):
    rng = random.Random(0)
    path.write_text("".join(rng.choice("ab cd") for _ in range(count)))
    return str(path)


def one_line(error):
    line = str(error.value if hasattr(error, "value") else error)
    assert line.isprintable()
    line.encode()
    return line


def test_a_csv_file_becomes_the_usual_two_lanes_on_its_column(tmp_path):
    file = from_csv(a_csv(tmp_path / "rain.csv"), "value", 3)
    assert file.name == "rain"
    assert file.preset.title == "rain: value"
    assert "the one 3 rows ahead" in file.preset.question
    assert [lane.kind for lane in file.preset.lanes] == ["rnn", "fnn"]
    assert (file.preset.task.column, file.preset.task.horizon) == ("value", 3)
    assert file.preset.training.sequence_length == 40
    session = Session(file.preset)
    session.forward(2)
    probe = session.frame()
    held_out = numbers(300)[240:]
    seen = file.preset.task.in_units(probe.inputs[:, 0])
    assert seen == pytest.approx(held_out[:40])
    assert file.preset.task.in_units(probe.target) == pytest.approx(held_out[3:43])


def test_further_columns_become_inputs(tmp_path):
    path = tmp_path / "weather.csv"
    path.write_text("day,mm,wind\n" + "".join(f"d{i},{value},{i % 7}\n" for i, value in enumerate(numbers(300))))
    file = from_csv(str(path), "mm", 2, ("wind",))
    assert file.preset.task.channels == ("mm", "wind")
    assert file.preset.question == "How well do the past values of all columns predict the one 2 rows ahead?"
    assert Session(file.preset).frame().inputs.shape == (40, 2)
    assert open_any(str(path), "mm", inputs=["wind"], horizon=2).preset == file.preset
    with pytest.raises(
        DataError, match=r"task\.inputs: 'mm' is the predicted column, .*; .*no column 'wnd'; did you mean 'wind'"
    ) as caught:
        from_csv(str(path), "mm", 1, ["mm", "wnd"])
    one_line(caught)


def test_a_file_of_few_rows_is_held_back_more_and_its_preset_says_so(tmp_path):
    few, many = (from_csv(a_csv(tmp_path / "x.csv", rows), "value").preset for rows in (499, 500))
    assert few.training.weight_decay > many.training.weight_decay > 0
    assert "so few rows" in few.expect
    assert "so few rows" not in many.expect


# Series that look like real ones.


def sunspots(rows):
    """Like the monthly sunspot numbers: cycles of some eleven years, each as high and long as it likes, that rise fast
    and fall slowly; noise that is larger where there is more of it; never below zero.
    """
    rng, level = np.random.default_rng(0), []
    while len(level) < rows:
        t = np.linspace(0, 1, int(rng.normal(132, 12)), endpoint=False)
        cycle = t**1.5 * np.exp(-((t / 0.38) ** 2))
        level += list(max(60, rng.normal(180, 50)) * cycle / cycle.max())
    return np.maximum(0, (np.array(level[:rows]) + 3) * (1 + 0.16 * with_memory(rng, rows, 0.5)))


def temperatures(rows):
    """Like daily minima: a season of 365.25 days and 4 degrees, and weather that lasts."""
    rng = np.random.default_rng(0)
    return 11 + 4 * np.cos(2 * np.pi * np.arange(rows) / 365.25) + 2.2 * with_memory(rng, rows, 0.6)


def with_memory(rng, rows, share):
    """x_t = share · x_{t-1} + e_t"""
    x = rng.standard_normal(rows)
    for t in range(1, rows):
        x[t] += share * x[t - 1]
    return x


@pytest.mark.parametrize(("values", "gaps"), [(sunspots(3000), 0), (temperatures(3650), 0.1)])
def test_the_rnn_beats_persistence_and_comes_near_the_linear_predictor_on_what_looks_real(tmp_path, values, gaps):
    missing = np.random.default_rng(1).random(len(values)) < gaps
    path = tmp_path / "real.dat"
    path.write_text(
        "".join(
            f"{i:5d} {'NA' if gap else f'{x:8.1f}'}\n" for i, (x, gap) in enumerate(zip(values, missing, strict=True))
        )
    )
    session = Session(open_any(str(path), "2").preset)
    session.forward(session.preset.training.steps)
    references = {reference.name: reference.loss for reference in session.frame().references}
    rnn = session.frame().lanes[0].score.loss
    assert rnn < references["persistence"] < references["mean"]
    assert rnn < 1.03 * references["linear(10)"]


def test_a_text_file_becomes_the_usual_two_lanes_on_its_characters(tmp_path):
    file = from_text(a_text(tmp_path / "words.txt"))
    assert file.name == "words"
    assert [lane.kind for lane in file.preset.lanes] == ["rnn", "fnn"]
    assert file.preset.task.alphabet == tuple(" abcd")
    session = Session(file.preset)
    session.forward(2)
    assert session.frame().lanes[0].answers.shape == (40,)


@pytest.mark.parametrize("rows", range(30, 260, 10))
def test_a_short_file_gets_sequences_as_long_as_its_held_out_part_has_room_for(tmp_path, rows):
    room = int(rows * 0.2) - 1
    path = a_csv(tmp_path / "x.csv", rows)
    if room < 8:
        with pytest.raises(DataError, match="too short: of its") as caught:
            from_csv(path, "value")
        assert f"{rows} rows" in one_line(caught)
    else:
        assert from_csv(path, "value").preset.training.sequence_length == min(room, 40)


def test_a_short_text_gets_shorter_sequences_or_is_refused(tmp_path):
    assert from_text(a_text(tmp_path / "x", 100)).preset.training.sequence_length == 19
    with pytest.raises(DataError, match="too short: of its 40 characters, 8 are held out") as caught:
        from_text(a_text(tmp_path / "y", 40))
    one_line(caught)


def test_a_text_may_be_read_word_by_word(tmp_path):
    path = tmp_path / "rhyme.txt"
    path.write_text("one two, three four. " * 20)
    file = from_text(str(path), "words")
    assert file.preset.title == "rhyme, word by word"
    assert "more context than one word" in file.preset.question
    assert (file.preset.task.level, file.preset.task.input_size) == ("words", 6)
    assert file.preset.training.sequence_length == int(120 * 0.2) - 1
    assert open_any(str(path), level="words").preset == file.preset
    with pytest.raises(DataError, match=r"level = 'lines'.*'characters'") as caught:
        from_text(str(path), "lines")
    one_line(caught)


def test_a_preset_made_on_the_spot_can_be_saved_and_opened_again(tmp_path, monkeypatch):
    (tmp_path / "data").mkdir()
    rows = "".join(f"{value},{2 * value}\n" for value in numbers(300))
    (tmp_path / "data" / "x.csv").write_text("value,twice\n" + rows)
    monkeypatch.chdir(tmp_path / "data")
    file = from_csv("x.csv", "value", 2, ["twice"])
    store.save(file, "mine")
    monkeypatch.chdir("/")
    assert store.load(store.find("mine")).preset == file.preset


@pytest.mark.parametrize(
    ("content", "column", "problem"),
    [
        (b"", None, "x.csv: empty"),
        (b",,\n,,\n", None, "x.csv: empty"),
        (b"a,b\n1,2\n", "c", "x.csv: no column 'c'; the columns are 'a', 'b'"),
        (b"d,a,b\n2024-01-01,1,2\n", None, "x.csv: several columns of numbers: 'a', 'b'; choose one with --column"),
        (b"a\n1\nx\n3\n", None, "x.csv: row 3, column 'a': found 'x', expected a finite number"),
        (b"a,b\n1,2\n3,\n4,\n", "b", "x.csv: too short: of its 3 rows"),
        (b"a\n" + b"1\n2\nNA\n-\n?\n" * 20, None, "x.csv: 60 of 100 values of column 'a' are missing"),
        (b"a\n" + b"7\n" * 100, None, "x.csv: column 'a' is 7 in all of its training part"),
        (b"\xff\xfe1\n\0", None, "x.csv: not UTF-16, although it begins so"),
        (bytes(range(128, 256)) + b"\0\1\2", None, "x.csv: not a text file (byte 0x80 in row 1)"),
        (b"a\n1\n", "9" * 5000, "x.csv: no column '999"),
        (b"a\n1\n", "\udcff", "x.csv: no column"),
    ],
)
def test_a_file_of_no_use_is_refused_in_one_line(tmp_path, content, column, problem):
    (tmp_path / "x.csv").write_bytes(content)
    with pytest.raises(DataError) as caught:
        from_csv(str(tmp_path / "x.csv"), column)
    assert problem in one_line(caught)


@pytest.mark.parametrize("source", [from_csv, from_text])
@pytest.mark.parametrize(
    ("path", "problem"),
    [
        ("", "path = '': must be non-empty text"),
        ("/no/such/file", "/no/such/file: no such file"),
        ("/", "/: is a folder"),
        ("\udcff", "path = '\\udcff': must be text in UTF-8"),
        ("a\nb", "a\\nb: no such file"),
        ("a\0b", "cannot be read"),
        ("~nobody-of-that-name/x", "~nobody-of-that-name/x: no such file"),
        ("x" * 5000, "cannot be read (File name too long)"),
    ],
)
def test_a_path_of_no_use_is_refused_in_one_line(source, path, problem):
    with pytest.raises(DataError) as caught:
        source(path)
    assert problem in one_line(caught)


def test_a_horizon_of_no_use_is_refused(tmp_path):
    path = a_csv(tmp_path / "x.csv")
    with pytest.raises(DataError, match=r"^horizon = 0: must be at least 1$"):
        from_csv(path, "value", 0)
    with pytest.raises(DataError, match=r"x\.csv: too short: .* needs 1008; use a horizon of at most \d+, or"):
        from_csv(path, "value", 1000)


file_names = st.text(
    st.characters(codec="utf-8", exclude_characters="/\0"), min_size=1, max_size=50
).filter(lambda name: name not in (".", ".."))  # fmt: skip


@given(file_names)
@example("two\nlines.csv")
@example("\x1b[31mred")
@example("50 %.txt")
def test_any_file_name_makes_a_title_that_a_preset_can_have(tmp_path_factory, name):
    path = tmp_path_factory.mktemp("names") / name
    for source, write in ((from_csv, a_csv), (from_text, a_text)):
        file = source(write(path))
        assert file.name.isprintable()
        assert file.preset.title.isprintable()
    path.unlink()


@given(file_names)
@example("two\nlines")
def test_the_error_for_any_file_name_is_one_line(tmp_path_factory, name):
    path = tmp_path_factory.getbasetemp() / name
    path.write_text("1,2\n")
    for source in (from_csv, from_text):
        with pytest.raises(DataError) as caught:
            source(str(path))
        one_line(caught)
    path.unlink()


@given(st.text(max_size=30).filter(lambda name: "\r" not in name and "\ud800" not in name))
def test_any_column_name_makes_a_title_or_an_error_of_one_line(tmp_path_factory, name):
    path = tmp_path_factory.getbasetemp() / "named.csv"
    quoted = name.replace('"', '""')
    path.write_bytes((f'"{quoted}",x\n' + "1,a\n2,b\n" * 100).encode(errors="replace"))
    try:
        assert from_csv(str(path), name).preset.title.isprintable()
    except DataError as error:
        one_line(error)


@given(st.binary(max_size=200) | st.text("0123456789.,;\t\n\"'-e ", max_size=200).map(str.encode), st.booleans())
def test_any_bytes_give_two_lanes_or_an_error_of_one_line(tmp_path_factory, content, repeat):
    path = tmp_path_factory.getbasetemp() / "bytes"
    path.write_bytes(content * (20 if repeat else 1))
    for source in (from_csv, from_text):
        try:
            assert len(source(str(path)).preset.lanes) == 2
        except DataError as error:
            one_line(error)


def test_a_path_alone_says_what_the_file_is(tmp_path):
    assert open_any(a_csv(tmp_path / "a.CSV"), "value").preset.task.kind == "csv"
    assert open_any(a_text(tmp_path / "b.md")).preset.task.kind == "text"
    assert open_any(a_csv(tmp_path / "c.dat"), "value").preset.task.kind == "csv"
    assert open_any(a_csv(tmp_path / "c.txt"), "value").preset.task.kind == "csv"
    alone = tmp_path / "d.dat"
    alone.write_text("".join(f"{value}\n" for value in numbers(300)))
    assert open_any(str(alone), horizon=3).preset.task.horizon == 3
    store.save(from_csv(a_csv(tmp_path / "x.csv"), "value"), "mine")
    assert open_any(str(store.own_folder() / "mine.toml")).preset.task.kind == "csv"
    with pytest.raises(PresetError, match="no such file"):
        open_any("~nobody-of-that-name/x.toml")
    for path in ("", "\0", "no/such.csv"):
        with pytest.raises(RnnTuiError):
            open_any(path)

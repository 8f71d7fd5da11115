import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from rnn_tui.errors import DataError
from rnn_tui.tasks.own_data import csv_reader
from rnn_tui.tasks.own_data.csv_task import CsvSeries

T = 10
WARMING = 2  # time steps at the beginning that are not scored: a quarter of T, at most 10


@pytest.fixture
def series(tmp_path):
    def write(values, header="mm", **options):
        file = tmp_path / "data.csv"
        file.write_text("\n".join([header, *map(repr, map(float, values))]))
        return CsvSeries(path=str(file), **options)

    return write


def autoregressive(count, a=1.2, b=-0.5, deviation=0.7, seed=0):
    """x_t = a x_{t-1} + b x_{t-2} + e_t"""
    e = deviation * np.random.default_rng(seed).standard_normal(count)
    x = np.zeros(count)
    for t in range(2, count):
        x[t] = a * x[t - 1] + b * x[t - 2] + e[t]
    return x


@pytest.mark.parametrize("horizon", [1, 3])
def test_the_target_is_the_value_horizon_rows_later(series, horizon):
    task = series(np.arange(300) ** 2, horizon=horizon)
    for batch in (task.batch(np.random.default_rng(0), 5, T), task.held_out(np.random.default_rng(0), 5, T)):
        place = np.sqrt(task.in_units(batch.x)).round()
        later = np.sqrt(task.in_units(batch.target)).round()
        np.testing.assert_array_equal(later, place + horizon)
        np.testing.assert_array_equal(place[1:], place[:-1] + 1)
        assert (batch.mask.T == [0] * WARMING + [1] * (T - WARMING)).all()


def test_held_out_never_overlaps_the_training_part(series):
    task = series(range(200), horizon=2)
    trained = task.in_units(task.batch(np.random.default_rng(0), 3000, T).target).round()
    held_out = task.held_out(np.random.default_rng(0), 1000, T)
    assert trained.max() == 159
    assert task.in_units(held_out.x).round().min() == 160
    assert task.in_units(held_out.target).round().max() == 199


def test_the_training_part_has_mean_zero_and_deviation_one(series):
    values = 50 + 3 * autoregressive(500)
    values[400:] += 1000  # the held-out part must not be felt
    task = series(values)
    seen = task.series.earlier[:, 0]
    assert seen.mean() == pytest.approx(0, abs=1e-12)
    assert seen.std() == pytest.approx(1)
    np.testing.assert_allclose(task.in_units(seen), values[:400])


def test_the_column_is_taken_by_name(tmp_path):
    file = tmp_path / "two.csv"
    file.write_text("a,b\n" + "\n".join(f"{i},{i * i % 7}" for i in range(100)))
    np.testing.assert_array_equal(CsvSeries(path=str(file), column="b").raw, [i * i % 7 for i in range(100)])
    (problem,) = CsvSeries(path=str(file)).problems(T)
    assert "several columns" in problem


@pytest.mark.parametrize(("rows", "horizon", "works"), [(54, 1, False), (55, 1, True), (59, 2, False), (60, 2, True)])
def test_the_held_out_part_must_have_room_for_one_sequence(series, rows, horizon, works):
    task = series(np.sin(range(rows)), horizon=horizon)
    problems = task.problems(T)
    assert (problems == []) is works
    if works:
        assert task.held_out(np.random.default_rng(0), 4, T).x.shape == (T, 1, 1)
    else:
        assert f"needs {T + horizon}" in problems[0]
        assert f"its {rows} rows" in problems[0]


@pytest.mark.parametrize("values", [[7.5] * 80 + [1.0] * 20, [0.0] * 100, [0.1 + 0.2] * 100])
def test_a_training_part_that_never_changes_is_a_problem(series, values):
    (problem,) = series(values).problems(T)
    assert f"is {values[0]:g} in all of" in problem


def test_the_problem_of_a_constant_column_names_that_column(tmp_path):
    file = tmp_path / "constant.csv"
    file.write_text("day,mm\n" + "\n".join(f"d{i},3" for i in range(100)))
    (problem,) = CsvSeries(path=str(file), column="mm").problems(T)
    assert "column 'mm' is 3" in problem
    (problem,) = CsvSeries(path=str(file)).problems(T)
    assert "column 'mm' is 3" in problem


def test_values_too_large_to_square_are_a_problem_and_not_a_warning(series):
    (problem,) = series([1e299, -1e299] * 50).problems(T)
    assert "too large" in problem


@pytest.mark.parametrize("options", [{"horizon": 0}, {"horizon": 1.0}, {"horizon": 10_001}, {"column": 3}])
def test_options_are_checked(options):
    with pytest.raises(ValidationError):
        CsvSeries.model_validate({"path": "a.csv", **options})


def test_a_relative_path_starts_at_the_folder_and_another_one_stays():
    assert CsvSeries(path="a.csv").starting_at("/presets").path == "/presets/a.csv"
    task = CsvSeries(path="/data/a.csv")
    assert task.starting_at("/presets") is task  # with what it has read


def targets(task):
    """The rows of the file that the sequences lanes are scored on have for targets; the first column counts rows."""
    batch = task.held_out(np.random.default_rng(0), 256, T)
    return set(task.in_units(batch.target[WARMING:]).round().astype(int).ravel())


def least_squares_by_hand(rows, cut, window, horizon, scored, gaps=()):
    """The floor by the normal equations, over rows (N, I) taken one by one; ``scored`` are the later targets."""

    def seen(t):
        return [1.0, *(value for k in range(window) for value in rows[t - k])]

    fitted = [t for t in range(window - 1, cut - horizon) if t + horizon not in gaps]
    x, y = np.array([seen(t) for t in fitted]), np.array([rows[t + horizon][0] for t in fitted])
    weights = np.linalg.solve(x.T @ x, x.T @ y)
    later = [t for t in range(cut + window - 1, len(rows) - horizon) if t + horizon in scored]
    return np.mean([(rows[t + horizon][0] - seen(t) @ weights) ** 2 for t in later])


@pytest.mark.parametrize("horizon", [1, 2])
@pytest.mark.parametrize("window", [1, 2, 5])
def test_the_floor_is_least_squares_on_the_training_part_measured_on_what_is_scored(series, window, horizon):
    scored = targets(series(range(600), horizon=horizon))
    values = autoregressive(600)
    task = series(values, horizon=horizon)
    scaled = (values - values[:480].mean()) / values[:480].std()
    floor = task.floor(window, T)
    expected = least_squares_by_hand(scaled[:, None], 480, window, horizon, scored)
    assert floor.loss == pytest.approx(expected, rel=1e-8)
    assert not floor.exact


def test_two_values_of_a_second_order_process_leave_its_innovations_open(series):
    values = autoregressive(20_000)
    task = series(values)
    unit = values[:16_000].var()
    assert task.floor(2, T).loss * unit == pytest.approx(0.7**2, rel=0.05)
    # one value: the first autocorrelation a / (1 − b) predicts the next one
    rho = 1.2 / 1.5
    assert task.floor(1, T).loss == pytest.approx(1 - rho**2, rel=0.07)
    # two rows ahead the next innovation comes through as well, a times
    two = series(values, horizon=2)
    assert two.floor(2, T).loss * unit == pytest.approx(0.7**2 * (1 + 1.2**2), rel=0.07)


def test_references_are_the_training_mean_and_the_last_value_on_the_sequences_that_lanes_are_scored_on(series):
    values = autoregressive(500)
    task = series(values, horizon=3)
    batch = task.held_out(np.random.default_rng(0), 256, T)
    pairs = [
        (float(now), float(following))
        for x, target in zip(batch.x[WARMING:], batch.target[WARMING:], strict=True)
        for now, following in zip(x[0], target[0], strict=True)
    ]
    found = {reference.name: reference.loss for reference in task.references(T)}
    assert found["mean"] == pytest.approx(np.mean([following**2 for _, following in pairs]))
    assert found["persistence"] == pytest.approx(np.mean([(following - now) ** 2 for now, following in pairs]))


def test_there_is_no_floor_for_all_inputs_for_too_long_a_window_or_too_few_rows(series):
    task = series(autoregressive(60))
    assert task.floor(None, T) is None
    assert task.floor(T + 1, T) is None
    assert task.floor(T, T) is not None


# Several columns.


@pytest.fixture
def table(tmp_path):
    def write(columns, **options):
        """columns: name -> cells, floats or text"""
        file = tmp_path / "table.csv"
        rows = zip(*columns.values(), strict=True)
        lines = [
            ",".join(columns),
            *(",".join(cell if isinstance(cell, str) else repr(float(cell)) for cell in row) for row in rows),
        ]
        file.write_text("\n".join(lines))
        return CsvSeries(path=str(file), **options)

    return write


def test_further_columns_are_inputs_each_normalized_by_its_own_training_part(table):
    a, b, c = (scale * autoregressive(300, seed=seed) + scale for seed, scale in ((1, 1), (2, 50), (3, 1e-3)))
    task = table({"a": a, "b": b, "c": c}, column="b", inputs=["c", "a"], horizon=3)
    assert task.problems(T) == []
    assert task.channels == ("b", "c", "a")
    assert (task.input_size, task.output_size, task.ahead) == (3, 1, 3)
    batch = task.held_out(np.random.default_rng(0), 1, T)
    assert batch.x.shape == (T, 3, 1)
    for i, values in enumerate((b, c, a)):
        np.testing.assert_allclose(batch.x[:, i, 0], (values[240 : 240 + T] - values[:240].mean()) / values[:240].std())
    np.testing.assert_allclose(task.in_units(batch.target)[:, 0, 0], b[243 : 243 + T])


def test_training_batches_keep_rows_together(table):
    rows = np.arange(300)
    task = table({"a": rows, "b": rows**2, "c": -rows}, column="a", inputs=["b", "c"])
    x = task.batch(np.random.default_rng(0), 50, T).x.transpose(0, 2, 1)
    scales = [(values[:240].mean(), values[:240].std()) for values in (rows, rows**2, -rows)]
    a, b, c = (mean + deviation * x[..., i] for i, (mean, deviation) in enumerate(scales))
    np.testing.assert_allclose(b, a**2, atol=1e-6)
    np.testing.assert_allclose(c, -a, atol=1e-6)


def test_the_floor_uses_all_columns(table):
    lead = np.random.default_rng(0).standard_normal(500)
    follower = np.roll(lead, 1) + 0.1 * np.random.default_rng(1).standard_normal(500)
    columns = {"follower": follower, "lead": lead}
    alone, both = (table(columns, column="follower", inputs=inputs).floor(1, T).loss for inputs in ([], ["lead"]))
    assert alone > 0.8
    assert both == pytest.approx(0.1**2, rel=0.3)  # what the leading column does not tell
    scored = targets(table({"row": range(500)}))
    rows = np.column_stack([(v - v[:400].mean()) / v[:400].std() for v in (follower, lead)])
    found = table(columns, column="follower", inputs=["lead"]).floor(3, T).loss
    assert found == pytest.approx(least_squares_by_hand(rows, 400, 3, 1, scored), rel=1e-8)


def test_there_is_no_floor_where_many_columns_leave_too_few_rows(table):
    columns = {name: autoregressive(100, seed=seed) for seed, name in enumerate("abcd")}
    task = table(columns, column="a", inputs=["b", "c", "d"])
    assert task.floor(5, 19) is not None
    assert task.floor(19, 19) is None  # 61 rows to be fitted by 4 · 19 + 1 weights
    assert [reference.name for reference in task.references(19)] == ["mean", "persistence"]


@pytest.mark.parametrize(
    ("inputs", "problems"),
    [
        (["a"], ["task.inputs: 'a' is the predicted column, which is always an input; remove it"]),
        (["b", "1"], ["task.inputs: '1' is the predicted column, which is always an input; remove it"]),
        (["b", "b"], ["task.inputs: 'b' is listed more than once; name each column once"]),
        (["b", "2", "b"], ["task.inputs: '2' is listed more than once; name each column once"]),
        (["c"], ["table.csv: no column 'c'; the columns are 'a', 'b', 'word', 'huge'"]),
        (["wrod", "a"], ["'a' is the predicted column", "table.csv: no column 'wrod'; did you mean 'word'?"]),
        (["huge"], ["column 'huge' contains numbers that are too large ('2e+300', 'inf'); they must be below 1e+300"]),
        (["word"], ["table.csv: column 'word' contains words ('x'), not numbers; the columns of numbers are 'a', 'b'"]),
    ],
)
def test_inputs_that_cannot_be_are_each_one_problem(table, inputs, problems):
    huge = ["2e+300", "inf"] * 50
    task = table({"a": range(100), "b": range(100), "word": ["x"] * 100, "huge": huge}, column="a", inputs=inputs)
    found = task.problems(T)
    assert len(found) == len(problems)
    for line, part in zip(found, problems, strict=True):
        assert part in line
    with pytest.raises(DataError):
        _ = task.channels


@pytest.mark.parametrize(
    ("cells", "problem"),
    [
        ([1e299, -1e299] * 50, "column 'b' has values too large"),
        (["NA"] * 60 + [1, 2] * 20, "60 of 100 values of column 'b' are missing; at most half may be"),
    ],
)
def test_every_column_must_be_of_use(table, cells, problem):
    for column, inputs in (("b", []), ("a", ["b"])):
        (found,) = table({"a": range(100), "b": cells}, column=column, inputs=inputs).problems(T)
        assert problem in found


@pytest.mark.parametrize("inputs", ["a", ["a", 3], None, [["a"]]])
def test_inputs_are_a_list_of_texts(inputs):
    with pytest.raises(ValidationError):
        CsvSeries.model_validate({"path": "a.csv", "inputs": inputs})


# Gaps.


def with_gaps(values, at):
    return ["NA" if i in at else float(value) for i, value in enumerate(values)]


def test_a_missing_value_is_an_input_like_the_last_known_one_and_is_not_scored(table):
    values = autoregressive(100)
    gaps = {0, 1, 7, 50, 51, 52, 85, 99}
    task = table({"v": with_gaps(values, gaps)}, horizon=2)
    assert task.problems(T) == []
    known = [i for i in range(100) if i not in gaps]
    mean = sum(values[i] for i in known if i < 80) / len([i for i in known if i < 80])
    deviation = np.sqrt(sum((values[i] - mean) ** 2 for i in known if i < 80) / len([i for i in known if i < 80]))
    shown = [values[max((k for k in known if k <= i), default=known[0])] for i in range(100)]
    batch = task.held_out(np.random.default_rng(0), 256, 18)  # the one window of 20 rows
    np.testing.assert_allclose(batch.x[:, 0, 0], [(shown[i] - mean) / deviation for i in range(80, 98)])
    assert batch.mask[:, 0].tolist() == [float(i not in gaps and i >= 82 + 18 // 4) for i in range(82, 100)]
    for t in np.flatnonzero(batch.mask[:, 0]):
        assert task.in_units(batch.target)[t, 0, 0] == pytest.approx(values[82 + t])


def test_training_is_scored_where_the_target_is_known_and_nowhere_else(table):
    values, gaps = np.arange(200.0), set(range(40, 60)) | {3, 170}
    task = table({"v": with_gaps(values, gaps)})
    batch = task.batch(np.random.default_rng(0), 2000, T)
    row = task.in_units(batch.target[:, 0]).round().astype(int)
    scored = set(row[batch.mask > 0])
    assert scored == set(range(1 + WARMING, 160)) - gaps
    assert not batch.mask.all()


def test_a_gap_in_a_further_column_is_filled_and_the_target_scored_all_the_same(table):
    values = autoregressive(100)
    task = table({"a": range(100), "b": with_gaps(values, {84, 85})}, column="a", inputs=["b"])
    batch = task.held_out(np.random.default_rng(0), 1, T)
    assert batch.mask[WARMING:].all()
    np.testing.assert_allclose(batch.x[4:6, 1, 0], batch.x[3, 1, 0])
    assert batch.x[6, 1, 0] != batch.x[5, 1, 0]


def test_references_leave_out_what_is_missing(table):
    values, gaps = autoregressive(300), set(range(0, 300, 7))
    scored = targets(table({"row": range(300)})) - gaps
    columns = {"v": with_gaps(values, gaps), "w": autoregressive(300, seed=5)}
    task = table(columns, column="v", inputs=["w"])
    batch = task.held_out(np.random.default_rng(0), 256, T)
    pairs = [
        (batch.x[t, 0, b], batch.target[t, 0, b])
        for t in range(T)
        for b in range(batch.mask.shape[1])
        if batch.mask[t, b]
    ]
    found = {reference.name: reference.loss for reference in task.references(T)}
    assert list(found) == ["mean", "persistence", "linear(10)"]
    assert found["mean"] == pytest.approx(np.mean([later**2 for _, later in pairs]))
    assert found["persistence"] == pytest.approx(np.mean([(later - now) ** 2 for now, later in pairs]))
    rows = np.concatenate([task.series.earlier, task.series.held_out])[:, :2]
    assert found["linear(10)"] == pytest.approx(least_squares_by_hand(rows, 240, 10, 1, scored, gaps), rel=1e-8)


def test_the_linear_reference_sees_no_more_rows_than_a_sequence_has(series):
    task = series(autoregressive(100))
    assert [reference.name for reference in task.references(6)] == ["mean", "persistence", "linear(6)"]


def test_gaps_give_nothing_away(table):
    """Of white noise nothing can be foretold; were gaps filled with what lies between their neighbours, it could."""
    noise = np.random.default_rng(0).standard_normal(20_000)
    missing = np.random.default_rng(1).random(20_000) < 0.45
    task = table({"v": with_gaps(noise, set(np.flatnonzero(missing)))})
    losses = {reference.name: reference.loss for reference in task.references(T)}
    assert losses["linear(10)"] > 0.97 * losses["mean"]
    assert losses["persistence"] == pytest.approx(2, rel=0.1)  # the variance of the difference of two


def test_gaps_are_told_to_the_user(table):
    a, b = with_gaps(range(100), {3, 4}), with_gaps(range(100), {5})
    assert table({"a": range(100)}).note == ""
    said = (
        "2 of 100 values of 'a' are missing: inputs repeat the last known value; where 'a' is missing, "
        "nothing is scored"
    )
    assert table({"a": a}).note == said
    assert table({"a": range(100), "b": b}, column="a", inputs=["b"]).note == (
        "1 of 100 values of 'b' is missing: inputs repeat the last known value"
    )
    both = table({"a": a, "b": b}, column="a", inputs=["b"]).note
    assert both.startswith("2 of 100 values of 'a' and 1 of 100 values of 'b' are missing: ")
    assert both.endswith("where 'a' is missing, nothing is scored")
    assert table({"a": a}, column="none").note == ""
    many = table({"a": with_gaps(range(4000), set(range(1200)))}).note
    assert many.startswith("1,200 of 4,000 values")


def test_half_of_the_values_may_be_missing_and_no_more(table):
    values = autoregressive(100)
    assert table({"a": with_gaps(values, set(range(0, 100, 2)))}).problems(T) == []
    (problem,) = table({"a": with_gaps(values, {1, *range(0, 100, 2)})}).problems(T)
    assert "51 of 100 values of column 'a' are missing; at most half may be; choose another column" in problem


def test_a_held_out_part_without_a_target_is_a_problem(table):
    values = autoregressive(100)
    (problem,) = table({"a": with_gaps(values, set(range(80, 100)))}).problems(T)
    assert "no value of column 'a' is known in the held-out part (the last 20%)" in problem
    (problem,) = table({"a": with_gaps(values, set(range(83, 100)))}).problems(T)
    # some are known, but before any that is scored
    assert "all values of column 'a' that would be scored are missing; 17 of 100 values" in problem
    assert table({"a": with_gaps(values, set(range(84, 100)))}).problems(T) == []


NUMBERS = st.sampled_from(["1", "2", "2.5", "-3", "1e9", "1e-200", "1e299", "-1e299", "nan", "x", "", "NA", "1e308"])
COLUMNS = st.lists(NUMBERS, min_size=10, max_size=30).map(lambda cells: "\n".join(cells).encode())


@given(
    content=st.one_of(st.binary(max_size=80), COLUMNS),
    column=st.one_of(st.none(), st.text(max_size=3), st.just("1")),
    length=st.integers(1, 4),
    horizon=st.integers(1, 3),
)
def test_any_bytes_have_a_problem_or_finite_batches(tmp_path_factory, content, column, length, horizon):
    file = tmp_path_factory.getbasetemp() / "any-series.csv"
    file.write_bytes(content)
    task = CsvSeries(path=str(file), column=column, horizon=horizon)
    problems = task.problems(length)
    if problems:
        assert len(problems) == 1
        assert str(file) in problems[0]
        return
    for batch in (task.batch(np.random.default_rng(0), 3, length), task.held_out(np.random.default_rng(0), 3, length)):
        assert np.isfinite(batch.x).all()
        assert np.isfinite(batch.target).all()
        assert set(np.unique(batch.mask)) <= {0, 1}
        assert batch.x.shape[:2] == (length, 1)
    assert all(np.isfinite(reference.loss) for reference in task.references(length))


def test_what_is_measured_on_fewer_sequences_is_measured_on_those(series):
    task = series(autoregressive(2000))
    few = task.held_out(np.random.default_rng(0), 3, T)
    mean, persistence, linear = task.references_on(few)
    assert mean.loss == pytest.approx(np.square(few.target[WARMING:]).mean())
    assert persistence.loss == pytest.approx(np.square(few.target - few.x)[WARMING:].mean())
    assert linear.loss == task.floor_on(few, T).loss != task.floor(T, T).loss
    assert mean.loss != task.references(T)[0].loss


# What is done to the data.


def test_an_input_that_never_changes_is_left_out_and_a_target_is_refused(table):
    columns = {"a": np.sin(range(100)), "b": [3] * 100, "c": [1] * 80 + list(range(20))}
    task = table(columns, column="a", inputs=["b", "c"])
    assert task.problems(T) == []
    assert task.channels == ("a",)
    assert task.notes == [
        "skipped input 'b': it is 3 in all of its training part",
        "skipped input 'c': it is 1 in all of its training part",
    ]
    (problem,) = table(columns, column="b").problems(T)
    assert "column 'b' is 3 in all of its training part (the first 80% of the rows) and in the rest" in problem
    (problem,) = table(columns, column="c").problems(T)
    assert "it changes only in the held-out part, from data row 81 on" in problem


def test_every_input_is_told_in_its_own_unit(table):
    a, b = 50 + 3 * autoregressive(100), 1000 + 20 * autoregressive(100, seed=1)
    task = table({"a": a, "b": b}, column="a", inputs=["b"])
    x = task.held_out(np.random.default_rng(0), 1, T).x
    np.testing.assert_allclose(task.input_in_units(x[:, 1, 0], 1), b[80 : 80 + T])
    np.testing.assert_allclose(task.input_in_units(x[:, 0, 0], 0), a[80 : 80 + T])
    assert task.unit == pytest.approx(a[:80].std())


def test_missing_cells_may_be_numbers_or_words_in_a_document(table):
    path = table({"a": [-999 if i % 7 == 3 else i for i in range(100)]}).path
    for missing in ([-999], ["-999"], [-999.0, "M"]):
        task = CsvSeries.model_validate({"path": path, "missing": missing})
        assert np.isnan(task.raw).sum() == 14
    with pytest.raises(ValidationError):
        CsvSeries.model_validate({"path": path, "missing": [True]})
    with pytest.raises(ValidationError):
        CsvSeries.model_validate({"path": path, "decimal": ";"})


def test_a_file_is_read_once_however_often_a_setting_changes(table, monkeypatch):
    task = table({"a": range(100), "b": np.sin(range(100))}, column="a")
    _ = task.raw
    monkeypatch.setattr(csv_reader, "read_data", lambda *_: pytest.fail("read again"))
    again = CsvSeries(path=task.path, column="b", inputs=["a"], horizon=3)
    assert again.problems(T) == []

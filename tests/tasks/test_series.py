import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from rnn_tui.tasks.series import CsvSeries

T = 10


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
        assert batch.mask.all()


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
    seen = task.series.earlier
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
    assert f"is {values[0]:g} all through" in problem


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
        CsvSeries(path="a.csv", **options)


def test_a_relative_path_starts_at_the_folder_of_the_context():
    task = CsvSeries.model_validate({"path": "a.csv"}, context={"folder": "/presets"})
    assert task.path == "/presets/a.csv"


def least_squares_by_hand(train, test, window, horizon):
    """The same floor by the normal equations, over rows built one by one."""

    def rows(values):
        at = range(window - 1, len(values) - horizon)
        seen = np.array([[1.0, *(values[t - k] for k in range(window))] for t in at])
        return seen, np.array([values[t + horizon] for t in at])

    seen, following = rows(train)
    weights = np.linalg.solve(seen.T @ seen, seen.T @ following)
    seen, following = rows(test)
    return np.mean((following - seen @ weights) ** 2)


@pytest.mark.parametrize("horizon", [1, 2])
@pytest.mark.parametrize("window", [1, 2, 5])
def test_the_floor_is_least_squares_on_the_training_part_measured_on_the_rest(series, window, horizon):
    values = autoregressive(600)
    task = series(values, horizon=horizon)
    scaled = (values - values[:480].mean()) / values[:480].std()
    floor = task.floor(window, T)
    assert floor.loss == pytest.approx(least_squares_by_hand(scaled[:480], scaled[480:], window, horizon), rel=1e-8)
    assert not floor.exact


def test_two_values_of_a_second_order_process_leave_its_innovations_open(series):
    values = autoregressive(20_000)
    task = series(values)
    unit = values[:16_000].var()
    assert task.floor(2, T).loss * unit == pytest.approx(0.7**2, rel=0.05)
    # one value: the first autocorrelation a / (1 − b) foretells the next one
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
        for x, target in zip(batch.x, batch.target, strict=True)
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
    assert series(autoregressive(55)).floor(43, 50) is None


NUMBERS = st.sampled_from(["1", "2", "2.5", "-3", "1e9", "1e-200", "1e299", "-1e299", "nan", "x", "", "1e308"])
COLUMNS = st.lists(NUMBERS, min_size=10, max_size=30).map(lambda cells: "\n".join(cells).encode())


@given(
    content=st.one_of(st.binary(max_size=80), COLUMNS),
    column=st.one_of(st.none(), st.text(max_size=3), st.just("1")),
    length=st.integers(1, 4),
    horizon=st.integers(1, 3),
)
@settings(deadline=None, max_examples=300)
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
        assert batch.x.shape[:2] == (length, 1)

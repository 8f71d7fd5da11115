import pytest

from rnn_tui.tasks.own_data.csv_time import moment, runs_backwards, times

DAY = 86400


@pytest.mark.parametrize(
    ("earlier", "later", "seconds"),
    [
        ("2024-02-28", "2024-03-01", 2 * DAY),
        ("2023-02-28", "2023-03-01", DAY),
        ("1999-12-31T23:59:59", "2000-01-01 00:00:00.5", 1.5),
        ("2024-01-01T00:00:00+01:00", "2024-01-01T00:00:00Z", 3600),
        ("2024-01-01 00:00:00-0530", "2024-01-01 06:00:00 UTC", 1800),
        ("2024/1/5", "2024.01.06", DAY),
        ("20240105", "20240106", DAY),
        ("2024-01", "2024-02", 31 * DAY),
        ("31.01.2024 12:30", "01.02.2024 12:31", DAY + 60),
        ("5/1/24 11:59 PM", "6/1/24 12:01 AM", 120),
        ("28 Feb 2024", "Mar 1, 2024", 2 * DAY),
        ("05-Jan-2024", "Sat, 6 January 2024", DAY),
        ("Jan 2024", "Feb 2024", 31 * DAY),
    ],
)
def test_dates_are_read_in_many_notations(earlier, later, seconds):
    assert moment(later) - moment(earlier) == pytest.approx(seconds)


@pytest.mark.parametrize("text", ["", "x", "1013.1", "12.5", "-3", "2024-13", "2024-00-01", "1.2.3.4", "45", "May be"])
def test_what_is_no_date_is_none(text):
    assert moment(text) is None


def test_a_month_that_comes_first_is_known_by_any_day_after_the_twelfth():
    assert times(["01/12/2024", "01/13/2024"])[1] - times(["01/12/2024", "01/13/2024"])[0] == DAY
    assert times(["01/11/2024", "01/12/2024"])[1] - times(["01/11/2024", "01/12/2024"])[0] == 30 * DAY


@pytest.mark.parametrize(
    ("texts", "name", "are_times"),
    [
        (["2020", "2019", "2018"], "x", True),
        (["1700000060", "1700000000"], "x", True),
        (["1700000060000", "1700000000000"], "x", True),
        (["3", "2", "1"], "timestamp", True),
        (["3", "2", "1"], "sample time [s]", True),
        (["3", "2", "1"], "level", False),
        (["3", "x"], "time", False),
        (["2020-01-01", ""], "date", False),
    ],
)
def test_numbers_are_times_by_their_size_or_by_the_name_of_their_column(texts, name, are_times):
    assert (times(texts, name) is not None) is are_times


def test_only_a_strict_descent_all_through_runs_backwards():
    assert runs_backwards([3, 2, 1])
    assert not runs_backwards([3, 2, 2])
    assert not runs_backwards([3, 1, 2])
    assert not runs_backwards([2, 1])

import pytest

from rnn_tui.tasks.metrics import percent


@pytest.mark.parametrize(
    ("right", "of", "digits", "said"),
    [(1, 1, 1, "100.0%"), (9995, 10000, 1, "99.9%"), (999_999, 1_000_000, 1, "99.9%"), (3, 4, 1, "75.0%"),
     (0, 5, 1, "0.0%"), (1, 10_000, 1, "0.1%"), (399, 400, 0, "99%"), (400, 400, 0, "100%"), (1, 400, 0, "1%")],
)  # fmt: skip
def test_all_are_said_to_be_right_only_where_all_are_and_none_only_where_none_is(right, of, digits, said):
    assert percent(right / of, digits) == said

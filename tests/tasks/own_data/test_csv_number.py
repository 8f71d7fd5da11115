import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnn_tui.tasks.own_data.csv_number import groups_are_thousands, is_gap, is_number, read_numbers

MINUS, EN_DASH, WIDE_MINUS, NBSP, NARROW, THIN = "\u2212", "\u2013", "\uff0d", "\xa0", "\u202f", "\u2009"


@pytest.mark.parametrize(
    ("cells", "values", "note"),
    [
        (["1.5", "-2"], [1.5, -2], ""),
        (["1,5", "-0,25", "3"], [1.5, -0.25, 3], "comma read as decimal sign"),
        (["1,5", "2.5", "1,5e3"], [1.5, 2.5, 1500], "comma read as decimal sign"),
        (["1,234.5", "12,000.00", "7"], [1234.5, 12000, 7], "commas read as thousands separators"),
        (["1.234,5", "12.000,00"], [1234.5, 12000], "points read as thousands separators, comma read as decimal sign"),
        (["1,234,567", "1,234,567.5"], [1234567, 1234567.5], "commas read as thousands separators"),
        (["12,34,567", "1,00,000.5"], [1234567, 100000.5], "commas read as thousands separators"),
        *(([f"1{space}234,5", f"1{space}234{space}567"], [1234.5, 1234567],
           "spaces read as thousands separators, comma read as decimal sign") for space in (" ", NBSP, NARROW, THIN)),
        *(
            ([f"1{mark}234.5", f"1{mark}000"], [1234.5, 1000], "apostrophes read as thousands separators")
            for mark in "'’´"
        ),
        (["1_000", "2_500.5"], [1000, 2500.5], "underscores read as thousands separators"),
        ([f"{MINUS}1.5", f"{EN_DASH}2", f"{WIDE_MINUS}3", "+4"], [-1.5, -2, -3, 4], ""),
        (["5-", "(6.5)", "7"], [-5, -6.5, 7], ""),
        (["1d-3", "1D+02", "1E+03", ".5", "5."], [0.001, 100, 1000, 0.5, 5], ""),
        (["12 %", "3.5%"], [12, 3.5], "'%' ignored"),
        (["$1,200.50", "-$3.00", "($4)"], [1200.5, -3, -4], "commas read as thousands separators, '$' ignored"),
        (["200,50 €", "3,00 €"], [200.5, 3], "comma read as decimal sign, '€' ignored"),
        (["5 kWh", "6.5 kWh"], [5, 6.5], "'kWh' ignored"),
        (["１２．５", "٣٫٥"], [12.5, None], ""),
        (["", "NA", MINUS, "-", "7"], [np.nan, np.nan, np.nan, np.nan, 7], ""),
    ],
)  # fmt: skip
def test_a_column_is_read_in_the_notation_that_it_is_written_in(cells, values, note):
    found = read_numbers(cells)
    np.testing.assert_array_equal(np.array(found.values, float), np.array(values, float))
    assert found.note == note
    assert not found.readings


@pytest.mark.parametrize("cell", ["x", "inf", "1e400", "0x1f", "1 2", "1.2.3", "--1", "1e", "..", "+(5)", "(5", "5 kg"])
def test_what_is_no_number_among_numbers_is_none(cell):
    values = read_numbers(["1.5", cell, "2.5", "1,234.5"]).values
    assert values[1] is None
    assert None not in values[2:]


@pytest.mark.parametrize(("cells", "sign"), [(["12.000", "1.500"], "."), (["12,000", "1,125"], ",")])
def test_where_both_readings_are_possible_both_are_told(cells, sign):
    found = read_numbers(cells)
    (decimal, small), (thousands, large) = found.readings
    assert (decimal.decimal, thousands.thousands) == (sign, sign)
    assert large == 1000 * small == 12000
    assert read_numbers(cells, sign).values[0] == 12
    assert read_numbers(cells, ",." [sign == ","]).values[0] == 12000  # fmt: skip


def test_decimals_that_some_cells_lack_while_others_end_with_zeros_are_thousands():
    assert groups_are_thousands(["950", "1,000", "1,250"], ",")
    assert not groups_are_thousands(["1,000", "1,250"], ",")  # always three decimals
    assert not groups_are_thousands(["950", "1,125"], ",")  # no final zeros
    assert not groups_are_thousands(["0", "-999", "1,000"], ",")  # which may stand for missing values


@given(st.lists(st.integers(-(10**9), 10**9), min_size=3), st.sampled_from([",.", ".,", " ,", "' .".replace(" ", "")]))
def test_what_is_written_with_thousands_and_decimals_is_read_back(numbers, signs):
    thousands, decimal = signs
    cells = [f"{n / 100:,.2f}".replace(",", "T").replace(".", decimal).replace("T", thousands) for n in numbers]
    np.testing.assert_array_equal(read_numbers(cells).values, [float(f"{n / 100:.2f}") for n in numbers])


@pytest.mark.parametrize("cell", ["1", "-1,5", "1 000", "12%", "$5", "5 °C", "(5)"])
def test_a_number_is_known_in_any_notation(cell):
    assert is_number(cell)


@pytest.mark.parametrize(
    "cell", ["", "2020-01", "12:30", "A1", "d0", "mon 1", "1.2.3.4", "01.02.2024", "inf", "1 of 5"]
)
def test_dates_and_names_are_no_numbers(cell):
    assert not is_number(cell) or is_gap(cell)

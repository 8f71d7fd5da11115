"""CSV: the user's own numbers; predict a column some rows ahead."""

from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal, NamedTuple

import numpy as np
from pydantic import AfterValidator, BeforeValidator, Field

from rnn_tui.engine.parameters import Array
from rnn_tui.errors import DataError, escaped
from rnn_tui.tasks.forecast import Forecast
from rnn_tui.tasks.holdout import HELD_OUT, HoldoutSplit
from rnn_tui.tasks.own_data.csv_column import CsvColumn
from rnn_tui.tasks.own_data.file_task import FileTask

if TYPE_CHECKING:
    from rnn_tui.tasks.own_data.csv_table import CsvTable


class ReadColumns(NamedTuple):
    """The columns that were read.

    Attributes:
        used: the columns, the target first.
        problems: one line for each column that cannot be read.
        notes: to the user, on how the data were read.
    """

    used: list[CsvColumn]
    problems: list[str]
    notes: list[str]


def _words(found: Any) -> Any:
    """Return the cells that mark missing values as texts; numbers become what a file would contain."""
    if not isinstance(found, list):
        return found
    return [f"{item:.15g}" if isinstance(item, int | float) and not isinstance(item, bool) else item for item in found]


def _sign(found: str | None) -> str | None:
    if found not in (None, ".", ","):
        raise ValueError("must be '.' or ','")
    return found


class CsvSeries(FileTask, Forecast):
    """Predict the first column of a CSV file from all columns; the last 20 % of the rows are held out.

    Each column is normalized by the mean and standard deviation of its training part.  Losses are therefore in units of
    the training part's variance: always answering its mean gives a loss of 1 there.  A missing input repeats the last
    known value; a missing target is not scored.
    """

    has_units: ClassVar[bool] = True

    kind: Literal["csv"] = "csv"
    path: Annotated[str, Field(min_length=1)]
    column: str | None = None
    inputs: Annotated[list[str], Field(description="further columns that the prediction may use")] = Field(
        default_factory=list
    )
    horizon: Annotated[int, Field(ge=1, le=10_000, description="predict the value so many rows ahead")] = 1
    missing: Annotated[
        list[str] | None,
        BeforeValidator(_words),
        Field(description="cells that stand for a missing value, such as -999"),
    ] = None
    decimal: Annotated[str | None, AfterValidator(_sign), Field(description="the decimal sign, if it is ambiguous")] = (
        None
    )
    encoding: Annotated[str | None, Field(description="of the file; default: guessed")] = None

    @property
    def ahead(self) -> int:
        return self.horizon

    @cached_property
    def _read(self) -> ReadColumns:
        """The columns with problems and notes; constant inputs are skipped."""
        from rnn_tui.tasks.own_data.csv_reader import read_table

        asked = (self.column, *self.inputs)
        try:
            table = read_table(Path(self.path), *asked, encoding=self.encoding, decimal=self.decimal)
        except DataError as error:
            return ReadColumns([], [str(error)], [])
        used, problems, notes = [], self._twice(table), list(table.notes)
        for number, name in enumerate(asked):
            try:
                index = table.index(name)
                values, note = table.read(index, tuple(self.missing or ()))
            except DataError as error:
                problems.append(str(error))
                continue
            column = CsvColumn(table.columns[index], values)
            if number and column.constant is not None:
                notes.append(f"skipped input {column.name!r}: it is {column.constant:g} in all of its training part")
            else:
                used.append(column)
                notes += [note] if note else []
        return ReadColumns(used, problems, [*notes, *self._notes_of(used)])

    def _notes_of(self, used: list[CsvColumn]) -> list[str]:
        """Return notes on missing values and on values that probably mark them."""
        gaps = [self._gaps(used)] if any(column.missing for column in used) else []
        return [*gaps, *(note for column in used if (note := column.sentinel_note()))]

    def _twice(self, table: "CsvTable") -> list[str]:
        """Return one problem for each of the ``inputs`` that is listed already, by name or by number."""
        problems, taken = [], []
        for asked in (self.column, *self.inputs):
            try:
                taken.append(table.index(asked))
            except DataError:  # reported elsewhere
                taken.append(-1 - len(taken))
            if taken[-1] == taken[0] and len(taken) > 1:
                problems.append(f"task.inputs: {asked!r} is the predicted column, which is always an input; remove it")
            elif taken.count(taken[-1]) == 2:
                problems.append(f"task.inputs: {asked!r} is listed more than once; name each column once")
        return problems

    @property
    def _columns(self) -> list[CsvColumn]:
        """The columns, the target first.  Raises DataError."""
        read = self._read
        if read.problems:
            raise DataError(*read.problems)
        return read.used

    @property
    def raw(self) -> Array:
        """(N,) The values to predict, in the file's units, NaN where one is missing.  Raises DataError."""
        return self._columns[0].values

    @property
    def data(self) -> bytes:
        return b"".join(column.values.tobytes() for column in self._columns)

    @property
    def channels(self) -> tuple[str, ...]:
        """(I,) The columns' names, the target's first.  Raises DataError."""
        names = (escaped(column.name) for column in self._columns)
        return tuple(f"column {name}" if name.isdecimal() else name for name in names)

    @property
    def notes(self) -> list[str]:
        return [] if self._read.problems else self._read.notes

    @staticmethod
    def _gaps(used: list[CsvColumn]) -> str:
        """Return a sentence on missing values."""
        gaps = [column for column in used if column.missing]
        counts = " and ".join(f"{gap.missing:,} of {len(gap.values):,} values of {gap.name!r}" for gap in gaps)
        are = "is" if [gap.missing for gap in gaps] == [1] else "are"
        scored = f"; where {used[0].name!r} is missing, nothing is scored" if gaps[0] is used[0] else ""
        return f"{counts} {are} missing: inputs repeat the last known value{scored}"

    @cached_property
    def series(self) -> HoldoutSplit:
        columns = self._columns
        return HoldoutSplit(np.column_stack([*(column.normalized for column in columns), columns[0].known]))

    def problems(self, length: int) -> list[str]:
        columns = self._read.used
        if self._read.problems:
            return self._read.problems
        need, rows = length + self.horizon, len(columns[0].values)
        fits = HoldoutSplit.fits(rows)
        if fits < need:
            nearer = f"a horizon of at most {fits - length}, or " if fits > length else ""
            return [
                f"{self.path}: too short: of its {rows} rows, {fits} are held out (the last {HELD_OUT:.0%}), but a "
                f"sequence of {length} time steps (training.sequence_length) needs {need}; use {nearer}a longer file"
            ]
        found = [f"{self.path}: {problem}" for column in columns if (problem := column.problem())]
        if not found and not self.scored(length).mask.any():
            said = f"all values of column {columns[0].name!r} that would be scored are missing"
            return [f"{self.path}: {said}; {self._gaps(columns)}"]
        return found

    def in_units(self, values: Array) -> Array:
        """Return normalized values of the predicted column in the file's units."""
        return self.input_in_units(values, 0)

    def input_in_units(self, values: Array, channel: int) -> Array:
        mean, deviation = self._columns[channel].scale
        return np.asarray(mean + deviation * values)

"""CSV: the user's own numbers; predict the column some rows ahead."""

from dataclasses import field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import numpy as np

from rnn_tui.engine.parameters import Array
from rnn_tui.errors import DataError, plain
from rnn_tui.schema import About, Size, Within
from rnn_tui.tasks.columns import Column
from rnn_tui.tasks.forecast import Forecast
from rnn_tui.tasks.stretch import HELD_OUT, FromFile, Stretch

if TYPE_CHECKING:
    from rnn_tui.tasks.tables import Table


class CsvSeries(FromFile, Forecast):
    """Columns of a CSV file, each normalised by the mean and deviation of its training part; the last 20 % are held
    out.  The first column is foretold from all.

    Losses are therefore in units of the training part's variance: 1 is what always answering its mean reaches there.
    A missing value is an input like the last known one; where the value to be foretold is missing, nothing is scored.
    """

    kind: Literal["csv"] = "csv"
    path: Annotated[str, Size(1)]
    column: str | None = None
    inputs: Annotated[list[str], About("further columns that the prediction may use")] = field(default_factory=list)
    horizon: Annotated[int, Within(1, 10_000)] = 1

    @property
    def ahead(self) -> int:
        return self.horizon

    @cached_property
    def _read(self) -> tuple[list[Column], list[str]]:
        """The columns, the target first, and what is wrong with those that cannot be read."""
        from rnn_tui.tasks.tables import read_table

        try:
            table = read_table(Path(self.path), self.column, *self.inputs)
        except DataError as error:
            return [], [str(error)]
        columns, problems = [], self._twice(table)
        for asked in (self.column, *self.inputs):
            try:
                columns.append(Column(table.columns[table.index(asked)], table.numbers(asked)))
            except DataError as error:
                problems.append(str(error))
        return columns, problems

    def _twice(self, table: "Table") -> list[str]:
        """One problem for each of the ``inputs`` that is there already, whether by name or by number."""
        problems, taken = [], []
        for asked in (self.column, *self.inputs):
            try:
                taken.append(table.index(asked))
            except DataError:  # is told elsewhere
                taken.append(-1 - len(taken))
            if taken[-1] == taken[0] and len(taken) > 1:
                problems.append(f"task.inputs: {asked!r} is the column to be foretold, always an input; leave it out")
            elif taken.count(taken[-1]) == 2:
                problems.append(f"task.inputs: {asked!r} stands there more than once; name each column once")
        return problems

    @property
    def _columns(self) -> list[Column]:
        """The columns, the target first.  Raises DataError."""
        columns, problems = self._read
        if problems:
            raise DataError(*problems)
        return columns

    @property
    def raw(self) -> Array:
        """(N,) the values to be foretold, in the file's units, NaN where one is missing.  Raises DataError."""
        return self._columns[0].values

    @property
    def data(self) -> bytes:
        return b"".join(column.values.tobytes() for column in self._columns)

    @property
    def channels(self) -> tuple[str, ...]:
        """(I,) The columns' names, that of the target first.  Raises DataError."""
        names = (plain(column.name) for column in self._columns)
        return tuple(f"column {name}" if name.isdecimal() else name for name in names)

    @property
    def note(self) -> str:
        """What the user should know of gaps in the data, in one sentence; empty where there are none."""
        columns, problems = self._read
        gaps = [column for column in columns if column.missing]
        if problems or not gaps:
            return ""
        counts = " and ".join(f"{gap.missing:,} of {len(gap.values):,} values of {gap.name!r}" for gap in gaps)
        are = "is" if [gap.missing for gap in gaps] == [1] else "are"
        scored = f", and where {columns[0].name!r} is missing nothing is scored" if gaps[0] is columns[0] else ""
        return f"{counts} {are} missing: the last known one stands in{scored}"

    @cached_property
    def series(self) -> Stretch:
        columns = self._columns
        return Stretch(np.column_stack([*(column.normalised for column in columns), columns[0].known]))

    def problems(self, length: int) -> list[str]:
        columns, problems = self._read
        if problems:
            return problems
        need, rows = length + self.horizon, len(columns[0].values)
        if Stretch.fits(rows) < need:
            return [
                f"{self.path}: too short: of its {rows} rows {Stretch.fits(rows)} are held out (the last "
                f"{HELD_OUT:.0%}), but a sequence of {length} time steps (training.sequence_length) needs {need}"
            ]
        found = [f"{self.path}: {problem}" for column in columns if (problem := column.problem())]
        if not found and not self.scored(length).mask.any():
            name = columns[0].name
            return [f"{self.path}: none of the values of column {name!r} that would be scored is known; {self.note}"]
        return found

    def in_units(self, values: Array) -> Array:
        """Of the column that is foretold."""
        mean, deviation = self._columns[0].scale
        return np.asarray(mean + deviation * values)

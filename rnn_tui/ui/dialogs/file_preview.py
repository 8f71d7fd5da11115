"""Preview of a file before it is opened: its kind, its first lines, and what can be chosen in it."""

from collections.abc import Container, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import numpy as np
from rich.cells import cell_len, set_cell_size
from textual.content import Content

from rnn_tui.checkpoints import SUFFIX
from rnn_tui.checkpoints.reader import RunHeader, read_header
from rnn_tui.errors import DataError, escaped
from rnn_tui.number_format import counted
from rnn_tui.presets.from_data import TABLES, suffix_of
from rnn_tui.presets.store import PresetFile, load
from rnn_tui.storage.files import expanded
from rnn_tui.tasks.own_data.csv_column import sentinels
from rnn_tui.tasks.own_data.csv_number import is_gap, is_number
from rnn_tui.tasks.own_data.csv_reader import read_table
from rnn_tui.tasks.own_data.csv_table import BY_NUMBER, CsvTable, as_float
from rnn_tui.tasks.own_data.data_file import DataText, read_data
from rnn_tui.tasks.own_data.text_symbols import WORD
from rnn_tui.tasks.own_data.text_task import Text

ROWS, LINES = 6, 12  # shown of a table, of a text
WIDEST_NAME, WIDEST_CELL, WIDEST_LINE = 16, 14, 200
MOST_COLUMNS = 30  # of which the first rows are shown
MOST_LISTED = 300  # columns to choose from; more would make the screen slow
MOST_CELLS = 200_000  # counted; more would take seconds
MOST_READ = 4_000_000  # characters in which words are counted
CONTINUE = [("continue", "with its weights, its history and its settings")]
AS_TABLE = "columns"  # the choice to read a text as a table


@dataclass(frozen=True)
class Column:
    """A column of a table, with its numbers of cells by kind.

    Attributes:
        key: names the column in a request: its name, or its number if another column has the same name.
        odd: numbers far outside the others that seem to mean missing values.
    """

    name: str
    key: str
    numbers: int
    gaps: int
    words: int
    odd: Sequence[float] = ()

    @property
    def about(self) -> str:
        if not self.numbers:
            return "words" if self.words else "empty"
        counts = ((self.numbers, "number"), (self.gaps, "gap"), (self.words, "word"))
        parts = [counted(number, what) for number, what in counts if number]
        return ", ".join([*parts, *(f"does {value:g} mean missing?" for value in self.odd)])


@dataclass(frozen=True)
class Peek:
    """A preview of a file.

    Attributes:
        about: one line about the file.
        preview: its first lines.
        preset: the preset, if the file is one.
        run: whether it is a saved run.
        columns: the columns of a table.
        kinds: other ways to open it, each with a text.
        notes: what was done to read it.
    """

    about: str
    preview: str
    preset: PresetFile | None = None
    run: bool = False
    columns: Sequence[Column] = ()
    kinds: Sequence[tuple[str, str]] = ()
    notes: Sequence[str] = field(default=())

    @cached_property
    def widest(self) -> int:
        """Width of the column of names, in cells."""
        return min(WIDEST_NAME, max((cell_len(column.name) for column in self.columns), default=0))

    @property
    def choices(self) -> int:
        return len(self.columns or self.kinds)


def here() -> Path:
    """Return the folder in which the program was started."""
    try:
        return Path.cwd()
    except OSError:  # it is gone
        return Path("/")


def from_here(path: Path) -> str:
    """Return the path as a user would type it."""
    return str(path.relative_to(here())) if path.is_relative_to(here()) else str(path)


def folder_at(path: str) -> Path | None:
    """Return the folder at a path, or None if it is not a folder.  Raises DataError if it cannot be read."""
    folder = expanded(path)
    try:
        if not folder.is_dir():
            if folder.exists() and not folder.is_file():  # reading a pipe could block for ever
                raise DataError(f"{path}: not a file and not a folder")
            return None
        next(folder.iterdir(), None)
    except OSError as error:
        raise DataError(f"{path}: cannot be read ({error.strerror})") from None
    return folder.absolute()


def peek(path: str, as_table: bool = False) -> Peek:
    """Read the beginning of a file; ``as_table``: as a table, whatever its name ends in.

    Raises:
        RnnTuiError: if the file cannot be used.
    """
    file, suffix = expanded(path), suffix_of(path)
    if suffix == ".toml" and not as_table:
        return _preset(load(file))
    if suffix == SUFFIX and not as_table:
        return _run(read_header(file))
    if suffix in TABLES or as_table:
        return _table(read_table(file))
    try:
        Text(path=str(file))
    except ValueError:  # the only reason for which a path that is not empty is refused
        raise DataError(f"{path}: the file name is not UTF-8; rename the file") from None
    return _text(read_data(file))


def line(seen: Peek, index: int, target: int | None, inputs: Container[int]) -> Content:
    """Return the line of a choice; for a column, with its role."""
    if not seen.columns:
        name, about = seen.kinds[index]
        return Content.assemble((f"{name:<12}", "bold"), (about, "dim"))
    column = seen.columns[index]
    role = "target" if index == target else "input" if index in inputs else ""
    name = set_cell_size(column.name, seen.widest)
    return Content.assemble((f"{role:<7}", "bold"), (name, "bold" if role else ""), (f"  {column.about}", "dim"))


def _preset(file: PresetFile) -> Peek:
    preset = file.preset
    words = (preset.title, preset.question, preset.expect)
    preview = "\n\n".join(text for text in words if text)
    return Peek(f"a preset, task {preset.task.kind}", preview, file, kinds=[("open it", "")])


def _run(run: RunHeader) -> Peek:
    lanes = ", ".join(run.lanes)
    return Peek(f"a run of {run.name} at step {run.step:,}", f"{run.title}\n\nlanes: {lanes}", run=True, kinds=CONTINUE)


def _table(table: CsvTable) -> Peek:
    listed = min(len(table.columns), MOST_LISTED)
    looked_at = min(table.count, max(1000 if listed <= MOST_COLUMNS else 100, MOST_CELLS // listed))
    columns = [_column(table, index, looked_at) for index in range(listed)]
    about = f"{counted(table.count, 'row')}, {counted(len(table.columns), 'column')}"
    if listed < len(table.columns):
        about += f", of which the first {listed} are listed (for others: rnn-tui --csv FILE --column NAME)"
    if looked_at < table.count:
        about += f"; counted in the first {looked_at:,} rows"
    numeric = [column.numbers > column.words for column in columns[:MOST_COLUMNS]]
    shown = [table.columns, *table.rows(ROWS, len(numeric))]
    return Peek(about, _aligned(shown, numeric), columns=columns, notes=table.notes)


def _column(table: CsvTable, index: int, count: int) -> Column:
    cells = table.cells(index)[:count]
    gaps = sum(map(is_gap, cells))
    found = [cell for cell in cells if is_number(cell) and not is_gap(cell)]
    values = np.array([value for cell in found if (value := as_float(cell)) is not None])
    odd = [value for value, _ in sentinels(values)]
    name, number = table.columns[index], str(index + 1)
    key = name if table.columns.index(name) == index else number
    if table.is_ambiguous(key):
        key = BY_NUMBER + number
    return Column(escaped(name[: 4 * WIDEST_NAME]), key, len(found), gaps, len(cells) - len(found) - gaps, odd)


def _aligned(rows: Sequence[Sequence[str]], numeric: Sequence[bool]) -> str:
    """Return cells in columns, with numbers aligned at the right and long cells cut."""
    texts = [[_cut(row[i].strip() if i < len(row) else "", WIDEST_CELL) for i in range(len(numeric))] for row in rows]
    widths = [max(cell_len(row[i]) for row in texts) for i in range(len(numeric))]
    lines = []
    for row in texts:
        padded = [
            " " * (width - cell_len(cell)) + cell if right else set_cell_size(cell, width)
            for cell, width, right in zip(row, widths, numeric, strict=True)
        ]
        lines.append("  ".join(padded).rstrip())
    return "\n".join(lines)


def _text(data: DataText) -> Peek:
    text = data.text.replace("\r\n", "\n")
    words = sum(1 for _ in WORD.finditer(text, 0, MOST_READ))  # findall would block all other threads
    first = text.lstrip("\n").split("\n", LINES)[:LINES]
    return Peek(
        f"a text of {counted(text.count(chr(10)) + (not text.endswith(chr(10))), 'line')}",
        "\n".join(_cut(line[: WIDEST_LINE + 1].rstrip("\r").expandtabs(4), WIDEST_LINE) for line in first),
        kinds=[
            ("characters", f"{len(text):,}, {len(set(text)):,} different"),
            ("words", f"{'more than ' * (len(text) > MOST_READ)}{words:,}, punctuation included"),
            (AS_TABLE, "read it as a table"),
        ],
        notes=data.notes,
    )


def _cut(text: str, width: int) -> str:
    text = escaped(text[: width + 1])
    return text if cell_len(text) <= width else set_cell_size(text, width - 1).rstrip() + "…"

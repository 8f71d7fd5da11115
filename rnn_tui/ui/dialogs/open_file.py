"""The dialog in which the user chooses a file and turns it into a preset; only flows.py imports it."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, ClassVar, TypeAlias

from textual import on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.message import Message
from textual.widgets import DirectoryTree, Input, OptionList, Static
from textual.widgets.option_list import Option
from textual.worker import get_current_worker

from rnn_tui.checkpoints import Checkpoint
from rnn_tui.checkpoints.reader import load
from rnn_tui.errors import RnnTuiError, escaped
from rnn_tui.presets.from_data import open_any
from rnn_tui.presets.store import PresetFile
from rnn_tui.storage.files import expanded
from rnn_tui.ui.dialogs.base import ScrollingDialog
from rnn_tui.ui.dialogs.file_preview import AS_TABLE, Column, Peek, folder_at, from_here, here, line, peek
from rnn_tui.ui.input.bindings import COLUMN_KEYS, OPEN_KEYS
from rnn_tui.ui.input.keymap import DEFAULT_KEYMAP, Keymap
from rnn_tui.ui.widgets.folder_tree import FolderTree
from rnn_tui.ui.widgets.option_list import ChoiceList

READING = "reading …"
HINT = """Open a preset (.toml), a run (.safetensors), a table of numbers (.csv, .tsv, .dat), or a text.

Type a path, or press {data.next_field} for the folder: enter opens a file, {data.above} goes to the parent folder."""
TABLE_HINT = "enter: target, then open · {data.input}: input"
OTHER_HINT = "{list.up}{list.down} choose · enter: open"
KEYS = "tab · {dialog.read_up} {dialog.read_on}: scroll · {data.open}: open · {dialog.cancel}: cancel"

OpenedFile: TypeAlias = PresetFile | Checkpoint
Found: TypeAlias = Peek | OpenedFile | Path | RnnTuiError  # a Path is a folder


class Parts(ChoiceList):
    """The list of choices in the file: columns or kinds."""

    BINDINGS: ClassVar[list[BindingType]] = list(COLUMN_KEYS)


class OpenFileDialog(ScrollingDialog[OpenedFile | None]):
    """Stays open until a file can be used, and shows the reason if it cannot."""

    AUTO_FOCUS = "#path"
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (76, "-broad"), (110, "-wide")]  # noqa: RUF012
    BINDINGS: ClassVar[list[BindingType]] = list(OPEN_KEYS)

    class Came(Message):
        """A thread has finished; ``number`` is the number of the attempt."""

        def __init__(self, number: int, found: Found) -> None:
            super().__init__()
            self.number, self.found = number, found

    def __init__(self, keys: Keymap = DEFAULT_KEYMAP) -> None:
        super().__init__(keys)
        self._number = 0  # of the latest attempt
        self._path = ""
        self._stays = False  # the focus, because the user moved it while the file was read
        self._peek: Peek | None = None
        self._target: int | None = None
        self._inputs: set[int] = set()

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog data") as dialog:
            dialog.border_title = "Open a file"
            dialog.border_subtitle = self.hint(KEYS)
            with Horizontal(id="both"):
                with Vertical(id="where"):
                    yield Input(placeholder="path", id="path", compact=True)
                    yield FolderTree(here())
                with VerticalScroll(id="what", can_focus=False):
                    yield Static(id="about")
                    yield Parts(markup=False)
                    with Horizontal(id="ahead"):
                        yield Static("rows ahead")
                        yield Input("1", id="horizon", type="integer", compact=True)
                        yield Static("missing")
                        yield Input(placeholder="-999", id="missing", compact=True)
                        yield Static("decimal sign")
                        yield Input(placeholder=". ,", id="decimal", max_length=1, restrict="[.,]?", compact=True)
                    yield Static(markup=False, id="preview")
            yield Static(markup=False, classes="problem")

    def on_mount(self) -> None:
        self._show(None)

    # Which file.

    @on(Input.Submitted, "#path")
    def _typed(self) -> None:
        path = self.query_one("#path", Input).value.strip()
        if path:
            self._take(path)

    def on_directory_tree_file_selected(self, event: DirectoryTree.FileSelected) -> None:
        with self.prevent(Input.Changed):
            self.query_one("#path", Input).value = escaped(from_here(event.path))
        self._take(str(event.path))

    def on_input_changed(self) -> None:
        self._stays = True
        self._say("")

    def on_tree_node_highlighted(self) -> None:
        self._stays = self._stays or self.query_one(FolderTree).has_focus  # not if the tree has only been read by now

    def _take(self, path: str, as_table: bool = False) -> None:
        self._path, self._stays = path, False
        self._show(None)
        self._start(lambda: folder_at(path) or peek(path, as_table))

    # What is in it.

    def _show(self, seen: Peek | None) -> None:
        self._peek, self._target, self._inputs = seen, None, set()
        with self.prevent(Input.Changed):
            self.query_one("#missing", Input).value = self.query_one("#decimal", Input).value = ""
        choices, preview = self.query_one(Parts), self.query_one("#preview", Static)
        choices.display = preview.display = seen is not None
        self.query_one("#ahead").display = seen is not None and bool(seen.columns)
        self.query_one("#about", Static).update(self._about(seen))
        self.query_one("#what").scroll_home(animate=False)
        if seen is None:
            return
        usable = [i for i, column in enumerate(seen.columns) if column.numbers]
        self._target = usable[0] if len(usable) == 1 else None
        choices.set_options(Option(line(seen, i, self._target, self._inputs)) for i in range(seen.choices))
        choices.highlighted = usable[0] if usable else 0
        preview.update(seen.preview)
        preview.set_class(bool(seen.columns), "-table")
        if not self._stays:
            choices.focus()

    def _about(self, seen: Peek | None) -> Content:
        if seen is None:
            return self.hint(HINT).stylize("$foreground 70%")
        hint = self.hint(TABLE_HINT if seen.columns else OTHER_HINT).stylize("$foreground 70%")
        name = escaped(Path(self._path).name)
        notes = "".join(f"note: {escaped(note)}\n" for note in seen.notes)
        return Content.assemble((name, "bold $primary"), f"  {seen.about}\n", notes, hint)

    @on(OptionList.OptionSelected)
    def _chosen(self, event: OptionList.OptionSelected) -> None:
        seen, index = self._peek, event.option_index
        if seen is None or event.option is not event.option_list.highlighted_option:
            return  # of the file before this one
        if seen.columns and index != self._target:
            if self._holds_numbers(seen.columns[index]):
                before, self._target = self._target, index
                self._inputs.discard(index)
                self._redraw(seen, before, index)
        else:
            self._open(seen)

    def action_input(self) -> None:
        """Use the column as an input, or stop that."""
        seen, index = self._peek, self.query_one(Parts).highlighted
        if seen is None or not seen.columns or index is None or index == self._target:
            return
        if self._holds_numbers(seen.columns[index]):
            self._inputs ^= {index}
            self._redraw(seen, index)

    def _holds_numbers(self, column: Column) -> bool:
        self._say("" if column.numbers else f"column {column.name!r} has no numbers")
        return column.numbers > 0

    def _redraw(self, seen: Peek, *indices: int | None) -> None:
        for index in indices:
            if index is not None:
                self.query_one(Parts).replace_option_prompt_at_index(
                    index, line(seen, index, self._target, self._inputs)
                )

    # Opening it.

    @on(Input.Submitted, "#horizon, #missing, #decimal")
    def action_open(self) -> None:
        path = self.query_one("#path", Input)
        if self._peek is None or self.focused is path:
            self._typed()
        else:
            self._open(self._peek)

    def _open(self, seen: Peek) -> None:
        path = self._path
        if seen.columns:
            self._open_table(seen)
        elif seen.preset:
            self._done(seen.preset)
        elif seen.run:
            self._start(lambda: load(expanded(path)))
        else:
            level = seen.kinds[self.query_one(Parts).highlighted or 0][0]
            if level == AS_TABLE:
                self._take(path, as_table=True)
            else:
                self._start(lambda: open_any(path, level=level))

    def _open_table(self, seen: Peek) -> None:
        path, text = self._path, self.query_one("#horizon", Input).value
        if self._target is None:
            self._say("press enter on the column to predict")
        elif not text.isdecimal() or int(text) < 1:
            self._say("rows ahead must be a whole number of at least 1")
        else:
            target, horizon = seen.columns[self._target].key, int(text)
            inputs = [seen.columns[i].key for i in sorted(self._inputs)]
            missing = self.query_one("#missing", Input).value.replace(",", " ").split()
            reading: dict[str, Any] = {"missing": missing, "decimal": self.query_one("#decimal", Input).value}
            self._start(lambda: open_any(path, target, inputs=inputs, horizon=horizon, **reading))

    # Threads, so that a slow file does not block keys.

    def _start(self, job: Callable[[], Found]) -> None:
        self._number += 1
        self._say(READING, wrong=False)
        self._run(self._number, job)

    @work(thread=True, exclusive=True)
    def _run(self, number: int, job: Callable[[], Found]) -> None:
        try:
            found = job()
        except RnnTuiError as error:
            found = error
        except Exception as error:  # no file may close the lab
            found = RnnTuiError(f"the file cannot be used: {type(error).__name__}: {error}")
        if not get_current_worker().is_cancelled:  # by a later attempt, or because the dialog was closed
            self.post_message(self.Came(number, found))

    def on_open_file_dialog_came(self, message: Came) -> None:
        if message.number != self._number or self not in self.app.screen_stack:
            return
        self._say("")
        match message.found:
            case Peek() as seen:
                self._show(seen)
            case Path() as folder:
                self.query_one(FolderTree).path = folder
                self.query_one(FolderTree).focus()
            case PresetFile() | Checkpoint() as file:
                self._done(file)
            case error:
                self._say(str(error))

    def _done(self, file: OpenedFile) -> None:
        if self.is_active:
            self.dismiss(file)

    def _say(self, text: str, wrong: bool = True) -> None:
        problem = self.query_one(".problem", Static)
        problem.update(text)
        problem.set_class(not wrong, "-busy")

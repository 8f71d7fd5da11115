"""A tree of the files in a folder."""

from collections.abc import Iterable
from pathlib import Path
from typing import ClassVar

from rich.text import Text
from textual.binding import BindingType
from textual.widgets import DirectoryTree

from rnn_tui.errors import escaped
from rnn_tui.ui.input.bindings import FOLDER_KEYS, moving


class FolderTree(DirectoryTree):
    """A tree of the files in a folder, without hidden files."""

    ICON_NODE_EXPANDED, ICON_NODE, ICON_FILE = "▾ ", "▸ ", "  "
    BINDINGS: ClassVar[list[BindingType]] = [*FOLDER_KEYS, *moving(first="scroll_home", last="scroll_end")]

    def on_mount(self) -> None:
        self.show_guides = False
        self.guide_depth = 2

    def filter_paths(self, paths: Iterable[Path]) -> Iterable[Path]:
        return [path for path in paths if not path.name.startswith(".")]

    def process_label(self, label: str | Text) -> Text:
        """Return a safe label: a file name may contain any character."""
        return Text(escaped(str(label)))

    def action_above(self) -> None:
        self.path = Path(self.path).parent

"""The preset picker: a search field, a list in chapters, and a description of the highlighted experiment."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import groupby
from pathlib import Path
from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.events import Key
from textual.message import Message
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option
from textual.worker import get_current_worker

from rnn_tui.errors import RnnTuiError
from rnn_tui.presets.lane_settings import FeedForwardLane
from rnn_tui.presets.preset import Preset
from rnn_tui.presets.search import none_found, rank
from rnn_tui.presets.store import Entry, entries
from rnn_tui.ui.dialogs import task_preview
from rnn_tui.ui.dialogs.base import ScrollingDialog
from rnn_tui.ui.input.bindings import MOVE_KEYS
from rnn_tui.ui.input.key_names import types
from rnn_tui.ui.input.keymap import DEFAULT_KEYMAP, Keymap
from rnn_tui.ui.widgets.option_list import ChoiceList

READING = "reading …"
HINT = "{list.up}{list.down} · {dialog.read_up} {dialog.read_on}: scroll · enter: open · {dialog.cancel}: cancel"
AND_LIST = " · tab: list"  # if letters move too


@dataclass(frozen=True)
class Facts:
    """Facts about a preset that are computed: the rows of the picture, and a text on the floor of each lane."""

    rows: Sequence[str] = ()
    floors: Sequence[str] = ()


class Search(Input):
    """The search field; the keys of the list go to the list."""

    BINDINGS: ClassVar[list[BindingType]] = [
        replace(binding, action=f"screen.list('{binding.action}')") for binding in MOVE_KEYS
    ]


class PresetPicker(ScrollingDialog[Entry | None]):
    """Dismisses with the chosen entry; a broken preset shows its problem and cannot be chosen."""

    AUTO_FOCUS = "Search"
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (78, "-broad")]  # noqa: RUF012

    class Listed(Message):
        """Message that the presets have been read."""

        def __init__(self, found: list[Entry]) -> None:
            super().__init__()
            self.found = found

    class Computed(Message):
        """New facts about a preset have been computed."""

        def __init__(self, entry: Entry, facts: Facts) -> None:
            super().__init__()
            self.entry, self.facts = entry, facts

    def __init__(self, current: str, keys: Keymap = DEFAULT_KEYMAP) -> None:
        super().__init__(keys)
        self._current = current
        self._entries: list[Entry] = []
        self._facts: dict[Path, Facts] = {}
        self._told: Entry | None = None  # the entry that the right side describes

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog picker") as dialog:
            dialog.border_title = "Presets"
            dialog.border_subtitle = self.hint(
                HINT + (AND_LIST if any(map(types, self._keys.keys("list.down"))) else "")
            )
            yield Search(placeholder="type to search", compact=True)
            with Horizontal():
                yield ChoiceList(markup=False)
                with VerticalScroll(can_focus=False):
                    yield Static(READING, id="asks")
                    yield Static(id="picture")
                    yield Static(id="expects")

    def on_mount(self) -> None:
        self._list()

    def holds(self, key: Key) -> bool:
        """Return whether a key has to wait until the presets have been read."""
        return not (self._entries or key.is_printable or key.key == "escape")

    @work(thread=True)
    def _list(self) -> None:
        self.post_message(self.Listed(entries()))

    def on_preset_picker_listed(self, message: Listed) -> None:
        self._entries = message.found
        self._filter()

    # The list.

    def on_input_changed(self) -> None:
        if self._entries:
            self._filter()

    def _filter(self) -> None:
        """List the presets that fit all the words, and highlight the best; among equals, the one highlighted before."""
        words = self.query_one(Search).value
        ranks = {number: found for number, entry in enumerate(self._entries) if (found := rank(entry, words))}
        choices = self.query_one(ChoiceList)
        choices.set_options(self._options(ranks))
        if ranks:
            best = max(ranks, key=lambda number: (ranks[number], self._was_highlighted(self._entries[number])))
            choices.highlighted = choices.get_option_index(str(best))
        else:
            self._tell(None)

    def _options(self, numbers: Iterable[int]) -> Iterator[Option]:
        """Yield the entries with these numbers, each chapter under its heading."""
        for chapter, group in groupby(numbers, lambda number: self._entries[number].chapter):
            if chapter:
                yield Option(Content.styled(chapter, "bold $secondary"), disabled=True)
            for number in group:
                yield Option(_line(self._entries[number]), id=str(number))

    def _was_highlighted(self, entry: Entry) -> bool:
        return entry is self._told if self._told else entry.name == self._current

    def action_list(self, where: str) -> None:
        getattr(self.query_one(ChoiceList), f"action_{where}")()

    def on_option_list_option_highlighted(self, event: OptionList.OptionHighlighted) -> None:
        if event.option is event.option_list.highlighted_option:  # otherwise it is of an older list
            self._tell(self._entry(event.option))

    def on_input_submitted(self) -> None:
        option = self.query_one(ChoiceList).highlighted_option
        if option:
            self._open(self._entry(option))

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        self._open(self._entry(event.option))

    def _entry(self, option: Option) -> Entry:
        return self._entries[int(option.id or 0)]

    def _open(self, entry: Entry) -> None:
        if not entry.problem and self.is_active:  # a held key opens only one preset
            self.dismiss(entry)

    # The description of the highlighted preset.

    def _tell(self, entry: Entry | None) -> None:
        self._told = entry
        self.query_one(".dialog VerticalScroll").scroll_home(animate=False)
        asks, picture, expects = (self.query_one(f"#{name}", Static) for name in ("asks", "picture", "expects"))
        asks.update(none_found(self.query_one(Search).value) if entry is None else _asks(entry))
        preset = entry.preset if entry else None
        picture.display = expects.display = preset is not None
        if entry is None or preset is None:
            return
        facts = self._facts.get(entry.path)
        if facts is None:
            self._compute(entry, preset)
        facts = facts or Facts()
        picture.update(_picture(preset, facts.rows))
        expects.update(_expects(preset, facts.floors, self.hint))

    @work(thread=True, exclusive=True, group="facts")
    def _compute(self, entry: Entry, preset: Preset) -> None:
        """Compute the picture first, because a floor may take a second.  A task that fails can be opened anyway."""
        facts = Facts()
        with suppress(RnnTuiError, ArithmeticError, ValueError, MemoryError):
            facts = Facts(task_preview.rows(preset))
            self.post_message(self.Computed(entry, facts))
        with suppress(RnnTuiError, ArithmeticError, ValueError, MemoryError):
            if not get_current_worker().is_cancelled:
                facts = Facts(facts.rows, task_preview.floors(preset))
        self.post_message(self.Computed(entry, facts))

    def on_preset_picker_computed(self, message: Computed) -> None:
        self._facts[message.entry.path] = message.facts
        if message.entry is self._told:
            self._tell(message.entry)


def _line(entry: Entry) -> str:
    return f"{'!' if entry.problem else ' '} {entry.name}"


def _asks(entry: Entry) -> Content:
    if entry.preset is None:
        return Content.assemble(("This preset cannot be opened:\n\n", "bold $error"), entry.problem)
    return Content.assemble((f"{entry.preset.title or entry.name}\n\n", "bold"), (entry.preset.question, "$primary"))


def _picture(preset: Preset, rows: Sequence[str]) -> Content:
    labels = task_preview.labels(preset.task)
    width = max(map(len, labels)) + 2
    lines = [
        Content.assemble(
            (f"{label:<{width}}", "dim"), (row, "$foreground" if label == task_preview.TARGET else "$foreground 70%")
        )
        for label, row in zip(labels, rows or [""] * len(labels), strict=True)
    ]
    return Content("\n").join(lines)


def _expects(preset: Preset, floors: Sequence[str], say: Callable[[str], Content] = Content) -> Content:
    """Return what to expect and what to try, and the settings.  ``say`` replaces names of keys in hints."""
    training = preset.training
    pieces = f" × {training.batches_per_sequence} batches" if training.batches_per_sequence > 1 else ""
    lanes = [
        f"  {name}: {lane.kind} {lane.net}"
        + (f", window {lane.window}" if isinstance(lane, FeedForwardLane) else f", {lane.initializer} × {lane.gain:g}")
        + (f" · {floor}" if floor else "")
        for name, lane, floor in zip(preset.names, preset.lanes, floors or [""] * len(preset.lanes), strict=True)
    ]
    hints = [part for hint in preset.hints for part in (("Try: ", "bold $primary"), say(hint), "\n\n")]
    topics = f"topics: {', '.join(preset.topics)}\n" if preset.topics else ""
    return Content.assemble(
        f"{preset.expect}\n\n",
        *hints,
        (topics, "dim"),
        (f"task {preset.task.kind}, length {training.sequence_length}{pieces}, {training.steps:,} steps\n", "dim"),
        ("\n".join(lanes), "dim"),
    )

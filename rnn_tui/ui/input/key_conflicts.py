"""Find keys that would have two meanings in one place, or that Textual uses there.  Only keymap.py imports it.

Textual would silently drop one of the two meanings.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations

from textual.binding import Binding

from rnn_tui.ui.input import bindings as k
from rnn_tui.ui.input.key_names import printed, types

APP = {"ctrl+q": "quits", "ctrl+c": "copies", "ctrl+p": "opens the command palette"}
RESERVED = APP | {"tab": "goes to the next panel", "shift+tab": "goes to the previous panel"}
IN_DIALOG = APP | {"tab": "goes to the next field", "shift+tab": "goes to the previous field"}
IN_LIST = IN_DIALOG | {"enter": "chooses"}
EDITING = {  # keys of Textual's input fields that type no character
    *(f"{held}{key}" for held in ("", "shift+", "ctrl+", "ctrl+shift+") for key in ("left", "right")),
    *(f"ctrl+{key}" for key in "adekuvwx"), *(f"{held}backspace" for held in ("", "ctrl+", "alt+", "super+")),
    "ctrl+shift+a", "super+c", "home", "end", "shift+home", "shift+end", "delete", "enter",
}  # fmt: skip
ASIDE = {"data.input", "data.above"}  # keys of lists in dialogs that also have fields
# a panel may have these keys for itself
SHARED = {"look.earlier", "look.later", "look.unit_up", "look.unit_down", "run.call_off"}
IN_FIELDS = {"data.next_field", "data.field_before"}  # in lists, these are keys of the list


@dataclass(frozen=True)
class Place:
    """Keys that are in force together.  ``typing``: beside an input field, which uses letters and EDITING."""

    bindings: Sequence[Binding]
    reserved: Mapping[str, str] = field(default_factory=lambda: IN_DIALOG)
    typing: bool = False

    @property
    def defaults(self) -> dict[str, list[str]]:
        """The default keys by binding name."""
        return {str(binding.id): binding.key.split(",") for binding in self.bindings}

    def taken(self, key: str, name: str) -> str:
        """Return what a key already does there, or an empty string."""
        if key in self.reserved:
            return self.reserved[key]
        if not self.typing or name in ASIDE or key in self.defaults[name]:
            return ""
        if key in EDITING:
            return "edits the typed text"
        return "is typed into a field" if types(key) and not name.startswith("list.") else ""


PLACES = (
    Place([*k.SLOW_KEYS, *k.LESSON_KEYS], APP),
    Place(k.SWEEP_KEYS, APP),
    Place(k.CANCEL_KEYS, typing=True),
    Place([*k.CANCEL_KEYS, *k.READ_KEYS, *k.MOVE_KEYS], IN_LIST, typing=True),
    Place([*k.CANCEL_KEYS, *k.READ_KEYS, *k.MOVE_KEYS, *k.OPEN_KEYS, *k.COLUMN_KEYS, *k.FOLDER_KEYS], IN_LIST, True),
    Place([*k.CANCEL_KEYS, *k.MOVE_KEYS], IN_LIST),
    Place(k.YES_KEYS),
    Place([*k.CANCEL_KEYS, *k.FUTURE_KEYS]),
    Place([*k.WORDS_KEYS, *k.MOVE_KEYS]),
    Place([*k.HELP_KEYS, *k.MOVE_KEYS]),
    Place([*k.TEXT_KEYS, *k.MOVE_KEYS]),
    Place([*k.CANCEL_KEYS, *k.SEED_KEYS, *k.MOVE_KEYS], IN_LIST),
    Place([*k.CANCEL_KEYS, *k.LESSON_LIST_KEYS, *k.MOVE_KEYS], IN_LIST),
)


def all_places() -> list[Place]:
    """Return the lab, the lab with each panel that has its own keys, and the dialogs."""
    lab = [*k.lab_keys(), *k.PANEL_KEYS]
    return [*(Place([*lab, *own], RESERVED) for own in [(), *(panel.own for panel in k.PANELS if panel.own)]), *PLACES]


def clashes(keys: Callable[[str], Iterable[str]]) -> list[str]:
    """Return all problems with keys, given by a function of the binding's name; each problem once."""
    return list(dict.fromkeys(problem for place in all_places() for problem in _in(place, keys)))


def _in(place: Place, keys: Callable[[str], Iterable[str]]) -> Iterator[str]:
    by_key: dict[str, list[str]] = {}
    for name in place.defaults:
        for key in keys(name):
            by_key.setdefault(key, []).append(name)
    for key, names in by_key.items():
        done = {what for name in names if (what := place.taken(key, name))}
        if done:
            yield f"keys: {printed(key)!r} already {' and '.join(sorted(done))}; it cannot be {' and '.join(names)}"
        elif any(_meet(*pair) for pair in combinations(names, 2)):
            yield f"keys: {printed(key)!r} would be {' and '.join(names)}; {_way_out(place, key, names)}"


def _way_out(place: Place, key: str, names: Sequence[str]) -> str:
    """Return what to do if one key has several meanings: the one that has it by default may get another key."""
    old = [name for name in names if key in place.defaults[name]]
    new = " and ".join(name for name in names if name not in old)
    if len(old) != 1 or not new:
        return "choose a different key for each"
    return f"choose a different key for {new}, or also give {old[0]} another one"


def _meet(one: str, other: str) -> bool:
    """Return whether one key for both bindings would disable one of them."""
    own = {binding.id for panel in k.PANELS for binding in panel.own}
    return not any(
        (a in SHARED and b in own) or (a in IN_FIELDS and b.startswith("list."))
        for a, b in ((one, other), (other, one))
    )

"""The keys: every one a named binding, so that a keymap can change it and the help can list it.

Keys that belong to one panel are declared in that panel's file; ``ui/panels/registry.py`` adds them to ``PANELS``.
"""

from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from typing import NamedTuple

from textual.binding import Binding

TIME = Binding.Group("Time", compact=True)  # one place in the footer for both keys
UNITS = Binding.Group("Units", compact=True)


def _key(
    key: str,
    action: str,
    name: str,
    about: str,
    ident: str,
    shown: str = "",
    group: Binding.Group | None = None,
) -> Binding:
    """``shown``: how the footer shows the key; without it the key is in the help and the palette only."""
    return Binding(key, action, name, show=bool(shown), key_display=shown or None, tooltip=about, id=ident, group=group)


LAB_KEYS = [
    _key("space", "play", "Play", "Train, until you press it again", "run.play", "space"),
    _key("s", "step(1)", "Step", "One update", "run.step", "s"),
    _key("S", "step(10)", "Step ten", "Ten updates", "run.step_ten"),
    _key("b", "step(-1)", "Back", "One update back", "run.back", "b"),
    _key("B", "step(-10)", "Back ten", "Ten updates back", "run.back_ten"),
    _key("u", "slow", "Slow motion", "One update slowly: forward, loss, backward, clip, apply", "run.slow", "u"),
    _key("less_than_sign", "pace(-1)", "Slower", "Play more slowly", "run.slower"),
    _key("greater_than_sign", "pace(1)", "Faster", "Play faster; the fastest is flat out", "run.faster"),
    _key("r", "rewind", "Rewind", "Back to step 0, with the weights of then; the history stays", "run.rewind"),
    _key("left_square_bracket", "jump(-1)", "Jump back", "A twentieth of all steps back", "run.jump_back"),
    _key("right_square_bracket", "jump(1)", "Jump on", "A twentieth of all steps on", "run.jump_on"),
    _key("t", "go_to", "Go to step", "Go to any step, one that was made or one to come", "run.go_to"),
    _key("escape", "call_off", "Stay here", "Stay at the step reached on the way to another", "run.call_off"),
    _key("k", "pin", "Keep curves", "Keep this run's curves for comparison; four at most", "run.pin"),
    _key("K", "unpin", "Drop curves", "Take the curves that were kept last away", "run.unpin"),
    _key("R", "reseed", "New seed", "Other weights and other sequences", "run.reseed"),
    _key("left", "time(-1)", "Earlier", "One time step earlier", "look.earlier", "←", TIME),
    _key("right", "time(1)", "Later", "One time step later: watch the forward pass", "look.later", "→", TIME),
    _key("home", "time(-100000)", "First t", "The first time step", "look.first"),
    _key("end", "time(100000)", "Last t", "The last time step", "look.last"),
    _key("up", "unit(-1)", "Unit above", "The hidden unit above", "look.unit_up"),
    _key("down", "unit(1)", "Unit below", "The hidden unit below", "look.unit_down"),
    _key("l", "lane", "Lane", "Show the next lane's hidden state and settings", "look.lane", "l"),
    _key("g", "state", "Gates", "Show the next of h, c and the gates, where the lane has them", "look.state"),
    _key("a", "activation", "Activation", "The next activation function; restarts the lane", "net.activation", "a"),
    _key("plus,equals_sign", "hidden(1)", "More units", "More hidden units; restarts the lane", "net.more", "+", UNITS),
    _key("minus", "hidden(-1)", "Fewer units", "Fewer hidden units; restarts the lane", "net.fewer", "−", UNITS),
    _key("m", "match", "Match", "As many parameters for the fnn as the recurrent lane has, or no longer", "net.match"),
    _key("p", "pick", "Presets", "Choose another experiment", "file.pick", "p"),
    _key("w,ctrl+s", "save", "Save", "Save these settings as a preset of your own", "file.save", "w"),
    _key("o", "open", "Open", "Open a preset, a run, a CSV file or a text", "file.open"),
    _key("W", "keep", "Save run", "Save the run with its weights and its history, to go on later", "file.keep"),
    _key("x", "export", "Export", "To PyTorch, NumPy, CSV, arrays, a picture, or a command line", "file.export"),
    _key("ctrl+r", "last", "Last run", "Take up the run of the lab that was closed last", "file.last"),
    _key("ctrl+z", "undo", "Undo", "Take the last change of settings, or the last opening, back", "file.undo"),
    _key("ctrl+y", "redo", "Redo", "Make again what was taken back", "file.redo"),
    _key("f", "drawing", "Forecasts", "Forecasts over the truth, forecasts that run free, or bars", "look.drawing"),
    _key("y", "log", "Log axis", "The loss axis: logarithmic or linear", "look.log"),
    _key("right_curly_bracket", "magnify(.5)", "Fewer steps", "Half the steps in the loss chart", "look.fewer_steps"),
    _key("left_curly_bracket", "magnify(2)", "More steps", "Twice the steps in the loss chart", "look.more_steps"),
    _key("0", "magnify(0)", "All steps", "All steps in the loss chart", "look.all_steps"),
    _key("d", "describe", "Describe", "Say in words what is seen now", "look.describe"),
    _key("z", "zoom", "Zoom", "Only the panel you are in, or all again", "look.zoom"),
    _key("question_mark", "help", "Help", "What the panels mean, and every key", "app.help", "?"),
    _key("q", "leave", "Quit", "Quit; asks if settings are not saved", "app.quit", "q"),
]  # fmt: skip

PANEL_KEYS = [
    _key("pagedown,shift+down", "read(1)", "Read on", "Read on in a panel that has more", "panel.read_on"),
    _key("pageup,shift+up", "read(-1)", "Read back", "Read back in a panel", "panel.read_back"),
]
SLOW_KEYS = [
    _key("right", "go(1)", "On", "One place on", "slow.on"),
    _key("left", "go(-1)", "Back", "One place back", "slow.back"),
    _key("pagedown,tab", "phase(1)", "Next phase", "The next phase", "slow.next_phase"),
    _key("pageup,shift+tab", "phase(-1)", "Phase before", "The phase before", "slow.phase_before"),
    _key("home", "go(-1000000)", "First", "To the beginning", "slow.first"),
    _key("end", "go(1000000)", "Last", "To the end", "slow.last"),
    _key("up", "unit(-1)", "Unit above", "The unit above", "slow.unit_up"),
    _key("down", "unit(1)", "Unit below", "The unit below", "slow.unit_down"),
    _key("l", "lane", "Lane", "The next lane", "slow.lane"),
    _key("enter", "apply", "Apply", "At the end: make the update", "slow.apply"),
    _key("escape,q,u", "leave", "Leave", "Leave it, and nothing has happened", "slow.leave"),
]

# Of dialogs.  Those in lists are Textual's own too, and stay beside the ones that settings add.
CANCEL_KEYS = [_key("escape", "dismiss(None)", "Cancel", "Close the dialog, and nothing has happened", "dialog.cancel")]
READ_KEYS = [
    _key("shift+up,ctrl+up", "read(-1)", "Read up", "Read back beside a list", "dialog.read_up"),
    _key("shift+down,ctrl+down", "read(1)", "Read on", "Read on beside a list", "dialog.read_on"),
]
MOVE_KEYS = [
    _key("up", "cursor_up", "Up", "The line above", "list.up"),
    _key("down", "cursor_down", "Down", "The line below", "list.down"),
    _key("pageup", "page_up", "Page up", "A page up", "list.page_up"),
    _key("pagedown", "page_down", "Page down", "A page down", "list.page_down"),
    _key("home", "first", "First", "The first line", "list.first"),
    _key("end", "last", "Last", "The last line", "list.last"),
]
OPEN_KEYS = [
    _key("ctrl+o", "open", "Open", "Open the file as it is shown", "data.open"),
    _key("down", "app.focus_next", "Next field", "From a field to what comes after it", "data.next_field"),
    _key("up", "app.focus_previous", "Field before", "From a field to what comes before it", "data.field_before"),
]
COLUMN_KEYS = [_key("space", "screen.input", "Input", "Make the column an input, or no longer", "data.input")]
FOLDER_KEYS = [_key("backspace", "above", "Folder above", "Go to the folder above", "data.above")]
YES_KEYS = [
    _key("y", "dismiss(True)", "Yes", "Answer yes", "question.yes"),
    _key("n,escape", "dismiss(False)", "No", "Answer no", "question.no"),
]
FUTURE_KEYS = [
    _key("c", "dismiss('cut')", "Cut", "Let the steps go that a change in the past has cut off", "question.cut"),
    _key("f", "dismiss('fork')", "Fork", "Keep these steps as a curve", "question.fork"),
]
WORDS_KEYS = [
    _key("left", "time(-1)", "Earlier", "One time step earlier", "words.earlier"),
    _key("right", "time(1)", "Later", "One time step later", "words.later"),
    _key("l", "lane", "Lane", "The next lane", "words.lane"),
    _key("g", "state", "Gates", "The next of h, c and the gates", "words.state"),
    _key("c", "copy", "Copy", "Copy the words to the clipboard", "words.copy"),
    _key("escape,d,q,enter", "dismiss(None)", "Close", "Close the description", "words.close"),
]
HELP_KEYS = [_key("escape,question_mark,q,enter", "dismiss(None)", "Close", "Close the help", "help.close")]


class PanelKeys(NamedTuple):
    """What a panel has in its declaration that concerns keys.  ``own``: in force while the panel has the focus."""

    number: int
    name: str
    title: str
    own: tuple[Binding, ...]


PANELS: list[PanelKeys] = []
NUMBERS_AFTER = "look.describe"  # the binding after which the number keys are listed


def add_panel(panel: PanelKeys) -> None:
    """Give a panel its number key, and list its own keys."""
    PANELS.append(panel)
    PANELS.sort(key=lambda panel: panel.number)
    for table in (named, vim_keys):
        table.cache_clear()


def lab_keys() -> list[Binding]:
    """Return the keys of the lab, among them a number key for each panel."""
    at = 1 + next(i for i, binding in enumerate(LAB_KEYS) if binding.id == NUMBERS_AFTER)
    return [*LAB_KEYS[:at], *map(number_key, PANELS), *LAB_KEYS[at:]]


def number_key(panel: PanelKeys) -> Binding:
    n = panel.number
    return _key(str(n), f"panel('{panel.name}')", f"Panel {n}", f"Go to panel {n}", f"look.panel_{n}")


def places() -> dict[str, list[Binding]]:
    """Return all keys, by where they are in force."""
    return {
        "In the lab": [*lab_keys(), *PANEL_KEYS],
        **{f"In the {panel.title}": list(panel.own) for panel in PANELS if panel.own},
        "In slow motion": SLOW_KEYS,
        "In dialogs": [*CANCEL_KEYS, *READ_KEYS],
        "In lists and texts": MOVE_KEYS,
        "Where a file is opened": [*OPEN_KEYS, *COLUMN_KEYS, *FOLDER_KEYS],
        "Where a question is asked": [*YES_KEYS, *FUTURE_KEYS],
        "In the description": WORDS_KEYS,
        "In the help": HELP_KEYS,
    }


@cache
def named() -> Mapping[str, Binding]:
    """Return all keys by their names."""
    return {str(binding.id): binding for bindings in places().values() for binding in bindings}


def moving(**actions: str) -> list[Binding]:
    """MOVE_KEYS for a widget that calls some of the actions by other names."""
    return [replace(binding, action=actions.get(binding.action, binding.action)) for binding in MOVE_KEYS]


# With vim keys: what moves as the arrows do (a panel's own arrows too), and where the keys that stood there have gone.
VIM = {
    "look.earlier": "left,h", "look.unit_down": "down,j", "look.unit_up": "up,k", "look.later": "right,l",
    "slow.back": "left,h", "slow.unit_down": "down,j", "slow.unit_up": "up,k", "slow.on": "right,l",
    "words.earlier": "left,h", "list.down": "down,j", "list.up": "up,k", "words.later": "right,l",
    "look.lane": "L", "slow.lane": "L", "words.lane": "L", "run.pin": "c", "run.unpin": "C",
}  # fmt: skip
VIM_ARROWS = {"left": "left,h", "down": "down,j", "up": "up,k", "right": "right,l"}


@cache
def vim_keys() -> Mapping[str, str]:
    """Return the keys of those who want vim's, by name."""
    own = {str(binding.id): VIM_ARROWS[binding.key] for panel in PANELS for binding in panel.own
           if binding.key in VIM_ARROWS}  # fmt: skip
    return {**VIM, **own}


# What the last line leaves out where it has no room for all, in this order.
SPARE = (
    "net.more", "net.fewer", "net.activation", "look.lane", "file.save", "file.pick", "run.slow", "run.back",
    "run.step", "look.earlier", "look.later", "run.play",
)  # fmt: skip

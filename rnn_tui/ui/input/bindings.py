"""Key bindings: each has a name, so that the settings can change it and the help can list it.

Keys that belong to one panel are declared in that panel's file; ``ui/panels/registry.py`` adds them to ``PANELS``.
"""

from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from typing import NamedTuple

from textual.binding import Binding

TIME = Binding.Group("Time", compact=True)  # both keys share a place in the footer
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
    """Return a binding.  ``shown``: how the footer shows the key; empty: not in the footer."""
    return Binding(key, action, name, show=bool(shown), key_display=shown or None, tooltip=about, id=ident, group=group)


LESSON_KEYS = [
    _key("N", "lesson('next')", "Next page",
         "Next page of the lesson; on a page with a question, give the answer", "lesson.next"),
    _key("M", "lesson('back')", "Page before", "Previous page of the lesson", "lesson.back"),
    _key("J", "lesson('mark')", "Mark an answer", "Mark the next answer of a question", "lesson.mark"),
    _key("h", "lesson('hint')", "Hint", "Show a hint", "lesson.hint"),
    _key("G", "lesson('restore')", "Back to the lesson",
         "Restore the nets and the screen as they were when the page began", "lesson.restore"),
    _key("V", "lesson('hide')", "Hide the lesson", "Hide the lesson, or show it again", "lesson.hide"),
    _key("L", "lesson('list')", "Lessons", "List the lessons; open, restart or leave one", "lesson.list"),
]  # fmt: skip

LAB_KEYS = [
    _key("space", "play", "Play", "Train, until you press it again", "run.play", "space"),
    _key("s", "step(1)", "Step", "Make one update", "run.step", "s"),
    _key("S", "step(10)", "Step ten", "Make ten updates", "run.step_ten"),
    _key("b", "step(-1)", "Back", "Go back one update", "run.back", "b"),
    _key("B", "step(-10)", "Back ten", "Go back ten updates", "run.back_ten"),
    _key("u", "slow", "Slow motion",
         "Show one update in slow motion: forward, loss, backward, clip, apply", "run.slow", "u"),
    _key("less_than_sign", "pace(-1)", "Slower", "Play more slowly", "run.slower"),
    _key("greater_than_sign", "pace(1)", "Faster", "Play faster, up to as fast as possible", "run.faster"),
    _key("r", "rewind", "Rewind", "Go back to step 0 and its weights; the history stays", "run.rewind"),
    _key("left_square_bracket", "jump(-1)", "Jump back", "Go back by a twentieth of all steps", "run.jump_back"),
    _key("right_square_bracket", "jump(1)", "Jump ahead", "Go forward by a twentieth of all steps", "run.jump_on"),
    _key("t", "go_to", "Go to step", "Go to any step, past or future", "run.go_to"),
    _key("escape", "call_off", "Stop here",
         "Stop on the way, or leave the zoom, your sequence, or a sweep's run",
         "run.call_off"),
    _key("k", "pin", "Keep curves", "Keep the curves of this run for comparison; at most four runs", "run.pin"),
    _key("K", "unpin", "Drop curves", "Drop the curves that were kept last", "run.unpin"),
    _key("R", "reseed", "New seed", "New seed: other weights and other sequences", "run.reseed"),
    _key("Y", "seeds", "Seeds",
         "Train further seeds: is the result luck? Again: stop and hide them", "run.seeds"),
    _key("O", "open_seed", "Open a seed", "List the further seeds by their results, and open one", "run.open_seed"),
    _key("H", "findings", "Findings",
         "List what is wrong with the nets or limits them, and try what may help", "run.findings"),
    _key("left", "time(-1)", "Earlier", "Go to the previous time step", "look.earlier", "←", TIME),
    _key("right", "time(1)", "Later",
         "Go to the next time step; before training, this shows the forward pass", "look.later", "→", TIME),
    _key("home", "time(-100000)", "First t", "Go to the first time step", "look.first"),
    _key("end", "time(100000)", "Last t", "Go to the last time step", "look.last"),
    _key("up", "unit(-1)", "Unit above", "Select the hidden unit above", "look.unit_up"),
    _key("down", "unit(1)", "Unit below", "Select the hidden unit below", "look.unit_down"),
    _key("l", "lane", "Lane", "Select the next lane: its hidden state and its settings", "look.lane", "l"),
    _key("U", "unit_table", "Unit table",
         "Show what each hidden unit carries, or the heat map again", "look.unit_table"),
    _key("g", "state", "Gates", "Show the next of h, c and the gates, if the lane has them", "look.state"),
    _key("a", "activation", "Activation",
         "Select the next activation function; restarts the lane", "net.activation", "a"),
    _key("plus,equals_sign", "hidden(1)", "More units", "Add hidden units; restarts the lane", "net.more", "+", UNITS),
    _key("minus", "hidden(-1)", "Fewer units", "Remove hidden units; restarts the lane", "net.fewer", "−", UNITS),
    _key("A", "add_lane", "Add a lane", "Add a lane: choose its kind; at most four lanes", "net.add"),
    _key("D", "duplicate_lane", "Duplicate lane", "Add a copy of the lane with its weights and history",
         "net.duplicate"),
    _key("X", "remove_lane", "Remove lane", "Remove the lane; the other lanes keep their history", "net.remove"),
    _key("m", "match", "Match", "Match the FNN's parameters to the recurrent lane, or stop that", "net.match"),
    _key("p", "pick", "Presets", "Choose another experiment", "file.pick", "p"),
    _key("w,ctrl+s", "save", "Save", "Save the settings as a preset of your own", "file.save", "w"),
    _key("o", "open", "Open", "Open a preset, a run, a CSV file or a text", "file.open"),
    _key("E", "open_sweep", "Open a sweep…", "Open the folder of a sweep: maps, curves and tables of its runs",
         "file.sweep"),
    _key("W", "keep", "Save run", "Save the run with its weights and its history", "file.keep"),
    _key("x", "export", "Export", "Export: PyTorch, NumPy, CSV, arrays, a picture, or a command line", "file.export"),
    _key("ctrl+r", "last", "Last run", "Resume the run of the lab that was closed last", "file.last"),
    _key("ctrl+z", "undo", "Undo", "Undo the last change of settings, or the last opening", "file.undo"),
    _key("ctrl+y", "redo", "Redo", "Redo what was undone", "file.redo"),
    _key("f", "drawing", "Forecasts",
         "Draw forecasts over the true values, free-running forecasts, or bars", "look.drawing"),
    _key("y", "log", "Log axis", "Make the loss axis logarithmic or linear", "look.log"),
    _key("n", "norms", "Gradient norm",
         "Draw the gradient norm instead of the loss, or the loss again", "look.norm"),
    _key("right_curly_bracket", "magnify(.5)", "Fewer steps",
         "Show half as many steps in the loss chart", "look.fewer_steps"),
    _key("left_curly_bracket", "magnify(2)", "More steps",
         "Show twice as many steps in the loss chart", "look.more_steps"),
    _key("0", "magnify(0)", "All steps", "Show all steps in the loss chart", "look.all_steps"),
    _key("i", "what_if", "What if",
         "Ask what if: silence a unit, cut the recurrence, flip an input …", "lens.menu", "i"),
    _key("e", "compare", "With, without",
         "Show the nets with the interventions, without them, or the difference", "lens.compare"),
    _key("P", "leave_in", "Leave it in",
         "Apply the interventions: training goes on with them from this step on", "lens.apply"),
    _key("I", "clear", "Clear what if", "Clear the interventions; without any, your own sequence", "lens.clear"),
    _key("d", "describe", "Describe", "Describe the screen in words", "look.describe"),
    _key("T", "write", "Text", "Let the nets write text, after a prompt of your own", "look.text"),
    _key("v", "page", "Page", "Turn the page: learning, or the memory of the nets", "look.page", "v"),
    _key("z", "zoom", "Zoom", "Show only the current panel, or all panels again", "look.zoom"),
    *LESSON_KEYS,
    _key("question_mark", "help", "Help", "Open the help: the current panel and all keys", "app.help", "?"),
    _key("q", "leave", "Quit", "Quit; asks if settings are not saved", "app.quit", "q"),
]  # fmt: skip

PANEL_KEYS = [
    _key("pagedown,shift+down", "read(1)", "Scroll down", "Scroll down in a panel", "panel.read_on"),
    _key("pageup,shift+up", "read(-1)", "Scroll up", "Scroll up in a panel", "panel.read_back"),
]
SLOW_KEYS = [
    _key("right", "go(1)", "Forward", "Go forward by one place", "slow.on"),
    _key("left", "go(-1)", "Back", "Go back by one place", "slow.back"),
    _key("pagedown,tab", "phase(1)", "Next phase", "Go to the next phase", "slow.next_phase"),
    _key("pageup,shift+tab", "phase(-1)", "Previous phase", "Go to the previous phase", "slow.phase_before"),
    _key("home", "go(-1000000)", "First", "Go to the beginning", "slow.first"),
    _key("end", "go(1000000)", "Last", "Go to the end", "slow.last"),
    _key("up", "unit(-1)", "Unit above", "Select the unit above", "slow.unit_up"),
    _key("down", "unit(1)", "Unit below", "Select the unit below", "slow.unit_down"),
    _key("l", "lane", "Lane", "Select the next lane", "slow.lane"),
    _key("space", "play", "Play", "Go forward by itself, until you press it again", "slow.play"),
    _key("a", "alone", "Answer alone",
         "Show the gradient of the last scored answer alone, or of the whole loss", "slow.alone"),
    _key("enter", "apply", "Apply", "At the end: make the update", "slow.apply"),
    _key("shift+down", "read(1)", "Scroll down", "Scroll down in a lesson", "slow.read_on"),
    _key("shift+up", "read(-1)", "Scroll up", "Scroll up in a lesson", "slow.read_back"),
    _key("escape,q,u", "leave", "Cancel", "Cancel; nothing changes", "slow.leave"),
]  # fmt: skip

SWEEP_KEYS = [
    _key("left", "move(-1, 0)", "Left", "Go to the value on the left", "sweep.left"),
    _key("right", "move(1, 0)", "Right", "Go to the value on the right", "sweep.right"),
    _key("up", "move(0, 1)", "Up", "Go to the value above, or the row above", "sweep.up"),
    _key("down", "move(0, -1)", "Down", "Go to the value below, or the row below", "sweep.down"),
    _key("home", "move(-100000, 0)", "First", "Go to the first value, or the first row", "sweep.first"),
    _key("end", "move(100000, 0)", "Last", "Go to the last value, or the last row", "sweep.last"),
    _key("pagedown", "page(1)", "Page down", "In a table: go down by one page", "sweep.page_down"),
    _key("pageup", "page(-1)", "Page up", "In a table: go up by one page", "sweep.page_up"),
    _key(
        "left_square_bracket",
        "third(-1)",
        "Value before",
        "Go to the previous value of a key that is not on the axes",
        "sweep.third_before",
    ),
    _key(
        "right_square_bracket",
        "third(1)",
        "Value after",
        "Go to the next value of a key that is not on the axes",
        "sweep.third_after",
    ),
    _key("v", "drawing", "View", "Show a map, curves, a table of points, or a table of runs", "sweep.view", "v"),
    _key(
        "m",
        "measure",
        "Measure",
        "Show the next measure: held-out loss, accuracy or R², share of solved runs, steps to solve",
        "sweep.measure",
        "m",
    ),
    _key("l", "lane", "Lane", "Show the next lane", "sweep.lane", "l"),
    _key(
        "s", "split", "Split", "Draw a small map or chart for each value of a key, or for each lane", "sweep.split", "s"
    ),
    _key("a", "axis('across')", "Across", "Put the next key on the horizontal axis", "sweep.across", "a"),
    _key("d", "axis('down')", "Down", "Put the next key on the vertical axis", "sweep.down_axis", "d"),
    _key("y", "log", "Log scale", "Make the scale of the measure logarithmic or linear", "sweep.log"),
    _key("o", "sort(1)", "Sort", "Sort the table by the next column", "sweep.sort", "o"),
    _key("O", "sort(-1)", "Sort back", "Sort the table by the previous column", "sweep.sort_back"),
    _key("r", "reverse", "Reverse", "Sort in the other order", "sweep.reverse"),
    _key(
        "enter",
        "run",
        "Open run",
        "Open the run in the lab; of several runs at a point, choose one",
        "sweep.run",
        "enter",
    ),
    _key("x", "export", "Export", "Export a picture of the drawing, or the numbers as CSV", "sweep.export", "x"),
    _key("question_mark", "help", "Help", "Open the help: the drawings and all keys", "sweep.help", "?"),
    _key("escape", "close", "Lab", "Go to the lab", "sweep.close", "esc"),
    _key("q", "quit", "Quit", "Quit; asks if settings are not saved", "sweep.quit", "q"),
]
# The footer of a sweep omits these, in this order, if it has no room for all.
SWEEP_SPARE = (
    "sweep.sort", "sweep.down_axis", "sweep.across", "sweep.lane", "sweep.split", "sweep.quit", "sweep.export",
    "sweep.measure",
)  # fmt: skip

# Keys of dialogs.  Textual has those of lists too; they stay in force beside the keys of the settings.
CANCEL_KEYS = [_key("escape", "dismiss(None)", "Cancel", "Close the dialog; nothing changes", "dialog.cancel")]
READ_KEYS = [
    _key("shift+up,ctrl+up", "read(-1)", "Scroll up", "Scroll up in the text beside a list", "dialog.read_up"),
    _key("shift+down,ctrl+down", "read(1)", "Scroll down", "Scroll down in the text beside a list", "dialog.read_on"),
]
MOVE_KEYS = [
    _key("up", "cursor_up", "Up", "Go up one line", "list.up"),
    _key("down", "cursor_down", "Down", "Go down one line", "list.down"),
    _key("pageup", "page_up", "Page up", "Go up one page", "list.page_up"),
    _key("pagedown", "page_down", "Page down", "Go down one page", "list.page_down"),
    _key("home", "first", "First", "Go to the first line", "list.first"),
    _key("end", "last", "Last", "Go to the last line", "list.last"),
]
OPEN_KEYS = [
    _key("ctrl+o", "open", "Open", "Open the file as it is shown", "data.open"),
    _key("down", "app.focus_next", "Next field", "Go to the next field", "data.next_field"),
    _key("up", "app.focus_previous", "Previous field", "Go to the previous field", "data.field_before"),
]
COLUMN_KEYS = [_key("space", "screen.input", "Input", "Use the column as an input, or stop that", "data.input")]
FOLDER_KEYS = [_key("backspace", "above", "Parent folder", "Go to the parent folder", "data.above")]
YES_KEYS = [
    _key("y", "dismiss(True)", "Yes", "Answer yes", "question.yes"),
    _key("n,escape", "dismiss(False)", "No", "Answer no", "question.no"),
]
FUTURE_KEYS = [
    _key("c", "dismiss('cut')", "Discard", "Discard the steps after the change", "question.cut"),
    _key("f", "dismiss('fork')", "Keep", "Keep these steps as a curve", "question.fork"),
]
WORDS_KEYS = [
    _key("left", "time(-1)", "Earlier", "Go to the previous time step", "words.earlier"),
    _key("right", "time(1)", "Later", "Go to the next time step", "words.later"),
    _key("l", "lane", "Lane", "Select the next lane", "words.lane"),
    _key("g", "state", "Gates", "Show the next of h, c and the gates", "words.state"),
    _key("c", "copy", "Copy", "Copy the description to the clipboard", "words.copy"),
    _key("escape,d,q,enter", "dismiss(None)", "Close", "Close the description", "words.close"),
]
SEED_KEYS = [
    _key("l", "lane", "Lane", "List the seeds by the results of the next lane", "seeds.lane"),
    _key("plus,equals_sign", "resize(1)", "More seeds", "Train one seed more", "seeds.more"),
    _key("minus", "resize(-1)", "Fewer seeds", "Train one seed fewer", "seeds.fewer"),
]
LESSON_LIST_KEYS = [
    _key("r", "restart", "Restart", "Start the lesson from its first page", "lessons.restart"),
    _key("x", "leave", "Leave", "Leave the open lesson; its page is kept", "lessons.leave"),
]
TEXT_KEYS = [
    _key("m", "more", "Write more", "Continue the texts", "text.more"),
    _key("d", "draw(1)", "New draw", "Draw the symbols anew: other texts of the same nets", "text.draw"),
    _key("D", "draw(-1)", "Last draw", "Go back to the draw before", "text.draw_before"),
    _key("enter,i", "prompt", "Prompt", "Type what the nets read first", "text.prompt"),
    _key("left", "temperature(-1)", "Colder", "Lower the temperature: likelier symbols", "text.colder"),
    _key("right", "temperature(1)", "Warmer", "Raise the temperature: more random symbols", "text.warmer"),
    _key("c", "copy", "Copy", "Copy the texts to the clipboard", "text.copy"),
    _key("escape,T,q", "close", "Close", "Close the texts; first the prompt, if it is being typed", "text.close"),
]
HELP_KEYS = [
    _key("slash", "search", "Search", "Search the help for a word", "help.search"),
    _key("w", "words", "Words", "Go to the glossary", "help.words"),
    _key("escape,question_mark,q,enter", "close", "Close", "Close the help; first the search, if it is open",
         "help.close"),
]  # fmt: skip


class PanelKeys(NamedTuple):
    """The part of a panel's declaration that concerns keys.  ``own``: in force while the panel has the focus."""

    number: int
    name: str
    title: str
    own: tuple[Binding, ...]


PANELS: list[PanelKeys] = []
NUMBERS_AFTER = "look.describe"  # the binding after which the number keys are listed


def add_panel(panel: PanelKeys) -> None:
    """Add the number key and the own keys of a panel."""
    PANELS.append(panel)
    PANELS.sort(key=lambda panel: panel.number)
    for table in (named, vim_keys):
        table.cache_clear()


def lab_keys() -> list[Binding]:
    """Return the keys of the lab, including a number key for each panel."""
    at = 1 + next(i for i, binding in enumerate(LAB_KEYS) if binding.id == NUMBERS_AFTER)
    return [*LAB_KEYS[:at], *map(number_key, PANELS), *LAB_KEYS[at:]]


def number_key(panel: PanelKeys) -> Binding:
    """Return the key that goes to a panel: its digit, or its function key from 10 on."""
    n = panel.number
    key = str(n) if n < 10 else f"f{n}"
    return _key(key, f"panel('{panel.name}')", f"Panel {n}", f"Go to panel {n}", f"look.panel_{n}")


def places() -> dict[str, list[Binding]]:
    """Return all keys, by the place where they are in force."""
    return {
        "In the lab": [*lab_keys(), *PANEL_KEYS],
        **{f"In the {panel.title}": list(panel.own) for panel in PANELS if panel.own},
        "In slow motion": SLOW_KEYS,
        "In the list of lessons": LESSON_LIST_KEYS,
        "In a sweep": SWEEP_KEYS,
        "In dialogs": [*CANCEL_KEYS, *READ_KEYS],
        "In lists and texts": MOVE_KEYS,
        "When you open a file": [*OPEN_KEYS, *COLUMN_KEYS, *FOLDER_KEYS],
        "When the lab asks a question": [*YES_KEYS, *FUTURE_KEYS],
        "In the description": WORDS_KEYS,
        "In the list of seeds": SEED_KEYS,
        "In the texts of the nets": TEXT_KEYS,
        "In the help": HELP_KEYS,
    }


@cache
def named() -> Mapping[str, Binding]:
    """Return all keys by their names."""
    return {str(binding.id): binding for bindings in places().values() for binding in bindings}


def moving(**actions: str) -> list[Binding]:
    """Return MOVE_KEYS for a widget that has other names for some of the actions."""
    return [replace(binding, action=actions.get(binding.action, binding.action)) for binding in MOVE_KEYS]


# With vim keys: keys that move like the arrows, and new keys for the bindings that they replace.
VIM = {
    "look.earlier": "left,h", "look.unit_down": "down,j", "look.unit_up": "up,k", "look.later": "right,l",
    "slow.back": "left,h", "slow.unit_down": "down,j", "slow.unit_up": "up,k", "slow.on": "right,l",
    "words.earlier": "left,h", "list.down": "down,j", "list.up": "up,k", "words.later": "right,l",
    "text.colder": "left,h", "text.warmer": "right,l",
    "sweep.left": "left,h", "sweep.down": "down,j", "sweep.up": "up,k", "sweep.right": "right,l", "sweep.lane": "L",
    "look.lane": "L", "slow.lane": "L", "words.lane": "L", "run.pin": "c", "run.unpin": "C",
    "lesson.hint": "Z", "lesson.list": "Q",
}  # fmt: skip
VIM_ARROWS = {"left": "left,h", "down": "down,j", "up": "up,k", "right": "right,l"}


@cache
def vim_keys() -> Mapping[str, str]:
    """Return the keys of the setting ``vim``, by name."""
    own = {str(binding.id): VIM_ARROWS[binding.key] for panel in PANELS for binding in panel.own
           if binding.key in VIM_ARROWS}  # fmt: skip
    return {**VIM, **own}


# The footer omits these, in this order, if it has no room for all.
SPARE = (
    "net.more", "net.fewer", "net.activation", "look.lane", "file.save", "look.page", "file.pick", "run.slow",
    "lens.menu",
    "run.back", "run.step", "look.earlier", "look.later", "run.play",
)  # fmt: skip

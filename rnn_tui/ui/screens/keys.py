"""The keys: every one a named binding, so that a keymap can change it and the help can list it."""

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


KEYS = [
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
    *(_key(str(n), f"panel({n})", f"Panel {n}", f"Go to panel {n}", f"look.panel_{n}") for n in range(1, 7)),
    _key("z", "zoom", "Zoom", "Only the panel you are in, or all again", "look.zoom"),
    _key("question_mark", "help", "Help", "What the panels mean, and every key", "app.help", "?"),
    _key("q", "leave", "Quit", "Quit; asks if settings are not saved", "app.quit", "q"),
]  # fmt: skip

PANEL_KEYS = [
    _key("pagedown,shift+down", "read(1)", "Read on", "Read on in a panel that has more", "panel.read_on"),
    _key("pageup,shift+up", "read(-1)", "Read back", "Read back in a panel", "panel.read_back"),
]
CONTROLS_KEYS = [
    _key("up", "row(-1)", "Setting above", "In the controls: the setting above", "controls.up"),
    _key("down", "row(1)", "Setting below", "In the controls: the setting below", "controls.down"),
    _key("left", "beside(-1)", "Previous value", "In the controls: the value before", "controls.previous"),
    _key("right", "beside(1)", "Next value", "In the controls: the value after", "controls.next"),
    _key("enter", "type", "Type a value", "In the controls: type a value", "controls.type"),
]  # fmt: skip
SLOW_KEYS = [
    _key("right", "go(1)", "On", "In slow motion: one place on", "slow.on"),
    _key("left", "go(-1)", "Back", "In slow motion: one place back", "slow.back"),
    _key("pagedown,tab", "phase(1)", "Next phase", "In slow motion: the next phase", "slow.next_phase"),
    _key("pageup,shift+tab", "phase(-1)", "Phase before", "In slow motion: the phase before", "slow.phase_before"),
    _key("home", "go(-1000000)", "First", "In slow motion: to the beginning", "slow.first"),
    _key("end", "go(1000000)", "Last", "In slow motion: to the end", "slow.last"),
    _key("up", "unit(-1)", "Unit above", "In slow motion: the unit above", "slow.unit_up"),
    _key("down", "unit(1)", "Unit below", "In slow motion: the unit below", "slow.unit_down"),
    _key("l", "lane", "Lane", "In slow motion: the next lane", "slow.lane"),
    _key("enter", "apply", "Apply", "In slow motion, at its end: make the update", "slow.apply"),
    _key("escape,q,u", "leave", "Leave", "In slow motion: leave it, and nothing has happened", "slow.leave"),
]

# With vim keys: what moves as the arrows do, and where the keys that stood there have gone.
VIM = {
    "look.earlier": "left,h", "look.unit_down": "down,j", "look.unit_up": "up,k", "look.later": "right,l",
    "controls.previous": "left,h", "controls.down": "down,j", "controls.up": "up,k", "controls.next": "right,l",
    "slow.back": "left,h", "slow.unit_down": "down,j", "slow.unit_up": "up,k", "slow.on": "right,l",
    "look.lane": "L", "slow.lane": "L", "run.pin": "c", "run.unpin": "C",
}  # fmt: skip

# What the last line leaves out where it has no room for all, in this order.
SPARE = (
    "net.more", "net.fewer", "net.activation", "look.lane", "file.save", "file.pick", "run.slow", "run.back",
    "run.step", "look.earlier", "look.later", "run.play",
)  # fmt: skip

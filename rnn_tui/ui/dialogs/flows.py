"""What the lab asks before it does something: each function opens a dialog and says what its answer leads to.

Only the lab's screen imports it, and not before the first question.
"""

from collections.abc import Callable
from os.path import lexists

from rnn_tui.checkpoints import Checkpoint
from rnn_tui.errors import RnnTuiError, plain
from rnn_tui.presets import store
from rnn_tui.presets.command_line import command_line
from rnn_tui.presets.store import Entry
from rnn_tui.storage.files import found
from rnn_tui.ui.dialogs.base import AskText, Confirm, Future
from rnn_tui.ui.dialogs.description import DEMANDS, Description
from rnn_tui.ui.dialogs.export import Exporting
from rnn_tui.ui.dialogs.help import Help
from rnn_tui.ui.dialogs.open_file import OpenData, Opened
from rnn_tui.ui.dialogs.preset_picker import Picker
from rnn_tui.ui.lab.history_actions import Travel
from rnn_tui.ui.panels.control_rows import Setting, changes_of, parsed
from rnn_tui.ui.training import run_commands, setting_commands
from rnn_tui.ui.training.frame_publisher import News
from rnn_tui.ui.training.training_thread import Player

MOMENT = 0.3  # seconds


def value(lab: Travel, setting: Setting) -> None:
    """A value for a setting, checked as a preset's would be."""
    preset = lab.seen.frame.preset

    def check(text: str) -> str:
        try:
            preset.with_changes(changes_of(preset, setting, parsed(text)))
        except RnnTuiError as error:
            return str(error).split("\n", 1)[-1].strip()
        return ""

    def done(text: str | None) -> None:
        if text is not None:
            lab.set(setting, parsed(text))

    allowed = f": one of {', '.join(setting.choices)}" if isinstance(setting.value, str) else ""
    about = setting.key + allowed
    lab.app.push_screen(AskText(f"Set {setting.label}", about, str(setting.value), check, lab.seen.keys), done)


def preset(lab: Travel) -> None:
    """Another experiment."""

    def done(entry: Entry | None) -> None:
        if entry is not None:
            opened(lab, entry)

    lab.app.push_screen(Picker(lab.seen.name, lab.seen.keys), done)


def opened(lab: Travel, entry: Entry) -> None:
    """Nothing: the preset has been chosen."""
    lab.send(lambda player: player.open(store.load(entry.path)))


def file(lab: Travel) -> None:
    """A preset, a run, a table or a text of the user's own."""

    def done(found: Opened | None) -> None:
        if isinstance(found, Checkpoint):
            lab.send(run_commands.go_on(found))
        elif found is not None:
            lab.send(lambda player: player.open(found))

    lab.app.push_screen(OpenData(lab.seen.keys), done)


def name(lab: Travel) -> None:
    """A name to save the settings under, and once more before an older preset goes."""

    def done(chosen: str | None) -> None:
        if chosen is not None:
            older = f"a preset {chosen!r} of yours" if lexists(store.own_path(chosen)) else ""
            _over(lab, older, lambda: lab.send(setting_commands.save(chosen, over=bool(older))))

    about = f"A name for these settings; they go to {store.own_folder()}"
    proposed = store.proposed_name(lab.seen.name)
    lab.app.push_screen(AskText("Save preset", about, proposed, _complaint, lab.seen.keys), done)


def future(lab: Travel, news: News) -> None:
    """What becomes of a future that was cut off, before one moves on."""
    again = news.again

    def done(answer: str | None) -> None:
        if answer is not None and again is not None:
            lab.send(lambda player: player.session.fork() if answer == "fork" else player.session.cut())
            lab.send(again, travels=True)

    if not isinstance(lab.app.screen, Future):  # a key held down asks once
        lab.app.push_screen(Future(news.text, lab.seen.keys), done)


def step(lab: Travel) -> None:
    """Any step."""
    frame = lab.seen.frame

    def digits(text: str) -> str:
        return text.strip().replace(",", "").replace("_", "")

    def check(text: str) -> str:
        if digits(text).isdecimal() and len(digits(text)) <= 9:
            return ""
        return f"{text.strip()!r}: a step is a whole number from 0 to 999,999,999"

    def done(text: str | None) -> None:
        if text is not None:
            lab.player.seek(int(digits(text)))

    about = f"0 to {frame.last_step:,} have been made; a later one trains up to there"
    lab.app.push_screen(AskText("Go to step", about, str(frame.step), check, lab.seen.keys), done)


def run(lab: Travel) -> None:
    """A file to save the run in, and once more before an older one goes."""

    def check(text: str) -> str:
        if not text.strip():
            return "type a file's name"
        try:
            path = run_commands.with_suffix(text)
            return "" if found(path) in ("", "file") else f"{path}: there already, and no file"
        except RnnTuiError as error:
            return str(error)

    def done(text: str | None) -> None:
        if text is not None:
            path = run_commands.with_suffix(text)
            older = f"a file {plain(path.name)!r}" if found(path) else ""
            _over(lab, older, lambda: lab.send(run_commands.keep(path, over=bool(older))))

    keys = lab.seen.keys
    about = "Weights, optimizer and history, to go on later: {file.open} opens it here, rnn-tui --resume FILE anywhere"
    proposed = run_commands.file_name(lab.seen.name, lab.seen.frame.step)
    lab.app.push_screen(AskText("Save run", keys.say(about), proposed, check, keys), done)


def last(lab: Travel) -> None:
    """The run of the lab that was closed last."""
    found = run_commands.last()
    if found is None:
        lab.app.notify("no run of an earlier lab is kept", markup=False)
    else:
        lab.send(run_commands.take_up(found[0]))


def export(lab: Travel) -> None:
    """What of the run goes out to other programs."""

    def done(choice: str | None) -> None:
        if choice == "picture":
            lab.app.clear_notifications()
            lab.app.set_timer(MOMENT, picture)  # of the lab alone, when the dialog and the notice are gone
        elif choice == "command":
            lab.send(line)
        elif choice is not None:
            lab.send(run_commands.export(choice))

    def line(player: Player) -> str:
        text = command_line(player.file, player.session.preset)  # which may read a large table again
        lab.call_later(lab.app.copy_to_clipboard, text)
        return f"on the clipboard: {text}"

    def picture() -> None:
        name, step = lab.seen.name, lab.seen.frame.step
        svg = lab.app.export_screenshot(title=f"rnn-tui: {name}")
        lab.send(lambda _: run_commands.picture(svg, name, step))

    lab.app.push_screen(Exporting(lab.seen.keys), done)


def keys(lab: Travel) -> None:
    """Nothing: it explains, the panel that has the focus first."""
    lab.app.push_screen(Help(lab.seen.keys, lab.panel.declaration.name if lab.panel else ""))


def words(lab: Travel) -> None:
    """Nothing: it describes."""
    lab.when_frame_has(DEMANDS, lambda: lab.app.push_screen(Description(lab)))


def leave(lab: Travel) -> None:
    """Whether to quit, where settings would be lost."""
    question, busy = "", lab.player.busy
    player = lab.catch_up().player  # what was done before it was asked for is in it
    if busy:
        question = "What the last keys asked for is not done yet. Quit all the same?"
    elif player.unsaved:
        question = "The settings have been changed and are not saved. Quit all the same?"
    elif player.shelved_unsaved:
        question = "A preset that you had open before has changes that are not saved. Quit all the same?"
    if not question:
        lab.quit()
        return
    lab.app.push_screen(Confirm(question, "quit", "stay", lab.seen.keys), lambda yes: lab.quit() if yes else None)


def _over(lab: Travel, older: str, write: Callable[[], object]) -> None:
    """Write, where something ``older`` is there only after a question."""
    if not older:
        write()
        return

    def done(yes: bool | None) -> None:
        if yes:
            write()

    question = f"There is {older} already. Overwrite it?"
    ask = Confirm(question, "overwrite", "keep it", lab.seen.keys)
    lab.app.push_screen(ask, done)


def _complaint(name: str) -> str:
    """Why a preset cannot be saved under that name."""
    try:
        store.own_path(name)
    except RnnTuiError as error:
        return str(error)
    return ""

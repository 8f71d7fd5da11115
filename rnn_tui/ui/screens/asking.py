"""What the lab asks before it does something: each function opens a dialog and says what its answer leads to.

Only the lab's screen imports it, and not before the first question.
"""

from typing import Any, Protocol

from textual.app import App

from rnn_tui import library
from rnn_tui.errors import RnnTuiError
from rnn_tui.library import Entry, PresetFile
from rnn_tui.session.slowmotion import SlowMotion
from rnn_tui.ui.player import Command, Player
from rnn_tui.ui.screens.data import OpenData
from rnn_tui.ui.screens.dialogs import AskText, Confirm
from rnn_tui.ui.screens.help import Help
from rnn_tui.ui.screens.keys import KEYS
from rnn_tui.ui.screens.picker import Picker
from rnn_tui.ui.screens.slow import SlowScreen
from rnn_tui.ui.settings import Setting, changes_of, parsed
from rnn_tui.ui.view import View


class Lab(Protocol):
    """What a question needs of the lab."""

    @property
    def app(self) -> App[Any]: ...

    player: Player

    @property
    def seen(self) -> View: ...

    def send(self, command: Command) -> None: ...

    def set(self, setting: Setting, value: Any) -> None: ...


def value(lab: Lab, setting: Setting) -> None:
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
    lab.app.push_screen(AskText(f"Set {setting.label}", setting.key + allowed, str(setting.value), check), done)


def preset(lab: Lab) -> None:
    """Another experiment."""

    def done(entry: Entry | None) -> None:
        if entry is not None:
            lab.send(lambda player: player.open(library.load(entry.path)))

    lab.app.push_screen(Picker(lab.seen.name), done)


def file(lab: Lab) -> None:
    """A preset, a table or a text of the user's own."""

    def done(found: PresetFile | None) -> None:
        if found is not None:
            lab.send(lambda player: player.open(found))

    lab.app.push_screen(OpenData(), done)


def name(lab: Lab) -> None:
    """A name to save the settings under, and once more before an older preset goes."""

    def done(chosen: str | None) -> None:
        if chosen is None:
            return
        if library.own_path(chosen).exists():
            question = f"There is a preset {chosen!r} of yours already. Overwrite it?"
            lab.app.push_screen(Confirm(question, "overwrite", "keep it"), lambda yes: save(chosen) if yes else None)
        else:
            save(chosen)

    def save(chosen: str) -> None:
        lab.send(lambda player: player.save(chosen))

    about = f"A name for these settings; they go to {library.own_folder()}"
    own = lab.seen.name
    proposed = f"my-{own}" if _complaint(own) else own
    lab.app.push_screen(AskText("Save preset", about, proposed, _complaint), done)


def update(lab: Lab) -> None:
    """Whether to make the next update, after a walk through it."""

    def take(lane: int) -> bool:
        def command(player: Player) -> None:
            screen.post_message(SlowScreen.Taken(taken(player, lane)))

        sent = lab.player.send(command)
        if not sent:
            lab.app.notify("still busy with the keys before this one", severity="warning", markup=False)
        return sent

    def done(slow: SlowMotion | None) -> None:
        if slow is not None:
            lab.send(lambda player: made(player, slow))

    screen = SlowScreen(lab.seen.unit, take)
    lab.app.push_screen(screen, done)
    take(lab.seen.lane)


def taken(player: Player, lane: int) -> SlowMotion:
    """The next update of a lane, which waits while one looks at it."""
    player.play(False)
    return player.session.slow_motion(min(lane, len(player.session.preset.lanes) - 1))


def made(player: Player, slow: SlowMotion) -> str:
    """The update that was looked at, if it is still the next one.  Raises Diverged, where another lane does."""
    if player.session.stamp != slow.stamp:
        return "something has changed meanwhile; nothing was applied"
    player.play(False)
    player.session.forward()
    return f"applied: step {player.session.step:,}"


def keys(lab: Lab) -> None:
    """Nothing: it explains."""
    lab.app.push_screen(Help(KEYS))


def leave(lab: Lab) -> None:
    """Whether to quit, where settings would be lost."""
    player, question = lab.player, ""
    if lab.seen.unsaved or player.busy:
        question = "The settings have been changed and are not saved. Quit all the same?"
    elif player.shelved_unsaved:
        question = "A preset that you had open before has changes that are not saved. Quit all the same?"
    if not question:
        lab.app.exit()
        return
    lab.app.push_screen(Confirm(question, "quit", "stay"), lambda yes: lab.app.exit() if yes else None)


def _complaint(name: str) -> str:
    """Why a preset cannot be saved under that name."""
    try:
        library.own_path(name)
    except RnnTuiError as error:
        return str(error)
    return ""

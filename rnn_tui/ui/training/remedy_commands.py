"""Commands that try what may help."""

from rnn_tui.session.findings.base import Remedy
from rnn_tui.session.findings.trial import trial
from rnn_tui.ui.panels.setting_text import moved
from rnn_tui.ui.training.command_queue import Command
from rnn_tui.ui.training.training_thread import TrainingThread


def try_remedy(remedy: Remedy) -> Command:
    """Return a command that keeps the curves of the run and changes the settings; one undo undoes both."""
    return Command(_try, (remedy,))


def _try(thread: TrainingThread, remedy: Remedy) -> str:
    thread.play(False)
    session = thread.session
    before, last = session.preset, session.last_step
    way = trial(before, remedy, session.step).way
    led = session.change(remedy.changes, pin=True, from_start=remedy.from_start)
    if way == "longer":
        return f"training up to step {session.preset.training.steps:,}"
    kept = f"; curve {len(session.histories.pinned_runs)} is the run before" if last else ""
    resumes = "; {run.play} continues" if way == "edit" and last else ""
    return f"{moved(before, session.preset)}: {led}{kept}{resumes}"

"""Commands that change the lens, or leave its interventions in the nets; each returns a message."""

from collections.abc import Sequence

from rnn_tui.interventions.altered_pass import in_effect
from rnn_tui.interventions.applied import lasting_problem
from rnn_tui.number_format import counted
from rnn_tui.session.own_sequence import own_sequence
from rnn_tui.session.what_if import LaneIntervention, acts_on, with_another
from rnn_tui.ui.training.command_queue import Command
from rnn_tui.ui.training.training_thread import TrainingThread

KEYS = "{lens.compare}: with, without, difference · {lens.clear}: clear"
LEAVE = " · {lens.apply}: leave it in"


def toggle(one: LaneIntervention) -> Command:
    """Return a command that puts an intervention into the lens, or takes it out if it is there."""
    return Command(_toggle, (one,))


def _toggle(thread: TrainingThread, one: LaneIntervention) -> str:
    lens, names = thread.workspace.current.lens, thread.session.preset.names
    if one in lens.what_if:
        lens.change(what_if=tuple(each for each in lens.what_if if each != one))
        return f"no longer: {one.said(names)}"
    lens.change(what_if=with_another(lens.what_if, one))
    return f"what if: {one.said(names)} · {KEYS}{'' if lasting_problem(one.intervention) else LEAVE}"


def clear() -> Command:
    """Return a command that clears the interventions of the lens; without any, the user's own sequence."""
    return Command(_clear)


def _clear(thread: TrainingThread) -> str:
    lens = thread.workspace.current.lens
    if lens.what_if:
        count = counted(len(lens.what_if), "intervention")
        lens.change(what_if=())
        return f"cleared {count}: the nets are as they were"
    if lens.lens.typed:
        return _read(thread, "")
    return "there is nothing to clear; {lens.menu} asks what if"


def apply(ones: Sequence[LaneIntervention] | None = None) -> Command:
    """Return a command that leaves interventions in the nets, so that training goes on with them.

    ``ones``: None: those of the lens.
    """
    return Command(_apply, (ones,))


def _apply(thread: TrainingThread, ones: Sequence[LaneIntervention] | None) -> str:
    lens, session = thread.workspace.current.lens, thread.session
    chosen = lens.what_if if ones is None else tuple(ones)
    names, preset = session.preset.names, session.preset
    lasting = [one for one in chosen if not lasting_problem(one.intervention)]
    if not lasting:
        if not chosen:
            return "there is nothing to leave in; {lens.menu} asks what if"
        said = " and ".join(one.said(names) for one in chosen)
        return f"{said}: that can only be looked at; training cannot go on with it"
    changes = {}
    for lane in range(len(names)):
        own = in_effect([one.intervention for one in lasting if lane in acts_on(one, session.experiment)])
        if own:
            spellings = [each.spelling for each in own]
            changes[f"lanes.{lane}.interventions"] = [*preset.lanes[lane].interventions, *spellings]
    led = session.change(changes)
    if ones is None:
        lens.change(joined=True, what_if=tuple(one for one in chosen if one not in lasting))
    said = ", ".join(one.said(names) for one in lasting)
    rest = [one.said(names) for one in chosen if one not in lasting]
    looked = f"; {' and '.join(rest)} stays what if" if rest else ""
    return f"applied {led}: {said}{looked}"


def read(text: str) -> Command:
    """Return a command that lets the nets read a sequence of the user's own; empty: the held-out one again."""
    return Command(_read, (text,))


def _read(thread: TrainingThread, text: str) -> str:
    lens = thread.workspace.current.lens
    if not text.strip():
        if not lens.lens.typed:
            return ""
        lens.change(typed="")
        return "the held-out sequence again"
    found = own_sequence(thread.session.experiment.task, text)  # raises what is wrong with it
    lens.change(typed=text)
    scored = "" if found.batch.mask.any() else "; the task cannot tell its targets, so that nothing is scored"
    return (
        f"the nets read your sequence, {counted(len(found.batch.x), 'time step')}{scored} · {{run.call_off}} drops it"
    )

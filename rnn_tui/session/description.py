"""Describe in words what the screen shows: for users who cannot see it, and for the command line."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite
from typing import NamedTuple

import numpy as np

from rnn_tui.engine.losses import Answer
from rnn_tui.engine.metric_history import MetricHistory
from rnn_tui.engine.parameters import Array
from rnn_tui.errors import escaped
from rnn_tui.interventions import spelled
from rnn_tui.number_format import counted, percent, significant
from rnn_tui.session.frame import Frame, Lane, state_of
from rnn_tui.session.plateau import schedule_end
from rnn_tui.session.probe_reading import CLOSE, RIGHT, WRONG

LATELY = 10  # a trend is measured over the last tenth of the history, but at least over so many updates
FLAT = 0.02  # a mean whose relative change is smaller is flat
SATURATED = 0.95  # values of tanh or σ nearer to their limits are saturated
STILL = 0.05  # range over the probe below which a unit is almost constant; relative to the maximum if unbounded
MOST = 6  # places that are listed individually
LARGEST = 3  # units that are listed


class Paragraph(NamedTuple):
    title: str
    sentences: list[str]


@dataclass(frozen=True)
class Cursor:
    """The position that is described: a lane, one of its states by the field's name, and a time step."""

    lane: int = 0
    t: int = 0
    state: str = "h"


def describe(
    frame: Frame,
    cursor: Cursor,
    remembered: Sequence[Paragraph] = (),
    summary: str = "",
    seeds: Sequence[str] = (),
    limits: Paragraph | None = None,
) -> list[Paragraph]:
    """Return paragraphs on the run, each lane, the units under the cursor, and the runs saved for comparison.

    ``remembered``: what the nets remember, from diagnostics.  ``summary``: a sentence that comes first.  ``seeds``:
    sentences on further seeds.  ``limits``: what is wrong with the nets or limits them.
    """
    lanes = [Paragraph(lane.label, _about(frame, lane)) for lane in frame.lanes]
    shown = frame.lanes[cursor.lane]
    name = state_of(shown, cursor.state).title
    heading = f"{name[0].upper()}{name[1:]} {cursor.state} of {shown.label} at t = {cursor.t}"
    units = Paragraph(heading, units_at(shown, cursor))
    kept = [Paragraph("Saved curves", _saved_curves(frame))] if frame.pinned_runs else []
    run = Paragraph(f"Step {frame.step:,}", [*filter(None, [summary]), *_run(frame)])
    tried = [Paragraph("Further seeds", list(seeds))] if seeds else []
    return [run, *tried, *filter(None, [limits]), *lanes, *remembered, units, *kept]


def as_lines(paragraphs: list[Paragraph]) -> list[str]:
    """Return the paragraphs as lines: titles, and indented sentences."""
    return [line for title, said in paragraphs for line in (title, *(f"  {sentence}" for sentence in said))]


def _run(frame: Frame) -> list[str]:
    said = [escaped(frame.notice)] if frame.notice else []
    if frame.last_step > frame.step:
        said.append(f"This run has {counted(frame.last_step - frame.step, 'later step')}.")
    if ended := schedule_end(frame.preset.training, frame.step):
        said.append(f"{ended[0].upper()}{ended[1:]}.")
    if frame.own:
        said.append("The probe is a sequence of your own.")
    said.append(f"The probe has {counted(frame.length, 'time step')}, {int((frame.mask > 0).sum()):,} of them scored.")
    each = frame.preset.training.sequence_length
    if frame.length > each:
        said.append(f"The state is carried through {frame.length // each} batches of {counted(each, 'time step')}.")
    if frame.task.loss.answer is Answer.NUMBER:
        said.append(f"An answer counts as right within {CLOSE:g} of the targets' standard deviation.")
    return said


# A lane: its loss, and its answers.


def _about(frame: Frame, lane: Lane) -> list[str]:
    return [*_held_out(frame, lane), trend(lane.losses, frame.step), answered(lane), *_what_if(frame, lane)]


def _what_if(frame: Frame, lane: Lane) -> list[str]:
    """Return sentences on what training goes on with, and on the lane with the interventions of the lens."""
    applied = [spelled(text).said for text in lane.settings.interventions]
    said = [f"Training goes on with: {_listed(applied)}."] if applied else []
    if not frame.what_if:
        return said
    altered = lane.altered
    if altered is None:
        return [*said, "The interventions do not act on this lane."]
    done = _listed([each.said for each in altered.interventions])
    before, after = significant(lane.score.loss), significant(altered.score.loss)
    said.append(f"With {done}, the loss on held-out sequences is {after} instead of {before}.")
    if altered.score.accuracy is not None:
        said.append(f"Then {percent(altered.score.accuracy)} of the answers are right.")
    others = np.flatnonzero(altered.probe.verdicts != lane.verdicts)
    if len(others):
        said.append(f"On the probe {counted(len(others), 'verdict')} changed, the first at t = {others[0]}.")
    return said


def _held_out(frame: Frame, lane: Lane) -> list[str]:
    score, unit = lane.score, frame.task.loss.unit
    if not isfinite(score.loss):
        return ["The loss on held-out sequences is not finite."]
    fit = f", R² {significant(score.r2)}" if score.r2 is not None else ""
    fit = f", {percent(score.accuracy)} of the answers right" if score.accuracy is not None else fit
    said = [f"Loss on held-out sequences {significant(score.loss)}{f' {unit}' if unit else ''}{fit}."]
    best = lane.held_out_losses.until(frame.step).best
    if best is not None and best.loss < score.loss:
        said.append(f"It was lowest at step {best.step:,}: {significant(best.loss)}.")
    distances = _distances(frame, lane)
    return [*said, f"That is {_listed(distances)}."] if distances else said


def _distances(frame: Frame, lane: Lane) -> list[str]:
    """Return the distances from its own floor, and from other lanes' floors that it is below.

    A lane without a floor is also compared with the floors that it is above.
    """
    own = lane.floor.loss if lane.floor is not None else None
    said = []
    for other in frame.lanes:
        if other.floor is None or (other is not lane and other.floor.loss == own):
            continue
        gap = lane.score.loss - other.floor.loss
        if other is not lane and own is not None and gap >= 0:
            continue
        whose = "its floor" if other is lane else f"the floor of {other.label}"
        about = "" if other.floor.exact else f"≈ {other.floor.by} "
        side = "above" if gap >= 0 else "below"
        said.append(f"{significant(abs(gap))} {side} {whose} ({about}{significant(other.floor.loss)})")
    return said


def trend(losses: MetricHistory, step: int) -> str:
    """Return a sentence on the trend of the training loss over the last tenth of the updates before ``step``."""
    begin = _lately(step)
    if step - begin < 4:
        return f"{counted(step, 'update')} so far, too few for a trend."
    middle = (begin + step) // 2
    first, second = losses.mean(begin, middle), losses.mean(middle, step)
    over = f"Over the last {step - begin:,} of {step:,} updates the training loss"
    if not (isfinite(first) and isfinite(second)):
        return f"{over} is not always finite."
    change = second - first
    if abs(change) <= FLAT * abs(first):
        how = "is flat"
    else:
        by = f" by {abs(change / first):.0%}" if first and abs(change / first) < 100 else ""
        how = f"{'falls' if change < 0 else 'rises'}{by}"
    return f"{over} {how}: its mean is {significant(first)} in the first half and {significant(second)} in the second."


def answered(lane: Lane) -> str:
    """Return a sentence on how many answers on the probe are right, and where they are wrong."""
    good, wrong = int((lane.verdicts == RIGHT).sum()), np.flatnonzero(lane.verdicts == WRONG)
    scored = good + len(wrong)
    if not scored:
        return "Nothing on the probe is scored."
    if not len(wrong):
        return (
            f"On the probe {'the one scored answer is' if scored == 1 else f'all {scored:,} scored answers are'} right."
        )
    share = f"{good:,} of {scored:,} scored answers {'is' if good == 1 else 'are'} right ({percent(good / scored, 0)})"
    return f"On the probe {share}; {_where(lane, wrong)}."


def _where(lane: Lane, wrong: Array) -> str:
    """Return the ``wrong`` time steps (n,) in words: each of a few, or the number in each third of the sequence."""
    runs = np.split(wrong, np.flatnonzero(np.diff(wrong) > 1) + 1)
    if len(runs) <= MOST:
        return f"wrong at t = {_listed([f'{run[0]}' if len(run) == 1 else f'{run[0]} to {run[-1]}' for run in runs])}"
    thirds = np.bincount(wrong * 3 // len(lane.verdicts), minlength=3)
    parts = ", ".join(
        f"{n} in the {part}" for n, part in zip(thirds, ("first third", "middle", "last third"), strict=True)
    )
    return f"{len(wrong):,} wrong from t = {wrong[0]} to {wrong[-1]}: {parts} of the sequence"


# The units of a lane.


def units_at(lane: Lane, cursor: Cursor) -> list[str]:
    """Return sentences on the units at the cursor's time step, and on units that are almost constant."""
    values, name, t = lane.states[cursor.state], cursor.state, cursor.t
    now, finite = values[t], np.isfinite(values[t])
    meaning = state_of(lane, name).meaning
    said = [f"{name} is {meaning}."] if meaning else []
    if not finite.all():
        said.append(f"{_of(int((~finite).sum()), len(now))} not finite.")
    if finite.any():
        order = np.argsort(-np.abs(np.where(finite, now, 0)), kind="stable")
        largest = [f"u{unit} {significant(now[unit])}" for unit in order[: min(LARGEST, int(finite.sum()))]]
        said.append(f"Largest of {counted(len(now), 'unit')}: {_listed(largest)}.")
        said += _saturated(lane, cursor)
    return [*said, _still(lane, cursor), *(_changed(values[t - 1], now, t) if t else [])]


def _saturated(lane: Lane, cursor: Cursor) -> list[str]:
    """Return a sentence on how many units are saturated; none for states without limits."""
    state, now = state_of(lane, cursor.state), lane.states[cursor.state][cursor.t]
    if state.limits == (0, 1):
        ends = (now > SATURATED) | (now < 1 - SATURATED)
        return [f"{_of(int(ends.sum()), len(now))} saturated, above {SATURATED:g} or below {1 - SATURATED:.2g}."]
    if state.limits == (-1, 1):
        ends = np.abs(now) > SATURATED
        return [f"{_of(int(ends.sum()), len(now))} saturated, |{cursor.state}| > {SATURATED:g}."]
    return []


def _still(lane: Lane, cursor: Cursor) -> str:
    state, values = state_of(lane, cursor.state), lane.states[cursor.state]
    finite = np.isfinite(values)
    with np.errstate(over="ignore", invalid="ignore"):
        least = STILL
        if state.limits is None:
            least *= float(np.abs(np.where(finite, values, 0)).max())
        reach = values.max(axis=0) - values.min(axis=0)
        still = np.flatnonzero(finite.all(axis=0) & (reach <= least))
    named = f": {_listed([f'u{unit}' for unit in still])}" if 0 < len(still) <= MOST else ""
    most = significant(least)
    return f"{_of(len(still), values.shape[1])} almost constant over the probe, with a range of at most {most}{named}."


def _changed(before: Array, now: Array, t: int) -> list[str]:
    with np.errstate(over="ignore", invalid="ignore"):
        change = now - before
    if not np.isfinite(change).any():
        return []
    unit = int(np.argmax(np.abs(np.where(np.isfinite(change), change, 0))))
    if change[unit] == 0:
        return [f"No unit has changed since t = {t - 1}."]
    way = f"from {significant(before[unit])} to {significant(now[unit])}"
    return [f"Largest change since t = {t - 1}: u{unit} {way} ({significant(change[unit], sign='+')})."]


# Curves that are saved for comparison.


def _saved_curves(frame: Frame) -> list[str]:
    """Return sentences on the last losses of each saved curve, and on the lowest."""
    ends = {
        f"{name} of curve {place} at": losses.mean(_lately(len(losses)), len(losses))
        for place, pin in enumerate(frame.pinned_runs, 1)
        for name, losses in zip(pin.preset.names, pin.losses, strict=True)
    }
    begin = _lately(frame.step)
    present = {f"{lane.label} of this run at": lane.losses.mean(begin, frame.step) for lane in frame.lanes}
    known = {name: loss for name, loss in (ends | present).items() if isfinite(loss)}
    listed = _listed([f"{name} {significant(loss)}" for name, loss in ends.items()])
    said = [f"Mean over the last tenth, at least {LATELY} updates: {listed}."]
    if known:
        lowest = min(known, key=known.__getitem__)
        said.append(f"Lowest, including this run: {lowest} {significant(known[lowest])}.")
    return said


# Words and numbers.


def _lately(step: int) -> int:
    """Return the step at which the last tenth of the steps before ``step`` begins."""
    return max(0, step - max(LATELY, step // 10))


def _of(count: int, units: int) -> str:
    return f"{f'{count:,}' if count else 'None'} of {counted(units, 'unit')} {'are' if count > 1 else 'is'}"


def _listed(words: list[str]) -> str:
    return " and ".join(filter(None, (", ".join(words[:-1]), words[-1])))

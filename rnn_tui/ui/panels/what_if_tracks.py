"""Tracks of the lanes with interventions: what they read, what they answer, and where that is another answer."""

from dataclasses import replace

import numpy as np

from rnn_tui.engine.losses import Answer
from rnn_tui.engine.parameters import Array
from rnn_tui.session.frame import Frame, Lane
from rnn_tui.ui.render.glyphs import NOTHING
from rnn_tui.ui.render.palette import Palette
from rnn_tui.ui.widgets.tracks import Track

OTHER = "≠"
IF = "  if"  # label below that of the lane or input without interventions


def with_interventions(lane: Lane) -> Lane:
    """Return the lane with the states and answers that it has with interventions."""
    return lane if lane.altered is None else replace(lane, probe=lane.altered.probe)


def read_with(frame: Frame) -> Array | None:
    """Return the inputs (T, I) as the first lane reads them whose inputs are altered; None if there is none."""
    for lane in frame.lanes:
        if lane.altered is not None and not np.array_equal(lane.altered.inputs, frame.inputs):
            return lane.altered.inputs
    return None


def changed_answers(frame: Frame, lane: Lane) -> Array:
    """Return where (T,) the answer is another one: another class or bit, or another number."""
    if lane.altered is None:
        return np.zeros(frame.length, bool)
    before, after = lane.answers, lane.altered.probe.answers
    if frame.task.loss.answer is Answer.BIT:
        return np.asarray((before > 0.5) != (after > 0.5))
    if frame.task.loss.answer is Answer.CLASS:
        return np.asarray(before != after)
    return np.asarray(np.abs(after - before) > 0.01 * max(float(np.ptp(before)), 1e-9))


def other_inputs(track: Track, before: Array, after: Array, colors: Palette) -> Track:
    """Return the track of an altered input, below that of the intact one: only the time steps that differ are bright.

    ``before``, ``after``: (T,) or (T, I).
    """
    differs = (before != after).reshape(len(before), -1).any(axis=1)
    inks = [colors.text if other else colors.muted for other in differs]
    cells = [cell if other else NOTHING for cell, other in zip(track.cells, differs, strict=True)]
    return Track(IF, colors.text, cells, inks, solid=track.solid)


def other_answers(frame: Frame, lane: Lane, tracks: list[Track], color: str, colors: Palette) -> list[Track]:
    """Return the tracks of a lane with interventions with their labels, and with ≠ in place of the verdicts."""
    differs = changed_answers(frame, lane)
    marks = [OTHER if other else NOTHING for other in differs]
    inks = [colors.text if other else colors.muted for other in differs]
    return [*tracks[:-1], Track(f"{int(differs.sum())} {OTHER}", color, marks, inks, solid=False)]

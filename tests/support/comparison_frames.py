"""Frames whose lanes have the losses that a test gives them."""

from ast import literal_eval
from dataclasses import replace
from functools import cache

from support.widget_hosts import made

RNN, GRU, LSTM = ({"kind": kind} for kind in ("rnn", "gru", "lstm"))


def fnn(window, name=""):
    return {"kind": "fnn", "window": window, "name": name}


def put(frame, *ends, references=None):
    """The frame with each lane's (loss, accuracy), and its floor where a third is given."""
    lanes = [
        replace(
            lane, held_out=replace(lane.score, loss=end[0], accuracy=end[1]), floor=end[2] if end[2:] else lane.floor
        )
        for lane, end in zip(frame.lanes, ends, strict=True)
    ]
    return replace(frame, lanes=tuple(lanes), references=references or frame.references)


def frame_with(task, *lanes):
    return _frame(repr(task), *map(repr, lanes))


@cache
def _frame(task, *lanes):
    return made(*map(literal_eval, lanes), task=literal_eval(task), training={"sequence_length": 40}, steps=1)

"""Presets with a lane more or a lane fewer.  The initial weights of the other lanes stay the same."""

from rnn_tui.errors import RnnTuiError
from rnn_tui.presets.lane_settings import MOST_LANES, FeedForwardLane, LaneSettings
from rnn_tui.presets.preset import Preset

LONGEST_NAME = 24  # characters


def added(preset: Preset, like: int, kind: str) -> Preset:
    """Return the preset with a further lane of a kind, with all settings that it has in common with the lane ``like``.

    Its initial weights are its own.  Raises RnnTuiError if there are four lanes.
    """
    _room(preset)
    number, before = len(preset.lanes), preset.lanes[like]
    used = {preset.lane_seed(i) for i in range(number)}
    seed = None if number not in used else next(free for free in range(number + 1) if free not in used)
    lanes = [*preset.lanes, before.with_values(name="", seed=seed)]
    return preset.with_values(lanes=lanes).with_changes({f"lanes.{number}.kind": kind})


def duplicated(preset: Preset, lane: int) -> Preset:
    """Return the preset with a copy of a lane at the end, with the same initial weights.

    Raises RnnTuiError if there are four lanes.
    """
    _room(preset)
    before = preset.lanes[lane]
    copy = before.with_values(name=_name_of_copy(preset, before), seed=preset.lane_seed(lane))
    return preset.with_values(lanes=[*preset.lanes, copy])


def without(preset: Preset, lane: int) -> Preset:
    """Return the preset without a lane; a net that matches it keeps its size.  Raises RnnTuiError for the only lane."""
    if len(preset.lanes) == 1:
        raise RnnTuiError("the only lane cannot be removed; add another one first")
    return preset.with_values(lanes=[_moved(preset, i, lane) for i in range(len(preset.lanes)) if i != lane])


def full(preset: Preset) -> str:
    """Return why no lane can be added; empty if one can."""
    return (
        f"there are {MOST_LANES} lanes, which is the limit; remove one first" if len(preset.lanes) == MOST_LANES else ""
    )


def _room(preset: Preset) -> None:
    if problem := full(preset):
        raise RnnTuiError(problem)


def _name_of_copy(preset: Preset, lane: LaneSettings) -> str:
    """Return a free name; empty if the lane is named after its kind, since the copy is then numbered anyway."""
    if lane.name in ("", lane.kind.upper()):
        return ""
    names = (f"{lane.name[: LONGEST_NAME - 2].rstrip()} {number}" for number in range(2, MOST_LANES + 2))
    return next(name for name in names if name not in preset.names)


def _moved(preset: Preset, number: int, removed: int) -> LaneSettings:
    """Return a lane as it is when the lane ``removed`` is gone: with the old seed, and the new number of its match."""
    lane, place = preset.lanes[number], number - (number > removed)
    seed = preset.lane_seed(number)
    lane = lane.with_values(seed=None if seed == place else seed)
    if isinstance(lane, FeedForwardLane) and lane.match is not None:
        match = None if lane.match == removed else lane.match - (lane.match > removed)
        return lane.with_values(match=match)
    return lane

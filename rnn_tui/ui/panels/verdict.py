"""What the numbers say, in one sentence: the lesson of the comparison."""

from rnn_tui.session.frame import Frame, Lane

NEAR = 0.02  # of the floor: as near as a lane sits on it


def verdict(frame: Frame) -> str:
    """About the lane with a window and the best lane without one."""
    windowed = [lane for lane in frame.lanes if hasattr(lane.settings, "window") and lane.floor is not None]
    others = [lane for lane in frame.lanes if not hasattr(lane.settings, "window")]
    if frame.step == 0:
        return "Untrained: nobody knows anything yet. Press space to train, → to walk through time."
    if not windowed:
        return _baseline(frame)
    lane = windowed[0]
    best = min(others, key=lambda other: other.score.loss, default=None)
    said = [_about(frame, lane), _beside(lane, best) if best else "", _baseline(frame) if frame.task.is_data else ""]
    return " ".join(sentence for sentence in said if sentence)


def in_short(frame: Frame) -> str:
    """The same in half a line, empty where there is no floor to speak of."""
    windowed = [lane for lane in frame.lanes if hasattr(lane.settings, "window") and lane.floor is not None]
    others = [lane for lane in frame.lanes if not hasattr(lane.settings, "window")]
    if not windowed or not others:
        return ""
    lane, best = windowed[0], min(others, key=lambda other: other.score.loss)
    assert lane.floor is not None
    below = lane.floor.loss - best.score.loss
    side = "below" if below > 0 else "above"
    return f"{best.label} is {abs(below):.3f} {side} the floor of {lane.label}, {lane.floor.loss:.3f}"


def _about(frame: Frame, lane: Lane) -> str:
    assert lane.floor is not None
    gap = lane.score.loss - lane.floor.loss
    seen = "1 input" if getattr(lane.settings, "window", 1) == 1 else "its window"
    if not lane.floor.exact:
        by = "counting" if frame.task.symbols else "a linear predictor"
        return f"{lane.label} is {abs(gap):.3f} {'better' if gap < 0 else 'worse'} than {by} with {seen}."
    if gap <= NEAR * max(lane.floor.loss, 0.1):
        return f"{lane.label} sits on its floor {lane.floor.loss:.3f}: {seen} cannot tell more."
    return f"{lane.label} is {gap:.3f} above its floor {lane.floor.loss:.3f}."


def _beside(lane: Lane, best: Lane) -> str:
    assert lane.floor is not None
    below = lane.floor.loss - best.score.loss
    if lane.floor.loss > 0 and below > NEAR * lane.floor.loss:
        return f"{best.label} is {below:.3f} below that floor: it remembers."
    if best.score.loss < lane.score.loss:
        return f"{best.label} is not below that floor yet."
    return f"{best.label} has not found more than that yet."


def _baseline(frame: Frame) -> str:
    """Whether the best lane beats the best predictor without a net."""
    best = min(frame.lanes, key=lambda lane: lane.score.loss)
    reference = min(frame.references, key=lambda r: r.loss)
    verb = "beats" if best.score.loss < reference.loss else "does not beat"
    return f"{best.label} {verb} {reference.name}, {reference.loss:.3f}."

"""A session as a checkpoint, and back.  The player and the command line call it."""

from rnn_tui.checkpoints import Checkpoint, LaneHistory, origin
from rnn_tui.session.experiment import Run
from rnn_tui.session.lane_histories import Bench
from rnn_tui.session.replay_check import note_on
from rnn_tui.session.session import Session
from rnn_tui.session.timeline import BUDGET, Timeline


def checkpoint_of(session: Session, name: str) -> Checkpoint:
    """All of the session but what undo would bring back.  ``name``: of the preset."""
    bench = session.bench
    return Checkpoint(
        name=name,
        settings=tuple((step, run.preset) for step, run in bench.runs),
        lanes=tuple(
            LaneHistory(line.state, line.losses, line.norms, line.kept, line.start.parameters)
            for line in bench.timelines
        ),
        pins=bench.pins,
        undecided=bench.undecided,
        origins=origin.added(session.origins),
    )


def restored(checkpoint: Checkpoint) -> Session:
    """The session as it was; what cannot be had again as it was, its ``replay_note`` says."""
    (_, first), *edits = checkpoint.settings
    session = Session(first)
    runs = [(0, session.run)]
    for step, preset in edits:
        runs.append((step, Run(preset, runs[-1][1])))
    timelines = []
    for lane, history in enumerate(checkpoint.lanes):
        learners = [(step, session.learner(run, lane)) for step, run in runs]
        start = session.bench.timelines[lane].start if history.start is None else learners[0][1].start(history.start)
        budget = BUDGET // len(checkpoint.lanes)
        timelines.append(Timeline.restored(start, history, learners, runs[0][1].batch, budget))
    session.bench = Bench(runs, timelines, checkpoint.pins, checkpoint.undecided)
    session.origins = checkpoint.origins
    session.replay_note = note_on(session)
    return session

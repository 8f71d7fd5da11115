"""Convert a session to a checkpoint, and back."""

from rnn_tui.checkpoints import Checkpoint, LaneHistory, origin
from rnn_tui.session.experiment import Experiment
from rnn_tui.session.lane_histories import LaneHistories
from rnn_tui.session.replay_check import note_on
from rnn_tui.session.session import Session
from rnn_tui.session.timeline import BUDGET, Timeline


def checkpoint_of(session: Session, name: str) -> Checkpoint:
    """Return everything of the session except its undo stack.  ``name``: of the preset.

    Edits after the last step, of a seed that was opened and has not been trained so far, are not part of the run yet.
    """
    histories = session.histories
    made = [(step, experiment) for step, experiment in histories.experiments if step <= histories.last_step]
    return Checkpoint(
        name=name,
        settings=tuple((step, experiment.preset) for step, experiment in made),
        lanes=tuple(
            LaneHistory(line.state, line.losses, line.norms, line.kept, line.start.parameters, line.held_out)
            for line in histories.timelines
        ),
        pinned_runs=histories.pinned_runs,
        undecided=histories.undecided,
        origins=origin.added(session.origins),
    )


def restored(checkpoint: Checkpoint) -> Session:
    """Return the stored session; its ``replay_note`` says if replays on this machine differ."""
    (_, first), *edits = checkpoint.settings
    session = Session(first)
    experiments = [(0, session.experiment)]
    for step, preset in edits:
        experiments.append((step, Experiment(preset, experiments[-1][1])))
    timelines = []
    for lane, history in enumerate(checkpoint.lanes):
        learners = session.learners(experiments, lane)
        start = (
            session.histories.timelines[lane].start if history.start is None else learners[0][1].start(history.start)
        )
        budget, held_out = BUDGET // len(checkpoint.lanes), session.held_out_loss(session.experiment, lane)
        timelines.append(Timeline.restored(start, history, learners, experiments[0][1].batch, budget, held_out))
    session.histories = LaneHistories(experiments, timelines, checkpoint.pinned_runs, checkpoint.undecided)
    session.origins = checkpoint.origins
    session.replay_note = note_on(session)
    return session

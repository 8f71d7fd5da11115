"""A run that is at work: moved through time, changed on the way, and brought back."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import count
from typing import TYPE_CHECKING, Any

from rnn_tui.checkpoints.pinned_run import MOST_PINNED_RUNS
from rnn_tui.engine.training import Buffers, Learner, Metrics
from rnn_tui.errors import RnnTuiError
from rnn_tui.presets.key_paths import differences
from rnn_tui.presets.lane_settings import MOST_LANES
from rnn_tui.presets.mutability import EDITABLE, IDLE, renamed
from rnn_tui.presets.preset import Preset, affordable
from rnn_tui.session.divergence import divergence
from rnn_tui.session.evaluation import Evaluation, evaluate
from rnn_tui.session.experiment import Experiment
from rnn_tui.session.forward_timeline import DivergenceError, advance
from rnn_tui.session.frame import Demand, Frame, frame_of
from rnn_tui.session.lane_histories import LaneHistories
from rnn_tui.session.timeline import BUDGET, Timeline
from rnn_tui.session.undo_stack import Change, UndoStack

if TYPE_CHECKING:
    from rnn_tui.session.update_trace import UpdateTrace


NUMBERS = count()  # of the sessions of this process, since the id of an object is given again


class Session:
    """Every lane sees the same batches, and all stand at the same step.  Deterministic: the bits at a step depend on
    the preset, its seed and the edits before it, not on the way there.

    Attributes:
        origins: where the run was trained before it was opened here (checkpoints/origin.py).
        replay_note: what is not as it was where it was trained, in a sentence; empty where all is.
    """

    def __init__(self, preset: Preset) -> None:
        affordable(preset)
        experiment = Experiment(preset)
        # one set for each lane, whatever becomes of it: for training, and for scoring it
        self._buffers, self._scoring = ([Buffers() for _ in range(MOST_LANES)] for _ in range(2))
        timelines = [self._timeline(experiment, i) for i in range(len(preset.lanes))]
        self.histories = LaneHistories([(0, experiment)], timelines)
        self.undo_stack = UndoStack()
        self._number, self._revision = next(NUMBERS), 0
        self.origins: tuple[Mapping[str, str], ...] = ()
        self.notice = self.replay_note = ""

    @property
    def step(self) -> int:
        return self.histories.step

    @property
    def last_step(self) -> int:
        """The furthest step of the history."""
        return self.histories.last_step

    @property
    def experiment(self) -> Experiment:
        """What the settings in force determine."""
        return self.histories.experiment

    @property
    def preset(self) -> Preset:
        """The settings in force at the present step."""
        return self.experiment.preset

    @property
    def timelines(self) -> Sequence[Timeline]:
        """One for each lane."""
        return self.histories.timelines

    def forward(self, count: int = 1) -> Sequence[Metrics]:
        """Make ``count`` updates of every lane; the metrics of the last one by lane, none where ``count`` is 0.

        Raises:
            DivergenceError: a lane's loss or gradient is not finite; all lanes stay at the step before.
        """
        self.notice = ""
        metrics: Sequence[Metrics] = ()
        try:
            for _ in range(count):
                metrics = advance(self.histories.timelines)
            return metrics
        except DivergenceError as diverged:
            self.notice = divergence(self.preset, diverged.step, self.preset.names[diverged.lane])
            raise

    def back(self, count: int = 1) -> None:
        self.seek(max(0, self.step - count))

    def rewind(self) -> None:
        """Step 0, with the weights of then; the history stays and replays as it was."""
        self.seek(0)

    def seek(self, step: int) -> None:
        """Any step.  Raises DivergenceError where it cannot be reached, as ``forward``."""
        self.approach(step)
        self.forward(step - self.step)

    def approach(self, step: int) -> None:
        """Go as near to ``step`` as can be without an update: what is left are updates forwards."""
        self.notice = ""
        self.histories.approach(step)

    # Runs for comparison.

    def pin(self) -> str:
        """Keep the whole run's curves for comparison.  Raises RnnTuiError where there are none, or no room."""
        if not self.last_step:
            raise RnnTuiError("nothing to keep yet: train first")
        kept, before = self.histories.as_pinned_run(), self.histories.copy()
        for number, pin in enumerate(self.histories.pinned_runs, 1):
            if pin.same_as(kept):
                raise RnnTuiError(f"this run is kept already, as curve {number}")
        self._room_for_a_pin()
        self.histories.pinned_runs += (kept,)
        self._remember(f"keeping curve {len(self.histories.pinned_runs)}", before)
        return f"run kept as curve {len(self.histories.pinned_runs)}"

    def unpin(self) -> str:
        """Take the last of the kept runs away."""
        if not self.histories.pinned_runs:
            return "no run is kept for comparison"
        before = self.histories.copy()
        self.histories.pinned_runs = self.histories.pinned_runs[:-1]
        self._remember(f"dropping curve {len(before.pinned_runs)}", before)
        return f"curve {len(self.histories.pinned_runs) + 1} is gone; undo brings it back"

    def fork(self) -> str:
        """Keep the future that the last change in the past has taken away as a curve.  Raises RnnTuiError."""
        if self.histories.undecided is None:
            return ""
        self._room_for_a_pin()
        self.histories.pinned_runs += (self.histories.undecided,)
        self.cut()
        return f"the old future is kept as curve {len(self.histories.pinned_runs)}"

    def cut(self) -> None:
        """Let that future go; undo brings it back with the settings before."""
        self.histories.undecided = None
        self._revision += 1

    def _room_for_a_pin(self) -> None:
        if len(self.histories.pinned_runs) == MOST_PINNED_RUNS:
            most = MOST_PINNED_RUNS
            raise RnnTuiError(f"{most} runs are kept already, and there is room for no more; take one away first")

    # Settings.

    def change(self, changes: Mapping[str, Any]) -> str:
        """Set dotted keys of the preset; a sentence that says what it led to, empty where nothing changed.

        What is EDITABLE changes from the present step on, and cuts off what had come after it.  What
        shapes one lane restarts that lane; all else restarts every lane.  Raises RnnTuiError or MemoryError, with
        nothing changed.
        """
        before, after = self.preset, self.preset.with_changes(changes)
        if before == after:
            return ""
        changed = differences(before.document(), after.document())
        if not changed <= EDITABLE | IDLE:
            affordable(after)
        if changed <= IDLE:
            self._rename(after)
            self._revision += 1
            return ""
        histories = self.histories.copy()
        said = self._edit(after) if changed <= EDITABLE | IDLE else self._restart(after, changed)
        self._revision += 1
        self.undo_stack.add(Change(before, after), histories)
        return said

    def reseed(self, seed: int | None = None) -> str:
        """Other weights and other batches: the next seed, or this one."""
        seed = (self.preset.training.seed + 1) % 2**63 if seed is None else seed
        return self.change({"training.seed": seed})

    @property
    def stamp(self) -> tuple[object, ...]:
        """Equal as long as nothing has changed, and one has not moved: then a frame is the same too."""
        return (*self.revision, self.step, self.last_step)

    @property
    def revision(self) -> tuple[int, int]:
        """Equal as long as settings, and what is kept for comparison, are the same."""
        return self._number, self._revision

    @property
    def can_undo(self) -> bool:
        return self.undo_stack.can_undo

    @property
    def can_redo(self) -> bool:
        return self.undo_stack.can_redo

    @property
    def all_histories(self) -> list[LaneHistories]:
        """All that it keeps: what undo and redo lead to, and what is at work."""
        return [*self.undo_stack.histories, self.histories]

    def release_buffers(self) -> None:
        """Let go what only work needs: buffers, and the latest sequences."""
        for buffers in (*self._buffers, *self._scoring):
            buffers.release()
        for histories in self.all_histories:
            for _, experiment in histories.experiments:
                experiment.forget()

    def undo(self) -> Change | None:
        """Take the last change back, with the history it cost; which one, or None where there is none."""
        return self._swap(self.undo_stack.undo) if self.can_undo else None

    def redo(self) -> Change | None:
        """Make the change again that was taken back last, with the history it had; which one, or None."""
        return self._swap(self.undo_stack.redo) if self.can_redo else None

    def _swap(self, way: Callable[[LaneHistories], tuple[Change, LaneHistories]]) -> Change:
        change, self.histories = way(self.histories)
        self._revision += 1
        self.notice = ""
        return change

    def trace_update(self, lane: int) -> "UpdateTrace":
        """The next update of a lane, taken apart; it is not made, and nothing changes."""
        from rnn_tui.session.update_trace import trace_update  # the first frame does not need it

        return trace_update(self._frame(Demand.NOTHING, [lane]), lane, self.histories.timelines, self.stamp)

    def evaluate(self) -> Evaluation:
        """Evaluate every lane on the held-out sequences, as it is now."""
        return evaluate(self, self._scoring)

    def frame(self, demands: Demand = Demand.EVERYTHING) -> Frame:
        """The session as it is: what is demanded is computed, and nothing else."""
        return self._frame(demands, range(len(self.histories.timelines)))

    def _frame(self, demands: Demand, shown: Iterable[int]) -> Frame:
        """With these lanes."""
        return frame_of(self.histories, demands, shown, self._scoring, self.notice)

    def _rename(self, after: Preset) -> None:
        """Take over what learning does not see, wherever in time one stands."""
        presets = [renamed(experiment.preset, after) for _, experiment in self.histories.experiments]
        for (_, experiment), preset in zip(self.histories.experiments, presets, strict=True):
            experiment.preset = preset

    def _edit(self, after: Preset) -> str:
        """Learn otherwise from here on."""
        histories, step, experiment = self.histories, self.step, Experiment(after, self.experiment)
        future, learners = histories.future(), [self.learner(experiment, i) for i in range(len(histories.timelines))]
        # from here on nothing fails
        self.notice = ""
        histories.undecided = future or histories.undecided
        histories.experiments = [(at, old) for at, old in histories.experiments if at < step] + [(step, experiment)]
        for timeline, learner in zip(histories.timelines, learners, strict=True):
            timeline.edit(learner)
        training = after.training
        rate = f", where the learning rate is {training.learning_rate_at(step):.3g}"
        falling = rate if training.schedule != "constant" else ""
        lost = f"; going on asks what becomes of the {future.last_step - step:,} later steps" if future else ""
        return f"from step {step:,} on{falling}{lost}"

    def _restart(self, after: Preset, changed: set[str]) -> str:
        """Begin again at step 0: one lane where only that lane changed, else all of them."""
        before, histories = self.preset, self.histories
        touched = {int(key.split(".")[1]) for key in changed if key.startswith("lanes.")}
        alone = len(histories.experiments) == 1 and all(key.startswith("lanes.") for key in changed)
        kept = set(range(len(after.lanes))) - touched if alone and len(after.lanes) == len(before.lanes) else set()
        experiment = Experiment(after, self.experiment)
        timelines = [
            histories.timelines[i].copy(experiment.batch) if i in kept else self._timeline(experiment, i)
            for i in range(len(after.lanes))
        ]
        histories = LaneHistories([(0, experiment)], timelines, histories.pinned_runs)
        histories.approach(0)
        self.histories, self.notice = histories, ""
        if kept:
            names = " and ".join(after.names[i] for i in sorted(touched))
            return f"{names} restart{'s' if len(touched) == 1 else ''} from step 0; the other lanes keep their history"
        return "all lanes restart from step 0"

    def _timeline(self, experiment: Experiment, lane: int) -> Timeline:
        edits, budget = [(0, self.learner(experiment, lane))], BUDGET // len(experiment.preset.lanes)
        return Timeline(experiment.start(lane), edits, experiment.batch, budget)

    def learner(self, experiment: Experiment, lane: int) -> Learner:
        """How a lane learns in one of the session's experiments; all of them take turns with the same buffers."""
        return experiment.learner(lane, self._buffers[lane])

    def _remember(self, said: str, before: LaneHistories) -> None:
        """Something that changed no settings, and the histories before it."""
        self._revision += 1
        self.undo_stack.add(Change(self.preset, self.preset, said), before)

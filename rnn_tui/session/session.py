"""A session: a run that can be stepped forward and backward, changed, and undone."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import count
from typing import TYPE_CHECKING, Any

from rnn_tui.checkpoints.pinned_run import MOST_PINNED_RUNS
from rnn_tui.engine.training import Buffers, Learner, Metrics
from rnn_tui.errors import RnnTuiError
from rnn_tui.number_format import counted
from rnn_tui.presets.key_paths import differences
from rnn_tui.presets.lane_list import added, duplicated, without
from rnn_tui.presets.lane_settings import MOST_LANES
from rnn_tui.presets.mutability import EDITABLE, IDLE, INTERVENTIONS, renamed
from rnn_tui.presets.preset import Preset, affordable
from rnn_tui.session.divergence import divergence
from rnn_tui.session.evaluation import Evaluation, evaluate
from rnn_tui.session.experiment import Experiment
from rnn_tui.session.forward_timeline import DivergenceError, advance
from rnn_tui.session.frame import Demand, Frame, frame_of
from rnn_tui.session.held_out_loss import HeldOutLoss
from rnn_tui.session.lane_histories import LaneHistories
from rnn_tui.session.own_sequence import OwnSequence
from rnn_tui.session.timeline import BUDGET, Timeline
from rnn_tui.session.undo_stack import Change, UndoStack
from rnn_tui.session.what_if import WhatIf

if TYPE_CHECKING:
    from rnn_tui.session.update_trace import UpdateTrace


NUMBERS = count()  # unique numbers of sessions; ids of objects are reused


class Session:
    """A run of several lanes, which see the same batches and are always at the same step.

    It is deterministic: the bits at a step depend on the preset, its seed and the edits before it, not on the order in
    which steps were visited.

    Attributes:
        origins: where the run was trained before it was opened (checkpoints/origin.py).
        notice: a message about the last operation, such as a divergence, or empty.
        replay_note: a sentence on how replays on this machine differ; empty if they do not.
    """

    def __init__(self, preset: Preset) -> None:
        affordable(preset)
        experiment = Experiment(preset)
        # one set of buffers for each possible lane, for training and for scoring
        self._buffers, self._scoring = ([Buffers() for _ in range(MOST_LANES)] for _ in range(2))
        timelines = [self._timeline([(0, experiment)], i) for i in range(len(preset.lanes))]
        self.histories = LaneHistories([(0, experiment)], timelines)
        self.undo_stack = UndoStack()
        self._number, self._revision = next(NUMBERS), 0
        self._diverged: tuple[tuple[object, ...], int] | None = None  # the stamp then, and the lane
        self.origins: tuple[Mapping[str, str], ...] = ()
        self.notice = self.replay_note = ""

    @property
    def step(self) -> int:
        return self.histories.step

    @property
    def last_step(self) -> int:
        """The last step of the history."""
        return self.histories.last_step

    @property
    def experiment(self) -> Experiment:
        """The experiment with the present settings."""
        return self.histories.experiment

    @property
    def preset(self) -> Preset:
        """The settings at the present step."""
        return self.experiment.preset

    @property
    def timelines(self) -> Sequence[Timeline]:
        """One for each lane."""
        return self.histories.timelines

    def forward(self, count: int = 1) -> Sequence[Metrics]:
        """Make ``count`` updates of every lane and return the metrics of the last one by lane; empty if ``count`` is 0.

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
            self._diverged = self.stamp, diverged.lane
            raise

    def back(self, count: int = 1) -> None:
        """Go back ``count`` steps, at most to step 0."""
        self.seek(max(0, self.step - count))

    def rewind(self) -> None:
        """Go to step 0; the history is preserved and can be replayed."""
        self.seek(0)

    def seek(self, step: int) -> None:
        """Go to any step.  Raises DivergenceError, as ``forward``."""
        self.approach(step)
        self.forward(step - self.step)

    def approach(self, step: int) -> None:
        """Go to the nearest step before ``step`` that needs no update; the rest takes updates forward."""
        self.notice = ""
        self.histories.approach(step)

    # Runs for comparison.

    def pin(self) -> str:
        """Save the run's curves for comparison; return a message.  Raises RnnTuiError if there are none, or no room."""
        if not self.last_step:
            raise RnnTuiError("nothing to save yet; train first")
        kept, before = self.histories.as_pinned_run(), self.histories.copy()
        for number, pin in enumerate(self.histories.pinned_runs, 1):
            if pin.same_as(kept):
                raise RnnTuiError(f"this run is saved already, as curve {number}")
        self._room_for_a_pin()
        self.histories.pinned_runs += (kept,)
        self._remember(f"saving curve {len(self.histories.pinned_runs)}", before)
        return f"run saved as curve {len(self.histories.pinned_runs)}"

    def unpin(self) -> str:
        """Remove the last run saved for comparison; return a message."""
        if not self.histories.pinned_runs:
            return "no run is saved for comparison"
        before = self.histories.copy()
        self.histories.pinned_runs = self.histories.pinned_runs[:-1]
        self._remember(f"removing curve {len(before.pinned_runs)}", before)
        return f"curve {len(self.histories.pinned_runs) + 1} removed"

    def fork(self) -> str:
        """Save the later steps that the last change has removed as a curve; return a message.  Raises RnnTuiError."""
        if self.histories.undecided is None:
            return ""
        self._room_for_a_pin()
        self.histories.pinned_runs += (self.histories.undecided,)
        self.cut()
        return f"later steps saved as curve {len(self.histories.pinned_runs)}"

    def cut(self) -> None:
        """Discard those later steps; undo restores them with the settings before."""
        self.histories.undecided = None
        self._revision += 1

    def _pin_unsaved(self) -> None:
        """Save the run's curves, unless it has none or they are saved."""
        run = self.histories.as_pinned_run()
        if self.last_step and not any(pin.same_as(run) for pin in self.histories.pinned_runs):
            self._room_for_a_pin()
            self.histories.pinned_runs += (run,)

    def _room_for_a_pin(self) -> None:
        if len(self.histories.pinned_runs) == MOST_PINNED_RUNS:
            most = MOST_PINNED_RUNS
            raise RnnTuiError(f"{most} runs are saved already, which is the limit; remove one first")

    # Settings.

    def change(self, changes: Mapping[str, Any], pin: bool = False, from_start: bool = False) -> str:
        """Set dotted keys of the preset and return a message on the effect; empty if nothing changed.

        EDITABLE keys change from the present step on and remove the later steps.  Changes to one lane's architecture
        restart that lane; all other changes restart every lane.

        Args:
            pin: first save the curves of the run, unless it has none or they are saved; one undo undoes both.
            from_start: go to step 0 first; undo returns to the present step.

        Raises:
            RnnTuiError, MemoryError: nothing was changed.
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
        histories = self.histories
        self.histories = histories.copy()
        try:
            if pin:
                self._pin_unsaved()
            if from_start:
                self.histories.approach(0)
            # an intervention at step 0 is a part of the initial weights
            restarts = not changed <= EDITABLE | IDLE or (self.step == 0 and changed & INTERVENTIONS)
            said = self._restart(after, changed) if restarts else self._edit(after)
            if pin and not restarts:  # the later steps are part of the saved curves
                self.histories.undecided = histories.undecided
        except BaseException:
            self.histories = histories
            raise
        self._revision += 1
        self.undo_stack.add(Change(before, after), histories)
        return said

    # Lanes.

    def add_lane(self, like: int, kind: str) -> str:
        """Add a lane of a kind with the settings of the lane ``like``, and go to step 0; return a message.

        Raises:
            RnnTuiError, MemoryError: nothing was changed.
        """
        after, every = added(self.preset, like, kind), range(len(self.preset.lanes))
        affordable(after)
        self._rearrange(lambda preset: added(preset, like, kind), [*every, None], f"adding {after.names[-1]}")
        self.histories.approach(0)
        kept = "; it starts at step 0, and the other lanes keep their history" if self.last_step else ""
        return f"{after.names[-1]} added{kept}"

    def duplicate_lane(self, lane: int) -> str:
        """Add a copy of a lane with its history; return a message.  Raises RnnTuiError, MemoryError."""
        name, every = self.preset.names[lane], range(len(self.preset.lanes))
        affordable(duplicated(self.preset, lane))
        self._rearrange(lambda preset: duplicated(preset, lane), [*every, lane], f"duplicating {name}")
        return f"{self.preset.names[-1]} is a copy of {name} with the same weights and history"

    def remove_lane(self, lane: int) -> str:
        """Remove a lane; the others keep their history.  Return a message.  Raises RnnTuiError for the only lane."""
        name, every = self.preset.names[lane], range(len(self.preset.lanes))
        self._rearrange(lambda preset: without(preset, lane), [i for i in every if i != lane], f"removing {name}")
        return f"{name} removed"

    def _rearrange(self, edit: Callable[[Preset], Preset], sources: Sequence[int | None], said: str) -> None:
        """Change which lanes there are, at every step of the history.

        Args:
            edit: returns the settings with the new lanes.
            sources: for each new lane, the number of the old lane whose history it gets; None: it starts at step 0.
            said: describes the change for undo.
        """
        before, histories = self.preset, self.histories
        experiments = [(step, Experiment(edit(old.preset), old)) for step, old in histories.experiments]
        timelines = []
        for lane, source in enumerate(sources):
            new = self._timeline(experiments, lane)
            timelines.append(new if source is None else histories.timelines[source].moved(new))
        self.histories = replace(histories, experiments=experiments, timelines=timelines)
        self.notice = ""
        self._revision += 1
        self.undo_stack.add(Change(before, self.preset, said), histories)

    def reseed(self, seed: int | None = None) -> str:
        """Change the seed to ``seed``, or to the next one, for other weights and batches; return a message."""
        seed = (self.preset.training.seed + 1) % 2**63 if seed is None else seed
        return self.change({"training.seed": seed})

    def restart_with_seed(self, seed: int) -> str:
        """Restart every lane with another seed, and with the same edits at the same steps; return a message.

        Undo restores the run before.
        """
        before, histories = self.preset, self.histories
        experiments: list[tuple[int, Experiment]] = []
        for step, old in histories.experiments:
            training = old.preset.training.with_values(seed=seed)
            known = experiments[0][1] if experiments else old
            experiments.append((step, Experiment(old.preset.with_values(training=training), known)))
        timelines = [self._timeline(experiments, lane) for lane in range(len(before.lanes))]
        self.histories = LaneHistories(experiments, timelines, histories.pinned_runs)
        self.notice = ""
        self._revision += 1
        self.undo_stack.add(Change(before, self.preset, f"opening seed {seed}"), histories)
        return f"seed {seed} in place of seed {before.training.seed}"

    @property
    def stamp(self) -> tuple[object, ...]:
        """A value that stays equal while the settings, the step and the history, and so a frame, stay the same."""
        return (*self.revision, self.step, self.last_step)

    @property
    def diverged(self) -> int | None:
        """The lane whose update from the present state was not finite; None if that has not happened."""
        stamp, lane = self._diverged or ((), None)
        return lane if stamp == self.stamp else None

    @property
    def revision(self) -> tuple[int, int]:
        """A value that stays equal while the settings and the pinned runs stay the same."""
        return self._number, self._revision

    @property
    def can_undo(self) -> bool:
        return self.undo_stack.can_undo

    @property
    def can_redo(self) -> bool:
        return self.undo_stack.can_redo

    @property
    def all_histories(self) -> list[LaneHistories]:
        """All histories in memory: those of undo and redo, and the present one."""
        return [*self.undo_stack.histories, self.histories]

    def release_buffers(self) -> None:
        """Free buffers and the latest sequences, which can be made again."""
        for buffers in (*self._buffers, *self._scoring):
            buffers.release()
        for histories in self.all_histories:
            for _, experiment in histories.experiments:
                experiment.forget()

    def undo(self) -> Change | None:
        """Undo the last change and restore the history before it; return the change, or None if there is none."""
        return self._swap(self.undo_stack.undo) if self.can_undo else None

    def redo(self) -> Change | None:
        """Redo the change undone last and restore the history after it; return the change, or None."""
        return self._swap(self.undo_stack.redo) if self.can_redo else None

    def _swap(self, way: Callable[[LaneHistories], tuple[Change, LaneHistories]]) -> Change:
        change, self.histories = way(self.histories)
        self._revision += 1
        self.notice = ""
        return change

    def trace_update(self, lane: int) -> "UpdateTrace":
        """Return the next update of a lane in detail, without applying it."""
        from rnn_tui.session.update_trace import trace_update  # not needed for the first frame

        return trace_update(self._frame(Demand.NOTHING, [lane]), lane, self.histories.timelines, self.stamp)

    def evaluate(self) -> Evaluation:
        """Evaluate every lane in its present state on the held-out sequences."""
        return evaluate(self, self._scoring)

    def frame(self, demands: Demand = Demand.EVERYTHING, what_if: WhatIf = (), own: OwnSequence | None = None) -> Frame:
        """Return a frame of the present step; only what is demanded is computed.  The session does not change.

        Args:
            what_if: interventions that it shows beside the intact lanes.
            own: a sequence of the user's own, which is the probe in place of the first held-out sequence.
        """
        return self._frame(demands, range(len(self.histories.timelines)), what_if, own)

    def _frame(
        self, demands: Demand, shown: Iterable[int], what_if: WhatIf = (), own: OwnSequence | None = None
    ) -> Frame:
        """Return a frame with the lanes ``shown``."""
        shared = self.histories, demands, shown, self._scoring, self.notice
        return frame_of(*shared, what_if, own, self.diverged)

    def _rename(self, after: Preset) -> None:
        """Apply changes without influence on learning to the settings of all steps."""
        presets = [renamed(experiment.preset, after) for _, experiment in self.histories.experiments]
        for (_, experiment), preset in zip(self.histories.experiments, presets, strict=True):
            experiment.preset = preset

    def _edit(self, after: Preset) -> str:
        """Change the learners from the present step on; return a message."""
        histories, step, experiment = self.histories, self.step, Experiment(after, self.experiment)
        before = [old for at, old in histories.experiments if at < step][-1:]
        learners = [experiment.learner(i, self._buffers[i], *before) for i in range(len(histories.timelines))]
        future = histories.future()
        # nothing below can fail
        self.notice = ""
        histories.undecided = future or histories.undecided
        histories.experiments = [(at, old) for at, old in histories.experiments if at < step] + [(step, experiment)]
        for timeline, learner in zip(histories.timelines, learners, strict=True):
            timeline.edit(learner)
        training = after.training
        rate = f", with a learning rate of {training.learning_rate_at(step):.3g}"
        falling = rate if training.schedule != "constant" else ""
        count = counted(future.last_step - step, "later step") if future else ""
        lost = f"; continuing will ask whether to keep or discard the {count}" if future else ""
        return f"from step {step:,} on{falling}{lost}"

    def _restart(self, after: Preset, changed: set[str]) -> str:
        """Restart at step 0: one lane if only that lane changed, otherwise all lanes; return a message."""
        before, histories = self.preset, self.histories
        touched = {int(key.split(".")[1]) for key in changed if key.startswith("lanes.")}
        alone = len(histories.experiments) == 1 and all(key.startswith("lanes.") for key in changed)
        kept = set(range(len(after.lanes))) - touched if alone and len(after.lanes) == len(before.lanes) else set()
        experiment = Experiment(after, self.experiment)
        timelines = [
            histories.timelines[i].copy(experiment.batch, self.held_out_loss(experiment, i))
            if i in kept
            else self._timeline([(0, experiment)], i)
            for i in range(len(after.lanes))
        ]
        histories = LaneHistories([(0, experiment)], timelines, histories.pinned_runs)
        histories.approach(0)
        self.histories, self.notice = histories, ""
        if kept:
            names = " and ".join(after.names[i] for i in sorted(touched))
            return f"{names} restart{'s' if len(touched) == 1 else ''} from step 0; the other lanes keep their history"
        return "all lanes restart from step 0"

    def _timeline(self, experiments: Sequence[tuple[int, Experiment]], lane: int) -> Timeline:
        """Return the timeline of a lane at step 0; ``experiments``: (step, the experiment from that step on)."""
        edits, (_, first) = self.learners(experiments, lane), experiments[0]
        budget = BUDGET // len(first.preset.lanes)
        return Timeline(first.start(lane), edits, first.batch, budget, self.held_out_loss(first, lane))

    def held_out_loss(self, experiment: Experiment, lane: int) -> HeldOutLoss:
        """Return the measure of a lane's held-out loss, with the session's buffers for scoring it."""
        return HeldOutLoss(experiment.held_out, self._scoring[lane])

    def learners(self, experiments: Sequence[tuple[int, Experiment]], lane: int) -> list[tuple[int, Learner]]:
        """Return (step, the learner from that step on) of a lane, with the session's buffers for it."""
        (_, first), *later = experiments
        return first.learners(lane, later, self._buffers[lane])

    def _remember(self, said: str, before: LaneHistories) -> None:
        """Add a change other than of settings to the undo stack, with the histories before it."""
        self._revision += 1
        self.undo_stack.add(Change(self.preset, self.preset, said), before)

"""A run that is at work: moved through time, changed on the way, and brought back."""

from collections.abc import Callable, Iterable, Mapping
from itertools import count
from typing import TYPE_CHECKING, Any

from rnn_tui.checkpoints.pinned_run import MOST_PINS
from rnn_tui.engine.training import Buffers, Learner
from rnn_tui.errors import RnnTuiError
from rnn_tui.presets.key_paths import differences
from rnn_tui.presets.lane_settings import MOST_LANES
from rnn_tui.presets.mutability import EDITABLE, IDLE, renamed
from rnn_tui.presets.preset import Preset, affordable
from rnn_tui.session.divergence import divergence
from rnn_tui.session.experiment import Run
from rnn_tui.session.frame import Demand, Frame, frame_of
from rnn_tui.session.lane_histories import Bench
from rnn_tui.session.timeline import BUDGET, Diverged, Timeline
from rnn_tui.session.undo_stack import Deed, Deeds

if TYPE_CHECKING:
    from rnn_tui.session.update_trace import SlowMotion


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
        run = Run(preset)
        # one set for each lane, whatever becomes of it: for training, and for scoring it
        self._buffers, self._scoring = ([Buffers() for _ in range(MOST_LANES)] for _ in range(2))
        self.bench = Bench([(0, run)], [self._timeline(run, i) for i in range(len(preset.lanes))])
        self.deeds = Deeds()
        self._number, self._revision = next(NUMBERS), 0
        self.origins: tuple[Mapping[str, str], ...] = ()
        self.notice = self.replay_note = ""

    @property
    def step(self) -> int:
        return self.bench.step

    @property
    def last_step(self) -> int:
        """The furthest step of the history."""
        return self.bench.last_step

    @property
    def run(self) -> Run:
        """What the settings in force determine."""
        return self.bench.run

    @property
    def preset(self) -> Preset:
        """The settings in force at the present step."""
        return self.run.preset

    def forward(self, count: int = 1) -> None:
        """``count`` updates.

        Raises:
            Diverged: a lane's loss or gradient is not finite; all lanes stay at the step before.
        """
        self.notice = ""
        try:
            for _ in range(count):
                self.bench.forward()
        except Diverged as diverged:
            self.notice = divergence(self.preset, diverged.step, self.preset.names[diverged.lane])
            raise

    def back(self, count: int = 1) -> None:
        self.seek(max(0, self.step - count))

    def rewind(self) -> None:
        """Step 0, with the weights of then; the history stays and replays as it was."""
        self.seek(0)

    def seek(self, step: int) -> None:
        """Any step.  Raises Diverged where it cannot be reached, as ``forward``."""
        self.approach(step)
        self.forward(step - self.step)

    def approach(self, step: int) -> None:
        """Go as near to ``step`` as can be without an update: what is left are updates forwards."""
        self.notice = ""
        self.bench.approach(step)

    # Runs for comparison.

    def pin(self) -> str:
        """Keep the whole run's curves for comparison.  Raises RnnTuiError where there are none, or no room."""
        if not self.last_step:
            raise RnnTuiError("nothing to keep yet: train first")
        kept, before = self.bench.as_pin(), self.bench.copy()
        for number, pin in enumerate(self.bench.pins, 1):
            if pin.same_as(kept):
                raise RnnTuiError(f"this run is kept already, as curve {number}")
        self._room_for_a_pin()
        self.bench.pins += (kept,)
        self._remember(f"keeping curve {len(self.bench.pins)}", before)
        return f"run kept as curve {len(self.bench.pins)}"

    def unpin(self) -> str:
        """Take the last of the kept runs away."""
        if not self.bench.pins:
            return "no run is kept for comparison"
        before = self.bench.copy()
        self.bench.pins = self.bench.pins[:-1]
        self._remember(f"dropping curve {len(before.pins)}", before)
        return f"curve {len(self.bench.pins) + 1} is gone; undo brings it back"

    def fork(self) -> str:
        """Keep the future that the last change in the past has taken away as a curve.  Raises RnnTuiError."""
        if self.bench.undecided is None:
            return ""
        self._room_for_a_pin()
        self.bench.pins += (self.bench.undecided,)
        self.cut()
        return f"the old future is kept as curve {len(self.bench.pins)}"

    def cut(self) -> None:
        """Let that future go; undo brings it back with the settings before."""
        self.bench.undecided = None
        self._revision += 1

    def _room_for_a_pin(self) -> None:
        if len(self.bench.pins) == MOST_PINS:
            raise RnnTuiError(f"{MOST_PINS} runs are kept already, and there is room for no more; take one away first")

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
        bench = self.bench.copy()
        said = self._edit(after) if changed <= EDITABLE | IDLE else self._restart(after, changed)
        self._revision += 1
        self.deeds.add(Deed(before, after), bench)
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
        return self.deeds.can_undo

    @property
    def can_redo(self) -> bool:
        return self.deeds.can_redo

    @property
    def benches(self) -> list[Bench]:
        """All that it keeps: what undo and redo lead to, and what is on the bench."""
        return [*self.deeds.benches, self.bench]

    def shelve(self) -> None:
        """Let go what only work needs: buffers, and the latest sequences."""
        for buffers in (*self._buffers, *self._scoring):
            buffers.release()
        for bench in self.benches:
            for _, run in bench.runs:
                run.forget()

    def undo(self) -> Deed | None:
        """Take the last change back, with the history it cost; which one, or None where there is none."""
        return self._swap(self.deeds.undo) if self.can_undo else None

    def redo(self) -> Deed | None:
        """Make the change again that was taken back last, with the history it had; which one, or None."""
        return self._swap(self.deeds.redo) if self.can_redo else None

    def _swap(self, way: Callable[[Bench], tuple[Deed, Bench]]) -> Deed:
        deed, self.bench = way(self.bench)
        self._revision += 1
        self.notice = ""
        return deed

    def slow_motion(self, lane: int) -> "SlowMotion":
        """The next update of a lane, taken apart; it is not made, and nothing changes."""
        from rnn_tui.session.update_trace import take_apart  # the first frame does not need it

        return take_apart(self._frame(Demand.NOTHING, [lane]), lane, self.bench.timelines, self.stamp)

    def frame(self, demands: Demand = Demand.EVERYTHING) -> Frame:
        """The session as it stands: what is demanded is computed, and nothing else."""
        return self._frame(demands, range(len(self.bench.timelines)))

    def _frame(self, demands: Demand, shown: Iterable[int]) -> Frame:
        """With these lanes."""
        return frame_of(self.bench, demands, shown, self._scoring, self.notice)

    def _rename(self, after: Preset) -> None:
        """Take over what learning does not see, wherever in time one stands."""
        presets = [renamed(run.preset, after) for _, run in self.bench.runs]
        for (_, run), preset in zip(self.bench.runs, presets, strict=True):
            run.preset = preset

    def _edit(self, after: Preset) -> str:
        """Learn otherwise from here on."""
        bench, step, run = self.bench, self.step, Run(after, self.run)
        future, learners = bench.future(), [self.learner(run, i) for i in range(len(bench.timelines))]
        # from here on nothing fails
        self.notice = ""
        bench.undecided = future or bench.undecided
        bench.runs = [(at, old) for at, old in bench.runs if at < step] + [(step, run)]
        for timeline, learner in zip(bench.timelines, learners, strict=True):
            timeline.edit(learner)
        training = after.training
        rate = f", where the learning rate is {training.learning_rate_at(step):.3g}"
        falling = rate if training.schedule != "constant" else ""
        lost = f"; going on asks what becomes of the {future.last_step - step:,} later steps" if future else ""
        return f"from step {step:,} on{falling}{lost}"

    def _restart(self, after: Preset, changed: set[str]) -> str:
        """Begin again at step 0: one lane where only that lane changed, else all of them."""
        before, bench = self.preset, self.bench
        touched = {int(key.split(".")[1]) for key in changed if key.startswith("lanes.")}
        alone = len(bench.runs) == 1 and all(key.startswith("lanes.") for key in changed)
        kept = set(range(len(after.lanes))) - touched if alone and len(after.lanes) == len(before.lanes) else set()
        run = Run(after, self.run)
        timelines = [
            bench.timelines[i].copy(run.batch) if i in kept else self._timeline(run, i) for i in range(len(after.lanes))
        ]
        bench = Bench([(0, run)], timelines, bench.pins)
        bench.approach(0)
        self.bench, self.notice = bench, ""
        if kept:
            names = " and ".join(after.names[i] for i in sorted(touched))
            return f"{names} restart{'s' if len(touched) == 1 else ''} from step 0; the other lanes keep their history"
        return "all lanes restart from step 0"

    def _timeline(self, run: Run, lane: int) -> Timeline:
        return Timeline(run.start(lane), [(0, self.learner(run, lane))], run.batch, BUDGET // len(run.preset.lanes))

    def learner(self, run: Run, lane: int) -> Learner:
        """How a lane learns in one of the session's runs; all of them take turns with the same buffers."""
        return run.learner(lane, self._buffers[lane])

    def _remember(self, said: str, before: Bench) -> None:
        """Something that changed no settings, and the bench before it."""
        self._revision += 1
        self.deeds.add(Deed(self.preset, self.preset, said), before)

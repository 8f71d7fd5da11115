"""The bench: all lanes of a preset, at one step, moved together."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from math import isfinite
from typing import Any

from rnn_tui.engine.training import Buffers
from rnn_tui.lanes import MOST_LANES
from rnn_tui.presets import Preset
from rnn_tui.session.frame import Frame, frozen, show_lane
from rnn_tui.session.run import Run
from rnn_tui.session.slowmotion import SlowMotion, take_apart
from rnn_tui.session.timeline import BUDGET, Diverged, Timeline

# Without a reset, from the present step on:
EDITABLE = {f"training.{name}" for name in ("learning_rate", "schedule", "schedule_steps", "weight_decay", "clip_norm")}
EDITABLE |= {"training.optimizer"} | {f"lanes.{number}.truncation" for number in range(MOST_LANES)}
IDLE = {"training.speed", "training.steps", "title", "question", "expect", "temperature"}  # learning sees none, nor
IDLE |= {f"lanes.{number}.{key}" for number in range(MOST_LANES) for key in ("name", "match")}
MOST_UNDO = 8


@dataclass
class _Bench:
    """All that undo brings back."""

    runs: list[tuple[int, Run]]  # (step, the run whose settings hold from there on)
    timelines: list[Timeline]

    def copy(self) -> "_Bench":
        batch = self.runs[0][1].batch
        return _Bench(list(self.runs), [timeline.copy(batch) for timeline in self.timelines])


class Session:
    """Every lane sees the same batches, and all stand at the same step.  Deterministic: the bits at a step depend on
    the preset, its seed and the edits before it, not on the way there.
    """

    def __init__(self, preset: Preset) -> None:
        run = Run(preset)
        # one set for each lane, whatever becomes of it: for training, and for scoring it
        self._buffers, self._scoring = ([Buffers() for _ in range(MOST_LANES)] for _ in range(2))
        self._bench = _Bench([(0, run)], [self._timeline(run, i) for i in range(len(preset.lanes))])
        self._undo: list[tuple[str, _Bench]] = []
        self._redo: list[tuple[str, _Bench]] = []
        self.notice = ""

    @property
    def step(self) -> int:
        return self._bench.timelines[0].step

    @property
    def last_step(self) -> int:
        """The furthest step of the history."""
        return max(timeline.last_step for timeline in self._bench.timelines)

    @property
    def preset(self) -> Preset:
        """The settings in force at the present step."""
        return self.run.preset

    @property
    def run(self) -> Run:
        """What the settings in force determine."""
        runs = self._bench.runs
        return runs[bisect_right(runs, self.step, key=lambda run: run[0]) - 1][1]

    def forward(self, count: int = 1) -> None:
        """``count`` updates.

        Raises:
            Diverged: a lane's loss or gradient is not finite; all lanes stay at the step before.
        """
        self.notice = ""
        for _ in range(count):
            proposals = []  # made together or not at all
            for lane, timeline in enumerate(self._bench.timelines):
                try:
                    proposals.append(timeline.propose())
                except Diverged as diverged:
                    self.notice = self._divergence(diverged.step, self.preset.names[lane])
                    raise
            for timeline, proposal in zip(self._bench.timelines, proposals, strict=True):
                timeline.accept(proposal)

    def back(self, count: int = 1) -> None:
        self.seek(max(0, self.step - count))

    def rewind(self) -> None:
        """Step 0, with the weights of then; the history stays and replays as it was."""
        self.seek(0)

    def seek(self, step: int) -> None:
        """Any step.  Raises Diverged where it cannot be reached, as ``forward``."""
        self.notice = ""
        self._in_step(min(step, *(timeline.last_step for timeline in self._bench.timelines)))
        self.forward(step - self.step)  # together, so that none is left behind where one diverges

    def _in_step(self, step: int) -> None:
        for timeline in self._bench.timelines:
            timeline.seek(step)

    def change(self, changes: Mapping[str, Any]) -> str:
        """Set dotted keys of the preset; a sentence that says what it led to, empty where nothing changed.

        What is EDITABLE changes from the present step on, and cuts off what had come after it.  What
        shapes one lane restarts that lane; all else restarts every lane.  Raises PresetError, with nothing changed.
        """
        before, after = self.preset, self.preset.with_changes(changes)
        if before == after:
            return ""
        changed = _differences(before, after)
        if changed <= IDLE:
            self._rename(after)
            return ""
        self._remember(changed)
        return self._edit(after) if changed <= EDITABLE | IDLE else self._restart(after, changed)

    def reseed(self, seed: int | None = None) -> str:
        """Other weights and other batches: the next seed, or this one."""
        seed = (self.preset.training.seed + 1) % 2**63 if seed is None else seed
        return self.change({"training.seed": seed})

    @property
    def stamp(self) -> tuple[object, ...]:
        """Equal for the same bench at the same step: then a frame is the same too."""
        return (id(self), id(self._bench), self.step, self.last_step, self.preset, len(self._bench.runs))

    @property
    def can_undo(self) -> bool:
        return bool(self._undo)

    @property
    def can_redo(self) -> bool:
        return bool(self._redo)

    def undo(self) -> str:
        """Take the last change of settings back, with the history it cost; a sentence that says which."""
        return self._swap(self._undo, self._redo, "undone")

    def redo(self) -> str:
        """Make the change again that was taken back last, with the history it had; a sentence that says which."""
        return self._swap(self._redo, self._undo, "redone")

    def _swap(self, source: list[tuple[str, _Bench]], target: list[tuple[str, _Bench]], name: str) -> str:
        if not source:
            return f"nothing to {name.removesuffix('ne')}"
        what, bench = source.pop()
        target.append((what, self._bench))
        self._bench, self.notice = bench, ""
        return f"{name}: {what}"

    def frame(self) -> Frame:
        return self._frame(range(len(self._bench.timelines)))

    def slow_motion(self, lane: int) -> SlowMotion:
        """The next update of a lane, taken apart; it is not made, and nothing changes."""
        timeline = self._bench.timelines[lane]
        return take_apart(self._frame([lane]), lane, timeline.learner, timeline.state, timeline.batch, self.stamp)

    def _frame(self, shown: Iterable[int]) -> Frame:
        """With these lanes."""
        run = self.run
        probe = run.held_out.first()
        length = run.preset.training.sequence_length
        timelines = self._bench.timelines
        lanes = tuple(show_lane(run, i, timelines[i], self._scoring[i]) for i in shown)
        broken = [lane.name for lane in lanes if not isfinite(lane.score.loss)]
        return Frame(
            preset=run.preset,
            step=self.step,
            last_step=self.last_step,
            inputs=frozen(probe.x[..., 0]),
            target=frozen(probe.target.reshape(length, -1)[:, 0]),
            mask=frozen(probe.mask[:, 0]),
            lanes=lanes,
            references=tuple(run.references),
            edits=tuple(step for step, _ in self._bench.runs[1:]),
            notice=self.notice or (self._divergence(self.step, broken[0]) if broken else ""),
        )

    def _rename(self, after: Preset) -> None:
        """Take over what learning does not see, wherever in time one stands."""
        idle = {key: getattr(after, key) for key in ("title", "question", "expect", "temperature")}
        speed = {"speed": after.training.speed, "steps": after.training.steps}
        own = [lane.model_dump(include={"name", "match"}) for lane in after.lanes]
        for _, run in self._bench.runs:
            training = run.preset.training.model_copy(update=speed)
            called = [lane.model_copy(update=new) for lane, new in zip(run.preset.lanes, own, strict=True)]
            run.preset = run.preset.model_copy(update={**idle, "training": training, "lanes": called})

    def _edit(self, after: Preset) -> str:
        """Learn otherwise from here on."""
        step, lost, run = self.step, self.last_step - self.step, Run(after, self.run)
        bench, self.notice = self._bench, ""
        bench.runs = [(at, old) for at, old in bench.runs if at < step] + [(step, run)]
        for i, timeline in enumerate(bench.timelines):
            timeline.edit(run.learner(i, self._buffers[i]))
        cut = f"; {lost:,} later steps are cut off (undo brings them back)" if lost else ""
        training = after.training
        rate = f", where the learning rate is {training.learning_rate_at(step):.3g}"
        falling = rate if training.schedule != "constant" else ""
        return f"from step {step:,} on{falling}{cut}"

    def _restart(self, after: Preset, changed: set[str]) -> str:
        """Begin again at step 0: one lane where only that lane changed, else all of them."""
        before, bench = self.preset, self._bench
        touched = {int(key.split(".")[1]) for key in changed if key.startswith("lanes.")}
        alone = len(bench.runs) == 1 and all(key.startswith("lanes.") for key in changed)
        kept = set(range(len(after.lanes))) - touched if alone and len(after.lanes) == len(before.lanes) else set()
        run = Run(after, self.run)
        timelines = [
            bench.timelines[i].copy(run.batch) if i in kept else self._timeline(run, i) for i in range(len(after.lanes))
        ]
        self._bench = _Bench([(0, run)], timelines)
        self.rewind()
        if kept:
            names = " and ".join(after.names[i] for i in sorted(touched))
            return f"{names} restart{'s' if len(touched) == 1 else ''} from step 0; the other lanes keep their history"
        return "all lanes restart from step 0"

    def _timeline(self, run: Run, lane: int) -> Timeline:
        learner = run.learner(lane, self._buffers[lane])
        return Timeline(run.start(lane), [(0, learner)], run.batch, BUDGET // len(run.preset.lanes))

    def _remember(self, changed: set[str]) -> None:
        self._redo.clear()
        self._undo = [*self._undo[1 - MOST_UNDO :], (", ".join(sorted(changed)), self._bench.copy())]

    def _divergence(self, step: int, lane: str) -> str:
        if step == 0:
            return f"{lane} is not finite before any training; try a smaller gain or another activation."
        training = self.preset.training
        if training.learning_rate * training.weight_decay >= 1:  # then each update overshoots zero by decay alone
            most = 1 / training.learning_rate
            return f"{lane} diverged at step {step:,}; try a weight decay well below 1 / learning rate, {most:g}"
        clip = f"a clip below {training.clip_norm:g}" if training.clip_norm else "a clip of 1"
        return f"{lane} diverged at step {step:,}; try a learning rate below {training.learning_rate:g} or {clip}"


def _differences(before: Preset, after: Preset) -> set[str]:
    """The dotted keys whose values differ."""
    one, other = dict(_leaves(before.document())), dict(_leaves(after.document()))
    return {key for key in one.keys() | other.keys() if one.get(key) != other.get(key)}


def _leaves(value: Any, key: str = "") -> Iterator[tuple[str, Any]]:
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    if not isinstance(value, dict | list):
        yield key, value
    for name, inner in items:
        yield from _leaves(inner, f"{key}.{name}" if key else str(name))

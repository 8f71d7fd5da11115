"""Requests of further seeds: what to train, when to begin anew, and what has come of it."""

import json
from collections.abc import Callable, Sequence
from threading import Lock
from typing import NamedTuple

from rnn_tui.experiments.seed_results import SeedResults
from rnn_tui.experiments.seed_run import SeedJob, SeedRun
from rnn_tui.number_format import counted, duration
from rnn_tui.presets.mutability import IDLE
from rnn_tui.presets.preset import Preset
from rnn_tui.presets.training_settings import TrainingSettings
from rnn_tui.session.frame import Frame
from rnn_tui.ui.panels.seed_sentences import failures
from rnn_tui.ui.panels.view_state import ViewAccess
from rnn_tui.ui.training.seed_processes import Report, SeedEngine

DELAY = 0.7  # seconds without another change of settings, after which the seeds begin anew
MOST_SEEDS = 64
MOST_KNOWN = 8  # settings whose results are kept, so that undo and another preset lose nothing
FIRST = 0.02  # share of the updates from which the time that is left can be told


class Wanted(NamedTuple):
    """What the further seeds have to show.

    Attributes:
        settings: (step, document) of the run without its seed and without what does not influence learning, as text.
        goal: the step up to which it goes.
    """

    settings: str
    goal: int

    @classmethod
    def of(cls, frame: Frame) -> "Wanted":
        """Return what belongs to a frame: its settings and edits, up to the preset's steps or the last step."""
        return cls(_settings_text(frame.settings), _goal(frame))


def _goal(frame: Frame) -> int:
    steps = frame.preset.training.steps or TrainingSettings().steps  # 0: it never pauses
    return max(steps, frame.last_step)


def _settings_text(settings: Sequence[tuple[int, Preset]]) -> str:
    return json.dumps([(step, _influences(preset)) for step, preset in settings], sort_keys=True)


def _influences(preset: Preset) -> dict[str, object]:
    """Return what influences learning, without the seed."""
    document = preset.document()
    idle = {key.rpartition(".")[2] for key in IDLE}
    training = {key: value for key, value in document["training"].items() if key not in {*idle, "seed"}}
    lanes = [{key: value for key, value in lane.items() if key not in idle} for lane in document["lanes"]]
    return {"task": document["task"], "training": training, "lanes": lanes}


class SeedRequests:
    """Trains further seeds of the run on the screen; belongs to the screen's thread.

    The engine reports runs in its own threads; ``on_news`` is called there if there is something to collect, once until
    it is collected.

    Attributes:
        engine: trains the seeds.
        count: number of further seeds.
    """

    def __init__(
        self,
        engine: SeedEngine,
        shown: ViewAccess,
        on_news: Callable[[], object],
        clock: Callable[[], float],
        count: int,
    ) -> None:
        self.engine, self.count = engine, count
        self._shown, self._on_news, self._clock = shown, on_news, clock
        self._present: Wanted | None = None  # None: hidden
        self._spelled: tuple[Sequence[tuple[int, Preset]], str] = (), ""  # settings, and their text
        self._name = ""  # of the preset
        self._decided: tuple[Wanted, bool] | None = None  # for what was last decided, and whether the lab trained
        self._due: float | None = None  # time at which the seeds begin anew
        self._halted = False  # whether a change of settings has stopped the engine
        self._began = self._share = 0.0  # time and share of the updates at the last beginning
        self._known: dict[str, SeedResults] = {}  # by settings, the latest last
        self._told_failed: set[int] = set()  # seeds
        self._lock = Lock()  # guards the attributes that the engine's threads use too:
        self._fresh: list[SeedRun] = []
        self._generation = 0
        self._told = False

    # What is wanted.

    @property
    def are_shown(self) -> bool:
        return self._present is not None

    @property
    def is_waiting(self) -> bool:
        """Return whether the seeds will begin anew soon."""
        return self._due is not None

    def toggle(self) -> bool:
        """Show the further seeds and train those that are missing; or stop and hide them.  Return which."""
        if self.are_shown:
            self.hide()
        else:
            self._name = self._shown.seen.name
            self._begin()
        return self.are_shown

    def hide(self) -> None:
        """Stop and hide the seeds; what is finished stays known."""
        self.collect()
        self.stop()
        self._present = self._due = self._decided = None

    def stop(self) -> None:
        """Train no more."""
        with self._lock:
            self._generation += 1
            self._fresh = []
        self.engine.stop()

    def resize(self, by: int) -> int:
        """Train more or fewer seeds; return how many."""
        before, self.count = self.count, max(1, min(MOST_SEEDS, self.count + by))
        if self._due is None and self._present is not None and self.count > before:
            known = self._known[self._present.settings]
            self._want(self._seeds(self._present.settings, 0))
            again = {run.seed for run in known.failed}
            missing = self._known[self._present.settings].missing
            self._train(self.engine.add, [seed for seed in missing if seed in again or seed not in known.seeds])
        elif self.count != before:
            self._begin()
        return self.count

    def follow(self) -> bool:
        """Compare the view with what is trained; return whether the seeds will begin anew.

        They do after a change of settings, and if the run has another length; while the lab trains, a longer run is not
        followed before it pauses.  Another preset hides them: they begin only when they are wanted there too.
        """
        if self._present is None:
            return False
        view = self._shown.seen
        if view.name != self._name:
            self.hide()
            return False
        wanted, moves = self._wanted(view.frame), view.playing or view.goal is not None
        if moves:  # the goal may be another one with each frame
            wanted = wanted._replace(goal=self._present.goal)
        if (wanted, moves) != self._decided:
            self._decided = wanted, moves
            if wanted.settings != self._present.settings:  # what is trained now is not wanted any more
                self.engine.stop()
                self._halted = True
            self._due = self._clock() + DELAY if self._halted or wanted != self._present else None
        return self.is_waiting

    def _wanted(self, frame: Frame) -> Wanted:
        """Return ``Wanted.of`` the frame; the settings are spelled again only if they have changed."""
        if [(step, id(preset)) for step, preset in frame.settings] != [(at, id(one)) for at, one in self._spelled[0]]:
            self._spelled = frame.settings, _settings_text(frame.settings)
        return Wanted(self._spelled[1], _goal(frame))

    def tick(self) -> None:
        """Begin anew if it is time."""
        if self._due is not None and self._clock() >= self._due:
            self._begin()

    def _begin(self) -> None:
        """Train the seeds of the view that are missing."""
        self.collect()
        self.stop()
        frame = self._shown.seen.frame
        self._present, self._due = self._wanted(frame), None
        self._decided, self._halted, self._told_failed = None, False, set()
        self._want(self._seeds(self._present.settings, frame.preset.training.seed))
        for old in list(self._known)[:-MOST_KNOWN]:
            del self._known[old]
        self._train(self.engine.run, self._known[self._present.settings].missing)

    def _want(self, seeds: tuple[int, ...]) -> None:
        """Want these seeds of what is shown; what is known of them stays."""
        assert self._present is not None
        settings, lanes = self._present.settings, len(self._shown.seen.frame.lanes)
        known = self._known.pop(settings, None) or SeedResults(seeds, 0, lanes)
        self._known[settings] = results = known.wanting(seeds, self._present.goal)
        self._began, self._share = self._clock(), results.share

    def _train(self, start: Callable[[list[SeedJob], Report], object], seeds: Sequence[int]) -> None:
        """Let the engine start with these seeds."""
        assert self._present is not None
        settings = tuple((step, preset.document()) for step, preset in self._shown.seen.frame.settings)
        generation, goal = self._generation, self._present.goal
        if seeds:
            start([SeedJob(settings, seed, goal) for seed in seeds], lambda run: self._add(run, generation))

    def _seeds(self, settings: str, present: int) -> tuple[int, ...]:
        """Return the seeds that follow on the present one; of settings that are known, on the one at that time."""
        known = self._known.get(settings)
        first = known.seeds[0] if known else (present + 1) % 2**63
        return tuple((first + number) % 2**63 for number in range(self.count))

    # What has come of it.

    def _add(self, run: SeedRun, generation: int) -> None:
        """Add a run; called in the threads of the engine."""
        with self._lock:
            if generation != self._generation:
                return
            self._fresh.append(run)
            tell, self._told = not self._told, True
        if tell:
            self._on_news()

    def collect(self) -> None:
        """Add the runs that the engine has reported."""
        with self._lock:
            fresh, self._fresh, self._told = self._fresh, [], False
        if self._present is not None:
            results = self._known[self._present.settings]
            for run in fresh:
                results = results.having(run)
            self._known[self._present.settings] = results

    def results_for(self, frame: Frame, name: str) -> SeedResults | None:
        """Return the results that belong to a frame of the preset ``name``; None if there are none, or hidden."""
        if self._present is None or name != self._name:
            return None
        return self._known.get(self._wanted(frame).settings)

    def new_errors(self) -> list[str]:
        """Return which seeds have failed since the last time, a sentence for each error."""
        if self._present is None:
            return []
        failed = [run for run in self._known[self._present.settings].failed if run.seed not in self._told_failed]
        self._told_failed |= {run.seed for run in failed}
        return failures(failed)

    def progress_for(self, frame: Frame, name: str) -> str:
        """Return how far the seeds are, such as ``seeds: 5 of 8, about 20 s left``; empty while they are hidden."""
        if self._present is None or name != self._name:
            return ""
        if self._wanted(frame).settings != self._present.settings:
            return "seeds: about to begin"
        results = self._known[self._present.settings]
        if not results.missing:
            failed = f", {len(results.failed)} failed" if results.failed else ""
            return f"{counted(len(results.seeds), 'seed')}{failed}, {{run.open_seed}} opens one"
        ended, made = len(results.seeds) - len(results.missing), results.share - self._share
        said = f"seeds: {ended} of {len(results.seeds)}"
        if made < FIRST:
            return said
        return f"{said}, about {duration((self._clock() - self._began) * (1 - results.share) / made)} left"

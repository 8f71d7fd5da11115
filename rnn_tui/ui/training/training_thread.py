"""The one thread that owns the bench: it takes commands in order, plays at a pace, and publishes snapshots."""

import threading
import time
from collections.abc import Callable
from contextlib import suppress
from math import inf
from pathlib import Path
from typing import Literal, TypeAlias

from rnn_tui.errors import RnnTuiError
from rnn_tui.experiments.blas_threads import limit_blas_threads
from rnn_tui.presets.store import PresetFile
from rnn_tui.session.forward_timeline import DivergenceError
from rnn_tui.session.frame import Demand, Frame
from rnn_tui.session.session import Session
from rnn_tui.ui.input.bug_reports import BugReports
from rnn_tui.ui.training.autosaver import Keeper
from rnn_tui.ui.training.command_queue import Command as Queued
from rnn_tui.ui.training.command_queue import CommandQueue
from rnn_tui.ui.training.frame_publisher import FRAME_EVERY, Bulletin, News, PlayerState
from rnn_tui.ui.training.rate_limiter import Pacer
from rnn_tui.ui.training.thread_owner import ThreadOwner
from rnn_tui.ui.training.workspace import Opened, Shelf

SLICE = 0.02  # seconds of training between two looks at the commands
SPELL = 0.1  # seconds of training between two looks at the screen, on the way to a step

Command: TypeAlias = Callable[["Player"], str | None]


class Player:
    """Belongs to the thread that calls ``run``: it alone moves the session.  Other threads call what is listed as
    theirs and nothing else: commands come through one queue, and what the screen shows is ``collect``-ed from one
    bulletin.

    Attributes:
        problem: what could not be kept at the very end; to be read when ``ended`` is set, which it is while nothing
            runs.
        bugs: exceptions that nobody expected; to be read then too.
    """

    def __init__(
        self,
        file: PresetFile,
        on_news: Callable[[], object],
        clock: Callable[[], float] = time.monotonic,
        session: Session | None = None,
        store: Callable[[str], Path] | None = None,
        every: float = FRAME_EVERY,
    ):
        """``session``: of a run that goes on; ``store``: where a run is kept by itself; ``every``: see Bulletin."""
        opened = Opened.of(file, session)
        self.shelf, self.bugs = Shelf(opened), BugReports()
        self._pacer, self._keeper = Pacer(clock), Keeper(store, clock, self.bugs)
        self.goal: int | None = None  # the step to which one is on the way
        self._clock = clock
        self._queue = CommandQueue(clock)
        self.problem = ""
        self.ended = threading.Event()
        self.ended.set()
        self._owner = ThreadOwner()
        self._bulletin = Bulletin(opened.session, PlayerState(file.name, opened.pace), on_news, clock, every)
        self.collect, self.drawn = self._bulletin.collect, self._bulletin.drawn
        self.call_off, self.stand_back = self._queue.call_off, self._queue.stand_back

    # What other threads call, besides ``collect``, ``drawn``, ``call_off`` and ``stand_back``.

    def send(self, command: Command, travels: bool = False) -> bool:
        """Have it done soon; False where too much is waiting already.  ``travels``: it only goes to a step."""
        return self._queue.put(Queued(command, travels))

    @property
    def busy(self) -> bool:
        """Whether something is still to be done, beyond going to a step."""
        return self._queue.busy

    def demand(self, demands: Demand) -> None:
        """Have frames made with these, and nothing else; where the newest lacks some of it, there is another soon."""
        if self._bulletin.demand(demands):
            self._queue.wake()

    def seek(self, step: int) -> None:
        """Go to a step soon; where another is asked for before it is reached, that one counts."""
        self._queue.put_latest(Queued(lambda player: player.go(step), travels=True))

    def stop(self) -> None:
        """End ``run`` after the command under way; what waits behind it is dropped."""
        self._queue.close()

    # What belongs to the player's own thread.

    @property
    def file(self) -> PresetFile:
        return self.shelf.current.file

    @property
    def session(self) -> Session:
        return self.shelf.current.session

    @property
    def pace(self) -> int:
        """Updates per second, 0: flat out."""
        return self.shelf.current.pace

    @property
    def frame(self) -> Frame:
        """The newest."""
        return self._bulletin.frame

    @property
    def playing(self) -> bool:
        return self._pacer.playing

    def run(self) -> None:
        """Until it is stopped; whatever happens, the run is kept, and ``ended`` is set."""
        self._owner.claim()
        limit_blas_threads()  # with OpenMP each thread has a limit of its own
        self.ended.clear()
        try:
            while self._turn():
                pass
        finally:
            try:
                self.problem = self._keeper.keep_all([self.shelf.current, *self.shelf.others])
            finally:
                self._owner.release()
                self.ended.set()

    def _turn(self) -> bool:
        """One command, or what is due without one; False at the end."""
        command = self._queue.get(self._patience())
        if self._queue.closed:
            return False
        try:
            if command is not None:
                self.say(command(self) or "")
            elif self._pacer.due(self.pace) <= 0:
                self._play()
            self._keep()
        except Exception as error:
            self._fail(error, pause=command is None or not isinstance(error, RnnTuiError))
        if command is not None and (not self._queue.waiting or self._bulletin.age >= self._bulletin.every):
            self._publish(moving=False)  # of a key held down, not each
        elif self._bulletin.is_lacking and not self.playing:
            self._publish(moving=False)
        return True

    def _fail(self, error: Exception, pause: bool) -> None:
        """Say what went wrong; the thread goes on, and so can the user."""
        if pause:
            self.play(False)
        if isinstance(error, DivergenceError):
            self.say(self.session.notice, "error")
        else:
            if not isinstance(error, RnnTuiError):
                with suppress(Exception):  # an update may have been broken off between two lanes
                    self.session.approach(self.session.step)
            self.say(self.bugs.sentence(error), "error")
        self._publish(moving=False)

    def play(self, on: bool) -> None:
        assert self._owner.here
        if not on or self._decided(lambda player: player.play(True)):
            self._pacer.start(on)
            self._bulletin.begin(self.session)

    def go(self, step: int) -> None:
        """Go to a step; it is seen how far one is, and can be called off.  Raises DivergenceError."""
        self.play(False)
        beyond = step > self.session.last_step
        if self._queue.called_off or (beyond and not self._decided(lambda player: player.go(step))):
            return
        self.session.approach(step)
        self.goal = step
        try:
            while self._on_the_way():
                until = self._clock() + SPELL
                while self._on_the_way() and self._clock() < until:
                    self.session.forward()
                if self._bulletin.due(idle=False, alone=self._pacer.short) and self._on_the_way():
                    self._publish()
                    self._give_way()
                self._keep()
        finally:
            self.goal = None

    def _on_the_way(self) -> bool:
        return self.goal is not None and self.session.step < self.goal and not self._queue.called_off

    def _decided(self, again: Command) -> bool:
        """Whether it is known what becomes of a future that was cut off; else the user is asked, and ``again``."""
        future = self.session.histories.undecided
        if future is not None:
            self._bulletin.add(News.about(future, again))
        return future is None

    def set_pace(self, pace: int) -> None:
        self.shelf.current.pace = pace
        self.play(self.playing)

    def open(self, file: PresetFile, session: Session | None = None) -> str:
        """Put another preset on the bench, or a run that goes on; the one before is shelved, for undo."""
        opened = Opened.of(file, session)
        return self._moved(lambda: self.shelf.open(opened))

    def undo(self) -> str:
        """The last change of settings, or the last opening, taken back."""
        return self._moved(self.shelf.undo)

    def redo(self) -> str:
        """What undo took back, made again."""
        return self._moved(self.shelf.redo)

    def _moved(self, move: Callable[[], str]) -> str:
        assert self._owner.here
        before = self.shelf.current
        said = move()
        if self.shelf.current is not before:
            self.play(False)
            self.say(self._keeper.keep(before), "error")
            self.say(self.shelf.fit())
        return said

    def say(self, text: str, severity: Literal["information", "error"] = "information") -> None:
        assert self._owner.here
        if text:
            self._bulletin.add(News(text, severity))

    def _patience(self) -> float | None:
        """Seconds until something is to be done without a command; None: never."""
        wait = min(self._keeper.due(self.shelf.current), self._pacer.due(self.pace))
        return wait if wait < inf else None

    def _keep(self) -> None:
        """Where it is time to."""
        if self._keeper.due(self.shelf.current) <= 0:
            if news := self._keeper.keep_due(self.shelf.current):
                self._bulletin.add(news)
            self._publish()

    def _play(self) -> None:
        """The updates that are due, for no longer than a slice, so that keys are answered."""
        self._give_way()
        begin, made = self._clock(), 0
        until, goal = begin + SLICE, self.session.preset.training.steps
        while self.playing and not self._queue.waiting:
            if self.session.step == self.session.last_step and not self._decided(lambda player: player.play(True)):
                self.play(False)
                break
            self.session.forward()
            self._pacer.made()
            made += 1
            if self.session.step == goal:
                self.play(False)
                self.say(f"{goal:,} steps, as the preset has it; {{run.play}} goes on")
            if self._pacer.due(self.pace) > 0 or self._clock() >= until or self._queue.courtesy:
                break
        now = self._clock()
        self._pacer.step_time = (now - begin) / max(1, made)
        self._pacer.forgive(self.pace)
        if not self.playing or self._bulletin.due(self._pacer.due(self.pace) > 0, self._pacer.short):
            self._publish()

    def _give_way(self) -> None:
        """Short updates and the screen want the same interpreter lock: while one works the other would be slow, and
        no faster done.  So wait until the last frame is drawn, and a moment after a key."""
        if self._pacer.short:
            self._bulletin.wait()
            time.sleep(self._queue.courtesy)

    def _publish(self, moving: bool | None = None) -> None:
        """A snapshot for the screen; while the session moves, none before the last one was collected."""
        assert self._owner.here
        moving = self.playing or self.goal is not None if moving is None else moving
        if moving and self._bulletin.awaited:
            return
        try:
            self._bulletin.score(self.session, moving)
        except Exception as error:
            self._pacer.start(False)
            self.say(self.bugs.sentence(error), "error")
        self._bulletin.publish(self._state)

    @property
    def _state(self) -> PlayerState:
        opened, rate = self.shelf.current, self._bulletin.rate
        lost = opened.changed, opened.unsaved, self.shelf.others_unsaved
        return PlayerState(opened.file.name, opened.pace, rate, self.playing, self.goal, *lost)

"""The training thread, which owns the workspace: it executes commands, plays at a pace, and publishes snapshots."""

import threading
import time
from collections.abc import Callable
from contextlib import suppress
from math import inf
from pathlib import Path
from typing import Literal

from rnn_tui.errors import RnnTuiError
from rnn_tui.experiments.blas_threads import limit_blas_threads
from rnn_tui.presets.store import PresetFile
from rnn_tui.session.forward_timeline import DivergenceError
from rnn_tui.session.frame import Frame
from rnn_tui.session.session import Session
from rnn_tui.ui.input.bug_reports import BugReports
from rnn_tui.ui.training.autosaver import Autosaver
from rnn_tui.ui.training.command_queue import Command, CommandQueue, Function
from rnn_tui.ui.training.frame_publisher import FRAME_EVERY, FramePublisher, News, TrainingState
from rnn_tui.ui.training.rate_limiter import RateLimiter
from rnn_tui.ui.training.thread_owner import ThreadOwner
from rnn_tui.ui.training.training_channel import TrainingChannel
from rnn_tui.ui.training.workspace import Document, Workspace

SLICE = 0.02  # seconds of training between two checks for commands
# after each message about something that can be undone or redone
UNDOES, REDOES = " · {file.undo} undoes", " · {file.redo} redoes"
SPELL = 0.1  # seconds of training between two checks for frames, on the way to a step


class TrainingThread:
    """Training in its own thread: only the thread that calls ``run`` moves the session.

    The screen has the ``channel``: commands come through its queue, snapshots leave through its publisher.  Every
    thread may wait for ``ended``, call ``lost`` and ask ``bugs``.

    Attributes:
        ended: set while nothing runs.
        bugs: unexpected exceptions.
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
        """Args:
        session: of a run that continues.
        store: returns the file for automatic saving.
        every: see FramePublisher.
        """
        document, self._owner = Document.of(file, session), ThreadOwner()
        self.workspace, self.bugs = Workspace(document, self._owner), BugReports()
        self._rate_limiter = RateLimiter(clock, self._owner)
        self._autosaver = Autosaver(store, clock, self.bugs, self._owner)
        self.goal: int | None = None  # the step that training is going to
        self._clock = clock
        self._queue = CommandQueue(clock)
        self._command: Command | None = None  # the running command
        self._lock, self._lost = threading.Lock(), ""
        self.ended = threading.Event()
        self.ended.set()
        state = TrainingState(file.name, document.pace, edits=document.edits, successor=document.successor)
        self._publisher = FramePublisher(document.session, state, on_news, clock, every, self._owner)
        self.channel = TrainingChannel(self._queue, self._publisher)
        self.say(self.session.replay_note, "error")

    def lost(self) -> str:
        """Return what could not be saved at the end, after ``ended`` is set.  Every thread may call it."""
        with self._lock:
            return self._lost

    # Members of the training thread.

    @property
    def file(self) -> PresetFile:
        return self.workspace.current.file

    @property
    def session(self) -> Session:
        return self.workspace.current.session

    @property
    def pace(self) -> int:
        """Updates per second; 0: as fast as possible."""
        return self.workspace.current.pace

    @property
    def frame(self) -> Frame:
        """The newest frame."""
        return self._publisher.frame

    @property
    def frame_period(self) -> float:
        """Seconds from one frame to the next, at least, while the session moves."""
        return self._publisher.every

    @property
    def playing(self) -> bool:
        return self._rate_limiter.playing

    def run(self) -> None:
        """Run until stopped; in any case, save the run and set ``ended``."""
        self._owner.claim()
        limit_blas_threads()  # with OpenMP, each thread has its own limit
        self.ended.clear()
        try:
            while self._turn():
                pass
        finally:
            try:
                lost = self._autosaver.save_all([self.workspace.current, *self.workspace.others])
                with self._lock:
                    self._lost = lost
            finally:
                self._owner.release()
                self.ended.set()

    def _turn(self) -> bool:
        """Execute one command, or what is due without one; return False at the end."""
        command = self._queue.get(self._patience())
        if self._queue.closed:
            return False
        try:
            if command is not None:
                self.carry_out(command)
            elif self._rate_limiter.due(self.pace) <= 0:
                self._play()
            self._autosave()
        except Exception as error:
            self._fail(error, pause=command is None or not isinstance(error, RnnTuiError))
        if command is not None and (not self._queue.waiting or self._publisher.age >= self._publisher.every):
            self._publish(moving=False)  # not for each repetition of a held key
        elif self._publisher.is_lacking and not self.playing:
            self._publish(moving=False)
        return True

    def carry_out(self, command: Command) -> None:
        """Execute a command; its action is done unless it raises, waits for an answer, or was stopped on its way."""
        self._command, before = command, self.workspace.undoable
        try:
            said = command.run(self)
            self.say(f"{said}{self._way_back(command, before)}" if said else "")
            if self._command and command.action and not (command.travels and self._queue.called_off):
                self._publisher.finish(command.action)
        finally:
            self._command = None

    def _way_back(self, command: Command, before: list[object]) -> str:
        """Return which key takes back what the command has done; ``before``: what could be undone before it."""
        after = self.workspace.undoable
        if command.function is TrainingThread.undo:
            return REDOES if any(not _has(after, each) for each in before) else ""
        return UNDOES if any(not _has(before, each) for each in after) else ""

    def _fail(self, error: Exception, pause: bool) -> None:
        """Report an error; the thread continues."""
        if pause:
            self.play(False)
        if isinstance(error, DivergenceError):
            self.say(self.session.notice, "error")
        else:
            if not isinstance(error, RnnTuiError):
                with suppress(Exception):  # the error may have interrupted an update between two lanes
                    self.session.approach(self.session.step)
            self.say(self.bugs.sentence(error), "error")
        self._publish(moving=False)

    def play(self, on: bool) -> None:
        assert self._owner.here
        if not on or self._decided(TrainingThread.play, True):
            self._rate_limiter.start(on)
            self._publisher.begin(self.session)

    def go(self, step: int) -> None:
        """Go to a step, with frames on the way; this can be stopped.  Raises DivergenceError."""
        self.play(False)
        beyond = step > self.session.last_step
        if self._queue.called_off or (beyond and not self._decided(TrainingThread.go, step)):
            return
        self.session.approach(step)
        self.goal = step
        try:
            while self._on_the_way():
                until = self._clock() + SPELL
                while self._on_the_way() and self._clock() < until:
                    self.session.forward()
                if self._publisher.due(idle=False, alone=self._rate_limiter.short) and self._on_the_way():
                    self._publish()
                    self._give_way()
                self._autosave()
        finally:
            self.goal = None

    def _on_the_way(self) -> bool:
        return self.goal is not None and self.session.step < self.goal and not self._queue.called_off

    def _decided(self, again: Function, argument: int | bool) -> bool:
        """Return whether the steps after a change have been kept or discarded.

        Otherwise ask the user, and then call ``again`` on behalf of the running command.
        """
        future = self.session.histories.undecided
        if future is not None:
            action = self._command.action if self._command else ""
            self._command = None
            self._publisher.add(News.about(future, Command(again, (argument,), travels=True, action=action)))
        return future is None

    def set_pace(self, pace: int) -> None:
        self.workspace.current.pace = pace
        self.play(self.playing)

    def open(self, file: PresetFile, session: Session | None = None) -> str:
        """Open a preset or a saved run; undo restores the one before."""
        document = Document.of(file, session)
        return self._moved(lambda: self.workspace.open(document))

    def undo(self) -> str:
        """Undo the last change of settings, or the last opening."""
        return self._moved(self.workspace.undo)

    def redo(self) -> str:
        """Redo what was undone."""
        return self._moved(self.workspace.redo)

    def _moved(self, move: Callable[[], str]) -> str:
        assert self._owner.here
        before = self.workspace.current
        said = move()
        if self.workspace.current is not before:
            self.play(False)
            self.say(self._autosaver.save(before), "error")
            self.say(self.workspace.fit())
        return said

    def say(self, text: str, severity: Literal["information", "error"] = "information") -> None:
        assert self._owner.here
        if text:
            self._publisher.add(News(text, severity))

    def _patience(self) -> float | None:
        """Return the seconds until something is due without a command; None: never."""
        wait = min(self._autosaver.due(self.workspace.current), self._rate_limiter.due(self.pace))
        return wait if wait < inf else None

    def _autosave(self) -> None:
        """Save the run if it is time."""
        if self._autosaver.due(self.workspace.current) <= 0:
            if news := self._autosaver.save_due(self.workspace.current):
                self._publisher.add(news)
            self._publish()

    def _play(self) -> None:
        """Make the updates that are due, but not longer than a slice, so that keys are handled."""
        self._give_way()
        begin, made = self._clock(), 0
        until, goal = begin + SLICE, self.session.preset.training.steps
        while self.playing and not self._queue.waiting:
            if self.session.step == self.session.last_step and not self._decided(TrainingThread.play, True):
                self.play(False)
                break
            self.session.forward()
            self._rate_limiter.made()
            made += 1
            if self.session.step == goal:
                self.play(False)
                self.say(f"Reached the preset's {goal:,} steps; press {{run.play}} to continue")
            if self._rate_limiter.due(self.pace) > 0 or self._clock() >= until or self._queue.key_pause:
                break
        now = self._clock()
        self._rate_limiter.step_time = (now - begin) / max(1, made)
        self._rate_limiter.skip_missed(self.pace)
        if not self.playing or self._publisher.due(self._rate_limiter.due(self.pace) > 0, self._rate_limiter.short):
            self._publish()

    def _give_way(self) -> None:
        """Wait until the last frame is drawn, and for a moment after a key.

        Short updates and the screen need the same interpreter lock: at the same time, neither would be faster.
        """
        if self._rate_limiter.short:
            self._publisher.wait()
            time.sleep(self._queue.key_pause)

    def _publish(self, moving: bool | None = None) -> None:
        """Publish a snapshot; while the session moves, not before the last one was collected."""
        assert self._owner.here
        moving = self.playing or self.goal is not None if moving is None else moving
        if moving and self._publisher.awaited:
            return
        try:
            lens = self.workspace.current.lens
            self._publisher.score(self.session, moving, lens.what_if, lens.own)
        except Exception as error:
            self._rate_limiter.start(False)
            self.say(self.bugs.sentence(error), "error")
        self._publisher.publish(self._state)

    @property
    def _state(self) -> TrainingState:
        document, rate = self.workspace.current, self._publisher.rate
        lost = document.changed, document.unsaved, self.workspace.others_unsaved
        told = document.edits, document.successor
        return TrainingState(document.file.name, document.pace, rate, self.playing, self.goal, *lost, *told)


def _has(found: list[object], one: object) -> bool:
    """Return whether this very object is in the list; equal ones do not count."""
    return any(one is each for each in found)

"""The one thread that owns the bench: it takes commands in order, plays at a pace, and publishes frames."""

import queue
import threading
import time
from collections import deque
from collections.abc import Callable
from math import inf
from pathlib import Path
from typing import Literal, TypeAlias

from rnn_tui.errors import RnnTuiError
from rnn_tui.library import PresetFile
from rnn_tui.session.frame import Frame
from rnn_tui.session.session import Session
from rnn_tui.session.timeline import Diverged
from rnn_tui.ui.bulletin import FRAME_EVERY, Bulletin, News
from rnn_tui.ui.keeper import Keeper
from rnn_tui.ui.pacer import Pacer
from rnn_tui.ui.shelf import Opened, Shelf

SLICE = 0.02  # seconds of training between two looks at the commands
SPELL = 0.1  # seconds of training between two looks at the screen, on the way to a step
MOST_WAITING = 20  # commands; a key held down on a slow net must not queue up minutes of work

Command: TypeAlias = Callable[["Player"], str | None]


class Player:
    """Everything that moves the session goes through ``send``; the screen only reads ``frame``, and ``collect``-s it
    with the news when it is told that there are some.
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
        self.shelf, session = Shelf(opened), opened.session
        self._pacer, self._keeper = Pacer(clock), Keeper(store, clock)
        self.goal: int | None = None  # the step to which one is on the way
        self.changed = self.unsaved = False  # whether the settings differ from the preset file's, and would be lost
        self.shelved_unsaved = False  # the same of what undo would bring back
        self._clock = clock
        self._inbox: queue.SimpleQueue[tuple[int, Command] | None] = queue.SimpleQueue()
        self._wanted: deque[int] = deque(maxlen=1)  # the newest step that was asked for by pointing
        self._calls = self._heard = 0  # how often something was called off: by now, and when the command was sent
        self.problem = ""  # what went wrong at the very end
        self.ended = threading.Event()  # set where ``run`` does not
        self.ended.set()
        self._stopped = False
        self._bulletin = Bulletin(session, on_news, clock, every)
        self.collect, self.drawn = self._bulletin.collect, self._bulletin.drawn
        self.stand_back = self._pacer.stand_back

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
    def rate(self) -> float:
        """Updates per second, measured."""
        return self._bulletin.rate

    @property
    def playing(self) -> bool:
        return self._pacer.playing

    # What the screen's thread calls.

    def send(self, command: Command) -> bool:
        """Have it done soon; False where too much is waiting already."""
        if self._inbox.qsize() >= MOST_WAITING:
            return False
        self._inbox.put((self._calls, command))
        return True

    @property
    def busy(self) -> bool:
        """Whether commands are waiting."""
        return not self._inbox.empty()

    def seek(self, step: int) -> None:
        """Go to a step soon; where another is asked for before it is reached, that one counts."""
        on_its_way = bool(self._wanted)
        self._wanted.append(step)
        if not on_its_way:
            self._inbox.put((self._calls, Player._seek))

    def call_off(self) -> None:
        """Stay at the step that was reached on the way to another, and forget what waits behind it."""
        self._calls += 1

    def stop(self) -> None:
        """End ``run`` after the command under way; what waits behind it is dropped."""
        self._pacer.playing, self._stopped = False, True
        self._inbox.put(None)

    # What runs in the player's own thread.

    def run(self) -> None:
        """Until it is stopped; whatever happens, the run is kept."""
        self.ended.clear()
        try:
            while self._turn():
                pass
        finally:
            self.problem = self._keeper.keep(self.shelf.current)
            self.ended.set()

    def _turn(self) -> bool:
        """One command, or what is due without one; False at the end."""
        try:
            sent = self._inbox.get(timeout=self._patience())
        except queue.Empty:
            if self._pacer.due(self.pace) <= 0:
                self._play()
            self._keep()
            return True
        if sent is None or self._stopped:
            return False
        self._heard, command = sent
        self._obey(command)
        return True

    def play(self, on: bool) -> None:
        if not on or self._decided(lambda player: player.play(True)):
            self._pacer.start(on)
            self._bulletin.begin(self.session)

    def go(self, step: int) -> None:
        """Go to a step; it is seen how far one is, and can be called off.  Raises Diverged."""
        self.play(False)
        if step > self.session.last_step and not self._decided(lambda player: player.go(step)):
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
        off = self._calls > self._heard or self._stopped or self._wanted
        return self.goal is not None and self.session.step < self.goal and not off

    def _seek(self) -> None:
        while self._wanted:
            self.go(self._wanted.pop())

    def _decided(self, again: Command) -> bool:
        """Whether it is known what becomes of a future that was cut off; else the user is asked, and ``again``."""
        future = self.session.bench.undecided
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
        before = self.shelf.current
        said = move()
        if self.shelf.current is not before:
            self.play(False)
            self.say(self._keeper.keep(before), "error")
            self.say(self.shelf.fit())
        return said

    def say(self, text: str, severity: Literal["information", "error"] = "information") -> None:
        if text:
            self._bulletin.add(News(text, severity))

    def _patience(self) -> float | None:
        """Seconds until something is to be done without a command; None: never."""
        wait = min(self._keeper.due(self.shelf.current), self._pacer.due(self.pace))
        return wait if wait < inf else None

    def _keep(self) -> None:
        """Where it is time to."""
        if self._keeper.due(self.shelf.current) <= 0:
            self.say(self._keeper.keep(self.shelf.current), "error")
            self._publish()

    def _obey(self, command: Command) -> None:
        try:
            self.say(command(self) or "")
        except RnnTuiError as error:
            self.say(str(error), "error")
        except Diverged:
            self._pause_diverged()
        except MemoryError:
            self.play(False)
            self.say("there is not enough memory for that", "error")
        if self._inbox.empty() or self._bulletin.age >= self._bulletin.every:  # of a key held down, not each
            self._publish()

    def _play(self) -> None:
        """The updates that are due, for no longer than a slice, so that keys are answered."""
        self._give_way()
        begin, made = self._clock(), 0
        until, goal = begin + SLICE, self.session.preset.training.steps
        while self.playing and self._inbox.empty():
            if self.session.step == self.session.last_step and not self._decided(lambda player: player.play(True)):
                self.play(False)
                break
            try:
                self.session.forward()
            except Diverged:
                self._pause_diverged()
                break
            self._pacer.made()
            made += 1
            if self.session.step == goal:
                self.play(False)
                self.say(f"{goal:,} steps, as the preset has it; {{run.play}} goes on")
            if self._pacer.due(self.pace) > 0 or self._clock() >= until or self._pacer.courtesy:
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
            time.sleep(self._pacer.courtesy)

    def _pause_diverged(self) -> None:
        self.play(False)
        self.say(self.session.notice, "error")

    def _publish(self) -> None:
        opened = self.shelf.current
        self.changed, self.unsaved, self.shelved_unsaved = opened.changed, opened.unsaved, self.shelf.others_unsaved
        self._bulletin.publish(self.session, moving=self.playing or self.goal is not None)

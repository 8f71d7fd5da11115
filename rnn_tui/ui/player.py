"""The one thread that owns the bench: it takes commands in order, plays at a pace, and publishes frames."""

import queue
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

from rnn_tui import library
from rnn_tui.errors import RnnTuiError
from rnn_tui.library import PresetFile
from rnn_tui.session.frame import Frame
from rnn_tui.session.session import Session
from rnn_tui.session.timeline import Diverged

FRAME_EVERY = 0.1  # seconds: the screen is told about ten times a second, never once a step
FRAME_SHARE = 0.12  # of the time at most goes into frames, which score every lane on all held-out sequences
SLICE = 0.02  # seconds of training between two looks at the commands
COURTESY = 0.03  # seconds that training stands back after a key
SHORT_STEP = 0.005  # seconds; a shorter update holds the interpreter, a longer one works in BLAS, beside the screen
MOST_WAITING = 40  # commands; a key held down on a slow net must not queue up minutes of work
MOST_SHELVED = 4

Command: TypeAlias = Callable[["Player"], str | None]


@dataclass(frozen=True)
class News:
    """A sentence for the user; ``severity`` as Textual's notifications have it."""

    text: str
    severity: Literal["information", "error"] = "information"


class Player:
    """Everything that moves the session goes through ``send``; the screen only reads ``frame``.

    ``on_news`` is called in the player's thread when there is a new frame or a sentence to show, and not again
    before the screen has ``collect``-ed them: a slow terminal gets fewer frames, never a backlog.
    """

    def __init__(self, file: PresetFile, on_news: Callable[[], object], clock: Callable[[], float] = time.monotonic):
        self.file = file
        self.session = Session(file.preset)
        self.playing = False
        self.pace = file.preset.training.speed  # updates per second, 0: flat out
        self.rate = 0.0  # measured
        self.unsaved = False  # whether the settings differ from the preset file's
        self.shelved_unsaved = False  # the same of what undo would bring back
        self._on_news, self._clock = on_news, clock
        self._inbox: queue.SimpleQueue[Command | None] = queue.SimpleQueue()
        self._news: deque[News] = deque(maxlen=8)
        self._shelf: list[tuple[PresetFile, Session, int]] = []
        self._ahead: list[tuple[PresetFile, Session, int]] = []  # what undo took off the bench
        self._stopped = False
        self._framed: tuple[object, ...] = ()
        self._told = False
        self._drawn = threading.Event()  # whether the screen has drawn the last frame
        self._stand_back = 0.0  # until when
        self._begin, self._made = 0.0, 0  # since when, and how many updates, at the present pace
        self._published, self._published_step, self._step_time = 0.0, 0, 0.0
        self._frame_cost = 0.0  # seconds
        self.frame: Frame = self.session.frame()

    # What the screen's thread calls.

    def send(self, command: Command) -> bool:
        """Have it done soon; False where too much is waiting already."""
        if self._inbox.qsize() >= MOST_WAITING:
            return False
        self._inbox.put(command)
        return True

    def stand_back(self) -> None:
        """A key was pressed: let the screen have the interpreter for a moment."""
        self._stand_back = self._clock() + COURTESY

    @property
    def busy(self) -> bool:
        """Whether commands are waiting."""
        return not self._inbox.empty()

    def drawn(self) -> None:
        """The frame that was collected last is on the screen."""
        self._drawn.set()

    def stop(self) -> None:
        """End ``run`` after the command under way; what waits behind it is dropped."""
        self.playing, self._stopped = False, True
        self._inbox.put(None)

    def collect(self) -> tuple[Frame, list[News]]:
        """The newest frame, and the news since the last time."""
        self._told = False
        news = [self._news.popleft() for _ in range(len(self._news))]
        return self.frame, news

    # What runs in the player's own thread.

    def run(self) -> None:
        while True:
            try:
                command = self._inbox.get(timeout=self._patience())
            except queue.Empty:
                self._play()
                continue
            if command is None or self._stopped:
                return
            self._obey(command)

    def play(self, on: bool) -> None:
        self.playing = on
        self._begin, self._made, self.rate = self._clock(), 0, 0.0

    def set_pace(self, pace: int) -> None:
        self.pace = pace
        self.play(self.playing)

    def open(self, file: PresetFile) -> str:
        """Put another preset on the bench; the one before is shelved, for undo."""
        session = Session(file.preset)
        self._shelf = [*self._shelf[1 - MOST_SHELVED :], (self.file, self.session, self.pace)]
        self._ahead.clear()
        self.file, self.session = file, session
        self.play(False)
        self.pace = file.preset.training.speed
        return f"opened {file.name}; undo brings {self._shelf[-1][0].name} back"

    def save(self, name: str) -> str:
        """Save the settings as they are now as one of the user's own presets.  Raises RnnTuiError."""
        self.session.change({"training.speed": self.pace})
        self.file = library.save(replace(self.file, preset=self.session.preset), name)
        return f"saved as {self.file.path}"

    def undo(self) -> str:
        """The last change of settings, or the last opening, taken back."""
        if not self.session.can_undo and self._shelf:
            return self._bring(self._shelf, self._ahead)
        return self.session.undo()

    def redo(self) -> str:
        """What undo took back, made again."""
        if not self.session.can_redo and self._ahead:
            return self._bring(self._ahead, self._shelf)
        return self.session.redo()

    def _bring(
        self, source: list[tuple[PresetFile, Session, int]], target: list[tuple[PresetFile, Session, int]]
    ) -> str:
        target.append((self.file, self.session, self.pace))
        self.file, self.session, self.pace = source.pop()
        self.play(False)
        return f"back to {self.file.name}"

    def say(self, text: str, severity: Literal["information", "error"] = "information") -> None:
        self._news.append(News(text, severity))

    def _patience(self) -> float | None:
        """Seconds until the next update is due; None, for ever, where nothing plays."""
        if not self.playing:
            return None
        if self.pace == 0:
            return 0.0
        return max(0.0, self._begin + (self._made + 1) / self.pace - self._clock())

    def _obey(self, command: Command) -> None:
        try:
            if said := command(self):
                self.say(said)
        except RnnTuiError as error:
            self.say(str(error), "error")
        except Diverged:
            self._pause_diverged()
        if self._inbox.empty() or self._clock() - self._published >= FRAME_EVERY:  # of a key held down, not each
            self._publish()

    def _play(self) -> None:
        """The updates that are due, for no longer than a slice, so that keys are answered."""
        self._give_way()
        begin, made = self._clock(), 0
        until, goal = begin + SLICE, self.session.preset.training.steps
        while self.playing and self._inbox.empty():
            try:
                self.session.forward()
            except Diverged:
                self._pause_diverged()
                break
            self._made, made = self._made + 1, made + 1
            if self.session.step == goal:
                self.play(False)
                self.say(f"{goal:,} steps, as the preset has it; space goes on")
            if self._patience() != 0.0 or self._clock() >= until or self._stand_back > begin:
                break
        now = self._clock()
        self._step_time = (now - begin) / max(1, made)
        if self.pace and self._made / self.pace < now - self._begin - 0.5:
            self._begin, self._made = now, 0  # it cannot keep up: do not try to catch up later
        if not self.playing or now - self._published >= max(FRAME_EVERY, self._frame_cost / FRAME_SHARE):
            self._publish()

    def _give_way(self) -> None:
        """Short updates and the screen want the same interpreter lock: while one works the other would be slow, and
        no faster done.  So wait until the last frame is drawn, and a moment after a key."""
        if self._step_time < SHORT_STEP:
            self._drawn.wait(FRAME_EVERY)
            time.sleep(max(0.0, min(COURTESY, self._stand_back - self._clock())))

    def _score(self) -> None:
        """A new frame, unless nothing that it shows has changed."""
        session, begin = self.session, self._clock()
        shows = (session.stamp, session.notice)
        if shows != self._framed:
            self.frame, self._framed = session.frame(), shows
            self._frame_cost = self._clock() - begin

    def _pause_diverged(self) -> None:
        self.play(False)
        self.say(self.session.notice, "error")

    def _publish(self) -> None:
        if self.playing and self._told:
            return
        now, step = self._clock(), self.session.step
        if self.playing and now > self._published:
            self.rate = max(0, step - self._published_step) / (now - self._published)
        self._score()
        self.unsaved = self.session.preset != self.file.preset
        self.shelved_unsaved = any(session.preset != file.preset for file, session, _ in (*self._shelf, *self._ahead))
        self._published, self._published_step = now, step
        if not self._told:
            self._told = True
            self._drawn.clear()
            self._on_news()

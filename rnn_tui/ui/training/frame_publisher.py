"""Passes snapshots and news from the training thread to the screen."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from threading import Event, Lock
from typing import Literal, NamedTuple

from rnn_tui.checkpoints.pinned_run import PinnedRun
from rnn_tui.number_format import counted
from rnn_tui.session.frame import Demand, Frame
from rnn_tui.session.own_sequence import OwnSequence
from rnn_tui.session.plateau import PlateauWatch
from rnn_tui.session.session import Session
from rnn_tui.session.what_if import WhatIf
from rnn_tui.ui.panels.view_state import Successor
from rnn_tui.ui.training.command_queue import Command
from rnn_tui.ui.training.thread_owner import ThreadOwner

FRAME_EVERY = 0.1  # default seconds between two frames
FRAME_SHARE = 0.09  # largest share of the time spent on frames: scoring all lanes on held-out sequences, and drawing
MOST_INFORMATION = 8  # messages that wait for the screen; only the newest are kept
LONGEST_DRAWING = 0.05  # seconds; longer times include other work, such as a dialog


class News(NamedTuple):
    """A message for the user; ``severity`` as in Textual's notifications.

    ``again``: for a question, the command that waits for its answer.
    """

    text: str
    severity: Literal["information", "error"] = "information"
    again: Command | None = None

    @property
    def plain(self) -> bool:
        """Return whether a later message may replace it."""
        return self.severity == "information" and self.again is None

    @classmethod
    def about(cls, future: PinnedRun, again: Command) -> "News":
        """Return the question whether to keep or discard the steps after a change."""
        later = future.last_step - future.since
        text = f"Settings were changed at step {future.since:,}. Keep the {counted(later, 'later step')} that "
        return cls(f"{text}{'was' if later == 1 else 'were'} trained without the change?", again=again)


@dataclass(frozen=True)
class TrainingState:
    """State of the training thread that the screen shows.

    Attributes:
        name: of the preset. pace: wanted updates per second, 0 is as fast as possible; rate: measured.
        goal: the step that it is going to.
        changed: whether the settings differ from the preset file's; unsaved: whether they would be lost.
        others_unsaved: the same for presets that undo would restore.
        edits, successor: as in the view.
    """

    name: str
    pace: int
    rate: float = 0.0
    playing: bool = False
    goal: int | None = None
    changed: bool = False
    unsaved: bool = False
    others_unsaved: bool = False
    edits: str = ""
    successor: Successor | None = None


class Snapshot(NamedTuple):
    """A frame and the state of the training thread, published together."""

    frame: Frame
    training: TrainingState


class Collected(NamedTuple):
    """Everything that the screen collects at once.

    Attributes:
        done: names of the actions that have taken effect since the last time; ``snapshot`` shows their effects.
    """

    snapshot: Snapshot
    news: list[News]
    done: list[str]


class FramePublisher:
    """Hands over snapshots and news, under one lock.  ``on_news`` is called if there is something new, and again only
    when the screen has collected it: a slow terminal gets fewer frames, never a backlog.

    Errors and questions are never dropped; one that already waits is not repeated.

    The screen's thread calls ``collect``, ``drawn`` and ``demand``, through its channel; the rest belongs to the
    training thread.

    Attributes:
        frame: the newest frame.  rate: measured updates per second.
    """

    def __init__(
        self,
        session: Session,
        state: TrainingState,
        on_news: Callable[[], object],
        clock: Callable[[], float],
        every: float,
        owner: ThreadOwner | None = None,
    ) -> None:
        """Args:
        every: least seconds between two frames while the session moves.
        owner: the thread that publishes.
        """
        self._owner = owner or ThreadOwner()
        self._on_news, self._clock, self.every = on_news, clock, every
        self._lock = Lock()  # guards the five attributes that both threads use:
        self._demands = Demand.FIRST_PAGE
        self._news: list[News] = []
        self._done: list[str] = []
        self._snapshot = Snapshot(session.frame(self._demands), state)
        self._told = False
        self._drawing = 0.0  # seconds of the screen's thread for the last frame
        self._drawn = Event()  # whether the screen has drawn the last frame
        self._busy = 0.0  # seconds of the screen's thread until now
        self._at, self._step, self._cost = 0.0, 0, 0.0  # time, step and seconds of the last frame
        self._shows: tuple[object, ...] = ()
        self._finished: list[str] = []  # actions that no snapshot shows yet
        self._plateau = PlateauWatch()
        self.rate = 0.0
        self.frame = self._snapshot.frame

    # The screen's thread.

    def collect(self) -> Collected:
        """Return the newest snapshot, and the news and the finished actions since the last time."""
        busy = time.thread_time()
        with self._lock:
            self._told = False
            self._drawing = min(busy - self._busy, LONGEST_DRAWING)
            news, self._news = self._news, []
            done, self._done = self._done, []
            snapshot = self._snapshot
        self._busy = busy
        return Collected(snapshot, news, done)

    def drawn(self) -> None:
        """Report that the frame collected last is visible."""
        self._drawn.set()

    def demand(self, demands: Demand) -> bool:
        """Set the demands on frames; return whether the newest frame lacks something."""
        with self._lock:
            self._demands = demands
            return demands not in self._snapshot.frame.demands

    # The training thread.

    def begin(self, session: Session) -> None:
        """Prepare for a session that starts or stops playing."""
        self.rate = 0.0
        self._plateau.begin(session)

    def finish(self, action: str) -> None:
        """Record an action that the next snapshot will show."""
        assert self._owner.here
        self._finished.append(action)

    def add(self, news: News) -> None:
        assert self._owner.here
        with self._lock:
            if news.plain:
                told = [item for item in self._news if item.plain]
                if len(told) >= MOST_INFORMATION:
                    self._news.remove(told[0])
            elif any((item.text, item.severity) == (news.text, news.severity) for item in self._news):
                return
            self._news.append(news)

    @property
    def age(self) -> float:
        """Seconds since the last frame."""
        return self._clock() - self._at

    def due(self, idle: bool, alone: bool) -> bool:
        """Return whether it is time for another frame while the session moves.

        ``idle``: whether training waits, so that frames cost it no time.  ``alone``: whether training pauses while the
        screen is drawn.
        """
        if self.is_lacking:
            return True
        with self._lock:
            cost = self._cost + (self._drawing if alone else 0.0)
        return self.age >= (self.every if idle else max(self.every, cost / FRAME_SHARE))

    @property
    def is_lacking(self) -> bool:
        """Return whether the newest frame does not meet the demands."""
        with self._lock:
            return self._demands not in self.frame.demands

    def wait(self) -> None:
        """Wait until the last frame is drawn, but not long."""
        self._drawn.wait(FRAME_EVERY)

    @property
    def awaited(self) -> bool:
        """Return whether the screen has not collected the last snapshot yet."""
        with self._lock:
            return self._told

    def score(self, session: Session, moving: bool, what_if: WhatIf = (), own: OwnSequence | None = None) -> None:
        """Make a new frame if something has changed; ``what_if`` and ``own``: the lens."""
        assert self._owner.here
        if said := self._plateau.look(session):
            self.add(News(said))
        now, step = self._clock(), session.step
        if moving and now > self._at:
            self.rate = max(0, step - self._step) / (now - self._at)
        self._at, self._step = now, step
        with self._lock:
            demands = self._demands
        begin, shows = self._clock(), (session.stamp, session.notice, what_if, own)
        if shows != self._shows or demands not in self.frame.demands:
            self._shows = shows  # do not try again to make a frame that fails
            self.frame = session.frame(demands, what_if, own)
            self._cost = self._clock() - begin

    def publish(self, state: TrainingState) -> None:
        """Publish the frame with the state of the training thread, and notify the screen."""
        assert self._owner.here
        with self._lock:
            self._snapshot = Snapshot(self.frame, state)
            self._done += self._finished
            tell, self._told = not self._told, True
        self._finished = []
        if tell:
            self._drawn.clear()
            self._on_news()

"""Snapshots and sentences on their way from the training thread to the screen."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from threading import Event, Lock
from typing import Literal, NamedTuple

from rnn_tui.checkpoints.pinned_run import PinnedRun
from rnn_tui.session.frame import Demand, Frame
from rnn_tui.session.plateau import PlateauWatch
from rnn_tui.session.session import Session
from rnn_tui.ui.training.command_queue import Command
from rnn_tui.ui.training.thread_owner import ThreadOwner

FRAME_EVERY = 0.1  # seconds: the screen is told so often where nobody says otherwise, and never once a step
FRAME_SHARE = 0.09  # of the time at most goes into frames: scoring every lane on all held-out sequences, and drawing
MOST_INFORMATION = 8  # sentences that wait for the screen; of more only the newest are shown
LONGEST_DRAWING = 0.05  # seconds; what is more went into something else, a dialog or the start


class News(NamedTuple):
    """A sentence for the user; ``severity`` as Textual's notifications have it.

    ``again``: it is a question, and this is the command for which it has to be answered first.
    """

    text: str
    severity: Literal["information", "error"] = "information"
    again: Command | None = None

    @property
    def plain(self) -> bool:
        """Whether nothing is lost where a later sentence takes its place."""
        return self.severity == "information" and self.again is None

    @classmethod
    def about(cls, future: PinnedRun, again: Command) -> "News":
        """The question what becomes of a future that was cut off."""
        later = future.last_step - future.since
        text = f"Step {future.since:,} lies in the past, and settings have been changed since. What becomes of the "
        return cls(f"{text}{later:,} later steps that were learnt without the change?", again=again)


@dataclass(frozen=True)
class TrainingState:
    """What the screen shows of the training thread, beside its frame.

    Attributes:
        name: of the preset. pace: updates per second wanted, 0 is flat out; rate: as measured.
        goal: the step to which it is on the way.
        changed: whether the settings differ from the preset file's; unsaved: whether they would be lost.
        others_unsaved: the same of what undo would bring back.
    """

    name: str
    pace: int
    rate: float = 0.0
    playing: bool = False
    goal: int | None = None
    changed: bool = False
    unsaved: bool = False
    others_unsaved: bool = False


class Snapshot(NamedTuple):
    """A frame and the training thread's state, published together."""

    frame: Frame
    training: TrainingState


class Collected(NamedTuple):
    """What the screen takes at once.

    Attributes:
        done: the names of the actions that have taken effect since the last time, all of them shown by ``snapshot``.
    """

    snapshot: Snapshot
    news: list[News]
    done: list[str]


class FramePublisher:
    """Hands snapshots and news over, under one lock.  ``on_news`` is called when there is something new to show, and
    not again before the screen has ``collect``-ed it: a slow terminal gets fewer frames, never a backlog.

    Errors and questions are never dropped; one that waits already is not repeated.

    The screen's thread calls ``collect``, ``drawn`` and ``demand``, through its channel; the rest belongs to the
    training thread.

    Attributes:
        frame: the newest.  rate: updates per second, measured.
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
        """``every``: seconds from one frame to the next, at least, while the session moves; ``owner``: the thread that
        publishes.
        """
        self._owner = owner or ThreadOwner()
        self._on_news, self._clock, self.every = on_news, clock, every
        self._lock = Lock()  # around the five that both threads use:
        self._demands = Demand.EVERYTHING
        self._news: list[News] = []
        self._done: list[str] = []
        self._snapshot = Snapshot(session.frame(self._demands), state)
        self._told = False
        self._drawing = 0.0  # seconds that the screen's thread has worked for the last frame
        self._drawn = Event()  # whether the screen has drawn the last frame
        self._busy = 0.0  # seconds that the screen's thread has worked by now
        self._at, self._step, self._cost = 0.0, 0, 0.0  # of the last frame: when, of which step, how many seconds
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
        """The frame that was collected last is on the screen."""
        self._drawn.set()

    def demand(self, demands: Demand) -> bool:
        """What frames are to have from now on; whether the newest lacks some of it."""
        with self._lock:
            self._demands = demands
            return demands not in self._snapshot.frame.demands

    # The training thread.

    def begin(self, session: Session) -> None:
        """The session is about to play, or has been stopped."""
        self.rate = 0.0
        self._plateau.begin(session)

    def finish(self, action: str) -> None:
        """An action has taken effect, which the next snapshot shows."""
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
        """Whether it is time for another frame while the session moves.

        ``idle``: training has time to spare, so that frames cost none of it.  ``alone``: it stands still while the
        screen is drawn.
        """
        if self.is_lacking:
            return True
        with self._lock:
            cost = self._cost + (self._drawing if alone else 0.0)
        return self.age >= (self.every if idle else max(self.every, cost / FRAME_SHARE))

    @property
    def is_lacking(self) -> bool:
        """Whether the newest frame has less than what is demanded."""
        with self._lock:
            return self._demands not in self.frame.demands

    def wait(self) -> None:
        """Until the last frame is drawn, but not long."""
        self._drawn.wait(FRAME_EVERY)

    @property
    def awaited(self) -> bool:
        """Whether the screen has not collected the last snapshot yet."""
        with self._lock:
            return self._told

    def score(self, session: Session, moving: bool) -> None:
        """Make a new frame, unless nothing that it shows has changed."""
        assert self._owner.here
        if said := self._plateau.look(session):
            self.add(News(said))
        now, step = self._clock(), session.step
        if moving and now > self._at:
            self.rate = max(0, step - self._step) / (now - self._at)
        self._at, self._step = now, step
        with self._lock:
            demands = self._demands
        begin, shows = self._clock(), (session.stamp, session.notice)
        if shows != self._shows or demands not in self.frame.demands:
            self._shows = shows  # a frame that cannot be made is not tried again
            self.frame = session.frame(demands)
            self._cost = self._clock() - begin

    def publish(self, state: TrainingState) -> None:
        """Hand the frame over with the training thread's state, and tell the screen."""
        assert self._owner.here
        with self._lock:
            self._snapshot = Snapshot(self.frame, state)
            self._done += self._finished
            tell, self._told = not self._told, True
        self._finished = []
        if tell:
            self._drawn.clear()
            self._on_news()

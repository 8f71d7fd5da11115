"""Frames and sentences on their way from the player's thread to the screen.  Only player.py makes one."""

import threading
import time
from collections import deque
from collections.abc import Callable
from typing import Any, Literal, NamedTuple

from rnn_tui.pins import Pin
from rnn_tui.session.frame import Frame
from rnn_tui.session.session import Session
from rnn_tui.session.standstill import StandstillWatch

FRAME_EVERY = 0.1  # seconds: the screen is told so often where nobody says otherwise, and never once a step
FRAME_SHARE = 0.09  # of the time at most goes into frames: scoring every lane on all held-out sequences, and drawing
LONGEST_DRAWING = 0.05  # seconds; what is more went into something else, a dialog or the start


class News(NamedTuple):
    """A sentence for the user; ``severity`` as Textual's notifications have it.

    ``again``: it is a question, and this is the command for which it has to be answered first.
    """

    text: str
    severity: Literal["information", "error"] = "information"
    again: Callable[[Any], str | None] | None = None

    @classmethod
    def about(cls, future: Pin, again: Callable[[Any], str | None]) -> "News":
        """The question what becomes of a future that was cut off."""
        later = future.last_step - future.since
        text = f"Step {future.since:,} lies in the past, and settings have been changed since. What becomes of the "
        return cls(f"{text}{later:,} later steps that were learnt without the change?", again=again)


class Bulletin:
    """``on_news`` is called when there is a new frame or a sentence to show, and not again before the screen has
    ``collect``-ed them: a slow terminal gets fewer frames, never a backlog.

    Attributes:
        frame: the newest.
        rate: updates per second, measured.
    """

    def __init__(
        self, session: Session, on_news: Callable[[], object], clock: Callable[[], float], every: float
    ) -> None:
        """``every``: seconds from one frame to the next, at least, while the session moves."""
        self._on_news, self._clock, self.every = on_news, clock, every
        self._news: deque[News] = deque(maxlen=8)
        self._told = False
        self._drawn = threading.Event()  # whether the screen has drawn the last frame
        self._at, self._step, self._cost = 0.0, 0, 0.0  # of the last frame: when, of which step, how many seconds
        self._busy, self._drawing = 0.0, 0.0  # seconds that the screen's thread has worked: by now, for the last frame
        self._shows: tuple[object, ...] = ()
        self._standstill = StandstillWatch()
        self.rate = 0.0
        self.frame: Frame = session.frame()

    # What the screen's thread calls.

    def collect(self) -> tuple[Frame, list[News]]:
        """The newest frame, and the news since the last time."""
        self._told = False
        busy = time.thread_time()
        self._busy, self._drawing = busy, min(busy - self._busy, LONGEST_DRAWING)
        news = [self._news.popleft() for _ in range(len(self._news))]
        return self.frame, news

    def drawn(self) -> None:
        """The frame that was collected last is on the screen."""
        self._drawn.set()

    # What the player's thread calls.

    def begin(self, session: Session) -> None:
        """The session is about to play, or has been stopped."""
        self.rate = 0.0
        self._standstill.begin(session)

    def add(self, news: News) -> None:
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
        cost = self._cost + (self._drawing if alone else 0.0)
        return self.age >= (self.every if idle else max(self.every, cost / FRAME_SHARE))

    def wait(self) -> None:
        """Until the last frame is drawn, but not long."""
        self._drawn.wait(FRAME_EVERY)

    def publish(self, session: Session, moving: bool) -> None:
        """A new frame, and the news; while the session moves, none before the last one was collected."""
        if said := self._standstill.look(session):
            self.add(News(said))
        if moving and self._told:
            return
        now, step = self._clock(), session.step
        if moving and now > self._at:
            self.rate = max(0, step - self._step) / (now - self._at)
        self._score(session)
        self._at, self._step = now, step
        if not self._told:
            self._told = True
            self._drawn.clear()
            self._on_news()

    def _score(self, session: Session) -> None:
        """A new frame, unless nothing that it shows has changed."""
        begin, shows = self._clock(), (session.stamp, session.notice)
        if shows != self._shows:
            self.frame, self._shows = session.frame(), shows
            self._cost = self._clock() - begin

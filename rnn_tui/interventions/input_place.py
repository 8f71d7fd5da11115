"""A number in the input: a time step, and one of the inputs."""

from typing import NamedTuple

from rnn_tui.errors import nearest
from rnn_tui.interventions.base import SpellingError, Target, whole


class InputPlace(NamedTuple):
    """A time step, and the number or name of an input if there are several.

    Spelled ``7``, ``7.1`` or ``7.mark``.
    """

    t: int
    channel: str = ""

    @classmethod
    def of(cls, text: str, example: str) -> "InputPlace":
        """Raises SpellingError."""
        t, dot, channel = text.partition(".")
        if dot and not channel:
            raise SpellingError(f"{text!r} names no input after the dot, as in {example}")
        return cls(whole(t, example), channel.strip())

    @classmethod
    def all_at(cls, t: int, target: Target) -> list["InputPlace"]:
        """Return the inputs at a time step: one if it is a symbol, otherwise those that are numbers."""
        names = target.task.channels
        if target.task.alphabet or len(names) == 1:
            return [cls(t)]
        return [cls(t, str(number) if {"=", "@"} & set(name) else name) for number, name in enumerate(names)]

    @property
    def spelling(self) -> str:
        return f"{self.t}.{self.channel}" if self.channel else str(self.t)

    @property
    def said(self) -> str:
        if self.channel.isdecimal():
            return f"x_{self.t}[{self.channel}]"
        return f"{self.channel or 'x'}_{self.t}"

    def row(self, target: Target) -> int:
        """Return the number of the input."""
        channels = target.task.channels
        if not self.channel:
            return 0
        return int(self.channel) if self.channel.isdecimal() else channels.index(self.channel)

    def problem(self, target: Target) -> str:
        """Return why there is no such number; empty if there is."""
        if problem := target.no_time(self.t):
            return problem
        if target.task.alphabet:
            return "the input is a symbol, which has only a time step" if self.channel else ""
        channels = target.task.channels
        if not self.channel and len(channels) > 1:
            return f"there are {len(channels)} inputs; name one of {', '.join(channels)}, as in {self.t}.{channels[0]}"
        numbers = [str(number) for number in range(len(channels))]
        if self.channel and self.channel not in (*channels, *numbers):
            known = f"; there {'is' if len(channels) == 1 else 'are'} {', '.join(channels)}"
            return f"there is no input {self.channel!r}{nearest(self.channel, channels) or known}"
        return ""

"""Position in an update: T steps forward, the loss, T steps back, the clip, and the change."""

from dataclasses import dataclass, replace

PHASES = ("forward", "loss", "backward", "clip", "apply")
FORWARD, LOSS, BACKWARD, CLIP, APPLY = range(len(PHASES))


@dataclass(frozen=True)
class UpdateCursor:
    """A position in an update on sequences of ``length``."""

    length: int
    place: int = 0

    @property
    def starts(self) -> tuple[int, ...]:
        """The place at which each phase starts."""
        T = self.length
        return (0, T, T + 1, 2 * T + 1, 2 * T + 2)

    @property
    def phase(self) -> int:
        return sum(start <= self.place for start in self.starts) - 1

    @property
    def t(self) -> int:
        """The time step; in phases without one, the last of the sequence."""
        return self.place if self.phase == FORWARD else max(0, self.length - 1 - self.back)

    @property
    def back(self) -> int:
        """Number of time steps that the gradient has come back."""
        return self.place - self.starts[BACKWARD] if self.phase == BACKWARD else 0

    def by(self, places: int) -> "UpdateCursor":
        """Move by a number of places, within the update."""
        return replace(self, place=max(0, min(self.starts[-1], self.place + places)))

    def jump(self, way: int) -> "UpdateCursor":
        """Return the start of the next or previous phase."""
        return replace(self, place=self.starts[max(FORWARD, min(APPLY, self.phase + way))])

    def to(self, t: int) -> "UpdateCursor":
        """Return the time step t of the phase, if the phase has time steps."""
        places = {FORWARD: t, BACKWARD: self.starts[BACKWARD] + self.length - 1 - t}
        return replace(self, place=places.get(self.phase, self.place))

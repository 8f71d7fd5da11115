"""The way through one update: T steps forward, the loss, T steps back, the clip, and the change."""

from dataclasses import dataclass, replace

PHASES = ("forward", "loss", "backward", "clip", "apply")
FORWARD, LOSS, BACKWARD, CLIP, APPLY = range(len(PHASES))


@dataclass(frozen=True)
class UpdateCursor:
    """A place on the way through an update on sequences of ``length``."""

    length: int
    place: int = 0

    @property
    def starts(self) -> tuple[int, ...]:
        """The place at which each phase begins."""
        T = self.length
        return (0, T, T + 1, 2 * T + 1, 2 * T + 2)

    @property
    def phase(self) -> int:
        return sum(start <= self.place for start in self.starts) - 1

    @property
    def t(self) -> int:
        """The time step where one stands; between the phases that have one, the last of the sequence."""
        return self.place if self.phase == FORWARD else max(0, self.length - 1 - self.back)

    @property
    def back(self) -> int:
        """How many time steps the gradient has travelled back."""
        return self.place - self.starts[BACKWARD] if self.phase == BACKWARD else 0

    def by(self, places: int) -> "UpdateCursor":
        """So many places on, as far as there are any."""
        return replace(self, place=max(0, min(self.starts[-1], self.place + places)))

    def jump(self, way: int) -> "UpdateCursor":
        """The beginning of the next phase, or of the one before."""
        return replace(self, place=self.starts[max(FORWARD, min(APPLY, self.phase + way))])

    def to(self, t: int) -> "UpdateCursor":
        """The time step t, in a phase that has some."""
        places = {FORWARD: t, BACKWARD: self.starts[BACKWARD] + self.length - 1 - t}
        return replace(self, place=places.get(self.phase, self.place))

"""What the screen shows of a sweep: the drawing, the measure, the keys on the axes, and the cursor."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from rnn_tui.ui.sweeps.key_axis import LANES, KeyAxis
from rnn_tui.ui.sweeps.measures import LOSS, Measure, measure_named
from rnn_tui.ui.sweeps.scatter import point_beside
from rnn_tui.ui.sweeps.sweep_data import SweepData

MAP, CURVES, POINTS, RUNS = "map", "curves", "points", "runs"
DRAWINGS = (MAP, CURVES, POINTS, RUNS)
TABLES = (POINTS, RUNS)
FEW = 6  # values of a key that are drawn side by side at first


@dataclass(frozen=True)
class SweepView:
    """A view of a sweep.

    Attributes:
        drawing: one of DRAWINGS.
        measure: name of the measure.
        across, down: keys of the axes, or LANES; ``down`` is empty if there is only one axis.
        split: key of which each value has a map or chart of its own, or LANES; empty for one drawing.
        place: the cursor: a place on each axis.  Keys without an axis stay at their place.
        run: index of the run under the cursor in the table of runs; −1: the first.
        log: whether the measure has a logarithmic scale.
        sort: title of the column by which the tables are sorted; empty: by the points.  falling: in falling order.
    """

    drawing: str = MAP
    measure: str = LOSS.name
    across: str = ""
    down: str = ""
    split: str = ""
    place: Mapping[str, int] = field(default_factory=dict)
    run: int = -1
    log: bool = False
    sort: str = ""
    falling: bool = False

    @classmethod
    def first(cls, data: SweepData) -> "SweepView":
        """Return the view with which a sweep opens.

        A map of the first two keys, for each value of a third one if these are few; curves over the only key; or the
        best points of a sweep without a grid.
        """
        keys = list(data.axes)
        one = len(data.keys) < 2
        down = next((key for key in keys[1:]), "")
        drawing = CURVES if one and data.keys and data.axes[keys[0]].numeric else MAP
        split = next((key for key in data.keys[2:] if len(data.axes[key]) <= FEW), "")
        view = cls(drawing, across=keys[0], down=down, split=split, place=dict.fromkeys(keys, 0))
        return replace(view, drawing=POINTS, sort=LOSS.title) if data.scattered else view

    @property
    def shown(self) -> Measure:
        return measure_named(self.measure)

    @property
    def lane(self) -> int:
        """Number of the lane under the cursor."""
        return self.place.get(LANES, 0)

    def axis(self, data: SweepData, key: str) -> KeyAxis:
        """Return the axis of a key; for the empty key, one place without a name."""
        return data.axes[key] if key else KeyAxis("", "", ("",))

    @property
    def free(self) -> set[str]:
        """The keys that the drawing shows with all their values, if the sweep is a grid."""
        return {self.across, self.split} if self.drawing == CURVES else {self.across, self.down, self.split}

    def fixed(self, data: SweepData) -> list[str]:
        """Return the keys that the drawing shows at one value only."""
        return [] if data.scattered else [key for key in data.axes if key not in self.free]

    # Other views.

    def moved(self, data: SweepData, across: int, down: int) -> "SweepView":
        """Return the view with the cursor elsewhere on the axes; it stops at their ends.

        Without a grid, it goes to the next point.
        """
        return self.stepped(data, self.across, across).stepped(data, self.down, down)

    def stepped(self, data: SweepData, key: str, by: int) -> "SweepView":
        """Return the view with the cursor moved along the axis of a key."""
        if not key or not by:
            return self
        if data.scattered and key != LANES:
            return replace(self, place=point_beside(data, self.place, key, by))
        place = max(0, min(len(data.axes[key]) - 1, self.place[key] + by))
        return replace(self, place={**self.place, key: place})

    def to(self, place: Mapping[str, int]) -> "SweepView":
        """Return the view with the cursor at a point."""
        return replace(self, place={**self.place, **place})

    def with_axis(self, data: SweepData, side: str) -> "SweepView":
        """Return the view with the next key on one side, ``across`` or ``down``; it changes places with the other."""
        here: str = getattr(self, side)
        keys = [key for key in data.axes if side == "down" or self.drawing != CURVES or key != LANES]
        if len(keys) < 2 or not here:
            return self
        return self.with_key(data, side, following(keys, here))

    def with_key(self, data: SweepData, side: str, key: str) -> "SweepView":
        """Return the view with a key ``across``, ``down`` or ``split``.

        If the key was on another side, that side gets the key from here, or one that is not shown.
        """
        sides = {"across": self.across, "down": self.down, "split": self.split}
        before, sides[side] = sides[side], key
        for other, shown in list(sides.items()):
            if other != side and shown == key:
                free = [before, *(each for each in data.axes if each not in sides.values())]
                sides[other] = "" if other == "split" else next(filter(None, free), "")
        if not sides["across"]:
            return self
        return replace(self, across=sides["across"], down=sides["down"], split=sides["split"])

    def with_split(self, data: SweepData) -> "SweepView":
        """Return the view with the next key split into drawings of its own, or none."""
        taken = {self.across} if self.drawing == CURVES else {self.across, self.down}
        keys = ["", *(key for key in data.axes if key not in taken and (key == LANES or not data.scattered))]
        return replace(self, split=following(keys, self.split) if self.split in keys else "")

    def with_measure(self, data: SweepData) -> "SweepView":
        """Return the view of the next measure."""
        names = [measure.name for measure in data.measures]
        return replace(self, measure=following(names, self.measure))

    def with_drawing(self, data: SweepData, drawing: str = "") -> "SweepView":
        """Return the view with a drawing, or with the next one.

        Curves are not drawn over the lanes; a map is not split by one of its own keys.
        """
        view = replace(self, drawing=drawing or following(DRAWINGS, self.drawing))
        if view.drawing == CURVES and view.across == LANES and data.keys:
            key = data.keys[0]
            view = replace(view, across=key, down=LANES if view.down == key else view.down)
        taken = {view.across} if view.drawing == CURVES else {view.across, view.down}
        return replace(view, split="" if view.split in taken else view.split)


def following(words: Sequence[str], word: str) -> str:
    """Return the word after another one, and the first after the last one."""
    return words[(list(words).index(word) + 1) % len(words)] if word in words else words[0]

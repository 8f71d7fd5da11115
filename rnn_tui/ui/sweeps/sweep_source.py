"""A sweep's folder as the screen reads it: the plan once, and the results as they grow."""

from pathlib import Path

from rnn_tui.errors import FileError
from rnn_tui.experiments.jobs import Row, preset_at
from rnn_tui.experiments.results_follower import ResultsFollower
from rnn_tui.experiments.sweep_plan import SweepPlan
from rnn_tui.experiments.sweep_results import PLAN, read_plan
from rnn_tui.presets.key_paths import lane_tables
from rnn_tui.presets.preset import lane_names
from rnn_tui.presets.store import PresetFile
from rnn_tui.ui.sweeps.sweep_data import Contour, SweepData, SweepOutline


class SweepSource:
    """The sweep in a folder; belongs to the screen's thread.

    Attributes:
        data: its runs so far.

    Raises:
        RnnTuiError: the folder has no sweep, or its files cannot be used.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.plan: SweepPlan = read_plan(folder)
        try:
            self.data = SweepData(outline_of(self.plan))
        except (ValueError, KeyError, TypeError, IndexError):
            raise FileError(str(folder / PLAN), ["is not the plan of a sweep"]) from None
        self._follower = ResultsFollower(folder)

    def read(self) -> int:
        """Read the results that are new; return how many these are.  Raises RnnTuiError."""
        before = len(self.data.runs)
        while rows := self._follower.fresh():
            self.data.add(rows)
        return len(self.data.runs) - before

    def preset(self) -> PresetFile:
        """Return the preset that is varied.  Raises PresetError."""
        return PresetFile(self.plan.name, preset_at(self.plan.preset, {}))

    def preset_of(self, run: Row) -> PresetFile:
        """Return the preset of a run, named by what differs: training it gives the run again.  Raises PresetError."""
        unchanged = self.preset().preset
        preset = preset_at(self.plan.preset, run["point"], unchanged)
        return PresetFile(f"{self.plan.name}, {self.data.run_name(run)}", preset, unchanged=unchanged)


def outline_of(plan: SweepPlan) -> SweepOutline:
    """Return what the screen needs of a plan; data files of the user are not read, and may be missing.

    A lane whose kind is varied has no name that says its kind.

    Raises:
        ValueError, KeyError: the plan is not one that a sweep has written.
    """
    points, lanes = plan.points(), lane_tables(plan.preset)
    names = lane_names([(str(lane.get("name", "")), str(lane["kind"])) for lane in lanes])
    if not names:
        raise ValueError("no lanes")
    for number, lane in enumerate(lanes):
        if not lane.get("name") and any(f"lanes.{number}.kind" in point for point in points):
            names[number] = f"lane {number + 1}"
    contour = plan.sweep.contour
    line = None if contour is None else Contour(contour.base, contour.exponent, contour.level)
    return SweepOutline(plan.name, tuple(names), points, plan.sweep.seeds, line)

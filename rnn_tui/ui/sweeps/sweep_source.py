"""A sweep's folder as the screen reads it: the plan once, and the results as they grow."""

from pathlib import Path

from rnn_tui.experiments.jobs import Row, preset_at
from rnn_tui.experiments.results_follower import ResultsFollower
from rnn_tui.experiments.sweep_plan import SweepPlan
from rnn_tui.experiments.sweep_results import read_plan
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
        self.data = SweepData(outline_of(self.plan))
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
    """Return what the screen needs of a plan.  Raises RnnTuiError."""
    names = preset_at(plan.preset, {}).names
    contour = plan.sweep.contour
    line = None if contour is None else Contour(contour.base, contour.exponent, contour.level)
    return SweepOutline(plan.name, tuple(names), plan.points(), plan.sweep.seeds, line)

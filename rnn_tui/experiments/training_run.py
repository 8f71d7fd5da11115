"""A preset that is trained once, without a history to go back in."""

from collections.abc import Sequence

from rnn_tui.engine.training import Buffers, Metrics
from rnn_tui.presets.preset import Preset, affordable
from rnn_tui.session.evaluation import Evaluation, evaluate
from rnn_tui.session.experiment import Experiment
from rnn_tui.session.forward_timeline import ForwardTimeline, advance


class TrainingRun:
    """The lanes of an experiment, trained forward from step 0 without a history.

    At each step its lanes have the same bits as in a session.

    Attributes:
        timelines: one for each lane.
    """

    def __init__(self, experiment: Experiment, curves: bool = False) -> None:
        """Begin at step 0; ``curves``: record the metrics of every step in the timelines."""
        lanes = range(len(experiment.preset.lanes))
        self.experiment = experiment
        self.timelines = [
            ForwardTimeline(experiment.start(lane), [(0, experiment.learner(lane))], experiment.batch, curves)
            for lane in lanes
        ]
        self._buffers = [Buffers() for _ in lanes]

    @classmethod
    def from_preset(cls, preset: Preset, curves: bool = False) -> "TrainingRun":
        """Return a run of a preset.  Raises PresetError if its buffers do not fit into memory."""
        affordable(preset)
        return cls(Experiment(preset), curves)

    @property
    def preset(self) -> Preset:
        return self.experiment.preset

    @property
    def step(self) -> int:
        return self.timelines[0].step

    def forward(self, count: int = 1) -> Sequence[Metrics]:
        """Make ``count`` updates of every lane and return the metrics of the last one by lane; empty if ``count`` is 0.

        Raises:
            DivergenceError: a lane's loss or gradient is not finite; all lanes are then at the step of that update.
        """
        metrics: Sequence[Metrics] = ()
        goal, block = self.step + count, self.experiment.block
        while self.step < goal:
            metrics = advance(self.timelines, min(goal - self.step, block - self.step % block))
        return metrics

    def evaluate(self) -> Evaluation:
        """Evaluate every lane on the held-out sequences."""
        return evaluate(self, self._buffers)

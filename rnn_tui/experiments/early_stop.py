"""When a run ends: at its last step, when it has solved the task, when it no longer improves, or when it diverges."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from rnn_tui.session.experiment import Experiment
from rnn_tui.tasks.solved import exact_loss, is_solved

End: TypeAlias = Literal["steps", "solved", "patience", "diverged", "failed"]  # the reason for which a run ended


@dataclass(frozen=True)
class StopRules:
    """The rules by which a run ends before its last step.  They are applied where the held-out loss is measured.

    Attributes:
        solved: end when every lane that can solve the task has solved it.
        patience: end when no lane's held-out loss has improved for this many steps; None: never.
    """

    solved: bool = False
    patience: int | None = None


@dataclass(frozen=True)
class SolvedRule:
    """The task's own measure of "solved" (see :mod:`rnn_tui.tasks.solved`), for the lanes of an experiment.

    Attributes:
        floor: the lowest loss that is possible with all inputs; None if it is unknown or an estimate: then nothing
            counts as solved.
        worst: the highest loss of a predictor without a net.
        able: the lanes whose own floor lets them solve the task.
    """

    experiment: Experiment
    floor: float | None
    worst: float
    able: tuple[int, ...]

    @classmethod
    def of(cls, experiment: Experiment) -> "SolvedRule":
        """Return the rule for an experiment."""
        floor = exact_loss(experiment.best_floor)
        worst = max(reference.loss for reference in experiment.references)
        rule = cls(experiment, floor, worst, ())
        able = [lane for lane in range(len(experiment.preset.lanes)) if rule.met(rule.lowest(lane))]
        return cls(experiment, floor, worst, tuple(able))

    def lowest(self, lane: int) -> float:
        """Return the lowest loss that a lane can reach, as far as it is known."""
        own = exact_loss(self.experiment.floor(lane))
        return (self.floor or 0.0) if own is None else own

    def met(self, held_out_loss: float, accuracy: float | None = None) -> bool | None:
        """Return whether a net with this loss and accuracy has solved the task; None if that is undefined."""
        if self.floor is None:
            return None
        return is_solved(self.experiment.task.loss, self.floor, self.worst, held_out_loss, accuracy)


def out_of_patience(patience: int, step: int, best_steps: Sequence[int]) -> bool:
    """Return whether no lane has improved in the last ``patience`` steps.

    ``best_steps``: of each lane, the step of its lowest held-out loss; 0 if no loss was finite.
    """
    return all(step - best >= patience for best in best_steps)

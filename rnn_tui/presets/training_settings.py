"""The ``[training]`` table of a preset."""

from importlib.util import find_spec
from typing import TYPE_CHECKING, Annotated, Literal, TypeAlias

from pydantic import AfterValidator, Field

from rnn_tui.engine.compiled import ENGINES
from rnn_tui.engine.optimizers import OPTIMIZERS
from rnn_tui.engine.schedules import SCHEDULES, Schedule
from rnn_tui.tasks.settings_model import SettingsModel

if TYPE_CHECKING:
    EngineName: TypeAlias = str
    OptimizerName: TypeAlias = str
    ScheduleName: TypeAlias = str
else:  # the names that the engine has registered
    EngineName = Literal[*ENGINES]
    OptimizerName = Literal[*OPTIMIZERS]
    ScheduleName = Literal[*SCHEDULES]
LONGEST_HELD_OUT = 2000  # time steps; held-out sequences are evaluated for every frame


def installed(engine: str) -> str:
    """Return the name of an engine; raise ValueError if this machine does not have it."""
    if engine == "compiled" and find_spec("numba") is None:
        raise ValueError("needs the extra: pip install 'rnn-tui[fast]'; 'numpy' works without it")
    return engine


class TrainingSettings(SettingsModel):
    """How the lanes are trained."""

    sequence_length: Annotated[int, Field(ge=1, le=2000, description="time steps of a sequence in one update")] = 40
    batch_size: Annotated[int, Field(ge=1, le=1024, description="sequences in one update")] = 16
    batches_per_sequence: Annotated[
        int,
        Field(ge=1, le=1000, description="parts of a sequence, one update each; h_t is carried on"),
    ] = 1
    optimizer: Annotated[OptimizerName, Field(description="the rule that makes an update from the gradient")] = "adam"
    learning_rate: Annotated[float, Field(gt=0, le=1000, description="η, a factor of every update")] = 0.01
    schedule: Annotated[
        ScheduleName, Field(description="how the learning rate falls: not, in steps, or along a cosine")
    ] = "constant"
    schedule_steps: Annotated[
        int,
        Field(
            ge=1,
            le=10**9,
            description="steps until the learning rate is divided by 10 (step) or 0 (cosine)",
        ),
    ] = 1000
    weight_decay: Annotated[
        float, Field(ge=0, le=1000, description="L2: every update also pulls the weights toward 0")
    ] = 0.0
    clip_norm: Annotated[
        float, Field(ge=0, description="limit of the gradient's norm: a longer gradient is scaled down")
    ] = 1.0
    seed: Annotated[int, Field(ge=0, lt=2**63, description="random weights and sequences follow from it")] = 0
    steps: Annotated[int, Field(ge=0, le=10**9, description="the step at which playing pauses; 0: never")] = 600
    precision: Literal["float64", "float32"] = "float64"
    engine: Annotated[
        EngineName,
        AfterValidator(installed),
        Field(description="what computes the time loops: compiled is faster, with other last digits"),
    ] = "numpy"
    speed: Annotated[
        int, Field(ge=0, le=10_000, description="updates per second while playing; 0: as fast as possible")
    ] = 60

    @property
    def whole_length(self) -> int:
        """Number of time steps of a training sequence in all its batches."""
        return self.sequence_length * self.batches_per_sequence

    def held_out_length(self, needed: int) -> int:
        """Return the number of time steps of a held-out sequence; the task needs at least ``needed``.

        It has as many batches as a training sequence, but at most about LONGEST_HELD_OUT time steps.
        """
        length = self.sequence_length
        return length * min(self.batches_per_sequence, max(-(-needed // length), LONGEST_HELD_OUT // length))

    @property
    def falling(self) -> Schedule:
        """The schedule: a function from a step to the factor of the learning rate."""
        return SCHEDULES[self.schedule](self.schedule_steps)

    def learning_rate_at(self, step: int) -> float:
        """Return the learning rate of the update from ``step``."""
        return self.learning_rate * self.falling(step)

"""The lanes of a preset: what a ``[[lanes]]`` table says, and the model it stands for."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Annotated, Literal, TypeAlias

from pydantic import AfterValidator, Field

from rnn_tui.engine.cells import CELLS, Cell, LSTMCell, RNNCell
from rnn_tui.engine.models import FeedForwardModel, Model, RecurrentModel
from rnn_tui.tasks import Task
from rnn_tui.tasks.settings_model import SettingsModel

ActivationName = Literal["tanh", "relu", "sigmoid", "identity", "leaky_relu", "softplus"]
InitializerName = Literal["uniform", "glorot", "orthogonal", "identity", "gaussian"]
MOST_LANES = 4
WIDEST = 1024  # hidden units
WIDEST_MATCH = 65_536  # hidden units of a feed-forward net that is to have as many parameters as a recurrent one


def printable(text: str) -> str:
    if not text.replace("\n", " ").isprintable():
        raise ValueError("must hold printable characters only")
    return text


def _one_line(text: str) -> str:
    if "\n" in text:
        raise ValueError("must be one line")
    return printable(text)


Name: TypeAlias = Annotated[str, Field(max_length=24), AfterValidator(_one_line)]


class BaseLaneSettings(SettingsModel, ABC):
    """What all lanes have."""

    kind: str
    name: Name = ""
    hidden_size: Annotated[int, Field(ge=1, le=WIDEST)] = 8

    @abstractmethod
    def model(self, task: Task) -> Model:
        """The model, with the task's inputs and outputs."""

    @property
    @abstractmethod
    def net(self) -> str:
        """Activation and size, where the kind does not say the activation."""

    @property
    def uncut(self) -> "BaseLaneSettings":
        """The lane without truncation."""
        return self


class RecurrentLane(BaseLaneSettings):
    """What the recurrent ones have in common."""

    initializer: InitializerName = "uniform"
    gain: Annotated[float, Field(ge=0, le=100, description="the recurrent matrices are multiplied by it")] = 1.0
    truncation: Annotated[
        int, Field(ge=0, le=100_000, description="the gradient is cut every so many time steps; 0: never")
    ] = 0

    def cell(self, inputs: int) -> Cell:
        """The cell for so many inputs; kinds with further options say more."""
        return CELLS[self.kind](inputs, self.hidden_size)

    def model(self, task: Task) -> Model:
        return RecurrentModel(
            self.cell(task.input_size), task.output_size, self.initializer, self.gain, self.truncation
        )

    @property
    def net(self) -> str:
        return str(self.hidden_size)

    @property
    def uncut(self) -> "RecurrentLane":
        return self.with_values(truncation=0)


class RNNLane(RecurrentLane):
    kind: Literal["rnn"]
    activation: ActivationName = "tanh"

    def cell(self, inputs: int) -> Cell:
        return RNNCell(inputs, self.hidden_size, self.activation)

    @property
    def net(self) -> str:
        return f"{self.activation} {self.hidden_size}"


class GRULane(RecurrentLane):
    kind: Literal["gru"]


class LSTMLane(RecurrentLane):
    kind: Literal["lstm"]
    forget_bias: Annotated[
        float, Field(ge=-100, le=100, description="added to the forget gate's bias at the start")
    ] = 0.0

    def cell(self, inputs: int) -> Cell:
        return LSTMCell(inputs, self.hidden_size, self.forget_bias)


class FeedForwardLane(BaseLaneSettings):
    """``match`` makes it as large as another lane: then ``hidden_size`` is what follows from that."""

    kind: Literal["fnn"]
    hidden_size: Annotated[int, Field(ge=1, le=WIDEST_MATCH)] = 8
    activation: ActivationName = "tanh"
    window: Annotated[int, Field(ge=1, le=200, description="how many inputs it sees, the current one included")] = 1
    match: Annotated[
        int | None,
        Field(
            ge=0,
            le=MOST_LANES - 1,
            description="the recurrent lane, counted from 0, whose number of parameters it shall have",
        ),
    ] = None

    def model(self, task: Task) -> Model:
        return FeedForwardModel(task.input_size, self.hidden_size, task.output_size, self.window, self.activation)

    @property
    def net(self) -> str:
        return f"{self.activation} {self.hidden_size}"

    def matched(self, other: RecurrentLane, task: Task) -> "FeedForwardLane":
        """The lane at the hidden size at which it has most nearly as many parameters as ``other``."""
        count = other.model(task).layout.count
        size = FeedForwardModel.matching(count, task.input_size, task.output_size, self.window)
        return self.with_values(hidden_size=size)


LaneSettings: TypeAlias = RNNLane | GRULane | LSTMLane | FeedForwardLane
LANES: dict[str, type[LaneSettings]] = {"rnn": RNNLane, "gru": GRULane, "lstm": LSTMLane, "fnn": FeedForwardLane}


def recurrent_lanes(lanes: Sequence[LaneSettings]) -> dict[int, RecurrentLane]:
    """Return the recurrent lanes by their numbers."""
    return {i: lane for i, lane in enumerate(lanes) if isinstance(lane, RecurrentLane)}


def matched_lanes(lanes: Sequence[LaneSettings], task: Task) -> list[LaneSettings]:
    """Return the lanes, every one that has to ``match`` another at the size that follows."""
    recurrent = recurrent_lanes(lanes)
    return [
        lane.matched(recurrent[lane.match], task)
        if isinstance(lane, FeedForwardLane) and lane.match in recurrent
        else lane
        for lane in lanes
    ]

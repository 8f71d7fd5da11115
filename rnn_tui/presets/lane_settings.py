"""The lanes of a preset: what a ``[[lanes]]`` table says, and the model it stands for."""

from abc import ABC, abstractmethod
from dataclasses import replace
from typing import Annotated, Literal, TypeAlias

from rnn_tui.engine.cells import CELLS, Cell, LSTMCell, RNNCell
from rnn_tui.engine.models import FeedForwardModel, Model, RecurrentModel
from rnn_tui.tasks import Task
from rnn_tui.tasks.fields import About, Rule, Size, Table, Within

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


Name: TypeAlias = Annotated[str, Size(most=24), Rule(_one_line)]


class Lane(Table, ABC):
    """What all lanes have."""

    kind: str
    name: Name = ""
    hidden_size: Annotated[int, Within(1, WIDEST)] = 8

    @abstractmethod
    def model(self, task: Task) -> Model:
        """The model, with the task's inputs and outputs."""

    @property
    @abstractmethod
    def net(self) -> str:
        """Activation and size, where the kind does not say the activation."""

    @property
    def uncut(self) -> "Lane":
        """The lane without truncation."""
        return self


class RecurrentLane(Lane):
    """What the recurrent ones have in common."""

    initializer: InitializerName = "uniform"
    gain: Annotated[float, Within(0, 100), About("the recurrent matrices are multiplied by it")] = 1.0
    truncation: Annotated[int, Within(0, 100_000), About("the gradient is cut every so many time steps; 0: never")] = 0

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
        return replace(self, truncation=0)


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
    forget_bias: Annotated[float, Within(-100, 100), About("added to the forget gate's bias at the start")] = 0.0

    def cell(self, inputs: int) -> Cell:
        return LSTMCell(inputs, self.hidden_size, self.forget_bias)


class FeedForwardLane(Lane):
    """``match`` makes it as large as another lane: then ``hidden_size`` is what follows from that."""

    kind: Literal["fnn"]
    hidden_size: Annotated[int, Within(1, WIDEST_MATCH)] = 8
    activation: ActivationName = "tanh"
    window: Annotated[int, Within(1, 200), About("how many inputs it sees, the current one included")] = 1
    match: Annotated[
        int | None,
        Within(0, MOST_LANES - 1),
        About("the recurrent lane, counted from 0, whose number of parameters it shall have"),
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
        return replace(self, hidden_size=size)


LaneSettings: TypeAlias = RNNLane | GRULane | LSTMLane | FeedForwardLane
LANES: dict[str, type[LaneSettings]] = {"rnn": RNNLane, "gru": GRULane, "lstm": LSTMLane, "fnn": FeedForwardLane}

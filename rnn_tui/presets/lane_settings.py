"""The lanes of a preset: what a ``[[lanes]]`` table says, and the model it stands for."""

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Any, Literal, TypeAlias

from rnn_tui.engine.activations import ACTIVATIONS
from rnn_tui.engine.architecture import Architecture, Option
from rnn_tui.engine.cells import CELLS, Cell
from rnn_tui.engine.initializers import INITIALIZERS
from rnn_tui.engine.models import FeedForwardModel, Model, RecurrentModel
from rnn_tui.tasks import Task
from rnn_tui.tasks.fields import About, Rule, Size, Table, Within

if TYPE_CHECKING:
    ActivationName: TypeAlias = str
    InitializerName: TypeAlias = str
else:  # the engine's own names, whatever they are
    ActivationName = Literal[*ACTIVATIONS]
    InitializerName = Literal[*INITIALIZERS]
MOST_LANES = 4
WINDOW = FeedForwardModel.options["window"]
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
    def architecture(self) -> type[Architecture]:
        """What the kind of net says about itself."""

    @property
    def options(self) -> dict[str, Any]:
        """The settings that this kind of net has beside those of all."""
        return {name: getattr(self, name) for name in self.architecture.options}

    @property
    def net(self) -> str:
        """Activation and size, where the kind does not say the activation."""
        words = (value for value in self.options.values() if isinstance(value, str))
        return " ".join([*words, str(self.hidden_size)])

    @property
    def uncut(self) -> "Lane":
        """The lane without truncation."""
        return self


class RecurrentLane(Lane):
    """What the recurrent ones have in common."""

    initializer: InitializerName = "uniform"
    gain: Annotated[float, Within(0, 100), About("the recurrent matrices are multiplied by it")] = 1.0
    truncation: Annotated[int, Within(0, 100_000), About("the gradient is cut every so many time steps; 0: never")] = 0

    @property
    def architecture(self) -> type[Cell]:
        return CELLS[self.kind]

    def cell(self, inputs: int) -> Cell:
        """The cell for so many inputs."""
        make: Callable[..., Cell] = self.architecture
        return make(inputs, self.hidden_size, **self.options)

    def model(self, task: Task) -> Model:
        return RecurrentModel(
            self.cell(task.input_size), task.output_size, self.initializer, self.gain, self.truncation
        )

    @property
    def uncut(self) -> "RecurrentLane":
        return replace(self, truncation=0)


def _field(option: Option) -> Any:
    """The type of an option, with all that may stand in a preset."""
    if isinstance(option.default, str):
        return Literal[*option.choices]
    return Annotated[type(option.default), Within(option.least, option.most), About(option.about)]


def _lane_of(kind: str, cell: type[Cell]) -> type[RecurrentLane]:
    """The table of a recurrent lane, with the options that its cell declares."""
    types = {name: _field(option) for name, option in cell.options.items()}
    defaults = {name: option.default for name, option in cell.options.items()}
    members = {"__module__": __name__, "__annotations__": {"kind": Literal[kind], **types}, **defaults}
    return type(f"{cell.__name__}Lane", (RecurrentLane,), members)


class FeedForwardLane(Lane):
    """``match`` makes it as large as another lane: then ``hidden_size`` is what follows from that."""

    kind: Literal["fnn"]
    hidden_size: Annotated[int, Within(1, WIDEST_MATCH)] = 8
    activation: ActivationName = "tanh"
    window: Annotated[int, Within(WINDOW.least, WINDOW.most), About(WINDOW.about)] = 1
    match: Annotated[
        int | None,
        Within(0, MOST_LANES - 1),
        About("the recurrent lane, counted from 0, whose number of parameters it shall have"),
    ] = None

    def model(self, task: Task) -> Model:
        return FeedForwardModel(task.input_size, self.hidden_size, task.output_size, self.window, self.activation)

    @property
    def architecture(self) -> type[FeedForwardModel]:
        return FeedForwardModel

    def matched(self, other: RecurrentLane, task: Task) -> "FeedForwardLane":
        """The lane at the hidden size at which it has most nearly as many parameters as ``other``."""
        count = other.model(task).layout.count
        size = FeedForwardModel.matching(count, task.input_size, task.output_size, self.window)
        return replace(self, hidden_size=size)


LaneSettings: TypeAlias = RecurrentLane | FeedForwardLane
LANES: dict[str, type[LaneSettings]] = {
    **{kind: _lane_of(kind, cell) for kind, cell in CELLS.items()},
    "fnn": FeedForwardLane,
}

"""The lanes of a preset: what a ``[[lanes]]`` table says, and the model it stands for."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING, Annotated, Any, Literal, TypeAlias

from pydantic import AfterValidator, Field, create_model

from rnn_tui.engine.activations import ACTIVATIONS
from rnn_tui.engine.architecture import Architecture, Option
from rnn_tui.engine.cells import CELLS, Cell
from rnn_tui.engine.initializers import INITIALIZERS
from rnn_tui.engine.models import FeedForwardModel, Model, RecurrentModel
from rnn_tui.tasks import Task
from rnn_tui.tasks.settings_model import SettingsModel

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
    """Return the text; raise ValueError if it holds control characters other than line ends."""
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
        """Return the model, with the task's inputs and outputs."""

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

    @property
    def architecture(self) -> type[Cell]:
        return CELLS[self.kind]

    def cell(self, inputs: int) -> Cell:
        """Return the cell for so many inputs."""
        make: Callable[..., Cell] = self.architecture
        return make(inputs, self.hidden_size, **self.options)

    def model(self, task: Task) -> Model:
        return RecurrentModel(
            self.cell(task.input_size), task.output_size, self.initializer, self.gain, self.truncation
        )

    @property
    def uncut(self) -> "RecurrentLane":
        return self.with_values(truncation=0)

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickle by the kind: a class that was made for a cell is not found by its name."""
        return _unpickled, (self.kind, self.model_dump())


def _unpickled(kind: str, values: dict[str, Any]) -> "LaneSettings":
    return LANES[kind].model_construct(**values)


@cache
def _recurrent_lane(kind: str, cell: type[Cell]) -> type[RecurrentLane]:
    """Return the model of a lane with this cell: beside the fields of all it has the options that the cell declares."""
    fields: dict[str, Any] = {"kind": (Literal[kind], ...)}
    fields |= {name: (_type(option), option.default) for name, option in cell.options.items()}
    return create_model(f"{cell.__name__}Lane", __base__=RecurrentLane, **fields)


def _type(option: Option) -> Any:
    """The type of an option, with its bounds."""
    if isinstance(option.default, str):
        return Annotated[Literal[*option.choices], Field(description=option.about)]
    return Annotated[type(option.default), Field(ge=option.least, le=option.most, description=option.about)]


class FeedForwardLane(BaseLaneSettings):
    """``match`` makes it as large as another lane: then ``hidden_size`` is what follows from that."""

    kind: Literal["fnn"]
    hidden_size: Annotated[int, Field(ge=1, le=WIDEST_MATCH)] = 8
    activation: ActivationName = "tanh"
    window: Annotated[int, Field(ge=WINDOW.least, le=WINDOW.most, description=WINDOW.about)] = 1
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
    def architecture(self) -> type[FeedForwardModel]:
        return FeedForwardModel

    def matched(self, other: RecurrentLane, task: Task) -> "FeedForwardLane":
        """Return the lane at the hidden size at which it has most nearly as many parameters as ``other``."""
        count = other.model(task).layout.count
        size = FeedForwardModel.matching(count, task.input_size, task.output_size, self.window)
        return self.with_values(hidden_size=size)


LaneSettings: TypeAlias = RecurrentLane | FeedForwardLane


class _LaneModels(Mapping[str, type[LaneSettings]]):
    """The model of each kind of lane: the feed-forward net, and one for each of ``CELLS``, made when it is needed."""

    def __getitem__(self, kind: str) -> type[LaneSettings]:
        return FeedForwardLane if kind == "fnn" else _recurrent_lane(kind, CELLS[kind])

    def __iter__(self) -> Iterator[str]:
        return iter((*CELLS, "fnn"))

    def __len__(self) -> int:
        return len(CELLS) + 1


LANES = _LaneModels()


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

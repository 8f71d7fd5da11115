"""The lanes of a preset: the settings in a ``[[lanes]]`` table, and the model that they describe."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING, Annotated, Any, Literal, TypeAlias

from pydantic import AfterValidator, BeforeValidator, Field, create_model

from rnn_tui.engine.activations import ACTIVATIONS
from rnn_tui.engine.architecture import ACTIVATION, Architecture, Option
from rnn_tui.engine.cells import CELLS, Cell
from rnn_tui.engine.initializers import INITIALIZERS
from rnn_tui.engine.models import FeedForwardModel, Model, RecurrentModel
from rnn_tui.interventions import SpellingError, Target, spelled
from rnn_tui.tasks import Task
from rnn_tui.tasks.settings_model import SettingsModel

if TYPE_CHECKING:
    ActivationName: TypeAlias = str
    InitializerName: TypeAlias = str
else:  # the names that the engine has registered
    ActivationName = Literal[*ACTIVATIONS]
    InitializerName = Literal[*INITIALIZERS]
MOST_LANES = 4
WINDOW = FeedForwardModel.options["window"]
KIND = "the kind of net"
HIDDEN = "the number of values in h_t"
MOST_INTERVENTIONS = 64  # of a lane
WIDEST = 1024  # hidden units
WIDEST_MATCH = 65_536  # hidden units of a feed-forward net that matches the number of parameters of a recurrent one


def printable(text: str) -> str:
    """Return the text; raise ValueError if it contains control characters other than line ends."""
    if not text.replace("\n", " ").isprintable():
        raise ValueError("must contain only printable characters")
    return text


def one_line(text: str) -> str:
    """Return the text; raise ValueError if it has more than one line, or control characters."""
    if "\n" in text:
        raise ValueError("must be one line")
    return printable(text)


def intervention(text: str) -> str:
    """Return the text; raise ValueError if it does not spell an intervention."""
    try:
        spelled(text)
    except SpellingError as error:
        _, at, lane = text.rpartition("@")
        raise ValueError(f"acts on its own lane; leave out @{lane}" if at else str(error)) from error
    return text


def listed(value: object) -> object:
    """Return the value; raise ValueError if it is a text that should be the only one of a list."""
    if isinstance(value, str):
        raise ValueError(f'must be a list, as in ["{value}"]')
    return value


InterventionText: TypeAlias = Annotated[str, AfterValidator(one_line), AfterValidator(intervention)]
Name: TypeAlias = Annotated[str, Field(max_length=24), AfterValidator(one_line)]


class BaseLaneSettings(SettingsModel, ABC):
    """The settings of all lanes."""

    kind: str
    name: Name = ""
    hidden_size: Annotated[int, Field(ge=1, le=WIDEST, description=HIDDEN)] = 8
    seed: Annotated[
        int | None, Field(ge=0, lt=2**32, description="which initial weights it draws; default: the lane's number")
    ] = None

    interventions: Annotated[
        list[InterventionText],
        BeforeValidator(listed),
        Field(max_length=MOST_INTERVENTIONS, description="what is done to the net that is not learning, such as cut"),
    ] = Field(default_factory=list)

    @abstractmethod
    def model(self, task: Task, engine: str = "numpy") -> Model:
        """Return the model, with the task's inputs and outputs; ``engine`` computes it."""

    def target(self, task: Task, engine: str = "numpy") -> Target:
        """Return the net as what interventions act on."""
        return Target(self.model(task, engine), self.architecture, task, self.hidden_size)

    @property
    @abstractmethod
    def architecture(self) -> type[Architecture]:
        """The declarations of the kind of net."""

    @property
    def options(self) -> dict[str, Any]:
        """The settings that only this kind of net has, by name."""
        return {name: getattr(self, name) for name in self.architecture.options}

    @property
    def net(self) -> str:
        """The activation, if it can be chosen, and the hidden size, as text."""
        words = (value for value in self.options.values() if isinstance(value, str))
        return " ".join([*words, str(self.hidden_size)])

    @property
    def uncut(self) -> "BaseLaneSettings":
        """The lane without truncation."""
        return self


class RecurrentLane(BaseLaneSettings):
    """The settings of recurrent lanes."""

    initializer: Annotated[InitializerName, Field(description="how the initial recurrent weights (W_hh) are drawn")] = (
        "uniform"
    )
    gain: Annotated[
        float, Field(ge=0, le=100, description="the initial recurrent weights (W_hh) are multiplied by it")
    ] = 1.0
    truncation: Annotated[
        int,
        Field(
            ge=0,
            le=100_000,
            description="backpropagation through time is cut every so many time steps",
        ),
    ] = 0

    @property
    def architecture(self) -> type[Cell]:
        return CELLS[self.kind]

    def cell(self, inputs: int) -> Cell:
        """Return the cell for the given number of inputs."""
        make: Callable[..., Cell] = self.architecture
        return make(inputs, self.hidden_size, **self.options)

    def model(self, task: Task, engine: str = "numpy") -> Model:
        cell = self.cell(task.input_size)
        return RecurrentModel(cell, task.output_size, self.initializer, self.gain, self.truncation, engine)

    @property
    def uncut(self) -> "RecurrentLane":
        return self.with_values(truncation=0)

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickle by the kind: pickle cannot find a class that was created for a cell."""
        return _unpickled, (self.kind, self.model_dump())


def _unpickled(kind: str, values: dict[str, Any]) -> "LaneSettings":
    return LANES[kind].model_construct(**values)


@cache
def _recurrent_lane(kind: str, cell: type[Cell]) -> type[RecurrentLane]:
    """Return the pydantic model of a lane with this cell: common fields and the options that the cell declares."""
    fields: dict[str, Any] = {"kind": (Annotated[Literal[kind], Field(description=KIND)], ...)}
    fields |= {name: (_type(option), option.default) for name, option in cell.options.items()}
    return create_model(f"{cell.__name__}Lane", __base__=RecurrentLane, **fields)


def _type(option: Option) -> Any:
    """Return the type of an option, with its bounds."""
    if isinstance(option.default, str):
        return Annotated[Literal[*option.choices], Field(description=option.about)]
    return Annotated[type(option.default), Field(ge=option.least, le=option.most, description=option.about)]


class FeedForwardLane(BaseLaneSettings):
    """The settings of a feed-forward lane; with ``match`` its ``hidden_size`` follows from another lane."""

    kind: Annotated[Literal["fnn"], Field(description=KIND)]
    hidden_size: Annotated[int, Field(ge=1, le=WIDEST_MATCH, description=HIDDEN)] = 8
    activation: Annotated[ActivationName, Field(description=ACTIVATION.about)] = "tanh"
    window: Annotated[int, Field(ge=WINDOW.least, le=WINDOW.most, description=WINDOW.about)] = 1
    match: Annotated[
        int | None,
        Field(
            ge=0,
            le=MOST_LANES - 1,
            description="the recurrent lane that has as many parameters",
        ),
    ] = None

    def model(self, task: Task, engine: str = "numpy") -> Model:  # noqa: ARG002
        return FeedForwardModel(task.input_size, self.hidden_size, task.output_size, self.window, self.activation)

    @property
    def architecture(self) -> type[FeedForwardModel]:
        return FeedForwardModel

    def matched(self, other: RecurrentLane, task: Task) -> "FeedForwardLane":
        """Return the lane with the hidden size at which its number of parameters is nearest to that of ``other``."""
        count = other.model(task).layout.count
        size = FeedForwardModel.matching(count, task.input_size, task.output_size, self.window)
        return self.with_values(hidden_size=size)


LaneSettings: TypeAlias = RecurrentLane | FeedForwardLane


class _LaneModels(Mapping[str, type[LaneSettings]]):
    """The pydantic model for each kind of lane: the feed-forward net, and each of ``CELLS``, created on demand."""

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
    """Return the lanes, each lane with a ``match`` at the hidden size that follows from it."""
    recurrent = recurrent_lanes(lanes)
    return [
        lane.matched(recurrent[lane.match], task)
        if isinstance(lane, FeedForwardLane) and lane.match in recurrent
        else lane
        for lane in lanes
    ]

"""The base of interventions: something done to a net, or to the input that it reads, that is not learning."""

import re
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar, NamedTuple, Self

from rnn_tui.engine.architecture import Architecture
from rnn_tui.engine.models import Model
from rnn_tui.engine.parameters import Array, Parameters
from rnn_tui.tasks import Task

SPELLING = re.compile(r"(?P<name>[^:=]+?)(?::(?P<place>[^=]*?))?(?:(?P<sign>[+-]?)=(?P<value>.*))?", re.DOTALL)


class SpellingError(ValueError):
    """A text does not spell an intervention; the message says what is expected."""


class Spelling(NamedTuple):
    """The parts of ``name:place=value``; ``+=`` and ``-=`` have a sign.  A part that is missing is None."""

    name: str
    place: str | None
    value: str | None
    sign: str = ""

    @classmethod
    def of(cls, text: str) -> "Spelling":
        """Split a text.  Raises SpellingError."""
        found = SPELLING.fullmatch(text)
        if found is None or not found["name"].strip():
            raise SpellingError(f"{text!r} is not of the form name, name:place or name:place=value")
        place = None if found["place"] is None else found["place"].strip()
        return cls(found["name"].strip(), place, found["value"], found["sign"] or "")

    def alone(self) -> None:
        """Raise SpellingError if there is a place or a value."""
        if self.place is not None or self.value is not None:
            raise SpellingError(f"{self.name!r} takes neither a place nor a value")

    def matrix(self, example: str) -> str | None:
        """Return the place, the name of a matrix; None if there is none.  Raises SpellingError if it is empty."""
        if self.place == "":
            raise SpellingError(f"{self.name!r} names no matrix after the colon, as in {example}")
        return self.place

    def only_place(self, example: str) -> str:
        """Return the place; raise SpellingError if there is none, or a value."""
        if not self.place or self.value is not None:
            raise SpellingError(f"{self.name!r} needs a place and no value, as in {example}")
        return self.place

    def number(self, example: str, nudges: bool = False) -> float:
        """Return the value as a finite number; with its sign, if it ``nudges``.  Raises SpellingError."""
        if self.sign and not nudges:
            raise SpellingError(f"{self.name!r} takes = and not {self.sign}=, as in {example}")
        try:
            found = float(self.value or "")
        except ValueError:
            found = float("nan")
        if not abs(found) < float("inf"):
            given = f"; {self.value!r} is none" if self.value else ""
            raise SpellingError(f"{self.name!r} needs a number, as in {example}{given}")
        return -found if self.sign == "-" else found


def whole(text: str, example: str) -> int:
    """Return a whole number from 0, such as a time step.  Raises SpellingError."""
    if not re.fullmatch(r"[0-9]{1,18}", text.strip()):
        raise SpellingError(f"{text!r} is not a whole number from 0, as in {example}")
    return int(text)


def exact(number: float) -> str:
    """Return the fewest digits that reproduce the bits of a number."""
    return repr(float(number)).removesuffix(".0")


def unit(text: str, example: str) -> int:
    """Return the number of a unit from its name: 3 from u3.  Raises SpellingError."""
    if not re.fullmatch(r"u[0-9]{1,18}", text.strip()):
        raise SpellingError(f"{text!r} is not a unit, as in {example}")
    return int(text.strip()[1:])


@dataclass(frozen=True)
class Place:
    """Where the user looks.

    Attributes:
        unit, t: a hidden unit and a time step of the probe. value: h of that unit there.
        state: the name of the state that is shown, such as a gate.
    """

    unit: int
    t: int
    value: float = 0.0
    state: str = "h"


class Offer(NamedTuple):
    """An intervention that a menu offers.

    Attributes:
        said: what choosing it does, as an order: "Silence u3".
        spelling: of the intervention; the beginning of it if the user types the rest.
        key: a letter that chooses it; empty if it has none.
        typed: the user types the rest.
    """

    said: str
    spelling: str
    key: str = ""
    typed: bool = False


@dataclass(frozen=True, eq=False)
class Target:
    """What an intervention acts on: a lane's net, and the sequences that it reads.

    Attributes:
        units: H.
        x: (T, I, B) the held-out sequences, the first of which is the probe; None where there are none.
        own: (T', I, 1) a sequence of the user's own, which is the probe in place of the first of ``x``, or None.
        parameters: of the intact net; None where there are none.
        applied: the interventions with which it is trained; the parameters have them already.
    """

    model: Model
    architecture: type[Architecture]
    task: Task
    units: int
    x: Array | None = None
    parameters: Parameters | None = None
    own: Array | None = None
    applied: "tuple[Intervention, ...]" = ()

    @property
    def probe(self) -> Array | None:
        """(T, I, 1) the sequence on the screen."""
        return self.own if self.own is not None or self.x is None else self.x[..., :1]

    @property
    def is_recurrent(self) -> bool:
        """Does the net carry a state from one time step to the next?"""
        return bool(self.architecture.recurrent)

    def no_unit(self, number: int) -> str:
        """Return that there is no such unit, and which there are; empty if there is."""
        last = self.units - 1
        known = f"its units are u0 to u{last}" if last else "its only unit is u0"
        return "" if number < self.units else f"it has no u{number}; {known}"

    def no_time(self, t: int) -> str:
        """Return that there is no such time step, and which there are; empty if there is, or none are known."""
        if self.probe is None or t < len(self.probe):
            return ""
        return f"there is no t = {t}; the time steps are 0 to {len(self.probe) - 1}"

    @property
    def shapes(self) -> dict[str, tuple[int, ...]]:
        """The shapes of the parameters by name: matrices (out, in), biases (out,)."""
        views = Parameters.zeros(self.model.layout, "bool").views
        return {name: view.shape for name, view in views.items()}

    def no_matrix(self, name: str, allowed: Sequence[str] | None = None) -> str:
        """Return that there are no parameters of this name, and which there are; empty if there are."""
        known = list(self.shapes if allowed is None else allowed)
        return "" if name in known else f"it has no {name}; it has {', '.join(known)}"

    def read(self, states: Mapping[str, Array], lens: "Sequence[Intervention]" = ()) -> dict[str, Array]:
        """Return states (T, H, B), by name, as they are read, with the applied interventions and those of a lens.

        Nothing reads a unit any more that is silenced or held by an applied one, so a lens cannot change what is read.
        """
        found = dict(states)
        for each in (*lens, *self.applied):
            each.alter_states(found, self)
        return found

    @property
    def no_state(self) -> str:
        """Why nothing can be done to a state; empty if it can."""
        return "" if self.is_recurrent else "a feed-forward net carries no state from one time step to the next"


class Intervention(ABC):
    """Something done to a net or to its input that is not learning; immutable, and spelled as one text.

    Attributes:
        name: the first word of its spelling. example: a spelling.
        about: what it does, in words, for menus and help: a sentence without a subject.
        on: what it acts on: "input", "state", "weights", or "learning", which only shows while training goes on.
        lasting: some of this kind can be left in while training goes on.
    """

    name: ClassVar[str]
    example: ClassVar[str]
    about: ClassVar[str]
    on: ClassVar[str]
    lasting: ClassVar[bool] = False

    @classmethod
    def takes(cls, name: str) -> bool:
        """Return whether a spelling with this first word is an intervention of this kind."""
        return name == cls.name

    @classmethod
    @abstractmethod
    def spelled(cls, spelling: Spelling) -> Self:
        """Return the intervention.  Raises SpellingError."""

    @property
    @abstractmethod
    def spelling(self) -> str:
        """The text that spells it."""

    @property
    @abstractmethod
    def said(self) -> str:
        """What has been done, as words in a list: "u3 silenced"."""

    def problem(self, target: Target) -> str:  # noqa: ARG002
        """Return why it cannot act on a net; empty if it can."""
        return ""

    @classmethod
    def offers(cls, target: Target, place: Place) -> Sequence[Offer]:  # noqa: ARG003
        """Return what a menu offers on a net at a place, whether or not it can act there; nothing by default."""
        return ()

    @property
    def stays(self) -> bool:
        """Can it be applied, so that training goes on with it?"""
        return self.lasting

    @property
    def slot(self) -> object:
        """What only one intervention can determine: of those with the same slot, the last one acts; None: no limit."""
        return None

    # How it acts; each does nothing unless the intervention is of that kind.

    def altered_input(self, x: Array, target: Target) -> Array:  # noqa: ARG002
        """Return the input (T, I, B) that the net reads in place of x, which is not changed."""
        return x

    def starts(self, target: Target, length: int) -> Sequence[int]:  # noqa: ARG002
        """Return the time steps in a sequence of ``length`` at which it begins to act, or acts on the state."""
        return ()

    def alter_weights(self, weights: Mapping[str, Array], target: Target, t: int = 0) -> None:  # noqa: B027
        """Change the parameters, by name, in place; as they are at time step ``t`` of a sequence."""

    def altered_memory(self, memory: Array, target: Target, t: int) -> Array:  # noqa: ARG002
        """Return the carried state (S, H, B) that time step ``t`` starts from in place of ``memory``.

        It is a linear function of ``memory`` plus a constant, which may depend on B; so its slope is known.
        """
        return memory

    def alter_states(self, states: dict[str, Array], target: Target) -> None:  # noqa: B027
        """Replace states (T, H, B), by name, by those that are read; the arrays do not change."""

    def freeze(self, frozen: Mapping[str, Array], target: Target) -> None:  # noqa: B027
        """Set True, by name and in place, the parameters that no longer learn."""


def with_unit(values: Array, unit: int, value: float) -> Array:
    """Return a copy of a state (T, H, B) in which a unit has a value."""
    copy = values.copy()
    copy[:, unit] = value
    return copy


def bias_of(matrix: str, weights: Mapping[str, Array]) -> Array:
    """Return the bias that is added to the product with a matrix: b_h for W_hh, b_hn for W_hn of a GRU."""
    own = matrix.removeprefix("W_")
    return weights[f"b_{own}"] if f"b_{own}" in weights else weights[f"b_{own[1:]}"]


def readers_of_h(weights: Mapping[str, Array]) -> list[str]:
    """Return the names of the matrices that multiply h: the recurrent ones and the readout."""
    return [name for name in weights if name.startswith("W_h")]

"""What a kind of net says about itself, beside its mathematics: settings, states, equations, names and sources.

Cells and the feed-forward model inherit :class:`Architecture`.  The lab, the run files and the exports read from it
what is particular to a kind of net, so that they never ask which kind it is.
"""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, NamedTuple, TypeAlias

from rnn_tui.engine.activations import ACTIVATIONS
from rnn_tui.engine.parameters import Array


class Option(NamedTuple):
    """A setting that one kind of net has beside those of all.

    Attributes:
        default: its type is the type of the setting.
        label: what the row of the controls is called.
        about: the meaning, in words.
        choices: of a text, all values that are allowed; of a number, the steps that the controls take.
        least, most: the bounds of a number.
    """

    default: str | int | float
    label: str
    about: str = ""
    choices: Sequence[Any] = ()
    least: float | None = None
    most: float | None = None


ACTIVATION = Option("tanh", "f", "the activation", tuple(ACTIVATIONS))


class State(NamedTuple):
    """One of the things a net holds at a time step.

    Attributes:
        title: the field's name for it.
        function: what its sum goes through: a name of ``ACTIVATIONS``, σ for the logistic sigmoid of a gate, f for the
            lane's own activation, which then is an option; empty if it is made of other states and not of a sum.
        meaning: what it says, in a clause: "how much of the past stays"; empty if the title says enough.
        bounded: it is within ±1 although no function says so.
    """

    title: str
    function: str = ""
    meaning: str = ""
    bounded: bool = False

    @property
    def limits(self) -> tuple[float, float] | None:
        """The least and the greatest value it can have; None if there is no bound on both sides."""
        if self.bounded:
            return -1.0, 1.0
        activation = ACTIVATIONS.get("sigmoid" if self.function == "σ" else self.function)
        return activation.limits if activation else None


class Term(NamedTuple):
    """A weight times what it weighs, under the field's name for that."""

    name: str
    weight: float
    value: float

    @property
    def product(self) -> float:
        return self.weight * self.value


class Factor(NamedTuple):
    """A number in a formula, and the symbol that stands for it there."""

    symbol: str
    value: float


Formula: TypeAlias = Sequence[Factor | str]


class UnitStep(NamedTuple):
    """One unit at one time step of one sequence, to be taken apart.

    Attributes:
        weights: the parameters by name. t: the time step.
        inputs: a term for each input that is there, its weight being the column of W_x that weighs it.
        states: (H,) at t, by name. before: (H,) at t - 1, by name.
    """

    unit: int
    t: int
    weights: Mapping[str, Array]
    inputs: Sequence[tuple[str, int, float]]
    states: Mapping[str, Array]
    before: Mapping[str, Array]

    def now(self, state: str) -> Factor:
        """The unit's own state at t."""
        return Factor(state, float(self.states[state][self.unit]))

    def past(self, state: str) -> Factor:
        """The unit's own state at t - 1."""
        return Factor(f"{state}{self.unit}({self.t - 1})", float(self.before[state][self.unit]))

    def input_terms(self, gate: str) -> list[Term]:
        """W_x of a gate (or of h) times x_t."""
        row = self.weights[f"W_x{gate}"][self.unit]
        return [Term(name, float(row[column]), value) for name, column, value in self.inputs]

    def hidden_terms(self, gate: str) -> list[Term]:
        """W_h of a gate (or of h) times h_(t-1), without silent units; none if the net has no such matrix."""
        if f"W_h{gate}" not in self.weights:
            return []
        pairs = zip(self.weights[f"W_h{gate}"][self.unit], self.before["h"], strict=True)
        return [Term(f"h{j}({self.t - 1})", float(w), float(h)) for j, (w, h) in enumerate(pairs) if h]

    def bias(self, name: str) -> float:
        return float(self.weights[name][self.unit])


class TorchSource(NamedTuple):
    """A net in PyTorch, as lines of a script.

    Attributes:
        layer: the hidden layer's name in the state dict. module: the expression that makes it.
        forward: statements that make h (T, B, H) of x (T, B, I), indented by four.
    """

    layer: str
    module: str
    forward: str


class Architecture:
    """What every kind of net declares.  In sources ``$I`` and ``$H`` stand for the sizes, ``$K`` for the window k,
    ``$KI`` for k I and ``$before`` for k - 1.

    Attributes:
        phrase: the kind of net in words, with its article.
        options: its settings beside those of all nets, by their keys in a preset.
        recurrent: the names of the H × H parameters, which the initializer and its gain are for; empty if nothing is
            handed on from one time step to the next.
        states: what it holds, by the field's names and in the order in which they come about, h last.
        memory: the states that ``trace.end()`` hands on, one row each.
        equations: as the paper has them, in one line each.
        backward_equations: how dL/dh_t comes about, and one line more, as slow motion shows them.
        backward_sentence: what becomes of the gradient from one time step to the one before; it continues "It …".
        gradient_path: the state along which the gradient reaches furthest back; its trace has ``d`` and this name.
        single_sum: h_t is f of one sum z_t, and the trace has ``dz``; slow motion then shows dL/dz_t as well.
        torch_names: PyTorch's names in its state dict, and which parameters are stacked in each, "" for zeros; empty if
            PyTorch has no such layer, or other equations.
        numpy: the body of the time loop in plain NumPy, from ``x_t`` (B, I) and the states before to ``h_t`` (B, H).
    """

    phrase: ClassVar[str]
    options: ClassVar[Mapping[str, Option]] = {}
    recurrent: ClassVar[tuple[str, ...]] = ()
    states: ClassVar[Mapping[str, State]] = {"h": State("hidden state", "f")}
    memory: ClassVar[tuple[str, ...]] = ("h",)
    equations: ClassVar[tuple[str, ...]]
    backward_equations: ClassVar[tuple[str, ...]]
    backward_sentence: ClassVar[str] = ""
    gradient_path: ClassVar[str] = "h"
    single_sum: ClassVar[bool] = False
    torch_names: ClassVar[Mapping[str, tuple[str, ...]]] = {}

    @classmethod
    def summed(cls, state: str, at: UnitStep) -> tuple[list[Term], float]:
        """Return the terms and the bias of a state that is a function of one sum: W_x x_t + W_h h_(t-1) + b."""
        return at.input_terms(state) + at.hidden_terms(state), at.bias(f"b_{state}")

    @classmethod
    def composed(cls, state: str, at: UnitStep) -> Formula:  # noqa: ARG003
        """Return the formula of a state that is made of other states: symbols with their numbers, and text between;
        empty if it has none that fits into a line.
        """
        return ()

    @classmethod
    def inherited(cls, memory: Array) -> dict[str, Array]:
        """Return what the batch before has left of each state, (1, H, B), by name."""
        return {name: row[None] for name, row in zip(cls.memory, memory, strict=True)}

    @classmethod
    def numpy_source(cls, settings: Mapping[str, Any]) -> str:
        """Return the statements that make h (T, B, H) of x (T, B, I) in plain NumPy, indented by four."""
        raise NotImplementedError

    @classmethod
    def torch_source(cls, settings: Mapping[str, Any]) -> TorchSource | None:
        """Return the net in PyTorch; None if PyTorch has no such layer."""
        raise NotImplementedError

"""The declarations of a kind of net besides its mathematics: settings, states, equations, names and sources.

Cells and the feed-forward model inherit :class:`Architecture`.  The lab, the run files and the exports read the
properties of a kind of net from it, so that they need not check which kind it is.
"""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, NamedTuple, TypeAlias

from rnn_tui.engine.activations import ACTIVATIONS
from rnn_tui.engine.parameters import Array


class Option(NamedTuple):
    """A setting that only one kind of net has.

    Attributes:
        default: its type is the type of the setting.
        label: of the row in the controls.  full: a longer label, where there is room.
        about: the meaning, in words.
        choices: all allowed values of a text; the values that the controls step through for a number.
        least, most: bounds of a number.
    """

    default: str | int | float
    label: str
    about: str = ""
    choices: Sequence[Any] = ()
    least: float | None = None
    most: float | None = None
    full: str = ""


ACTIVATION = Option("tanh", "f", "the function f that makes h_t from a sum", tuple(ACTIVATIONS), full="activation")


class State(NamedTuple):
    """A state or gate of a net at a time step.

    Attributes:
        title: its name in the literature.
        function: the function applied to its sum: a name of ``ACTIVATIONS``, σ for the logistic sigmoid of a gate, f
            for the lane's activation, which then is an option; empty if it is computed from other states.
        meaning: in words, such as "the share of the past that remains"; empty if the title says enough.
        bounded: it is within ±1 although it has no such function.
    """

    title: str
    function: str = ""
    meaning: str = ""
    bounded: bool = False

    @property
    def limits(self) -> tuple[float, float] | None:
        """Minimum and maximum; None unless both exist."""
        if self.bounded:
            return -1.0, 1.0
        activation = ACTIVATIONS.get("sigmoid" if self.function == "σ" else self.function)
        return activation.limits if activation else None


class Term(NamedTuple):
    """An entry of a weight matrix times an entry of a vector.

    Attributes:
        matrix, vector: their names, such as W_hh and h_(t-1).
        entry: name of the vector's entry, such as u0 for a unit; empty if the vector has only one.
    """

    matrix: str
    vector: str
    entry: str
    weight: float
    value: float

    @property
    def product(self) -> float:
        return self.weight * self.value


class WeightedSum(NamedTuple):
    """Terms and a bias, whose sum is the argument of a function.  ``bias_name``: such as b_h; empty without one."""

    terms: Sequence[Term]
    bias: float
    bias_name: str

    @property
    def value(self) -> float:
        return sum(term.product for term in self.terms) + self.bias


class Factor(NamedTuple):
    """A number in a formula, and its symbol."""

    symbol: str
    value: float


Formula: TypeAlias = Sequence[Factor | str]


class Input(NamedTuple):
    """An input at a time step: the names of its vector and entry as in Term, its column of W_x, and its value."""

    vector: str
    entry: str
    column: int
    value: float


class UnitStep(NamedTuple):
    """One unit at one time step of one sequence, for the equation with numbers.

    Attributes:
        weights: the parameters by name.
        inputs: those that count.
        states: (H,) at t, by name. before: (H,) at t - 1, by name.
    """

    unit: int
    weights: Mapping[str, Array]
    inputs: Sequence[Input]
    states: Mapping[str, Array]
    before: Mapping[str, Array]

    def now(self, state: str) -> Factor:
        """Return the unit's own state at t."""
        return Factor(f"{state}_t", float(self.states[state][self.unit]))

    def past(self, state: str) -> Factor:
        """Return the unit's own state at t - 1."""
        return Factor(f"{state}_(t-1)", float(self.before[state][self.unit]))

    def input_terms(self, gate: str) -> list[Term]:
        """Return the terms of W_x x_t for a gate, or for h."""
        name = f"W_x{gate}"
        row = self.weights[name][self.unit]
        return [Term(name, x.vector, x.entry, float(row[x.column]), x.value) for x in self.inputs]

    def hidden_terms(self, gate: str) -> list[Term]:
        """Return the terms of W_h h_(t-1) for a gate, or for h; none without such a matrix."""
        name = f"W_h{gate}"
        if name not in self.weights:
            return []
        pairs = zip(self.weights[name][self.unit], self.before["h"], strict=True)
        return [Term(name, "h_(t-1)", f"u{j}", float(w), float(h)) for j, (w, h) in enumerate(pairs)]

    def bias(self, name: str) -> float:
        return float(self.weights[name][self.unit])


class TorchSource(NamedTuple):
    """A net in PyTorch, as lines of a script.

    Attributes:
        layer: the hidden layer's name in the state dict. module: the expression that creates it.
        forward: statements that compute h (T, B, H) from x (T, B, I), indented by four.
    """

    layer: str
    module: str
    forward: str


class Architecture:
    """The declarations of every kind of net.

    In sources ``$I`` and ``$H`` are the sizes, ``$K`` is the window k, ``$KI`` is k I, and ``$before`` is k - 1.

    Attributes:
        phrase: the kind of net in words, with its article.
        options: settings that only this kind of net has, by their keys in a preset.
        recurrent: names of the H × H parameters, to which the initializer and its gain apply; empty for a net without
            recurrence.
        states: states and gates by their symbols, in the order of computation, h last.
        memory: the states in ``trace.end()``, one row each.
        equations: as in the paper, one line each.
        backward_equations: the equations of dL/dh_t, and one more line, for slow motion.
        backward_sentence: what happens to the gradient from one time step to the one before; it continues "It …".
        gradient_path: the state along which the gradient reaches furthest back; the trace has ``d`` and this name.
        single_sum: h_t is f of one sum z_t, and the trace has ``dz``; slow motion then shows dL/dz_t as well.
        torch_names: PyTorch's names in its state dict, and the parameters that are stacked in each, "" for zeros; empty
            if PyTorch has no such layer, or uses other equations.
        numpy: body of the time loop in plain NumPy, from ``x_t`` (B, I) and the previous states to ``h_t`` (B, H).
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
    def summed(cls, state: str, at: UnitStep) -> WeightedSum:
        """Return the sum that a state is a function of: W_x x_t + W_h h_(t-1) + b."""
        name = f"b_{state}"
        return WeightedSum(at.input_terms(state) + at.hidden_terms(state), at.bias(name), name)

    @classmethod
    def composed(cls, state: str, at: UnitStep) -> Formula:  # noqa: ARG003
        """Return the formula of a state that is computed from other states: factors, and the text between them.

        It is empty if there is no formula that fits into a line.
        """
        return ()

    @classmethod
    def inherited(cls, memory: Array) -> dict[str, Array]:
        """Return the states (1, H, B) inherited from the previous batch, by name."""
        return {name: row[None] for name, row in zip(cls.memory, memory, strict=True)}

    @classmethod
    def numpy_source(cls, settings: Mapping[str, Any]) -> str:
        """Return statements in plain NumPy that compute h (T, B, H) from x (T, B, I), indented by four."""
        raise NotImplementedError

    @classmethod
    def torch_source(cls, settings: Mapping[str, Any]) -> TorchSource | None:
        """Return the net in PyTorch; None if PyTorch has no such layer."""
        raise NotImplementedError

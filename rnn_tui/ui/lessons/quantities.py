"""Quantities of the lab by name, such as ``lanes.RNN.held_out``: conditions compare them, and texts show them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias

from pydantic_core import PydanticUndefined

from rnn_tui.errors import nearest
from rnn_tui.number_format import brief
from rnn_tui.presets.lane_settings import LANES
from rnn_tui.presets.preset import Preset
from rnn_tui.presets.training_settings import TrainingSettings
from rnn_tui.session.frame import Lane
from rnn_tui.tasks.settings_model import SettingsModel
from rnn_tui.ui.panels.view_state import ViewState

Value: TypeAlias = float | str | None  # None: there is no such value now, so no comparison with it is true
Kind: TypeAlias = Literal["number", "word"]


@dataclass(frozen=True, eq=False)
class Situation:
    """What conditions look at.

    Attributes:
        panel: the name of the panel with the focus; empty if none has it.
        done: how often each action was done since the page of the lesson began to wait, by name.
    """

    view: ViewState
    panel: str = ""
    done: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Quantity:
    """A quantity.  ``read``: returns its present value.  ``absent``: what is said if there is none."""

    name: str
    kind: Kind
    read: Callable[[Situation], Value] = field(compare=False)
    absent: str = "(none)"

    def text(self, situation: Situation) -> str:
        """Return the present value in a sentence."""
        value = self.read(situation)
        if value is None:
            return self.absent
        return value if isinstance(value, str) else brief(value)


def _lane_at_cursor(at: Situation) -> str:
    return at.view.shown.name


PLACES = {
    each.name: each
    for each in (
        Quantity("step", "number", lambda at: at.view.frame.step),
        Quantity("cursor.t", "number", lambda at: at.view.t),
        Quantity("cursor.unit", "number", lambda at: at.view.unit),
        Quantity("cursor.lane", "word", _lane_at_cursor),
        Quantity("page", "word", lambda at: at.view.page),
        Quantity("panel", "word", lambda at: at.panel),
        Quantity("preset", "word", lambda at: at.view.name),
        Quantity("lanes.count", "number", lambda at: len(at.view.frame.lanes)),
    )
}


def _loss(lane: Lane, step: int) -> Value:
    return lane.losses.bounds(step - 1)[0] if step else None


def _norm(lane: Lane, step: int) -> Value:
    return lane.norms.bounds(step - 1)[0] if step else None


def _held_out(lane: Lane, step: int) -> Value:
    """Return the loss of this step if the frame has it; otherwise the one that was measured last."""
    if lane.held_out is not None:
        return lane.held_out.loss
    losses = lane.held_out_losses.until(step).losses
    return float(losses[-1]) if len(losses) else None


def _best(lane: Lane, step: int) -> Value:
    best = lane.held_out_losses.until(step).best
    return best.loss if best else None


# What is measured of a lane, at a step.
MEASURED: dict[str, Callable[[Lane, int], Value]] = {
    "loss": _loss,
    "held_out": _held_out,
    "best": _best,
    "floor": lambda lane, _: lane.floor.loss if lane.floor else None,
    "norm": _norm,
    "parameters": lambda lane, _: lane.parameters,
}


def begins_quantity(text: str) -> bool:
    """Return whether a text is, or seems to be meant as, the name of a quantity."""
    head, dot, _ = text.partition(".")
    return text in PLACES or (dot != "" and head in ("lanes", "training", "task", "cursor"))


def quantity(name: str, preset: Preset) -> Quantity:
    """Return the quantity of that name in a lesson on ``preset``.

    Raises:
        ValueError: there is none; the message says what there is.
    """
    if name in PLACES:
        return PLACES[name]
    match name.split("."):
        case ["lanes", lane, key]:
            return _of_lane(name, lane, key, preset)
        case ["training", key]:
            known: dict[str, Any] = _defaults(TrainingSettings)
            _check(key, known)
            return Quantity(name, _kind(known[key]), lambda at: _value(at.view.frame.preset.training, key))
        case ["task", key]:
            known = _defaults(type(preset.task)) | dict(preset.task)
            _check(key, known)
            return Quantity(name, _kind(known[key]), lambda at: _value(at.view.frame.task, key))
    heads = [*PLACES, "lanes.NAME.KEY", "training.KEY", "task.KEY"]
    raise ValueError(f"unknown quantity {name!r}{nearest(name, PLACES) or '; there are ' + ', '.join(heads)}")


def _of_lane(name: str, lane: str, key: str, preset: Preset) -> Quantity:
    if not _may_exist(lane, preset):
        there = nearest(lane, preset.names) or f"; the preset has {', '.join(preset.names)}"
        raise ValueError(f"there is no lane {lane!r}{there}")
    if key in MEASURED:
        measure = MEASURED[key]

        def measured(at: Situation) -> Value:
            found = _lane(lane, at)
            return None if found is None else measure(found, at.view.frame.step)

        return Quantity(name, "number", measured, "(no value yet)")
    settings = {key: value for kind in LANES.values() for key, value in _defaults(kind).items()}
    _check(key, settings, MEASURED)

    def setting(at: Situation) -> Value:
        found = _lane(lane, at)
        return None if found is None else _value(found.settings, key)

    return Quantity(name, _kind(settings[key]), setting)


def _may_exist(lane: str, preset: Preset) -> bool:
    """Return whether the preset has a lane of this name or number, or a learner can add one of this name."""
    if lane in preset.names or lane in map(str, range(len(preset.lanes))):
        return True
    kind, _, number = lane.partition(" ")
    return kind.lower() in LANES and kind.isupper() and (not number or number.isdecimal())


def _lane(name: str, at: Situation) -> Lane | None:
    """Return the lane with a name or a number now; None if there is none."""
    lanes = at.view.frame.lanes
    for number, lane in enumerate(lanes):
        if name in (lane.name, str(number)):
            return lane
    return None


def _check(key: str, known: Mapping[str, object], more: Mapping[str, object] | None = None) -> None:
    names = [*(more or ()), *known]
    if key not in names:
        raise ValueError(f"{key!r} is unknown{nearest(key, names) or '; there are ' + ', '.join(names)}")


def _defaults(model: type[SettingsModel]) -> dict[str, Any]:
    """Return the default of each setting; an empty text for one that a document must have."""
    found = {key: info.get_default(call_default_factory=True) for key, info in model.model_fields.items()}
    required = {key: model.model_fields[key].annotation for key, value in found.items() if value is PydanticUndefined}
    return found | {key: 0 if kind is int else "" for key, kind in required.items()}


def _kind(value: object) -> Kind:
    """Return what the values of a setting are; None stands for a number that is not set."""
    return "number" if value is None or (isinstance(value, int | float) and not isinstance(value, bool)) else "word"


def _value(settings: SettingsModel, key: str) -> Value:
    """Return the value of a setting; None if this kind of task or lane has no such setting, or it is not set."""
    found = getattr(settings, key, None)
    if isinstance(found, bool):
        return str(found).lower()
    return found if found is None or isinstance(found, int | float | str) else str(found)

"""What each hidden unit of a lane carries, and what is lost without it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from rnn_tui.engine import diagnostics
from rnn_tui.engine.diagnostics import Undefined
from rnn_tui.interventions.silence import Silence
from rnn_tui.presets.lane_settings import LaneSettings
from rnn_tui.session.trained_net import TrainedNet

MOST_PRODUCTS = 2**35  # in the passes for the table of units, one for each unit
FOLLOWS = 0.25  # share of a unit's variance above which it follows an input


class UnitRow(NamedTuple):
    """One hidden unit.

    Attributes:
        lag: the past input that explains it best. r2: the share of its variance that this explains.
        saturated: share of the time steps; None if the activation has no limits.
        loss_without: held-out loss if nothing reads the unit.
    """

    unit: int
    lag: int
    r2: float
    saturated: float | None
    loss_without: float


class Carrier(NamedTuple):
    """The unit that follows the input at a lag best, and the share of its variance that this input explains."""

    unit: int
    r2: float


@dataclass(frozen=True, eq=False, slots=True)
class UnitTable:
    """All hidden units, those first without which the loss is greatest; ``loss`` is that of the whole net.

    ``carriers``: by lag, the unit of which the input at that lag explains most, and the share of its variance.
    """

    loss: float
    rows: tuple[UnitRow, ...]
    carriers: tuple[Carrier, ...] = ()

    @property
    def delay_line(self) -> tuple[Carrier, ...]:
        """The carriers of the inputs that some unit follows, up to the last one that is followed."""
        followed = [lag for lag, each in enumerate(self.carriers) if each.r2 >= FOLLOWS]
        return self.carriers[: followed[-1] + 1] if followed else ()


def unit_table(net: TrainedNet, sequences: int | None = None) -> UnitTable | Undefined:
    """Return what each unit carries, measured on the first ``sequences`` held-out sequences, or all (250 ms; it grows
    with their number).
    """
    batch = net.first(sequences)
    if net.units * net.parameters.flat.size * batch.mask.size > MOST_PRODUCTS:
        return Undefined(f"{net.units:,} units would take too long")
    states = net.states(batch.x)[:, : net.units]
    lags = diagnostics.unit_lags(states, batch.x, min(net.lags, len(states) - 1))
    if isinstance(lags, Undefined):
        return lags
    if not net.interventions:
        losses = diagnostics.losses_when_silenced(net.model, net.parameters, net.task.loss, batch)
    else:
        losses = np.array([net.score(batch, Silence(unit)).loss for unit in range(net.units)])
    if isinstance(losses, Undefined):
        return losses
    loss = net.score(batch).loss
    saturated = diagnostics.saturated_share(states, limits_of_h(net.settings))
    shares: Sequence[float | None] = [None] * net.units if isinstance(saturated, Undefined) else saturated.tolist()
    rows = [
        UnitRow(unit, int(lags.lag[unit]), float(lags.best[unit]), shares[unit], float(losses[unit]))
        for unit in range(net.units)
    ]
    carriers = [Carrier(int(by_unit.argmax()), float(by_unit.max())) for by_unit in lags.r2]
    return UnitTable(loss, tuple(sorted(rows, key=lambda row: -row.loss_without)), tuple(carriers))


def limits_of_h(settings: LaneSettings) -> tuple[float, float] | None:
    """Return the least and the greatest value of h; None if it has none."""
    state = settings.architecture.states["h"]
    return state._replace(function=settings.options["activation"]).limits if state.function == "f" else state.limits

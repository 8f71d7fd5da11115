"""A run on disk: one ``.safetensors`` file, from which training resumes with the same bits.

Tensors of lane 0 (the others likewise), with PyTorch's names for parameters:

- ``lanes.0.NAME``: the parameters at the present step;
- ``lanes.0.optimizer.SLOT.NAME``: the optimizer's slots;
- ``lanes.0.memory``: the state that the next batch continues, if it continues the sequences of the last one;
- ``lanes.0.start.NAME``: the parameters at step 0;
- ``lanes.0.metrics.loss`` and ``.gradient_norm``: of every step; in a long run, of the latest steps, with ``….blocks``
  (n, 3) for the steps before: the minimum, maximum and mean of each ``….block_width`` steps;
- ``lanes.0.metrics.held_out`` and ``.held_out_steps`` (n,): the held-out loss at fixed steps; older files lack them;
- ``lanes.0.keyframes.…``: some states in between, flat, which make going back fast;
- ``pins.0.lanes.0.loss``: the losses of pinned runs.

Texts: format, version, name, preset, seed, step, metrics (the latest), edits, pins, undecided, data, and origins (where
the run was trained, see origin.py).

Version 1 had no ``start``, no blocks and no origins; state 0 is then drawn again from the seed.

writer.py writes the files, reader.py reads them; safetensors_file.py handles the format.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256

from rnn_tui.checkpoints.pinned_run import PinnedRun
from rnn_tui.engine.held_out_history import HeldOutHistory
from rnn_tui.engine.metric_history import MetricHistory
from rnn_tui.engine.parameters import Parameters
from rnn_tui.engine.training import TrainState
from rnn_tui.presets.preset import Preset
from rnn_tui.tasks import Task

SUFFIX = ".safetensors"
FORMAT, VERSION = "rnn-tui run", "2"
READABLE = ("1", "2")


@dataclass(frozen=True, eq=False, slots=True)
class LaneHistory:
    """The history of one lane.

    Attributes:
        state: at the present step.
        losses, norms: of every step.
        keyframes: some states in between.
        start: the parameters at step 0; None if the file does not have them.
        held_out: the held-out loss at fixed steps, as far as the file has it.
    """

    state: TrainState
    losses: MetricHistory
    norms: MetricHistory
    keyframes: tuple[TrainState, ...] = ()
    start: Parameters | None = None
    held_out: HeldOutHistory = field(default_factory=HeldOutHistory)


@dataclass(frozen=True, eq=False, slots=True)
class Checkpoint:
    """A run as it is stored in a file.

    Attributes:
        name: of the preset.
        settings: (step, the settings from that step on), the first at step 0.
        pinned_runs: runs saved for comparison.
        undecided: later steps that a change removed, and that may become a pinned run.
        origins: where it was trained, the first machine first.
    """

    name: str
    settings: tuple[tuple[int, Preset], ...]
    lanes: tuple[LaneHistory, ...]
    pinned_runs: tuple[PinnedRun, ...] = ()
    undecided: PinnedRun | None = None
    origins: tuple[Mapping[str, str], ...] = ()

    @property
    def step(self) -> int:
        return self.lanes[0].state.step

    @property
    def preset(self) -> Preset:
        """The settings at the present step."""
        return [preset for step, preset in self.settings if step <= self.step][-1]


def fingerprint(task: Task) -> str:
    """Return the SHA-256 digest of the task's data; empty if the task generates its data."""
    return sha256(task.data).hexdigest() if task.data else ""

"""A run on disk: one ``.safetensors`` file, from which it goes on bit for bit.

Tensors: ``lanes.0.`` and PyTorch's names for the parameters at the present step; ``lanes.0.optimizer.`` slot and name
for what the optimizer remembers; ``lanes.0.memory`` where the next batch continues the sequences of the last one;
``lanes.0.start.`` and the same names for the parameters at step 0; ``lanes.0.metrics.loss`` and ``.gradient_norm`` of
every step, or, of a long run, of the latest steps, with ``….blocks`` (n, 3) of those before: the least, the greatest
and the mean number of each ``….block_width`` steps; ``lanes.0.keyframes.`` for states on the way, flat, which make
going back quick; ``pins.0.lanes.0.loss``.  Texts: format, version, name, preset, seed, step, metrics (the latest),
edits, pins, undecided, data, origins (where it was trained: origin.py).

Version 1 had no ``start``, no blocks and no origins; state 0 is then drawn again from the seed.

The files are written by writer.py and read by reader.py; safetensors_file.py knows safetensors.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256

from rnn_tui.checkpoints.pinned_run import PinnedRun
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
    """Attributes:
    state: at the present step.
    losses, norms: of every step.
    keyframes: some states on the way, by their steps.
    start: the parameters at step 0; None: the file does not have them.
    """

    state: TrainState
    losses: MetricHistory
    norms: MetricHistory
    keyframes: tuple[TrainState, ...] = ()
    start: Parameters | None = None


@dataclass(frozen=True, eq=False, slots=True)
class Checkpoint:
    """Attributes:
    name: of the preset.
    settings: (step, the settings in force from there on), the first at step 0.
    pinned_runs: runs kept for comparison; undecided: a future that was cut off and may become one.
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
    """Of the user's data that the task learns; empty where it makes its own."""
    return sha256(task.data).hexdigest() if task.data else ""

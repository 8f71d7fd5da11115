"""A run on disk: one ``.safetensors`` file, from which it goes on bit for bit.

Tensors: ``lanes.0.`` and PyTorch's names for the parameters at the present step; ``lanes.0.optimizer.`` slot and name
for what the optimizer remembers; ``lanes.0.memory`` where the next batch continues the sequences of the last one;
``lanes.0.metrics.loss`` and ``.gradient_norm`` of every step; ``lanes.0.keyframes.`` for states on the way, flat, which
make going back quick; ``pins.0.lanes.0.loss``.  Texts: format, version, name, preset, seed, step, metrics (the latest),
edits, pins, undecided, data.

The files are written by writer.py and read by reader.py; tensors.py knows safetensors.
"""

from dataclasses import dataclass
from hashlib import sha256

from rnn_tui.engine.parameters import Array
from rnn_tui.engine.training import TrainState
from rnn_tui.pins import Pin
from rnn_tui.presets import Preset
from rnn_tui.tasks import Task

SUFFIX = ".safetensors"
FORMAT, VERSION = "rnn-tui run", "1"


@dataclass(frozen=True, eq=False, slots=True)
class LaneHistory:
    """Attributes:
    state: at the present step.
    losses, norms: (last step,) of every step.
    keyframes: some states on the way, by their steps.
    """

    state: TrainState
    losses: Array
    norms: Array
    keyframes: tuple[TrainState, ...] = ()


@dataclass(frozen=True, eq=False, slots=True)
class Checkpoint:
    """Attributes:
    name: of the preset.
    settings: (step, the settings in force from there on), the first at step 0.
    pins: runs kept for comparison; undecided: a future that was cut off and may become one.
    """

    name: str
    settings: tuple[tuple[int, Preset], ...]
    lanes: tuple[LaneHistory, ...]
    pins: tuple[Pin, ...] = ()
    undecided: Pin | None = None

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

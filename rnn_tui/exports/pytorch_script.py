"""Export lanes for PyTorch: a state dict for each, and a script that loads it and prints the same loss as the lab."""

from collections.abc import Sequence
from string import Template

from safetensors.numpy import save

from rnn_tui.checkpoints.torch_names import to_torch
from rnn_tui.engine.architecture import TorchSource
from rnn_tui.exports.lane_export import LaneExport, lane_exports
from rnn_tui.exports.probe_arrays import held_out_of
from rnn_tui.exports.safe_filenames import HELD_OUT, lane_words, safe
from rnn_tui.session.session import Session

SCRIPT = Template('''\
"""Lane $lane of $run at step $step: $net in PyTorch.

Prints the loss on the held-out sequences ($loss): $value
Requires: pip install torch safetensors numpy
$about"""

from pathlib import Path

import torch
from safetensors.torch import load_file
from torch import nn
from torch.nn import functional as F

torch.set_default_dtype(torch.$precision)
here = Path(__file__).parent

net = nn.ModuleDict()
net["$layer"] = $module
net["output"] = nn.Linear($H, $O)
net.load_state_dict(load_file(here / "$weights"))
held_out = load_file(here / "$held_out")
x, target, mask = held_out["inputs"], held_out["targets"], held_out["mask"]

with torch.no_grad():
$hidden
    y = net["output"](h)  # (T, B, O)
    # the loss at every time step of every sequence, (T, B)
    each = $each
print(f"{each[mask].mean():$digits}")
''')


def for_pytorch(session: Session, run: str, lanes: Sequence[int]) -> dict[str, bytes]:
    """Return ``RUN-LANE.safetensors`` (a state dict) and ``RUN-LANE.py`` for each lane, and the held-out sequences.

    If PyTorch has no equivalent layer, activation or loss for a lane, ``RUN-LANE.txt`` says so.

    Raises:
        RnnTuiError: the loss of a lane is not finite.
    """
    stem, words = safe(run, "run"), lane_words(session.preset.names)
    held_out, found = f"{stem}-{HELD_OUT}.safetensors", {}
    for export in lane_exports(session, run, lanes):
        name = f"{stem}-{words[export.index]}"
        settings = export.settings
        source = settings.architecture.torch_source(settings.options)
        if source is None or not export.loss.torch:
            found[f"{name}.txt"] = _why_not(export, source).encode("utf-8")
            continue
        weights = to_torch(settings.architecture, export.lane.weights)
        found[f"{name}.safetensors"] = save(weights, metadata={"format": "pt"})
        found[f"{name}.py"] = script(export, source, f"{name}.safetensors", held_out).encode("utf-8")
    return {**found, held_out: save(held_out_of(session), metadata={"format": "pt"})}


def script(export: LaneExport, source: TorchSource, weights: str, held_out: str) -> str:
    """Return the script that loads these two files from its own folder."""
    words = export.words
    return SCRIPT.substitute(
        words,
        layer=source.layer,
        module=Template(source.module).substitute(words),
        weights=weights,
        held_out=held_out,
        hidden=Template(source.forward).substitute(words),
        each=export.loss.torch,
    )


def _why_not(export: LaneExport, source: TorchSource | None) -> str:
    lane, what = export.lane, f"the loss {export.loss.name}"
    if source is None:
        what = f"{lane.settings.architecture.phrase} ({lane.settings.net})"
    return f"PyTorch has no equivalent of {what}, so there is no script for {lane.name}. Export it for NumPy instead.\n"

"""Lanes for PyTorch: a state dict of each, and a script that loads it and prints the lab's loss."""

from collections.abc import Sequence
from string import Template

from safetensors.numpy import save

from rnn_tui.checkpoints.torch_names import to_torch
from rnn_tui.exports.lane_export import Subject, subjects
from rnn_tui.exports.probe_arrays import held_out_of
from rnn_tui.exports.safe_filenames import HELD_OUT, lane_words, safe
from rnn_tui.session.session import Session

SCRIPT = Template('''\
"""The lane $lane of $run at step $step, $net in PyTorch.

Prints its loss on the held-out sequences, $loss: $value
Needs: pip install torch safetensors numpy
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

STOCK = Template("""\
    h, _ = net["$layer"](x)  # (T, B, I) -> (T, B, H)""")

OWN_LOOP = Template("""\
    rnn, h_t, h = net["rnn"], torch.zeros(x.shape[1], $H), []
    for x_t in x:  # for nn.RNN knows tanh and relu alone
        from_x = F.linear(x_t, rnn.weight_ih_l0, rnn.bias_ih_l0)
        z_t = from_x + F.linear(h_t, rnn.weight_hh_l0, rnn.bias_hh_l0)
        h_t = $f
        h.append(h_t)
    h = torch.stack(h)  # (T, B, H)""")

FEED_FORWARD = Template("""\
    z = net["hidden"](x)  # (T, B, I) -> (T, B, H)
    h = $f""")

WINDOW = Template("""\
    # the last $K inputs, the latest first: zeros go before the start of the sequences
    seen = [F.pad(x, (0, 0, 0, 0, lag, 0))[: len(x)] for lag in range($K)]
    z = net["hidden"](torch.cat(seen, dim=-1))  # (T, B, $K I) -> (T, B, H)
    h = $f""")

ACTIVATIONS = {
    "tanh": "torch.tanh({0})",
    "relu": "torch.relu({0})",
    "sigmoid": "torch.sigmoid({0})",
    "identity": "{0}",
    "leaky_relu": "F.leaky_relu({0}, 0.01)",
    "softplus": "F.softplus({0}, threshold=40)",  # from its own threshold of 20 on it is 2e-9 off
}

LOSSES = {
    "cross-entropy": 'F.cross_entropy(y.transpose(1, 2), target, reduction="none")',
    "binary cross-entropy": 'F.binary_cross_entropy_with_logits(y, target, reduction="none").mean(-1)',
    "mean squared error": 'F.mse_loss(y, target, reduction="none").mean(-1)',
}


def for_pytorch(session: Session, run: str, lanes: Sequence[int]) -> dict[str, bytes]:
    """``RUN-LANE.safetensors``, a state dict, and ``RUN-LANE.py`` for each lane, and ``RUN-held-out.safetensors``.

    Raises:
        RnnTuiError: a lane has no finite loss.
    """
    stem, words = safe(run, "run"), lane_words(session.preset.names)
    held_out, found = f"{stem}-{HELD_OUT}.safetensors", {}
    for subject in subjects(session, run, lanes):
        name = f"{stem}-{words[subject.index]}"
        weights = to_torch(subject.settings.kind, subject.lane.weights)
        found[f"{name}.safetensors"] = save(weights, metadata={"format": "pt"})
        found[f"{name}.py"] = script(subject, f"{name}.safetensors", held_out).encode("utf-8")
    return {**found, held_out: save(held_out_of(session), metadata={"format": "pt"})}


def script(subject: Subject, weights: str, held_out: str) -> str:
    """The script that loads these two files, which lie beside it."""
    layer, module = _layer(subject)
    f = ACTIVATIONS[getattr(subject.settings, "activation", "tanh")].format("z_t" if layer == "rnn" else "z")
    words = {**subject.words, "layer": layer, "module": module, "f": f}
    return SCRIPT.substitute(
        words,
        weights=weights,
        held_out=held_out,
        hidden=_hidden(subject).substitute(words),
        each=LOSSES[subject.loss.name],
    )


def _layer(subject: Subject) -> tuple[str, str]:
    """The hidden layer's name in the state dict, and how it is made."""
    (I, H, _), settings = subject.sizes, subject.settings
    if settings.kind == "fnn":
        return "hidden", f"nn.Linear({settings.window * I}, {H})"
    relu = ', nonlinearity="relu"' if settings.kind == "rnn" and settings.activation == "relu" else ""
    return settings.kind, f"nn.{settings.kind.upper()}({I}, {H}{relu})"


def _hidden(subject: Subject) -> Template:
    settings = subject.settings
    if settings.kind == "fnn":
        return FEED_FORWARD if settings.window == 1 else WINDOW
    if settings.kind == "rnn" and settings.activation not in ("tanh", "relu"):
        return OWN_LOOP
    return STOCK

"""Convert a lane's parameters to PyTorch's names and shapes, and back, for run files and exports.

The lane's architecture declares which parameters PyTorch stacks under which name.  The output layer is an ``nn.Linear``
named ``output``.  The parameters of an architecture that PyTorch does not have keep their own names.
"""

from collections.abc import Mapping

import numpy as np

from rnn_tui.engine.architecture import Architecture
from rnn_tui.engine.parameters import Array

OUTPUT = {"output.weight": ("W_hy",), "output.bias": ("b_y",)}


def to_torch(architecture: type[Architecture], views: Mapping[str, Array]) -> dict[str, Array]:
    """Return new, contiguous arrays under PyTorch's names, from ``views`` under the paper's names.

    ``views`` may also be a gradient or an optimizer's slot, which have the same layout.
    """
    names = _names(architecture, views)
    return {theirs: np.array(_stacked(ours, views), order="C") for theirs, ours in names.items()}


def from_torch(architecture: type[Architecture], tensors: Mapping[str, Array], views: Mapping[str, Array]) -> None:
    """Copy arrays under PyTorch's names, of the right shapes, into ``views`` under the paper's names.

    A ``bias_hh`` that is not zero, as after training in PyTorch, is added to the other bias.
    """
    names = _names(architecture, views)
    for theirs, ours in names.items():
        pieces = zip(ours, np.split(tensors[theirs], len(ours)), strict=True)
        for i, (name, piece) in enumerate(pieces):
            if name:
                views[name][...] = piece
            elif piece.any():
                views[names[theirs.replace("_hh_", "_ih_")][i]][...] += piece


def _names(architecture: type[Architecture], views: Mapping[str, Array]) -> dict[str, tuple[str, ...]]:
    outputs = {name for ours in OUTPUT.values() for name in ours}
    own = architecture.torch_names or {name: (name,) for name in views if name not in outputs}
    return {**own, **OUTPUT}


def _stacked(names: tuple[str, ...], views: Mapping[str, Array]) -> Array:
    """Return the parameters stacked; for an empty name, zeros in the shape of a hidden bias."""
    hidden = views["W_hy"].shape[1]
    return np.concatenate([views[name] if name else np.zeros(hidden, views["b_y"].dtype) for name in names])

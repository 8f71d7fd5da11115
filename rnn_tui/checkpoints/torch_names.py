"""A lane's parameters under PyTorch's names and shapes, and back.  What goes into files and exports imports it.

PyTorch adds two biases to every sum, an engine's cell one: that is ``bias_ih``, and ``bias_hh`` is zero.  Only the
candidate of a GRU has two here as well, b_xn and b_hn.  A feed-forward net is two ``nn.Linear``, ``hidden`` over
[x_t; x_{t-1}; …] and ``output``.
"""

from collections.abc import Mapping

import numpy as np

from rnn_tui.engine.parameters import Array

GATES = {"rnn": "h", "gru": "rzn", "lstm": "ifgo"}  # as PyTorch stacks their rows
OUTPUT = {"output.weight": "W_hy", "output.bias": "b_y"}
HIDDEN = {"hidden.weight": "W_xh", "hidden.bias": "b_h"}


def to_torch(kind: str, views: Mapping[str, Array]) -> dict[str, Array]:
    """New, contiguous arrays under PyTorch's names, of ``views`` under the paper's.

    ``views`` may be anything that is laid out as the parameters are, a gradient or an optimizer's slot too.
    """
    return {name: np.array(array, order="C") for name, array in _named(kind, views).items()}


def _named(kind: str, views: Mapping[str, Array]) -> dict[str, Array]:
    output = {theirs: views[ours] for theirs, ours in OUTPUT.items()}
    if kind == "fnn":
        return {theirs: views[ours] for theirs, ours in HIDDEN.items()} | output
    gates = GATES[kind]
    bias = np.concatenate([views[_first_bias(kind, gate)] for gate in gates])
    second = np.zeros_like(bias)
    if kind == "gru":
        second[-len(views["b_hn"]) :] = views["b_hn"]
    return {
        f"{kind}.weight_ih_l0": np.concatenate([views[f"W_x{gate}"] for gate in gates]),
        f"{kind}.weight_hh_l0": np.concatenate([views[f"W_h{gate}"] for gate in gates]),
        f"{kind}.bias_ih_l0": bias,
        f"{kind}.bias_hh_l0": second,
        **output,
    }


def _first_bias(kind: str, gate: str) -> str:
    return "b_xn" if (kind, gate) == ("gru", "n") else f"b_{gate}"


def from_torch(kind: str, tensors: Mapping[str, Array], views: Mapping[str, Array]) -> None:
    """Write arrays under PyTorch's names, of the right shapes, into ``views`` under the paper's.

    A ``bias_hh`` that is not zero, as PyTorch itself would have trained it, is added to the other bias.
    """
    for theirs, ours in (OUTPUT | (HIDDEN if kind == "fnn" else {})).items():
        views[ours][...] = tensors[theirs]
    if kind == "fnn":
        return
    gates, H = GATES[kind], tensors[f"{kind}.weight_hh_l0"].shape[1]
    bias, second = (tensors[f"{kind}.bias_{which}_l0"] for which in ("ih", "hh"))
    for i, gate in enumerate(gates):
        rows = slice(i * H, (i + 1) * H)
        views[f"W_x{gate}"][...] = tensors[f"{kind}.weight_ih_l0"][rows]
        views[f"W_h{gate}"][...] = tensors[f"{kind}.weight_hh_l0"][rows]
        views[_first_bias(kind, gate)][...] = bias[rows]
        if (kind, gate) == ("gru", "n"):
            views["b_hn"][...] = second[rows]
        elif second[rows].any():
            views[f"b_{gate}"][...] += second[rows]

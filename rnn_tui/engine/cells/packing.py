"""Parts that gated cells share: parameters by gate, and PyTorch's names for them."""

from rnn_tui.engine.parameters import Block, PackedMatrix


def packed_by_gate(gates: str, inputs: int, hidden: int, outputs: int, without_x: str = "") -> PackedMatrix:
    """Return a matrix with W_hg, W_xg and b_g for each gate g, in the order of ``gates``.

    Gates in ``without_x`` have no W_xg, and b_hg in place of b_g.
    """
    h, x, one = slice(0, hidden), slice(hidden, hidden + inputs), hidden + inputs
    blocks: dict[str, Block] = {}
    for i, gate in enumerate(gates):
        own = slice(i * hidden, (i + 1) * hidden)
        blocks[f"W_h{gate}"] = (h, own)
        if gate not in without_x:
            blocks[f"W_x{gate}"] = (x, own)
        blocks[f"b_{gate}" if gate not in without_x else f"b_h{gate}"] = (one, own)
    return PackedMatrix(one + 1, len(gates) * hidden + outputs, blocks)


def torch_layer(layer: str, gates: str, two_biases: str = "") -> dict[str, tuple[str, ...]]:
    """Return the names in ``nn.RNN``, ``nn.GRU`` or ``nn.LSTM``, and the parameters that PyTorch stacks in each.

    ``gates`` are in PyTorch's order.  PyTorch adds two biases to every sum; our cells have one, which is ``bias_ih``,
    and ``bias_hh`` is zero.  Gates in ``two_biases`` have both, b_x and b_h.
    """
    return {
        f"{layer}.weight_ih_l0": tuple(f"W_x{gate}" for gate in gates),
        f"{layer}.weight_hh_l0": tuple(f"W_h{gate}" for gate in gates),
        f"{layer}.bias_ih_l0": tuple(f"b_x{gate}" if gate in two_biases else f"b_{gate}" for gate in gates),
        f"{layer}.bias_hh_l0": tuple(f"b_h{gate}" if gate in two_biases else "" for gate in gates),
    }

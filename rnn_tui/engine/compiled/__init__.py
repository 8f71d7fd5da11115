"""Time loops as machine code: an optional second engine.

In a small net the calls of NumPy take longer than the arithmetic: a time step has two to nine of them in each
direction.  A compiled loop has none.  In a larger net a time step has one call of BLAS, and one compiled loop in place
of up to eight other calls of NumPy.  Both engines compute the same equations in the same buffers, so their results
differ only in the last digits; tests compare the two.  NumPy's loops in ``engine/cells`` remain the reference.  They
are also used for cells and activations without compiled loops, and for truncated gradients.

To compile the loops of a cell, write a module with ``unroll(cell, shape)`` and register it in ``MODULES``.  It imports
numba, the compiler, and is loaded when it is first used.
"""

from collections.abc import Callable, Mapping
from importlib import import_module

from rnn_tui.engine.cells import Cell, GRUCell, LSTMCell, RNNCell
from rnn_tui.engine.cells.base import Unrolled, UnrollShape

ENGINES = ("numpy", "compiled")
MODULES: Mapping[type[Cell], str] = {
    RNNCell: "rnn_tui.engine.compiled.elman",
    GRUCell: "rnn_tui.engine.compiled.gru",
    LSTMCell: "rnn_tui.engine.compiled.lstm",
}


def unroll(cell: Cell, shape: UnrollShape) -> Unrolled:
    """Return the cell unrolled over time, with compiled loops if it has them.

    The choice depends on the cell and the shape alone, so that a replay makes the same one.
    """
    name = MODULES.get(type(cell))
    if name is None or shape.depth:
        return cell.unroll(shape)
    compiled: Callable[[Cell, UnrollShape], Unrolled] = import_module(name).unroll
    return compiled(cell, shape)

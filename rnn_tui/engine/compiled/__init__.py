"""Time loops as machine code: an optional second engine.

In a small net the calls of NumPy take longer than the arithmetic: a time step has two to ten of them.  A compiled loop
has none.  In a larger net a time step keeps one call of BLAS, and what else NumPy reads and writes in up to ten passes
is one compiled loop.  Both compute the same equations over the same buffers, so the results differ from NumPy's in the
last digits only; tests compare the two.  NumPy's loops in ``engine/cells`` remain the reference: a cell without
compiled loops and a truncated gradient use them.

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

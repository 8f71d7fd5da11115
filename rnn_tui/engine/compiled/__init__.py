"""Time loops as machine code: an optional second engine for small nets.

In a small net the calls of NumPy take longer than the arithmetic: a time step has two to ten of them.  A compiled loop
has none.  It computes the same equations over the same buffers, one number after the other, so its results differ
from NumPy's in the last digits only; tests compare the two.  NumPy's loops in ``engine/cells`` remain the reference: a
cell without compiled loops, a truncated gradient and a net that is not small use them.

To compile the loops of a cell, write a module with ``unroll(cell, shape)`` and register it in ``MODULES``.  It imports
numba, the compiler, and is loaded when it is first used.
"""

from collections.abc import Callable, Mapping
from importlib import import_module

from rnn_tui.engine.cells import Cell, GRUCell, LSTMCell, RNNCell
from rnn_tui.engine.cells.base import Unrolled, UnrollShape

ENGINES = ("numpy", "compiled")
MOST = 64  # H times B; above it the vector instructions of NumPy win, as ``benchmarks/compiled.py`` shows
MODULES: Mapping[type[Cell], str] = {
    RNNCell: "rnn_tui.engine.compiled.elman",
    GRUCell: "rnn_tui.engine.compiled.gru",
    LSTMCell: "rnn_tui.engine.compiled.lstm",
}


def unroll(cell: Cell, shape: UnrollShape) -> Unrolled:
    """Return the cell unrolled over time, with compiled loops if it has them and is small.

    The choice depends on the cell and the shape alone, so that a replay makes the same one.
    """
    name = MODULES.get(type(cell))
    if name is None or shape.depth or cell.hidden * shape.batch > MOST:
        return cell.unroll(shape)
    compiled: Callable[[Cell, UnrollShape], Unrolled] = import_module(name).unroll
    return compiled(cell, shape)

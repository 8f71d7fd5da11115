"""Recurrent cells by name.

To add a cell, write one file in this package and register it in ``CELLS``.  The file has

- a subclass of :class:`Cell`: its equations in the docstring, and the class attributes that
  :class:`~rnn_tui.engine.architecture.Architecture` lists (phrase, options, states, equations, the texts of slow
  motion, the lines of NumPy, PyTorch's names or none); ``packed``, which returns the positions of its parameters;
  ``buffers``, which declares further arrays, if it needs any; ``unroll``;
- a subclass of :class:`~rnn_tui.engine.cells.base.Unrolled` with ``forward`` and ``backward``, which adds the cell's
  states to ``states``, and those besides h that continue to the next time step to ``carried``.  ``up`` and ``down``
  return the products of both passes.  A gradient that flows back around the sums goes into ``directly``; if x_t has a
  separate matrix, ``weight_gradients`` and ``input_gradient`` add its parts.

Everything else reads these: presets and controls the options, the lab and slow motion the states, equations and texts,
run files the names, exports the sources.  A state that is f of one sum needs nothing more if the names of its
parameters are W_h, W_x and b with its letter; ``summed`` and ``composed`` declare how other states are computed.
"""

from rnn_tui.engine.cells.base import Cell
from rnn_tui.engine.cells.elman import RNNCell
from rnn_tui.engine.cells.gru import GRUCell
from rnn_tui.engine.cells.lstm import LSTMCell

CELLS: dict[str, type[Cell]] = {
    "rnn": RNNCell,
    "gru": GRUCell,
    "lstm": LSTMCell,
}

__all__ = ["CELLS", "Cell", "GRUCell", "LSTMCell", "RNNCell"]

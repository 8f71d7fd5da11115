"""Recurrent cells by name.

To add a cell, write one file beside these and enter it in ``CELLS``.  The file has

- a subclass of :class:`Cell`: its equations in the docstring, and the class attributes that
  :class:`~rnn_tui.engine.architecture.Architecture` lists (phrase, options, states, equations, the texts of slow
  motion, the lines of NumPy, PyTorch's names or none); ``packed``, which says where its parameters are; ``buffers``,
  which declares the arrays it needs, if it needs more than all cells; ``unroll``;
- a subclass of :class:`~rnn_tui.engine.cells.base.Unrolled` with ``forward`` and ``backward``, which names in
  ``states`` what the cell holds, and adds to ``carried`` what it hands on beside h.  A gradient that comes back past
  the sums is declared by ``coming_back``; if x_t has a matrix of its own, ``input_gradient`` adds its share.

Everything else reads these: presets and controls the options, the lab and slow motion the states, equations and texts,
run files the names, exports the sources.  A state that is f of one sum needs nothing more if its parameters are called
W_h, W_x and b with its letter; ``summed`` and ``composed`` say how other states come about.
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

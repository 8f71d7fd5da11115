"""Recurrent cells by name.  A further cell is one file beside these, one line here, and a lane in
``lane_settings.py`` that has its options; its states are shown then, and trained.  How those that are no sum come
about, ``equation_terms.py`` says.
"""

from rnn_tui.engine.cells.base import Cell
from rnn_tui.engine.cells.elman import RNNCell
from rnn_tui.engine.cells.gru import GRUCell
from rnn_tui.engine.cells.lstm import LSTMCell

CELLS: dict[str, type[RNNCell] | type[GRUCell] | type[LSTMCell]] = {"rnn": RNNCell, "gru": GRUCell, "lstm": LSTMCell}

__all__ = ["CELLS", "Cell", "GRUCell", "LSTMCell", "RNNCell"]

"""Recurrent cells by name.  A further cell is one file beside these, one line here, and a lane in ``lanes.py`` that has
its options; its states are shown then, and trained.  How those that are no sum come about, ``ui/panels/terms.py`` says.
"""

from rnn_tui.engine.cells.cell import Cell
from rnn_tui.engine.cells.gru import GRUCell
from rnn_tui.engine.cells.lstm import LSTMCell
from rnn_tui.engine.cells.rnn import RNNCell

CELLS: dict[str, type[RNNCell] | type[GRUCell] | type[LSTMCell]] = {"rnn": RNNCell, "gru": GRUCell, "lstm": LSTMCell}

__all__ = ["CELLS", "Cell", "GRUCell", "LSTMCell", "RNNCell"]

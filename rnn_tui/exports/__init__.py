"""Export a run for other programs: scripts with weights, metrics, and arrays.  Nothing here writes a file."""

from collections.abc import Callable, Sequence
from typing import TypeAlias

from rnn_tui.exports.metrics_csv import as_csv
from rnn_tui.exports.numpy_script import in_numpy
from rnn_tui.exports.pytorch_script import for_pytorch
from rnn_tui.session.session import Session

Export: TypeAlias = Callable[[Session, str, Sequence[int]], dict[str, bytes]]

EXPORTS: dict[str, Export] = {"pytorch": for_pytorch, "numpy": in_numpy, "csv": as_csv}
"""Functions of a session, the run's name, and the numbers of the lanes, that return the contents of files by name."""

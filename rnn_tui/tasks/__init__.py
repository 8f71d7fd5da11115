"""What there is to learn: generators, floors, scores.  A new task is one class and one line here."""

from rnn_tui.tasks.base import MOST_HELD_OUT, Floor, Reference, Task
from rnn_tui.tasks.echo import Echo
from rnn_tui.tasks.series import CsvSeries
from rnn_tui.tasks.temporal_xor import TemporalXor
from rnn_tui.tasks.text import Text
from rnn_tui.tasks.wave import Wave
from rnn_tui.tasks.xor import Xor

TASKS: dict[str, type[Task]] = {
    "echo": Echo,
    "xor": Xor,
    "temporal-xor": TemporalXor,
    "wave": Wave,
    "text": Text,
    "csv": CsvSeries,
}

__all__ = ["MOST_HELD_OUT", "TASKS", "CsvSeries", "Floor", "Reference", "Task", "Text"]

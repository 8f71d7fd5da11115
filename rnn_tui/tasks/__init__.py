"""The tasks that nets learn: generators of sequences, floors and scores.

To add a task, write one file in this package and register it in ``TASKS``; a preset in ``presets/`` offers it.  The
file has a subclass of :class:`Task`, whose fields are the options of the ``[task]`` table.  It defines ``kind``, its
name there; ``loss``, which determines the kind of answer; ``batch``, ``floor`` and ``references``.  Other properties of
:class:`Task` determine how its sequences are drawn and named (``channels``, ``alphabet``, ``classes``, ``roles``,
``in_units``), which sequence length the options need (``least_length``, ``problems``), and how far back an answer
depends on the input (``steps_back``).
"""

from rnn_tui.tasks.adding import Adding
from rnn_tui.tasks.base import MOST_HELD_OUT, Floor, Reference, Task
from rnn_tui.tasks.copying import Copy
from rnn_tui.tasks.counting import Counting
from rnn_tui.tasks.echo import Echo
from rnn_tui.tasks.flip_flop import FlipFlop
from rnn_tui.tasks.letters import Letters
from rnn_tui.tasks.mackey_glass import MackeyGlass
from rnn_tui.tasks.own_data.csv_task import CsvSeries
from rnn_tui.tasks.own_data.text_task import Text
from rnn_tui.tasks.parity import Parity
from rnn_tui.tasks.reber import EmbeddedReber, Reber
from rnn_tui.tasks.temperature import Temperature
from rnn_tui.tasks.temporal_order import TemporalOrder
from rnn_tui.tasks.temporal_xor import TemporalXor
from rnn_tui.tasks.wave import Wave
from rnn_tui.tasks.xor import Xor

TASKS: dict[str, type[Task]] = {
    "echo": Echo,
    "xor": Xor,
    "temporal-xor": TemporalXor,
    "parity": Parity,
    "adding": Adding,
    "copy": Copy,
    "temporal-order": TemporalOrder,
    "flip-flop": FlipFlop,
    "letters": Letters,
    "reber": Reber,
    "embedded-reber": EmbeddedReber,
    "counting": Counting,
    "wave": Wave,
    "mackey-glass": MackeyGlass,
    "temperature": Temperature,
    "text": Text,
    "csv": CsvSeries,
}

__all__ = ["MOST_HELD_OUT", "TASKS", "CsvSeries", "Floor", "Reference", "Task", "Text"]

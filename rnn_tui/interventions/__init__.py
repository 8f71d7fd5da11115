"""Interventions: something done to a net, or to the input that it reads, that is not learning.

Each kind is a class in a file of its own, registered by one line here.  An intervention is spelled as one text, such as
``silence:u3``, ``x:7=0`` or ``cut``, in presets, run files, commands and on the screen.

It is either a lens, which changes what is shown and nothing else (``altered_pass.py``), or it is applied: then it is a
setting of the lane from a step on, and training goes on with it (``applied.py``).
"""

from rnn_tui.errors import nearest
from rnn_tui.interventions.base import Intervention, Spelling, SpellingError, Target
from rnn_tui.interventions.cut import Cut
from rnn_tui.interventions.diagonal import Diagonal, OffDiagonal
from rnn_tui.interventions.flip import Flip
from rnn_tui.interventions.frozen import Freeze
from rnn_tui.interventions.gate import OpenGate, ShutGate
from rnn_tui.interventions.hold import Hold
from rnn_tui.interventions.input_value import InputValue
from rnn_tui.interventions.noise import Noise
from rnn_tui.interventions.prune import Prune
from rnn_tui.interventions.remove import Remove
from rnn_tui.interventions.reset import Reset
from rnn_tui.interventions.scale import Scale
from rnn_tui.interventions.silence import Silence
from rnn_tui.interventions.start import Start
from rnn_tui.interventions.swap import Swap
from rnn_tui.interventions.weight import Weight

__all__ = ["INTERVENTIONS", "Intervention", "SpellingError", "Target", "spelled"]

INTERVENTIONS: list[type[Intervention]] = [
    InputValue,
    Flip,
    Remove,
    Swap,
    Silence,
    Hold,
    Reset,
    Start,
    Noise,
    Cut,
    Diagonal,
    OffDiagonal,
    Scale,
    Weight,
    Prune,
    OpenGate,
    ShutGate,
    Freeze,
]


def spelled(text: str) -> Intervention:
    """Return the intervention that a text spells.  Raises SpellingError."""
    spelling = Spelling.of(text)
    for kind in INTERVENTIONS:
        if kind.takes(spelling.name):
            return kind.spelled(spelling)
    names = [kind.name for kind in INTERVENTIONS]
    known = nearest(spelling.name, names) or f"; there are {', '.join(names)}"
    raise SpellingError(f"there is no intervention {spelling.name!r}{known}")

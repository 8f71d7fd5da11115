"""How much memory the runs of a process may use.

The present session: BUDGET bytes of states (timeline.py), and its metrics, at most 20 MiB for each lane
(metric_history.py).  Undo and redo: UNDO.  Presets that were opened before, with all their histories: INACTIVE.  With
four lanes, a million steps and four pinned runs the total is 256 MiB; it is exceeded only if even the minimum of states
does not fit.

Each part counts everything that it holds, including what it shares with another part, so that no part grows when
another frees something.
"""

from collections.abc import Sequence
from itertools import chain
from typing import TYPE_CHECKING

from rnn_tui.session.keyframes import weight

if TYPE_CHECKING:
    from rnn_tui.session.lane_histories import LaneHistories

UNDO = 48 * 2**20  # bytes
INACTIVE = 48 * 2**20


def weight_of(histories: Sequence["LaneHistories"]) -> int:
    """Return the bytes of the histories; shared objects count once."""
    states = set(chain.from_iterable(history.states for history in histories))
    parts = {id(part): part.nbytes for history in histories for part in history.parts}
    return sum(map(weight, states)) + sum(parts.values())


def fit(histories: Sequence["LaneHistories"], room: int) -> int:
    """Reduce the histories to ``room`` bytes, and return how many of the first ones must be dropped for that.

    Keyframes are discarded first, starting with the first history; each keeps its first, present and last state, from
    which all others can be replayed.  The last history is never dropped.
    """
    for i, history in enumerate(histories):
        if weight_of(histories) <= room:
            return 0
        history.thin(room - weight_of([*histories[:i], *histories[i + 1 :]]))
    gone = 0
    while gone < len(histories) - 1 and weight_of(histories[gone:]) > room:
        gone += 1
    return gone

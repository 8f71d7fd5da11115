"""What a process may keep of its runs in memory.

The session at work: BUDGET bytes of states (timeline.py), and its metrics, at most 20 MiB a lane (metric_history.py).
What undo and redo bring back: UNDO.  Presets that were opened before, with all of theirs: INACTIVE.  With four lanes, a
million steps and four pins that is 256 MiB; only states so large that even the fewest do not fit take more.

Each part counts all that it keeps, also what another part has too, so that none grows when another lets something go.
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
    """Bytes of all that the histories keep; what they share counts once."""
    states = set(chain.from_iterable(history.states for history in histories))
    parts = {id(part): part.nbytes for history in histories for part in history.parts}
    return sum(map(weight, states)) + sum(parts.values())


def fit(histories: Sequence["LaneHistories"], room: int) -> int:
    """Make them fit in so many bytes; how many of the first ones have to go for that.

    First keyframes go, those of the first histories before those of the last; each keeps its first, present and last
    state, from which all others can be replayed.  The last one never has to go.
    """
    for i, history in enumerate(histories):
        if weight_of(histories) <= room:
            return 0
        history.thin(room - weight_of([*histories[:i], *histories[i + 1 :]]))
    gone = 0
    while gone < len(histories) - 1 and weight_of(histories[gone:]) > room:
        gone += 1
    return gone

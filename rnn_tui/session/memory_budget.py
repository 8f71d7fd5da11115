"""What a process may keep of its runs in memory.

The run on the bench: BUDGET bytes of states (timeline.py), and its metrics, at most 18 MiB a lane (metric_history.py).
What undo and redo bring back: UNDO.  Presets that were opened before, with all of theirs: SHELVED.  With four lanes, a
million steps and four pins that is 256 MiB; only states so large that even the fewest do not fit take more.

Each part counts all that it keeps, also what another part has too, so that none grows when another lets something go.
"""

from collections.abc import Sequence
from itertools import chain
from typing import TYPE_CHECKING

from rnn_tui.session.keyframes import weight

if TYPE_CHECKING:
    from rnn_tui.session.lane_histories import Bench

UNDO = 48 * 2**20  # bytes
SHELVED = 48 * 2**20


def weight_of(benches: Sequence["Bench"]) -> int:
    """Bytes of all that the benches keep; what they share counts once."""
    states = set(chain.from_iterable(bench.states for bench in benches))
    parts = {id(part): part.nbytes for bench in benches for part in bench.parts}
    return sum(map(weight, states)) + sum(parts.values())


def fit(benches: Sequence["Bench"], room: int) -> int:
    """Make them fit in so many bytes; how many of the first ones have to go for that.

    First keyframes go, those of the first benches before those of the last; each keeps its first, present and last
    state, from which all others can be replayed.  The last bench never has to go.
    """
    for i, bench in enumerate(benches):
        if weight_of(benches) <= room:
            return 0
        bench.thin(room - weight_of([*benches[:i], *benches[i + 1 :]]))
    gone = 0
    while gone < len(benches) - 1 and weight_of(benches[gone:]) > room:
        gone += 1
    return gone

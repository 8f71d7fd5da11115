"""Rules between the tables of a preset, which no single table can check.

Each function returns problems: one line each, the dotted key first.
"""

from collections import Counter
from collections.abc import Sequence

from rnn_tui.interventions import applied
from rnn_tui.presets.buffer_size import too_large
from rnn_tui.presets.lane_settings import WIDEST_MATCH, LaneSettings, matched_lanes, recurrent_lanes
from rnn_tui.presets.training_settings import TrainingSettings
from rnn_tui.tasks import Task
from rnn_tui.tasks.batch_fit import batched_problems
from rnn_tui.tasks.xor import Xor

MOST_BYTES = 4 * 2**30  # of all lanes' buffers
SMALLEST_TASK: Task = Xor.model_construct()  # replaces an invalid task while lanes are checked


def task_problems(task: Task, training: TrainingSettings) -> list[str]:
    """Return problems of the task's options with the length of its sequences."""
    return batched_problems(task, training.sequence_length, training.batches_per_sequence)


def lane_problems(lanes: Sequence[LaneSettings], training: TrainingSettings, task: Task | None) -> list[str]:
    """Return problems of the lanes with each other, and, with a ``task``, of the sizes that follow from it."""
    matched = matched_lanes(lanes, task) if task else list(lanes)
    problems = _name_problems(lanes) + [line for i, lane in enumerate(matched) for line in _match_problems(i, matched)]
    if task:
        problems += _intervention_problems(matched, task)
    return problems or _memory_problems(matched, training, task or SMALLEST_TASK)


def _intervention_problems(lanes: Sequence[LaneSettings], task: Task) -> list[str]:
    return [
        f"lanes.{number}.interventions: {problem}"
        for number, lane in enumerate(lanes)
        if lane.interventions
        for problem in applied.problems(lane.interventions, lane.target(task))
    ]


def _name_problems(lanes: Sequence[LaneSettings]) -> list[str]:
    counts = Counter(lane.name for lane in lanes if lane.name)
    return [
        f"lanes: more than one lane has the name {name!r}; names must be unique"
        for name, count in counts.items()
        if count > 1
    ]


def _match_problems(number: int, lanes: Sequence[LaneSettings]) -> list[str]:
    lane, recurrent = lanes[number], recurrent_lanes(lanes)
    match = getattr(lane, "match", None)
    if match is None:
        return []
    if match not in recurrent:
        numbers = ", ".join(map(str, recurrent))
        allowed = f"the recurrent lanes are {numbers}" if numbers else "there is no recurrent lane"
        return [f"lanes.{number}.match = {match}: must be a recurrent lane's number, from 0; {allowed}"]
    if lane.hidden_size > WIDEST_MATCH:
        needs = f"needs {lane.hidden_size:,} hidden units; at most {WIDEST_MATCH:,} are allowed"
        return [f"lanes.{number}.match = {match}: {needs}"]
    return []


def _memory_problems(lanes: Sequence[LaneSettings], training: TrainingSettings, task: Task) -> list[str]:
    allowed = f"at most {MOST_BYTES // 2**30} GiB are allowed"
    problem = too_large(task, lanes, training, MOST_BYTES, allowed)
    return [problem] if problem else []

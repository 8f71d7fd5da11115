"""Whether a task fits into sequences of so many batches.  Only preset.py asks."""

from rnn_tui.tasks.base import Task

LONGEST = 100_000  # time steps that a sequence may have in all its batches


def batched_problems(task: Task, length: int, count: int) -> list[str]:
    """What keeps the task from working with sequences of ``count`` batches of ``length`` time steps: one line each."""
    whole = length * count
    if whole > LONGEST:
        return [
            f"training.batches_per_sequence = {count}: times training.sequence_length "
            f"{length} must be at most {LONGEST:,}"
        ]
    if task.last_only and count > 1:
        return [
            f"training.batches_per_sequence = {count}: must be 1 for task.kind = "
            f"{task.kind!r}, of which the last time step alone is scored"
        ]
    problems = task.problems(whole)
    if count == 1:
        return [f"{problem}{_carried(task, length)}" if _of(length) in problem else problem for problem in problems]
    product = f"{_of(length)} times training.batches_per_sequence = {count}"
    return [
        problem.replace(_of(whole), product)
        if _of(whole) in problem
        else f"{problem} (one sequence: training.batches_per_sequence {count} times training.sequence_length {length})"
        for problem in problems
    ]


def _of(length: int) -> str:
    """How tasks name the length that they do not fit into."""
    return f"training.sequence_length = {length}"


def _carried(task: Task, length: int) -> str:
    """The other way out of a sequence that is too short: more batches, where the task can be cut into them."""
    count = -(-task.least_length // length)
    if count == 1 or task.last_only or task.problems(count * length):
        return ""
    return f"; or set training.batches_per_sequence = {count}, so that the hidden state is carried from batch to batch"

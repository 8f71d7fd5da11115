"""Check that a task works with sequences that continue through several batches."""

from rnn_tui.tasks.base import Task

LONGEST = 100_000  # time steps of a sequence in all its batches


def batched_problems(task: Task, length: int, count: int) -> list[str]:
    """Return why the task does not work with sequences of ``count`` batches of ``length`` time steps, one line each."""
    whole = length * count
    if whole > LONGEST:
        return [
            f"training.batches_per_sequence = {count}: times training.sequence_length "
            f"{length} must be at most {LONGEST:,}"
        ]
    if task.last_only and count > 1:
        return [
            f"training.batches_per_sequence = {count}: must be 1 for task.kind = "
            f"{task.kind!r}, which scores only the last time step"
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
    """Return the text with which tasks report a length that is too short."""
    return f"training.sequence_length = {length}"


def _carried(task: Task, length: int) -> str:
    """Return the hint to use more batches for a sequence that is too short, if the task allows it."""
    count = -(-task.least_length // length)
    if count == 1 or task.last_only or task.problems(count * length):
        return ""
    return f"; or set training.batches_per_sequence = {count}, so that the hidden state is carried from batch to batch"

"""Estimate the memory that the buffers of a preset need."""

from collections.abc import Sequence

from rnn_tui.presets.lane_settings import FeedForwardLane, LaneSettings
from rnn_tui.presets.training_settings import TrainingSettings
from rnn_tui.tasks import Task


def too_large(task: Task, lanes: Sequence[LaneSettings], training: TrainingSettings, most: int, allowed: str) -> str:
    """Return a problem if the buffers need more than ``most`` bytes; otherwise an empty text.

    ``allowed`` states the limit in words.
    """
    time, batch, pieces = training.sequence_length, training.batch_size, training.batches_per_sequence
    held_out = training.held_out_length(task.least_length)
    # for each lane the parameters, their gradient, two optimizer slots and the next values of all three, the trace,
    # and the trace of at least one held-out sequence
    models = [lane.model(task) for lane in lanes]
    numbers = [7 * model.layout.size + model.numbers(time, batch) + model.numbers(held_out, 1) for model in models]
    data = 2 * time * pieces * batch * max(task.input_size, task.output_size)
    size = sum(numbers) * (8 if training.precision == "float64" else 4) + 8 * data
    if size <= most:
        return ""
    widest = lanes[numbers.index(max(numbers))]
    window = f" and a window of {widest.window}" if isinstance(widest, FeedForwardLane) and widest.window > 1 else ""
    culprit = f"a hidden_size of {widest.hidden_size}{window}"
    if data > sum(numbers):
        culprit = f"training.batches_per_sequence {pieces} and {max(task.input_size, task.output_size)} symbols"
    return (
        f"training.sequence_length = {time}: with training.batch_size {batch} and {culprit} the buffers need "
        f"{size / 2**30:.1f} GiB, {allowed}; reduce one of them"
    )

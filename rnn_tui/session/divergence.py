"""The message for a lane whose numbers are no longer finite."""

from rnn_tui.presets.preset import Preset


def divergence(preset: Preset, step: int, lane: str) -> str:
    """Return which lane diverged, at which step, and what to try."""
    if step == 0:
        return f"{lane} is not finite before training; try a smaller gain or another activation."
    training = preset.training
    if training.learning_rate * training.weight_decay >= 1:  # then weight decay alone overshoots zero
        most = 1 / training.learning_rate
        return f"{lane} diverged at step {step:,}; try a weight decay well below 1 / learning rate, {most:g}"
    clip = f"a clip norm below {training.clip_norm:g}" if training.clip_norm else "a clip norm of 1"
    return f"{lane} diverged at step {step:,}; try a learning rate below {training.learning_rate:g} or {clip}"

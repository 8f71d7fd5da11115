"""What is said where a lane is no longer finite."""

from rnn_tui.presets.preset import Preset


def divergence(preset: Preset, step: int, lane: str) -> str:
    """Which lane, at which step, and what may help."""
    if step == 0:
        return f"{lane} is not finite before any training; try a smaller gain or another activation."
    training = preset.training
    if training.learning_rate * training.weight_decay >= 1:  # then each update overshoots zero by decay alone
        most = 1 / training.learning_rate
        return f"{lane} diverged at step {step:,}; try a weight decay well below 1 / learning rate, {most:g}"
    clip = f"a clip below {training.clip_norm:g}" if training.clip_norm else "a clip of 1"
    return f"{lane} diverged at step {step:,}; try a learning rate below {training.learning_rate:g} or {clip}"

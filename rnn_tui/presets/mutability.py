"""Which keys of a preset can be changed without starting a new run.  Sessions apply it; readers of runs check it."""

from rnn_tui.presets.lane_settings import MOST_LANES
from rnn_tui.presets.preset import Preset

LANES = range(MOST_LANES)
# from the present step on:
EDITABLE = {f"training.{name}" for name in ("learning_rate", "schedule", "schedule_steps", "weight_decay", "clip_norm")}
EDITABLE |= {"training.optimizer"} | {f"lanes.{number}.truncation" for number in LANES}
INTERVENTIONS = {f"lanes.{number}.interventions" for number in LANES}  # they also change parameters
EDITABLE |= INTERVENTIONS
# keys without influence on learning:
DESCRIPTIVE = ("title", "question", "expect", "hints", "topics", "temperature")
IDLE = {"training.speed", "training.steps", *DESCRIPTIVE}
IDLE |= {f"lanes.{number}.{key}" for number in LANES for key in ("name", "match")}


def renamed(preset: Preset, after: Preset) -> Preset:
    """Return the preset with the IDLE keys of ``after``, which has the same lanes."""
    idle = {key: getattr(after, key) for key in DESCRIPTIVE}
    own = [lane.model_dump(include={"name", "match"}) for lane in after.lanes]
    training = preset.training.with_values(speed=after.training.speed, steps=after.training.steps)
    called = [lane.with_values(**new) for lane, new in zip(preset.lanes, own, strict=True)]
    return preset.with_values(**idle, training=training, lanes=called)

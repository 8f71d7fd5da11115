"""Which keys of a preset change a run without beginning a new one.  Sessions go by it, and readers of runs check it."""

from rnn_tui.lanes import MOST_LANES

LANES = range(MOST_LANES)
# from the present step on:
EDITABLE = {f"training.{name}" for name in ("learning_rate", "schedule", "schedule_steps", "weight_decay", "clip_norm")}
EDITABLE |= {"training.optimizer"} | {f"lanes.{number}.truncation" for number in LANES}
# what learning does not see:
IDLE = {"training.speed", "training.steps", "title", "question", "expect", "temperature"}
IDLE |= {f"lanes.{number}.{key}" for number in LANES for key in ("name", "match")}

"""Random walks of a session through time and changes, and what should have become of it."""

from types import SimpleNamespace

from hypothesis import strategies as st

from rnn_tui.session.undo_stack import MOST_UNDO

without_reset = {
    "training.learning_rate": [0.001, 0.01, 0.1, 0.2],
    "training.optimizer": ["sgd", "momentum", "rmsprop", "adam"],
    "training.clip_norm": [0.01],
    "training.weight_decay": [0.0, 0.01],
    "training.schedule": ["constant", "step", "cosine"],
    "training.schedule_steps": [7, 30],
    "lanes.0.truncation": [0, 1, 3],
    "lanes.0.interventions": [
        [],
        ["cut"],
        ["silence:u1"],
        ["cut", "hold:u0=0.3"],
        ["freeze:W_hy"],
        ["freeze:reservoir", "scale=0.5"],
        ["prune=0.2", "W_hy:0,1+=0.25"],
        ["diagonal", "silence:u0"],
    ],
}
with_reset = {
    "lanes.0.hidden_size": [2],
    "lanes.0.kind": ["rnn", "gru", "lstm"],
    "training.seed": [1],
    "training.batches_per_sequence": [1, 4],
}
edits = st.one_of(
    st.sampled_from([(key, value) for key, values in offered.items() for value in values])
    for offered in (without_reset, with_reset)
)
moves = st.one_of(
    st.tuples(st.just("forward"), st.integers(1, 40)),
    st.tuples(st.just("back"), st.integers(1, 25)),
    st.tuples(st.just("seek"), st.integers(0, 60)),
    st.tuples(st.sampled_from(["rewind", "undo", "redo"]), st.none()),
    st.tuples(st.just("change"), edits),
)


class Told:
    """What a session should have become, by what it was told: a preset, edits by step, and a place in time."""

    def __init__(self, preset):
        self.now = SimpleNamespace(preset=preset, edits={}, step=0)
        self.before, self.after = [], []

    @property
    def settings(self):
        now = self.now
        preset = now.preset
        for step in sorted(now.edits):
            if step <= now.step:
                preset = preset.with_changes(now.edits[step])
        return preset

    def move(self, how, by):
        now = self.now
        if how in ("undo", "redo"):
            source, target = (self.before, self.after) if how == "undo" else (self.after, self.before)
            if source:
                target.append(now)
                self.now = source.pop()
        elif how == "change":
            self._change(*by)
        else:
            now.step = {"forward": now.step + (by or 0), "back": max(0, now.step - (by or 0)), "seek": by}.get(how, 0)

    def _change(self, key, value):
        settings, now = self.settings, self.now
        if settings.with_changes({key: value}) == settings:
            return
        self.before, self.after = [*self.before[1 - MOST_UNDO :], now], []
        if key in without_reset:
            kept = {step: changes for step, changes in now.edits.items() if step < now.step}
            here = {**now.edits.get(now.step, {}), key: value}
            self.now = SimpleNamespace(preset=now.preset, edits={**kept, now.step: here}, step=now.step)
        else:
            self.now = SimpleNamespace(preset=settings.with_changes({key: value}), edits={}, step=0)

    def forget(self):
        """What undo and redo would bring back."""
        self.before, self.after = [], []

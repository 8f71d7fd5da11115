"""What a page waits for, in words."""

import pytest
from support.lesson_documents import PLAIN, lesson_of
from support.widget_hosts import view_of

from rnn_tui.ui.lessons.condition_text import waiting_text
from rnn_tui.ui.lessons.conditions import condition
from rnn_tui.ui.lessons.quantities import Situation


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("step >= 5", "step ≥ 5, now 0"),
        ("lanes.RNN.held_out < 0.1", "RNN held-out loss < 0.1, now 0.696"),
        ("lanes.RNN.loss < lanes.FNN.floor + 0.02", "RNN loss < FNN floor + 0.02"),
        ("lanes.0.hidden_size = 4", "0 hidden size = 4, now 8"),
        ("training.clip_norm != 1", "clip norm ≠ 1, now 1"),
        ("cursor.lane = FNN", "lane = FNN, now RNN"),
        ("panel = loss", "panel 4, loss"),
        ("action run.step", "Step (s)"),
        ("action run.step 5 times", "Step (s), 0 of 5 times"),
        ("intervention cut", "a what if of the kind cut"),
        ("intervention silence:u3", 'the what if "u3 silenced"'),
        ("page = learn", ""),
    ],
)
def test_each_condition_is_said_with_the_present_value(text, said):
    at = Situation(view_of("echo"))
    assert waiting_text([condition(text, lesson_of(PLAIN).file.preset)], at) == said


def test_only_what_is_missing_is_said():
    preset = lesson_of(PLAIN).file.preset
    both = [condition(text, preset) for text in ("cursor.t = 0", "step >= 2", "cursor.unit = 3")]
    assert waiting_text(both, Situation(view_of("echo"))) == "step ≥ 2, now 0 · unit = 3, now 0"

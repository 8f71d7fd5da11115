"""The verdict: the right sentence for every way in which lanes can stand."""

import random
import re
from itertools import product
from math import inf, log, nan

import pytest
from support.comparison_frames import GRU, LSTM, RNN, fnn, frame_with, put
from support.widget_hosts import BUNDLED, broken, frame_of

from rnn_tui.tasks import Floor, Reference
from rnn_tui.ui.input.keymap import Keymap
from rnn_tui.ui.panels.comparison_ranking import Standing, placed
from rnn_tui.ui.panels.comparison_summary import verdict, verdicts

LN2 = log(2)
CHANCE = (Reference("chance", LN2),)


# Sentences, as they are to be read.

ECHO, ECHO20, ORDER = {"kind": "echo", "delay": 3}, {"kind": "echo", "delay": 20}, {"kind": "temporal-order"}
BEGINNING = "FNN(1) is at its floor, 0.693: one input carries no more information. "
WINDOWS = "FNN1 and FNN3 are at their floor, 0.693: their windows carry no more information. "
MANY = (RNN, fnn(1, "FNN1"), fnn(3, "FNN3"), fnn(4, "FNN4"))
SOLVED, NEARLY, HALF, AT_CHANCE, WORSE, GONE = (
    (0.001, 1.0), (0.03, 0.9996), (0.4, 0.75), (0.693, 0.5), (0.9, 0.4), (nan, 0.5),
)  # fmt: skip
LINEAR, ALL = Floor(0.36, exact=False), Floor(0.30, exact=False)
NUMBERS = (Reference("mean", 1.0), Reference("persistence", 0.4), Reference("linear(10)", 0.35))

SAID = [
    (ECHO, (RNN, fnn(4)), (SOLVED, SOLVED),
     "RNN and FNN(4) have solved it: the window of FNN(4) reaches 3 steps back; no memory is needed."),
    (ECHO, (fnn(4),), (SOLVED,), "FNN(4) has solved it: its window reaches 3 steps back; no memory is needed."),
    (ECHO, (RNN, fnn(4)), (AT_CHANCE, SOLVED),
     "FNN(4) has solved it: its window reaches 3 steps back; no memory is needed. RNN is no better than chance, "
     "0.693."),
    (ECHO, (RNN, fnn(4)), (SOLVED, AT_CHANCE),
     "RNN has solved it: it remembers what came 3 steps ago. FNN(4) is no better than chance, 0.693, though its window "
     "reaches 3 steps back."),
    (ECHO, (RNN, fnn(4)), (HALF, HALF),
     "RNN gets 75.0% right: it remembers some of the 3 steps. FNN(4) gets 75.0% right so far; its window reaches "
     "3 steps back."),
    (ECHO, (RNN, fnn(4)), (NEARLY, (0.05, 0.96)), "RNN and FNN(4) have almost solved it: 99.9% and 96.0% right."),
    (ECHO, (RNN, fnn(4)), (AT_CHANCE, AT_CHANCE), "RNN and FNN(4) are no better than chance, 0.693."),
    (ECHO, (RNN, fnn(1)), (SOLVED, AT_CHANCE), BEGINNING + "RNN has solved it: it remembers what came 3 steps ago."),
    (ECHO, (RNN, fnn(1)), (AT_CHANCE, AT_CHANCE), BEGINNING + "RNN is not yet below that floor."),
    (ECHO, (RNN, fnn(1)), (WORSE, AT_CHANCE), BEGINNING + "RNN is worse than chance, 0.693."),
    (ECHO, (RNN, fnn(1)), (WORSE, WORSE), "RNN and FNN(1) are worse than chance, 0.693."),
    (ECHO, (RNN, fnn(1)), (HALF, WORSE),
     "RNN gets 75.0% right: it remembers some of the 3 steps. FNN(1) is worse than chance, 0.693."),
    (ECHO20, (RNN, fnn(1)), (HALF, AT_CHANCE),
     BEGINNING + "RNN is 0.293 below that floor, 75.0% right: it remembers some of the 20 steps."),
    (ECHO20, (RNN, fnn(1)), (NEARLY, AT_CHANCE), BEGINNING + "RNN is 0.663 below that floor, 99.9% right: it "
     "remembers."),
    (ECHO, (RNN, fnn(1)), (GONE, AT_CHANCE),
     BEGINNING + "RNN has diverged: its loss is not finite."),
    (ECHO, (RNN, fnn(1)), (SOLVED, GONE),
     "RNN has solved it: it remembers what came 3 steps ago. FNN(1) has diverged: its loss is not finite."),
    (ECHO, (RNN, fnn(1)), (GONE, (inf, 0.0)), "RNN and FNN(1) have diverged: their losses are not finite."),
    (ECHO, (fnn(1),), (AT_CHANCE,), BEGINNING.strip()),
    (ECHO, (RNN, GRU), (SOLVED, SOLVED), "RNN and GRU have solved it: they remember what came 3 steps ago."),
    (ECHO, (RNN, GRU, LSTM), (SOLVED, AT_CHANCE, HALF),
     "RNN has solved it: it remembers what came 3 steps ago. GRU is no better than chance, 0.693. LSTM gets "
     "75.0% right."),
    (ECHO, (RNN, GRU, fnn(1)), (NEARLY, (0.05, 0.97), AT_CHANCE),
     BEGINNING + "RNN is 0.663 below that floor, 99.9% right: it remembers. GRU gets 97.0% right."),
    (ECHO, (RNN, GRU, fnn(1)), (SOLVED, SOLVED, AT_CHANCE),
     BEGINNING + "RNN and GRU have solved it: they remember what came 3 steps ago."),
    (ECHO, MANY, (SOLVED, AT_CHANCE, AT_CHANCE, SOLVED),
     WINDOWS + "RNN and FNN4 have solved it: RNN by its memory, FNN4 by a window that reaches 3 steps back."),
    (ECHO, MANY, (HALF, AT_CHANCE, AT_CHANCE, SOLVED),
     WINDOWS + "FNN4 has solved it: its window reaches 3 steps back. RNN gets 75.0% right."),
    (ECHO, MANY, (HALF, AT_CHANCE, AT_CHANCE, (0.1, 0.97)),
     WINDOWS + "FNN4 is at 0.100, RNN at 0.400: a window is better here."),
    (ECHO, MANY, (SOLVED, AT_CHANCE, AT_CHANCE, HALF),
     WINDOWS + "RNN has solved it: it remembers what came 3 steps ago. FNN4 gets 75.0% right."),
    ({"kind": "echo", "delay": 0}, (RNN, fnn(1)), (SOLVED, SOLVED),
     "RNN and FNN(1) have solved it: the window of FNN(1) contains the current input; no memory is needed."),
    ({"kind": "xor"}, (RNN, fnn(1)), (SOLVED, AT_CHANCE),
     BEGINNING + "RNN has solved it: it remembers what came one step ago."),
    ({"kind": "temporal-xor"}, (RNN, fnn(1)), ((0.47, 0.66), AT_CHANCE),
     BEGINNING + "RNN is at its own floor, 0.468, which is below that of FNN(1): it remembers."),
    ({"kind": "temporal-xor"}, (RNN, fnn(1)), ((0.55, 0.6), AT_CHANCE),
     BEGINNING + "RNN is 0.143 below that floor: it remembers."),
    ({"kind": "reber"}, (RNN, fnn(3)), ((0.53, 0.6), (0.531, 0.6)),
     "RNN and FNN(3) are at their floor, 0.530: no net can get lower."),
    ({"kind": "reber"}, (RNN, fnn(3)), ((0.5, 0.6), (0.6, 0.6)),
     "RNN is below its floor, 0.530, by chance. FNN(3) is 0.070 above its floor, 0.530."),
    (ORDER, (GRU, fnn(10)), (SOLVED, (1.05, 0.3)),
     "FNN(10) is at its floor, 1.040: its window carries no more information. GRU has solved it: it remembers what it "
     "needs."),
    ({"kind": "adding"}, (RNN, fnn(40)), ((0.0005, None), (0.0008, None)),
     "RNN and FNN(40) have solved it: the window of FNN(40) contains the whole sequence; no memory is needed."),
    ({"kind": "adding"}, (RNN, fnn(1)), ((0.02, None), (0.163, None)),
     "FNN(1) is at its floor, 0.162: one input carries no more information. RNN is 0.142 below that floor: it "
     "remembers."),
    ({"kind": "wave"}, (RNN, fnn(2)), ((0.02, None), (0.3, None)),
     "RNN beats persistence, 0.045, but has not solved it yet. FNN(2) does not beat persistence, 0.045, though its "
     "window contains all the inputs needed."),
    ({"kind": "copy"}, (RNN, fnn(14)), ((0.105, 0.8), (0.0001, 1.0)),
     "FNN(14) has solved it: its window reaches 13 steps back; no memory is needed. RNN is no better than guessing "
     "at the right time, 0.104."),
]  # fmt: skip


@pytest.mark.parametrize(("task", "lanes", "ends", "said"), SAID)
def test_the_right_sentence_is_said(task, lanes, ends, said):
    assert verdict(put(frame_with(task, *lanes), *ends)) == said


@pytest.mark.parametrize(
    ("rnn", "windowed", "said"),
    [(0.30, 0.36, "FNN(7) is as good as a linear predictor with the same window. RNN is 0.060 better than FNN(7), and "
                  "beats a linear predictor with 10 inputs, 0.350."),
     (0.355, 0.40, "FNN(7) is 0.040 worse than a linear predictor with the same window. RNN is 0.045 better than "
                   "FNN(7); it beats persistence, 0.400, but is no better than a linear predictor with 10 inputs, "
                   "0.350."),
     (0.34, 0.33, "FNN(7) is 0.030 better than a linear predictor with the same window. RNN is 0.010 worse than "
                  "FNN(7), but beats a linear predictor with 10 inputs, 0.350."),
     (1.2, 0.363, "FNN(7) is as good as a linear predictor with the same window. RNN is worse than always predicting "
                  "the mean, 1.000."),
     (0.5, 1.4, "RNN does not beat persistence, 0.400. FNN(7) is worse than always predicting the mean, 1.000."),
     (nan, 0.36, "FNN(7) is as good as a linear predictor with the same window. RNN has "
                  "diverged: its loss is not finite.")],
)  # fmt: skip
def test_an_estimate_may_be_beaten_and_is_not_called_a_floor(rnn, windowed, said):
    frame = frame_with({"kind": "wave"}, RNN, fnn(7))
    assert verdict(put(frame, (rnn, None, None), (windowed, None, LINEAR), references=NUMBERS)) == said
    assert "floor" not in said
    assert "remembers" not in said


def test_where_no_floor_is_known_lanes_are_held_against_the_best_predictor_without_a_net():
    frame = frame_with({"kind": "echo"}, RNN, GRU, fnn(9))
    references = (Reference("chance", 3.0), Reference("unigram", 2.5), Reference("bigram", 2.0))
    told = {
        (1.9, 1.8, 1.95): "RNN, GRU and FNN(9) beat the bigram, 2.000.",
        (1.9, 2.4, 3.5): "RNN beats the bigram, 2.000. FNN(9) is worse than chance, 3.000. GRU beats the "
        "unigram, but not the bigram.",
        (2.01, 2.2, 2.2): "RNN beats the unigram, 2.500, but is no better than the bigram, 2.000. GRU and FNN(9) "
        "beat the unigram, 2.500, but not the bigram, 2.000.",
    }
    for losses, said in told.items():
        assert verdict(put(frame, *((loss, 0.3, None) for loss in losses), references=references)) == said


# Every way to stand, beside every other.

FLOORS = {"zero": Floor(0.0), "some": Floor(0.3), "chance": Floor(LN2), "estimate": ALL, "none": None}
LOSSES = {
    "zero": (0.0, 0.001, 0.05, 0.4, 0.66, 0.69, 0.75, 5.0, nan, inf, 1e300),
    "some": (0.28, 0.299, 0.301, 0.35, 0.6, 0.69, 0.75, nan),
    "chance": (0.66, 0.69, 0.70, 0.72, 2.0, nan),
    "estimate": (0.2, 0.299, 0.301, 0.35, 0.69, 2.0, nan),
    "none": (0.1, 0.69, 0.70, 2.0, nan),
}
KINDS = [(RNN,), (fnn(1),), (RNN, fnn(1)), (RNN, fnn(4)), (RNN, GRU, fnn(4)), (RNN, fnn(1), fnn(9, "wide"))]
SUBJECT = r"((?:[\w()]+, )*[\w()]+(?: and [\w()]+)?) ((?:is|are|has|have|gets?|beats?|does|do)\b.*)"
PARTS = re.compile(r"(?<=\.) (?=[A-Z]|wide)")
STUCK = re.compile(r"at (its|their) floor|above its floor|worse than|no better|not yet|not beat|diverged|% right")


def every_frame():
    """Frames with all combinations of floors and losses that the lanes of KINDS can have."""
    for kinds in KINDS:
        frame = frame_with(ECHO, *kinds)
        for floors in product(FLOORS, repeat=len(kinds)):
            combined = list(product(*(LOSSES[floor] for floor in floors)))
            for losses in random.Random(0).sample(combined, min(len(combined), 12)):
                ends = [
                    (loss, 1.0 if loss < 0.01 else 0.97 if loss < 0.1 else 0.75 if loss < 0.69 else 0.5, FLOORS[floor])
                    for loss, floor in zip(losses, floors, strict=True)
                ]
                yield put(frame, *ends, references=CHANCE)


def test_whatever_the_lanes_have_come_to_it_is_true_sentences_on_lanes_that_are_named():
    seen = set()
    for frame in every_frame():
        said, lanes = verdict(frame), {lane.lane.label: lane for lane in placed(frame)}
        sentences = PARTS.split(said)
        assert 1 <= len(sentences) <= len(lanes), said
        assert len(said) <= 200, said
        assert not re.search(r"0\.000|nan|inf\b|  |None|sits|nobody", said), said
        for sentence in sentences:
            (subject, what), *_ = re.findall(SUBJECT, sentence)
            named = re.split(r", | and ", subject)
            assert set(named) <= lanes.keys(), said
            assert sentence.endswith("."), said
            standings = {lanes[name].standing for name in named}
            assert len(standings) == 1 or "solved" not in what, said
            if standings == {Standing.SOLVED}:
                assert "solved it" in what, said
                assert not STUCK.search(what.partition(";")[0]), said
            else:
                assert not re.match("(has|have) solved", what), said
            assert ("diverged" in what) == (standings == {Standing.DIVERGED}), said
        seen |= {lane.standing for lane in lanes.values()}
    assert seen == set(Standing)


def test_long_names_and_four_lanes_still_make_a_few_sentences():
    names = [letter * 24 for letter in "ABCD"]
    kinds = ("rnn", "gru", "fnn", "fnn")
    frame = frame_with(ECHO, *({"kind": kind, "name": name} for kind, name in zip(kinds, names, strict=True)))
    for ends in product((SOLVED, NEARLY, HALF, AT_CHANCE, GONE), repeat=4):
        assert len(verdict(put(frame, *ends))) <= 400


# Where it stands among frames of all presets.


@pytest.mark.parametrize("name", BUNDLED)
def test_before_training_it_says_what_to_press_and_nothing_of_the_numbers(name):
    said = Keymap().say(verdict(frame_of(name, 0)))
    assert said == "Not trained yet. Press space to train, → to go through time."


@pytest.mark.parametrize("name", BUNDLED)
def test_after_some_steps_it_names_a_lane_and_a_number(name):
    frame = frame_of(name, 3)
    said = verdict(frame)
    assert any(said.startswith(lane.label) for lane in frame.lanes)
    assert re.search(r"\d\.\d{3}", said)


@pytest.mark.parametrize("name", BUNDLED)
def test_what_has_blown_up_is_said_in_a_line_or_two(name):
    for value in (float("nan"), float("inf"), 1e300):
        frame = broken(frame_of(name, 3), value)
        assert len(verdict(frame)) < 200
        assert all(len(shorter) < 200 for shorter in verdicts(frame)[2:])

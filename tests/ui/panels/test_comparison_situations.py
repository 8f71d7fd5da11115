"""The summary in hundreds of situations: what it says of a lane is true, is English, and fits."""

import re
from math import inf, isfinite, nan
from random import Random

import pytest
from support.comparison_frames import GRU, LSTM, RNN, fnn, frame_with, put
from support.widget_hosts import frame_of

from rnn_tui.engine.losses import Answer
from rnn_tui.number_format import percent, spoken_loss
from rnn_tui.ui.panels.comparison_phrases import named
from rnn_tui.ui.panels.comparison_summary import plain, verdicts
from rnn_tui.ui.widgets.text_widgets import rows_of_text

SITUATIONS = 300
TASKS = [
    {"kind": "echo", "delay": 3}, {"kind": "echo", "delay": 20}, {"kind": "echo", "delay": 0}, {"kind": "xor"},
    {"kind": "temporal-xor"}, {"kind": "parity"}, {"kind": "parity", "scored": "last"}, {"kind": "reber"},
    {"kind": "temporal-order"}, {"kind": "adding"}, {"kind": "copy"}, {"kind": "wave"}, {"kind": "mackey-glass"},
    {"kind": "letters"},
]  # fmt: skip
LANES = [
    (RNN, fnn(1)), (RNN, fnn(1)), (RNN,), (fnn(2),), (RNN, GRU), (RNN, fnn(4)), (RNN, GRU, LSTM),
    (LSTM, fnn(1), fnn(21)),
    (RNN, fnn(1), fnn(4), fnn(40)), (RNN, GRU, LSTM, fnn(1)), (RNN, GRU, fnn(1), fnn(14)), (fnn(1), fnn(3), fnn(4)),
]  # fmt: skip
OWN = ["text", "csv"]


def situations(number=SITUATIONS):
    """Yield frames: a task and lanes in turn, and for each lane a loss beside its floor or beside a reference."""
    random = Random(0)
    for i in range(number):
        task, lanes = TASKS[i % len(TASKS)], LANES[random.randrange(len(LANES))]
        frame = frame_of(OWN[i // 10 % 2], 3) if i % 10 == 9 else frame_with(task, *lanes)
        alike = random.random() < 0.3 and len(frame.lanes) > 1
        ends = [end(random, frame, lane) for lane in frame.lanes]
        highest = max((one for one in ends if isfinite(one[0])), default=ends[0])  # above all floors
        yield put(frame, *([highest] * len(ends) if alike else ends))


def end(random, frame, lane):
    """Return a loss and a share of right answers that go together."""
    floor = lane.floor.loss if lane.floor else 0.0
    best, worst = (choose(reference.loss for reference in frame.references) for choose in (min, max))
    middle = floor + random.uniform(0.05, 0.95) * (best - floor)
    loss = random.choice(
        [floor * 1.005 + 0.001, floor * 1.005 + 0.001, floor * 0.9, 0.001, middle, middle, middle, best, best * 1.01,
         (best + worst) / 2, worst * 1.05, worst * 3, random.choice([nan, inf, 1e300])]
    )  # fmt: skip
    if lane.floor and lane.floor.exact and isfinite(loss):
        loss = max(loss, 0.95 * floor)  # less far below it by chance
    if frame.task.loss.answer is Answer.NUMBER:
        return loss, None
    guess = 1 / max(2, len(frame.task.classes))
    gone = min(1.0, max(0.0, 1 - loss / worst)) if isfinite(loss) else 0.0
    return loss, 1.0 if loss < 0.01 else min(0.9996, guess + (1 - guess) * gone)


def told(frame):
    """Return the longest summary that fits four lines of a panel of 56 columns."""
    return next(text for text in every(frame) if rows_of_text(text, 52) <= 4)


def every(frame):
    return [plain(template, frame) for template in verdicts(frame)]


@pytest.fixture(scope="module")
def told_of():
    return [(frame, told(frame)) for frame in situations()]


def clauses(frame, said):
    """Yield the named lanes and what is said of them, as far as the next name of a lane or the end of a sentence."""
    one = "|".join(sorted((re.escape(lane.label) for lane in frame.lanes), key=len, reverse=True))
    verb = r"(?:is|are|has|have|gets|get|beats|beat|does|do|at|by)\b"
    start = re.compile(rf"((?:(?:{one}), )*(?:{one})(?: and (?:{one}))?),? (?={verb})")
    lanes = {lane.label: lane for lane in frame.lanes}
    for sentence in re.split(r"(?<=\.) (?=[A-Z])", said):
        found = list(start.finditer(sentence))
        assert found, said
        assert found[0].start() == 0, said
        for this, after in zip(found, [*found[1:], None], strict=True):
            names = re.split(r", | and ", this[1])
            yield [lanes[name] for name in names], sentence[this.end() : after.start() if after else None]


def test_every_claim_is_true_of_the_lanes_that_it_names(told_of):
    for frame, text in told_of:
        for said in every(frame)[:-1]:
            bound = None
            for lanes, claim in clauses(frame, said):
                bound = true(frame, lanes, claim, bound, (text, said))


def true(frame, lanes, claim, bound, said):
    """Assert that a claim is true of each of the lanes; return the floor that it names, or the one named before."""
    losses = [lane.score.loss for lane in lanes]
    memories = [not hasattr(lane.settings, "window") for lane in lanes]
    exact = [lane.floor.loss if lane.floor and lane.floor.exact else None for lane in lanes]
    many = len(lanes) > 1
    assert not re.match(r"(has|is|gets|beats|does)\b" if many else r"(have|are|get|beat|do)\b", claim), said
    assert ("diverged" in claim) == (not all(map(isfinite, losses))), said
    if re.match(r"ha(s|ve) solved", claim):
        for loss, floor, lane in zip(losses, exact, lanes, strict=True):
            assert floor is not None, said
            assert floor < 1e-8, said
            assert loss <= 0.02 or lane.score.accuracy == 1, said
    if shares := re.findall(r"\d+(?:\.\d)?%", claim):
        assert set(shares) == {percent(lane.score.accuracy) for lane in lanes}, said
    if found := re.search(r"(?:at|below) (?:its|their)(?: own)? floor, (\d+\.\d+)", claim):
        assert found[1] in {spoken_loss(floor) for floor in exact}, said
        bound = float(found[1])
        if " by chance" in claim:
            assert max(losses) < bound, said
        else:
            assert all(abs(loss - bound) <= 0.021 * max(bound, 0.1) for loss in losses), said
    if found := re.search(r"([\d.e−]+) above (?:its|their) floor(?:, (\d+\.\d+))?", claim):
        gaps = [loss - floor for loss, floor in zip(losses, exact, strict=True)]
        assert min(gaps) > 0, said
        assert found[1] == spoken_loss(gaps[0]), said
        bound = float(found[2]) if found[2] else bound
    if found := re.search(r"; (?:its|their) floor is (\d+\.\d+)", claim):
        assert {found[1]} == {spoken_loss(floor) for floor in exact}, said
        bound = float(found[1])
    if found := re.search(r"([\d.e−]+) below that floor", claim):
        assert losses[0] < bound, said
        assert float(found[1].replace("−", "-")) == pytest.approx(bound - losses[0], abs=0.0011), said
    if "not yet below that floor" in claim:
        assert min(losses) >= 0.979 * bound, said
    if "remember" in claim:
        assert all(memories), said
        assert frame.task.steps_back != 0, said
    if re.search(r"(its|their) windows?\b", claim):
        assert not any(memories), said
    for reference in frame.references:
        what, _, inputs = named(reference).partition(" with ")
        name = re.escape(what) + (f"(?: with {inputs})?" if inputs else "")
        if re.search(rf"(?<!not )beats? {name}(?![\w ]*[a-z])", claim):
            assert max(losses) < reference.loss, said
        if re.search(rf"but not {name}", claim):
            assert min(losses) > reference.loss, said
        if re.search(rf"(not beat|no better than) {name}", claim):  # it could, with its window
            assert all(floor is None or floor < reference.loss for floor in exact), said
        if re.search(rf"(worse than|not beat) {name}", claim):
            assert min(losses) > reference.loss, said
        if re.search(rf"no better than {name}", claim):
            assert all(0.98 * reference.loss <= loss <= 1.021 * reference.loss for loss in losses), said
    return bound


def test_it_is_english(told_of):
    for frame, _ in told_of:
        for said in every(frame):
            assert re.match(r"\S.*[^.]\.$", said), said
            assert not re.search(r"  |\bnan\b|\binf\b|None|-\d|[{}]|\b(\w+) \1\b| [.,;:]|;\.|: \.|0\.000", said), said
            assert not re.search(r"\b1 (steps|lanes|inputs)\b|\bone \w+s\b(?<!one has)", said), said


def test_every_lane_is_named_unless_only_the_best_are(told_of):
    for frame, said in told_of:
        assert all(lane.label in said for lane in frame.lanes), said
        short, best = every(frame)[-2:]
        assert all(lane.label in short for lane in frame.lanes), short
        assert best == short or "panel 5" in best


def test_it_fits_four_lines_of_the_panel_and_one_or_two_of_the_strip(told_of):
    for frame, said in told_of:
        assert rows_of_text(said, 52) <= 4
        assert min(rows_of_text(text, 78) for text in every(frame)) <= 2


def test_all_standings_and_phrases_come_up(told_of):
    said = " ".join(text for _, text in told_of)
    for phrase in (
        "has solved it", "have solved it", "remembers some of the 20 steps", "no memory is needed", "at its floor",
        "by chance", "diverged", "worse than chance", "no better than", "not beat persistence", "beats persistence",
        "a window is better here", "not yet below that floor", "with the same window", "counting what follows",
        "almost solved",
    ):  # fmt: skip
        assert phrase in said, phrase

"""The sequence: input, target and answers as characters, and what is said of the time step under the cursor."""

from dataclasses import replace

import numpy as np
import pytest
from rich.cells import cell_len
from support.widget_hosts import BUNDLED, broken, frame_of, hosted, made, view_of

from rnn_tui.engine.losses import mean_squared_error
from rnn_tui.number_format import signed
from rnn_tui.session.experiment import Experiment
from rnn_tui.session.probe_reading import RIGHT, UNSCORED, WRONG
from rnn_tui.ui.panels.hidden_state import HiddenStatePanel
from rnn_tui.ui.panels.sequence import (
    SequencePanel,
    first_view,
    hidden_inputs,
    hidden_lanes,
    lanes_shown,
    reading,
    scored,
    share_right,
)
from rnn_tui.ui.panels.view_state import ViewState, input_rows
from rnn_tui.ui.render.palette import palette
from rnn_tui.ui.render.terminal_capabilities import Canvas
from rnn_tui.ui.widgets.heatmap import HeatMap
from rnn_tui.ui.widgets.time_axis import DEFAULT_COLUMNS, GUTTER

BARS = "▁▂▃▄▅▆▇█"
COLORS = palette(True)
ALL = [(name, steps) for name in BUNDLED for steps in (0, 3)]
BITS = ["echo", "xor", "temporal-xor"]
VALUES = ["wave", "square-wave", "csv"]


class Sheet(SequencePanel):
    """A panel that needs no app."""

    palette, canvas = COLORS, Canvas()


def tracks_of(frame):
    """The first input, target, and (answers, signs) for each lane."""
    x, *others = Sheet().tracks(frame)
    target, *lanes = others[input_rows(frame.task) - 1 :]
    return x, target, list(zip(lanes[::2], lanes[1::2], strict=True))


@pytest.mark.parametrize(("name", "steps"), ALL)
def test_every_track_has_one_column_for_every_time_step(name, steps):
    frame = frame_of(name, steps)
    x, target, lanes = tracks_of(frame)
    for track in (x, target, *(track for pair in lanes for track in pair)):
        assert len(track.cells) == len(track.colors) == frame.length
        assert all((cell_len(cell) == 1 or len(cell) > 1) and cell.isprintable() for cell in track.cells)
    assert [x.label, target.label] == ["x" if frame.task.alphabet else frame.task.channels[0], "target"]
    assert [answers.label for answers, _ in lanes] == [lane.label for lane in frame.lanes]


@pytest.mark.parametrize("name", BITS)
def test_bits_are_low_and_high_bars_and_a_target_that_is_not_scored_a_dot(name):
    frame = frame_of(name, 3)
    x, target, _ = tracks_of(frame)
    assert list(x.cells) == ["█" if bit else "▁" for bit in frame.inputs[:, 0]]
    asked = ["█" if bit else "▁" for bit in frame.target]
    assert list(target.cells) == [bar if mask else "·" for bar, mask in zip(asked, frame.mask, strict=True)]


@pytest.mark.parametrize("name", BITS)
def test_answers_to_bits_are_bars_as_high_as_the_probability_of_a_one(name):
    frame = frame_of(name, 3)
    for (answers, _), lane in zip(tracks_of(frame)[2], frame.lanes, strict=True):
        for bar, y in zip(answers.cells, lane.logits[:, 0].tolist(), strict=True):
            assert abs(BARS.index(bar) - 7 / (1 + np.exp(-y))) <= 0.5 + 1e-9


@pytest.mark.parametrize("name", VALUES)
def test_values_share_one_scale_from_the_least_to_the_greatest_of_the_probe(name):
    frame = frame_of(name, 3)
    x, target, lanes = tracks_of(frame)
    seen = [*frame.inputs[:, 0].tolist(), *frame.target.tolist()]
    low, high = min(seen), max(seen)
    rows = [(x, frame.inputs[:, 0]), (target, frame.target)]
    rows += [(answers, lane.logits[:, 0]) for (answers, _), lane in zip(lanes, frame.lanes, strict=True)]
    for track, values in rows:
        for bar, value in zip(track.cells, values.tolist(), strict=True):
            if bar != "·":
                exact = 7 * min(1, max(0, (value - low) / (high - low)))
                assert abs(BARS.index(bar) - exact) <= 0.5 + 1e-9
    assert [bar == "·" for bar in target.cells] == [not mask for mask in frame.mask]


def test_symbols_are_written_as_they_are_and_blanks_made_visible():
    frame = frame_of("text", 3)
    text, visible = frame.task.raw, {"\n": "↵", " ": "␣"}
    x, target, lanes = tracks_of(frame)
    shown = "".join(x.cells)
    read = "".join(visible.get(character, character) for character in text)
    assert shown in read
    assert target.cells[:-1] == x.cells[1:]
    for (answers, _), lane in zip(lanes, frame.lanes, strict=True):
        for cell, logits in zip(answers.cells, lane.logits.tolist(), strict=True):
            symbol = frame.task.alphabet[logits.index(max(logits))]
            assert cell == visible.get(symbol, symbol)


def test_symbols_are_drawn_whatever_they_take_and_those_that_cannot_be_seen_are_question_marks(tmp_path):
    odd = ["a", "日", "e\u0301", "\u200b", "\t", "b", "\x07", "\U0001f469\u200d\U0001f680", "\U0001f327\ufe0f"]
    (tmp_path / "odd.txt").write_text("".join(odd) * 100, encoding="utf-8")
    frame = made({"kind": "rnn"}, task={"kind": "text", "path": str(tmp_path / "odd.txt")})
    x, _, _ = tracks_of(frame)
    drawn = ["a", "日", "e\u0301", "?", "⇥", "b", "?", "\U0001f469", "\U0001f327"]
    expected = dict(zip(odd, drawn, strict=True))
    symbols = [frame.task.alphabet[int(row.argmax())] for row in frame.inputs]
    assert list(x.cells) == [expected[symbol] for symbol in symbols]
    assert set(symbols) == set(odd)


@pytest.mark.parametrize(("name", "steps"), ALL)
def test_every_answer_has_its_sign_in_its_color(name, steps):
    frame = frame_of(name, steps)
    meaning = {"✓": (RIGHT, COLORS.right), "✗": (WRONG, COLORS.wrong), "·": (UNSCORED, COLORS.muted)}
    for (answers, signs), lane in zip(tracks_of(frame)[2], frame.lanes, strict=True):
        assert [(int(v), c) for v, c in zip(lane.verdicts, signs.colors, strict=True)] == [
            meaning[sign] for sign in signs.cells
        ]
        assert signs.label == f"{signs.cells.count('✓')}/{frame.length - signs.cells.count('·')}"
        assert answers.solid == (not frame.task.classes)
        assert not signs.solid


@pytest.mark.parametrize(("name", "steps"), ALL)
def test_a_sign_says_whether_the_answer_is_the_target(name, steps):
    frame = frame_of(name, steps)
    batch = Experiment(frame.preset).held_out
    near = 0.25 * float(np.std(batch.target[:, 0][batch.mask > 0])) if frame.task.loss is mean_squared_error else 0.0
    for (_, signs), lane in zip(tracks_of(frame)[2], frame.lanes, strict=True):
        for t, sign in enumerate(signs.cells):
            if sign == "·":
                assert not frame.mask[t]
            elif frame.task.classes:
                assert (sign == "✓") == (int(lane.logits[t].argmax()) == int(frame.target[t]))
            elif frame.task.loss is mean_squared_error:
                assert (sign == "✓") == (abs(lane.logits[t, 0] - frame.target[t]) <= near)
            else:
                assert (sign == "✓") == ((lane.logits[t, 0] > 0) == bool(frame.target[t]))


def test_the_share_of_right_answers_fits_into_the_gutter():
    lane = frame_of("echo", 3).lanes[0]
    for length in (1, 40, 999, 2000, 5000):
        for right in (0, 1, length // 3, length):
            verdicts = np.array([RIGHT] * right + [WRONG] * (length - right))
            said = share_right(replace(lane, probe=replace(lane.probe, verdicts=verdicts)))
            assert len(said) < GUTTER
            assert said in (f"{right}/{length}", f"{100 * right / length:.0f}%")
    assert share_right(replace(lane, probe=replace(lane.probe, verdicts=np.zeros(40)))) == "0/0"


# The time step in words.


@pytest.mark.parametrize("name", BITS)
def test_of_bits_the_reading_says_the_input_the_target_and_the_probability(name):
    frame = frame_of(name, 3)
    for t in range(frame.length):
        lane = frame.lanes[t % 2]
        when, x, target, answer = reading(ViewState(frame, name, t=t, lane=t % 2)).split(" · ")
        assert when == f"t = {t}/{frame.length - 1}"
        assert x == f"x {int(frame.inputs[t, 0])}"
        assert target == (f"target {int(frame.target[t])}" if frame.mask[t] else "not scored")
        assert answer.startswith(f"{lane.label} ")
        said = answer.removeprefix(f"{lane.label} ").split()
        assert float(said[0]) == pytest.approx(1 / (1 + np.exp(-lane.logits[t, 0])), abs=0.0051)
        assert said[1:] == {RIGHT: ["✓"], WRONG: ["✗"], UNSCORED: []}[int(lane.verdicts[t])]


def test_of_data_the_reading_is_in_the_units_of_the_file():
    frame = frame_of("csv", 3)
    raw = frame.task.raw
    said = [reading(ViewState(frame, "csv", t=t)).split(" · ") for t in range(frame.length)]
    xs = [float(x.removeprefix("temperature ").replace("−", "-")) for _, x, *_ in said]
    assert [line[-1] for line in said] == [f"normalized: x {signed(x)}" for x in frame.inputs[:, 0]]
    warming = frame.task.warming(frame.length)
    assert {target for _, _, target, *_ in said[:warming]} == {"not scored"}
    targets = [float(target.removeprefix("target ").replace("−", "-")) for _, _, target, *_ in said[warming:]]
    windows = np.lib.stride_tricks.sliding_window_view(raw, frame.length + 1)
    assert (np.abs(windows - np.array([*xs, targets[-1]])).max(axis=1) < 1e-6).any()
    assert targets[:-1] == xs[warming + 1 :]


@pytest.mark.parametrize(("name", "inputs"), [("flip-flop", 3), ("flip-flop-1", 1)])
def test_numbers_as_inputs_of_a_task_with_classes_are_read_as_numbers_and_drawn_to_their_own_scale(name, inputs):
    frame = frame_of(name)
    for t in (0, 7):
        said = reading(ViewState(frame, name, t=t)).split(" · ")
        for channel, text in enumerate(said[1 : 1 + inputs]):
            assert text == f"{frame.task.channels[channel]} {frame.inputs[t, channel]:g}".replace("-", "−")
        assert said[1 + inputs] == f"target {frame.task.classes[frame.target[t]]!r}"
    x, *_ = tracks_of(frame)
    assert len({cell for cell, value in zip(x.cells, frame.inputs[:, 0], strict=True) if value == -1}) == 1
    assert len(set(x.cells)) == 3  # −1, 0 and 1


def test_of_text_the_reading_quotes_the_characters():
    frame = frame_of("text", 3)
    symbols = frame.task.alphabet
    for t in range(frame.length):
        said = reading(ViewState(frame, "text", t=t))
        assert (
            f"x {symbols[int(frame.inputs[t].argmax())]!r} · target {symbols[int(frame.target[t])]!r} · RNN '" in said
        )


@pytest.mark.parametrize("name", BUNDLED)
def test_what_has_blown_up_is_still_drawn(name):
    for value in (float("nan"), float("inf"), float("-inf"), 1e300):
        frame = broken(frame_of(name, 3), value)
        for answers, _ in tracks_of(frame)[2]:
            assert len(answers.cells) == frame.length
            if value != value and not frame.task.classes:
                assert set(answers.cells) == {"·"}
        assert len(reading(ViewState(frame, name))) < 100


async def test_in_the_panel_the_cursor_goes_through_all_tracks_and_the_reading_is_below():
    panel = SequencePanel()
    async with hosted(panel, size=(100, 12)) as (app, pilot):
        frame = frame_of("echo", 3)
        for t in (7, 30):
            panel.view = ViewState(frame, "echo", t=t)
            await pilot.pause()
            ruler, x, target = (line[2:] for line in app.shown[1:4])
            column = ruler.index("▾")
            assert x[column] == ("█" if frame.inputs[t, 0] else "▁")
            assert target[column] == ("█" if frame.target[t] else "▁")
            assert f"t = {t}/39" in app.shown[-1]


# Many inputs, words, and one time step that counts.


def test_every_input_channel_has_a_track_of_its_own():
    frame = frame_of("adding", 3)
    value, mark, target = Sheet().tracks(frame)[:3]
    assert [value.label, mark.label, target.label] == ["value", "mark", "target"]
    assert [cell == "█" for cell in mark.cells] == [bool(bit) for bit in frame.inputs[:, 1]]
    assert list(target.cells[:-1]) == ["·"] * (frame.length - 1)
    assert target.cells[-1] != "·"
    assert "mark" in reading(ViewState(frame, "adding"))


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("adding", "  only t = 19 is scored"),
        ("echo", "  scored from t = 3 on"),
        ("temporal-xor", ""),
    ],
)
def test_the_title_says_which_time_steps_count(name, said):
    assert scored(frame_of(name)) == said


def test_scattered_time_steps_are_counted():
    frame = frame_of("echo")
    mask = np.zeros(40)
    mask[[1, 5, 9]] = 1
    assert scored(replace(frame, mask=mask)) == "  3 of 40 time steps are scored"


def test_answers_that_do_not_count_are_muted():
    frame = frame_of("echo", 3)
    for index, (answers, _) in enumerate(tracks_of(frame)[2]):
        assert answers.colors == [COLORS.lane(index) if mask else COLORS.muted for mask in frame.mask]


def test_classes_of_two_letters_are_written_out():
    frame = frame_of("temporal-order", 3)
    _, target, lanes = tracks_of(frame)
    assert target.cells[-1] == frame.task.classes[int(frame.target[-1])]
    assert {len(cell) for cell in lanes[0][0].cells} == {2}


@pytest.mark.parametrize(("drawing", "field"), [("forecast", "answers"), ("free-running", "forecast")])
def test_curves_are_the_truth_and_over_it_what_the_lanes_say_as_far_as_they_are_lit(drawing, field):
    frame = frame_of("wave", 3)
    truth, *said = Sheet().series(ViewState(frame, "wave", drawing=drawing))
    np.testing.assert_array_equal(truth.values, frame.target)
    for series, lane in zip(said, frame.lanes, strict=True):
        np.testing.assert_array_equal(series.values, getattr(lane, field))
    untrained = frame_of("wave", 0)
    for series in Sheet().series(ViewState(untrained, "wave", drawing=drawing, t=4))[1:]:
        assert np.isfinite(series.values).tolist() == [True] * 5 + [False] * 35


async def test_forecasts_are_curves_and_bits_stay_bars():
    panel = SequencePanel()
    async with hosted(panel, size=(110, 12)) as (app, pilot):
        panel.view = ViewState(frame_of("wave", 3), "wave", drawing="free-running")
        await pilot.pause()
        shown = "\n".join(app.shown)
        assert "━ target" in shown
        for mark, lane in zip("*o", panel.view.frame.lanes, strict=True):  # which tell them apart without colors too
            assert f"{mark} {lane.label}" in app.shown[0]
            assert any(mark in line for line in app.shown[1:-1])
        assert "free-running from t = 20" in shown
        assert any(0x2800 < ord(c) < 0x2900 for c in shown)
        panel.view = ViewState(frame_of("echo", 3), "echo", drawing="free-running")
        await pilot.pause()
        assert "█" in "\n".join(app.shown)


def test_names_of_two_letters_have_room_for_both_however_long_the_sequence():
    frame = made({"kind": "rnn"}, task={"kind": "temporal-order"}, training={"sequence_length": 100})
    assert ViewState(frame, "made up").columns.least == 3
    assert ViewState(frame_of("letters"), "letters").columns.least == 1


async def test_a_sequence_too_short_to_run_free_says_so():
    panel = SequencePanel()
    frame = made({"kind": "rnn"}, task={"kind": "mackey-glass", "horizon": 30}, training={"sequence_length": 20})
    async with hosted(panel, size=(110, 12)) as (app, pilot):
        panel.view = ViewState(frame, "made up", drawing="free-running")
        await pilot.pause()
        assert "too short for free-running" in "\n".join(app.shown)


def test_a_missing_value_leaves_a_hole_in_the_truth_and_what_is_not_scored_at_first_does_not():
    frame = frame_of("csv", 3)
    mask = np.array(frame.mask)
    mask[20] = 0
    truth = Sheet().series(ViewState(replace(frame, mask=mask), "csv", drawing="forecast"))[0]
    assert np.flatnonzero(np.isnan(truth.values)).tolist() == [20]


# What is out of sight.


@pytest.mark.parametrize(("lanes", "current", "room", "shown"), [
    (4, 0, 4, range(4)), (4, 0, 3, range(3)), (4, 3, 3, range(1, 4)), (4, 2, 1, range(2, 3)), (2, 1, 0, range(1, 2)),
])  # fmt: skip
def test_the_lane_of_the_cursor_is_always_shown(lanes, current, room, shown):
    assert lanes_shown(lanes, current, room) == shown


def test_lanes_and_inputs_out_of_sight_are_counted():
    frame = frame_of("letters")
    assert hidden_lanes(frame, range(4)) == []
    assert hidden_lanes(frame, range(3)) == ["4 lanes, 3 shown ↓"]
    assert hidden_lanes(frame, range(1, 4)) == ["4 lanes, 3 shown ↑"]
    assert hidden_inputs(frame, 1) == []  # the letters are one row
    assert hidden_inputs(frame_of("adding"), 1) == ["2 inputs, 1 shown"]


def test_the_view_starts_where_something_is_scored_unless_that_is_visible():
    frame = frame_of("adding")
    (last,) = np.flatnonzero(frame.mask)
    assert first_view(frame, 0, frame.length, DEFAULT_COLUMNS) == 0
    assert first_view(frame, 0, frame.length - 1, DEFAULT_COLUMNS) == last
    assert first_view(frame_of("echo"), 5, 10, DEFAULT_COLUMNS) == 5


# With the screen for itself.


def test_with_room_bars_have_several_rows_with_the_same_values_and_lanes_are_apart():
    frame = frame_of("wave", 3)
    flat, high = Sheet().tracks(frame), Sheet().tracks(frame, room=40)
    assert [track.label for track in high if track.label] == [track.label for track in flat]
    blank = [i for i, track in enumerate(high) if not "".join(track.cells).strip() and not track.label]
    assert len(high) <= 40
    assert blank
    x = high[: [track.label for track in high].index("x") + 1]
    heights = [sum(" ▁▂▃▄▅▆▇█".index(track.cells[t]) for track in x) for t in range(frame.length)]
    low, span = frame.inputs.min(), max(frame.inputs.max(), frame.target.max()) - frame.inputs.min()
    assert len(x) == 4
    for height, value in zip(heights, frame.inputs[:, 0], strict=True):
        assert abs(height - 1 - 31 * (value - low) / span) < 1.6


async def test_the_hidden_state_alone_keeps_the_inputs_on_its_time_axis_and_its_cells_grow():
    panel = HiddenStatePanel()
    async with hosted(panel, size=(130, 40)) as (app, pilot):
        panel.view = view_of("letters", 3)
        await pilot.pause()
        beside = panel.query_one(HeatMap)
        width, height = beside.axis.width, beside.units.height
        assert not any(line[1:].lstrip().startswith("x ") for line in app.shown)
        panel.alone = True
        panel.redraw()
        await pilot.pause()
        x, ruler = (next(line for line in app.shown if line[2:].startswith(label)) for label in ("x ", "t "))
        at = ruler.index("10") - ruler.index("▾")
        letters = "".join(panel.view.frame.task.alphabet[i] for i in panel.view.frame.inputs.argmax(axis=1))
        assert x[ruler.index("▾") + at] == letters[10]
        assert beside.axis.width >= width
        assert beside.units.height >= height
        short = made({"kind": "rnn", "hidden_size": 4}, training={"sequence_length": 6})
        for panel.alone, size in ((True, (16, 8)), (False, (8, 3))):
            panel.view = ViewState(short, "short")
            panel.redraw()
            await pilot.pause()
            assert (beside.axis.width, beside.units.height) == size


async def test_an_fnn_has_a_hidden_layer():
    panel = HiddenStatePanel()
    async with hosted(panel, size=(90, 12)) as (app, pilot):
        for lane, title in ((0, "hidden state h_t of RNN"), (1, "hidden layer h_t of FNN")):
            panel.view = view_of("echo", 3, lane=lane)
            await pilot.pause()
            assert title in app.shown[0]

"""The comparison: its table says what the scores say, and stays a table whatever they are."""

from dataclasses import replace
from itertools import product
from math import isfinite

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from support.waiting import wait_until
from support.widget_hosts import BUNDLED, broken, bundled, frame_of, hosted, made, view_of
from textual.geometry import Size

from rnn_tui.tasks import Floor
from rnn_tui.ui.panels.comparison import AT_EACH, COLUMNS, ComparisonPanel
from rnn_tui.ui.panels.declaration import Contents
from rnn_tui.ui.panels.view_state import ViewState
from rnn_tui.ui.render.palette import palette
from rnn_tui.ui.render.terminal_capabilities import Canvas
from rnn_tui.ui.widgets.text_page import TextPage

NARROWEST = sum(abs(size) for _, size, least in COLUMNS if not least)  # with the columns that are always there
WIDEST = max(least for *_, least in COLUMNS)
BARS = "▁▂▃▄▅▆▇█"


class Sheet(ComparisonPanel):
    """A panel that needs no app."""

    palette, canvas = palette(True), Canvas()
    content_size = Size(0, 0)


def lines_of(frame, width=NARROWEST, height=40):
    """Lines below the sentence."""
    panel = Sheet()
    panel.content_size = Size(width + 1, height)  # a column for the scroll bar
    return panel.page(ViewState(frame, "made up"), height).plain.split("\n")


def table(lines, frame):
    """The rows of the table by lane, each a text by the column's name."""
    head = next(i for i, line in enumerate(lines) if line.startswith("lane"))
    shown, found = (
        [(name, size) for name, size, _ in COLUMNS if f" {name} " in f" {lines[head]} " or name == "right"],
        {},
    )
    for lane in frame.lanes:
        line = next(line for line in lines[head + 1 :] if line.startswith(f"{lane.label[:8]:<8} "))
        assert cell_len(line) == cell_len(lines[head])
        place = 0
        cells = found[lane.label] = {}
        for name, size in shown:
            cells[name] = line[place : place + abs(size)].strip()
            place += abs(size)
    return found


def number(text):
    if text.endswith(("k", "M")):
        return float(text[:-1].replace(",", "")) * {"k": 1e3, "M": 1e6}[text[-1]]
    return float(text.removeprefix("≈").removesuffix("%").replace("−", "-").replace(",", ""))


@pytest.mark.parametrize("steps", [0, 3])
@pytest.mark.parametrize("name", BUNDLED)
def test_every_lane_has_a_row_with_its_own_numbers(name, steps):
    frame = frame_of(name, steps)
    for width in (NARROWEST, WIDEST):
        rows = table(lines_of(frame, width), frame)
        for lane in frame.lanes:
            row = rows[lane.label]
            assert row.get("kind", "") == (lane.settings.kind if width == WIDEST else "")
            assert row.get("net", "").startswith(lane.settings.net if width == WIDEST else "")
            assert number(row["weights"]) == sum(weights.size for weights in lane.weights.values())
            assert number(row["loss"]) == pytest.approx(lane.score.loss, abs=6e-5, rel=1e-3)
            if lane.floor is None:
                assert (row["floor"], row["above it"]) == ("–", "–")
            else:
                assert row["floor"].startswith("≈") == (not lane.floor.exact)
                assert number(row["floor"]) == pytest.approx(lane.floor.loss, abs=6e-5, rel=1e-3)
                assert row["above it"][0] == ("+" if lane.score.loss >= lane.floor.loss else "−")
                assert number(row["above it"]) == pytest.approx(lane.score.loss - lane.floor.loss, abs=6e-5)


@pytest.mark.parametrize(("name", "head"), [("echo", "right"), ("text", "right"), ("wave", "R²"), ("csv", "R²")])
def test_the_grade_is_the_share_of_right_answers_or_r_squared(name, head):
    frame = frame_of(name, 3)
    lines = lines_of(frame)
    assert head in next(line for line in lines if line.startswith("lane"))
    for lane in frame.lanes:
        shown = table(lines, frame)[lane.label]["right"]
        assert shown.endswith("%") == (head == "right")
        exact = lane.score.r2 if head == "R²" else 100 * lane.score.accuracy
        assert number(shown) == pytest.approx(exact, abs=0.051 if head == "right" else 0.00051)


sizes = st.floats(0, 1e300) | st.floats(0, 1000) | st.sampled_from([float("nan"), float("inf")])


@given(
    sizes,
    st.floats(max_value=1) | st.floats(-20, 1) | st.just(float("nan")),
    st.none() | sizes,
    st.booleans(),
    st.integers(1, 200_000_000),
)
def test_the_table_stays_a_table_whatever_the_numbers(loss, r2, floor, exact, parameters):
    frame = frame_of("wave", 3)
    scored = [
        replace(lane, parameters=parameters, held_out=replace(lane.score, loss=loss, r2=r2),
                floor=None if floor is None else Floor(floor, exact)) for lane in frame.lanes
    ]  # fmt: skip
    lines = lines_of(replace(frame, lanes=tuple(scored)))
    row = table(lines, frame)["RNN"]
    assert len(row["weights"]) <= 6
    assert number(row["weights"]) == pytest.approx(parameters, rel=0.06)
    if isfinite(loss):
        assert number(row["loss"]) == pytest.approx(loss, abs=6e-5, rel=0.06 if loss < 1e99 else 0.5)
    else:
        assert row["loss"] in ("NaN", "∞")
    if floor is not None and isfinite(loss - floor) and abs(loss - floor) < 1e9:
        assert number(row["above it"]) == pytest.approx(loss - floor, abs=6e-5, rel=0.06)


def test_a_large_net_and_a_bad_fit_do_not_push_the_columns_apart():
    lanes = [{"kind": "fnn", "hidden_size": 1024, "window": 200, "name": "日本語の名前"}]
    frame = made(*lanes, task="wave", training={"sequence_length": 300, "batch_size": 1})
    lines = lines_of(frame)
    head = next(i for i, line in enumerate(lines) if line.startswith("lane"))
    assert cell_len(lines[head + 1]) == cell_len(lines[head]) == NARROWEST
    assert " 207k " in lines[head + 1]  # 1024 · 200 + 1024, and 1024 + 1


@pytest.mark.parametrize("name", BUNDLED)
def test_what_has_blown_up_is_still_a_table(name):
    for value, height in product((float("nan"), float("inf"), 1e300), (5, 40)):
        frame = broken(frame_of(name, 3), value)
        lines = lines_of(frame, height=height)
        assert set(table(lines, frame)) == {lane.label for lane in frame.lanes}


@pytest.mark.parametrize("name", BUNDLED)
def test_references_are_named_with_their_losses(name):
    frame = frame_of(name, 3)
    (line,) = (line for line in lines_of(frame) if line.startswith("without a net: "))
    shown = dict(item.rsplit(" ", 1) for item in line.removeprefix("without a net: ").split(" · "))
    assert set(shown) == {reference.name for reference in frame.references}
    for reference in frame.references:
        assert number(shown[reference.name]) == pytest.approx(reference.loss, abs=6e-5)


def test_what_is_expected_is_told_only_after_the_first_update():
    expect = frame_of("echo", 0).preset.expect
    assert expect
    assert expect not in "\n".join(lines_of(frame_of("echo", 0)))
    assert expect in "\n".join(lines_of(frame_of("echo", 3)))


def strips(lines):
    return [line.removeprefix(AT_EACH) for line in lines if line.startswith(AT_EACH)]


@pytest.mark.parametrize(
    "name", [name for name in BUNDLED if not (bundled(name).task.roles or bundled(name).task.predicts_symbols)]
)
def test_the_loss_by_time_is_drawn_against_the_highest_of_all_lanes(name):
    frame = frame_of(name, 3)
    found = strips(lines_of(frame, width=len(AT_EACH) + max(100, frame.length)))
    highest = max(np.nanmax(lane.score.loss_by_time) for lane in frame.lanes)
    for lane, strip in zip(frame.lanes, found, strict=True):
        for loss, bar in zip(lane.score.loss_by_time.tolist(), strip, strict=True):
            if loss != loss:
                assert bar == "·"
            else:
                assert abs(BARS.index(bar) - 7 * loss / highest) <= 0.5 + 1e-9


def test_a_narrow_strip_shows_the_mean_of_several_time_steps():
    frame = frame_of("exploding", 3)  # 120 time steps
    found = strips(lines_of(frame, width=len(AT_EACH) + 40))
    highest = max(np.nanmax(lane.score.loss_by_time) for lane in frame.lanes)
    for lane, strip in zip(frame.lanes, found, strict=True):
        assert len(strip) == 40
        for column, bar in enumerate(strip):
            here = [loss for loss in lane.score.loss_by_time[3 * column : 3 * column + 3].tolist() if loss == loss]
            if here:
                assert abs(BARS.index(bar) - 7 * sum(here) / len(here) / highest) <= 0.5 + 1e-9
            else:
                assert bar == "·"


def test_roles_are_told_apart_by_their_loss_and_never_mixed_in_a_column():
    frame, lanes = frame_of("temporal-xor", 3), []
    for share, lane in enumerate(frame.lanes, 1):
        by_time, by_role = np.tile([0.9, 0.6, 0.1], 30) / share, np.array([0.9, 0.6, 0.1]) / share
        lanes.append(replace(lane, held_out=replace(lane.score, loss_by_time=by_time, loss_by_role=by_role)))
    frame = replace(frame, lanes=tuple(lanes))
    lines = lines_of(frame, width=70)
    for lane, strip in zip(frame.lanes, strips(lines), strict=True):
        bars, roles = strip.split("  phase: ")
        assert roles.split()[::2] == ["b", "a⊕b", "a"]
        losses = lane.score.loss_by_time.tolist()
        means = [sum(losses[phase::3]) / len(losses[phase::3]) for phase in range(3)]
        assert [float(text) for text in roles.split()[1::2]] == pytest.approx(means, abs=0.0051)
        highest = max(np.nanmax(other.score.loss_by_time) for other in frame.lanes)
        for loss, bar in zip(losses[-len(bars) :], bars, strict=True):
            assert abs(BARS.index(bar) - 7 * loss / highest) <= 0.5 + 1e-9
    assert all(cell_len(line) <= 70 for line in lines if "loss at t" in line)


@pytest.mark.parametrize("name", BUNDLED)
def test_a_low_panel_keeps_the_numbers_and_drops_the_strips(name):
    frame = frame_of(name, 3)
    assert sum(line.startswith((AT_EACH, "  loss by ")) for line in lines_of(frame, height=30)) == len(frame.lanes)
    assert not any(line.startswith((AT_EACH, "  loss by ")) for line in lines_of(frame, height=2 * len(frame.lanes)))
    assert set(table(lines_of(frame, height=5), frame)) == {lane.label for lane in frame.lanes}


async def test_the_panel_fits_its_widest_table_into_the_labs_own_width():
    panel = ComparisonPanel()
    least = panel.declaration.columns(Contents(), 80).least
    async with hosted(panel, size=(least, 30)) as (app, pilot):
        panel.view = ViewState(frame_of("csv", 3), "csv")
        await pilot.pause()
        shown = [line.strip("│ ") for line in app.shown]
        row = next(line for line in shown if line.startswith("FNN7"))
        assert row.endswith(f"{panel.view.frame.lanes[2].to_floor:+.4f}")
        assert any(line.startswith("loss at t") for line in shown)


def test_what_a_net_writes_stands_below_its_numbers_line_ends_made_visible():
    frame = frame_of("text", 3)
    lines = lines_of(frame, width=70, height=13)
    lines = lines[next(i for i, line in enumerate(lines) if line.startswith("lane ")) :]
    for lane in frame.lanes:
        (at,) = (i for i, line in enumerate(lines) if line.startswith(lane.label))
        written = lines[at + 1].removeprefix("  writes ")
        assert written == lane.writing.replace("\n", "↵")[: len(written)]
        assert len(lines[at + 1]) == 70
    assert "↵" in "".join(lane.writing.replace("\n", "↵") for lane in frame.lanes)


def test_a_high_panel_has_room_for_all_that_a_net_writes():
    frame = frame_of("text", 3)
    whole = "".join(line.removeprefix("  writes ").removeprefix(" " * 9) for line in lines_of(frame, 50, 40))
    for lane in frame.lanes:
        assert lane.writing.replace("\n", "↵") in whole


def test_the_fit_of_a_chaotic_series_is_its_nrmse():
    frame = frame_of("mackey-glass", 3)
    lines = lines_of(frame, width=70)
    assert "NRMSE" in lines[0]
    assert f"{frame.lanes[0].score.nrmse:.4f}" in next(line for line in lines if line.startswith("RNN "))


@pytest.mark.parametrize(("loss", "said"), [(0.25, ".25"), (10.52, "10.52"), (100.25, "100.25"), (0.001, ".00")])
def test_a_loss_by_role_loses_no_more_than_the_zero_before_its_point(loss, said):
    frame = frame_of("letters", 3)
    lane = frame.lanes[0]
    by_role = np.array([loss, *[np.nan] * (len(frame.task.roles) - 1)])
    frame = replace(frame, lanes=(replace(lane, held_out=replace(lane.score, loss_by_role=by_role)),))
    assert any(line.endswith(f"symbol: a {said}") for line in lines_of(frame, 70))


def test_what_was_expected_of_other_settings_is_called_so():
    panel = Sheet()
    panel.content_size = Size(71, 30)
    assert "expected with the original settings: " in panel.page(view_of("echo", 3, edits="delay 3 → 20"), 30).plain
    assert "expected: " in panel.page(view_of("echo", 3), 30).plain


@pytest.mark.parametrize("name", BUNDLED)
async def test_nothing_has_to_be_scrolled_to_only_for_the_references(name):
    panel = ComparisonPanel()
    async with hosted(panel, size=(60, 14)) as (_, pilot):
        panel.view = ViewState(frame_of(name, 3), name)
        await pilot.pause()
        page = panel.query_one(TextPage)
        assert page.most != 1 or "without a net" not in page.text


async def test_a_page_that_does_not_fit_is_read_with_the_page_keys():
    panel = ComparisonPanel()
    async with hosted(panel, size=(60, 10)) as (app, pilot):
        panel.view = ViewState(frame_of("letters", 3), "letters")
        panel.focus()
        await pilot.pause()
        assert not any("without a net" in line for line in app.shown)
        await pilot.press("pagedown", "pagedown")
        await wait_until(lambda: any("without a net" in line for line in app.shown))
        await pilot.press("pageup", "pageup")
        await wait_until(lambda: not any("without a net" in line for line in app.shown))

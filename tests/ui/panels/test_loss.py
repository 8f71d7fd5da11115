"""The loss panel without its colors: which curve is whose."""

from dataclasses import replace
from functools import cache
from itertools import pairwise

import pytest
from support.seed_engines import seed_run
from support.widget_hosts import hosted, preset_of, view_of
from textual.content import Content

from rnn_tui.experiments.seed_results import SeedResults
from rnn_tui.number_format import loss_text
from rnn_tui.session.session import Session
from rnn_tui.ui.panels.loss import LossPanel
from rnn_tui.ui.render.braille_plot import MARKS
from rnn_tui.ui.render.terminal_capabilities import Canvas
from rnn_tui.ui.widgets.end_labels import CLOSE
from rnn_tui.ui.widgets.loss_chart import LossChart
from rnn_tui.ui.widgets.scrubber import Scrubber
from rnn_tui.ui.widgets.step_axis import MARGIN

LANES = [{"kind": "rnn", "hidden_size": 12}, {"kind": "fnn"}, {"kind": "lstm"}, {"kind": "gru", "name": "the gated"}]
SIZES = [(84, 20), (38, 13)]  # of the panel on a small terminal, and below others on a large one


@cache
def session_of(count, pins=0):
    session = Session(preset_of(*LANES[:count], training={"learning_rate": 0.02}))
    for number in range(pins):
        session.forward(70)
        session.pin()
        session.change({"training.seed": number + 1, "training.learning_rate": 0.004})
    session.forward(160)
    return session


@pytest.fixture(autouse=True)
def _in_colors(monkeypatch):
    monkeypatch.delenv("NO_COLOR", raising=False)


class Stripped:
    """The plot and what is beside it as bare characters."""

    def __init__(self, panel):
        chart = panel.query_one(LossChart)
        lines = [chart.render_line(y).text for y in range(chart.size.height - 1)]
        self.columns, self.rows = chart.columns, [line[MARGIN + 1 :] for line in lines]
        self.margins = [line[:MARGIN] for line in lines]

    def places(self, tag):
        """Where a tag stands with nothing but space, dashes and dots around it."""
        found = []
        for y, row in enumerate(self.rows):
            padded = f" {row} "
            for x in range(len(row)):
                around = padded[x] + padded[x + len(tag) + 1 : x + len(tag) + 2]
                if row[x : x + len(tag)] == tag and not any(c.isalnum() for c in around):
                    found.append((y, x))
        return found

    def has_dots(self, rows, columns):
        return any(0x2800 < ord(c) < 0x2900 for y in rows for c in self.rows[y][columns])


async def stripped(frame, size, look=None):
    panel = LossPanel()
    async with hosted(panel, size=size) as (_, pilot):
        assert panel.canvas == Canvas("full")
        panel.view = replace(view_of("echo"), frame=frame)
        await pilot.pause()
        it = Stripped(panel)
        if look:
            look(it, panel)
        return it, str(panel.border_title)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("count", [2, 3, 4])
async def test_without_colors_each_lanes_curve_ends_in_what_the_legend_calls_it(count, size):
    frame = session_of(count).frame()
    it, title = await stripped(frame, size)
    signs = [mark for mark in MARKS[:count] if f"{mark} {frame.lanes[0].name}"[:1] == mark and mark in title]
    tags = signs if len(signs) == count else [lane.name for lane in frame.lanes]
    assert all(tag in title for tag in tags)
    ends = {}
    for lane, tag in zip(frame.lanes, tags, strict=True):
        ((y, x),) = it.places(tag)
        assert x == it.columns + 1
        rows = range(max(0, y - count), min(len(it.rows), y + count + 1))
        assert it.has_dots(rows, slice(it.columns - 3, it.columns))
        ends[float(lane.losses[-5:].mean())] = y
    for (higher, above), (lower, below) in pairwise(sorted(ends.items(), reverse=True)):
        assert above < below or higher < 1.1 * lower  # what ends in one place may stand in any order


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize(("count", "pins"), [(1, 2), (2, 1), (2, 2)])
async def test_without_colors_the_curves_of_kept_runs_are_told_by_number_and_lane(count, pins, size):
    frame = session_of(count, pins).frame()
    it, title = await stripped(frame, size)
    assert "*" not in title
    told = 0
    for number, pin in enumerate(frame.pinned_runs, 1):
        for lane, losses in zip(frame.lanes, pin.losses, strict=True):
            places = it.places(f"{number} {lane.name}" if count > 1 else f"{number}")
            told += len(places)
            if not places:  # it is hidden by one that ends as it does, and in the smaller chart nothing else is free
                assert size == SIZES[1]
                assert abs(lane.losses[len(losses) - 1] - losses[-1]) < 0.05
            for y, x in places:
                end = len(losses) * it.columns // 160
                assert end <= x <= end + 3 or x <= end <= x + 8
                rows = range(max(0, y - CLOSE), min(len(it.rows), y + CLOSE + 1))
                assert it.has_dots(rows, slice(max(0, end - 2), end + 1))
    assert told >= pins


async def test_a_single_curve_has_the_whole_width():
    it, _ = await stripped(session_of(1).frame(), SIZES[0])
    assert all(len(row) == it.columns for row in it.rows)


async def test_what_is_pointed_at_below_the_chart_is_what_is_pointed_at_in_it():
    def compare(it, panel):
        chart, bar = panel.query_one(LossChart), panel.query_one(Scrubber)
        assert chart.beside == bar.beside > 0
        width = chart.size.width
        assert [chart.step_at(x) for x in range(width)] == [bar.step_at(x) for x in range(width)]
        assert chart.step_at(width - 1) == 160
        assert bar.render_line(0).text.rstrip()[-1] == "●"
        assert len(bar.render_line(0).text.rstrip()) == MARGIN + 1 + it.columns

    await stripped(session_of(2).frame(), SIZES[0], compare)


def plain(title):
    return Content.from_markup(title).plain


async def test_the_border_says_where_the_held_out_loss_of_the_lane_was_lowest_so_far():
    frame = session_of(2).frame()
    panel = LossPanel()
    async with hosted(panel, size=SIZES[0]) as (_, pilot):
        for lane, step in ((0, 160), (1, 160), (1, 30), (0, 0)):
            panel.view = replace(view_of("echo"), frame=replace(frame, step=step), lane=lane)
            await pilot.pause()
            best = frame.lanes[lane].held_out_losses.until(step).best
            said = f"{frame.lanes[lane].label}'s best held-out {loss_text(best.loss)} at step {best.step}"
            assert f"▾ {said} · nats, log (y)" in plain(panel.border_subtitle)
            assert "·· held-out" in plain(panel.border_title)
        panel.styles.width = 38
        await pilot.pause()
        assert plain(panel.border_subtitle) == f"▾ best held-out {loss_text(best.loss)} at step {best.step}"


async def test_further_seeds_are_a_band_of_quartiles_which_the_legend_names_as_long_as_there_is_room():
    frame, panel = session_of(2).frame(), LossPanel()
    seeds = SeedResults((1, 2, 3), 320, 2)
    for seed in (1, 2, 3):
        seeds = seeds.having(seed_run(seed, 0.1 * seed, 0.7, goal=320))
    async with hosted(panel, size=(100, 20)) as (_, pilot):
        panel.view = replace(view_of("echo"), frame=frame, seeds=seeds)
        await pilot.pause()
        assert "▒ 3 seeds: held-out quartiles, ╍ median" in plain(panel.border_title)
        drawn = Stripped(panel)
        assert drawn.has_dots(range(len(drawn.rows)), slice(drawn.columns - 5, drawn.columns)), "up to their goal"
        panel.styles.width = 38
        await pilot.pause()
        assert plain(panel.border_title).split("4 loss")[1].strip() == "━RNN ━FNN(1) ▒3 seeds"
        panel.view = replace(panel.view, norms=True)
        await pilot.pause()
        assert "seeds" not in plain(panel.border_title)


async def test_the_other_drawing_has_gradient_norms_with_the_clip_norm_and_says_so():
    session = Session(preset_of(*LANES[:2], training={"learning_rate": 0.02, "clip_norm": 0.25}))
    session.forward(120)
    panel = LossPanel()
    async with hosted(panel, size=SIZES[0]) as (_, pilot):
        panel.view = replace(view_of("echo"), frame=session.frame(), norms=True)
        await pilot.pause()
        it = Stripped(panel)
        assert "gradient norm" in plain(panel.border_title)
        assert "╌ floor" not in plain(panel.border_title)
        assert "before clipping, log (y) · n: loss" in plain(panel.border_subtitle)
        assert any("clip 0.25" in row for row in it.rows)
        assert not any("▾" in row for row in it.rows)
        lowest = min(lane.norms.exact.min() for lane in session.frame().lanes)
        labels = [float(text) for text in map(str.strip, it.margins) if text]
        assert 0.2 * lowest < min(labels) < 20 * lowest
        assert max(labels) <= max(lane.norms.exact.max() for lane in session.frame().lanes) * 1.2
        panel.view = replace(panel.view, norms=False)
        await pilot.pause()
        assert plain(panel.border_title).startswith("4 loss ")

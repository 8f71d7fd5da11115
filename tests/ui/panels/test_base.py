"""What all panels share, and each of them with what a diverged net computes."""

from dataclasses import replace
from math import isfinite

import pytest
from support.textual_private import strips_of
from support.widget_hosts import broken, frame_of, hosted, made, view_of
from textual.containers import Vertical
from textual.widget import Widget

from rnn_tui.number_format import signed
from rnn_tui.presets.store import bundled_folder
from rnn_tui.session.frame import Demand
from rnn_tui.ui.lab.status_lines import Headline, StatusLine
from rnn_tui.ui.panels.base import Panel
from rnn_tui.ui.panels.declaration import PanelDeclaration, PanelHelp, always
from rnn_tui.ui.panels.equation import EquationPanel
from rnn_tui.ui.panels.hidden_state import HiddenStatePanel
from rnn_tui.ui.panels.loss import LossPanel
from rnn_tui.ui.panels.registry import PANELS

RHYME = {"kind": "text", "path": str(bundled_folder() / "data" / "rhyme.txt")}


# When a panel draws.


class Noting(Panel):
    """Notes what it is asked to draw."""

    declaration = PanelDeclaration(
        name="noting",
        number=7,
        title="noting",
        columns=always(20),
        rows=always(5),
        demands=Demand.SCORE,
        help=PanelHelp("It notes. It draws nothing.", "a = a", "", ()),
    )

    def __init__(self):
        super().__init__()
        self.drawn = []

    def show(self, view):
        self.drawn.append(view)


class Brief(Noting):
    """Notes each time step once."""

    def drawn_of(self, view):
        return view.t


async def test_a_panel_draws_each_view_once_and_what_it_draws_of_views_too():
    noting, brief = Noting(), Brief()
    async with hosted(Vertical(noting, brief)):
        views = one, other, later = view_of("echo"), view_of("echo", unit=1), view_of("echo", t=1)
        for view in (*views, later):
            noting.view = brief.view = view
        assert noting.drawn == [one, other, later]
        assert brief.drawn == [one, later]
        brief.redraw()
        assert brief.drawn == [one, later, later]


async def test_a_hidden_panel_draws_nothing_until_it_is_shown():
    panel = Noting()
    async with hosted(panel) as (_, pilot):
        panel.display = False
        panel.view = view_of("echo")
        await pilot.pause()
        assert panel.drawn == []
        panel.display = True
        await pilot.pause()
        assert panel.drawn[-1] is panel.view


async def test_a_resized_panel_draws_all_of_it_again():
    panel = Noting()
    async with hosted(panel, size=(80, 24)) as (_, pilot):
        panel.view = view_of("echo")
        panel.drawn.clear()
        await pilot.resize_terminal(60, 20)
        await pilot.pause()
        assert panel.view in panel.drawn


async def test_a_title_is_the_number_the_heading_and_what_a_panel_adds():
    panel = Noting()
    async with hosted(panel, size=(60, 5)) as (app, pilot):
        panel.title("on the right [b]", " and more", (" in red", "red"))
        await pilot.pause()
        assert "7 noting and more in red" in app.shown[0]
        assert "on the right [b]" in app.shown[-1]


async def test_another_title_paints_only_its_border(monkeypatch):
    panel, painted = Noting(), []
    async with hosted(panel, size=(60, 8)) as (_, pilot):
        panel.title("right", " one")
        await pilot.pause()
        monkeypatch.setattr(Widget, "refresh", lambda _, *regions, **__: painted.append(regions))
        for right, more, rows in (("right", " one", []), ("right", " two", [0]), ("left", " two", [7])):
            painted.clear()
            panel.title(right, more)
            assert [region.y + panel.content_offset.y for regions in painted for region in regions] == rows


@pytest.mark.parametrize("kind", PANELS)
async def test_a_panel_says_its_number_and_heading(kind):
    panel = kind()
    async with hosted(panel, size=(100, 20)) as (app, pilot):
        panel.view = view_of("echo", 3)
        await pilot.pause()
        if kind is not EquationPanel:  # which has no border
            assert f"{kind.declaration.number} {panel.heading}" in app.shown[0]
            assert panel.heading.startswith(kind.declaration.title)


async def test_a_panel_waits_for_a_frame_that_has_what_it_demands():
    panel, view = Noting(), view_of("echo")
    async with hosted(panel):
        for demands, drawn in ((Demand.PROBE, 0), (Demand.SCORE | Demand.PROBE, 1)):
            panel.view = replace(view, frame=replace(view.frame, demands=demands))
            assert len(panel.drawn) == drawn


# The panels that have no file of tests of their own.


async def test_the_hidden_panel_says_the_value_under_the_cursor_and_the_scale():
    panel = HiddenStatePanel()
    async with hosted(panel, size=(100, 14)) as (app, pilot):
        frame = frame_of("exploding", 3)
        for lane, name in enumerate(("tanh", "relu")):
            panel.view = view_of("exploding", 3, lane=lane, unit=5, t=70)
            await pilot.pause()
            assert f"h_t of {name}, 24 units" in app.shown[0]
            assert f"h of u5 at t = 70: {signed(float(frame.lanes[lane].hidden[70, 5]))} " in app.shown[-1]
            greatest = 1 if name == "tanh" else abs(frame.lanes[lane].hidden).max()
            assert f"to {greatest:.3g} " in app.shown[-1]


async def test_the_loss_panel_names_every_lane_and_its_axes():
    panel = LossPanel()
    async with hosted(panel, size=(80, 14)) as (app, pilot):
        panel.view = view_of("wave", 3)
        await pilot.pause()
        assert all(f"━ {lane.label}" in app.shown[0] for lane in panel.view.frame.lanes)
        assert "╌ floor" in app.shown[0]
        assert "squared error, log" in app.shown[-1]
        panel.view = view_of("echo", 3, log=False)
        await pilot.pause()
        assert "nats, linear" in app.shown[-1]


async def test_the_loss_panel_draws_the_future_of_one_who_went_back_in_gray(monkeypatch):
    monkeypatch.delenv("NO_COLOR", raising=False)
    panel = LossPanel()
    async with hosted(panel, size=(80, 14)) as (app, pilot):
        frame = made({"kind": "rnn"}, steps=60)
        colors = {}
        for step in (60, 0):
            panel.view = replace(view_of("echo"), frame=replace(frame, step=step))
            await pilot.pause()
            strips = strips_of(app)
            dots = [segment for strip in strips for segment in strip if any("⠀" < c <= "⣿" for c in segment.text)]
            colors[step] = {segment.style.color.name for segment in dots}
        here = panel.palette.tint(0)  # of the held-out loss, which is known at the step itself
        assert colors == {60: {panel.palette.lane(0), here}, 0: {panel.palette.muted, here}}


# What is not finite.


async def test_no_panel_falls_over_what_a_diverged_net_computes():
    widgets = [Headline(), *(kind() for kind in PANELS), StatusLine()]
    for widget in widgets[1:-1]:
        widget.styles.height = 8
    async with hosted(Vertical(*widgets), size=(120, 60)) as (_, pilot):
        for name in ("initializers", "temporal-xor", "csv", "text"):  # of each kind of task, up to four lanes
            for value in (float("nan"), float("inf"), 1e300):
                frame = broken(frame_of(name, 3), value)
                for widget in widgets:
                    widget.view = replace(view_of(name, lane=len(frame.lanes) - 1), frame=frame)
            await pilot.pause()


@pytest.mark.parametrize("task", ["echo", "wave", RHYME], ids=["bits", "values", "symbols"])
async def test_a_net_that_overflows_at_step_0_is_shown_with_its_notice(task):
    frame = made(
        {"kind": "rnn", "activation": "relu", "gain": 100.0, "hidden_size": 16},
        {"kind": "fnn"}, task=task, training={"sequence_length": 300},
    )  # fmt: skip
    assert not isfinite(frame.lanes[0].score.loss)
    widgets = [*(kind() for kind in PANELS), StatusLine()]
    for widget in widgets[:-1]:
        widget.styles.height = 8
    async with hosted(Vertical(*widgets), size=(140, 8 * len(PANELS) + 4)) as (app, pilot):
        for t in (0, 299):
            for widget in widgets:
                widget.view = replace(view_of("echo", t=t), frame=frame)
            await pilot.pause()
        assert "RNN is not finite before training" in app.shown[8 * len(PANELS)]

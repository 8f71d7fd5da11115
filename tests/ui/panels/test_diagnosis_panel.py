"""The panels of the memory lab: what they draw and say, on which page, and of which step."""

import re

import numpy as np
import pytest
from support.lab_driver import lab, preset
from support.textual_private import screen_lines
from support.waiting import wait_until

from rnn_tui.presets.store import find, load
from rnn_tui.session.diagnosis import memory
from rnn_tui.ui.panels.dynamics import DRAWINGS, DynamicsPanel
from rnn_tui.ui.panels.gradient import GradientPanel, decades, horizon_text, logarithm
from rnn_tui.ui.panels.hidden_state import HiddenStatePanel
from rnn_tui.ui.panels.memory import MEMORY, MemoryPanel
from rnn_tui.ui.panels.unit_table import found_units, units_in_order
from rnn_tui.ui.widgets.text_page import TextPage


def said(driver, panel):
    return driver.app.lab.query_one(panel).query_one(TextPage).text


def border(driver, panel):
    widget = driver.app.lab.query_one(panel)
    return f"{widget.border_title} {widget.border_subtitle}"


async def test_the_page_shows_what_each_lane_remembers_and_follows_training():
    async with lab(load(find("echo")), size=(120, 36), drawn_at_once=True) as driver:  # which tells pages their rows
        await driver.press("v")
        assert driver.view.page == "remember"
        await wait_until(lambda: "RNN knows" in said(driver, MemoryPanel))
        await wait_until(lambda: "FNN(1)" in border(driver, MemoryPanel))
        await wait_until(lambda: "orthogonal" in said(driver, DynamicsPanel))
        assert "ρ 1.00, σ 1.00" in border(driver, DynamicsPanel)
        for panel in (MemoryPanel, GradientPanel, DynamicsPanel):  # the words have room, even in narrow panels
            page = driver.app.lab.query_one(panel).query_one(TextPage)
            await wait_until(lambda page=page: page.most == 0)
        before = said(driver, DynamicsPanel), border(driver, GradientPanel)
        await driver.press("S", "U")
        await driver.step_is(10)
        await wait_until(lambda: said(driver, DynamicsPanel) != before[0])
        await wait_until(lambda: found_units(driver.view) and "of step" not in border(driver, HiddenStatePanel))
        order = units_in_order(driver.view)
        await driver.press("down")
        below = order[(order.index(0) + 1) % len(order)]
        assert driver.view.unit == below, "in the order of the table"
        assert f"▸u{below} " in driver.screen_text()
        await driver.press("r")
        await driver.step_is(0)
        await wait_until(lambda: said(driver, DynamicsPanel) == before[0])
        await wait_until(lambda: border(driver, GradientPanel) == before[1])
        await driver.press("v")
        assert driver.view.page == "learn"
        assert "loss" in driver.screen_text()


async def test_each_key_shows_another_drawing_with_a_sentence_of_its_own():
    async with lab(load(find("echo")), size=(160, 45)) as driver:
        await driver.press("S")
        await driver.step_is(10)
        await driver.press("9")
        found = []
        for drawing in DRAWINGS:
            await wait_until(lambda name=drawing.name: driver.app.lab.query_one(DynamicsPanel).heading.endswith(name))
            await wait_until(lambda: "computing" not in said(driver, DynamicsPanel))
            found.append(said(driver, DynamicsPanel))
            await driver.press("enter")
        assert "W_hh of RNN" in found[0]
        assert "Jacobian at t = 39" in found[1]
        assert "change of RNN's state shrinks by" in found[2]
        assert "fixed point" in found[3]
        await driver.press("7", "enter")
        await wait_until(lambda: "capacity" in said(driver, MemoryPanel))
        await wait_until(lambda: "at step 0" in said(driver, MemoryPanel) and "at step 10" in said(driver, MemoryPanel))
        panel, lane = driver.app.lab.query_one(MemoryPanel), driver.view.shown
        drawn = {step: found.curve.capacity for step, found in panel.over_run(driver.view, MEMORY, 0).items()}
        assert drawn == {step: memory(lane.net.at(lane.past[step])).curve.capacity for step in (0, 10)}
        await driver.press("8", "enter")
        await wait_until(lambda: "horizon" in said(driver, GradientPanel))
        await wait_until(lambda: "at step 10" in said(driver, GradientPanel))


@pytest.mark.parametrize("size", [(80, 24), (60, 18)])
async def test_a_small_terminal_shows_one_panel_of_the_page_at_a_time(size):
    async with lab(load(find("echo")), size=size) as driver:
        await driver.press("v")
        await wait_until(lambda: "RNN knows" in driver.screen_text())
        await driver.press("8")
        await wait_until(lambda: "The gradient of RNN" in " ".join(said(driver, GradientPanel).split()))
        await driver.press("9", "l")
        await wait_until(lambda: re.search(r"FNN\(1\).*(no state|carries no)", said(driver, DynamicsPanel), re.DOTALL))
        assert all(len(line) <= size[0] for line in screen_lines(driver.app))


async def test_what_cannot_be_computed_has_a_reason_in_place_of_a_figure():
    wild = preset(
        training={"optimizer": "sgd", "learning_rate": 1000.0, "clip_norm": 0.0, "steps": 50},
        lanes=[{"kind": "rnn", "activation": "identity", "gain": 3.0, "hidden_size": 1}],
        task={"kind": "wave"},
    )
    async with lab(wild, size=(120, 36)) as driver:
        await driver.press("v")
        await wait_until(lambda: "RNN" in said(driver, MemoryPanel))
        await driver.press("9", "enter", "enter", "enter")
        await wait_until(lambda: "fixed point" in said(driver, DynamicsPanel))
        await driver.press("S", "S", "S")
        await wait_until(lambda: driver.view.frame.notice)
        await wait_until(lambda: "computing" not in said(driver, MemoryPanel))
        assert "nan" not in driver.screen_text().lower().replace("nans", "")


def test_the_axis_of_a_gradient_has_whole_decades_with_few_labels():
    axis = decades([logarithm(np.array([1.0, 3.0, 0.0])), logarithm(10.0 ** -np.arange(0, 30))])
    assert (axis.low, axis.high) == (-12.0, 1.0)
    assert len(axis.ticks) <= 5
    assert axis.ticks[0] == (1.0, "1e1")
    assert all(label == ("1" if power == 0 else f"1e{power:.0f}".replace("-", "−")) for power, label in axis.ticks)
    assert np.isnan(logarithm(np.array([1.0, 0.0])))[1]


def test_a_horizon_beyond_the_sequence_is_said_to_be_beyond_it():
    class ByLag:
        by_lag = np.array([1.0, 0.5, 0.4])
        horizon = None

    class Found:
        by_lag = ByLag

    assert horizon_text(Found) == "> 2"
    ByLag.horizon = 2
    assert horizon_text(Found) == "2"

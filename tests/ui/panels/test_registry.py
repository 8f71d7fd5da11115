"""A panel is registered once: a panel of the tests' own, in a file of its own, is everywhere a panel is."""

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from rnn_tui.number_format import signed
from rnn_tui.ui.panels.base import Panel
from rnn_tui.ui.panels.registry import PANELS, declarations, register

TESTS = Path(__file__).parent.parent.parent
SIZES = ["120x36", "80x24", "60x18"]


@pytest.fixture(scope="module")
def seen():
    """What own_panel_lab.py has seen, in a process of its own: panels are registered before the lab is imported."""
    script = f"import sys; sys.path.insert(0, {str(TESTS)!r}); import ui.panels.own_panel_lab"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=240, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.mark.parametrize("size", SIZES)
def test_its_number_key_shows_it_in_the_layout_and_gets_the_frame_that_it_demands(seen, size):
    (panels, has_forecast), (after, focused, lines) = seen[size]["before"], seen[size]["after"]
    assert "end" not in panels
    assert not has_forecast
    assert "end" in after
    assert focused == "end"
    assert any("10 end of the forecast" in line for line in lines)
    for value in seen[size]["ends"]:
        assert any(f"ends at {signed(value)}" in line for line in lines)
    columns, rows = seen[size]["region"][2:]
    assert columns >= 30
    assert rows >= 6


def test_where_there_is_room_it_is_beside_others(seen):
    panels, _, lines = seen["120x36"]["after"]
    assert {"controls", "sequence", "hidden_state", "loss", "end", "equation"} == {*panels}
    assert any("4 loss" in line and "10 end of the forecast" in line for line in lines)
    assert {"sequence", "end", "equation"} == {*seen["80x24"]["after"][0]}


@pytest.mark.parametrize("size", SIZES)
def test_it_is_a_tab_and_zooms(seen, size):
    assert "10 end" in seen[size]["after"][2][1]
    panels, (_, _, columns, rows), lines = seen[size]["zoomed"]
    assert {*panels} == {"end", "equation"}
    width, height = map(int, size.split("x"))
    strip, equation = (2, 6) if height >= 22 else (1, 2)
    assert (columns, rows) == (width, height - 4 - strip - equation)
    assert any("ends at" in line for line in lines)


@pytest.mark.parametrize("size", SIZES)
def test_frames_are_made_without_what_it_demands_when_it_is_left(seen, size):
    panels, has_forecast = seen[size]["left"]
    assert "end" not in panels
    assert not has_forecast


def test_its_own_key_works_while_it_has_the_focus(seen):
    value = seen["80x24"]["ends"][0]
    assert any(f"ends at {signed(value, 3)}" in line for line in seen["80x24"]["digits"])


def test_the_help_begins_with_it_when_one_is_in_it(seen):
    assert any("The last value of the forecast that runs free." in line for line in seen["120x36"]["help"])
    assert any("enter" in line and "Show more digits" in line for line in seen["120x36"]["help"])


def test_the_help_explains_it_with_all_others_and_lists_its_keys(seen):
    said = seen["help"]
    assert any(line.startswith("10 end of the forecast  The last value") for line in said)
    assert any(line.strip().startswith("1 … 9 ") for line in said)
    assert "Keys in the end of the forecast" in said


def test_its_keys_are_among_those_that_settings_change(seen):
    assert seen["places"]["In the end of the forecast"] == ["end.digits"]
    assert "look.panel_10" in seen["places"]["In the lab"]
    assert seen["moved"] == [[], "end"]
    assert "'f10' would be run.step and look.panel_10" in seen["clash"][0]


def test_a_panel_needs_a_name_and_a_number_of_its_own():
    for kind in PANELS:
        with pytest.raises(ValueError, match=kind.declaration.name):
            register(kind)
    assert len(declarations()) == len(PANELS)


@pytest.mark.parametrize("number", [-1, 0, 13])
def test_a_panel_has_a_number_that_is_a_key_and_not_the_key_of_all_steps(number):
    class Unreachable(Panel):
        declaration = replace(PANELS[0].declaration, name="unreachable", number=number)

    with pytest.raises(ValueError, match="from 1 to 12"):
        register(Unreachable)


def test_a_panel_is_named_after_its_module():
    for kind in PANELS:
        assert kind.__module__ == f"rnn_tui.ui.panels.{kind.declaration.name}"
        assert issubclass(kind, Panel)

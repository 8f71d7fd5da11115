"""The lines above and below: what is asked, where one stands, what to press."""

from dataclasses import replace

import pytest
from support.comparison_frames import put
from support.seed_engines import seed_run
from support.textual_private import strips_of
from support.widget_hosts import frame_of, hosted, view_of

from rnn_tui.experiments.seed_results import SeedResults
from rnn_tui.session.frame import Demand
from rnn_tui.ui.input.keymap import Keymap
from rnn_tui.ui.lab.layout import LEAST
from rnn_tui.ui.lab.status_lines import (
    Headline,
    PanelTabs,
    SentenceStrip,
    StatusLine,
    headline,
    hint,
    pace_text,
    step_text,
)
from rnn_tui.ui.panels.declaration import LEARN
from rnn_tui.ui.panels.registry import declarations
from rnn_tui.ui.panels.view_state import Successor

SEEDS = {"seed_progress": "seeds: 5 of 8, about 20 s left"}


def at(step, last_step, **where):
    return replace(view_of("echo", 3, **where), frame=replace(frame_of("echo", 3), step=step, last_step=last_step))


@pytest.mark.parametrize(
    ("step", "last_step", "text"),
    [(0, 0, "step 0"), (3, 3, "step 3"), (3, 40, "step 3 of 40"), (12_345, 1_234_567, "step 12,345 of 1,234,567")],
)
def test_the_step_says_how_far_the_history_goes_where_one_has_gone_back(step, last_step, text):
    assert step_text(at(step, last_step).frame) == text


@pytest.mark.parametrize(
    ("pace", "playing", "text"),
    [
        (20, False, "pace 20/s"),
        (0, False, "pace max"),
        (20, True, "pace 20/s, now 1,235/s"),
        (0, True, "pace max, now 1,235/s"),
    ],
)
def test_the_pace_says_what_is_wanted_and_while_playing_what_is_reached(pace, playing, text):
    assert pace_text(at(3, 3, pace=pace, playing=playing, rate=1234.6)) == text


@pytest.mark.parametrize(("last_step", "text"), [(0, "pace 20/s, compiling the time loops"), (1, "pace 20/s, now 7/s")])
def test_until_the_first_update_the_pace_says_that_the_time_loops_are_compiled(last_step, text):
    view = at(0, last_step, pace=20, playing=True, rate=7.0)
    preset = view.frame.preset.with_changes({"training.engine": "compiled"})
    assert pace_text(replace(view, frame=replace(view.frame, preset=preset))) == text


def test_the_hint_names_the_next_keys_to_press():
    assert "space trains" in hint(at(0, 0))
    assert hint(at(0, 0)).index("space") < hint(at(0, 0)).index("→")
    assert hint(at(0, 0, t=2)).startswith("→")
    assert "space pauses" in hint(at(5, 5, playing=True))
    assert "replays it" in hint(at(2, 5))


def test_the_hint_names_the_keys_in_force():
    keys = Keymap({"run.play": "P", "run.faster": "f5", "run.jump_on": "ctrl+n", "run.call_off": "x"})
    assert hint(at(0, 0, keys=keys)).startswith("P trains · →")
    assert hint(at(5, 5, keys=keys, playing=True)) == "P pauses · < f5 slower, faster"
    assert hint(at(2, 5, keys=keys)) == "[ ctrl+n s b: history · P replays it"
    assert hint(at(2, 5, keys=keys, goal=9)).endswith("x: stop here")


def test_at_the_end_of_a_preset_the_hint_proposes_the_next():
    assert hint(at(3, 3)) == "space continues · i asks what if · b goes back · p opens another preset"
    ended = at(3, 3, successor=Successor("xor", "Can a net tell whether the bit has changed?"))
    assert hint(ended) == "p opens the next preset, xor · space continues"
    assert "xor" not in hint(replace(ended, playing=True))


async def test_the_headline_says_the_title_the_question_and_what_is_not_saved():
    headline = Headline()
    async with hosted(headline, size=(120, 5)) as (app, pilot):
        headline.view = view_of("echo")
        await pilot.pause()
        preset = headline.view.frame.preset
        assert preset.title in app.shown[0]
        assert preset.question in app.shown[0]
        assert "*" not in app.shown[0]
        headline.view = view_of("echo", unsaved=True)
        await pilot.pause()
        assert f"{preset.title} *" in app.shown[0]


async def test_a_headline_steps_back_where_settings_have_changed_and_comes_back():
    headline = Headline()
    async with hosted(headline, size=(80, 5)) as (app, pilot):
        preset = frame_of("echo").preset
        headline.view = view_of("echo")
        await pilot.pause()
        before = app.shown[0]
        headline.view = view_of("echo", edits="delay 3 → 20", unsaved=True)
        await pilot.pause()
        assert app.shown[0].startswith(f" rnn-tui {preset.title} (changed: delay 3 → 20)  ")
        assert preset.question[:20] not in app.shown[0]
        headline.view = view_of("echo")
        await pilot.pause()
        assert app.shown[0] == before
        await pilot.resize_terminal(160, 5)
        headline.view = view_of("echo", edits="delay 3 → 20")
        await pilot.pause()
        assert f"originally: {preset.question}" in app.shown[0]


@pytest.mark.parametrize("width", [40, 60, 80, 100])
def test_a_long_question_is_cut_between_words(width):
    view = view_of("echo")
    question = view.frame.preset.question
    title, cut = headline(view, width)
    assert len(title) + 2 + len(cut) <= width
    assert cut == question or (cut.endswith(" …") and f"{question} ".startswith(cut.removesuffix("…")))


async def test_the_strip_tells_the_sentence_in_its_rows_and_the_next_preset_where_a_row_is_left():
    strip, next_one = SentenceStrip(), Successor("xor", "Can a net tell whether the bit has changed?")
    async with hosted(strip, size=(80, 8)) as (app, pilot):
        strip.show(2)
        strip.view = view_of("echo")
        await pilot.pause()
        assert "Not trained yet. Can a net without memory" in app.shown[0]
        frame = put(frame_of("echo", 3), (0.001, 1.0), (0.693, 0.5))
        strip.view = replace(view_of("echo", 3), frame=frame, successor=next_one)
        await pilot.pause()
        assert "one input carries no more information." in app.shown[0]
        strip.show(3)
        await pilot.pause()
        assert app.shown[2].strip() == "next: xor. Can a net tell whether the bit has changed? (p)"
        strip.show(1)
        await pilot.pause()
        assert app.shown[0].strip() == "RNN has solved it; FNN(1) is at its floor, 0.693."
        assert strip.demands == Demand.SCORE
        strip.show(2)
        seeds = SeedResults((1,), 10, 2).having(seed_run(1, 0.1, 0.7, solved=[0]))
        strip.view = replace(strip.view, seeds=seeds)
        await pilot.pause()
        assert [row.strip() for row in app.shown[:2]] == [
            "RNN has solved it; FNN(1) is at its floor, 0.693.",
            "RNN solved it with 1 of 1 seed, FNN(1) with none.",
        ]
        strip.show(0)
        assert strip.demands == Demand.NOTHING


async def test_without_a_title_the_headline_says_the_name_also_a_new_one():
    headline = Headline()
    async with hosted(headline, size=(60, 5)) as (app, pilot):
        frame = frame_of("echo")
        frame = replace(frame, preset=frame.preset.with_values(title=""))
        for name in ("first", "second"):
            headline.view = replace(view_of("echo"), frame=frame, name=name)
            await pilot.pause()
            assert name in app.shown[0]


async def test_brackets_in_a_title_are_brackets():
    headline = Headline()
    async with hosted(headline, size=(80, 5)) as (app, pilot):
        frame = frame_of("echo")
        odd = frame.preset.with_values(title="[bold]x[/] [", question="[/b] [link")
        headline.view = replace(view_of("echo"), frame=replace(frame, preset=odd))
        await pilot.pause()
        assert "[bold]x[/] [  [/b] [link" in app.shown[0]


async def test_the_status_says_playing_or_paused_and_at_80_columns_the_first_hint_whole():
    status = StatusLine()
    async with hosted(status, size=(80, 5)) as (app, pilot):
        status.view = view_of("echo", pace=20)
        await pilot.pause()
        assert "■ paused" in app.shown[0]
        assert app.shown[0].rstrip().endswith("? help")
        status.view = view_of("echo", 3, playing=True, pace=20, rate=19.7)
        await pilot.pause()
        assert "▶ playing" in app.shown[0]
        assert "step 3" in app.shown[0]
        assert "space pauses" in app.shown[0]


async def test_a_notice_takes_the_hints_place():
    status = StatusLine()
    async with hosted(status, size=(120, 5)) as (app, pilot):
        status.view = replace(view_of("echo", 3), frame=replace(frame_of("echo", 3), notice="RNN diverged at step 3"))
        await pilot.pause()
        assert "RNN diverged at step 3" in app.shown[0]
        assert "continues" not in app.shown[0]


async def test_the_tabs_fit_on_the_narrowest_screen_and_show_which_is_active():
    tabs, panels = PanelTabs(), [panel for panel in declarations() if panel.is_on(LEARN)]
    async with hosted(tabs, size=(LEAST[0], 3)) as (app, pilot):
        for panel in panels:
            tabs.show(panels, panel.name, {"sequence", panel.name}, LEAST[0])
            await pilot.pause()
            assert all(f"{other.number} {other.tab or other.title}" in app.shown[0] for other in panels)
            strip = strips_of(app)[0]
            bold = [segment.text.strip() for segment in strip if segment.style and segment.style.bold]
            assert [text for text in bold if text] == [f"{panel.number} {panel.tab or panel.title}"]
        tabs.show(panels, "controls", set(), LEAST[0])
        await pilot.pause()
        assert "controls" not in app.shown[0]


@pytest.mark.parametrize(
    ("where", "width", "line"),
    [
        ({"playing": True, "rate": 12345.0}, 90, "pace max, now 12,345/s  space pauses · < > slower, faster"),
        ({"playing": True, "rate": 12345.0}, 72, "pace max, now 12,345/s  space pauses"),
        ({}, 72, "step 3 of 1,234,567  [ ] s b: history · space replays it"),
        ({}, 60, "step 3 of 1,234,567  [ ] s b: history"),
        ({"playing": True, **SEEDS}, 90, "pace max, now 0/s · seeds: 5 of 8, about 20 s left  space pauses"),
        ({"playing": True, **SEEDS}, 80, "step 3  seeds: 5 of 8, about 20 s left  space pauses"),
        (SEEDS, 60, "step 3  seeds: 5 of 8, about 20 s left"),
    ],
)
async def test_the_status_leaves_out_what_does_not_fit_and_cuts_nothing(where, width, line):
    status = StatusLine()
    async with hosted(status, size=(width, 3)) as (app, pilot):
        status.view = at(3, 3 if where else 1_234_567, **where)
        await pilot.pause()
        assert app.shown[0].rstrip().endswith(line)
        assert "…" not in app.shown[0]
        await pilot.resize_terminal(140, 3)
        await pilot.pause()
        assert "pace max" in app.shown[0] or "slower, faster" in app.shown[0]

"""The controls: what a row shows, what the arrows try, and when a tried value is taken."""

from dataclasses import replace

from support.lab_driver import lab
from support.waiting import wait_until
from support.widget_hosts import hosted, view_of

from rnn_tui.ui.panels.controls import ControlsPanel
from rnn_tui.ui.widgets.text_widgets import TextLine


def line_with(app, word):
    """The only line of the panel with a word, without its frame."""
    (line,) = (line for line in app.shown if word in line)
    return " ".join(line.strip("│ ").split())


async def test_they_show_the_lane_the_training_and_the_task_under_headings():
    panel = ControlsPanel()
    async with hosted(panel, size=(30, 30)) as (app, pilot):
        view = view_of("echo")
        app.screen.set_focus(None)
        panel.view = view
        await pilot.pause()
        assert "1 controls: echo" in app.shown[0]
        headings = [line for line in app.shown if any(word in line for word in ("lane R", "training", "task "))]
        assert [line.strip("│ ").split()[:2] for line in headings] == [["lane", "RNN"], ["training"], ["task", "echo"]]
        rows = [line for line in app.shown if any(f"{name} " in line for name in ("gain", "seed", "cell"))]
        ends = {len(line.rstrip("│ ")) for line in rows}
        assert len(ends) == 1  # the values are aligned
        panel.view = replace(view, lane=1, name="my-echo")
        await pilot.pause()
        assert "1 controls: my-echo" in app.shown[0]
        assert line_with(app, "lane F") == "lane FNN(1) l: next"


async def test_the_arrows_try_a_value_and_enter_or_another_row_takes_it():
    panel = ControlsPanel()
    async with hosted(panel, size=(30, 30)) as (app, pilot):
        panel.view = view_of("echo")
        panel.focus()
        await pilot.pause()
        labels = [setting.label for setting in panel.settings]
        panel.action_row(labels.index("gain"))
        await pilot.pause()
        assert line_with(app, "gain ") == "gain ‹ 1 ›"
        assert "takes" not in panel.hint
        panel.action_beside(-1)
        await pilot.pause()
        assert line_with(app, "gain ") == "gain was 1 ‹ 0.9 ›"
        assert "{controls.type} takes 0.9" in panel.hint
        assert "{controls.keep} keeps 1" in panel.hint
        panel.action_beside(1)  # back to the old value
        assert panel.tried is None
        panel.action_type()
        await pilot.pause()
        assert [message.setting.label for message in app.said(ControlsPanel.Asked)] == ["gain"]
        for _ in range(2):
            panel.action_beside(-1)
        assert not app.said(ControlsPanel.Taken)
        panel.action_keep()
        await pilot.pause()
        assert line_with(app, "gain ") == "gain ‹ 1 ›"
        panel.action_beside(1)
        panel.action_type()
        panel.action_beside(1)
        panel.action_row(1)
        await pilot.pause()
        changes = [message.change for message in app.said(ControlsPanel.Taken)]
        assert [(change.setting.key, change.value) for change in changes] == [("lanes.0.gain", 1.1)] * 2


async def test_a_row_without_choices_asks_and_the_rows_go_round():
    panel = ControlsPanel()
    async with hosted(panel, size=(30, 30)) as (app, pilot):
        panel.view = view_of("echo")
        panel.focus()
        await pilot.pause()
        last = len(panel.settings) - 1
        panel.action_row(-1)
        assert panel.row == last
        panel.action_row(1)
        assert panel.row == 0
        panel.action_row(-1)
        shorter = replace(panel.view, lane=1)
        panel.set_reactive(ControlsPanel.view, shorter)  # as in a hidden panel: the rows are not drawn again
        assert (panel.row, panel.tried) == (len(panel.settings) - 1, None)
        assert panel.row < last
        panel.action_row(1)
        assert panel.row == 0
        panel.view = replace(shorter, lane=0)
        panel.action_row([setting.label for setting in panel.settings].index("seed"))
        panel.action_beside(1)
        await pilot.pause()
        assert [message.setting.label for message in app.said(ControlsPanel.Asked)] == ["seed"]
        assert line_with(app, "seed ") == "seed 0"


async def test_the_row_under_the_cursor_is_explained_while_they_have_the_focus():
    for size, lines in (((25, 29), 5), ((60, 14), 2)):
        panel = ControlsPanel()
        async with hosted(panel, size=size) as (app, pilot):
            app.screen.set_focus(None)
            panel.view = view_of("echo")
            await pilot.pause()
            line = panel.query_one(TextLine)
            assert not line.display
            panel.focus()
            panel.action_row([setting.label for setting in panel.settings].index("gain"))
            await pilot.pause()
            assert line.display
            assert line.size.height == lines
            for setting in panel.settings:
                assert setting.about


async def test_a_tried_value_is_taken_by_what_trains_or_leaves_and_dropped_by_what_undoes():
    async with lab() as it:
        view = it.app.lab
        await it.press("1", "down", "down", "right")
        await it.shows("‹ 9 ›", "enter takes 9", "esc keeps 8", "←→ Value")
        assert it.view.shown.settings.hidden_size == 8
        await it.press("escape")
        await it.shows("‹ 8 ›", "enter types one")
        x = it.screen_text().splitlines()[-1].index("→ Value")
        await it.pilot.click(offset=(x, 35))
        await it.shows("‹ 9 ›")
        await it.press("ctrl+z")
        await wait_until(lambda: view.query_one(ControlsPanel).tried is None)
        assert it.view.shown.settings.hidden_size == 8
        await it.press("right", "s")
        await it.step_is(1)
        assert it.view.shown.settings.hidden_size == 9
        await it.press("left", "left", "3")
        await wait_until(lambda: it.view.shown.settings.hidden_size == 7)
        await it.shows("←→ Time")
        assert not it.view.hint
        await wait_until(lambda: "RNN hidden 9 → 7" in it.notices() and "ctrl+z undoes" in it.notices())


async def test_lanes_are_added_copied_and_removed():
    async with lab() as it:
        await it.press("S")
        await it.step_is(10)
        await it.press("D")
        await wait_until(lambda: len(it.view.frame.lanes) == 3)
        assert (it.view.lane, it.view.shown.label, it.view.frame.step) == (2, "RNN 2", 10)
        await it.press("X")
        await wait_until(lambda: len(it.view.frame.lanes) == 2)
        await wait_until(lambda: "RNN 2 removed · ctrl+z undoes" in it.notices())
        await it.press("A", "down", "enter")
        await wait_until(lambda: [lane.label for lane in it.view.frame.lanes] == ["RNN", "FNN(1)", "GRU"])
        assert (it.view.lane, it.view.frame.step, it.view.frame.last_step) == (2, 0, 10)
        await it.press("D")
        await wait_until(lambda: len(it.view.frame.lanes) == 4)
        await it.press("A")
        await wait_until(lambda: "4 lanes, which is the limit" in it.notices())
        await it.press("ctrl+z", "ctrl+z", "ctrl+z")
        await wait_until(lambda: [lane.label for lane in it.view.frame.lanes] == ["RNN", "FNN(1)", "RNN 2"])
        assert it.view.frame.step == 10

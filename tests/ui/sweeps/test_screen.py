"""A sweep in the lab, as a user walks through it."""

from support.lab_driver import lab
from support.sweep_folders import append, plan_of, rows_of, write_sweep

from rnn_tui.ui.lab.screen import LabScreen
from rnn_tui.ui.sweeps.screen import SweepScreen

GRID = {"task.delay": [2, 3], "lanes.0.hidden_size": [4, 8]}


async def test_a_sweep_is_opened_looked_at_and_one_of_its_runs_is_trained_again(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    rows = [{**row, "step": 3} for row in rows_of(GRID)]
    write_sweep(tmp_path / "found", plan_of(GRID), rows[:7])
    async with lab() as it:
        await it.press("E")
        await it.shows("Open a sweep", "found")  # which is the only one in the current folder
        await it.press("enter")
        await it.shows("Sweep of echo: delay × hidden size, 2 seeds", "7 of 8 runs", "held-out loss of RNN, median")
        screen = it.app.screen
        assert isinstance(screen, SweepScreen)
        append(tmp_path / "found", rows[7:])
        screen.look_again()
        await it.press("right", "up")
        await it.shows("all 8 runs", "delay 3, hidden size 8, RNN: held-out loss 0.07981 (median of 2")
        await it.press("m", "l")
        await it.shows("accuracy of FNN", "delay 3, hidden size 8, FNN: accuracy")
        await it.press("s")
        await it.shows("one for each lane")
        await it.press("v")
        await it.shows("→ delay", "━ RNN", "━ FNN")
        await it.press("v", "v", "o", "end")
        await it.shows("8 runs, results of FNN", "▸      3             8      1")
        await it.press("question_mark")
        await it.shows("Sweeps", "Keys in a sweep")
        await it.press("escape", "x", "enter")
        assert "saved as" in it.notices()
        assert (tmp_path / "echo-sweep-runs.svg").read_text().startswith("<svg")
        await it.press("v", "enter")
        await it.shows("Runs at delay 3, hidden size 8", "seed 0 ", "seed 1 ")
        await it.press("down", "enter")
        assert isinstance(it.app.screen, LabScreen)
        await it.step_is(3)
        assert it.view.name == "echo, delay 3, hidden size 8, seed 1"
        await it.shows("esc: the sweep")
        await it.press("escape")
        await it.shows("Sweep of echo", "delay 3, hidden size 8")
        await it.press("escape")
        assert isinstance(it.app.screen, LabScreen)
        assert it.view.frame.preset.task.delay == 3
        assert it.view.frame.preset.training.seed == 1

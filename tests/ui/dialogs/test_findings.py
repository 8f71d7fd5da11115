"""The way through the lab from a fault to a remedy: the mark, the list, the trial beside the old curve, and undo."""

from support.lab_driver import lab, preset
from support.waiting import wait_until

from rnn_tui.ui.dialogs.findings import FindingsDialog
from rnn_tui.ui.lab import screen

LANES = [{"kind": "rnn", "hidden_size": 4, "gain": 0.1, "initializer": "orthogonal"}, {"kind": "fnn", "window": 1}]
FADING = preset(
    task={"kind": "echo", "delay": 10},
    training={"sequence_length": 16, "batch_size": 4, "steps": 60, "speed": 0},
    lanes=LANES,
)


async def test_a_fault_is_marked_explained_tried_beside_the_old_curve_and_undone(monkeypatch):
    monkeypatch.setattr(screen, "REST", 0.01)
    async with lab(FADING, size=(80, 24), findings=True) as it:
        await it.press("space")
        await it.step_is(60)
        await it.shows("! H: 2 findings")
        await it.press("H")
        assert isinstance(it.app.screen, FindingsDialog)
        await it.shows("at step 60", "limit  RNN: vanishing gradient", "10 time steps back", "Remedy: orthogonal")
        await it.shows("enter sets RNN gain 0.1 → 1, restarts, and trains up to step 60.")
        await it.shows("enter: try the remedy · ")
        found = it.app.screen.report
        await it.press("enter")
        await it.step_is(60)
        await wait_until(lambda: it.view.frame.preset.lanes[0].gain == 1)
        assert [pin.preset.lanes[0].gain for pin in it.view.frame.pinned_runs] == [0.1]
        await wait_until(lambda: "curve 1 is the run before" in it.notices())
        assert "ctrl+z undoes" in it.notices()
        await it.press("d")
        await wait_until(lambda: it.view.findings is not found)
        assert found.sentences[0].startswith("RNN: vanishing gradient. The answer depends")
        await it.press("escape", "ctrl+z")
        await wait_until(lambda: it.view.frame.preset.lanes[0].gain == 0.1)
        assert (it.view.frame.step, it.view.frame.pinned_runs) == (60, ())
        assert "! H" not in it.screen_text(), "a finding that was read is not announced again"


async def test_the_smallest_lab_lists_them_without_a_mark_before_training():
    async with lab(FADING, size=(60, 18)) as it:
        await it.press("H")
        await it.shows("at step 0: the rules find nothing wrong. Most", "wait until step 50.", "esc: close")
        assert "enter: try" not in it.screen_text()
        await it.press("enter")
        assert isinstance(it.app.screen, FindingsDialog), "there is nothing to try"
        await it.press("escape")
        assert it.view.frame.step == 0

"""The list of seeds, and the way through the lab: train, look, open one, go back, change something, stop."""

from dataclasses import replace

from support.lab_driver import lab, preset
from support.seed_engines import InThisProcess, seed_run
from support.waiting import wait_until

from rnn_tui.experiments.seed_results import SeedResults
from rnn_tui.experiments.seed_run import SeedRun
from rnn_tui.ui.dialogs.seed_picker import RowLayout, SeedPicker, order_text
from rnn_tui.ui.training import seed_requests

SMALL = preset(
    lanes=[{"kind": "rnn", "hidden_size": 4}, {"kind": "fnn"}],
    training={"sequence_length": 8, "batch_size": 4, "steps": 12, "speed": 0},
)


def test_a_row_has_the_result_of_each_lane_or_how_far_the_seed_is():
    done = seed_run(3, 0.01, 0.7, 0.2, goal=600, solved=[0], diverged=[2])
    assert RowLayout().row(done, 600, here=True) == "● seed 3  0.0100 ✓ solved    0.7000             diverged at 5"
    row_text, graded = RowLayout().row, replace(done.lanes[1], accuracy=0.504)
    assert row_text(replace(done, lanes=(graded,)), 600, here=False) == "  seed 3  0.7000 50.4%"
    assert row_text(done, 900, here=False) == "  seed 3  at step 600", "of a run that has become longer"
    assert row_text(SeedRun(4, 600), 600, here=False) == "  seed 4  waits"
    assert row_text(SeedRun(5, 600, ended=True, error="no room"), 600, here=False) == "  seed 5  failed: no room"


def test_columns_become_narrower_with_many_lanes_and_wider_with_large_seeds():
    assert RowLayout.fit((1, 10), 2, 94) == (9, 19)
    narrow = RowLayout.fit((1, 12345), 3, 46)
    assert narrow == (12, 10)
    done = seed_run(12345, 0.01, 0.7, 0.2, goal=600, solved=[0], diverged=[2])
    assert narrow.row(done, 600, here=False) == "  seed 12345  0.0100 ✓  0.7000    diverged"


def test_the_order_is_told_with_how_far_the_seeds_are():
    none = SeedResults((1, 2), 600, 1)
    assert order_text(none, "RNN", "seeds: 0 of 2") == "by the loss of RNN at step 600 · seeds: 0 of 2"
    both = none.having(seed_run(1, 0.1, goal=600)).having(seed_run(2, 0.1, goal=600))
    assert order_text(both, "RNN", "2 seeds, O opens one") == "by the loss of RNN at step 600"


async def test_seeds_are_trained_shown_opened_and_begun_anew(monkeypatch):
    monkeypatch.setattr(seed_requests, "DELAY", 0)
    engine = InThisProcess()
    async with lab(SMALL, size=(160, 50), seeds=engine) as it:
        it.app.lab.seeds.count = 3  # which saves time
        await it.press("O")
        assert "press Y first" in it.notices()
        await it.press("Y")
        await it.shows("3 seeds: held-out quartiles", "solved 0 of 3", "of 3 seeds", "O opens one")
        assert engine.batches == [([1, 2, 3], {12})]
        best = it.view.seeds.in_order(0)
        await it.press("O")
        dialog = it.app.screen
        assert isinstance(dialog, SeedPicker)
        await it.shows("● seed 0", "(in the lab, at step 0)", f"seed {best[0].seed}")
        await it.press("down", "enter")
        await it.step_is(12)
        chosen = best[1]
        assert it.view.frame.preset.training.seed == chosen.seed
        assert [lane.score.loss for lane in it.view.frame.lanes] == [lane.loss for lane in chosen.lanes]
        assert it.view.seeds.runs[chosen.seed] is chosen, "the seeds are those of the same run"
        await it.press("d")
        await it.shows("3 of 3 further seeds have been trained up to step 12.")
        await it.press("escape", "b", "s", "ctrl+z")
        await wait_until(lambda: it.view.frame.preset.training.seed == 0)
        assert len(engine.batches) == 1
        await it.press("plus")
        await wait_until(lambda: it.view.frame.preset.lanes[0].hidden_size == 5)
        await wait_until(lambda: len(engine.batches) == 2)
        await wait_until(lambda: it.view.seeds and not it.view.seeds.missing)
        await it.press("Y")
        assert it.view.seeds is None
        assert "3 seeds" not in it.screen_text()

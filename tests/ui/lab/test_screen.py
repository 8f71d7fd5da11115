"""The lab as a user drives it: every key, at several sizes."""

import threading

import pytest
from support.lab_driver import Lab, lab, preset
from support.textual_private import notifications_of, strips_of
from support.waiting import wait_until
from textual.widgets import Input

from rnn_tui.engine.cells import LSTMCell
from rnn_tui.errors import RnnTuiError
from rnn_tui.presets import store
from rnn_tui.presets.store import find, load
from rnn_tui.session.session import Session
from rnn_tui.ui.app import LabApp
from rnn_tui.ui.input.bindings import lab_keys
from rnn_tui.ui.input.textual_internals import is_exiting
from rnn_tui.ui.lab.action_provider import ActionProvider
from rnn_tui.ui.lab.screen import LabScreen
from rnn_tui.ui.panels.base import Panel
from rnn_tui.ui.panels.control_rows import PACES
from rnn_tui.ui.panels.controls import ControlsPanel
from rnn_tui.ui.training.training_thread import Command, TrainingThread
from rnn_tui.ui.widgets.text_page import TextPage

SMALL = (80, 24)  # where nothing is looked at that needs more room


async def test_the_first_screen_says_what_is_asked_and_what_to_press() -> None:
    async with lab() as it:
        await it.shows("Can a net without memory", "space trains", "space Play", "? Help", "q Quit", "1 controls")
        assert it.view.frame.step == 0


async def test_every_key_is_named_explained_and_in_the_command_palette_of_the_lab_but_not_of_a_dialog() -> None:
    async with lab(size=SMALL) as it:
        commands = {choice.name for choice in ActionProvider(it.app.screen).actions()}
        assert all(binding.id and binding.tooltip for binding in lab_keys())
        assert {binding.description for binding in lab_keys()} <= commands
        await it.press("t")
        await wait_until(lambda: it.app.screen is not it.app.lab)
        assert not [*ActionProvider(it.app.screen).actions()]


async def test_a_run_that_cannot_be_replayed_here_is_opened_and_it_is_said() -> None:
    session = Session(load(find("echo")).preset)
    session.replay_note = "this run cannot be replayed here"
    app = LabApp(load(find("echo")), session)
    async with app.run_test(notifications=True) as pilot:
        await wait_until(lambda: "cannot be replayed here" in Lab(app, pilot).notices())


async def test_s_and_b_move_by_one_and_their_capitals_by_ten_and_only_a_new_seed_forgets() -> None:
    async with lab(size=SMALL) as it:
        await it.press("s")
        await it.step_is(1)
        await it.press("S")
        await it.step_is(11)
        await it.press("b")
        await it.step_is(10)
        await it.press("B")
        await it.step_is(0)
        await it.press("b")
        await it.step_is(0)
        assert it.view.frame.last_step == 11
        await it.press("S", "r")
        await it.step_is(0)
        assert it.view.frame.last_step == 11
        await it.press("R")
        await wait_until(lambda: it.view.frame.preset.training.seed == 1)
        assert it.view.frame.last_step == 0


async def test_space_plays_and_pauses_and_a_step_while_playing_pauses_too() -> None:
    async with lab(size=SMALL) as it:
        await it.press("space")
        await wait_until(lambda: it.view.playing and it.view.frame.step > 2)
        await it.press("space")
        await wait_until(lambda: not it.view.playing)
        stopped = it.view.frame.step
        await it.press("s")
        await it.step_is(stopped + 1)
        await it.press("space")
        await wait_until(lambda: it.view.frame.step > stopped + 2)
        await it.press("s")
        await wait_until(lambda: not it.view.playing)


async def test_play_pauses_where_the_preset_says_p_opens_the_next_and_nothing_of_the_old_one_is_lost() -> None:
    async with lab(load(find("echo"), {"training.steps": 30, "training.speed": 0})) as it:
        await it.press("space")
        await wait_until(lambda: it.view.frame.step == 30 and not it.view.playing)
        await wait_until(lambda: "30 steps" in it.notices())
        await it.shows("next: xor", "p opens the next preset, xor")
        await it.press("plus")
        await wait_until(lambda: it.view.unsaved)
        await it.press("p")
        await it.shows("temporal-xor")  # they are listed
        await it.press(*"xor")
        await it.press("enter")
        await wait_until(lambda: it.view.name == "xor")
        for key in ("q", "ctrl+q"):
            await it.press(key)
            await it.shows("A preset that was open before has unsaved")
            await it.press("n")
        await it.press("ctrl+z")
        await wait_until(lambda: it.view.name == "echo" and it.view.frame.last_step == 30)


async def test_the_pace_goes_to_flat_out_and_back_and_is_saved_with_the_settings() -> None:
    async with lab(preset(training={"speed": 1000}), SMALL) as it:
        await it.press("greater_than_sign", "greater_than_sign")
        await wait_until(lambda: it.view.pace == 0)
        await it.press("greater_than_sign", "less_than_sign")
        await wait_until(lambda: it.view.pace == 2000)
        hold = threading.Event()
        it.app.training.channel.send(Command(lambda _: hold.wait(10) and None))
        await it.press("less_than_sign", "less_than_sign")  # they count from the pace that is reached by then
        hold.set()
        await wait_until(lambda: it.view.pace == PACES[PACES.index(2000) - 2])
        await it.press("w", "enter")
        await wait_until(lambda: "saved as" in it.notices())
        assert load(store.own_path("tried")).preset.training.speed == it.view.pace


async def test_arrows_move_through_time_and_units_and_stop_at_the_ends_and_l_shows_the_other_lane() -> None:
    async with lab() as it:
        await it.press("right", "right", "down")
        assert (it.view.t, it.view.unit) == (2, 1)
        assert it.view.lit == range(3)  # before training only the time steps up to t
        await it.press("left", "left", "left", "up", "up")
        assert (it.view.t, it.view.unit) == (0, 7)
        await it.press("end", "right")
        assert it.view.t == 39
        await it.press("home")
        assert it.view.t == 0
        await it.press("l")
        await it.shows("h_t of FNN(1)")
        await it.press("l")
        await it.shows("h_t of RNN")
        await it.press("s")
        await it.step_is(1)
        assert it.view.lit == range(40)


async def test_what_restarts_a_lane_says_so_and_undo_and_redo_bring_back_the_history_too() -> None:
    async with lab(size=SMALL) as it:
        await it.press("S")
        await it.step_is(10)
        await it.press("a")
        await wait_until(lambda: it.view.shown.settings.activation == "relu")
        assert it.view.frame.step == 0
        await wait_until(lambda: "restarts from step 0" in it.notices())
        assert len(it.view.frame.lanes[1].losses) == 10
        await it.press("S", "S")
        await it.step_is(20)
        await it.press("ctrl+z")
        await it.step_is(10)
        assert it.view.shown.settings.activation == "tanh"
        await wait_until(lambda: "undone: RNN f relu → tanh" in it.notices())
        await it.press("ctrl+y")
        await it.step_is(20)
        assert it.view.shown.settings.activation == "relu"
        await wait_until(lambda: "redone: RNN f tanh → relu" in it.notices())
        await it.press("plus")
        await wait_until(lambda: it.view.shown.settings.hidden_size == 9)
        await it.press("minus", "minus")
        await wait_until(lambda: it.view.shown.settings.hidden_size == 7)


async def test_the_controls_change_what_trains_on_without_a_reset_and_mark_a_row_while_they_have_the_focus() -> None:
    async with lab() as it:
        await it.press("S")
        await it.step_is(10)
        await it.press("1")
        await it.shows("‹ rnn ›")
        await it.press(*["down"] * 5, "right", "enter")
        await wait_until(lambda: it.view.shown.settings.truncation == 10)
        await it.press("down", "down", "right", "enter")
        await wait_until(lambda: it.view.frame.preset.training.learning_rate == pytest.approx(0.02))
        assert it.view.frame.step == 10
        await it.shows("‹0.02›", "lr 0.01 → 0.02")
        await it.press("3")
        await wait_until(lambda: "‹" not in it.screen_text())


async def test_on_a_small_screen_too_and_a_setting_has_one_line_beside_the_scroll_bar() -> None:
    async with lab(size=SMALL) as it:
        for _ in range(2):
            await it.press("1")
            await it.shows("‹ rnn ›")
            await it.press("3")
            await wait_until(lambda: "‹ rnn ›" not in it.screen_text())
        await it.press("1", "down", "right", "right")
        await it.shows("activation ‹sigmoid›", "l: next")
        page = it.app.lab.query_one(ControlsPanel).query_one(TextPage)
        assert page.size.height + page.most == page.text.count("\n") + 1


async def test_a_typed_value_is_checked_in_its_dialog() -> None:
    async with lab(size=SMALL) as it:
        await it.press("1", "down", "down", "enter")
        field = it.app.screen.query_one(Input)
        field.value = "0"
        await it.press("enter")
        await it.shows("must be at least 1")
        field.value = "12"
        await it.press("enter")
        await wait_until(lambda: it.view.shown.settings.hidden_size == 12)


async def test_the_cell_can_become_any_other_and_g_shows_the_gates_that_it_has() -> None:
    async with lab() as it:
        await it.press("1")
        for kind in ("gru", "lstm"):
            await it.press("right", "enter")
            await wait_until(lambda kind=kind: it.view.shown.settings.kind == kind)
        for state in ("c", "i", "f", "g", "o"):
            await it.press("g")
            assert it.view.state == state
            await it.shows(f"{LSTMCell.states[state].title} {state}_t of LSTM")
            assert (it.view.units == it.view.shown.states[state].T).all()
        await it.press("g")
        await it.shows("gradient ∂L/∂h_t of LSTM in a training sequence")
        await it.press("g")
        await it.shows(f"{LSTMCell.states['h'].title} h_t of LSTM")
        await it.press("g", "l")  # the fnn has no c
        assert it.view.state == "h"
        await it.press("l")
        for kind in ("fnn", "rnn"):
            await it.press("right", "enter")
            await wait_until(lambda kind=kind: it.view.shown.settings.kind == kind)


async def test_m_gives_the_fnn_as_many_parameters_and_takes_it_back() -> None:
    async with lab() as it:
        await it.press("m")
        await it.shows("29 units")
        await wait_until(lambda: it.view.frame.lanes[1].settings.hidden_size == 29)  # 29 · 3 + 1 = 88, the rnn has 89
        await it.press("plus")
        await wait_until(lambda: it.view.frame.lanes[0].settings.hidden_size == 9)
        assert it.view.frame.lanes[1].settings.hidden_size == 36  # it follows: 109, and 9 · 11 + 10 = 109
        await it.press("m")
        await wait_until(lambda: it.view.frame.lanes[1].settings.match is None)
        assert it.view.frame.lanes[1].settings.hidden_size == 36


async def test_y_and_n_change_the_loss_chart_also_from_another_panel_and_esc_leaves_the_zoom() -> None:
    async with lab() as it:
        shown = {panel.declaration.name for panel in it.app.lab.query(Panel) if panel.display}
        await it.shows("nats, log")
        await it.press("y")
        await it.shows("nats, linear")
        await it.press("5", "z", "n")
        await it.shows("4 gradient norm")
        assert it.view.norms
        await it.press("n")
        await it.shows("4 loss")
        await it.press("escape", "3", "z")
        await it.shows("x         ")
        assert [panel.declaration.name for panel in it.app.lab.query(Panel) if panel.alone] == ["hidden_state"]
        for _ in range(2):  # and else it does nothing
            await it.press("escape")
            assert {panel.declaration.name for panel in it.app.lab.query(Panel) if panel.display} == shown
        await it.press("right", "right", "6", "enter")
        await it.shows("b_h", "z of u0 at t = 2", "W_hh·h_(t-1)[u7]")  # the zoomed equation adds up
        await it.press("enter")
        await it.shows("5 more", "t = 2:")


async def test_every_input_has_its_row_and_the_cursor_starts_where_something_is_scored() -> None:
    async with lab(load(find("adding-long")), SMALL) as it:
        assert it.view.t == 99
        await it.shows("‹ 34 earlier", "value ", "mark ")
        await it.press("home")
        await it.shows("t = 99 is scored ›")


async def test_saving_asks_for_a_name_says_where_it_went_and_asks_before_overwriting() -> None:
    async with lab(size=SMALL) as it:
        await it.press("plus", "w")
        field = it.app.screen.query_one(Input)
        assert field.value == "my-echo"
        field.value = "../echo"
        await it.press("enter")
        await it.shows("is not allowed as a preset's name")  # and the dialog stays
        field.value = "my-echo"
        await it.press("enter")
        await wait_until(lambda: "saved as" in it.notices())
        assert load(store.own_path("my-echo")).preset.lanes[0].hidden_size == 9
        await wait_until(lambda: not it.view.unsaved)
        await it.press("plus", "ctrl+s", "enter")
        await it.shows("Overwrite it?")
        await it.press("n")
        assert load(store.own_path("my-echo")).preset.lanes[0].hidden_size == 9
        await it.press("w", "enter", "y")
        await wait_until(lambda: load(store.own_path("my-echo")).preset.lanes[0].hidden_size == 10)


async def test_a_failed_save_says_so_and_keeps_everything_and_q_asks_before_it_is_lost(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    async with lab(size=SMALL) as it:
        await it.press("plus", "S")
        await it.step_is(10)
        monkeypatch.setattr("rnn_tui.storage.atomic_write.os.fsync", full)
        await it.press("w", "enter")
        await wait_until(lambda: "No space left on device" in it.notices())
        assert it.view.frame.step == 10
        assert it.view.unsaved
        assert not store.own_path("my-echo").exists()
        await it.press("q")
        await it.shows("unsaved changes")
        await it.press("n")
        assert isinstance(it.app.screen, LabScreen)
        await it.press("q", "y")
        await wait_until(lambda: is_exiting(it.app))


async def test_a_file_that_cannot_be_used_says_why_in_the_dialog(tmp_path) -> None:  # type: ignore[no-untyped-def]
    (tmp_path / "bad.csv").write_text("a,b\n1,x\n2,y\n")
    (tmp_path / "good.csv").write_text("a\n" + "\n".join(str(i % 7) for i in range(200)))
    async with lab(size=SMALL) as it:
        await it.press("o")
        path = it.app.screen.query_one("#path", Input)
        path.value = str(tmp_path / "bad.csv")
        await it.press("enter")
        await it.shows("2 numbers")  # a is the only column of numbers: enter opens
        await it.press("enter")
        await it.shows("too short")
        path.value = str(tmp_path / "good.csv")
        path.focus()
        await it.press("enter")
        await it.shows("200 numbers")
        await it.press("enter")
        await wait_until(lambda: it.view.name == "good")
        assert it.view.frame.task.kind == "csv"  # type: ignore[attr-defined]


async def test_a_divergence_pauses_says_what_to_try_and_b_goes_back() -> None:
    wild = preset(
        task={"kind": "wave"},
        training={"optimizer": "sgd", "learning_rate": 1000.0, "clip_norm": 0.0, "speed": 0},
        lanes=[{"kind": "rnn", "activation": "identity", "gain": 3.0}],
    )
    async with lab(wild, SMALL) as it:
        await it.press("space")
        await wait_until(lambda: "diverged at step" in it.notices())
        assert not it.view.playing
        assert "learning rate" in it.view.frame.notice
        step = it.view.frame.step
        await it.press("b")
        await it.step_is(max(0, step - 1))


async def test_every_key_is_survived_where_nothing_fits_and_the_lab_comes_back() -> None:
    keys = ["right", "down", *"sbyla", "plus", "1", "down", *"2345zz6r", "question_mark", "escape"]
    async with lab(size=(20, 5)) as it:
        await it.press(*keys)
        await it.shows("needs", "60×18")
        await it.pilot.resize_terminal(*SMALL)
        await it.shows("q Quit")


async def test_f_goes_from_forecasts_to_those_that_run_free_to_bars_and_back() -> None:
    async with lab(load(find("wave"))) as it:
        await it.shows("from true inputs")
        await it.press("f")
        await it.shows("free-running from t = 20")
        await it.press("f")
        await it.shows("target    ·")
        await it.press("f")
        await it.shows("from true inputs")


async def test_f_says_why_nothing_happens_where_nothing_is_forecast() -> None:
    async with lab() as it:
        await it.press("f")
        await it.shows("only forecasts of numbers")


async def test_a_click_on_a_tab_shows_its_panel_and_tabs_look_as_they_say_and_not_as_links() -> None:
    async with lab(size=(60, 18)) as it:
        line = strips_of(it.app)[1]
        assert not any(segment.style and segment.style.underline for segment in line)
        looks = {segment.text.strip(): segment.style.color for segment in line if segment.text.strip()}
        assert looks["6 equation"] != looks["4 loss"]
        for name, number in (("4 loss", 4), ("5 compare", 5), ("3 hidden", 3)):
            x = it.screen_text().splitlines()[1].index(name)
            await it.pilot.click(offset=(x + 2, 1))
            await wait_until(
                lambda number=number: it.app.lab.panels.active and it.app.lab.panels.active.declaration.number == number
            )


async def test_the_same_run_is_kept_once() -> None:
    async with lab(size=SMALL) as it:
        await it.press("s")
        await it.step_is(1)
        await it.press("k", "k")
        await wait_until(lambda: "saved already, as curve 1" in it.notices())
        assert len(it.app.training.session.histories.pinned_runs) == 1


def failing(text: str) -> Command:
    def command(_: TrainingThread) -> str:
        raise RnnTuiError(text)

    return command


async def test_no_error_takes_the_place_of_another_and_after_a_bug_the_lab_works_on() -> None:
    async with lab(size=SMALL) as it:
        for text in ("disk full", "no such file", "disk full"):
            it.app.training.channel.send(Command(failing(text)))
            await wait_until(lambda text=text: text in it.notices())
        assert sorted(note.message for note in notifications_of(it.app)) == ["disk full", "no such file"]
        it.app.training.channel.send(Command(lambda _: str(1 / 0)))
        await wait_until(lambda: "a bug in rnn-tui" in it.notices())
        await it.press("s")
        await it.step_is(1)
        assert it.app.outcome()[0] == 1
        assert "ZeroDivisionError" in it.app.outcome()[1]


async def test_leaving_at_once_asks_for_a_change_that_is_under_way_or_done() -> None:
    async with lab(size=SMALL) as it:
        hold = threading.Event()

        def slowly(thread: TrainingThread) -> None:
            hold.wait(10)
            thread.session.change({"training.learning_rate": 0.5})

        it.app.training.channel.send(Command(slowly))
        await it.press("q")
        await it.shows("still running")
        await it.press("n")
        hold.set()
        await wait_until(lambda: not it.app.training.channel.busy)
        await it.press("q")
        await it.shows("unsaved changes. Quit")

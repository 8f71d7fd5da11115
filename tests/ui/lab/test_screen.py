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
from rnn_tui.ui.widgets.text_widgets import TextPage


async def test_the_first_screen_says_what_is_asked_and_what_to_press() -> None:
    async with lab() as it:
        await it.shows("Can a net without memory", "space trains", "space Play", "? Help", "q Quit", "1 controls")
        assert it.view.frame.step == 0


async def test_a_run_that_cannot_be_replayed_here_is_opened_and_it_is_said() -> None:
    session = Session(load(find("echo")).preset)
    session.replay_note = "this run cannot be replayed here"
    app = LabApp(load(find("echo")), session)
    async with app.run_test(notifications=True) as pilot:
        await wait_until(lambda: "cannot be replayed here" in Lab(app, pilot).notices())


async def test_s_and_b_move_by_one_and_their_capitals_by_ten() -> None:
    async with lab() as it:
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


async def test_space_plays_and_pauses() -> None:
    async with lab() as it:
        await it.press("space")
        await wait_until(lambda: it.view.playing and it.view.frame.step > 5)
        await it.press("space")
        await wait_until(lambda: not it.view.playing)
        stopped = it.view.frame.step
        await it.press("s")
        await it.step_is(stopped + 1)


async def test_a_step_while_playing_pauses() -> None:
    async with lab() as it:
        await it.press("space")
        await wait_until(lambda: it.view.frame.step > 2)
        await it.press("s")
        await wait_until(lambda: not it.view.playing)


async def test_play_pauses_where_the_preset_says() -> None:
    async with lab(load(find("echo"), {"training.steps": 30, "training.speed": 0})) as it:
        await it.press("space")
        await wait_until(lambda: it.view.frame.step == 30 and not it.view.playing)
        await wait_until(lambda: "30 steps" in it.notices())
        await it.shows("next: xor", "p opens the next preset, xor")
        await it.press("p")
        await it.shows("temporal-xor")
        await it.press("enter")
        await wait_until(lambda: it.view.name == "xor")


async def test_the_pace_goes_to_flat_out_and_back() -> None:
    async with lab(preset(training={"speed": 1000})) as it:
        await it.press("greater_than_sign", "greater_than_sign")
        await wait_until(lambda: it.view.pace == 0)
        await it.press("greater_than_sign", "less_than_sign")
        await wait_until(lambda: it.view.pace == 2000)


async def test_arrows_move_through_time_and_units_and_stop_at_the_ends() -> None:
    async with lab() as it:
        await it.press("right", "right", "down")
        assert (it.view.t, it.view.unit) == (2, 1)
        await it.press("left", "left", "left", "up", "up")
        assert (it.view.t, it.view.unit) == (0, 7)
        await it.press("end", "right")
        assert it.view.t == 39
        await it.press("home")
        assert it.view.t == 0


async def test_before_training_only_time_steps_up_to_t_are_lit() -> None:
    async with lab() as it:
        await it.press("right", "right")
        assert it.view.lit == range(3)
        await it.press("s")
        await it.step_is(1)
        assert it.view.lit == range(40)


async def test_l_shows_the_other_lane() -> None:
    async with lab() as it:
        await it.press("l")
        await it.shows("h_t of FNN(1)")
        await it.press("l")
        await it.shows("h_t of RNN")


async def test_rewind_keeps_the_history_and_a_new_seed_does_not() -> None:
    async with lab() as it:
        await it.press("S")
        await it.step_is(10)
        await it.press("r")
        await it.step_is(0)
        assert it.view.frame.last_step == 10
        await it.press("R")
        await wait_until(lambda: it.view.frame.preset.training.seed == 1)
        assert it.view.frame.last_step == 0


async def test_a_new_activation_and_another_hidden_size_restart_the_lane_and_say_so() -> None:
    async with lab() as it:
        await it.press("S")
        await it.step_is(10)
        await it.press("a")
        await wait_until(lambda: it.view.shown.settings.activation == "relu")
        assert it.view.frame.step == 0
        await wait_until(lambda: "restarts from step 0" in it.notices())
        assert len(it.view.frame.lanes[1].losses) == 10
        await it.press("plus")
        await wait_until(lambda: it.view.shown.settings.hidden_size == 9)
        await it.press("minus", "minus")
        await wait_until(lambda: it.view.shown.settings.hidden_size == 7)


async def test_undo_takes_a_change_back_with_the_history_it_cost() -> None:
    async with lab() as it:
        await it.press("S")
        await it.step_is(10)
        await it.press("a")
        await it.step_is(0)
        await it.press("ctrl+z")
        await it.step_is(10)
        assert it.view.shown.settings.activation == "tanh"
        await wait_until(lambda: "undone: RNN f relu → tanh" in it.notices())
        await it.press("ctrl+y")
        await wait_until(lambda: "redone: RNN f tanh → relu" in it.notices())


async def test_the_controls_change_the_learning_rate_without_a_reset() -> None:
    async with lab() as it:
        await it.press("S")
        await it.step_is(10)
        await it.press("1", *["down"] * 7, "right", "enter")
        await wait_until(lambda: it.view.frame.preset.training.learning_rate == pytest.approx(0.02))
        assert it.view.frame.step == 10
        await it.shows("‹0.02›", "changed: lr 0.01 → 0.02")


async def test_a_typed_value_is_checked_in_its_dialog() -> None:
    async with lab() as it:
        await it.press("1", "down", "down", "enter")
        field = it.app.screen.query_one(Input)
        field.value = "0"
        await it.press("enter")
        await it.shows("must be at least 1")
        field.value = "12"
        await it.press("enter")
        await wait_until(lambda: it.view.shown.settings.hidden_size == 12)


async def test_the_cell_can_become_any_other_and_come_back() -> None:
    async with lab() as it:
        await it.press("1")
        for kind in ("gru", "lstm", "fnn", "rnn"):
            await it.press("right", "enter")
            await wait_until(lambda kind=kind: it.view.shown.settings.kind == kind)


async def test_g_shows_the_gates_one_after_the_other_and_h_again() -> None:
    async with lab() as it:
        await it.press("1", "right", "right", "enter")
        await wait_until(lambda: it.view.shown.settings.kind == "lstm")
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


async def test_the_depth_of_bptt_changes_on_the_run() -> None:
    async with lab() as it:
        await it.press("S")
        await it.step_is(10)
        await it.press("1", *["down"] * 5, "right", "enter")
        await wait_until(lambda: it.view.shown.settings.truncation == 10)
        assert it.view.frame.step == 10


async def test_y_changes_the_loss_axis_and_n_what_is_drawn_also_from_another_panel() -> None:
    async with lab() as it:
        await it.shows("nats, log")
        await it.press("y")
        await it.shows("nats, linear")
        await it.press("5", "z", "n")
        await it.shows("4 gradient norm")
        assert it.view.norms
        await it.press("n")
        await it.shows("4 loss")


async def test_every_panel_can_be_zoomed_and_comes_back() -> None:
    async with lab() as it:
        for number in range(1, 10):
            await it.press(str(number), "z")
            shown = {panel.declaration.number for panel in it.app.lab.query(Panel) if panel.display}
            assert number in shown
            assert shown <= {number, 6}
            await it.press("z")
            page = {panel for panel in it.app.lab.query(Panel) if panel.declaration.is_on(it.view.page)}
            assert {panel for panel in it.app.lab.query(Panel) if panel.display} == page


async def test_esc_leaves_the_zoom_and_else_does_nothing() -> None:
    async with lab() as it:
        shown = {panel.declaration.name for panel in it.app.lab.query(Panel) if panel.display}
        await it.press("3", "z")
        await it.shows("x         ")
        assert [panel.declaration.name for panel in it.app.lab.query(Panel) if panel.alone] == ["hidden_state"]
        for _ in range(2):
            await it.press("escape")
            assert {panel.declaration.name for panel in it.app.lab.query(Panel) if panel.display} == shown


async def test_the_cursor_starts_where_something_is_scored() -> None:
    async with lab(load(find("adding-long")), (80, 24)) as it:
        assert it.view.t == 99
        await it.shows("‹ 34 earlier")
        await it.press("home")
        await it.shows("t = 99 is scored ›")


async def test_the_zoomed_equation_adds_up() -> None:
    async with lab() as it:
        await it.press("right", "right", "6", "enter")
        await it.shows("b_h", "z of u0 at t = 2", "W_hh·h_(t-1)[u7]")
        await it.press("enter")
        await it.shows("5 more", "t = 2:")


async def test_saving_asks_for_a_name_says_where_it_went_and_asks_before_overwriting() -> None:
    async with lab() as it:
        await it.press("plus", "w")
        field = it.app.screen.query_one(Input)
        assert field.value == "my-echo"
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


async def test_a_name_that_cannot_be_used_keeps_the_dialog_open() -> None:
    async with lab() as it:
        await it.press("w")
        it.app.screen.query_one(Input).value = "../echo"
        await it.press("enter")
        await it.shows("is not allowed as a preset's name")
        await it.press("escape")
        assert isinstance(it.app.screen, LabScreen)


async def test_a_failed_save_says_so_and_keeps_everything(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    async with lab() as it:
        await it.press("S")
        await it.step_is(10)
        monkeypatch.setattr("rnn_tui.storage.atomic_write.os.fsync", full)
        await it.press("w", "enter")
        await wait_until(lambda: "No space left on device" in it.notices())
        assert it.view.frame.step == 10
        assert not store.own_path("my-echo").exists()


async def test_a_preset_is_picked_from_the_list_and_undo_brings_the_old_one_back() -> None:
    async with lab() as it:
        await it.press("S")
        await it.step_is(10)
        await it.press("p")
        await it.shows("temporal-xor")  # they are listed
        await it.press("down", "enter")
        await wait_until(lambda: it.view.name == "xor")
        await it.press("ctrl+z")
        await wait_until(lambda: it.view.name == "echo" and it.view.frame.step == 10)


async def test_a_file_that_cannot_be_used_says_why_in_the_dialog(tmp_path) -> None:  # type: ignore[no-untyped-def]
    (tmp_path / "bad.csv").write_text("a,b\n1,x\n2,y\n")
    (tmp_path / "good.csv").write_text("a\n" + "\n".join(str(i % 7) for i in range(200)))
    async with lab() as it:
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
    async with lab(wild) as it:
        await it.press("space")
        await wait_until(lambda: "diverged at step" in it.notices())
        assert not it.view.playing
        assert "learning rate" in it.view.frame.notice
        step = it.view.frame.step
        await it.press("b")
        await it.step_is(max(0, step - 1))


async def test_help_explains_every_key_and_closes() -> None:
    async with lab(size=(120, 160)) as it:
        await it.press("question_mark")
        text = it.screen_text()
        for binding in lab_keys():
            assert binding.action.startswith("panel(") or " ".join(binding.tooltip.split()) in text
        await it.press("escape")
        assert isinstance(it.app.screen, LabScreen)


async def test_every_key_is_named_explained_and_in_the_command_palette() -> None:
    async with lab() as it:
        commands = {choice.name for choice in ActionProvider(it.app.screen).actions()}
        assert all(binding.id and binding.tooltip for binding in lab_keys())
        assert {binding.description for binding in lab_keys()} <= commands


async def test_q_asks_only_where_settings_are_not_saved() -> None:
    async with lab() as it:
        await it.press("plus")
        await wait_until(lambda: it.view.unsaved)
        await it.press("q")
        await it.shows("unsaved changes")
        await it.press("n")
        assert isinstance(it.app.screen, LabScreen)
        await it.press("q", "y")
        await wait_until(lambda: is_exiting(it.app))


@pytest.mark.parametrize("size", [(80, 24), (20, 5)])
async def test_every_size_survives_every_key(size: tuple[int, int]) -> None:
    keys = ["right", "down", *"sbyla", "plus", "1", "down", *"2345zz6r", "question_mark", "escape"]
    async with lab(size=size) as it:
        await it.press(*keys)
        if size[0] >= 60:
            await it.shows("q Quit")
        else:
            await it.shows("needs", "60×18")


async def test_resizing_while_playing_survives() -> None:
    async with lab(preset(training={"speed": 20, "steps": 0})) as it:
        await it.press("space")
        for size in [(20, 5), (200, 60), (120, 36)]:
            await it.pilot.resize_terminal(*size)
            await it.pilot.pause()
        await wait_until(lambda: it.view.frame.step > 10)
        await it.shows("q Quit", "1 controls")


async def test_redo_brings_back_what_undo_took() -> None:
    async with lab() as it:
        await it.press("a", "S")
        await it.step_is(10)
        await it.press("ctrl+z")
        await it.step_is(0)
        await it.press("ctrl+y")
        await it.step_is(10)
        assert it.view.shown.settings.activation == "relu"


async def test_changes_to_a_preset_that_was_left_for_another_are_not_lost_by_quitting() -> None:
    async with lab() as it:
        await it.press("plus", "p")
        await it.shows("temporal-xor")  # they are listed
        await it.press("down", "enter")
        await wait_until(lambda: it.view.name == "xor")
        await it.press("q")
        await it.shows("A preset that was open before has unsaved")
        await it.press("n", "ctrl+q")
        await it.shows("A preset that was open before has unsaved")


async def test_the_pace_is_saved_with_the_settings() -> None:
    async with lab() as it:
        before = it.view.pace
        await it.press("greater_than_sign", "w", "enter")
        await wait_until(lambda: "saved as" in it.notices())
        assert load(store.own_path("my-echo")).preset.training.speed > before


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


async def test_a_task_with_more_inputs_gets_more_rows() -> None:
    async with lab(preset(task={"kind": "adding"}, training={"sequence_length": 20})) as it:
        await it.shows("value ", "mark ", "only t = 19 is scored")


async def test_the_controls_mark_a_row_while_they_have_the_focus_and_no_longer() -> None:
    for size in ((120, 36), (80, 24)):
        async with lab(size=size) as it:
            for _ in range(2):
                await it.press("1")
                await it.shows("‹ rnn ›")
                await it.press("3")
                await wait_until(lambda: "‹ rnn ›" not in it.screen_text())


async def test_a_click_on_a_tab_shows_its_panel() -> None:
    async with lab(size=(60, 18)) as it:
        for name, number in (("4 loss", 4), ("5 compare", 5), ("3 hidden", 3)):
            x = it.screen_text().splitlines()[1].index(name)
            await it.pilot.click(offset=(x + 2, 1))
            await wait_until(
                lambda number=number: it.app.lab.panels.active and it.app.lab.panels.active.declaration.number == number
            )


async def test_the_same_run_is_kept_once() -> None:
    async with lab() as it:
        await it.press("s")
        await it.step_is(1)
        await it.press("k", "k")
        await wait_until(lambda: "saved already, as curve 1" in it.notices())
        assert len(it.app.training.session.histories.pinned_runs) == 1


async def test_the_palette_over_a_dialog_has_no_commands_of_the_lab() -> None:
    async with lab() as it:
        assert "Presets" in {choice.name for choice in ActionProvider(it.app.screen).actions()}
        await it.press("t")
        await wait_until(lambda: it.app.screen is not it.app.lab)
        assert not [*ActionProvider(it.app.screen).actions()]


async def test_a_setting_has_one_line_beside_the_scroll_bar_too() -> None:
    async with lab(size=(80, 24)) as it:
        await it.press("1", "down", "right", "right")
        await it.shows("activation ‹sigmoid›", "l: next")
        page = it.app.lab.query_one(ControlsPanel).query_one(TextPage)
        assert page.size.height == page.text.count("\n") + 1


async def test_tabs_look_as_they_say_and_not_as_links() -> None:
    async with lab(size=(60, 18)) as it:
        line = strips_of(it.app)[1]
        assert not any(segment.style and segment.style.underline for segment in line)
        looks = {segment.text.strip(): segment.style.color for segment in line if segment.text.strip()}
        assert looks["6 equation"] != looks["4 loss"]


def failing(text: str) -> Command:
    def command(_: TrainingThread) -> str:
        raise RnnTuiError(text)

    return command


async def test_no_error_takes_the_place_of_another_and_the_same_one_is_shown_once() -> None:
    async with lab() as it:
        for text in ("disk full", "no such file", "disk full"):
            it.app.training.channel.send(Command(failing(text)))
            await wait_until(lambda text=text: text in it.notices())
        assert sorted(note.message for note in notifications_of(it.app)) == ["disk full", "no such file"]


async def test_a_bug_is_told_and_the_lab_works_on() -> None:
    async with lab() as it:
        it.app.training.channel.send(Command(lambda _: str(1 / 0)))
        await wait_until(lambda: "a bug in rnn-tui" in it.notices())
        await it.press("s")
        await it.step_is(1)
        assert it.app.outcome()[0] == 1
        assert "ZeroDivisionError" in it.app.outcome()[1]


async def test_keys_for_the_pace_count_from_the_pace_that_is_reached_by_then() -> None:
    async with lab() as it:
        at = PACES.index(it.view.pace)
        hold = threading.Event()
        it.app.training.channel.send(Command(lambda _: hold.wait(10) and None))
        await it.press("greater_than_sign", "greater_than_sign")
        hold.set()
        await wait_until(lambda: it.view.pace == PACES[at + 2])


async def test_leaving_at_once_asks_for_a_change_that_is_under_way_or_done() -> None:
    async with lab() as it:
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

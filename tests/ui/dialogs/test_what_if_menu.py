"""What if in the lab: the menu, with and without, applying, clearing, undo, and a sequence of one's own."""

from support.lab_driver import lab, preset
from support.waiting import wait_until

from rnn_tui.presets.store import find, load


async def test_the_loop_is_cut_with_two_keys_compared_applied_and_undone():
    async with lab() as one:
        await one.press("S")
        await one.step_is(10)
        await one.press("i", "c")
        await one.shows("what if: recurrence cut in RNN", "With recurrence cut, RNN", "with what if")
        await wait_until(lambda: one.view.frame.lanes[0].altered is not None)
        assert one.view.frame.lanes[1].altered is None
        assert "–       –        –" in one.screen_text()  # the FNN cannot do it
        await one.press("e", "e")
        await one.shows(", with − without (e)", "≠")
        await one.press("I")
        await wait_until(lambda: not one.view.frame.what_if)
        await one.press("ctrl+z")
        await one.shows("what if: recurrence cut in RNN")
        before = one.view.frame.lanes[0].weights["W_xh"].copy()
        await one.press("P")
        await wait_until(lambda: one.view.edits == "applied: recurrence cut in RNN")
        await one.shows("applied from step 10 on: recurrence cut in RNN")
        assert not one.view.frame.what_if
        assert not one.view.frame.lanes[0].weights["W_hh"].any()
        await one.press("s")
        await one.step_is(11)
        assert not one.view.frame.lanes[0].weights["W_hh"].any()
        assert (one.view.frame.lanes[0].weights["W_xh"] != before).any()
        await one.press("ctrl+z")
        await wait_until(lambda: bool(one.view.frame.what_if))
        assert one.view.frame.lanes[0].weights["W_hh"].any()


async def test_the_nets_read_a_typed_sequence_until_it_is_dropped_and_something_else_is_typed():
    async with lab(load(find("letters")), size=(120, 40)) as one:
        await one.press("i", "y", *"badii")
        await one.shows("5 time steps")
        await one.press("enter")
        await wait_until(lambda: one.view.frame.length == 5)
        assert one.view.frame.own == "badii"
        assert one.view.frame.mask.tolist() == [1, 1, 1, 1, 0]
        await one.press("i", "e", *"x:2=u", "enter")
        await one.shows("what if: x_2 = u · your sequence")
        await wait_until(lambda: one.view.frame.lanes[0].altered is not None)
        assert (
            one.view.frame.lanes[0].altered.inputs.argmax(axis=1).tolist()
            != one.view.frame.inputs.argmax(axis=1).tolist()
        )
        await one.press("v")
        await one.shows("memory")
        await one.press("escape")
        await wait_until(lambda: not one.view.frame.own)
        assert one.view.frame.length > 5
        assert one.view.frame.what_if


async def test_every_unit_is_silenced_in_turn_and_the_chosen_one_is_shown():
    async with lab(preset(lanes=[{"kind": "rnn", "hidden_size": 4}])) as one:
        await one.press("i", "u")
        await one.shows("Every unit silenced in turn", "u0 silenced", "u3 silenced")
        await one.press("enter")
        await one.shows("what if: u")

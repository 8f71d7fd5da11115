"""The dialog in which nets write text."""

from support.lab_driver import lab
from support.waiting import wait_until
from textual.widgets import Input

from rnn_tui.presets.store import find, load
from rnn_tui.session.generation import Writing, written
from rnn_tui.tasks import TASKS
from rnn_tui.ui.dialogs.writing import PART, WritingDialog, cannot_write
from rnn_tui.ui.lab.screen import LabScreen


def expected(it, lane=0, **wanted):
    """The text that the session itself writes."""
    session = it.app.training.session
    return written(session.experiment, lane, session.timelines[lane], Writing(**{"count": PART, **wanted}))


async def test_each_net_writes_after_a_prompt_at_a_temperature_and_writes_more() -> None:
    async with lab(load(find("letters"))) as it:
        await it.press("T")
        dialog = it.app.screen
        assert isinstance(dialog, WritingDialog)

        async def shows(**wanted):
            text = expected(it, **wanted)
            await wait_until(lambda: dialog.texts and dialog.texts.texts[0] == text)

        await shows()
        assert dialog.texts.texts[3] == expected(it, 3)
        assert dialog.texts.texts[0].startswith(it.view.frame.lanes[0].writing)  # the beginning is in panel 5
        await it.shows("step 0 · temperature 0.8 · draw 1", "RNN", "FNN1")
        await it.press("m")
        await shows(count=2 * PART)
        assert dialog.texts.texts[0].startswith(expected(it))
        await it.press("d", "left")
        await shows(count=2 * PART, draw=1, temperature=0.7)
        await it.press("D")
        await shows(count=2 * PART, temperature=0.7)
        await it.press("enter", "d", "x", "enter")
        await it.shows("'x' is not a symbol of this task")
        await it.shows("enter: write · esc: leave the prompt")
        await it.press("backspace", "i", "enter")
        codes = it.view.frame.task.encoded("di")
        await shows(count=2 * PART, temperature=0.7, prompt=tuple(codes))
        assert dialog.texts.texts[0].startswith("di")
        assert not dialog.query_one(Input).has_focus
        await it.shows("m: write more")
        it.app.training.channel.seek(2)
        await wait_until(lambda: dialog.texts.step == 2)
        await shows(count=2 * PART, temperature=0.7, prompt=tuple(codes))
        await it.press("enter", "escape")  # out of the prompt
        assert it.app.screen is dialog
        await it.press("T")
        assert isinstance(it.app.screen, LabScreen)


async def test_nets_that_predict_no_symbols_say_why_they_write_no_text() -> None:
    async with lab() as it:
        await it.press("T")
        assert isinstance(it.app.screen, LabScreen)
        assert "answer with bits, so they write no text" in it.notices()


def test_every_kind_of_answer_has_its_word():
    said = {kind: cannot_write(TASKS[kind](kind=kind)) for kind in ("echo", "wave", "copy")}
    assert [words.split(" with ")[1].split(",")[0] for words in said.values()] == ["bits", "numbers", "classes"]

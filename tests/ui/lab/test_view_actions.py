"""Keys of the cursor lay nothing out.  Layouts are counted; no clock is read."""

from support.lab_driver import lab
from support.textual_private import count_layouts
from support.waiting import wait_until

from rnn_tui.cli.options import setting
from rnn_tui.presets.store import find, load

CURSOR = ("l", "right", "left", "end", "home", "down", "up", "g", "l", "g", "right", "down")
PASSES = 5


async def test_keys_of_the_cursor_lay_nothing_out_on_either_page(monkeypatch) -> None:
    layouts = count_layouts(monkeypatch)
    file = load(find("echo"), setting(None, None, ("lanes.0.hidden_size=64", "training.sequence_length=50")))
    async with lab(file) as it:
        for page in ("learn", "remember"):
            assert it.view.page == page
            await wait_until(lambda: it.app.lab.is_complete)
            for _ in range(PASSES):  # words, and results that arrive meanwhile, may take more rows, which they keep
                layouts.clear()
                await it.press(*CURSOR)
                await wait_until(lambda: it.app.lab.is_complete)
                if not layouts:
                    break
            assert layouts == []
            await it.press("v")
            assert layouts

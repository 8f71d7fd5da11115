"""Messages are where they hide least."""

import pytest
from support.lab_driver import lab
from support.waiting import wait_until
from textual.geometry import Region
from textual.widgets._toast import Toast

from rnn_tui.presets.store import find, load
from rnn_tui.ui.lab.status_lines import SentenceStrip, StatusLine
from rnn_tui.ui.panels.equation import EquationPanel
from rnn_tui.ui.widgets.footer import Footer

LONG = "the file /home/somebody/experiments/2024/a-long-name-of-a-folder/series.csv has no column with this name; " * 3


def toasts_of(it):
    return list(it.app.screen.query(Toast))


@pytest.mark.parametrize("size", [(200, 60), (120, 36), (80, 24), (60, 18)])
async def test_messages_cover_neither_the_equation_nor_the_lines_below_and_stay_on_the_screen(size):
    async with lab(load(find("cells")), size) as it:
        it.app.notify("RNN hidden 8 → 9 · ctrl+z undoes it", markup=False)
        await wait_until(lambda: toasts_of(it) and toasts_of(it)[0].region)
        assert toasts_of(it)[0].region.height == 1  # short: only the header is covered
        it.app.clear_notifications()
        for number in range(3):
            it.app.notify(f"{number} {LONG}", severity="error", markup=False)
        await wait_until(lambda: len(toasts_of(it)) == 3 and all(toast.region for toast in toasts_of(it)))
        shown = Region(0, 0, *size)
        below = [it.app.lab.query_one(kind) for kind in (EquationPanel, SentenceStrip, StatusLine, Footer)]
        rack = toasts_of(it)[0].parent.parent.region
        assert shown.contains_region(rack)
        for toast in toasts_of(it):
            seen = toast.region.intersection(rack)
            assert toast.region.x >= 0
            assert toast.region.right <= size[0]
            assert toast.region.height >= len(LONG) // 60  # it wraps
            for widget in below:
                assert not (widget.display and widget.region.overlaps(seen)), (widget, toast.region)

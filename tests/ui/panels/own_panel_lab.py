"""Opens labs that have the panel of own_panel.py, and prints what is seen in them as JSON.  Only test_registry.py
runs it.
"""

import asyncio
import json

from support.textual_private import screen_lines
from support.waiting import wait_until
from ui.panels.own_panel import EndPanel

from rnn_tui.ui.panels import registry

registry.register(EndPanel)

from rnn_tui.presets.store import find, load  # noqa: E402
from rnn_tui.session.frame import Demand  # noqa: E402
from rnn_tui.ui.app import LabApp  # noqa: E402
from rnn_tui.ui.config import Config  # noqa: E402
from rnn_tui.ui.dialogs.help import HelpDialog  # noqa: E402
from rnn_tui.ui.input.bindings import places  # noqa: E402
from rnn_tui.ui.input.keymap import Keymap, keymap_of  # noqa: E402
from rnn_tui.ui.lab.active_settings import ActiveSettings  # noqa: E402
from rnn_tui.ui.panels.base import Panel  # noqa: E402


def shown(app):
    return sorted(panel.declaration.name for panel in app.lab.query(Panel) if panel.display)


async def looked_at(size):
    """What is on the screen before the panel's key, after it, and zoomed."""
    app, seen = LabApp(load(find("wave"))), {}
    async with app.run_test(size=size) as pilot:
        await pilot.press("s")
        await wait_until(lambda: app.lab.seen.frame.step == 1)
        seen["before"] = shown(app), Demand.FORECAST in app.lab.seen.frame.demands
        await pilot.press("f10")
        await wait_until(lambda: Demand.FORECAST in app.lab.seen.frame.demands)
        await wait_until(lambda: any("ends at" in line for line in screen_lines(app)))
        seen["after"] = shown(app), app.lab.panels.active.declaration.name, screen_lines(app)
        seen["region"] = list(app.lab.query_one(EndPanel).region)
        seen["ends"] = [float(lane.forecast[-1]) for lane in app.lab.seen.frame.lanes]
        await pilot.press("enter")
        seen["digits"] = screen_lines(app)
        await pilot.press("z")
        await pilot.pause()
        seen["zoomed"] = shown(app), list(app.lab.query_one(EndPanel).region), screen_lines(app)
        await pilot.press("question_mark")
        await wait_until(lambda: isinstance(app.screen, HelpDialog))
        await pilot.pause()
        seen["help"] = screen_lines(app)
        await pilot.press("escape", "z", "4")
        await pilot.press("s")
        await wait_until(lambda: app.lab.seen.frame.step == 2)
        seen["left"] = shown(app), Demand.FORECAST in app.lab.seen.frame.demands
    return seen


async def moved():
    """With another key for it, from the user's settings."""
    keys, problems = keymap_of(Config(keys={"look.panel_10": "f7", "end.digits": "f8"}))
    app = LabApp(load(find("wave")), settings=ActiveSettings(keys=keys))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("f7")
        await wait_until(lambda: any("ends at" in line for line in screen_lines(app)))
        return problems, app.lab.panels.active.declaration.name


async def main():
    seen = {f"{width}x{height}": await looked_at((width, height)) for width, height in ((120, 36), (80, 24), (60, 18))}
    seen["moved"] = await moved()
    seen["clash"] = keymap_of(Config(keys={"run.step": "f10"}))[1]
    seen["help"] = HelpDialog(Keymap()).page(200).plain.splitlines()
    seen["places"] = {place: [binding.id for binding in bindings] for place, bindings in places().items()}
    print(json.dumps(seen))


asyncio.run(main())

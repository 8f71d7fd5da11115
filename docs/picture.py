"""Write docs/lab.svg, the picture of the lab in the README:

    .venv/bin/python docs/picture.py

It runs the program without a terminal: the preset echo after 250 updates, with the cursor at t = 12.
"""

import asyncio
import re
from pathlib import Path

from rnn_tui.presets.store import find, load
from rnn_tui.ui.app import LabApp

TARGET = Path(__file__).with_name("lab.svg")


async def picture() -> str:
    """Return the screen of the lab as SVG."""
    app = LabApp(load(find("echo")))
    async with app.run_test(size=(120, 36)) as pilot:
        await pilot.press(*["right"] * 12)
        app.lab.channel.seek(250)
        while app.lab.view is None or app.lab.view.frame.step < 250:
            await pilot.pause(0.05)
        await pilot.pause(0.5)
        return app.export_screenshot(title="rnn-tui")


def main() -> None:
    svg = asyncio.run(picture())
    svg = re.sub(r"<!--.*?-->\n?", "", svg, flags=re.DOTALL)
    svg = re.sub(r"@font-face \{.*?\}\n", "", svg, flags=re.DOTALL)  # do not load fonts from the web; use the reader's
    TARGET.write_text(svg, encoding="utf-8")
    print(TARGET.name)


if __name__ == "__main__":
    main()

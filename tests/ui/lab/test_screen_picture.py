"""Pictures of the lab: what they show, in which colors, and that the lab is the same afterwards."""

from xml.etree import ElementTree

import pytest
from support.lab_driver import lab, preset
from support.textual_private import strips_of
from support.waiting import wait_until

from rnn_tui.ui.panels.loss import LossPanel
from rnn_tui.ui.render.palette import LIGHT, THEME, palette


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    """Where the lab was started."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def tried():
    return preset(training={"steps": 0, "sequence_length": 8, "batch_size": 2})


def words(svg):
    return " ".join(text for each in ElementTree.fromstring(svg).iter() if (text := each.text))


async def test_a_picture_is_the_same_from_every_theme_the_lab_stays_as_it_is_and_a_panel_has_its_own_size() -> None:
    drawn = []
    for theme in (LIGHT.name, "nord"):
        async with lab(tried()) as it:
            it.app.theme = theme
            await it.pilot.pause(0.1)
            before = strips_of(it.app)
            drawn.append([it.app.lab.picture.of("", dark).svg for dark in (False, True)])
            assert it.app.theme == theme
            assert strips_of(it.app) == before
            loss, place = it.app.lab.picture.of("loss"), it.app.lab.query_one(LossPanel).region
    assert drawn[0] == drawn[1]
    light, dark = drawn[0]
    assert f'height="576" fill="{LIGHT.background}"' in light
    assert f'height="576" fill="{THEME.background}"' in dark
    for svg, colors in ((light, palette(False)), (dark, palette(True))):
        assert f'<g fill="{colors.lanes[0]}"' in svg
        assert "hidden state" in words(svg)
    tree = ElementTree.fromstring(loss.svg)
    assert (tree.get("width"), tree.get("height")) == (str(8 * place.width), str(16 * place.height))
    assert loss.title == "rnn-tui: loss of tried at step 0"
    assert "hidden state" not in words(loss.svg)


async def test_x_saves_the_panel_or_the_screen_without_the_dialogs_and_beside_what_was_there(folder) -> None:
    async with lab(tried()) as it:
        await it.press("4", "x")
        await it.shows("a picture of panel 4 loss alone")
        await it.press("down", "enter")
        await it.shows("Picture of panel 4 loss", "SVG, light", "PDF, dark")
        await it.press("down", "down", "enter")
        await wait_until((folder / "tried-0-loss.png").exists)
        await wait_until(lambda: str(folder / "tried-0-loss.png") in it.notices().replace("\n", ""))
        (folder / "tried-0.svg").write_text("mine")
        await it.press("x", "enter", "enter")
        await wait_until((folder / "tried-0-2.svg").exists)
        text = words((folder / "tried-0-2.svg").read_text(encoding="utf-8"))
    assert "rnn-tui: tried at step 0" in text
    assert "hidden state" in text
    assert "Export" not in text
    assert "saved as" not in text

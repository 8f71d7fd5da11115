"""Lessons in the lab, with real keys: through them, away from them and back, in slow motion, and in the next lab."""

from pathlib import Path

import pytest
from support.lab_driver import lab, preset
from support.lesson_documents import CHOICE, PLAIN, ROW, TRAIN, written
from support.lesson_driver import lesson_lab, opened
from support.waiting import wait_until

from rnn_tui.presets.store import find, load
from rnn_tui.ui.app import LabApp
from rnn_tui.ui.lab.lesson_provider import LessonProvider
from rnn_tui.ui.lessons import lesson_store, progress_file
from rnn_tui.ui.lessons.lesson_strip import LessonStrip
from rnn_tui.ui.panels.controls import ControlsPanel
from rnn_tui.ui.slow_motion.screen import SlowMotionScreen

OPENS = """
[[pages]]
text = "Press {file.pick}, and open adding-long."
until = "preset = adding-long"
done = "It is open."
"""
SLOW = """
[[pages]]
text = "Press {run.slow}, and go on twice with {slow.on}."
until = ["action slow.on 2 times", "step = 0"]
solution = "u right right"
"""


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("RNN_TUI_HOME", str(tmp_path))
    return tmp_path


async def test_one_may_stray_and_comes_back_to_the_nets_and_the_screen_of_the_page(home: Path) -> None:
    async with lesson_lab(written(home, TRAIN, CHOICE, ROW)) as it:
        await it.shows("─ The floor ─ page 1 of 3 ─", "○ waiting: step ≥ 3, now 0", "▸ 4 loss")
        await it.press("M", "J")
        assert "no answer to mark" in it.notices()
        await it.press("h", "N")
        await it.shows("Hint: Press s for one update.", "N again skips this page")
        t = it.view.t
        await it.press("s", "right", "down", "v")
        await it.shows("now 1")
        await wait_until(lambda: opened(it).run is not None)
        await it.press("G")
        await wait_until(lambda: (it.view.frame.step, it.view.t, it.view.unit, it.view.page) == (0, t, 0, "learn"))
        await it.press("ctrl+z")
        await it.step_is(1)
        await it.press("V")
        assert "page 1 of 3" not in it.screen_text()
        assert "▸ 4 loss" not in it.screen_text()
        await it.press("s", "s", "N")  # which only shows it again
        await it.shows("page 1 of 3", "✓ Step 3.", "N next")
        await it.press("N")
        await it.shows("page 2 of 3", " ○ three bits     ○ one bit ")
        assert "▸ 4 loss" not in it.screen_text()
        await it.pilot.click(LessonStrip, offset=(24, 2))
        await it.shows(" ✓ one bit ", "✓ Yes.")
        await it.press("N")
        await it.shows("page 3 of 3", "▸ gain", "▸ 1 controls")
        await it.press("l")
        await it.shows("▸ l selects the lane RNN, which has this row")
        await it.press("L", "x")
        assert "page 3 of 3" not in it.screen_text()
        assert it.app.lab.query_one(ControlsPanel).has_class("-framed") is False
        await it.press("N")
        assert "no lesson is open; L lists them" in it.notices()
    assert progress_file.read().begun["mine"].number == 2


async def test_on_another_preset_it_says_which_key_leads_back_unless_the_page_asks_for_one(home: Path) -> None:
    leads_back = "▸ The preset adding-long is open; G brings back the nets of this page"
    async with lesson_lab(written(home, TRAIN, OPENS)) as it:
        await wait_until(lambda: opened(it).run is not None)
        assert leads_back not in it.screen_text()
        for count in (1, 2):
            await it.press("p", *"adding-long", "enter")
            await wait_until(lambda: it.view.name == "adding-long")
            await it.shows(leads_back, f"page {count} of 2") if count == 1 else await it.shows("✓ It is open.")
            assert (leads_back in it.screen_text()) == (count == 1)
            await it.press("G")
            await wait_until(lambda: it.view.name == "echo")
            assert "G brings back" not in it.screen_text()
            await it.press("N", "N")


async def test_the_next_lab_resumes_the_page_with_its_nets_and_a_newcomer_is_welcomed_once(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lesson_store, "bundled_folder", lambda: home / "lessons")
    (home / "lessons").mkdir()
    (home / "lessons" / lesson_store.COURSE).write_text("first\n", encoding="utf-8")
    written(home, TRAIN, PLAIN, name="first")
    async with welcoming() as it:
        await it.shows("New here? Lesson 1, The floor (3 min)", "N begins it", "V hides this")
        await it.press("s", "N")
        await it.shows("page 1 of 2", "now 0")  # on nets of its own
        await it.press("s", "s", "s", "right")
        await it.shows("✓ Step 3.")
        await it.press("N")
        await it.shows("page 2 of 2")
        t, loss = it.view.t, it.view.frame.lanes[0].score.loss
        await wait_until(progress_file.run_path("first", 1).exists)
    async with welcoming() as it:
        await it.shows("Lesson 1, The floor (page 2)", "N continues it")
        await it.press("N")
        await it.shows("page 2 of 2", "That is all.")
        assert (it.view.frame.step, it.view.t, it.view.frame.lanes[0].score.loss) == (3, t, loss)
        await it.press("ctrl+z")
        await it.step_is(0)
        await it.press("N")
        await it.shows("✓ Done. L lists all lessons.")
        await it.press("V")
    async with welcoming() as it:
        assert "Lesson" not in it.screen_text()


async def test_a_page_whose_nets_were_not_saved_is_not_shown_with_those_of_another_page(home: Path) -> None:
    entry = written(home, TRAIN, PLAIN, CHOICE)
    async with lesson_lab(entry) as it:
        await it.press("s", "s", "s")
        await it.shows("✓ Step 3.")
        await it.press("N")
        await it.shows("page 2 of 3")
        await wait_until(lambda: progress_file.saved_page("mine", 2) == 1)
        (home / "lessons" / "mine.page-3.safetensors").mkdir()  # so that nothing can be saved there
        await it.press("s", "N")
        await it.shows("page 3 of 3")
        await wait_until(lambda: "the lesson continues with the nets that were saved last" in it.notices())
    async with lesson_lab(entry) as it:
        await it.shows("page 2 of 3")
        assert it.view.frame.step == 3
        assert "back to page 2, since the nets of page 3 were not saved" in it.notices()
        (home / "lessons" / "mine.page-3.safetensors").rmdir()
        await it.press("N")
        await it.shows("page 3 of 3")
        await wait_until(lambda: progress_file.saved_page("mine", 2) == 2)
        await it.press("M")
        await it.shows("page 2 of 3")
        await wait_until(lambda: progress_file.saved_page("mine", 2) == 1)
        await it.press("N")
        await wait_until(lambda: progress_file.saved_page("mine", 2) == 2)
        await it.press("J", "J", "N", "N")
        await it.shows("✓ Done.")
    assert progress_file.saved_page("mine", 2) is None
    assert progress_file.read().done == ("mine",)


def welcoming(file=None):
    return lab(app=LabApp(file or load(find("echo")), welcomes=True))


async def test_slow_motion_shows_the_lesson_and_what_is_done_there_counts(home: Path) -> None:
    entry = written(home, SLOW, PLAIN)
    (home / "lessons" / progress_file.NAME).write_text("{", encoding="utf-8")
    async with lesson_lab(entry, size=(80, 24)) as it:
        assert it.notices().count("is not saved") == 1
        await it.press("u")
        await it.shows("1 forward", "page 1 of 2", "Forward (→), 0 of 2 times")
        assert isinstance(it.app.screen, SlowMotionScreen)
        await it.press("right", "right")
        await it.shows("✓ Done.", "t = 2:")
        await it.press("N")
        await it.shows("page 2 of 2", "t = 2:")
        await wait_until(lambda: opened(it).run is not None)
        await it.press("G")
        await it.shows("page 2 of 2", "space trains")
        assert it.app.screen is it.app.lab
        assert it.notices().count("is not saved") == 1
    assert (home / "lessons" / progress_file.NAME).read_text(encoding="utf-8") == "{"


async def test_keys_of_lessons_say_that_none_is_open_and_the_list_opens_one(home: Path) -> None:
    written(home, TRAIN)
    async with lab(preset(), size=(60, 18)) as it:
        await it.press("G")
        assert "no lesson is open; L lists them" in it.notices()
        await it.press("L", "end", "enter")
        await it.shows("The floor", "page 1 of 1", "▸ 4 shows panel 4, loss")
        palette = LessonProvider(it.app.lab)
        await palette.startup()
        (hit,) = [hit async for hit in palette.search("memory under floor") if str(hit.text) == "The floor"]
        assert "A net without memory cannot get under a floor." in str(hit.match_display)
        await it.press("4", "L", "end", "r")
        await it.shows("page 1 of 1", "▸ 4 loss")
        assert opened(it).entry.name == "mine"

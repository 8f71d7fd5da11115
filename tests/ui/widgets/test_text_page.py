"""Text that scrolls in its rows: other text changes no layout, and only rows that differ are painted."""

import pytest
from support.textual_private import turn_wheel
from support.widget_hosts import hosted
from textual.content import Content
from textual.events import MouseScrollDown, MouseScrollUp
from textual.geometry import Region

from rnn_tui.ui.widgets.text_page import TextPage


def words(count):
    """A text that wraps to another number of rows at another width."""
    return Content(" ".join(f"word{i:02}" for i in range(count)))


@pytest.fixture
def paints(monkeypatch):
    """How a page was painted again, each time: the rows, or all of them; "layout" where that meant another layout."""
    found, refresh = [], TextPage.refresh

    def noted(self, *regions, layout=False, **how):
        found.append("layout" if layout else [y for region in regions for y in region.line_range] or "all")
        return refresh(self, *regions, layout=layout, **how)

    monkeypatch.setattr(TextPage, "refresh", noted)
    return found


async def test_only_rows_that_differ_are_painted_and_nothing_is_laid_out(paints):
    page = TextPage()
    async with hosted(page, size=(20, 4)) as (app, pilot):
        page.say(Content("a\nb\nc"))
        await pilot.pause()
        for text, rows in (
            (Content("a\nb\nc"), []),
            (Content("a\nB\nc"), [[1]]),
            (Content.assemble("a\n", ("B", "bold"), "\nc"), [[1]]),
            (Content("a\nB"), [[1, 2]]),
            (Content("\n".join("abcdefgh")), [[0, 1, 2, 3]]),  # with a scroll bar
            (Content("a"), [[0, 1, 2, 3]]),
        ):
            paints.clear()
            page.say(text)
            assert paints == rows
            await pilot.pause()
            assert [line[:19].strip() for line in app.shown if line.strip()] == text.plain.split("\n")[:4]


async def test_a_text_that_does_not_fit_scrolls_with_a_bar_and_the_wheel(paints):
    page = TextPage()
    async with hosted(page, size=(20, 4)) as (app, pilot):
        page.say(Content("\n".join("abcdefgh")))
        await pilot.pause()
        paints.clear()
        assert (page.most, [line[-1] for line in app.shown]) == (4, ["█", "█", "│", "│"])
        assert page.scroll_rows(3)
        await pilot.pause()
        assert [line[0] for line in app.shown] == ["d", "e", "f", "g"]
        await turn_wheel(pilot, MouseScrollDown, page, 2, 2)
        assert ([line[0] for line in app.shown], app.shown[-1][-1]) == (["e", "f", "g", "h"], "█")
        assert not page.scroll_rows(1)
        for _ in range(2):
            await turn_wheel(pilot, MouseScrollUp, page, 2, 2)
        assert app.shown[0][0] == "a"
        await pilot.mouse_down(page, offset=(19, 3))
        await pilot.hover(page, offset=(19, 1))
        await pilot.mouse_up(page, offset=(19, 1))
        assert app.shown[0][0] == "b"
        page.say(Content("\n".join("abcdefgh")), top=2)
        await pilot.pause()
        assert app.shown[0][0] == "c"
        assert "layout" not in paints


@pytest.mark.parametrize(("width", "count", "other_width", "other_count"), [(21, 12, 42, 24), (42, 24, 21, 12)])
async def test_after_a_resize_a_text_of_as_many_rows_as_before_is_whole(width, count, other_width, other_count):
    page = TextPage()
    async with hosted(page, size=(width, 8)) as (_, pilot):
        page.say(words(count))
        await pilot.pause()
        await pilot.resize_terminal(other_width, 8)
        await pilot.pause()
        page.say(words(other_count))
        await pilot.pause()
        text = " ".join(strip.text for strip in page.render_lines(Region(0, 0, *page.size)))
        assert text.split() == words(other_count).plain.split()


async def test_the_mouse_selects_what_the_text_says():
    page = TextPage()
    async with hosted(page, size=(12, 4)) as (app, pilot):
        page.say(Content("first line\nsecond line of words"))
        await pilot.pause()
        await pilot.mouse_down(page, offset=(6, 0))
        await pilot.hover(page, offset=(3, 2))
        await pilot.mouse_up(page, offset=(3, 2))
        assert app.screen.get_selected_text() == "line\nsecond line of w"
        ground = {segment.style.bgcolor for segment in page.render_line(1)}
        assert ground != {segment.style.bgcolor for segment in page.render_line(3)}

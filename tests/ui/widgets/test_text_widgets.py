"""Text that changes often: painted anew each time, laid out again only where its height changes."""

import pytest
from support.widget_hosts import hosted
from textual.containers import VerticalScroll
from textual.content import Content
from textual.geometry import Region

from rnn_tui.ui.widgets.text_widgets import TextLine, TextPage, shortenings


def words(count):
    """A text that wraps to another number of rows at another width."""
    return Content(" ".join(f"word{i:02}" for i in range(count)))


@pytest.fixture
def paints(monkeypatch):
    """How a page was drawn again, each time: True where that meant another layout."""
    found, refresh = [], TextPage.refresh

    def noted(self, *regions, layout=False, **how):
        found.append(layout)
        return refresh(self, *regions, layout=layout, **how)

    monkeypatch.setattr(TextPage, "refresh", noted)
    return found


async def test_a_line_says_the_newest_text():
    line = TextLine()
    line.styles.height = 1
    async with hosted(line, size=(20, 3)) as (app, pilot):
        for text in ("one", "two [b]", ""):
            line.say(Content(text))
            await pilot.pause()
            assert app.shown[0].strip() == text


async def test_the_same_text_again_is_not_painted_again(paints):
    page = TextPage()
    async with hosted(VerticalScroll(page), size=(20, 6)) as (_, pilot):
        page.say(Content.styled("one", "bold"))
        await pilot.pause()
        paints.clear()
        page.say(Content.styled("one", "bold"))
        assert paints == []
        page.say(Content.styled("one", "red"))
        assert paints == [False]


async def test_a_page_fills_its_container_and_is_laid_out_again_only_where_the_text_does_not_fit(paints):
    page = TextPage()
    async with hosted(VerticalScroll(page), size=(20, 4)) as (app, pilot):
        heights, layouts = [], []
        for text in ("a", "a\nb", "c\nd\ne\nf", "c\nd\ne\nf\ng", "h\ni\nj\nk\nl", "i"):
            await pilot.pause()
            paints.clear()
            page.say(Content(text))
            layouts.append(any(paints))
            await pilot.pause()
            heights.append(page.size.height)
            assert [line[:19].strip() for line in app.shown if line.strip()] == text.split("\n")[:4]
        assert heights == [4, 4, 4, 5, 5, 4]
        assert layouts == [False, False, False, True, False, True]


@pytest.mark.parametrize(("width", "count", "other_width", "other_count"), [(21, 12, 42, 24), (42, 24, 21, 12)])
async def test_after_a_resize_a_text_of_as_many_rows_as_before_is_whole(width, count, other_width, other_count):
    page = TextPage()
    async with hosted(VerticalScroll(page), size=(width, 3)) as (_, pilot):
        page.say(words(count))
        await pilot.pause()
        rows = page.size.height
        assert rows > 3
        await pilot.resize_terminal(other_width, 3)
        await pilot.pause()
        page.say(words(other_count))
        await pilot.pause()
        text = " ".join(strip.text for strip in page.render_lines(Region(0, 0, *page.size)))
        assert text.split() == words(other_count).plain.split()
        assert page.size.height == rows


def test_a_line_is_shortened_by_its_last_parts_and_never_to_nothing():
    assert shortenings("t = 3 · x 1 · RNN 0.5") == ["t = 3 · x 1 · RNN 0.5", "t = 3 · x 1", "t = 3"]
    assert shortenings("t = 3") == ["t = 3"]

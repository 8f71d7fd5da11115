"""Text that changes often: painted anew each time, laid out again only where its height changes."""

import pytest
from textual.containers import VerticalScroll
from textual.content import Content
from ui.hosts import hosted

from rnn_tui.ui.widgets.text import Line, Page, shortenings


def words(count):
    """A text that wraps to another number of rows at another width."""
    return Content(" ".join(f"word{i:02}" for i in range(count)))


@pytest.fixture
def layouts(monkeypatch):
    """How each change of a text was drawn: True for those that meant another layout."""
    found, update = [], Page.update

    def noted(self, content, *, layout):
        found.append(layout)
        update(self, content, layout=layout)

    monkeypatch.setattr(Page, "update", noted)
    return found


async def test_a_line_says_the_newest_text():
    line = Line()
    line.styles.height = 1
    async with hosted(line, size=(20, 3)) as (app, pilot):
        for text in ("one", "two [b]", ""):
            line.say(Content(text))
            await pilot.pause()
            assert app.shown[0].strip() == text


async def test_the_same_text_again_is_not_painted_again(layouts):
    page = Page()
    async with hosted(VerticalScroll(page), size=(20, 6)):
        page.say(Content.styled("one", "bold"))
        page.say(Content.styled("one", "bold"))
        assert len(layouts) == 1
        page.say(Content.styled("one", "red"))
        assert len(layouts) == 2


async def test_a_page_is_as_high_as_its_text_and_laid_out_only_where_that_changes(layouts):
    page = Page()
    async with hosted(VerticalScroll(page), size=(20, 8)) as (app, pilot):
        heights = []
        for text in ("a\nb", "c\nd", "c\nd\ne", "f\ng\nh", "i"):
            page.say(Content(text))
            await pilot.pause()
            heights.append(page.size.height)
            assert [line.strip() for line in app.shown if line.strip()] == text.split("\n")
        assert heights == [2, 2, 3, 3, 1]
        assert layouts[1:] == [False, True, False, True]


@pytest.mark.parametrize(("width", "count", "other_width", "other_count"), [(20, 12, 41, 24), (41, 24, 20, 12)])
async def test_after_a_resize_a_text_of_as_many_rows_as_before_is_shown_whole(width, count, other_width, other_count):
    page = Page()
    async with hosted(VerticalScroll(page), size=(width, 12)) as (app, pilot):
        page.say(words(count))
        await pilot.pause()
        assert page.size.height == 4
        await pilot.resize_terminal(other_width, 12)
        await pilot.pause()
        assert page.size.height != 4
        page.say(words(other_count))
        await pilot.pause()
        assert " ".join(app.shown).split() == words(other_count).plain.split()
        assert page.size.height == 4


def test_a_line_is_shortened_by_its_last_parts_and_never_to_nothing():
    assert shortenings("t = 3 · x 1 · RNN 0.5") == ["t = 3 · x 1 · RNN 0.5", "t = 3 · x 1", "t = 3"]
    assert shortenings("t = 3") == ["t = 3"]

"""Lines of text: painted again each time they change, never laid out again."""

from support.widget_hosts import hosted
from textual.content import Content

from rnn_tui.ui.widgets.text_widgets import TextLine, shortenings


async def test_a_line_says_the_newest_text():
    line = TextLine()
    line.styles.height = 1
    async with hosted(line, size=(20, 3)) as (app, pilot):
        for text in ("one", "two [b]", ""):
            line.say(Content(text))
            await pilot.pause()
            assert app.shown[0].strip() == text


def test_a_line_is_shortened_by_its_last_parts_and_never_to_nothing():
    assert shortenings("t = 3 · x 1 · RNN 0.5") == ["t = 3 · x 1 · RNN 0.5", "t = 3 · x 1", "t = 3"]
    assert shortenings("t = 3") == ["t = 3"]

"""What the terminal can show, and what is made of it."""

import pytest
from support.textual_private import strips_of
from support.waiting import wait_until
from support.widget_hosts import cells, hosted, on_paper
from textual.app import App
from textual.theme import BUILTIN_THEMES
from ui.render.test_palette import contrast

from rnn_tui.presets.store import find, load
from rnn_tui.ui.app import LabApp
from rnn_tui.ui.render.braille_plot import AHEAD, MARKS, QUIET, Plot
from rnn_tui.ui.render.palette import CONTRAST, THEME, palette
from rnn_tui.ui.render.terminal_capabilities import Canvas, canvas_of, lacks_glyphs, palette_of
from rnn_tui.ui.widgets.tracks import Track, Tracks


@pytest.fixture
def terminal(monkeypatch):
    """Sets the environment of a terminal, of which the app believes that it is a real one."""

    def is_one(**environment):
        monkeypatch.setattr("textual.app.App.is_headless", False)
        for name in ("NO_COLOR", "COLORTERM", "TEXTUAL_COLOR_SYSTEM"):
            monkeypatch.delenv(name, raising=False)
        for name, value in ({"TERM": "xterm-256color"} | environment).items():
            monkeypatch.setenv(name, value)

    return is_one


@pytest.mark.parametrize(
    ("environment", "colors", "kind"),
    [
        ({"COLORTERM": "truecolor"}, "full", "colors"),
        ({}, "full", "colors"),
        ({"TERM": "xterm"}, "few", "few"),
        ({"COLORTERM": "truecolor", "NO_COLOR": "1"}, "none", "mono"),
    ],
)
def test_the_colors_are_those_of_the_terminal(terminal, environment, colors, kind):
    terminal(**environment)
    canvas = Canvas.of(App())
    assert (canvas.colors, canvas.kind) == (colors, kind)
    assert canvas.glyphs == canvas.marked == (colors != "full")
    assert not canvas.ascii


@pytest.mark.parametrize(
    ("term", "wanted", "colors", "kind"),
    [
        ("xterm-256color", "contrast", "full", "contrast"),
        ("xterm-256color", "mono", "grays", "mono"),
        ("xterm", "mono", "none", "mono"),
        ("xterm", "colors", "full", "colors"),
    ],
)
def test_the_settings_have_the_last_word_on_the_palette(terminal, term, wanted, colors, kind):
    terminal(TERM=term)
    canvas = Canvas.of(App(), wanted=wanted)
    assert (canvas.colors, canvas.kind) == (colors, kind)


def test_no_setting_brings_colors_back_where_nobody_wants_any(terminal):
    terminal(NO_COLOR="1")
    assert {Canvas.of(App(), wanted=wanted).colors for wanted in ("auto", "colors", "mono")} == {"none"}


def test_ascii_is_for_who_asks_for_it_and_for_the_console_of_linux(terminal):
    terminal(TERM="linux")
    assert Canvas.of(App()).ascii
    assert not Canvas.of(App(), glyphs="blocks").ascii
    terminal()
    assert Canvas.of(App(), glyphs="ascii").ascii
    assert Canvas.of(App(), in_ascii=True, glyphs="blocks").ascii


@pytest.mark.parametrize(
    ("encoding", "terminal", "lacks"),
    [("utf-8", "xterm", False), ("UTF-8", "linux", True), ("iso8859-1", "xterm", True), ("ascii", "xterm", True)],
)
def test_glyphs_are_lacking_where_the_encoding_or_the_font_has_none(encoding, terminal, lacks):
    assert lacks_glyphs(encoding, terminal) == lacks


async def test_the_theme_of_high_contrast_brings_its_palette():
    app = LabApp(load(find("echo")))
    async with app.run_test(size=(120, 36)) as pilot:
        assert palette_of(app) == palette(True)
        app.theme = CONTRAST.name
        await pilot.pause()
        assert palette_of(app) == palette(True, "contrast")
        assert app.lab.query_one(Tracks).palette == palette(True, "contrast")
        app.theme = "textual-light"
        assert palette_of(app) == palette(False)


async def test_an_app_that_has_made_none_has_one_of_its_own():
    async with hosted() as (app, _):
        assert canvas_of(app) == Canvas("none" if app.no_color else "full")


# Curves without colors.


def rows_of(plot):
    return ["".join(row) for row in plot.characters()]


def level(row, columns=36):
    return [row] * 2 * columns


def test_marks_tell_curves_apart_even_where_they_lie_on_each_other():
    plot = Plot((2, 36))
    for mark in MARKS:
        plot.draw(level(1), level(1), "", mark)
    assert set(MARKS) <= set(rows_of(plot)[0])
    assert rows_of(plot)[1] == " " * 36


def test_where_colors_help_marks_are_few():
    plot = Plot((1, 36), apart=QUIET)
    plot.draw(level(1), level(1), "", "o")
    assert rows_of(plot)[0].count("o") == 2


def test_in_ascii_a_curve_is_drawn_with_its_mark_and_what_lies_ahead_with_colons():
    plot = Plot((2, 36), in_ascii=True)
    plot.draw(level(1), level(1), "", "o")
    plot.draw(level(6), level(6), "")
    assert rows_of(plot) == ["o" * 36, AHEAD * 36]


def test_without_marks_there_are_dots_alone():
    plot = Plot((1, 36))
    plot.draw(level(0), level(3), "")
    assert rows_of(plot) == ["⣿" * 36]


async def test_the_chart_of_a_terminal_without_colors_bears_the_marks_of_its_legend(monkeypatch):
    monkeypatch.setenv("NO_COLOR", "1")
    app = LabApp(load(find("echo")))
    async with app.run_test(size=(120, 36)) as pilot:
        await pilot.press("S", "S")
        await wait_until(lambda: app.lab.seen.frame.step == 20)
        title = app.lab.query_one("LossPanel").border_title
        assert "*RNN" in str(title)
        assert "oFNN(1)" in str(title)
        caption = app.lab.query_one("HiddenStatePanel").border_subtitle
        assert "≡=-·+*# from −1 to 1" in str(caption)


def test_the_cursor_of_sixteen_colors_is_a_ground_of_its_own():
    sheet = on_paper(Tracks)()
    sheet.palette = palette(True, "few")
    type(sheet).size = sheet.size.__class__(34, 2)
    sheet.show([Track("x", "#ffffff", "abcdef", ["#ffffff"] * 6)], 6, 2, range(6))
    grounds = [style.bgcolor and style.bgcolor.name for _, style in cells(sheet.strips[1])[10:]]
    assert set(grounds[8:12]) == {"#0000aa"}
    assert set(grounds[:8] + grounds[12:]) == {None}


async def test_keys_stand_out_in_a_light_theme():
    app = LabApp(load(find("echo")))
    async with app.run_test(size=(120, 36)) as pilot:
        for theme in (THEME, BUILTIN_THEMES["textual-light"]):
            app.theme = theme.name
            await pilot.pause()
            line = strips_of(app)[-1]
            key = next(part.style.color.name for part in line if part.text == "space")
            assert contrast(key, theme.panel) >= 4.5

"""Plain ASCII: whatever is shown, and nothing moves."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from support.textual_private import screen_lines
from support.waiting import wait_until
from support.widget_hosts import preset_of

from rnn_tui.presets.store import PresetFile, find, load
from rnn_tui.ui.app import LabApp
from rnn_tui.ui.render.ascii_filter import COLUMNS, in_place, plain, spelt
from rnn_tui.ui.render.glyphs import BARS
from rnn_tui.ui.slow_motion.screen import SlowMotionScreen
from rnn_tui.ui.widgets.scrubber import EDIT, FUTURE, GOAL, HERE, KEYFRAME, PAST


def is_ascii(app):
    odd = {character for line in screen_lines(app) for character in line if not character.isascii()}
    assert not odd
    return True


@given(st.text(st.characters(exclude_categories=("C", "Z")), max_size=20))
def test_any_text_is_ascii_of_the_same_width(text):
    assert plain(text).isascii()
    assert cell_len(plain(text)) == sum(max(0, cell_len(character)) for character in text)


def test_what_must_be_told_apart_is():
    for together in (BARS, PAST + FUTURE + KEYFRAME + EDIT + HERE + GOAL, "✓✗·", "▸▾", "╌┈┊│"):
        assert len(set(plain(together))) == len(together) == len(plain(together))


def test_every_symbol_has_one_character():
    for symbols, characters in COLUMNS.items():
        assert len(symbols) == len(characters)
        assert characters.isascii()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("∂L/∂W_hh = Σ_t ∂L/∂z_t h_(t-1)ᵀ", "dL/dW_hh = sum_t dL/dz_t h_(t-1)'"),
        ("‖g‖ ≤ 1: −0.5·0.25", "||g|| <= 1: −0.5*0.25"),
        ("x0         0.1200 ·  −0.5000", "x0         0.1200 *  −0.5000"),
        ("space trains · → walks · ? explains", "space trains · -> walks · ? explains"),
        ("σ(∞), η, √s", "sigma(inf), eta, sqrts"),
    ],
)
def test_formulas_and_hints_are_spelt_where_there_is_room(text, words):
    assert spelt(text) == words


@pytest.mark.parametrize(("character", "letters"), [("é", "e"), ("ß", "?"), ("日", "??"), ("╭", "+"), ("\u0301", "")])
def test_what_the_table_does_not_have_is_its_letter_or_a_question_mark(character, letters):
    assert in_place(character) == letters


@pytest.mark.usefixtures("drawn_when_looked_at")
async def test_every_panel_and_slow_motion_and_every_dialog_are_ascii():
    app = LabApp(load(find("cells")), in_ascii=True)
    async with app.run_test(size=(60, 18), notifications=True) as pilot:
        await pilot.press("S", "k", "right")
        await wait_until(lambda: app.lab.seen.frame.step == 10)
        for number in "123456":
            await pilot.press(number)
            assert is_ascii(app)
        assert app.lab.seen.frame.pinned_runs
        await pilot.resize_terminal(120, 36)
        await pilot.press("f", "g")
        assert is_ascii(app)
        await pilot.resize_terminal(60, 18)
        await pilot.press("u")
        await wait_until(lambda: isinstance(app.screen, SlowMotionScreen) and app.screen.trace)
        for _ in range(5):
            assert is_ascii(app)
            await pilot.press("right", "pagedown")
        assert is_ascii(app)
        await pilot.press("escape")
        for key in ("question_mark", "p", "o", "w", "W", "t", "x", "ctrl+p"):
            await pilot.press(key)
            await wait_until(lambda: len(app.screen_stack) > 1)
            await pilot.pause()
            assert is_ascii(app)
            if key == "question_mark":
                await pilot.press("pagedown")
                assert is_ascii(app)
            await pilot.press("escape")
            await wait_until(lambda: len(app.screen_stack) == 1)


async def test_a_title_and_symbols_of_the_users_own_are_written_without_accents(tmp_path):
    path = tmp_path / "poème.txt"
    path.write_text("déjà vu, 日本… " * 40, encoding="utf-8")
    preset = preset_of({"kind": "rnn"}, {"kind": "fnn"}, task={"kind": "text", "path": str(path)})
    app = LabApp(PresetFile("poème", preset), in_ascii=True)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        assert is_ascii(app)
        assert "poeme" in screen_lines(app)[0]
        assert "deja" in next(line for line in screen_lines(app) if " x  " in line).replace(" ", "")


async def test_without_the_option_nothing_is_changed():
    app = LabApp(load(find("echo")))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        assert "╭" in "".join(screen_lines(app))

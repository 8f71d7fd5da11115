"""The dialog for a file of one's own: how it is found, what is seen of it, what is made of it."""

import threading
from contextlib import asynccontextmanager

import numpy as np
import pytest
from support.waiting import wait_until
from support.widget_hosts import Host
from textual.widgets import Input, OptionList, Static

from rnn_tui.errors import RnnTuiError
from rnn_tui.presets.store import bundled_folder
from rnn_tui.ui.dialogs import open_file
from rnn_tui.ui.dialogs.open_file import HINT, READING, OpenFileDialog, Parts
from rnn_tui.ui.input.keymap import DEFAULT_KEYMAP, Keymap
from rnn_tui.ui.widgets.folder_tree import FolderTree

pytestmark = pytest.mark.usefixtures("drawn_when_looked_at")

NOTHING = object()  # the answer of a dialog that is still open


class Opening:
    """The dialog over an empty app."""

    def __init__(self, app, pilot, keys):
        self.app, self.pilot, self.dialog, self.answer = app, pilot, OpenFileDialog(keys), NOTHING

    def done(self, answer):
        assert self.answer is NOTHING
        self.answer = answer

    async def take(self, path):
        """Type a path, and wait for what becomes of it."""
        self.dialog.query_one("#path", Input).value = str(path)
        self.dialog.query_one("#path").focus()
        await self.pilot.press("enter")
        await wait_until(lambda: self.problem != READING)

    async def press(self, *keys):
        await self.pilot.press(*keys)

    async def opens(self):
        """The preset that it ends with."""
        await wait_until(lambda: self.answer is not NOTHING)
        return self.answer.preset

    @property
    def is_open(self):
        return self.app.screen is self.dialog

    @property
    def problem(self):
        return str(self.dialog.query_one(".problem", Static).content)

    @property
    def about(self):
        return str(self.dialog.query_one("#about", Static).content)

    @property
    def lines(self):
        return [str(option.prompt) for option in self.dialog.query_one(Parts).options]

    @property
    def files(self):
        return [str(node.label) for node in self.dialog.query_one(FolderTree).root.children]

    async def shows(self, text):
        await wait_until(lambda: any(text in line for line in self.app.shown), 3)


@asynccontextmanager
async def opening(size=(80, 24), keys=DEFAULT_KEYMAP):
    app = Host()
    async with app.run_test(size=size) as pilot:
        app.set_keymap(dict(keys.changed))
        it = Opening(app, pilot, keys)
        app.push_screen(it.dialog, it.done)
        await wait_until(lambda: app.screen is it.dialog and it.dialog.focused and it.files)
        await pilot.pause()  # the focus selects all of the path, once it is told
        yield it


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    """Where the program is started."""
    rows = [f"2020-01-{1 + i % 28:02},{i * 7 % 13}.5,{i * 5 % 11},{'NA' if i % 60 == 9 else i % 4}" for i in range(300)]
    (tmp_path / "weather.csv").write_text("\n".join(["day,temperature,wind,rain", *rows]))
    (tmp_path / "single.dat").write_text("value\n" + "\n".join(str(i * 7 % 13) for i in range(300)))
    (tmp_path / "rhyme.txt").write_text("to be or not to be, that is it. " * 40)
    (tmp_path / "wave.toml").write_text((bundled_folder() / "wave.toml").read_text())
    (tmp_path / "wrong.toml").write_text('[task]\nkind = "ecko"\n[[lanes]]\nkind = "rnn"\n')
    (tmp_path / "[b].csv").write_text("a,b\n1,2\n3,4\n")
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "deep.txt").write_text("deep down, " * 50)
    (tmp_path / ".hidden").write_text("nobody sees it")
    monkeypatch.chdir(tmp_path)
    return tmp_path


async def test_it_lists_the_files_without_the_hidden_ones_and_one_is_taken_with_enter(folder):
    (folder / "a\x1b[31m.txt").write_text("to be or not to be " * 40)  # a name that would steer the terminal
    async with opening() as it:
        assert it.files[:2] == ["sub", "[b].csv"]
        assert it.files[2:] == [r"a\x1b[31m.txt", "rhyme.txt", "single.dat", "wave.toml", "weather.csv", "wrong.toml"]
        await it.shows("[b].csv")
        assert it.about == DEFAULT_KEYMAP.say(HINT)
        await it.press("enter", "ctrl+o")  # no path is no file
        assert it.is_open
        assert it.problem == ""
        await it.press("down", "down", "down", "down", "enter")  # into the folder, over sub and [b].csv
        await wait_until(lambda: it.about.startswith(r"a\x1b[31m.txt"))
        it.dialog.query_one(FolderTree).focus()
        await it.press("down", "enter")
        await wait_until(lambda: it.about.startswith("rhyme.txt"))
        assert it.dialog.query_one("#path", Input).value == "rhyme.txt"
        assert it.dialog.focused is it.dialog.query_one(Parts)
        await it.press("enter")
        task = (await it.opens()).task
        assert (task.kind, task.level) == ("text", "characters")


async def test_a_text_may_be_cut_into_words():
    async with opening() as it:
        await it.take("rhyme.txt")
        await it.shows("to be or not to be")
        await it.press("down", "enter")
        assert (await it.opens()).task.level == "words"


async def test_a_preset_is_shown_with_its_question_and_opened_as_it_is(folder):
    async with opening() as it:
        await it.take(folder / "wave.toml")
        await it.shows("A sine wave")
        await it.press("enter")
        assert (await it.opens()).task.kind == "wave"
        assert it.answer.path == folder / "wave.toml"


async def test_of_several_columns_enter_makes_the_target_space_inputs_and_enter_again_opens():
    async with opening() as it:
        await it.take("weather.csv")
        assert [line[:7].strip() for line in it.lines] == [""] * 4
        assert it.lines[3].endswith("295 numbers, 5 gaps")
        await it.press("ctrl+o")
        assert "press enter on the column to predict" in it.problem
        for key in ("enter", "space"):
            await it.press("home", key)
            assert it.problem == "column 'day' has no numbers"
            assert it.lines[0][:7].strip() == ""
        await it.press("down", "enter")
        assert it.problem == ""
        await it.press("down", "space", "down", "space")
        assert [line[:7].strip() for line in it.lines] == ["", "target", "input", "input"]
        await it.press("enter")  # the target is another one now
        assert [line[:7].strip() for line in it.lines] == ["", "", "input", "target"]
        await it.press("space", "enter")
        task = (await it.opens()).task
        assert (task.column, task.inputs) == ("rain", ["wind"])


async def test_the_only_column_of_numbers_is_the_target_and_the_horizon_a_whole_number_from_1_on():
    async with opening() as it:
        await it.take("single.dat")
        assert it.lines == ["target value  300 numbers"]
        horizon = it.dialog.query_one("#horizon", Input)
        assert horizon.value == "1"
        horizon.focus()
        for text in ("", "0", "-1"):
            horizon.value = text
            await it.press("enter")
            assert it.problem == "rows ahead must be a whole number of at least 1"
        horizon.value = "9000000"
        await it.press("enter")
        await wait_until(lambda: "horizon" in it.problem)
        horizon.value = "3"
        await it.press("ctrl+o")
        task = (await it.opens()).task
        assert (task.kind, task.column, task.horizon, task.inputs) == ("csv", "value", 3, [])


async def test_any_text_may_be_read_as_a_table(folder):
    (folder / "numbers.txt").write_text("t;y\n" + "\n".join(f"{i};{i * 7 % 13}" for i in range(300)))
    async with opening() as it:
        await it.take("numbers.txt")
        await it.press("end", "enter")
        await wait_until(lambda: len(it.lines) == 2)
        await it.press("down", "enter", "enter")
        task = (await it.opens()).task
        assert (task.kind, task.column) == ("csv", "y")


async def test_a_folder_that_is_typed_is_gone_to_and_backspace_leads_above(folder):
    async with opening() as it:
        await it.take("sub")
        await wait_until(lambda: it.files == ["deep.txt"])
        assert it.dialog.focused is it.dialog.query_one(FolderTree)
        await it.press("backspace")
        await wait_until(lambda: "rhyme.txt" in it.files)
        assert it.dialog.query_one(FolderTree).path == folder


async def test_a_file_that_cannot_be_used_is_told_in_plain_words_and_can_be_corrected():
    async with opening() as it:
        for path, problem in (
            ("nowhere.txt", "no such file"),
            ("~nobody-of-that-name/a.csv", "no such file"),
            ("wrong.toml", "did you mean 'echo'?"),
        ):
            await it.take(path)
            assert problem in it.problem
            assert it.is_open
            await it.take("single.dat")
            assert it.problem == ""
        await it.press("enter")
        assert (await it.opens()).task.kind == "csv"


async def test_a_table_that_is_too_short_says_so_when_it_is_opened():
    async with opening() as it:
        await it.take("[b].csv")
        assert it.about.startswith("[b].csv  2 rows")
        await it.press("enter", "enter")
        await wait_until(lambda: "too short" in it.problem)
        assert "[b].csv" in it.problem
        assert it.is_open
        box, said = it.dialog.query_one(".dialog").region, it.dialog.query_one(".problem")
        await wait_until(lambda: said.region.height > 1)
        assert box.contains_region(said.region)


@pytest.mark.parametrize("ends", ["well", "badly"])
async def test_who_does_not_wait_for_a_slow_file_gets_nothing_of_it_later(ends, monkeypatch):
    go, done = threading.Event(), threading.Event()

    def slow(path, **choices):
        assert (path, choices) == ("rhyme.txt", {"level": "characters"})
        go.wait(5)
        done.set()
        if ends == "badly":
            raise RnnTuiError("it cannot be read")
        return "a file"

    monkeypatch.setattr(open_file, "open_any", slow)
    async with opening() as it:
        await it.take("rhyme.txt")
        await it.press("enter")
        assert it.problem == READING
        await it.press("escape")
        go.set()
        await wait_until(done.is_set)
        await it.pilot.pause()
        assert it.answer is None
        assert it.app.screen is it.app.screen_stack[0]


async def test_a_slow_file_does_not_hold_up_the_next_one_nor_take_its_place(monkeypatch):
    go, done, look = threading.Event(), threading.Event(), open_file.peek

    def slow(path, as_table):
        if path != "slow":
            return look(path, as_table)
        go.wait(5)
        done.set()
        return look("wave.toml")

    monkeypatch.setattr(open_file, "peek", slow)
    async with opening() as it:
        path = it.dialog.query_one("#path", Input)
        path.value = "slow"
        await it.press("enter", "backspace")
        assert it.dialog.focused is path
        await it.take("rhyme.txt")
        go.set()
        await wait_until(done.is_set)
        await it.pilot.pause()
        assert it.about.startswith("rhyme.txt")
        assert len(it.lines) == 3


async def test_what_one_goes_on_typing_keeps_the_focus_when_the_file_comes(monkeypatch):
    go, look = threading.Event(), open_file.peek
    monkeypatch.setattr(open_file, "peek", lambda path, as_table: go.wait(5) and look(path, as_table))
    async with opening() as it:
        path = it.dialog.query_one("#path", Input)
        path.value = "rhyme.txt"
        await it.press("enter", "x")
        go.set()
        await wait_until(lambda: it.lines)
        assert it.dialog.focused is path
        assert path.value == "rhyme.txtx"


@pytest.mark.parametrize("size", [(120, 36), (60, 18)])
async def test_what_is_chosen_from_is_in_sight_in_a_terminal_of_any_size(size):
    async with opening(size) as it:
        await it.shows("weather.csv")
        await it.take("weather.csv")
        await it.shows("temperature  300 numbers")
        await it.shows("rows ahead")
        await it.shows("day         temperature")
        await it.shows("2020-01-03          1.5" if size[1] > 18 else "2020-01-01")
        box = it.dialog.query_one(".dialog").region
        assert 0 <= box.x < box.right <= size[0]
        assert 0 <= box.y < box.bottom <= size[1]
        assert it.dialog.query_one("#decimal").region.right <= box.right


async def test_in_a_tiny_terminal_it_can_still_be_left():
    async with opening((20, 6)) as it:
        await it.take("weather.csv")
        await it.press("down", "enter", "shift+down", "escape")
        assert it.answer is None


async def test_a_choice_is_made_with_the_mouse_too():
    async with opening() as it:
        await it.take("single.dat")
        await it.pilot.pause()
        await it.pilot.click(OptionList)
        assert (await it.opens()).task.column == "value"


async def test_keys_of_the_settings_are_in_force_and_named_and_typed_into_the_path():
    keys = Keymap({
        "data.open": "f2", "data.input": "i", "data.above": "u", "data.next_field": "f5", "list.down": "down,j",
    })  # fmt: skip
    async with opening(size=(120, 36), keys=keys) as it:
        before = it.files
        await it.shows("f2: open")
        assert "press f5 for the folder: enter opens a file, u goes to" in it.about
        await it.press("f5", "j", "u")
        assert it.dialog.query_one(FolderTree).has_focus
        await wait_until(lambda: it.files != before)
        path = it.dialog.query_one("#path", Input)
        path.value = ""
        path.focus()
        await it.press("j", "i")
        assert path.value == "ji"  # letters that move in lists are typed here
        assert it.dialog.focused is path
        await it.take("weather.csv")
        assert "enter: target, then open · i: input" in it.about
        await it.press("home", "j", "i", "j", "enter")
        assert [line[:7].strip() for line in it.lines] == ["", "input", "target", ""]
        await it.press("f2")
        task = (await it.opens()).task
        assert (task.column, task.inputs) == ("wind", ["temperature"])


async def test_what_stands_for_missing_and_the_sign_before_decimals_can_be_said(tmp_path):
    path = tmp_path / "odd.csv"
    cells = [-999 if i % 9 == 4 else f"1{i % 7}.{100 + i}" for i in range(200)]
    path.write_text("# rig 7\nday;mm\n" + "".join(f"d{i};{cell}\n" for i, cell in enumerate(cells)))
    async with opening() as it:
        await it.take(path)
        assert "note: skipped 1 comment line above the data" in it.about
        assert "-999" in "".join(it.lines)
        await it.press("ctrl+o")
        await wait_until(lambda: "--decimal . for 10.1" in it.problem)
        it.dialog.query_one("#missing", Input).value = "-999, M"
        decimal = it.dialog.query_one("#decimal", Input)
        decimal.value = "."
        decimal.focus()
        await it.press("enter")
        task = (await it.opens()).task
        assert (task.missing, task.decimal) == (["-999", "M"], ".")
        assert np.isnan(task.raw).sum() == 22

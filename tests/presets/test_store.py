import os
import re
import tomllib
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from support.preset_documents import EXAMPLE, assert_can_be_shown

from rnn_tui.checkpoints import reader, writer
from rnn_tui.errors import PresetError, RnnTuiError
from rnn_tui.presets import store
from rnn_tui.presets.preset import parse
from rnn_tui.presets.store import PresetFile, find, load, own_path, save
from rnn_tui.session.checkpointing import checkpoint_of
from rnn_tui.session.session import Session

BUNDLED = sorted((Path(__file__).parents[2] / "presets").glob("*.toml"))
PRESET = parse(tomllib.loads(EXAMPLE), "s")


@pytest.fixture
def own(home):
    folder = home / "presets"
    folder.mkdir()
    return folder


# The bundled ones.


def test_there_are_at_least_eighteen_bundled_presets_and_echo_is_the_first():
    listed = [entry.name for entry in store.entries() if not entry.own]
    assert sorted(listed) == sorted(path.stem for path in BUNDLED)
    assert len(listed) >= 18
    assert listed[0] == "echo"


def test_they_are_listed_as_a_course_takes_them_and_what_it_does_not_name_comes_last(monkeypatch, tmp_path):
    monkeypatch.setattr(store, "bundled_folder", lambda: tmp_path)
    for name in "abcd":
        (tmp_path / f"{name}.toml").write_text(EXAMPLE)
    (tmp_path / "course.txt").write_text("# a chapter\n\nc\nmissing\na\n")
    assert [entry.name for entry in store.entries()] == ["c", "a", "b", "d"]
    (tmp_path / "course.txt").unlink()
    assert [entry.name for entry in store.entries()] == ["a", "b", "c", "d"]


@pytest.mark.parametrize("path", BUNDLED, ids=lambda path: path.stem)
def test_every_bundled_preset_is_in_order_and_says_what_it_asks(path):
    preset = load(path).preset
    assert preset.title
    assert preset.question.endswith("?")
    assert preset.expect
    assert preset.task.references(preset.training.sequence_length)
    assert store.NAME.fullmatch(path.stem)


@pytest.mark.parametrize(
    ("before", "after", "problem"),
    [
        ("delay", "dealy", "task.dealy: unknown key; did you mean 'delay'?"),
        ('kind = "echo"', "", "task.kind: missing"),
        ("delay = 3", "delay = 3.0", "task.delay = 3.0: must be a whole number"),
        ('"adam"', '"adma"', "training.optimizer = 'adma': unknown; did you mean 'adam'?"),
        ("[task]", "[[task]]", "task = a list: must be a table"),
    ],
)
def test_a_bundled_preset_with_a_slip_of_a_developer_is_refused_as_any(monkeypatch, tmp_path, before, after, problem):
    monkeypatch.setattr(store, "bundled_folder", lambda: tmp_path)
    (tmp_path / "slip.toml").write_text(EXAMPLE.replace(before, after))
    with pytest.raises(PresetError) as caught:
        load(tmp_path / "slip.toml")
    assert problem in str(caught.value)


@pytest.mark.parametrize("path", BUNDLED, ids=lambda path: path.stem)
def test_every_bundled_preset_can_be_saved_under_another_name_with_its_comments(path):
    file = load(store.bundled_folder() / path.name)  # as installed, where that is not the checkout
    saved = save(file, "mine")
    again = load(saved.path).preset
    if hasattr(file.preset.task, "path"):  # the data came along, so that the saved preset stands alone
        copy, bundled = Path(again.task.path), Path(file.preset.task.path)
        assert copy.parent == store.own_folder() / "data"
        assert copy.read_text() == bundled.read_text()
        again = again.with_changes({"task.path": str(bundled)})
    assert again == file.preset
    assert re.findall("#.*", saved.text) == re.findall("#.*", file.text)


def test_each_preset_of_the_course_is_followed_by_the_next_but_not_the_last_nor_an_own_one(own):
    names = list(store.course())
    for name in (names[0], names[-2]):
        assert store.following(store.bundled_folder() / f"{name}.toml").name == names[names.index(name) + 1]
    copy = own / "echo.toml"
    copy.write_text((store.bundled_folder() / "echo.toml").read_text())
    assert [store.following(path) for path in (store.bundled_folder() / f"{names[-1]}.toml", copy, None)] == [None] * 3


def test_what_the_file_says_is_known_under_settings_that_differ():
    file = load(find("echo"), {"task.delay": 20})
    assert (file.preset.task.delay, file.unchanged.task.delay) == (20, 3)
    assert load(find("echo")).unchanged is None


# Finding.


def test_a_preset_is_found_by_name_and_by_path(own, tmp_path, monkeypatch):
    (own / "mine.toml").write_text(EXAMPLE)
    (tmp_path / "here.toml").write_text(EXAMPLE)
    (tmp_path / "bare").write_text(EXAMPLE)
    monkeypatch.chdir(tmp_path)
    assert load(find("echo")).preset == load(store.bundled_folder() / "echo.toml").preset
    assert find("mine") == own / "mine.toml"
    for path in ("here.toml", "./here.toml", str(tmp_path / "here.toml"), "bare"):
        assert load(find(path)).preset == PRESET


def test_a_path_may_begin_at_the_users_home(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / "x.toml").write_text(EXAMPLE)
    assert load(find("~/x.toml")).preset == PRESET


def test_an_own_preset_stands_before_a_bundled_one_of_its_name(own):
    (own / "echo.toml").write_text(EXAMPLE)
    assert find("echo") == own / "echo.toml"
    assert [entry.own for entry in store.entries() if entry.name == "echo"] == [False, True]


def test_a_name_that_is_not_there_is_answered_with_the_nearest(own):
    (own / "my-wave.toml").write_text(EXAMPLE)
    with pytest.raises(RnnTuiError, match=r"^no preset 'ecoh'; did you mean 'echo'\?$"):
        find("ecoh")
    with pytest.raises(RnnTuiError, match=r"^no preset 'my-wav'; did you mean 'my-wave'\?$"):
        find("my-wav")
    with pytest.raises(RnnTuiError, match=r"^no preset 'zzz'; there are .*\becho\b.*my-wave"):
        find("zzz")


@given(
    st.text(max_size=12) | st.sampled_from(["", "~", "~nobody-of-that-name/x", "\0", "x" * 300, "\udcff", "/", ".."])
)
def test_any_name_gives_a_preset_or_says_what_is_wrong_with_it(name):
    try:
        assert load(find(name)).preset
    except RnnTuiError as error:
        assert_can_be_shown(error)


def test_own_presets_are_in_the_folder_that_rnn_tui_home_names(home, monkeypatch):
    assert store.own_folder() == home / "presets"
    monkeypatch.setenv("RNN_TUI_HOME", "~/labs")
    assert store.own_folder() == Path.home() / "labs" / "presets"
    monkeypatch.setenv("RNN_TUI_HOME", "~nobody-of-that-name")
    assert store.own_folder() == Path("~nobody-of-that-name/presets")
    monkeypatch.delenv("RNN_TUI_HOME")
    monkeypatch.setenv("XDG_DATA_HOME", str(home))
    assert store.own_folder().parts[-2:] == ("rnn-tui", "presets")


# The listing.


def test_the_listing_has_a_broken_own_preset_with_its_problems_and_goes_on(own):
    (own / "bad.toml").write_text('task = {kind = "ecko"}\n')
    (own / "good.toml").write_text(EXAMPLE)
    (own / "folder.toml").mkdir()
    (own / ".hidden.toml").write_text("")
    (own / "notes.txt").write_text("")
    listed = {entry.name: entry for entry in store.entries() if entry.own}
    assert set(listed) == {"bad", "good", "folder"}
    assert (listed["good"].title, listed["good"].question) == (PRESET.title, PRESET.question)
    assert not listed["good"].problem
    assert "did you mean 'echo'?" in listed["bad"].problem
    assert "lanes: missing" in listed["bad"].problem
    assert "is a folder" in listed["folder"].problem


def test_the_listing_needs_no_own_folder(home, monkeypatch):
    assert [entry for entry in store.entries() if entry.own] == []
    (home / "file").write_text("")
    monkeypatch.setenv("RNN_TUI_HOME", str(home / "file"))
    assert [entry for entry in store.entries() if entry.own] == []


# Loading.


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b'title = "x', "not TOML: "),
        (b"a = 1\na = 2", "not TOML: "),
        (b"x = " + b"9" * 5000, "a number is too long"),
        (b"x = 0x" + b"f" * 5000, "x: the number is too long"),
        (b"x = " + b"[" * 5000, "not TOML: "),
        (b"[" + b".".join([b"a"] * 3000) + b"]", "a.a.a.a.a.a.a.a.a.a.a.a: nested too deeply"),
        (b"title = '\xff'", "not UTF-8 text (byte 0xff in row 1)"),
        (b"\n\xe9", "not UTF-8 text (byte 0xe9 in row 2)"),
        (b"\0", "not a text file"),
        (b"", "task: missing"),
        (b"# nothing but a comment", "task: missing"),
    ],
)
def test_a_file_that_is_no_preset_is_refused_with_the_reason(tmp_path, content, problem):
    path = tmp_path / "x.toml"
    path.write_bytes(content)
    with pytest.raises(PresetError) as caught:
        load(path)
    assert caught.value.source == str(path)
    assert caught.value.problems[0].startswith(problem)


def test_a_file_that_is_not_there_or_a_folder_is_refused(tmp_path):
    with pytest.raises(PresetError, match=r"x\.toml: 1 problem\n  no such file"):
        load(tmp_path / "x.toml")
    with pytest.raises(PresetError, match=r": 1 problem\n  is a folder"):
        load(tmp_path)
    with pytest.raises(PresetError, match=r"two\\nlines: 1 problem\n  no such file"):
        load(tmp_path / "two\nlines")


def test_a_file_larger_than_the_limit_is_not_read(tmp_path):
    path = tmp_path / "x.toml"
    with path.open("wb") as file:
        file.truncate(2**30)  # sparse: takes no place
    with pytest.raises(PresetError, match="larger than 16 MiB"):
        load(path)


def test_a_byte_order_mark_and_dos_line_ends_do_no_harm(tmp_path):
    path = tmp_path / "x.toml"
    path.write_bytes(b"\xef\xbb\xbf" + EXAMPLE.replace("\n", "\r\n").encode())
    assert load(path).preset == PRESET


def test_settings_that_end_what_the_file_says_leave_it_out(tmp_path):
    path = tmp_path / "x.toml"
    path.write_text('task = {kind = "xor"}\nlanes = [{kind = "rnn", activation = "relu"}, {kind = "fnn", match = 0}]\n')
    assert load(path).preset.lanes[1].hidden_size == 29  # 29 · 3 + 1 = 88 against 64 + 8 + 8 + 8 + 1 = 89
    sized = load(path, {"lanes.1.hidden_size": 5}).preset
    assert (sized.lanes[1].hidden_size, sized.lanes[1].match) == (5, None)
    gated = load(path, {"lanes.0.kind": "lstm"})
    assert gated.preset.lanes[0].kind == "lstm"
    assert gated.preset.lanes[1].hidden_size == 109  # 109 · 3 + 1 = 328 against 4 (64 + 8 + 8) + 8 + 1 = 329
    assert parse(tomllib.loads(store.written(gated.preset, gated.text)), "s") == gated.preset


def test_settings_are_checked_like_the_file(tmp_path):
    path = tmp_path / "x.toml"
    path.write_text(EXAMPLE)
    assert load(path, {"task.delay": 5}).preset.task.delay == 5
    with pytest.raises(PresetError) as caught:
        load(path, {"task.delay": -1, "training.seeed": 1})
    assert caught.value.problems == [
        "task.delay = -1: must be at least 0",
        "training.seeed: unknown key; did you mean 'seed'?",
    ]


@given(
    st.binary(max_size=60)
    | st.builds(
        lambda at, junk: (EXAMPLE[:at] + junk + EXAMPLE[at:]).encode(errors="replace"),
        st.integers(0, len(EXAMPLE)),
        st.text(max_size=6),
    )
)
def test_any_bytes_as_a_file_give_a_preset_or_its_problems(tmp_path_factory, content):
    path = tmp_path_factory.getbasetemp() / "any.toml"
    path.write_bytes(content)
    try:
        file = load(path)
    except PresetError as error:
        assert_can_be_shown(error)
    else:
        assert parse(tomllib.loads(store.written(file.preset, file.text)), "s") == file.preset


# Saving.


def test_a_saved_preset_is_found_by_its_name_and_is_the_same(own):
    saved = save(PresetFile("echo", PRESET, text=EXAMPLE), " mine.toml ")
    assert saved.path == own / "mine.toml" == find("mine")
    assert load(find("mine")).preset == PRESET
    assert saved.path.read_text() == EXAMPLE == saved.text
    changed = PRESET.with_changes({"task.delay": 7})
    again = save(PresetFile("mine", changed, saved.path, saved.text), "mine")
    assert load(again.path).preset == changed
    assert again.path.read_text() == EXAMPLE.replace("delay = 3", "delay = 7")
    assert [path.name for path in own.iterdir()] == ["mine.toml"]


def test_the_name_of_a_bundled_preset_is_refused(home):
    for name in ("echo", "echo.toml", " echo "):
        with pytest.raises(
            RnnTuiError, match="'echo' is a bundled preset, which cannot be changed; choose another name"
        ):
            save(PresetFile("x", PRESET), name)
    assert not list(home.iterdir())


@pytest.mark.parametrize("name", ["", " ", ".toml", "..", "../x", "a/b", "a\\b", "/etc/x", ".x", "-x", "a\nb", "a\0b",
                                  "\x1b", "x" * 61, "~", "a:b", "\udcff", "a*"])  # fmt: skip
def test_a_name_that_no_file_should_have_is_refused(home, name):
    with pytest.raises(RnnTuiError) as caught:
        save(PresetFile("x", PRESET), name)
    assert "is not allowed as a preset's name: use at most 60 letters" in str(caught.value)
    assert str(caught.value).isprintable()
    assert not list(home.iterdir())


@given(st.text(max_size=70) | st.text("a.toml", max_size=12))
@example("a.toml.toml")
def test_a_name_is_refused_or_its_file_is_found_by_it_in_the_own_folder(name):
    try:
        path = own_path(name)
    except RnnTuiError:
        return
    assert path.parent == store.own_folder()
    assert len(os.fsencode(path.name)) <= 255
    path.parent.mkdir(exist_ok=True)
    path.touch()
    assert find(path.stem) == path


@pytest.mark.parametrize("name", ["x", "größer", "my echo, no".replace(",", ""), "v1.2", "a+b", "長" * 60, "𠀀" * 60])
def test_usual_names_of_any_script_can_be_saved(own, name):
    assert save(PresetFile("x", PRESET), name).path == own / f"{name}.toml"
    assert load(own / f"{name}.toml").preset == PRESET


def test_a_failed_save_says_so_and_changes_nothing(home, monkeypatch):
    (home / "file").write_text("")
    monkeypatch.setenv("RNN_TUI_HOME", str(home / "file"))
    with pytest.raises(RnnTuiError, match=r"mine\.toml: not saved \(.*\); nothing was changed"):
        save(PresetFile("x", PRESET), "mine")
    assert [path.name for path in home.iterdir()] == ["file"]


def test_no_preset_file_is_written_by_reading(own):
    (own / "mine.toml").write_text(EXAMPLE)
    before = (own / "mine.toml").stat().st_mtime_ns
    store.entries()
    load(find("mine"), {"task.delay": 1})
    assert (own / "mine.toml").stat().st_mtime_ns == before
    assert (own / "mine.toml").read_text() == EXAMPLE


def test_the_size_that_followed_from_a_match_stays_where_a_change_ends_it():
    path = store.bundled_folder() / "cells.toml"
    matched = load(path).preset.lanes[3].hidden_size
    ended = load(path, {"lanes.0.kind": "fnn"}).preset.lanes[3]
    assert (ended.match, ended.hidden_size) == (None, matched)
    assert load(path, {"lanes.3.kind": "gru"}).preset.lanes[3].hidden_size == matched


def test_a_copy_of_bundled_data_that_the_user_has_edited_is_never_replaced(own):
    presets = sorted(store.bundled_folder().glob("*.toml"))
    file = next(file for path in presets if hasattr((file := load(path)).preset.task, "path"))
    bundled = Path(file.preset.task.path)
    edited = own / "data" / bundled.name
    edited.parent.mkdir()
    edited.write_text("mine\n1\n2\n")
    for _ in range(2):
        saved = Path(save(file, "mine").preset.task.path)
        assert edited.read_text() == "mine\n1\n2\n"
        assert saved.read_bytes() == bundled.read_bytes()
        assert len(list(edited.parent.iterdir())) == 2


def test_a_preset_that_has_come_meanwhile_is_not_replaced(own):
    save(PresetFile("x", PRESET), "mine", over=False)
    with pytest.raises(RnnTuiError, match=r"mine\.toml: not saved \(File exists\)"):
        save(PresetFile("x", PRESET.with_changes({"task.delay": 9})), "mine", over=False)
    assert load(own / "mine.toml").preset == PRESET


def test_comments_of_a_preset_with_inputs_stay(tmp_path):
    (tmp_path / "t.csv").write_text("a,b,c\n" + "".join(f"{i % 7},{i % 5},{i % 3}\n" for i in range(400)))
    text = """\
# my data
[task] # what
kind = "csv"
path = 't.csv' # where
column = "a"
inputs = [
  "b", # pressure
  "c", # wind
] # further ones

[[lanes]] # a net
kind = "rnn"
# the end
"""
    (tmp_path / "x.toml").write_text(text)
    file = load(tmp_path / "x.toml")
    wanted = [line for line in text.splitlines() if line and "t.csv" not in line]
    for inputs in (["b", "c"], ["b"], ["b", "c"]):
        changed = file.preset.with_changes({"task.inputs": inputs})
        file = save(PresetFile("x", changed, text=file.text), "mine")
        assert re.findall("#.*", file.text) == re.findall("#.*", text)
        assert load(file.path).preset == changed
    assert [line for line in wanted if line not in file.text.splitlines()] == ['  "b", # pressure', '  "c", # wind']


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"k" * 200_000 + b" = 1", "…"),
        (b".".join([b"a"] * 100_000) + b" = 1", "nested too deeply"),
        (b"x = {" + b".".join([b"a"] * 100_000) + b" = 1}", "nested too deeply"),
        (b"".join(b"k%06d = 1\n" % i for i in range(30_000)), "… and 29,982 more"),
        ("title = 'x'".encode("utf-16"), "saved as UTF-16; save it as UTF-8"),
    ],
    ids=["long key", "dotted key", "inner dotted key", "many keys", "utf-16"],
)
def test_what_is_much_too_large_gets_a_short_answer(tmp_path, content, problem):
    (tmp_path / "x.toml").write_bytes(content)
    with pytest.raises(PresetError) as caught:
        load(tmp_path / "x.toml")
    assert problem in str(caught.value)
    assert len(caught.value.problems) <= 21
    assert len(str(caught.value)) < 10_000


NOT_UTF_8 = os.fsdecode(b"caf\xe9")


def test_a_file_name_that_is_not_utf_8_is_shown_found_and_saved(own):
    (own / f"{NOT_UTF_8}.toml").write_text(EXAMPLE)
    file = load(find(NOT_UTF_8))
    assert find(file.name) == own / f"{NOT_UTF_8}.toml"
    assert_can_be_shown(file.name)
    assert NOT_UTF_8 in [entry.name for entry in store.entries()]
    name = store.proposed_name(file.name)
    assert save(file, name).path == own / f"{name}.toml"
    path = own / "run.safetensors"
    writer.save(checkpoint_of(Session(file.preset), file.name), path)
    assert reader.load(path).name == file.name


@pytest.mark.parametrize("name", ["x", "echo", "a/b", "é" * 80, "-", "my-x", "caf\\udce9"])
@pytest.mark.usefixtures("own")
def test_a_name_that_is_proposed_can_be_used(name):
    own_path(store.proposed_name(name))
    assert store.proposed_name("mine") == "mine"

"""``rnn-tui lessons``."""

from pathlib import Path

import pytest
from support.command_line import run
from support.lesson_documents import CHOICE, HEAD, NUMBER, PLAIN, TRAIN

SHORT = HEAD + '[changes]\n"training.sequence_length" = 8\n' + TRAIN + CHOICE + NUMBER


@pytest.fixture(autouse=True)
def here(tmp_path, monkeypatch):
    """A home of its own, which is also the folder to stand in."""
    monkeypatch.setenv("RNN_TUI_HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_list_has_all_lessons_and_marks_those_that_are_done_or_begun(here):
    (here / "lessons").mkdir()
    (here / "lessons" / "mine.toml").write_text(HEAD + PLAIN)
    (here / "lessons" / "broken.toml").write_text(HEAD)
    (here / "lessons" / "progress.json").write_text('{"done": ["floor"], "begun": {"fading": {"number": 2}}}')
    lines = run("lessons").stdout.splitlines()
    assert [line.split()[1:3] for line in lines if line.startswith("✓")] == [["2", "floor"]]
    assert any("fading" in line and "on page 3 of" in line for line in lines)
    assert any("broken" in line and "has problems: rnn-tui lessons check broken" in line for line in lines)
    (here / "lessons" / "progress.json").write_text("{")
    found = run("lessons")
    assert "floor" in found.stdout
    assert "progress.json: not a JSON object" in found.stderr
    assert any("mine" in line and "The floor (3 minutes)" in line for line in lines)


def test_check_shows_the_problems_of_all_files_and_solves_if_it_is_asked_to(here):
    (here / "short.toml").write_text(SHORT)
    (here / "broken.toml").write_text(HEAD.replace("title", "titel") + PLAIN)
    found = run("lessons", "check", "short.toml", "broken.toml", "nothing", code=2)
    assert found.stdout.startswith("short.toml: no problems\n")
    for said in ("broken.toml: 2 problems", "titel: unknown key; did you mean 'title'?", "no lesson 'nothing'"):
        assert said in found.stderr
    (here / "lost.toml").write_text(HEAD + TRAIN.replace('"s s s"', '"s s"'))
    (here / "early.toml").write_text(HEAD + TRAIN.replace("step >= 3", "step >= 0"))
    solved = run("lessons", "check", "--solve", "lost.toml", "early.toml", code=2)
    assert "lost: page 1 is not done by its solution 's s'" in solved.stderr
    wrong = here / "wrong.toml"
    wrong.write_text(HEAD + NUMBER.replace("N 8 9", "N 8 8"))
    assert "wrong: page 1 gets a wrong answer" in run("lessons", "check", "--solve", "wrong.toml", code=2).stderr
    assert "early: page 1 is done before its solution" in solved.stderr
    for keys in ("L x", "s s s N N N"):  # leave the lesson, or begin the next one
        (here / "gone.toml").write_text(HEAD + TRAIN.replace("s s s", keys))
        said = run("lessons", "check", "--solve", "gone.toml", code=2).stderr
        assert "gone: the solution of page 1 leaves the lesson, or opens another one" in said


def test_export_writes_a_handout_with_the_values_of_the_solution_and_a_picture(here):
    (here / "short.toml").write_text(SHORT)
    run("lessons", "export", "short.toml", "-o", "out.md")
    text = Path("out.md").read_text(encoding="utf-8")
    assert "Step 3." in text
    assert "![loss on page 1](out-1.svg)" in text
    assert Path("out-1.svg").read_text(encoding="utf-8").startswith("<svg")
    assert not (here / "lessons").exists(), "the progress of the user is untouched"
    assert "exists; --force overwrites it" in run("lessons", "export", "short.toml", "-o", "out.md", code=2).stderr
    assert "must end in .md" in run("lessons", "export", "short.toml", "-o", "out.html", code=2).stderr


def test_a_lesson_needs_a_terminal_and_says_so_without_one(here):
    (here / "short.toml").write_text(SHORT)
    assert "a lesson needs a terminal" in run("lessons", "open", "short.toml", code=2).stderr
    assert "no lesson 'flor'" in run("lessons", "open", "flor", code=2).stderr

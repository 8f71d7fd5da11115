"""The README and the pages under docs/ agree with the program: names, keys, options, commands, counts and links."""

import re
import runpy
import tomllib
from itertools import pairwise
from pathlib import Path
from typing import ClassVar, get_origin, get_type_hints

import click
import pytest
from support.command_line import run

from rnn_tui.cli.app import lab
from rnn_tui.presets import store
from rnn_tui.tasks import TASKS

ROOT = Path(__file__).parent.parent
README = ROOT / "README.md"
PAGES = {path.name: path.read_text(encoding="utf-8") for path in [README, *sorted((ROOT / "docs").glob("*.md"))]}
FENCED = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\[[^]]*\]\(([^)\s]+)\)")
OPTION = re.compile(r"(?<![\w-])(?:-[a-zA-Z]|--[a-z][a-z-]*)(?![\w-])")
every_page = pytest.mark.parametrize("page", PAGES)


def blocks(page, language):
    """Return the contents of the fenced blocks of a language."""
    return [text for name, text in FENCED.findall(PAGES[page]) if name == language]


def rows(page):
    """Return the cells of every row of every table."""
    lines = [line.strip() for line in FENCED.sub("", PAGES[page]).splitlines()]
    return [[cell.strip() for cell in line[1:-1].split("|")] for line in lines if line.startswith("|")]


def code(text):
    """Return what is set as code in a line."""
    return re.findall(r"`([^`]+)`", text)


def anchors(text):
    """Return the anchors that GitHub makes of a page's headings."""
    headings = re.findall(r"^#+ (.*)$", FENCED.sub("", text), flags=re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


def options(command):
    """Return every spelling of every option of a command, and of the commands of a group below the lab."""
    parts = [command] if command is lab else [command, *getattr(command, "commands", {}).values()]
    found = [each for part in parts for each in part.params if isinstance(each, click.Option)]
    return {name for each in found for name in [*each.opts, *each.secondary_opts]}


def commands():
    """Return the commands by their names, the lab itself as an empty one."""
    context = click.Context(lab)
    return {"": lab} | {name: lab.get_command(context, name) for name in lab.list_commands(context)}


def command_lines(page):
    """Return the lines with commands, without their comments."""
    lines = "".join(blocks(page, "sh")).splitlines()
    return [line.partition("  #")[0].strip() for line in lines]


# Generated tables.


def test_the_table_of_interventions_is_that_of_the_program():
    page = runpy.run_path(str(ROOT / "docs" / "make_interventions.py"))["page"]
    text = PAGES["interventions.md"]
    assert page(text) == text, "run python docs/make_interventions.py"


# Links and the README.


@every_page
def test_links_lead_to_files_and_headings_that_exist(page):
    folder = ROOT if page == README.name else ROOT / "docs"
    for link in LINK.findall(FENCED.sub("", PAGES[page])):
        if link.startswith("http"):
            continue
        name, _, anchor = link.partition("#")
        target = folder / name if name else folder / page
        assert target.is_file(), link
        assert not anchor or anchor in anchors(target.read_text(encoding="utf-8")), link


def test_the_readme_is_short_and_leads_to_every_page():
    assert len(PAGES[README.name].splitlines()) <= 160
    assert {f"docs/{page}" for page in PAGES if page != README.name} <= set(LINK.findall(PAGES[README.name]))


def test_each_of_the_two_commands_comes_after_git_clone_and_ci_finds_the_second():
    first, second, *_ = blocks(README.name, "sh")
    for block, last in ((first, "rnn-tui"), (second, "pytest")):
        clone, command = block.splitlines()
        assert clone.startswith("git clone ")
        assert command.startswith("python3 -m venv .venv && .venv/bin/pip install ")
        assert command.endswith(f"&& .venv/bin/{last}")
    (pattern,) = re.findall(r"grep -E '(.*)' README\.md", (ROOT / ".ci" / "run").read_text(encoding="utf-8"))
    assert re.findall(pattern, PAGES[README.name], flags=re.MULTILINE) == second.splitlines()[1:]
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["optional-dependencies"]
    named = re.findall(r"'[\w.-]*\[(\w+)\]'", "".join(PAGES.values()))
    assert set(named) == {"cluster", "dev", "fast", "figures", "web"} <= extras.keys()


# Presets and tasks.


def test_the_table_of_presets_has_the_course_and_what_each_preset_says():
    expected, last = [], ""
    for name, chapter in store.course().items():
        preset = store.load(ROOT / "presets" / f"{name}.toml").preset
        expected.append([chapter if chapter != last else "", f"`{name}`", preset.title, preset.question])
        last = chapter
    assert [row for row in rows("presets.md") if len(row) == 4 and row[1].startswith("`")] == expected
    assert f"the {len(expected)} bundled experiments" in PAGES[README.name]


@pytest.fixture
def example(tmp_path):
    """Return the example of a preset as a file."""
    (text,) = blocks("presets.md", "toml")
    path = tmp_path / "example.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_the_example_of_a_preset_is_in_order_and_has_every_key(example):
    given, full = tomllib.loads(example.read_text(encoding="utf-8")), store.load(example).preset.document()
    assert given.keys() == full.keys() | {"temperature"}  # which an echo does not need
    assert given["task"].keys() == full["task"].keys()
    assert given["training"].keys() == full["training"].keys()
    assert set().union(*given["lanes"]) == set().union(*full["lanes"])
    run("check", example)


@pytest.mark.parametrize("key", ["optimizer", "schedule", "precision", "engine", "initializer", "activation", "kind"])
def test_the_comment_of_a_choice_names_all_that_can_be_chosen(example, key):
    head, found, tail = example.read_text(encoding="utf-8").rpartition("[[lanes]]                   # one to four")
    assert found
    pattern = re.compile(rf"^{key} = .*# (.*)$", re.MULTILINE)
    in_lane = key in ("initializer", "activation", "kind")
    part = tail if in_lane else head
    comment = pattern.search(part)[1]
    broken = pattern.sub(f"{key} = 3", part, count=1)
    example.write_text(f"{head}{found}{broken}" if in_lane else f"{broken}{found}{tail}", encoding="utf-8")
    (allowed,) = re.findall(r"must be one of (.*)", run("check", example, code=2).output)
    wanted = re.findall(r"'([\w-]+)'", allowed)
    assert set(wanted) <= set(re.findall(r"[\w-]+", comment))


@pytest.mark.parametrize("kind", TASKS)
def test_the_table_of_tasks_has_every_task_with_its_options(kind):
    (row,) = [row for row in rows("tasks-and-floors.md") if kind in code(row[0])]
    hints = get_type_hints(TASKS[kind])
    fields = {name for name, hint in hints.items() if get_origin(hint) is not ClassVar and not name.startswith("_")}
    named = [name.split(" ")[0] for name in code(row[1])]
    assert {name for name in named if not name.startswith('"')} == fields - {"kind"}


def test_the_table_of_tasks_has_no_others():
    names = [name for row in rows("tasks-and-floors.md") for name in code(row[0])]
    assert names == list(TASKS)


@pytest.mark.parametrize(
    ("kind", "windows", "digits"),
    [("letters", (1, 2, 3), ".732, .520, .366"), ("temporal-xor", (1, 2, None), ".693, .637, … to .462")],
)
def test_floors_of_the_table_are_the_tasks_own(kind, windows, digits):
    (row,) = [row for row in rows("tasks-and-floors.md") if kind in code(row[0])]
    assert digits in row[2]
    task = TASKS[kind](kind=kind)
    for window, number in zip(windows, re.findall(r"\.\d+", digits), strict=True):
        assert task.floor(window, 2000).loss == pytest.approx(float(number), abs=0.0006)


# Settings and keys.


def test_every_key_has_its_name_and_its_default_keys_in_the_table():
    printed = dict(re.findall(r'^# (\w+\.\w+) = "(.*?)" +#', run("config").stdout, flags=re.MULTILINE))
    listed = {code(row[1])[0]: ", ".join(code(row[0])) for row in rows("settings-and-keys.md") if row[1][:1] == "`"}
    assert len(printed) > 50
    assert listed == printed


def test_the_example_of_settings_is_in_order_and_has_every_setting(home):
    (text,) = blocks("settings-and-keys.md", "toml")
    assert tomllib.loads(text).keys() == tomllib.loads(run("config").stdout).keys()
    (home / "config.toml").write_text(text, encoding="utf-8")
    run("config", "--check")


# The command line.


def test_every_command_and_every_option_is_documented():
    page = PAGES["command-line.md"]
    for name, command in commands().items():
        assert f"`rnn-tui {name}".strip() in page
        assert options(command) <= set(OPTION.findall(page)), name


@every_page
def test_commands_of_the_pages_exist_with_their_options_and_presets(page):
    known = commands()
    bundled = {path.stem for path in (ROOT / "presets").glob("*.toml")}
    for line in command_lines(page):
        words = line.split()
        if words[:1] != ["rnn-tui"]:
            continue
        name = words[1] if words[1:] and words[1] in known else ""
        rest = words[2:] if name else words[1:]
        assert {word for word in rest if OPTION.fullmatch(word)} <= options(known[name]), line
        assert name or not rest or rest[0].startswith("-"), line
        named = rest[:1] if name in ("train", "picture") else []
        named += [after for word, after in pairwise(rest) if word in ("-p", "--preset")]
        assert {each for each in named if not each.startswith("-") and not each.endswith(".safetensors")} <= bundled, (
            line
        )


@every_page
def test_options_that_a_page_mentions_are_options_of_a_command_or_of_a_benchmark(page):
    scripts = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "benchmarks").glob("*.py"))
    known = set().union(*map(options, commands().values()), re.findall(r'add_argument\("(--\w+)"', scripts), {"--help"})
    ours = re.sub(r"^dask .*", "", PAGES[page], flags=re.MULTILINE)  # another program
    assert set(re.findall(r"(?<![\w-])--[a-z][a-z-]*", ours)) <= known


def table(text):
    """Return by its lane each lane's parameters, loss, accuracy in percent and floor, as `train` prints them."""
    found = re.findall(r"^(\S+) +(\d+) +([\d.]+) +([\d.]+)% +([\d.]+)$", text, flags=re.MULTILINE)
    return {name: [float(number) for number in numbers] for name, *numbers in found}


@pytest.mark.parametrize(("number", "preset"), [(0, "echo"), (1, "temporal-xor")])
def test_the_results_that_are_shown_come_of_their_commands(number, preset):
    shown = table(blocks("command-line.md", "text")[number])
    command = [line for line in command_lines("command-line.md") if line.startswith("rnn-tui train")][number].split()
    assert command[2] == preset
    got = table(run(*command[1:]).stdout)
    assert shown.keys() == got.keys() != set()
    for lane, (parameters, loss, accuracy, floor) in shown.items():
        assert got[lane][0] == parameters
        assert got[lane][1] == pytest.approx(loss, abs=0.01)
        assert got[lane][2] == pytest.approx(accuracy, abs=2)
        assert got[lane][3] == pytest.approx(floor, abs=0.0001)


# Benchmarks.


def test_the_number_of_claims_is_right(monkeypatch):
    monkeypatch.syspath_prepend(str(ROOT / "benchmarks"))
    from claims import CLAIMS

    (number,) = re.findall(r"each of (\d+) claims", PAGES["benchmarks.md"])
    assert int(number) == sum(map(len, CLAIMS.values()))


@every_page
def test_scripts_of_the_pages_exist(page):
    for script in re.findall(r"python ((?:benchmarks|docs)/\S+?\.py)", PAGES[page]):
        assert (ROOT / script).is_file()

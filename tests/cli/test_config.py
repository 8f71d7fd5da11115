"""``rnn-tui config``: where the file is, what is in force, and what is wrong."""

import tomllib

import pytest
from click.testing import CliRunner

from rnn_tui.cli.app import lab
from rnn_tui.ui.config import Config, read
from rnn_tui.ui.input.bindings import named
from rnn_tui.ui.input.keymap import Keymap, keymap_of


def run(*args, code=0):
    done = CliRunner().invoke(lab, ["config", *args])
    assert done.exit_code == code, done.output
    return done


@pytest.fixture
def file(home):
    return home / "config.toml"


def test_the_path_is_one_line(file):
    assert run("--path").stdout == f"{file}\n"


def test_without_a_file_the_usual_settings_are_printed_each_with_what_it_may_be(file):
    said = run().stdout
    assert said.startswith(f"# {file}\n")
    assert tomllib.loads(said) == {**Config().model_dump(), "keys": {}}
    assert all(words in said for words in ("2 to 30", "auto, blocks, ascii", "nord", '# run.step = "s" '))
    for name, binding in named().items():
        assert any(f"# {name} = " in line and line.endswith(binding.tooltip) for line in said.splitlines())


def test_what_is_printed_is_a_file_that_means_the_same(file):
    file.write_text('theme = "nord"\nvim = true\n[keys]\nrun.step = "F, ctrl+n"\nrun.play = "ctrl+t"')
    before = read(file)
    file.write_text(run().stdout)
    assert read(file) == before
    assert run("--check").stdout == f"{file}: no problems\n"


def test_all_keys_can_be_uncommented_as_they_are(file):
    head, keys = run().stdout.split("# To change a key, remove the #")
    file.write_text(f"{head}#{keys}".replace("\n# ", "\n").replace(str(file), f"# {file}", 1))
    text = file.read_text()
    file.write_text(text[text.index("[keys]") :])
    config, problems = read(file)
    assert problems == []
    keys, problems = keymap_of(config)
    assert problems == []
    assert all(keys.keys(name) == Keymap().keys(name) for name in named())


def test_a_broken_file_is_checked_with_exit_code_2_and_printed_without(file):
    file.write_text('refresh = 99\n[keys]\nrun.play = "s"')
    checked = run("--check", code=2)
    assert checked.stdout == ""
    assert "2 problems" in checked.stderr
    assert "run.play and run.step" in checked.stderr
    printed = run()
    assert "2 problems" in printed.stderr
    assert tomllib.loads(printed.stdout) == {**Config().model_dump(), "keys": {}}


def test_a_file_that_is_not_there_is_in_order(file):
    assert run("--check").stdout == f"{file}: not found; using the defaults\n"


def test_one_thing_is_asked_at_a_time():
    assert "exclude each other" in run("--check", "--path", code=2).stderr

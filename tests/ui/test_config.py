"""The settings file: what it may say, and what is said where it is wrong."""

import pytest

from rnn_tui.ui.config import Config, config_path, read


@pytest.fixture
def written(home):
    """Writes the file and reads it."""

    def write(text):
        path = home / "config.toml"
        path.write_text(text)
        return read(path)

    return write


def test_the_file_lies_in_the_users_own_folder(home, monkeypatch):
    assert config_path() == home / "config.toml"
    monkeypatch.delenv("RNN_TUI_HOME")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(home))
    assert config_path().name == "config.toml"
    assert config_path().parent.name == "rnn-tui"


@pytest.mark.parametrize("text", ["", "\n \n", "# nothing", "[keys]", "[keys.run]"])
def test_a_file_that_says_nothing_leaves_all_as_usual(written, text):
    assert written(text) == (Config(), [])


def test_the_defaults_would_pass_the_check():
    assert Config.model_validate(Config().model_dump()) == Config.model_validate({}) == Config()


def test_every_value_is_read(written):
    config, problems = written(
        'theme = "nord"\nrefresh = 2\nglyphs = "ascii"\npalette = "mono"\nvim = true\n[keys]\n"run.step" = "i"\n'
    )
    assert problems == []
    assert config == Config(theme="nord", refresh=2, glyphs="ascii", palette="mono", vim=True, keys={"run.step": "i"})


def test_a_bindings_name_needs_no_quotes(written):
    plain, _ = written('[keys]\nrun.step = "i"\nrun.back = "m"')
    table, _ = written('[keys.run]\nstep = "i"\nback = "m"')
    assert plain.keys == table.keys == {"run.step": "i", "run.back": "m"}


def test_a_name_that_stands_twice_is_a_problem(written):
    config, problems = written('[keys]\nrun.step = "i"\n"run.step" = "m"')
    assert config.keys == {}
    assert problems == ["keys = a table: run.step is listed more than once"]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("refresh = 1", "refresh = 1: must be at least 2"),
        ("refresh = 31", "refresh = 31: must be at most 30"),
        ("refresh = 10.5", "refresh = 10.5: must be a whole number"),
        ("vim = 1", "vim = 1: must be true or false"),
        ("theme = 3", "theme = 3: must be text in quotes"),
        ('glyphs = "asci"', "glyphs = 'asci': unknown; did you mean 'ascii'?"),
        ('palette = "colours"', "palette = 'colours': unknown; did you mean 'colors'?"),
        ("refesh = 5", "refesh: unknown key; did you mean 'refresh'?"),
        ("keys = 3", "keys = 3: must be a table"),
        ("theme =", "not TOML"),
    ],
)
def test_a_problem_is_one_line_in_the_manner_of_presets(written, text, problem):
    config, (said,) = written(text)
    assert said.startswith(problem)
    assert config == Config()


def test_all_problems_are_told_at_once_and_what_is_in_order_holds(written):
    config, problems = written('theme = "nord"\nrefresh = 99\nvim = "yes"\ncolor = 1\n[keys]\nrun.step = "i"')
    assert len(problems) == 3
    assert config == Config(theme="nord", keys={"run.step": "i"})


def test_a_file_that_cannot_be_read_is_a_problem(tmp_path):
    (tmp_path / "config.toml").mkdir()
    assert "folder" in read(tmp_path / "config.toml")[1][0]
    (tmp_path / "other.toml").write_bytes(b"\xff\xfe theme")
    assert "UTF-8" in read(tmp_path / "other.toml")[1][0]
    assert read(tmp_path / "none.toml")[1]
    assert read(tmp_path / "none.toml")[0] == Config()


def test_endless_nesting_and_endless_numbers_are_problems_too(written):
    assert "too deeply" in written("[keys]\n" + "a." * 30 + "b = 1")[1][0]
    assert "too long" in written("refresh = 0x" + "f" * 4000)[1][0]

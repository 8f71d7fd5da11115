"""``rnn-tui picture``."""

import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest
from support.command_line import run
from support.preset_documents import EXAMPLE

from rnn_tui.ui.panels.registry import declarations


@pytest.fixture(autouse=True)
def here(tmp_path, monkeypatch):
    """An empty folder to stand in, and a short preset in another."""
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    (tmp_path / "small.toml").write_text(EXAMPLE.replace("sequence_length = 40", "sequence_length = 8"))
    return tmp_path / "here"


SMALL = "../small.toml"


def words(svg):
    return " ".join(text for each in ElementTree.fromstring(svg).iter() if (text := each.text))


def test_a_panel_fills_the_size_with_the_numbers_that_train_prints_and_the_same_bytes_each_time(monkeypatch):
    command = ["picture", SMALL, "--steps", 3, "--panel", "compar", "--size", "90x20"]
    said = run(*command, "-o", "a.svg").stdout
    assert said.startswith("a.svg: ")
    svg = Path("a.svg").read_text(encoding="utf-8")
    tree = ElementTree.fromstring(svg)
    assert (tree.get("width"), tree.get("height")) == (str(90 * 8), str(20 * 16))
    trained = run("train", SMALL, "--steps", 3).stdout
    loss = trained.splitlines()[2].split()[2]
    assert loss in words(svg)
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("TERM", "dumb")
    assert run(*command, "-o", "-").stdout == svg


def test_the_screen_of_a_saved_run_with_the_cursor_as_png_over_an_older_file_only_with_force():
    run("train", SMALL, "--steps", 4, "-o", "run.safetensors")
    command = ["picture", "run.safetensors", "--dark", "--size", "80x24", "--t", 5, "--unit", 1, "-o"]
    screen = run(*command, "-").stdout
    assert "step 4" in words(screen)
    assert "Time step t = 5." in words(screen)
    assert 'fill="#0e1116"' in screen
    assert "step 2" in words(run(*command, "-", "--steps", 2, "--page", "remember").stdout)
    run(*command, "run.png")
    assert Path("run.png").read_bytes().startswith(b"\x89PNG")
    assert "run.png exists; --force overwrites it" in run(*command, "run.png", code=2).stderr
    run(*command, "run.png", "--force")


def test_a_panel_with_diagnostics_is_drawn_when_they_are_there():
    drawn = [run("picture", SMALL, "--steps", 2, "--panel", "memory", "-o", "-").stdout for _ in range(2)]
    assert drawn[0] == drawn[1]
    assert "capacity" in words(drawn[0])
    assert "step 2" in words(drawn[0])


def test_a_lane_that_diverges_is_drawn_at_its_last_step_and_the_exit_code_says_so():
    settings = ("optimizer=sgd", "learning_rate=1000", "clip_norm=0")
    diverging = [word for each in settings for word in ("--set", f"training.{each}")]
    unbounded = ["--set", "lanes.0.gain=100", "--set", "lanes.0.activation=relu"]
    done = run("picture", "wave", *diverging, *unbounded, "--steps", 9, "--panel", "4", "-o", "d.svg", code=2)
    assert "diverged" in done.stderr
    assert Path("d.svg").exists()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["-o", "x.gif"], "x.gif: the name must end in .svg, .png, .pdf, or be -"),
        (["-o", "x"], "x: the name must end in"),
        (["-o", "x.svg", "--panel", "states"], "no panel 'states'; the panels are controls (1), sequence (2), "),
        (["-o", "x.svg", "--panel", "c"], "no panel 'c'; the panels are"),
        (["-o", "x.svg", "--page", "3"], "no page '3'; the pages are learn, remember"),
        (["-o", "x.svg", "--size", "big"], "'big' is not COLUMNSxROWS, as in 120x36"),
        (["-o", "x.svg", "--size", "9x9"], "9x9 is outside 20x4 to 500x200"),
        (["-o", "x.svg", "--size", "40x10"], "the lab needs 60x18; give a larger --size, or one --panel"),
        (["-o", "x.svg", "--t", "8"], "--t 8: there are 8 time steps, 0 to 7"),
        (["-o", "x.svg", "--unit", "99"], "--unit 99: there are "),
        (["-o", "x.svg", "--drawing", "run"], "--drawing run: needs --panel memory, gradient, dynamics"),
        (["-o", "x.svg", "--panel", "loss", "--drawing", "run"], "other panels have one drawing"),
        (
            ["-o", "x.svg", "--panel", "9", "--drawing", "run"],
            "no drawing 'run'; the drawings of dynamics are eigenvalues, jacobian, growth, states",
        ),
        (["-o", "x.svg", "--lane", "RN"], "no lane 'RN'; did you mean 'RNN'?"),
        (["-o", "no/such/../x.pdf", "--steps", "-1"], "-1"),
    ],
)
def test_mistakes_are_named_before_the_training(words, said, monkeypatch):
    monkeypatch.setattr("rnn_tui.cli.picture.advance", lambda *_: pytest.fail("it was trained"))
    assert said in run("picture", SMALL, *words, code=2).stderr
    assert not list(Path().iterdir())


def test_a_folder_that_may_not_be_written_to_is_named_before_the_training(monkeypatch):
    monkeypatch.setattr("rnn_tui.cli.picture.advance", lambda *_: pytest.fail("it was trained"))
    Path("locked").mkdir()
    monkeypatch.setattr("os.access", lambda path, _: Path(path).name != "locked")
    assert "nothing can be written in" in run("picture", SMALL, "-o", "locked/x.svg", code=2).stderr


SAYS = {  # of each drawing of a panel that has several
    "memory lag": "enter: over the run", "memory run": "enter: by lag",
    "gradient lag": "enter: over the run", "gradient run": "enter: by lag",
    "dynamics eigenvalues": "eigenvalues", "dynamics jacobian": "Jacobian", "dynamics growth": "growth",
    "dynamics states": "states",
}  # fmt: skip


def test_each_drawing_of_a_panel_can_be_chosen():
    every = [f"{panel.name} {drawing}" for panel in declarations() for drawing in panel.drawings]
    assert every == list(SAYS)
    pictures = {}
    for each, said in SAYS.items():
        panel, drawing = each.split()
        svg = run("picture", SMALL, "--steps", 2, "--panel", panel, "--drawing", drawing, "-o", "-").stdout
        assert said in words(svg), each
        pictures[svg] = each
    assert len(pictures) == len(SAYS), "no two are the same"
    first = run("picture", SMALL, "--steps", 2, "--panel", "dynamics", "-o", "-").stdout
    assert pictures[first] == "dynamics eigenvalues"


def test_own_data_need_no_preset():
    Path("waves.csv").write_text("level\n" + "".join(f"{(7 * i) % 24}.5\n" for i in range(300)))
    run("picture", "--csv", "waves.csv", "--steps", 2, "--panel", "loss", "-o", "x.svg")
    assert Path("x.svg").exists()
    assert "give a preset, a saved run, --csv FILE or --text FILE" in run("picture", "-o", "y.svg", code=2).stderr


def test_without_the_extra_png_is_refused_at_once(monkeypatch):
    monkeypatch.setitem(sys.modules, "typst", None)
    said = run("picture", SMALL, "-o", "x.png", code=2).stderr
    assert "PNG needs the extra: pip install 'rnn-tui[figures]'; SVG works without it" in said


def test_a_run_has_its_own_data():
    said = run("picture", "run.safetensors", "--seed", 3, "-o", "x.svg", code=2).stderr
    assert "a saved run has its own data" in said

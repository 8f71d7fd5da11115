"""The command line of settings, read as the shell and the program read it."""

import shlex

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.examples import fewer_examples
from support.preset_documents import valid

from rnn_tui.cli.app import lab
from rnn_tui.cli.options import chosen
from rnn_tui.presets.command_line import OMITTED, command_line
from rnn_tui.presets.from_data import from_csv, from_text
from rnn_tui.presets.preset import parse
from rnn_tui.presets.store import PresetFile, bundled_folder, find, load, save


def opened(line):
    """The preset that the line opens."""
    program, *words = shlex.split(line)
    assert program == "rnn-tui"
    options = lab.make_context("rnn-tui", words, resilient_parsing=False).params
    for name in ("resume", "in_ascii"):
        options.pop(name)
    return chosen(**options).preset


def settings_of(preset):
    return {key: value for key, value in preset.document().items() if key not in OMITTED}


def same(file, preset):
    line = command_line(file, preset)
    assert settings_of(opened(line)) == settings_of(preset), line
    return line


def test_a_preset_as_it_is_needs_its_name_alone():
    assert command_line(load(find("echo")), load(find("echo")).preset) == "rnn-tui -p echo"


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"training.learning_rate": 0.003}, "--set training.learning_rate=0.003"),
        ({"training.seed": 7, "task.delay": 4}, "--seed 7 --set task.delay=4"),
        ({"lanes.1.kind": "gru"}, "--set lanes.1.kind=gru"),
        ({"lanes.1.hidden_size": 25, "lanes.1.window": 2}, "--set lanes.1.hidden_size=25 --set lanes.1.window=2"),
    ],
)
def test_what_differs_is_set_and_nothing_else(changes, said):
    file = load(find("echo"))
    assert same(file, file.preset.with_changes(changes)) == f"rnn-tui -p echo {said}"


def test_a_size_that_no_longer_follows_another_lane_is_said():
    file = load(find("cells"))
    assert "lanes.3.hidden_size=90" in same(file, file.preset.with_changes({"lanes.3.match": None}))


@pytest.mark.parametrize("lanes", [[{"kind": "lstm"}], [{"kind": "rnn", "name": 'it\'s "1"'}, *[{"kind": "fnn"}] * 2]])
def test_another_number_of_lanes_is_written_out(lanes):
    file = load(find("echo"))
    same(file, parse({**file.preset.document(), "lanes": lanes}, "changed"))


@fewer_examples
@given(valid())
def test_any_settings_are_opened_again_by_their_line(document):
    preset = parse(document, "any")
    same(PresetFile("nowhere to be found", preset), preset)


def test_a_preset_of_ones_own_is_named_and_one_elsewhere_is_a_path(tmp_path):
    file = save(PresetFile("mine", load(find("xor")).preset), "mine")
    assert same(file, file.preset) == "rnn-tui -p mine"
    path = tmp_path / "a preset.toml"
    path.write_text('task.kind = "xor"\nlanes = [{kind = "rnn"}]\n')
    assert shlex.split(same(load(path), load(path).preset)) == ["rnn-tui", "-p", str(path)]


def test_a_table_is_opened_by_its_columns_and_a_text_by_its_level():
    data = bundled_folder().absolute() / "data"
    table = from_csv(str(data / "temperatures.csv"), "temperature", horizon=2)
    line = same(table, table.preset.with_changes({"training.learning_rate": 0.02}))
    assert shlex.split(line)[1:7] == ["--csv", str(data / "temperatures.csv"), "--column", "temperature",
                                      "--horizon", "2"]  # fmt: skip
    text = from_text(str(data / "rhyme.txt"), "words")
    assert "--level words" in same(text, text.preset)


@given(st.text(min_size=1, max_size=8))
def test_any_name_of_a_lane_survives_the_shell(name):
    file = load(find("echo"))
    try:
        preset = file.preset.with_changes({"lanes.0.name": name})
    except Exception:
        return
    same(file, preset)


def test_interventions_are_in_the_line_and_can_be_taken_away():
    file = load(find("echo"))
    changed = file.preset.with_changes({"lanes.0.interventions": ["hold:u1=0.25", "W_hh:0,1-=1e-09"]})
    assert "lanes.0.interventions" in same(file, changed)
    frozen = load(find("echo-state"))
    same(frozen, frozen.preset.with_changes({"lanes.1.interventions": []}))

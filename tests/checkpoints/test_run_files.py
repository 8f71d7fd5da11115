"""Files of runs as others see them: what is in a good one, and what is said of all the others."""

import json
import os
import pickle
import shutil
import struct
from contextlib import suppress

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from safetensors.numpy import load_file, save_file
from support.examples import EXAMPLES
from support.reference_training import carried, small

from rnn_tui.checkpoints import reader, writer
from rnn_tui.checkpoints.torch_names import to_torch
from rnn_tui.errors import DataError, RnnTuiError
from rnn_tui.presets.key_paths import set_keys
from rnn_tui.presets.preset import parse
from rnn_tui.presets.store import bundled_folder
from rnn_tui.session.checkpointing import checkpoint_of, restored
from rnn_tui.session.forward_timeline import DivergenceError
from rnn_tui.session.session import Session
from rnn_tui.tasks.own_data.data_file import read_data
from rnn_tui.tasks.own_data.text_task import TEXTS

LANES = [{"kind": "rnn", "hidden_size": 3}, {"kind": "lstm", "hidden_size": 2}, {"kind": "fnn", "hidden_size": 2}]


def session_of(preset, steps=70):
    session = Session(preset)
    session.forward(steps)
    return session


@pytest.fixture(scope="module")
def good(tmp_path_factory):
    """A run's file, made once; tests work on copies."""
    session = session_of(small(*LANES))
    session.pin()
    session.change({"training.learning_rate": 0.5})
    session.forward(5)
    path = tmp_path_factory.mktemp("good") / "run.safetensors"
    writer.save(checkpoint_of(session, "a preset"), path)
    return path


@pytest.fixture
def path(good, tmp_path):
    return shutil.copy(good, tmp_path / "run.safetensors")


def parts(path):
    """The header and the tensors' bytes."""
    raw = path.read_bytes()
    (length,) = struct.unpack("<Q", raw[:8])
    return json.loads(raw[8 : 8 + length]), raw[8 + length :]


def put(path, header, body):
    text = json.dumps(header).encode()
    path.write_bytes(struct.pack("<Q", len(text)) + text + body)


def with_text(path, **texts):
    header, body = parts(path)
    header["__metadata__"] |= texts
    put(path, header, body)
    return path


def with_arrays(path, **arrays):
    """``None`` takes an array away; a double underscore stands for a dot."""
    header, _ = parts(path)
    found = load_file(path) | {name.replace("__", "."): array for name, array in arrays.items()}
    save_file({name: array for name, array in found.items() if array is not None}, path, header["__metadata__"])
    return path


def refused(path):
    """What is said of the file, in one line."""
    with pytest.raises(RnnTuiError) as caught:
        reader.load(path)
    text = str(caught.value)
    assert str(path) in text
    return text.replace(str(path), "FILE")


def outcome(read, path):
    """What is said of the file, None where it is taken; anything else than a user's error goes through."""
    try:
        read(path)
    except RnnTuiError as error:
        return str(error)
    return None


def used(path):
    """Read it, and do with it what the lab does."""
    session = restored(reader.load(path))
    session.frame()
    with suppress(DivergenceError):
        session.forward()


# What is in it.


def test_parameters_stand_under_pytorchs_names_and_shapes():
    session = session_of(small(*LANES), 3)
    lanes = session.frame().lanes
    folder_free = {
        f"lanes.{i}.{name}": array
        for i, lane in enumerate(lanes)
        for name, array in to_torch(lane.settings.architecture, lane.weights).items()
    }
    shapes = {name: array.shape for name, array in folder_free.items()}
    assert shapes["lanes.0.rnn.weight_ih_l0"] == (3, 1)
    assert shapes["lanes.1.lstm.weight_hh_l0"] == (8, 2)
    assert shapes["lanes.2.hidden.weight"] == (2, 1)
    assert shapes["lanes.0.output.bias"] == (1,)


def test_the_file_has_them_with_the_optimizers_slots_and_every_steps_metrics(good):
    arrays = load_file(good)
    session = session_of(small(*LANES))
    session.change({"training.learning_rate": 0.5})
    session.forward(5)
    for i, (lane, line) in enumerate(zip(session.frame().lanes, session.histories.timelines, strict=True)):
        for name, array in to_torch(lane.settings.architecture, lane.weights).items():
            np.testing.assert_array_equal(arrays[f"lanes.{i}.{name}"], array)
            assert arrays[f"lanes.{i}.optimizer.square.{name}"].shape == array.shape
        assert arrays[f"lanes.{i}.optimizer.count"] == 75
        assert arrays[f"lanes.{i}.metrics.loss"].tobytes() == line.losses.exact.tobytes()
        assert arrays[f"lanes.{i}.metrics.gradient_norm"].tobytes() == line.norms.exact.tobytes()
        assert arrays[f"lanes.{i}.keyframes.step"].tolist() == [32, 64]


def test_its_texts_say_what_it_is(good):
    texts = parts(good)[0]["__metadata__"]
    assert texts["format"] == "rnn-tui run"
    assert (texts["name"], texts["seed"], texts["step"]) == ("a preset", "0", "75")
    assert json.loads(texts["preset"])["training"]["learning_rate"] == 0.5
    assert [edit["step"] for edit in json.loads(texts["edits"])] == [0, 70]
    assert set(json.loads(texts["metrics"])) == {"RNN", "LSTM", "FNN"}


def test_a_look_at_the_head_says_what_it_is(good):
    found = reader.read_header(good)
    assert (found.name, found.step, found.lanes) == ("a preset", 75, ("rnn", "lstm", "fnn"))


def test_the_same_run_gives_the_same_file(tmp_path):
    for name in ("a", "b"):
        writer.save(checkpoint_of(session_of(small()), "x"), tmp_path / name)
    assert parts(tmp_path / "a") == parts(tmp_path / "b")


def test_keyframes_of_a_long_run_are_few(tmp_path, monkeypatch):
    monkeypatch.setattr(writer, "MOST_KEPT", 5)
    writer.save(checkpoint_of(session_of(small(), 1000), "x"), tmp_path / "a")
    steps = load_file(tmp_path / "a")["lanes.0.keyframes.step"].tolist()
    assert steps == [32, 256, 480, 704, 928]


# Damaged in a thousand ways.


def test_a_file_damaged_in_hundreds_of_ways_is_read_or_refused_in_one_message(good, tmp_path):
    raw, rng, path = good.read_bytes(), np.random.default_rng(0), tmp_path / "run.safetensors"
    head = 8 + struct.unpack("<Q", raw[:8])[0]
    outcomes = {"read": 0, "refused": 0}
    for number in range(10 * EXAMPLES):
        data, reach = bytearray(raw), head if number % 2 else len(raw)
        how = number % 5
        at = int(rng.integers(0, reach))
        if how == 0:
            del data[at:]
        elif how == 1:
            data[at] ^= 1 << int(rng.integers(0, 8))
        elif how == 2:
            data[at : at + 40] = rng.bytes(40)
        elif how == 3:
            del data[at : at + int(rng.integers(1, 30))]
        else:
            data[at:at] = rng.bytes(int(rng.integers(1, 30)))
        path.write_bytes(data)
        said = outcome(used, path)  # None: of a weight, or of a loss, another bit is as good
        outcomes["read" if said is None else "refused"] += 1
        assert said is None or str(path) in said
    assert outcomes["refused"] > 6 * EXAMPLES
    assert outcomes["read"] > EXAMPLES / 2


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


@given(key=st.sampled_from(["edits", "pins", "undecided", "step", "version", "name", "data"]), value=json_values)
def test_any_text_in_the_place_of_another_is_read_or_refused(key, value, good, tmp_path_factory):
    path = shutil.copy(good, tmp_path_factory.mktemp("text") / "run.safetensors")
    with_text(path, **{key: json.dumps(value)})
    for read in (used, reader.read_header):
        said = outcome(read, path)
        assert said is None or str(path) in said


# What is no run at all.


def test_what_is_not_there_or_no_file_is_said(tmp_path):
    assert refused(tmp_path / "nothing.safetensors") == "FILE: no such file"
    assert refused(tmp_path) == "FILE: is a folder; name a file in it"
    os.mkfifo(tmp_path / "pipe")
    assert refused(tmp_path / "pipe") == "FILE: is a pipe, not a file; save its output to a file and name that file"


@pytest.mark.parametrize(
    "content",
    [b"", b"x", b"hello, world" * 20, pickle.dumps({"a": 1}), b"\xff" * 64, struct.pack("<Q", 2**40) + b"{}",
     struct.pack("<Q", 8) + b"[" * 8, struct.pack("<Q", 100_000) + b"[" * 100_000],
    ids=["empty", "one byte", "text", "pickle", "ones", "a header without end", "half a header", "a deep header"],
)  # fmt: skip
def test_what_is_no_safetensors_file_is_refused_without_being_unpickled(tmp_path, content):
    path = tmp_path / "run.safetensors"
    path.write_bytes(content)
    assert refused(path).startswith("FILE: not a saved run (.safetensors), or damaged")


def test_somebody_elses_safetensors_file_is_no_run(tmp_path):
    save_file({"weight": np.zeros(3)}, tmp_path / "model.safetensors")
    assert "not a run of rnn-tui; the lab, or rnn-tui train" in refused(tmp_path / "model.safetensors")


def test_a_file_of_another_version_says_which_one_it_is(path):
    assert refused(with_text(path, version="7")) == "FILE: its format has version 7; this program reads 1 and 2"


# What does not fit together.


@pytest.mark.parametrize(
    ("arrays", "said"),
    [
        ({"lanes__0__rnn__weight_hh_l0": None}, "lanes.0.rnn.weight_hh_l0 is missing"),
        ({"lanes__0__rnn__weight_hh_l0": np.zeros((2, 3))},
         "lanes.0.rnn.weight_hh_l0 is float64 2×3; expected float64 3×3"),
        ({"lanes__0__rnn__weight_hh_l0": np.zeros((3, 3), np.float32)},
         "lanes.0.rnn.weight_hh_l0 is float32 3×3; expected float64 3×3"),
        ({"lanes__0__optimizer__count": np.zeros(2, np.int64)},
         "lanes.0.optimizer.count is int64 2; expected int64 one number"),
        ({"lanes__0__optimizer__count": None}, "lanes.0.optimizer has mean, square"),
        ({"lanes__0__optimizer__count": np.array(-1)}, "lanes.0.optimizer.count is -1, of 75 updates"),
        ({"lanes__0__optimizer__count": np.array(76)}, "lanes.0.optimizer.count is 76, of 75 updates"),
        ({"lanes__0__keyframes__count": np.array([-1, 2])}, "lanes.0.keyframes.step is not in order"),
        ({"lanes__1__metrics__loss": np.zeros(3)}, "lanes.1 has the metrics of 3 steps, but is at step 75"),
        ({"lanes__1__metrics__loss": np.full(75, np.nan)}, "lanes.1.metrics.loss contains a number that is not finite"),
        ({"lanes__0__keyframes__step": np.array([32, 99])}, "lanes.0.keyframes.step is not in order"),
        ({"lanes__0__keyframes__step": np.array([64, 32])}, "lanes.0.keyframes.step is not in order"),
        ({"pins__0__lanes__1__loss": None}, "pins.0.lanes.1.loss is missing"),
        ({"lanes__1__start__lstm.weight_hh_l0": None}, "lanes.1.start.lstm.weight_hh_l0 is missing"),
        ({"lanes__1__metrics__loss__blocks": np.zeros((2, 2))},
         "lanes.1.metrics.loss.blocks is float64 2×2; expected float64 …×3"),
        ({"lanes__1__metrics__loss__blocks": np.zeros((2, 3))}, "lanes.1.metrics.loss.block_width is missing"),
        ({"lanes__1__metrics__loss__blocks": np.full((2, 3), np.inf),
          "lanes__1__metrics__loss__block_width": np.array(4)},
         "lanes.1.metrics.loss contains a number that is not finite"),
        ({"lanes__1__metrics__loss__blocks": np.zeros((2, 3)), "lanes__1__metrics__loss__block_width": np.array(-4)},
         "lanes.1.metrics.loss.block_width is -4"),
        ({"lanes__1__metrics__loss__blocks": np.zeros((2, 3)), "lanes__1__metrics__loss__block_width": np.array(4)},
         "lanes.1 has the metrics of 83 steps, but is at step 75"),
        ({"lanes__0__memory": np.zeros((9, 9, 9))}, "lanes.0.memory is float64 9×9×9; expected float64 1×3×2"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)  # fmt: skip
def test_arrays_that_do_not_fit_are_named_with_what_is_expected(path, arrays, said):
    assert refused(with_arrays(path, **arrays)) == f"FILE: {said}"


@pytest.mark.parametrize(
    ("texts", "said"),
    [
        ({"step": "later"}, "its step is 'later', not a valid number of updates"),
        ({"step": "9" * 5000}, f"its step is {'9' * 40!r}, not a valid number of updates"),
        ({"step": "-1"}, "its step is '-1', not a valid number of updates"),
        ({"edits": "[]"}, "its edits are not in order"),
        ({"edits": "{"}, "its edits cannot be read"),
        ({"edits": "[" * 100_000}, "its edits cannot be read"),
        ({"pins": '["x"]'}, "its pins cannot be read"),
        ({"pins": "[1, 2, 3, 4, 5]"}, "its pins cannot be read"),
    ],
)
def test_texts_that_cannot_be_used_are_named(path, texts, said):
    assert refused(with_text(path, **texts)) == f"FILE: {said}"


def edited(path, **changes):
    """The file with its first settings changed."""
    edits = json.loads(parts(path)[0]["__metadata__"]["edits"])
    for key, value in changes.items():
        table, name = key.split("__")
        edits[0]["preset"][table][name] = value
    return with_text(path, edits=json.dumps(edits))


def test_settings_that_cannot_be_used_are_said_all_at_once(path):
    text = refused(edited(path, training__learning_rate=-1.0, training__batch_size=10**9))
    assert "its settings cannot be used" in text
    assert "training.learning_rate = -1.0: must be greater than 0" in text
    assert "training.batch_size = 1000000000: must be at most 1024" in text


@pytest.mark.parametrize(
    ("key", "value"),
    [("lanes.0.hidden_size", 4), ("training.precision", "float32"), ("training.batch_size", 3), ("training.seed", 1),
     ("task", {"kind": "echo", "delay": 1})],
    ids=lambda value: value if isinstance(value, str) else "",
)  # fmt: skip
def test_edits_that_would_have_begun_another_run_are_refused(path, key, value):
    edits = json.loads(parts(path)[0]["__metadata__"]["edits"])
    edits[1]["preset"] = set_keys(edits[1]["preset"], {key: value}, "test")
    assert "which would start a new run" in refused(with_text(path, edits=json.dumps(edits)))


def test_edits_beyond_the_history_are_refused(path):
    edits = json.loads(parts(path)[0]["__metadata__"]["edits"])
    edits[1]["step"] = 500
    assert "its edits reach beyond its steps" in refused(with_text(path, edits=json.dumps(edits)))


# Data of the user's own.


def run_on(data, tmp_path):
    document = {"task": {"kind": "text", "path": str(data)}, "training": {"sequence_length": 5}, "lanes": LANES}
    path = tmp_path / "run.safetensors"
    writer.save(checkpoint_of(session_of(parse(document, "x"), 2), "x"), path)
    return path


@pytest.fixture
def data(tmp_path):
    return shutil.copy(bundled_folder() / "data" / "rhyme.txt", tmp_path / "words.txt")


def test_a_run_on_a_file_that_has_changed_since_is_refused(data, tmp_path):
    path = run_on(data, tmp_path)
    reader.load(path)
    data.write_text(data.read_text().replace("e", "a", 1))
    assert refused(path) == f"FILE: was trained on other data than {data} now contains; restore the old data"


def test_a_data_file_that_has_moved_is_found_beside_the_run(data, tmp_path):
    path = run_on(data, tmp_path)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    for file in (data, path):
        shutil.move(file, elsewhere)
    moved = reader.load(elsewhere / path.name)
    assert moved.preset.task.path == str(elsewhere / data.name)


def test_a_data_file_that_is_gone_is_named(data, tmp_path):
    path = run_on(data, tmp_path)
    data.unlink()
    assert refused(path) == f"FILE: its data file {data} is missing; restore it, or put it beside the run"


def test_a_bundled_data_file_is_found_where_the_program_is_installed(tmp_path):
    path = run_on(bundled_folder() / "data" / "rhyme.txt", tmp_path)
    edits = json.loads(parts(path)[0]["__metadata__"]["edits"])
    edits[0]["preset"]["task"]["path"] = str(tmp_path / "another" / "installation" / "rhyme.txt")
    assert reader.load(with_text(path, edits=json.dumps(edits))).step == 2


def test_a_memory_of_the_right_shape_is_taken(tmp_path):
    path = tmp_path / "run.safetensors"
    writer.save(checkpoint_of(session_of(carried(count=3), 7), "x"), path)
    assert [lane.state.memory is None for lane in reader.load(path).lanes] == [False] * 3


def test_nothing_is_written_where_there_is_no_room_and_the_old_run_stays(path, monkeypatch):
    before = path.read_bytes()
    monkeypatch.setattr(os, "fsync", lambda _: (_ for _ in ()).throw(OSError(28, "No space left on device")))
    with pytest.raises(RnnTuiError, match="not saved"):
        writer.save(checkpoint_of(session_of(small(), 2), "x"), path)
    assert path.read_bytes() == before
    assert isinstance(reader.load(path).step, int)


def test_a_data_error_is_a_users_matter():
    assert issubclass(DataError, RnnTuiError)


def test_a_run_with_many_edits_reads_its_data_once(data, tmp_path, monkeypatch):
    document = {"task": {"kind": "text", "path": str(data)}, "training": {"sequence_length": 5}, "lanes": LANES}
    session, path = session_of(parse(document, "x"), 1), tmp_path / "run.safetensors"
    for number in range(10):
        session.change({"training.learning_rate": 0.01 + number / 100})
        session.forward()
    session.pin()
    writer.save(checkpoint_of(session, "x"), path)
    reads = []
    monkeypatch.setattr(
        "rnn_tui.tasks.own_data.text_task.read_data", lambda *file: reads.append(file) or read_data(*file)
    )
    reader.load(path)
    assert not reads  # it is remembered
    TEXTS.forget()
    reader.load(path)
    assert len(reads) == 1


def test_words_that_would_steer_the_terminal_do_not(path):
    preset = json.loads(parts(path)[0]["__metadata__"]["preset"])
    preset["title"], preset["lanes"][0]["kind"] = "\x1b]0;owned\x07", "\x1b[2J"
    found = reader.read_header(with_text(path, preset=json.dumps(preset), name="\x1b[31m"))
    assert "".join([found.name, found.title, *found.lanes]).isprintable()


def test_an_array_too_large_to_be_read_is_refused_before_it_is(path, monkeypatch):
    monkeypatch.setattr("rnn_tui.storage.safetensors_file.MOST_BYTES", 500)
    assert refused(path) == "FILE: lanes.0.metrics.loss has 75 numbers, more than the limit"

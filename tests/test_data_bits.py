"""The data of every task, bit for bit: this file fails on a machine whose arithmetic gives others.

``python tests/test_data_bits.py`` prints the digests anew, for the one reason there is: a generator was changed.
"""

import hashlib
import json
import sys
from pathlib import Path

import numpy as np
import pytest

from rnn_tui.presets import store
from rnn_tui.session.experiment import Experiment
from rnn_tui.tasks import TASKS, CsvSeries, Text

ROOT = Path(__file__).parent.parent
DIGESTS = Path(__file__).parent / "data_digests.json"
PRESETS = sorted(path.stem for path in (ROOT / "presets").glob("*.toml"))
FROM_FILES = {"csv", "text"}
OPTIONS = {
    **{kind: [{}] for kind in TASKS.keys() - FROM_FILES},
    "echo": [{}, {"delay": 7}],
    "parity": [{}, {"scored": "last"}],
    "copy": [{}, {"symbols": 10, "kinds": 8, "gap": 20}],
    "temporal-order": [{}, {"noise": 8}],
    "flip-flop": [{}, {"bits": 1}, {"bits": 4, "every": 1}],
    "letters": [{}, {"consonants": 5}],
    "counting": [{}, {"longest": 7}],
    "wave": [
        {"shape": shape, "omega": omega, "noise": noise}
        for shape in ("sine", "sum", "sawtooth", "square")
        for omega, noise in ((0.3, 0.0), (1.0, 0.1), (2.9, 3.0))
    ],
    "mackey-glass": [{}, {"horizon": 50}],
    "temperature": [{}, {"memory": 0.0, "noise": 0.0}, {"memory": 0.99, "noise": 20.0}],
}
CASES = [(kind, options) for kind in sorted(OPTIONS) for options in OPTIONS[kind]]


def digest(*batches):
    """Sixteen hexadecimal digits for all bits of the batches, whatever the machine's own byte order."""
    known = hashlib.sha256()
    for batch in batches:
        for array in (batch.x, batch.target, batch.mask):
            portable = np.ascontiguousarray(array, "<f8" if array.dtype.kind == "f" else "<i8")
            known.update(f"{array.shape}{portable.dtype}".encode() + portable.tobytes())
    return known.hexdigest()[:16]


def of_task(task):
    """Of a batch of 32 × 90 and of the held-out sequences that a lane is scored on."""
    return digest(
        task.batch(np.random.default_rng([0, 0, 7]), 32, 90), task.held_out(np.random.default_rng(1), 256, 90)
    )


def of_preset(name):
    """Of its first, second and 600th batch, and of its held-out sequences."""
    run = Experiment(store.load(ROOT / "presets" / f"{name}.toml").preset)
    return digest(run.batch(0), run.batch(1), run.batch(599), run.held_out)


def of_csv(folder):
    """Of three columns of a user's file, with a gap in each, over many orders of magnitude."""
    path = folder / "numbers.csv"
    rows = [f"{n % 7 / 3!r},{(n * n % 101) * 1.7e9!r},{1 / (n + 1)!r}" for n in range(1000)]
    rows[17], rows[500], rows[990] = ",1.5,2", "1e-3,,0.25", "0.1,7,NA"
    path.write_text("\n".join(["a,b,c", *rows]))
    return of_task(CsvSeries(path=str(path), column="a", inputs=["b", "c"], horizon=2))


def of_text(folder):
    """Of the words of a user's file."""
    path = folder / "words.txt"
    path.write_text(" ".join(("one", "two", "three,", "four.")[n * n % 11 % 4] for n in range(3000)))
    return of_task(Text(path=str(path), level="words"))


def named(kind, options):
    return " ".join([kind, *(f"{key}={value}" for key, value in options.items())])


def found(folder):
    """All digests as they are here and now."""
    return {
        **{f"preset {name}": of_preset(name) for name in PRESETS},
        **{named(kind, options): of_task(TASKS[kind](**options)) for kind, options in CASES},
        "csv": of_csv(folder),
        "text": of_text(folder),
    }


def pinned():
    return json.loads(DIGESTS.read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", PRESETS)
def test_the_batches_of_every_preset_have_the_same_bits_everywhere(name):
    assert of_preset(name) == pinned()[f"preset {name}"]


@pytest.mark.parametrize(("kind", "options"), CASES, ids=lambda value: value if isinstance(value, str) else None)
def test_the_batches_of_every_task_have_the_same_bits_everywhere(kind, options):
    assert of_task(TASKS[kind](**options)) == pinned()[named(kind, options)]


def test_a_users_columns_are_normalized_to_the_same_bits_everywhere(tmp_path):
    assert of_csv(tmp_path) == pinned()["csv"]


def test_the_words_of_a_users_text_have_the_same_bits_everywhere(tmp_path):
    assert of_text(tmp_path) == pinned()["text"]


def test_every_task_and_every_preset_is_pinned_and_nothing_else_is():
    tasks = {kind for kind, _ in CASES}
    assert tasks | FROM_FILES == TASKS.keys()
    names = {f"preset {name}" for name in PRESETS} | {named(*case) for case in CASES} | FROM_FILES
    assert pinned().keys() == names


def test_one_bit_more_is_another_digest():
    batch = TASKS["wave"]().batch(np.random.default_rng(0), 2, 5)
    before = digest(batch)
    batch.x[3, 0, 1] = np.nextafter(batch.x[3, 0, 1], 2)
    assert digest(batch) != before


if __name__ == "__main__":
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        json.dump(found(Path(folder)), sys.stdout, indent=1)
    print()

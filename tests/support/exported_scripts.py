"""Sessions to be exported, and exported scripts as they are run and imported."""

import contextlib
import io
import subprocess
import sys
import types

from support.preset_documents import ACTIVATIONS

from rnn_tui.exports import EXPORTS
from rnn_tui.presets.preset import parse
from rnn_tui.session import experiment
from rnn_tui.session.session import Session

TASKS = {
    "cross-entropy": {"kind": "letters"},
    "binary cross-entropy": {"kind": "echo", "delay": 2},
    "mean squared error": {"kind": "wave", "shape": "sum", "omega": 0.7},
}
LAST_ONLY = [{"kind": "temporal-order"}, {"kind": "adding"}, {"kind": "parity", "scored": "last"}]
LANES = {f"rnn {f}": {"kind": "rnn", "hidden_size": 3, "activation": f} for f in ACTIVATIONS}
LANES |= {"gru": {"kind": "gru", "hidden_size": 3}, "lstm": {"kind": "lstm", "hidden_size": 2, "forget_bias": 1.0}}
LANES |= {f"fnn {f}": {"kind": "fnn", "hidden_size": 3, "activation": f} for f in ACTIVATIONS}
LANES |= {"window": {"kind": "fnn", "hidden_size": 3, "window": 3}}


def session_of(monkeypatch, task, *lanes, steps=3, sequences=5, **training):
    """A small session that has learnt a little; of ``lanes`` one is enough where all share a task."""
    monkeypatch.setattr(experiment, "MOST_HELD_OUT", sequences)
    training = {"sequence_length": 12, "batch_size": 3, "learning_rate": 0.05, **training}
    made = Session(parse({"task": task, "training": training, "lanes": list(lanes)}, "s"))
    made.forward(steps)
    return made


def exported(form, session, name="mine", lanes=None):
    """The files of an export by their names."""
    return EXPORTS[form](session, name, range(len(session.preset.lanes)) if lanes is None else lanes)


def imported(source):
    """The script as a module."""
    module = types.ModuleType("exported")
    exec(compile(source, "exported.py", "exec"), module.__dict__)
    return module


def printed(source, path="exported.py"):
    """What the script prints, and its variables, when it is run in this process; ``path``: where it believes to be."""
    variables, output = {"__name__": "__main__", "__file__": str(path)}, io.StringIO()
    with contextlib.redirect_stdout(output):
        exec(compile(source, str(path), "exec"), variables)
    return output.getvalue(), variables


def run_alone(path):
    """What the script prints in an interpreter that sees neither this package's folder nor a warning pass."""
    words = [sys.executable, "-I", "-W", "error", path.name]
    done = subprocess.run(words, capture_output=True, text=True, timeout=120, check=False, cwd=path.parent)
    assert done.stderr == ""
    assert done.returncode == 0
    return done.stdout


def written(folder, files):
    for name, data in files.items():
        (folder / name).write_bytes(data)
    return {name: folder / name for name in files}

"""Export lanes as scripts that need only NumPy: equations, loss, weights and held-out sequences, one file each.

Arrays over time are (T, B, features), so that sequences are rows and W x_t is ``x_t @ W.T``.
"""

from collections.abc import Sequence
from string import Template

from rnn_tui.engine.activations import ACTIVATIONS
from rnn_tui.exports.lane_export import LaneExport, lane_exports
from rnn_tui.exports.probe_arrays import held_out_of, npz
from rnn_tui.exports.python_literals import literal, packed
from rnn_tui.exports.safe_filenames import lane_words, safe
from rnn_tui.session.session import Session

MOST_WRITTEN = 512  # parameters that are written as numbers; more are packed with the sequences
MOST_PACKED = 2**20  # bytes that are packed into a script; more go into a separate file

SCRIPT = Template('''\
"""Lane $lane of $run at step $step: $net in plain NumPy.

Prints the loss on the held-out sequences ($loss): $value
Import it to use forward(x) and loss(y, target, mask) with other sequences.

T time steps of B sequences, I = $I inputs, H = $H hidden units, O = $O outputs.
$about"""

$imports

import numpy as np


${functions}def forward(x):
    """Return h (T, B, H) and y (T, B, O) for x (T, B, I)."""
$hidden
    # y_t = W_hy h_t + b_y
    return h, h @ W_hy.T + b_y


def loss(y, target, mask):
$each

$arrays

if __name__ == "__main__":
    h, y = forward(data["inputs"])
    print(f"{loss(y, data['targets'], data['mask']):$digits}")
''')

WRITTEN = Template("""\
# fmt: off
$weights
# fmt: on
""")

INSIDE = Template('''\
DATA = """
$text
"""
data = np.load(io.BytesIO(base64.b85decode(DATA.replace("\\n", ""))))  # an .npz file
''')

BESIDE = """\
data = np.load(Path(__file__).with_suffix(".npz"))
"""


def in_numpy(session: Session, run: str, lanes: Sequence[int]) -> dict[str, bytes]:
    """Return ``RUN_LANE.py``, which Python can import, for each lane, and for a large net ``RUN_LANE.npz``.

    Raises:
        RnnTuiError: the loss of a lane is not finite.
    """
    stem, words = safe(run, "run", "_"), lane_words(session.preset.names, "_")
    held_out, found = held_out_of(session), {}
    for export in lane_exports(session, run, lanes):
        name, weights = f"{stem}_{words[export.index]}", export.lane.weights
        written = export.lane.parameters <= MOST_WRITTEN
        data = npz(held_out if written else {**held_out, **weights})
        beside = len(data) > MOST_PACKED
        if beside:
            found[f"{name}.npz"] = data
        loading = BESIDE if beside else INSIDE.substitute(text=packed(data))
        arrays = f"{_literals(export)}\n{loading}" if written else f"{loading}\n{_names(export)}"
        imports = "from pathlib import Path" if beside else "import base64\nimport io"
        found[f"{name}.py"] = _script(export, arrays, imports).encode("utf-8")
    return found


def _script(export: LaneExport, arrays: str, imports: str) -> str:
    settings, words = export.settings, export.words
    hidden = settings.architecture.numpy_source(settings.options)
    return SCRIPT.substitute(
        words,
        functions="".join(_functions(export)),
        hidden=Template(hidden).substitute(words),
        each=export.loss.numpy,
        arrays=arrays,
        imports=imports,
    )


def _functions(export: LaneExport) -> list[str]:
    """Return the source of functions that NumPy does not have: the lane's activation f, and the sigmoid."""
    states, options = export.settings.architecture.states.values(), export.settings.options
    found = {"f": options.get("activation", ""), "sigmoid": "sigmoid"}
    used = {"f"} & {state.function for state in states} | {"sigmoid" for state in states if state.function == "σ"}
    return [f"def {name}(z):\n    return {ACTIVATIONS[found[name]].numpy}\n\n\n" for name in sorted(used)]


def _literals(export: LaneExport) -> str:
    weights = [literal(name, values, _shape(export, name)) for name, values in export.lane.weights.items()]
    return WRITTEN.substitute(weights="\n".join(weights))


def _names(export: LaneExport) -> str:
    return "".join(f'{name} = data["{name}"]  # {_shape(export, name)}\n' for name in export.lane.weights)


def _shape(export: LaneExport, name: str) -> str:
    """Return the shape of a parameter in letters."""
    if name in ("W_hy", "b_y"):
        return "(O, H)" if name == "W_hy" else "(O,)"
    if export.lane.weights[name].ndim == 1:
        return "(H,)"
    if name in export.settings.architecture.recurrent:
        return "(H, H)"
    return "(H, I)" if export.window == 1 else f"(H, {export.window} I)"

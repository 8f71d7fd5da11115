"""Compare the numbers of exported scripts with ours, for every lane of every bundled preset after five updates:

    python benchmarks/exports.py            # half a minute; PyTorch scripts only if it is installed

Prints the largest difference of hidden states, and the largest relative difference of the loss that a script prints,
each with its lane.
"""

import contextlib
import importlib.util
import io
import runpy
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
from harness import bundled_names, bundled_preset

from rnn_tui.experiments.blas_threads import limit_blas_threads
from rnn_tui.exports import EXPORTS
from rnn_tui.exports.probe_arrays import forward
from rnn_tui.session.session import Session

UPDATES = 5


def ran(script: Path) -> tuple[float, dict[str, Any]]:
    """Return the loss that the script prints, and its global variables."""
    with contextlib.redirect_stdout(io.StringIO()) as printed:
        names = runpy.run_path(str(script), run_name="__main__")
    return float(printed.getvalue()), names


def main() -> None:
    forms = ["numpy", *(["pytorch"] if importlib.util.find_spec("torch") else [])]
    worst: dict[str, list[tuple[float, str]]] = {f"{form}, {what}": [] for form in forms for what in ("states", "loss")}
    limit_blas_threads()
    for name in bundled_names():
        session = Session(bundled_preset(name))
        session.forward(UPDATES)
        lanes = session.frame().lanes
        for form in forms:
            with tempfile.TemporaryDirectory() as folder:
                files = EXPORTS[form](session, name, range(len(lanes)))
                for file, data in files.items():
                    Path(folder, file).write_bytes(data)
                scripts = [file for file in files if file.endswith(".py")]
                for lane, script in zip(lanes, scripts, strict=True):
                    loss, names = ran(Path(folder, script))
                    states = np.abs(np.asarray(names["h"]) - forward(session, lane)["hidden"]).max()
                    where = f"{name}, {lane.name}"
                    worst[f"{form}, states"].append((float(states), where))
                    worst[f"{form}, loss"].append((abs(loss / lane.score.loss - 1), where))
    for what, found in worst.items():
        (first, where), (second, _) = sorted(found, reverse=True)[:2]
        print(f"{what:<16} {first:.1e} ({where}), then {second:.1e}; of {len(found)} lanes")


if __name__ == "__main__":
    main()

"""Where a run was trained: all that decides the last bits of its numbers.

The same bits are had again on the same processor with the same NumPy and BLAS.  NumPy promises no streams from one of
its versions to the next: another version may draw other weights and other sequences from the same seed, and then a
replay is of another run.  session/replay_check.py looks whether it is so.
"""

import json
import platform
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

import numpy as np

from rnn_tui import __version__
from rnn_tui.errors import plain

MOST = 20  # origins of one run
LONGEST = 100  # characters of what a file says


def this_machine() -> dict[str, str]:
    """This machine, these versions, and the threads that BLAS has now.  No name of a host or a user is among them."""
    import threadpoolctl  # which looks through all loaded libraries

    blas = [found for found in threadpoolctl.threadpool_info() if found["user_api"] == "blas"]
    config = _numpy_config()
    built = config.get("Build Dependencies", {}).get("blas", {})
    return {
        "program": f"rnn-tui {__version__}",
        "python": platform.python_version(),
        "numpy": np.__version__,
        "blas": " ".join(str(part) for part in (built.get("name"), built.get("version")) if part),
        "kernel": ", ".join(str(found.get("architecture")) for found in blas),
        "threads": ", ".join(str(found["num_threads"]) for found in blas),
        "simd": " ".join(config.get("SIMD Extensions", {}).get("found", [])),
        "machine": platform.machine(),
        "platform": platform.system(),
    }


@cache
def _numpy_config() -> Any:
    return np.show_config(mode="dicts") or {}


def read(text: str) -> tuple[dict[str, str], ...]:
    """The origins that a file names; what is not understood is left out."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return ()
    each = [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []
    return tuple({_short(key): _short(one[key]) for key in list(one)[:MOST]} for one in each[-MOST:])


def _short(value: object) -> str:
    return plain(str(value)[:LONGEST])[:LONGEST]


def added(origins: Sequence[Mapping[str, str]]) -> tuple[Mapping[str, str], ...]:
    """With this machine at the end, unless it is there already."""
    present = this_machine()
    return tuple(origins) if origins and origins[-1] == present else (*origins, present)[-MOST:]


def compared(origins: Sequence[Mapping[str, str]]) -> str:
    """What is not the same here as where the run was trained, in words."""
    if not origins:
        return "its file does not say where it was trained"
    present = this_machine()
    other = next((each for each in origins if each != present), present)
    keys = [key for key in present if other.get(key) != present[key]]
    if not keys:
        return "although it was trained with the same versions on a machine of the same kind"
    there, now = (", ".join(f"{key} {one.get(key) or '?'}" for key in keys) for one in (other, present))
    return f"trained with {there}; here: {now}"

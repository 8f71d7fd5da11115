"""Where a run was trained: everything that affects the last bits of its numbers.

A replay gives the same bits on the same processor with the same NumPy, BLAS and ``ARITHMETIC`` of the engine.  NumPy
does not guarantee the same random numbers in all its versions: another version may draw other weights and sequences
from the same seed, and a replay then gives another run.  session/replay_check.py checks this.
"""

import json
import platform
import sys
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

import numpy as np

from rnn_tui import __version__
from rnn_tui.engine import ARITHMETIC
from rnn_tui.errors import escaped

MOST = 20  # origins of one run
LONGEST = 100  # characters of each entry in a file


def this_machine() -> dict[str, str]:
    """Return the present machine, versions and number of BLAS threads, without names of hosts or users."""
    import threadpoolctl  # it searches all loaded libraries

    blas = [found for found in threadpoolctl.threadpool_info() if found["user_api"] == "blas"]
    config = _numpy_config()
    built = config.get("Build Dependencies", {}).get("blas", {})
    numba = sys.modules.get("numba")  # loaded if the time loops are compiled
    compiled = {"compiled": f"numba {numba.__version__}"} if numba else {}
    return {
        "program": f"rnn-tui {__version__}",
        "arithmetic": str(ARITHMETIC),
        "python": platform.python_version(),
        "numpy": np.__version__,
        "blas": " ".join(str(part) for part in (built.get("name"), built.get("version")) if part),
        "kernel": ", ".join(str(found.get("architecture")) for found in blas),
        "threads": ", ".join(str(found["num_threads"]) for found in blas),
        "simd": " ".join(config.get("SIMD Extensions", {}).get("found", [])),
        "machine": platform.machine(),
        "platform": platform.system(),
        **compiled,
    }


@cache
def _numpy_config() -> Any:
    return np.show_config(mode="dicts") or {}


def read(text: str) -> tuple[dict[str, str], ...]:
    """Return the origins in a file's text; invalid parts are ignored."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return ()
    each = [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []
    return tuple({_short(key): _short(one[key]) for key in list(one)[:MOST]} for one in each[-MOST:])


def _short(value: object) -> str:
    return escaped(str(value)[:LONGEST])[:LONGEST]


def added(origins: Sequence[Mapping[str, str]]) -> tuple[Mapping[str, str], ...]:
    """Return the origins with this machine at the end, unless it is the last one already."""
    present = this_machine()
    return tuple(origins) if origins and origins[-1] == present else (*origins, present)[-MOST:]


def compared(origins: Sequence[Mapping[str, str]]) -> str:
    """Return in words how this machine differs from the one where the run was trained."""
    if not origins:
        return "the file does not say where the run was trained"
    present = this_machine()
    other = next((each for each in origins if each != present), present)
    keys = [key for key in present if other.get(key) != present[key]]
    if not keys:
        return "although the run was trained with the same versions on the same kind of machine"
    there, now = (", ".join(f"{key} {one.get(key) or '?'}" for key in keys) for one in (other, present))
    return f"trained with {there}; this machine has {now}"

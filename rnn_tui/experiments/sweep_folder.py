"""The folder of a sweep: its plan, one line for each finished run, and a lock."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rnn_tui.errors import RnnTuiError
from rnn_tui.experiments.jobs import Row
from rnn_tui.experiments.sweep_plan import NO_EFFECT, SweepPlan
from rnn_tui.experiments.sweep_results import PLAN, RESULTS, read_plan, result_rows
from rnn_tui.presets.key_paths import leaves
from rnn_tui.storage import atomic_write
from rnn_tui.storage.files import make_folder, path_kind
from rnn_tui.storage.line_file import LineFile
from rnn_tui.storage.locks import exclusive

LOCK = "sweep.lock"
NOT_SET = "not set"
DATA = "data file"
MOST_NAMED = 8  # differences in a message


class SweepFolder:
    """An open folder, in which no other process computes at the same time.

    Attributes:
        done: numbers of the runs that have a result.
    """

    def __init__(self, path: Path, results: LineFile) -> None:
        self.path, self._results = path, results
        self.done: set[int] = set()

    def append(self, row: Row) -> None:
        """Append a result and flush it to the disk.  Raises RnnTuiError."""
        self._results.append(json.dumps(row, allow_nan=False).encode())
        self.done.add(row["index"])


@contextmanager
def opened(path: Path, plan: SweepPlan) -> Iterator[SweepFolder]:
    """Open the folder of a sweep; it is created if there is none, and locked while it is open.

    Raises:
        RnnTuiError: another process computes there, it has the results of another plan, or it cannot be written.
    """
    if path_kind(path) not in ("", "folder"):
        raise RnnTuiError(f"{path} is a file; give a folder")
    try:
        make_folder(path)
    except OSError as error:
        raise RnnTuiError(f"{path}: cannot be created ({error.strerror or error})") from None
    with exclusive(path / LOCK, f"{path}: another sweep is running in this folder; wait for its end or choose another"):
        if path_kind(path / PLAN):
            _check_same(path, read_plan(path), plan)
        elif path_kind(path / RESULTS):
            raise RnnTuiError(f"{path}: has results, but no {PLAN}; choose another folder")
        else:
            atomic_write.write_text(path / PLAN, json.dumps(plan.document(), indent=1) + "\n", over=False)
        with LineFile(path / RESULTS) as results:
            folder = SweepFolder(path, results)
            folder.done = {row["index"] for row in result_rows(path, curves=False, runs=plan.run_count)}
            yield folder


def _check_same(path: Path, there: SweepPlan, here: SweepPlan) -> None:
    """Raise RnnTuiError if two plans give different results, with what differs."""
    one, other = _flat(there), _flat(here)
    keys = [key for key in {**one, **other} if one.get(key) != other.get(key)]
    if keys:
        lines = [_difference(key, one.get(key, NOT_SET), other.get(key, NOT_SET)) for key in keys[:MOST_NAMED]]
        more = [f"… and {len(keys) - MOST_NAMED} more"] if len(keys) > MOST_NAMED else []
        raise RnnTuiError(f"{path} has another sweep; choose another folder. What differs:", *lines, *more)


def _difference(key: str, there: str, here: str) -> str:
    return "the content of the data file" if key == DATA else f"{key}: {there} there, {here} here"


def _flat(plan: SweepPlan) -> dict[str, str]:
    """Return a plan as texts by key, without what no result depends on."""
    preset = {key: value for key, value in leaves(plan.preset) if not {key, key.partition(".")[0]} & NO_EFFECT}
    sweep = plan.sweep.document()
    sweep.pop("contour", None)  # which is only drawn
    over = {f"--over {key}": values for key, values in sweep.pop("over", {}).items()}
    found = {"rnn-tui": plan.rnn_tui, **preset, DATA: plan.data, **over, **sweep}
    return {key: json.dumps(value, ensure_ascii=False) for key, value in found.items()}

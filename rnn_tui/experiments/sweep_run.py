"""Run a sweep: compute what its folder lacks, and write each result as soon as it is there."""

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from pathlib import Path
from typing import Any

from rnn_tui.experiments.jobs import Job, Row
from rnn_tui.experiments.sweep_folder import SweepFolder, opened
from rnn_tui.experiments.sweep_plan import SweepPlan, planned
from rnn_tui.experiments.sweep_results import SweepResults, read_results, result_rows
from rnn_tui.experiments.workers import Engine, LocalProcesses
from rnn_tui.exports.sweep_csv import as_csv
from rnn_tui.presets import store
from rnn_tui.storage import atomic_write
from rnn_tui.storage.files import expanded

TABLE = "results.csv"


def missing(plan: SweepPlan, folder: SweepFolder) -> Iterator[Job]:
    """Yield the jobs that have no result now, in the order of the sweep."""
    done = frozenset(folder.done)  # an engine may take the jobs in another thread
    return (job for job in plan.jobs() if job.index not in done)


def results_of(jobs: Iterator[Job], folder: SweepFolder, engine: Engine) -> Iterator[Row]:
    """Yield the result of each job when it is on the disk."""
    for row in engine.completed(jobs):
        folder.append(row)
        yield row


def write_csv(path: Path, plan: SweepPlan) -> None:
    """Write the results so far as ``results.csv``.  Raises RnnTuiError."""
    atomic_write.write_bytes(path / TABLE, as_csv(plan.keys, result_rows(path, curves=False)))


def sweep(
    preset: str | Path,
    over: Mapping[str, Sequence[Any] | str] | None = None,
    *,
    folder: str | Path,
    jobs: int | None = None,
    engine: Engine | None = None,
    **options: Any,
) -> SweepResults:
    """Run a sweep, and return its results; if the folder has some of them already, only the missing ones are computed.

    Args:
        preset: name or path of a preset.
        over: the values of each key: a list, or a range such as "log:1e-4..1e-1:7"; None: as the preset says.
        folder: where the results are written, the DIR of ``rnn-tui sweep -o DIR``.
        jobs: number of processes; None: one for each core.
        engine: computes the runs in another way.
        options: of the ``[sweep]`` table: ``seeds``, ``steps``, ``random``, ``zip``, ``until_solved``, ``patience``,
            ``sweep_seed``.

    Raises:
        RnnTuiError: before anything runs, with all problems of the values; or the folder cannot be used.
    """
    file = store.load(store.find(str(preset)))
    given = options if over is None else {**options, "over": {key: _written(value) for key, value in over.items()}}
    plan, path = planned(file, given), expanded(str(folder))
    engine = engine or LocalProcesses(jobs)
    with opened(path, plan) as open_folder:
        for _ in results_of(missing(plan, open_folder), open_folder, engine):
            pass
        write_csv(path, plan)
    return read_results(path)


def _written(values: Any) -> Any:
    """Return values as plain data: a tuple, range or NumPy array as a list; what has no order is left as it is."""
    if hasattr(values, "tolist"):
        return values.tolist()
    if isinstance(values, str) or not isinstance(values, Iterable) or isinstance(values, Set):
        return values
    return [value.tolist() if hasattr(value, "tolist") else value for value in values]

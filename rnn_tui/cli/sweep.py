"""``rnn-tui sweep``: train a preset at many points, with many seeds, on all cores."""

import sys
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from shutil import get_terminal_size
from typing import TYPE_CHECKING, Any

import click

from rnn_tui.cli.options import WholeNumber, chosen, data_options, words
from rnn_tui.cli.stop_signals import stop_signals
from rnn_tui.cli.streams import INTERRUPTED
from rnn_tui.cli.sweep_show import show_instead, show_options
from rnn_tui.errors import RnnTuiError, escaped
from rnn_tui.number_format import counted

if TYPE_CHECKING:
    from rnn_tui.experiments.sweep_plan import SweepPlan
    from rnn_tui.experiments.workers import Engine

ANY_WIDTH = 10_000  # characters; of a file or a pipe
NEEDS = "--dask needs more packages: pip install 'rnn-tui[cluster]'"


def over_option(_: click.Context, __: click.Parameter, pairs: tuple[str, ...]) -> dict[str, Any]:
    """Parse ``KEY=V1,V2,…`` and ``KEY=log:LOW..HIGH:N``; a value that is not TOML is a string."""
    from rnn_tui.presets.key_paths import key_words
    from rnn_tui.presets.sweep_axis import looks_like_range

    over: dict[str, Any] = {}
    for pair in pairs:
        key, equals, values = (part.strip() for part in pair.partition("="))
        if not equals or not key or not values:
            raise click.BadParameter(f"{pair!r} is not KEY=V1,V2,… as in lanes.0.hidden_size=4,8,16")
        key = ".".join(key_words(key))
        if key in over:
            raise click.BadParameter(f"{key} is given twice; give all its values in one --over")
        over[key] = values if looks_like_range(values) else _values(values)
    return over


def _values(text: str) -> list[Any]:
    try:
        return list(tomllib.loads(f"values = [{text}]")["values"])
    except (ValueError, RecursionError):
        return [_value(part.strip()) for part in text.split(",")]


def _value(text: str) -> Any:
    try:
        return tomllib.loads(f"value = {text}")["value"]
    except (ValueError, RecursionError):
        return text


@click.command()
@click.argument("preset", type=words, required=False)
@click.option(
    "--over",
    multiple=True,
    type=words,
    callback=over_option,
    metavar="KEY=VALUES",
    help="Vary a key of the preset over values, such as lanes.0.hidden_size=4,8,16, or over a range: "
    "log:1e-4..1e-1:7 and lin:0..1:5 are 7 and 5 values, range:4..64:4 goes in steps of 4. Repeat for "
    "several keys: all combinations are trained.",
)
@click.option("--seeds", type=WholeNumber(1, 10_000), help="Train each point with this many seeds.  [default: 1]")
@click.option(
    "-o",
    "--output",
    type=words,
    metavar="DIR",
    help="Write the results in this folder. If it has some "
    "results of this sweep already, only the missing runs are trained.",
)
@click.option("--steps", type=WholeNumber(1, 10**9), help="Number of updates of a run.  [default: the preset's steps]")
@click.option(
    "--random",
    type=WholeNumber(1, 1_000_000),
    metavar="N",
    help="Train N random points, instead of all "
    "combinations; a range then needs no number of values, as in log:1e-4..1e-1.",
)
@click.option(
    "--zip", "zipped", is_flag=True, help="Take the first values of all keys together, then the second ones, and so on."
)
@click.option("--until-solved", is_flag=True, help="End a run as soon as its lanes have solved the task.")
@click.option(
    "--patience",
    type=WholeNumber(1, 10**9),
    metavar="N",
    help="End a run if no held-out loss has improved for N steps.",
)
@click.option(
    "--sweep-seed",
    type=WholeNumber(0, 2**63 - 1),
    help="Seed of the order of the runs and of random points.  [default: 0]",
)
@click.option("--jobs", type=WholeNumber(1, 1024), metavar="N", help="Number of processes.  [default: one per core]")
@click.option(
    "--dask",
    type=words,
    metavar="ADDRESS",
    help="Train on the workers of the dask scheduler at this address, such as tcp://127.0.0.1:8786.",
)
@click.option("--dry-run", is_flag=True, help="Only list what would be trained, and how long it may take.")
@click.option("--json", "as_json", is_flag=True, help="Print only the results: one JSON object in a line for each run.")
@show_options
@data_options
@click.pass_context
def sweep(
    ctx: click.Context,
    /,
    preset: str | None,
    over: dict[str, Any],
    output: str | None,
    jobs: int | None,
    dask: str | None,
    dry_run: bool,
    as_json: bool,
    csv_file: str | None,
    text_file: str | None,
    **options: Any,
) -> None:
    """Train a PRESET (a name or a path) at many points, each with many seeds, on all cores.

    What is varied is given by --over and --seeds, or by the [sweep] table of the preset. Every finished run is one line
    of DIR/results.jsonl at once: the sweep may be stopped at any time, and the same command goes on. A run has the same
    results as rnn-tui train with the same settings, seed and steps.

    --show DIR opens the results on the screen, also while the sweep is running; with -o FILE it draws them into a
    file.
    """
    if show_instead(ctx, options):
        return
    from rnn_tui.cli.sweep_preview import preview
    from rnn_tui.cli.sweep_progress import checking
    from rnn_tui.experiments.blas_threads import limit_blas_threads
    from rnn_tui.experiments.sweep_plan import planned

    if preset is None and csv_file is None and text_file is None:
        raise click.UsageError("give a preset, --csv FILE or --text FILE")
    if output is None and not dry_run:
        raise click.UsageError("give the folder for the results: -o DIR")
    if jobs is not None and dask is not None:
        raise click.UsageError("--jobs and --dask exclude each other; give one of them")
    limit_blas_threads()
    given = _given(options, over)
    file = chosen(preset=preset, csv_file=csv_file, text_file=text_file, **options)
    with checking() as watch:
        plan = planned(file, given, watch)
    with _engine(jobs, dask) as engine:
        if dry_run:
            click.echo(preview(plan, max(1, engine.size)))
            return
        assert output is not None
        code = _run(plan, output, engine, as_json)
    sys.exit(code)


@contextmanager
def _engine(jobs: int | None, dask: str | None) -> Iterator["Engine"]:
    """Yield local processes, or the workers of a dask scheduler.  Raises RnnTuiError."""
    from rnn_tui.experiments.workers import LocalProcesses

    if dask is None:
        yield LocalProcesses(jobs)
        return
    try:
        from rnn_tui.experiments.dask_engine import connected
    except ModuleNotFoundError as error:
        if str(error.name).split(".")[0] not in ("dask", "distributed"):
            raise
        raise RnnTuiError(NEEDS) from None
    with connected(dask, lambda text: click.echo(f"note: {text}", err=True)) as cluster:
        yield cluster


def _given(options: dict[str, Any], over: dict[str, Any]) -> dict[str, Any]:
    """Take the values of the ``[sweep]`` table out of the options, and return those that are given."""
    given = {name: options.pop(name) for name in ("seeds", "steps", "random", "patience", "sweep_seed")}
    given |= {"zip": options.pop("zipped") or None, "until_solved": options.pop("until_solved") or None}
    return {name: value for name, value in {**given, "over": over or None}.items() if value is not None}


def _run(plan: "SweepPlan", output: str, engine: "Engine", as_json: bool) -> int:
    """Run what is missing, print the results, and return the exit code."""
    from rnn_tui.cli.sweep_progress import shown
    from rnn_tui.cli.sweep_report import summary
    from rnn_tui.experiments.sweep_folder import opened
    from rnn_tui.experiments.sweep_results import result_rows
    from rnn_tui.experiments.sweep_run import missing, results_of, write_csv
    from rnn_tui.experiments.sweep_tally import SweepTally
    from rnn_tui.storage.files import expanded

    path, tally = expanded(output), SweepTally(plan)
    with opened(path, plan) as folder:
        with shown(plan, tally, as_json) as show, stop_signals(engine.stop) as asked:
            for row in result_rows(path, curves=as_json):
                tally.add(row)
                if as_json:
                    show(row)
            if tally.done:
                click.echo(f"{counted(tally.done, 'run')} of {tally.run_count:,} found in {escaped(output)}", err=True)
            for row in results_of(missing(plan, folder), folder, engine):
                tally.add(row)
                show(row)
        if tally.done and not as_json:
            width = get_terminal_size().columns if sys.stdout.isatty() else ANY_WIDTH
            click.echo(summary(plan, tally, width))
        write_csv(path, plan)
    if tally.done < tally.run_count:
        click.echo(
            f"stopped after {tally.done:,} of {counted(tally.run_count, 'run')}; the same command goes on", err=True
        )
    return INTERRUPTED if asked() and tally.done < tally.run_count else 0

"""The command line.  Exit codes: 0 done, 2 a user's mistake, 1 a bug."""

import gc
import json
import sys
import time
import tomllib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from math import isfinite
from typing import TYPE_CHECKING, Any

import click

from rnn_tui import __version__
from rnn_tui.errors import RnnTuiError, plain

if TYPE_CHECKING:
    from rnn_tui.library import PresetFile
    from rnn_tui.session.session import Session

DEFAULT_PRESET = "echo"


class Mistake(click.ClickException):
    """The user's to mend."""

    exit_code = 2


class Group(click.Group):
    """Shows a user's mistake as one message, without a traceback."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except RnnTuiError as error:
            raise Mistake(str(error)) from None


def setting(_: click.Context, __: click.Parameter, pairs: tuple[str, ...]) -> dict[str, Any]:
    """``key=value`` words as TOML values; what is not TOML is taken as text."""
    settings: dict[str, Any] = {}
    for pair in pairs:
        key, equals, value = pair.partition("=")
        if not equals or not key.strip():
            raise click.BadParameter(f"{pair!r} is not KEY=VALUE, as in training.learning_rate=0.003")
        try:
            settings[key.strip()] = tomllib.loads(f"value = {value}")["value"]
        except (ValueError, RecursionError):  # among them TOMLDecodeError, and a number of 5,000 digits
            settings[key.strip()] = value.strip()
    return settings


def data_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """What to learn and with which settings: the same for the lab and for training without it."""
    for option in (
        click.option("--set", "changes", multiple=True, callback=setting, metavar="KEY=VALUE",
                     help="Set a key of the preset, e.g. training.learning_rate=0.003, lanes.0.hidden_size=32."),
        click.option("--seed", type=click.IntRange(0, 2**63 - 1), help="Other weights and other sequences."),
        click.option("--horizon", type=click.IntRange(1, 10_000), default=1, show_default=True,
                     help="How many rows of the CSV file ahead to predict."),
        click.option("--input", "inputs", multiple=True, metavar="COLUMN",
                     help="One more column to predict from; for several give it several times."),
        click.option("--column", metavar="COLUMN", help="The column to predict: its name, or its number from 1."),
        click.option("--csv", "csv_file", metavar="FILE", help="Learn a column of numbers of your own."),
        click.option("--level", type=click.Choice(["characters", "words"]),
                     help="What it is read by.  [default: characters]"),
        click.option("--text", "text_file", metavar="FILE", help="Learn a text of your own."),
    ):  # fmt: skip
        command = option(command)
    return command


def chosen(
    preset: str | None,
    csv_file: str | None,
    text_file: str | None,
    level: str | None,
    column: str | None,
    inputs: tuple[str, ...],
    horizon: int,
    seed: int | None,
    changes: dict[str, Any],
) -> "PresetFile":
    """The one preset that the options name, with their settings.  Raises RnnTuiError."""
    from rnn_tui import library, own_data

    if sum(source is not None for source in (preset, csv_file, text_file)) > 1:
        raise click.UsageError("a preset, --csv and --text exclude each other; give one of them")
    for option, given in (("--column", column is not None), ("--input", inputs), ("--horizon", horizon != 1)):
        if given and csv_file is None:
            raise click.UsageError(f"{option} goes with --csv FILE")
    if level is not None and text_file is None:
        raise click.UsageError("--level goes with --text FILE")
    if seed is not None:
        changes = {**changes, "training.seed": seed}
    if csv_file is not None:
        file = own_data.from_csv(csv_file, column, horizon, inputs)
    elif text_file is not None:
        file = own_data.from_text(text_file, level or "characters")
    else:
        return library.load(library.find(preset or DEFAULT_PRESET), changes)
    return library.PresetFile(file.name, file.preset.with_changes(changes))


@click.group(cls=Group, invoke_without_command=True, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, "-V", "--version", prog_name="rnn-tui")
@click.option("-p", "--preset", metavar="NAME|PATH", help=f"Open this preset.  [default: {DEFAULT_PRESET}]")
@data_options
@click.pass_context
def main(ctx: click.Context, /, **options: Any) -> None:
    """A laboratory in the terminal for recurrent neural networks.

    Without a command the lab opens: space plays, s makes one step, ? explains the keys.
    """
    if ctx.invoked_subcommand is not None:
        given = [name for name in options if ctx.get_parameter_source(name) is click.core.ParameterSource.COMMANDLINE]
        if given:
            raise click.UsageError(f"options of the lab do not go with '{ctx.invoked_subcommand}'; put them after it")
        return
    gc.disable()  # until the first frame stands: collecting while modules load costs a tenth of the start
    file = chosen(**options)
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        raise click.UsageError("the lab needs a terminal; without one, use: rnn-tui train PRESET")
    from rnn_tui.ui.app import open_lab

    sys.exit(open_lab(file))


@main.command()
@click.argument("preset", required=False)
@click.option("--steps", type=click.IntRange(0, 10**9), help="Updates to make.  [default: the preset's steps]")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object and nothing else.")
@data_options
def train(steps: int | None, as_json: bool, **options: Any) -> None:
    """Train a PRESET (a name or a path) without the lab, and measure it on held-out sequences.

    In the JSON object, loss_by_time has one number for every scored time step.
    """
    from rnn_tui.report import as_document, as_text
    from rnn_tui.session.session import Session

    file = chosen(**options)
    session = Session(file.preset)
    count = file.preset.training.steps if steps is None else steps
    begin = time.perf_counter()
    _advance(session, count)
    frame = session.frame()
    document = as_document(plain(file.name), frame, time.perf_counter() - begin)
    if not all(isfinite(lane.score.loss) for lane in frame.lanes):
        raise RnnTuiError(frame.notice)
    click.echo(json.dumps(document, allow_nan=False) if as_json else as_text(document, frame))
    if frame.task.note:
        click.echo(f"note: {plain(frame.task.note)}", err=True)


def _advance(session: "Session", count: int) -> None:
    """Train, with a progress bar where somebody may be looking."""
    from rnn_tui.session.timeline import Diverged

    with _progress(count) as tick:
        try:
            for _ in range(count):
                session.forward()
                tick()
        except Diverged:
            raise RnnTuiError(session.notice) from None


@contextmanager
def _progress(count: int) -> Iterator[Callable[[], None]]:
    if not (sys.stdout.isatty() and sys.stderr.isatty()):
        yield lambda: None
        return
    with click.progressbar(length=count, label="training", file=sys.stderr) as bar:
        every, done = max(1, count // 200), 0

        def tick() -> None:
            nonlocal done
            done += 1
            if done % every == 0 or done == count:
                bar.update(done - bar.pos)

        yield tick


@main.command()
@click.option("--json", "as_json", is_flag=True, help="Print one JSON list and nothing else.")
def presets(as_json: bool) -> None:
    """List the bundled presets and your own."""
    from rnn_tui import library

    entries = library.entries()
    if as_json:
        rows = [
            {"name": e.name, "source": "own" if e.own else "bundled", "title": e.title, "question": e.question,
             "problem": e.problem or None}
            for e in entries
        ]  # fmt: skip
        click.echo(json.dumps(rows))
        return
    width = max(len(e.name) for e in entries)
    for own, heading in ((False, "bundled"), (True, f"your own, in {library.own_folder()}")):
        group = [e for e in entries if e.own is own]
        if group:
            click.echo(f"{heading}:")
        for e in group:
            click.echo(f"  {plain(e.name):<{width}}  {(e.problem and 'broken: ' + e.problem) or e.title}")
            if e.question:
                click.echo(f"  {'':<{width}}  {e.question}")
    click.echo("\nopen one with: rnn-tui -p NAME")


@main.command()
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
def check(files: tuple[str, ...]) -> None:
    """Check preset files; every problem of every file is shown at once."""
    from rnn_tui import library

    problems = []
    for name in files:
        try:
            library.load(library.find(name))
        except RnnTuiError as error:
            problems.append(str(error))
        else:
            click.echo(f"{plain(name)}: in order")
    if problems:
        click.echo("\n".join(problems), err=True)
        sys.exit(2)

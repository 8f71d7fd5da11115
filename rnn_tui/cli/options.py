"""What to learn and with which settings: options that the lab and training without it have in common."""

import tomllib
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import click

from rnn_tui.cli.launch import DEFAULT_PRESET
from rnn_tui.errors import RnnTuiError, escaped

if TYPE_CHECKING:
    from rnn_tui.presets.store import PresetFile
    from rnn_tui.session.session import Session


def words(value: str) -> str:
    """The type of a text that says something: an empty one is what a shell makes of a variable that is not set."""
    if not value:
        raise click.BadParameter("is empty; give a value, or leave it out")
    return value


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
        click.option("--set", "changes", multiple=True, type=words, callback=setting, metavar="KEY=VALUE",
                     help="Set a key of the preset, e.g. training.learning_rate=0.003, lanes.0.hidden_size=32."),
        click.option("--seed", type=click.IntRange(0, 2**63 - 1), help="Other weights and other sequences."),
        click.option("--encoding", type=words, metavar="NAME",
                     help="What the file is in, e.g. cp1251.  [default: found out]"),
        click.option("--decimal", type=click.Choice([".", ","]),
                     help="The sign before decimals in the CSV file.  [default: found out]"),
        click.option("--missing", multiple=True, type=words, metavar="VALUE",
                     help="A cell that stands for a missing value, e.g. -999; for several give it several times."),
        click.option("--horizon", type=click.IntRange(1, 10_000), default=1, show_default=True,
                     help="How many rows of the CSV file ahead to predict."),
        click.option("--input", "inputs", multiple=True, type=words, metavar="COLUMN",
                     help="One more column to predict from; for several give it several times."),
        click.option("--column", type=words, metavar="COLUMN",
                     help="The column to predict: its name, or its number from 1."),
        click.option("--csv", "csv_file", type=words, metavar="FILE", help="Learn a column of numbers of your own."),
        click.option("--level", type=click.Choice(["characters", "words"]),
                     help="What it is read by.  [default: characters]"),
        click.option("--text", "text_file", type=words, metavar="FILE", help="Learn a text of your own."),
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
    missing: tuple[str, ...],
    decimal: str | None,
    encoding: str | None,
    seed: int | None,
    changes: dict[str, Any],
) -> "PresetFile":
    """The one preset that the options name, with their settings.  Raises RnnTuiError."""
    from rnn_tui.presets import from_data, store

    if sum(source is not None for source in (preset, csv_file, text_file)) > 1:
        raise click.UsageError("a preset, --csv and --text exclude each other; give one of them")
    of_tables = {"--column": column is not None, "--input": inputs, "--horizon": horizon != 1}
    for option, given in (of_tables | {"--missing": missing, "--decimal": decimal}).items():
        if given and csv_file is None:
            raise click.UsageError(f"{option} goes with --csv FILE")
    if encoding is not None and csv_file is None and text_file is None:
        raise click.UsageError("--encoding goes with --csv FILE or --text FILE")
    if level is not None and text_file is None:
        raise click.UsageError("--level goes with --text FILE")
    if seed is not None:
        changes = {**changes, "training.seed": seed}
    if csv_file is not None:
        file = from_data.from_csv(
            csv_file, column, horizon, inputs, missing=missing, decimal=decimal, encoding=encoding
        )
    elif text_file is not None:
        file = from_data.from_text(text_file, level or "characters", encoding)
    else:
        return store.load(store.find(preset or DEFAULT_PRESET), changes)
    return store.PresetFile(file.name, file.preset.with_changes(changes))


def opened_run(path: str, changes: dict[str, Any] | None = None) -> tuple["Session", str]:
    """The session whose run is stored there, and its preset's name; ``changes`` hold from its present step on.

    Raises:
        RnnTuiError: the file cannot be used, or a change would begin a new run.
    """
    from rnn_tui.checkpoints.reader import load
    from rnn_tui.presets import store
    from rnn_tui.session.checkpointing import restored
    from rnn_tui.storage.files import expanded, path_kind

    if not path_kind(expanded(path)) and path in store.names():
        raise RnnTuiError(
            f"{escaped(path)}: a preset, and no run yet; make one: rnn-tui train {path} -o {path}.safetensors"
        )
    checkpoint = load(expanded(path))
    session = restored(checkpoint)
    if session.replay_note:
        click.echo(f"note: {escaped(session.replay_note)}", err=True)
    if changes:
        step = session.step
        session.change(changes)
        if session.step != step:
            raise RnnTuiError(
                f"{escaped(path)} with --set: {', '.join(changes)} would begin a new run; on a run go learning rate, "
                "schedule, weight decay, clip norm, optimizer and truncation"
            )
    return session, checkpoint.name


def resumed(path: str, options: dict[str, Any]) -> tuple["Session", str]:
    """The run that goes on, where ``options`` are the others that were given.  Raises RnnTuiError."""
    changes = options.pop("changes")
    if options.pop("horizon") != 1 or any(value not in (None, ()) for value in options.values()):
        raise click.UsageError("--resume goes on with a run as it was begun; beside it go only --steps, -o and --set")
    return opened_run(path, changes)

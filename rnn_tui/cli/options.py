"""Options that the lab and ``rnn-tui train`` have in common: what to learn, and with which settings."""

import tomllib
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import click

from rnn_tui.cli.file_kinds import refuse_other_files
from rnn_tui.cli.launch import DEFAULT_PRESET
from rnn_tui.errors import RnnTuiError, escaped

if TYPE_CHECKING:
    from rnn_tui.presets.store import PresetFile
    from rnn_tui.session.session import Session


class WholeNumber(click.IntRange):
    """A whole number in a range; its messages say "whole number"."""

    name = "whole number"


def words(value: str) -> str:
    """Check that a text is not empty; shells pass an empty text for a variable that is not set."""
    if not value:
        raise click.BadParameter("is empty; give a value or omit the option")
    return value


def setting(_: click.Context, __: click.Parameter, pairs: tuple[str, ...]) -> dict[str, Any]:
    """Parse ``key=value`` texts; a value that is not TOML is a string."""
    settings: dict[str, Any] = {}
    for pair in pairs:
        key, equals, value = pair.partition("=")
        if not equals or not key.strip():
            raise click.BadParameter(f"{pair!r} is not KEY=VALUE, as in training.learning_rate=0.003")
        try:
            settings[key.strip()] = tomllib.loads(f"value = {value}")["value"]
        except (ValueError, RecursionError):  # includes TOMLDecodeError, and a number of 5,000 digits
            settings[key.strip()] = value.strip()
    return settings


steps_option = click.option(
    "--steps",
    type=WholeNumber(0, 10**9),
    help="Number of updates to train a preset for, or the step of a saved run.  [default: the preset's steps; the "
    "step at which the run was saved]",
)
what_if_option = click.option(
    "--what-if",
    "what_if",
    multiple=True,
    type=words,
    metavar="INTERVENTION",
    help="Read the nets with an intervention, such as silence:u3, x:7=0, cut or reset:12; silence:u3@RNN acts on one "
    "lane. Repeat for several; docs/interventions.md lists all.",
)


def data_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options that choose a data set and change its settings."""
    for option in (
        click.option("--set", "changes", multiple=True, type=words, callback=setting, metavar="KEY=VALUE",
                     help="Set a key of the preset, such as training.learning_rate=0.003, lanes.0.hidden_size=32."),
        click.option("--seed", type=WholeNumber(0, 2**63 - 1), help="Seed of the initial weights and sequences."),
        click.option("--encoding", type=words, metavar="NAME",
                     help="Encoding of the file, such as cp1251.  [default: detected]"),
        click.option("--decimal", type=click.Choice([".", ","]),
                     help="Decimal sign of the CSV file.  [default: detected]"),
        click.option("--missing", multiple=True, type=words, metavar="VALUE",
                     help="A value that means missing, such as -999; repeat for several."),
        click.option("--horizon", type=WholeNumber(1, 10_000), default=1, show_default=True,
                     help="Predict the value this many rows ahead."),
        click.option("--input", "inputs", multiple=True, type=words, metavar="COLUMN",
                     help="A further column to predict from; repeat for several."),
        click.option("--column", type=words, metavar="COLUMN",
                     help="The column to predict: its name, or its number, counted from 1."),
        click.option("--csv", "csv_file", type=words, metavar="FILE", help="Learn a column of numbers of your own."),
        click.option("--level", type=click.Choice(["characters", "words"]),
                     help="Symbols to split the text into.  [default: characters]"),
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
    """Return the preset that the options name, with the changed settings.  Raises RnnTuiError."""
    from rnn_tui.presets import from_data, store

    if sum(source is not None for source in (preset, csv_file, text_file)) > 1:
        raise click.UsageError("a preset, --csv and --text exclude each other; give one of them")
    of_tables = {"--column": column is not None, "--input": inputs, "--horizon": horizon != 1}
    for option, given in (of_tables | {"--missing": missing, "--decimal": decimal}).items():
        if given and csv_file is None:
            raise click.UsageError(f"{option} needs --csv FILE")
    if encoding is not None and csv_file is None and text_file is None:
        raise click.UsageError("--encoding needs --csv FILE or --text FILE")
    if level is not None and text_file is None:
        raise click.UsageError("--level needs --text FILE")
    if seed is not None:
        changes = {**changes, "training.seed": seed}
    if csv_file is not None:
        file = from_data.from_csv(
            csv_file, column, horizon, inputs, missing=missing, decimal=decimal, encoding=encoding
        )
    elif text_file is not None:
        file = from_data.from_text(text_file, level or "characters", encoding)
    else:
        path = store.find(preset or DEFAULT_PRESET)
        refuse_other_files(path)
        return store.load(path, changes)
    return replace(file, preset=file.preset.with_changes(changes), unchanged=file.preset)


def opened_run(path: str, changes: dict[str, Any] | None = None) -> tuple["Session", str]:
    """Return the session of a saved run, and the name of its preset; ``changes`` take effect from its current step.

    Raises:
        RnnTuiError: if the file cannot be used, or a change would restart the run.
    """
    from rnn_tui.checkpoints.reader import load
    from rnn_tui.presets import store
    from rnn_tui.session.checkpointing import restored
    from rnn_tui.storage.files import expanded, path_kind

    if not path_kind(expanded(path)) and path in store.names():
        raise RnnTuiError(
            f"{escaped(path)} is a preset, not a run; to make a run: rnn-tui train {path} -o {path}.safetensors"
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
                f"{escaped(path)} with --set: {', '.join(changes)} would restart the run; a run can change only "
                "learning rate, schedule, weight decay, clip norm, optimizer, truncation and interventions"
            )
    return session, checkpoint.name


def resumed(path: str, options: dict[str, Any]) -> tuple["Session", str]:
    """Return the run to resume and the name of its preset; ``options`` are all other options.  Raises RnnTuiError."""
    changes = options.pop("changes")
    if options.pop("horizon") != 1 or any(value not in (None, ()) for value in options.values()):
        raise click.UsageError(
            "--resume continues a run with its own data and preset; it allows only --steps, -o and --set"
        )
    return opened_run(path, changes)

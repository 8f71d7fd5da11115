"""The command group: the options of the lab, and the commands."""

import gc
import sys
from collections.abc import Iterator, Mapping
from importlib import import_module
from typing import Any

import click

from rnn_tui import __version__
from rnn_tui.cli.launch import DEFAULT_PRESET, at_a_terminal
from rnn_tui.cli.options import chosen, data_options, resumed, words
from rnn_tui.cli.streams import BROKEN_PIPE, INTERRUPTED
from rnn_tui.errors import RnnTuiError


class Commands(Mapping[str, click.Command]):
    """The commands by name; the module of a command is loaded when the command is used."""

    def __init__(self, *names: str) -> None:
        self._names = dict.fromkeys(names)

    def __getitem__(self, name: str) -> click.Command:
        if name not in self._names:
            raise KeyError(name)
        command: click.Command = getattr(import_module(f"rnn_tui.cli.{name}"), name)
        return command

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)


COMMANDS = Commands(
    "train", "sweep", "diagnose", "lessons", "presets", "check", "export", "probe", "picture", "serve", "config"
)


NO_MEMORY = "not enough memory; lower training.sequence_length, training.batch_size or a hidden_size"


class Mistake(click.ClickException):
    """A mistake that the user can fix."""

    exit_code = 2


class Group(click.Group):
    """A command group that shows a user's mistake as one message, without a traceback."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if not ctx.resilient_parsing and args[0] not in self.commands and not args[0].startswith("-"):
            from rnn_tui.cli.unknown_command import explained

            raise click.UsageError(explained(args[0], self.commands), ctx)
        return super().resolve_command(ctx, args)

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except RnnTuiError as error:
            raise Mistake(str(error)) from None
        except MemoryError:
            raise Mistake(NO_MEMORY) from None
        except BrokenPipeError:
            raise click.exceptions.Exit(BROKEN_PIPE) from None
        except (Exception, KeyboardInterrupt) as error:
            if not isinstance(error.__cause__ or error, KeyboardInterrupt):
                raise
            click.echo("Aborted!", err=True)  # pydantic wraps what interrupts it
            raise click.exceptions.Exit(INTERRUPTED) from None


@click.group(
    "rnn-tui",
    cls=Group,
    commands=COMMANDS,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"]},
)
@click.version_option(__version__, "-V", "--version", prog_name="rnn-tui")
@click.option("-p", "--preset", type=words, metavar="NAME|PATH", help=f"Open this preset.  [default: {DEFAULT_PRESET}]")
@click.option("--resume", type=words, metavar="FILE", help="Open a saved run.")
@click.option(
    "--ascii", "in_ascii", is_flag=True, help="Draw the lab in plain ASCII, for fonts without block or braille glyphs."
)
@data_options
@click.pass_context
def lab(ctx: click.Context, /, resume: str | None, in_ascii: bool, **options: Any) -> None:
    """A laboratory in the terminal for recurrent neural networks.

    Without a command, the lab opens: space trains, s makes one update, ? lists the keys.
    """
    from rnn_tui.storage import user_folders

    if said := user_folders.problem():
        click.echo(f"note: {said}", err=True)
    if ctx.invoked_subcommand is not None:
        gc.enable()  # it was off for the first frame of the lab
        given = [
            name for name in ctx.params if ctx.get_parameter_source(name) is click.core.ParameterSource.COMMANDLINE
        ]
        if given:
            raise click.UsageError(f"write options after the command '{ctx.invoked_subcommand}', not before it")
        return
    from rnn_tui.experiments.blas_threads import limit_blas_threads
    from rnn_tui.presets.store import of_run

    limit_blas_threads()
    if resume is None:
        file, session = chosen(**options), None
    else:
        session, name = resumed(resume, options)
        file = of_run(name, session.preset)
    if not at_a_terminal():
        raise RnnTuiError("the lab needs a terminal; without a terminal, use: rnn-tui train PRESET")
    from rnn_tui.ui.app import open_lab

    sys.exit(open_lab(file, session, in_ascii))

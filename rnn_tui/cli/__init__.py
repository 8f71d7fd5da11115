"""The command line.  Exit codes: 0 done, 2 a user's mistake, 1 a bug."""

import gc
import os
import sys
from typing import Any

import click

from rnn_tui import __version__
from rnn_tui.cli.configuring import config
from rnn_tui.cli.exporting import export, probe
from rnn_tui.cli.listing import check, presets
from rnn_tui.cli.options import DEFAULT_PRESET, chosen, data_options, resumed
from rnn_tui.cli.serving import serve
from rnn_tui.cli.training import train
from rnn_tui.errors import RnnTuiError


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


@click.group(cls=Group, invoke_without_command=True, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, "-V", "--version", prog_name="rnn-tui")
@click.option("-p", "--preset", metavar="NAME|PATH", help=f"Open this preset.  [default: {DEFAULT_PRESET}]")
@click.option("--resume", metavar="FILE", help="Open a run that was kept.")
@click.option(
    "--ascii", "in_ascii", is_flag=True, help="Draw the lab in plain ASCII, for fonts without block or braille glyphs."
)
@data_options
@click.pass_context
def main(ctx: click.Context, /, resume: str | None, in_ascii: bool, **options: Any) -> None:
    """A laboratory in the terminal for recurrent neural networks.

    Without a command the lab opens: space plays, s makes one step, ? explains the keys.
    """
    if ctx.invoked_subcommand is not None:
        given = [
            name for name in ctx.params if ctx.get_parameter_source(name) is click.core.ParameterSource.COMMANDLINE
        ]
        if given:
            raise click.UsageError(f"options of the lab do not go with '{ctx.invoked_subcommand}'; put them after it")
        return
    from rnn_tui.library import of_run

    gc.disable()  # until the first frame stands: collecting while modules load costs a tenth of the start
    if resume is None:
        file, session = chosen(**options), None
    else:
        session, name = resumed(resume, options)
        file = of_run(name, session.preset)
    if (
        not (sys.stdin.isatty() and sys.stderr.isatty()) and "TEXTUAL_DRIVER" not in os.environ
    ):  # as browsers' labs have
        raise click.UsageError("the lab needs a terminal; without one, use: rnn-tui train PRESET")
    from rnn_tui.ui.app import open_lab

    sys.exit(open_lab(file, session, in_ascii))


for command in (train, presets, check, export, probe, serve, config):
    main.add_command(command)

"""``rnn-tui diagnose``: what the nets of a run remember, and why."""

import json
from typing import Any

import click

from rnn_tui.cli.nets_source import nets_of
from rnn_tui.cli.options import data_options, steps_option, what_if_option, words
from rnn_tui.errors import escaped


@click.command()
@click.argument("source", metavar="RUN|PRESET", type=words, required=False)
@steps_option
@what_if_option
@click.option(
    "--in-turn",
    is_flag=True,
    help="Also tell the loss with the state reset before each time step in turn, and with the inputs of each time step "
    "removed in turn.",
)
@click.option("--json", "as_json", is_flag=True, help="Print only one JSON object.")
@data_options
def diagnose(
    source: str | None, steps: int | None, what_if: tuple[str, ...], in_turn: bool, as_json: bool, **options: Any
) -> None:
    """Tell what the nets of a saved RUN (.safetensors) remember, how far back they learn, and why.

    With a PRESET (a name or a path), it is trained first. In the JSON object, a figure that has no value is null, and
    "undefined" of the lane says why.
    """
    from rnn_tui.cli.diagnosis_report import LaneReport, Reach, as_document, as_text
    from rnn_tui.experiments.blas_threads import limit_blas_threads
    from rnn_tui.session.diagnosis import diagnose as diagnosis_of
    from rnn_tui.session.interventions_in_turn import times_in_turn
    from rnn_tui.session.trained_net import trained_net
    from rnn_tui.session.what_if import altered_net, parsed

    limit_blas_threads()
    found = nets_of(source, steps, options)
    run = found.run
    lens = parsed(what_if, run.experiment)
    nets = [altered_net(run.experiment, lane, line, lens) for lane, line in enumerate(run.timelines)]
    lanes = [
        LaneReport(
            diagnosis_of(net),
            Reach.of(trained_net(run.experiment, lane, run.timelines[lane])) if net.interventions else None,
            times_in_turn(net) if in_turn else {},
        )
        for lane, net in enumerate(nets)
    ]
    spellings = [one.spelling(run.preset.names) for one in lens]
    document = as_document(escaped(found.name), run.preset, run.step, lanes, found.diverged, spellings)
    click.echo(json.dumps(document, allow_nan=False) if as_json else as_text(document, lanes))
    found.end()

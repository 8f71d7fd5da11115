"""``rnn-tui probe``: the answers of a run's lanes with and without interventions, or their states as arrays."""

import json
from typing import Any

import click

from rnn_tui.cli.nets_source import is_run, nets_of
from rnn_tui.cli.options import data_options, opened_run, steps_option, what_if_option, words
from rnn_tui.cli.output_files import force, write_files
from rnn_tui.errors import escaped


@click.command()
@click.argument("source", metavar="RUN|PRESET", type=words, required=False)
@steps_option
@what_if_option
@click.option("--json", "as_json", is_flag=True, help="Print only one JSON object.")
@click.option("-o", "--output", type=words, metavar="FILE.npz", help="Write the states of a saved run to this file.")
@force
@data_options
def probe(
    source: str | None,
    steps: int | None,
    what_if: tuple[str, ...],
    as_json: bool,
    output: str | None,
    force: bool,
    **options: Any,
) -> None:
    """Tell how the lanes of a saved RUN answer, also with interventions; or write their states as arrays.

    Without -o it prints loss and accuracy on all held-out sequences and the answers on the probe, with the
    interventions and without them, and writes no file. With a PRESET, it is trained first.

    With -o it writes arrays for a notebook: inputs (T, B, I), targets and mask (T, B), and for each lane lanes.0.hidden
    (T, B, H), lanes.0.logits (T, B, O), and its other states and gates. The first sequence is the probe.
    """
    from rnn_tui.experiments.blas_threads import limit_blas_threads

    limit_blas_threads()
    if output is not None:
        if what_if or as_json or steps is not None or source is None or not is_run(source):
            raise click.UsageError("-o writes the states of a saved run as it is; it allows only --force")
        _write(source, output, force)
        return
    from rnn_tui.cli.probe_report import as_document, as_text
    from rnn_tui.session.what_if import parsed

    found = nets_of(source, steps, options)
    document = as_document(escaped(found.name), found.run, parsed(what_if, found.run.experiment), found.diverged)
    click.echo(json.dumps(document, allow_nan=False) if as_json else as_text(document))
    found.end()


def _write(run: str, output: str, force: bool) -> None:
    from rnn_tui.exports.probe_arrays import npz_of
    from rnn_tui.storage.files import expanded

    session, _ = opened_run(run)
    write_files({expanded(output): npz_of(session)}, force)

"""``rnn-tui probe``: write the states of a run's lanes on held-out sequences as arrays."""

import click

from rnn_tui.cli.options import opened_run, words
from rnn_tui.cli.output_files import force, write_files


@click.command()
@click.argument("run", type=words)
@click.option("-o", "--output", type=words, metavar="FILE.npz", required=True, help="The file to write.")
@force
def probe(run: str, output: str, force: bool) -> None:
    """Write the states of the lanes of a saved RUN on held-out sequences as arrays, for a notebook.

    The arrays are inputs (T, B, I), targets and mask (T, B), and for each lane lanes.0.hidden (T, B, H), lanes.0.logits
    (T, B, O), and its other states and gates. The first sequence is the probe that the lab shows.
    """
    from rnn_tui.experiments.blas_threads import limit_blas_threads
    from rnn_tui.exports.probe_arrays import npz_of
    from rnn_tui.storage.files import expanded

    limit_blas_threads()
    session, _ = opened_run(run)
    write_files({expanded(output): npz_of(session)}, force)

"""``rnn-tui export``: export the lanes of a run for other programs."""

from collections.abc import Sequence
from pathlib import Path

import click

from rnn_tui.cli.options import opened_run, words
from rnn_tui.cli.output_files import force, write_files
from rnn_tui.errors import RnnTuiError, nearest

FORMATS = ("pytorch", "numpy", "csv")


@click.command()
@click.argument("run", type=words)
@click.option(
    "--to",
    "form",
    type=click.Choice(FORMATS),
    required=True,
    help="PyTorch: a state dict and a script for each lane. NumPy: a self-contained script for each lane. "
    "CSV: training loss, held-out loss and gradient norm by step.",
)
@click.option(
    "--lane",
    "lanes",
    multiple=True,
    type=words,
    metavar="NAME",
    help="Export only this lane; repeat for several.",
)
@click.option(
    "-o",
    "--output",
    type=words,
    metavar="FOLDER|FILE",
    default=".",
    help="Folder or file to write.  [default: the current folder]",
)
@force
def export(run: str, form: str, lanes: tuple[str, ...], output: str, force: bool) -> None:
    """Write the lanes of a saved RUN as scripts with their weights, or its metrics as CSV.

    Each script prints its loss on the held-out sequences, the same loss that the lab shows.
    """
    from rnn_tui.experiments.blas_threads import limit_blas_threads
    from rnn_tui.exports import EXPORTS
    from rnn_tui.session.evaluation import label

    limit_blas_threads()
    session, _ = opened_run(run)
    names, settings = session.preset.names, session.preset.lanes
    labels = [label(name, lane) for name, lane in zip(names, settings, strict=True)]
    contents = EXPORTS[form](session, Path(run).stem, lane_numbers(lanes, names, labels))
    write_files(_placed(contents, output), force)


def lane_numbers(wanted: Sequence[str], names: list[str], labels: list[str]) -> list[int]:
    """Return the indices of the lanes with these names or labels; all indices if no name is given."""
    for name in wanted:
        if name not in [*names, *labels]:
            there = f"; the lanes are {', '.join(map(repr, names))}"
            raise RnnTuiError(f"no lane {name!r}{nearest(name, names) or there}")
    pairs = enumerate(zip(names, labels, strict=True))
    return [i for i, called in pairs if not wanted or set(called) & set(wanted)]


def _placed(contents: dict[str, bytes], output: str) -> dict[Path, bytes]:
    """Return the path of each file: in a folder; or for a single file and an output with a suffix, the output.

    Raises:
        RnnTuiError: the output has the suffix of runs, or is one file for several.
    """
    from rnn_tui.checkpoints import SUFFIX
    from rnn_tui.storage.files import expanded, path_kind

    target = expanded(output)
    if target.suffix and path_kind(target) != "folder" and not output.endswith("/"):
        suffixes = {Path(name).suffix for name in contents}
        if len(contents) == 1 and target.suffix == SUFFIX:
            raise RnnTuiError(f"{output}: {SUFFIX} is for runs; give a name that ends in {min(suffixes)}")
        if len(contents) == 1:
            return dict.fromkeys([target], *contents.values())
        if target.suffix in suffixes:
            raise RnnTuiError(f"{output}: there are {len(contents)} files to write; give a folder")
    return {target / name: data for name, data in contents.items()}

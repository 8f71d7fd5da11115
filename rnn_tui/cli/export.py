"""``rnn-tui export`` and ``rnn-tui probe``: what a run has learnt, for other programs."""

from collections.abc import Sequence
from pathlib import Path

import click

from rnn_tui.cli.options import opened_run, words
from rnn_tui.errors import RnnTuiError, nearest, plain

FORMATS = ("pytorch", "numpy", "csv")

force = click.option("--force", is_flag=True, help="Overwrite files that are there already.")


@click.command()
@click.argument("run", type=words)
@click.option(
    "--to",
    "form",
    type=click.Choice(FORMATS),
    required=True,
    help="PyTorch: a state dict and a script for each lane. NumPy: a script that stands alone. "
    "CSV: loss and gradient norm of every step.",
)
@click.option(
    "--lane",
    "lanes",
    multiple=True,
    type=words,
    metavar="NAME",
    help="This lane alone; for several give it several times.",
)
@click.option(
    "-o",
    "--output",
    type=words,
    metavar="FOLDER|FILE",
    default=".",
    help="Where to write.  [default: the current folder]",
)
@force
def export(run: str, form: str, lanes: tuple[str, ...], output: str, force: bool) -> None:
    """Write the lanes of a RUN that was kept as scripts with their weights, or its metrics as CSV.

    The scripts print the loss on the held-out sequences that the lab shows.
    """
    from rnn_tui.exports import EXPORTS
    from rnn_tui.session.frame import Demand

    session, _ = opened_run(run)
    labels = [lane.label for lane in session.frame(Demand.NOTHING).lanes]
    contents = EXPORTS[form](session, Path(run).stem, _numbers(lanes, session.preset.names, labels))
    _write(_placed(contents, output), force)


@click.command()
@click.argument("run", type=words)
@click.option("-o", "--output", type=words, metavar="FILE.npz", required=True, help="The file to write.")
@force
def probe(run: str, output: str, force: bool) -> None:
    """Write what the lanes of a RUN that was kept make of the held-out sequences, as arrays for a notebook.

    They are inputs (T, B, I), targets and mask (T, B), and of each lane lanes.0.hidden (T, B, H), lanes.0.logits
    (T, B, O), its other states and gates by name.  The first sequence is the probe that the lab shows.
    """
    from rnn_tui.exports.probe_arrays import npz_of
    from rnn_tui.storage.files import expanded

    session, _ = opened_run(run)
    _write({expanded(output): npz_of(session)}, force)


def _numbers(wanted: Sequence[str], names: list[str], labels: list[str]) -> list[int]:
    """The numbers of the lanes with these names, or labels as the lab shows them; of all where there are none."""
    for name in wanted:
        if name not in [*names, *labels]:
            there = f"; there are {', '.join(map(repr, names))}"
            raise RnnTuiError(f"no lane {name!r}{nearest(name, names) or there}")
    pairs = enumerate(zip(names, labels, strict=True))
    return [i for i, called in pairs if not wanted or set(called) & set(wanted)]


def _placed(contents: dict[str, bytes], output: str) -> dict[Path, bytes]:
    """Where each file goes: into a folder; or, where there is one file and the path ends as files do, to the path."""
    from rnn_tui.storage.files import expanded, found

    target = expanded(output)
    if target.suffix and found(target) != "folder" and not output.endswith("/"):
        if len(contents) == 1:
            return dict.fromkeys([target], *contents.values())
        if target.suffix in {Path(name).suffix for name in contents}:
            raise RnnTuiError(f"{output}: would have to be {len(contents)} files; name a folder")
    return {target / name: data for name, data in contents.items()}


def _write(files: dict[Path, bytes], force: bool) -> None:
    """All of them, after a look at whether each can be written."""
    from rnn_tui.storage import atomic_write

    for path in files:
        if problem := _problem(path, force):
            raise RnnTuiError(problem)
    atomic_write.write_all(files, over=force)
    for path, data in files.items():
        click.echo(f"{plain(str(path))}: {len(data):,} bytes")


def _problem(path: Path, force: bool) -> str:
    """What keeps a file from being written there, or an empty string."""
    from rnn_tui.storage.files import found

    there = found(path)
    if there == "folder":
        return f"{path}: is a folder; name a file"
    for folder in path.parents:
        if found(folder) not in ("", "folder"):
            return f"{folder}: is a file; name a folder"
    if there == "other":
        return f"{path}: is a pipe or a device; name a file"
    return f"{path}: is there already; --force overwrites it" if there and not force else ""

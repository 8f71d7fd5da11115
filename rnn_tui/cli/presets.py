"""``rnn-tui presets``: list the presets."""

import json
from itertools import groupby

import click

from rnn_tui.cli.options import words
from rnn_tui.errors import RnnTuiError, escaped


@click.command()
@click.option("--search", type=words, metavar="WORDS", help="List only presets that all of these words fit.")
@click.option("--json", "as_json", is_flag=True, help="Print only one JSON list.")
def presets(search: str | None, as_json: bool) -> None:
    """List the bundled presets and your own, grouped by what they show."""
    from rnn_tui.presets import store
    from rnn_tui.presets.search import matches, none_found

    entries = [entry for entry in store.entries() if matches(entry, search or "")]
    if as_json:
        rows = [
            {"name": e.name, "source": "own" if e.own else "bundled", "chapter": e.chapter, "title": e.title,
             "question": e.question, "topics": e.preset.topics if e.preset else [], "problem": e.problem or None}
            for e in entries
        ]  # fmt: skip
        click.echo(json.dumps(rows))
        return
    if not entries:
        raise RnnTuiError(none_found(search or ""))
    width = max(len(e.name) for e in entries)
    for chapter, group in groupby(entries, lambda e: e.chapter):
        folder = f", in {escaped(str(store.own_folder()))}" if chapter == store.OWN else ""
        click.echo(f"{chapter or 'more'}{folder}:")
        for e in group:
            click.echo(f"  {escaped(e.name):<{width}}  {(e.problem and 'broken: ' + e.problem) or e.title}")
            if e.question:
                click.echo(f"  {'':<{width}}  {e.question}")
    click.echo("\nopen one with: rnn-tui -p NAME")

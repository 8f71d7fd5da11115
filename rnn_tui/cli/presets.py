"""``rnn-tui presets``: list the presets."""

import json

import click

from rnn_tui.errors import escaped


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print only one JSON list.")
def presets(as_json: bool) -> None:
    """List the bundled presets and your own."""
    from rnn_tui.presets import store

    entries = store.entries()
    if as_json:
        rows = [
            {"name": e.name, "source": "own" if e.own else "bundled", "title": e.title, "question": e.question,
             "problem": e.problem or None}
            for e in entries
        ]  # fmt: skip
        click.echo(json.dumps(rows))
        return
    width = max(len(e.name) for e in entries)
    for own, heading in ((False, "bundled"), (True, f"your own, in {escaped(str(store.own_folder()))}")):
        group = [e for e in entries if e.own is own]
        if group:
            click.echo(f"{heading}:")
        for e in group:
            click.echo(f"  {escaped(e.name):<{width}}  {(e.problem and 'broken: ' + e.problem) or e.title}")
            if e.question:
                click.echo(f"  {'':<{width}}  {e.question}")
    click.echo("\nopen one with: rnn-tui -p NAME")

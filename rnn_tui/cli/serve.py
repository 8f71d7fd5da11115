"""``rnn-tui serve``: serve the lab to browsers."""

import asyncio
import sys
from contextlib import suppress

import click

from rnn_tui.cli.options import WholeNumber
from rnn_tui.cli.web import addresses
from rnn_tui.errors import RnnTuiError

NEEDS = "rnn-tui serve needs more packages: pip install 'rnn-tui[web]'"
FROM_OUTSIDE = (
    "note: other machines can connect; anyone with the full address, including its key, can use the lab and its files "
    "as you, and http is not encrypted"
)


def checked(_: click.Context, __: click.Parameter, text: str | None) -> addresses.PublicURL | None:
    try:
        return None if text is None else addresses.public_url(text)
    except RnnTuiError as error:
        raise click.BadParameter(str(error)) from None


@click.command()
@click.option("--port", type=WholeNumber(1, 65_535), default=8000, show_default=True)
@click.option(
    "--host", default="127.0.0.1", show_default=True, help="Address to listen on; 0.0.0.0 means all networks."
)
@click.option(
    "--public-url", metavar="URL", callback=checked, help="Address that browsers open, if a proxy changes it."
)
@click.option("-p", "--preset", metavar="NAME|PATH", help="Open this preset in each lab.")
def serve(port: int, host: str, public_url: addresses.PublicURL | None, preset: str | None) -> None:
    """Serve the lab to browsers. Each page has its own lab, with the files of this machine.

    The printed address contains a key, which is new at each start. Anyone with the key can use the lab, and save and
    open files as you. At most 8 labs are open at once.
    """
    from rnn_tui.presets import store

    if preset is not None:
        store.load(store.find(preset))  # report a mistake here, not on every page
    try:
        from rnn_tui.cli.web import access, server
    except ModuleNotFoundError as error:
        if str(error.name).split(".")[0] not in ("aiohttp", "textual_serve"):
            raise
        raise RnnTuiError(NEEDS) from None
    host = addresses.unbracketed(host)
    sockets = addresses.listening(host, port)
    bound = addresses.bound(sockets)
    allowed = access.Access.of(host, bound, public_url)
    if not all(address.is_loopback for address in bound):
        click.echo(FROM_OUTSIDE, err=True)
    command = [sys.executable, "-m", "rnn_tui", *(["--preset", preset] if preset else [])]
    printed = addresses.printed(host, port, bound, public_url, allowed.token)
    with suppress(KeyboardInterrupt):
        asyncio.run(server.serve(command, sockets, allowed, printed))

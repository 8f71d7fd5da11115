"""``rnn-tui serve``: the lab in a browser."""

import asyncio
import sys
from contextlib import suppress

import click

from rnn_tui.cli.web import addresses
from rnn_tui.errors import RnnTuiError

NEEDS = "the browser takes one package more: pip install 'rnn-tui[web]'"
FROM_OUTSIDE = (
    "note: other machines can connect; anyone who has the address, key included, can use the lab and its files as you, "
    "and http can be read on the way"
)


def checked(_: click.Context, __: click.Parameter, text: str | None) -> addresses.PublicURL | None:
    try:
        return None if text is None else addresses.public_url(text)
    except RnnTuiError as error:
        raise click.BadParameter(str(error)) from None


@click.command()
@click.option("--port", type=click.IntRange(1, 65_535), default=8000, show_default=True)
@click.option(
    "--host", default="127.0.0.1", show_default=True, help="The address to listen at; 0.0.0.0: all of this machine."
)
@click.option(
    "--public-url", metavar="URL", callback=checked, help="The address that browsers open, if it is another: a proxy's."
)
@click.option("-p", "--preset", metavar="NAME|PATH", help="What each lab opens.")
def serve(port: int, host: str, public_url: addresses.PublicURL | None, preset: str | None) -> None:
    """Serve the lab to browsers; each page has a lab of its own, and its files are those of this machine.

    The address that is printed contains a key, a new one at each start. Anyone who has it can use the lab, and save and
    open files as you. At most 8 labs are open at once.
    """
    from rnn_tui.presets import store

    if preset is not None:
        store.load(store.find(preset))  # a mistake is said here, and not on every page
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

"""``rnn-tui serve``: the lab in a browser."""

import ipaddress
import shlex
import sys
from pathlib import Path

import click

from rnn_tui.errors import RnnTuiError

PAGE = Path(__file__).with_name("page")
NEEDS = "the browser takes one package more: pip install 'rnn-tui[web]'"


@click.command()
@click.option("--port", type=click.IntRange(1, 65_535), default=8000, show_default=True)
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen at.")
@click.option("-p", "--preset", metavar="NAME|PATH", help="What each lab opens.")
def serve(port: int, host: str, preset: str | None) -> None:
    """Serve the lab to browsers; each page has a lab of its own, and its files are those of this machine.

    There is no password: whoever reaches the address can use the lab, and save and open files as you.
    """
    from rnn_tui import library

    if preset is not None:
        library.load(library.find(preset))  # a mistake is said here, and not on every page
    try:
        from textual_serve.server import Server
    except ImportError:
        raise RnnTuiError(NEEDS) from None
    if not _local(host):
        click.echo(f"note: everybody who reaches {host} can use the lab, and its files, as you", err=True)
    words = [sys.executable, "-m", "rnn_tui", *(["--preset", preset] if preset else [])]
    Server(shlex.join(words), host=host, port=port, title="rnn-tui", templates_path=PAGE).serve()


def _local(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:  # a name
        return host == "localhost"

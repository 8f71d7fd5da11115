"""``rnn-tui config``: the settings of the program, which hold for every lab."""

import codecs
import re
import sys
import textwrap
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import TYPE_CHECKING

import click

from rnn_tui.errors import escaped

if TYPE_CHECKING:
    from rnn_tui.ui.lab.active_settings import ActiveSettings

VALUE = re.compile(r'(?<= = )"(?:\\.|[^"\\])*"')


@click.command()
@click.option("--path", "as_path", is_flag=True, help="Print only the path of the settings file.")
@click.option("--check", is_flag=True, help="Check the settings file, and show every problem.")
def config(as_path: bool, check: bool) -> None:
    """Print the current settings: theme, refresh rate, glyphs, palette, keys.

    The output can be used as the file: rnn-tui config > FILE
    """
    from rnn_tui.storage.files import path_kind
    from rnn_tui.ui.config import config_path

    if as_path and check:
        raise click.UsageError("--path and --check exclude each other; give one of them")
    if as_path:
        click.echo(config_path())
        return
    from rnn_tui.ui.lab.active_settings import load

    setup = load()
    if setup.problem:
        click.echo(setup.problem, err=True)
    if check and setup.problem:
        sys.exit(2)
    path = escaped(str(config_path()))
    if check:
        click.echo(f"{path}: {'no problems' if path_kind(config_path()) else 'not found; using the defaults'}")
    else:
        click.echo(_encodable(f"# {path}\n{_document(setup)}"))


def _encodable(text: str) -> str:
    """Return the text in ASCII, with the same values, if the output is not UTF-8: the file must be UTF-8."""
    encoding = getattr(sys.stdout, "encoding", None) or "utf-8"
    if codecs.lookup(encoding).name.startswith("utf"):
        return text
    from rnn_tui.ui.render.ascii_filter import plain as ascii_of

    return "\n".join(ascii_of(VALUE.sub(_escaped, line)) for line in text.split("\n"))


def _escaped(value: re.Match[str]) -> str:
    return "".join(c if c.isascii() else f"\\U{ord(c):08X}" for c in value[0])


def _document(setup: "ActiveSettings") -> str:
    """Return the settings as TOML, with their possible values as comments; default keys are comments too."""
    from rnn_tui.ui.config import Config
    from rnn_tui.ui.lab.active_settings import THEMES

    fields = {name: field for name, field in Config.model_fields.items() if name != "keys"}
    settings = [(name, getattr(setup.config, name), field.description or "") for name, field in fields.items()]
    themes = textwrap.wrap(f"Themes: {', '.join(THEMES)}", 100, break_on_hyphens=False)
    return "\n".join(
        [*(f"# {line}" for line in themes), *_lines(settings), "", "[keys]",
         '# To change a key, remove the #. Several keys are possible: "n, ctrl+n".', *_keys(setup)]
    )  # fmt: skip


def _keys(setup: "ActiveSettings") -> Iterator[str]:
    """Yield the lines of the keys, grouped by the place where they are in force."""
    from rnn_tui.ui.input.bindings import named, places

    rows = [
        (name if name in setup.config.keys else f"# {name}", setup.keys.spelled(name), binding.tooltip)
        for name, binding in named().items()
    ]
    lines = iter(_lines(rows))
    for place, bindings in places().items():
        yield f"\n## {place}"
        yield from islice(lines, len(bindings))


def _lines(rows: Sequence[tuple[str, object, str]]) -> list[str]:
    """Return one line for each name, value and description, with aligned comments."""
    import tomlkit

    said = [f"{name} = {tomlkit.item(value).as_string()}" for name, value, _ in rows]
    width = max(map(len, said))
    return [f"{line:<{width}}  # {about}" for line, (*_, about) in zip(said, rows, strict=True)]

"""The progress bar of training at a terminal."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import click


@contextmanager
def progress(first: int, goal: int) -> Iterator[Callable[[int], None]]:
    """Show a progress bar at a terminal; yield a function to call with each step."""
    if not (sys.stdout.isatty() and sys.stderr.isatty()):
        yield lambda _: None
        return
    count = goal - first
    with click.progressbar(length=count, label="training", file=sys.stderr) as bar:
        every = max(1, count // 200)

        def tick(step: int) -> None:
            done = step - first
            if done % every == 0 or done == count:
                bar.update(done - bar.pos)

        yield tick

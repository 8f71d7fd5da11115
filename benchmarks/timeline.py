"""Measure how fast the lab moves through its history:

    python benchmarks/timeline.py [--steps 1000000]

Trains the default preset to step 5,000 and then to a million steps (some minutes), and prints at both: milliseconds for
one step back, for a jump to a random step (median and maximum of 200), for a frame, and for redrawing the loss chart;
the size of the history in memory; and the times for writing and reading the run as a file.
"""

import argparse
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

import numpy as np
from harness import bundled_preset
from textual.geometry import Size

from rnn_tui.checkpoints import reader, writer
from rnn_tui.experiments.blas_threads import limit_blas_threads
from rnn_tui.experiments.train import train
from rnn_tui.session.checkpointing import checkpoint_of, restored
from rnn_tui.session.memory_budget import weight_of
from rnn_tui.session.session import Session
from rnn_tui.ui.render.palette import palette
from rnn_tui.ui.render.terminal_capabilities import Canvas
from rnn_tui.ui.training.autosaver import EVERY, RATE
from rnn_tui.ui.widgets.loss_chart import Curve, LossChart


class Chart(LossChart):
    """A loss chart that can be drawn without an app."""

    size = Size(80, 12)
    colors, canvas = palette(True), Canvas()

    def ink(self, color: str = "", ground: str = "", dim: bool = False):  # type: ignore[no-untyped-def]  # noqa: ARG002
        from rich.style import Style

        return Style(color=color or None)

    def refresh(self, *_: object, **__: object):  # type: ignore[no-untyped-def]
        return self


def milliseconds(job: Callable[[], object]) -> float:
    begin = time.perf_counter()
    job()
    return 1000 * (time.perf_counter() - begin)


def measured(session: Session, chart: Chart) -> str:
    rng, last = np.random.default_rng(0), session.last_step
    session.seek(last)
    back = []
    for _ in range(100):
        back.append(milliseconds(session.back))
    jumps = [milliseconds(lambda: session.seek(int(rng.integers(0, last)))) for _ in range(200)]
    session.seek(last)
    frames = [milliseconds(session.frame) for _ in range(20)]
    frame = session.frame()
    curves = [Curve.of(lane.losses, 0, last, "#ffffff", "", "") for lane in frame.lanes]
    draws = [milliseconds(lambda: (chart.show(curves, True), chart.render_line(0))) for _ in range(20)]
    kept = sum(len(line.keyframes) for line in session.histories.timelines)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "run.safetensors")
        writing = milliseconds(lambda: writer.save(checkpoint_of(session, "echo"), path))
        reading = milliseconds(lambda: restored(reader.load(path)))
        size = path.stat().st_size
    kept_every = max(EVERY, size / RATE)
    return (
        f"step {last:,}: one step back {median(back):.3f} ms (at most {max(back):.2f}); a jump {median(jumps):.1f} ms "
        f"(at most {max(jumps):.1f}); a frame {median(frames):.1f} ms; the chart {median(draws):.1f} ms; {kept:,} "
        f"keyframes; saved in {writing:.0f} ms as {size / 2**20:.1f} MiB, automatically every {kept_every:.0f} s, "
        f"opened in {reading:.0f} ms; {weight_of([session.histories]) / 2**20:.0f} MiB of history"
    )


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--steps", type=int, default=1_000_000)
    steps = parser.parse_args().steps
    limit_blas_threads()
    session, chart = Session(bundled_preset("echo")), Chart()
    for goal in sorted({min(5000, steps), steps}):
        begin = time.perf_counter()
        made = goal - session.step
        for _ in train(session, goal, every=100):
            pass
        rate = made / (time.perf_counter() - begin)
        print(f"{measured(session, chart)}; trained at {rate:,.0f} steps/s", flush=True)


if __name__ == "__main__":
    main()

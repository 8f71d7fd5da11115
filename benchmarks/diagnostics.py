"""What diagnostics find in trained nets, against what is known of them, and how long each takes.

    OPENBLAS_NUM_THREADS=1 python benchmarks/diagnostics.py             # findings, a minute
    OPENBLAS_NUM_THREADS=1 python benchmarks/diagnostics.py --times     # milliseconds by size, a minute
    OPENBLAS_NUM_THREADS=1 python benchmarks/diagnostics.py --seeds 3   # findings of flip-flops with seeds 0, 1, 2

Each finding is printed beside the value that is expected and ✓ or ✗; it exits with 1 if one is false.  Times are the
best of several calls.
"""

import sys
from argparse import ArgumentParser
from collections.abc import Callable, Iterator
from time import perf_counter
from typing import NamedTuple

import numpy as np

from rnn_tui.engine import diagnostics
from rnn_tui.engine.cells import CELLS, RNNCell
from rnn_tui.engine.losses import cross_entropy, mean_squared_error
from rnn_tui.engine.models import FeedForwardModel, Model, RecurrentModel
from rnn_tui.engine.optimizers import OPTIMIZERS
from rnn_tui.engine.parameters import Array, Parameters
from rnn_tui.engine.training import Batch, Learner
from rnn_tui.presets import store
from rnn_tui.session.experiment import Experiment

MEMORY = {  # preset, lane, steps: R² by lag from lag 0 on, and the capacity
    ("echo", 0, 0): ([0.73, 0.69, 0.62, 0.62, 0.61, 0.59, 0.58, 0.50, 0.49, 0.45, 0.27, 0.27, 0.17], 7.2),
    ("echo", 0, 600): ([0.99, 0.98, 0.98, 1.00, 0.25, 0.06, 0.03, 0.00], 4.3),
    ("echo", 1, 600): ([1.00, 0.00, 0.00], 1.0),
    ("xor", 0, 600): ([1.00, 1.00, 0.37, 0.02, 0.01, 0.00], 2.4),
    ("echo-20", 0, 400): (
        [
            *[0.99, 0.98, 0.97, 0.97, 0.96, 0.95, 0.94, 0.93, 0.93, 0.93, 0.92, 0.92, 0.91, 0.91, 0.90, 0.90],
            *[0.89, 0.89, 0.89, 0.90, 0.91, 0.71, 0.51, 0.31, 0.21, 0.12],
        ],
        21.5,
    ),
    ("echo-20", 1, 400): ([1.00, 1.00, 1.00, 1.00, 1.00, 0.99, 0.95, 0.76, 0.39, 0.13, 0.03, 0.01], 8.3),
}


class Finding(NamedTuple):
    """What was found, what is expected, and whether they agree."""

    about: str
    found: object
    expected: object
    holds: bool

    def __str__(self) -> str:
        return f"{'✓' if self.holds else '✗'} {self.about}: {self.found} (expected {self.expected})"


def close(about: str, found: float, expected: float, within: float) -> Finding:
    return Finding(about, f"{found:.4g}", f"{expected:.4g}", abs(found - expected) <= within)


def trained(name: str, lane: int, steps: int) -> tuple[Experiment, Model, Parameters]:
    """A lane of a bundled preset after some updates."""
    experiment = Experiment(store.load(store.bundled_folder() / f"{name}.toml").preset)
    learner, state = experiment.learner(lane), experiment.start(lane)
    for step in range(steps):
        state, _ = learner.step(state, experiment.batch(step))
    return experiment, learner.model, state.parameters


def memory_findings() -> Iterator[Finding]:
    for (name, lane, steps), (r2, capacity) in MEMORY.items():
        experiment, model, parameters = trained(name, lane, steps)
        x = experiment.held_out.x
        found = diagnostics.memory_curve(diagnostics.hidden_states(model, parameters, x), x)
        assert not isinstance(found, diagnostics.Undefined)
        about = f"{name}, {experiment.preset.names[lane]}, {steps} updates"
        agree = bool(np.abs(found.r2[: len(r2)] - r2).max() <= 0.0051)
        yield Finding(f"{about}: R² by lag", found.r2[: len(r2)].round(2).tolist(), r2, agree)
        yield close(f"{about}: capacity", found.capacity, capacity, 0.051)
        if (name, lane, steps) == ("echo", 0, 600):
            probe, scored = x[..., 0], experiment.held_out.mask[:, 0]
            occlusion = diagnostics.occlusion(model, parameters, probe, np.array([0.5]))
            saliency = diagnostics.saliency(model, parameters, probe)
            assert not isinstance(occlusion, diagnostics.Undefined)
            assert not isinstance(saliency, diagnostics.Undefined)
            peaks = {diagnostics.peak_lag(occlusion, np.eye(len(probe))[tau]) for tau in np.flatnonzero(scored)}
            yield Finding(f"{about}: peak lags of all scored answers, by occlusion", peaks, {3}, peaks == {3})
            peak = diagnostics.peak_lag(saliency, scored)
            yield Finding(f"{about}: peak lag of most of them, by saliency", peak, 3, peak == 3)


def gradient_findings() -> Iterator[Finding]:
    """Of echo-20 before training: log10 falls by .30 a lag with gain .5, to −1.0 at lag 30 with gain 1."""
    for lane, lag, expected in ((1, 27, -8.36), (0, 30, -1.0)):
        experiment, model, parameters = trained("echo-20", lane, 0)
        found = diagnostics.gradient_by_lag(model, parameters, experiment.held_out.x[..., 0])
        assert not isinstance(found, diagnostics.Undefined)
        about = f"echo-20, {experiment.preset.names[lane]}, untrained: log10 of the gradient at lag {lag}"
        yield close(about, float(np.log10(found.by_lag[lag])), expected, 0.1)


def flip_flop(rng: np.random.Generator, bits: int, size: int, time: int = 64) -> Batch:
    """Pulses of ±1 with a probability of 1/6, all of them at t = 0; the target is the state of all bits, as a class."""
    x = rng.choice([-1.0, 0.0, 1.0], (time, bits, size), p=[1 / 12, 10 / 12, 1 / 12])
    x[0] = rng.choice([-1.0, 1.0], (bits, size))
    held = x.copy()
    for t in range(1, time):
        held[t] = np.where(x[t] == 0, held[t - 1], x[t])
    target = np.tensordot(2 ** np.arange(bits), held > 0, axes=(0, 1))
    return Batch(x, target, np.ones((time, size)))


def flip_flop_findings(seeds: int) -> Iterator[Finding]:
    for bits, hidden, steps in ((3, 16, 1500), (1, 8, 1000)):
        for seed in range(seeds):
            model = RecurrentModel(RNNCell(bits, hidden), 2**bits, "orthogonal")
            learner = Learner(model, cross_entropy, OPTIMIZERS["adam"](0.003), clip_norm=1.0)
            rng = np.random.default_rng(seed)
            state = learner.start(model.initial(rng))
            for _ in range(steps):
                state, _ = learner.step(state, flip_flop(rng, bits, 32))
            test = flip_flop(rng, bits, 64)
            y = model.forward(state.parameters, test.x, model.trace(64, 64))
            accuracy = float((y.argmax(axis=1) == test.target).mean())
            states = diagnostics.hidden_states(model, state.parameters, test.x)
            start = diagnostics.starting_states(states, 256, 0.1, rng)
            points = diagnostics.fixed_points(model, state.parameters, np.zeros(bits), start)
            assert not isinstance(points, diagnostics.Undefined)
            W, b = state.parameters["W_hy"], state.parameters["b_y"]
            classes = sorted(int((W @ point.state + b).argmax()) for point in points if point.stable)
            about = f"flip-flop of {bits} bits, seed {seed}: classes of the stable ones of {len(points)} fixed points"
            yield Finding(about, classes, list(range(2**bits)), classes == list(range(2**bits)))
            yield close(f"flip-flop of {bits} bits, seed {seed}: accuracy", accuracy, 1.0, 0.002)


def milliseconds(call: Callable[[], object]) -> float:
    """The best of several calls, within a second or so."""
    times: list[float] = []
    while len(times) < 3 or (sum(times) < 0.5 and len(times) < 20):
        start = perf_counter()
        call()
        times.append(perf_counter() - start)
    return 1000 * min(times)


def timings(model: Model, time: int, sequences: int) -> Iterator[tuple[str, float]]:
    """The name of each diagnostic and its milliseconds, for one input and one output."""
    rng = np.random.default_rng(0)
    parameters = model.initial(rng)
    x = rng.standard_normal((time, 1, sequences))
    probe, states = x[..., 0], diagnostics.hidden_states(model, parameters, x)
    batch = Batch(x, np.zeros_like(x), np.ones((time, sequences)))
    calls: dict[str, Callable[[], object]] = {
        "hidden_states": lambda: diagnostics.hidden_states(model, parameters, x),
        "memory_curve": lambda: diagnostics.memory_curve(states, x),
        "gradient_by_lag": lambda: diagnostics.gradient_by_lag(model, parameters, probe),
        "saliency": lambda: diagnostics.saliency(model, parameters, probe),
        "occlusion": lambda: diagnostics.occlusion(model, parameters, probe, np.zeros(1)),
        "principal_plane": lambda: diagnostics.principal_plane(states),
        "unit_lags": lambda: diagnostics.unit_lags(states, x),
        "losses_when_silenced": lambda: diagnostics.losses_when_silenced(model, parameters, mean_squared_error, batch),
    }
    if isinstance(model, RecurrentModel):
        jacobians = diagnostics.jacobians_along(model, parameters, probe)
        assert not isinstance(jacobians, diagnostics.Undefined)
        along: Array = jacobians
        start = diagnostics.starting_states(states, 64, 0.1, rng)
        calls |= {
            "jacobians_along": lambda: diagnostics.jacobians_along(model, parameters, probe),
            "largest_singular_values": lambda: diagnostics.largest_singular_values(along),
            "lyapunov_exponents": lambda: diagnostics.lyapunov_exponents(along),
            "spectrum": lambda: diagnostics.spectrum(along[0]),
            "fixed_points": lambda: diagnostics.fixed_points(model, parameters, np.zeros(1), start),
            "linear_memory_curve": lambda: diagnostics.linear_memory_curve(0.9 * np.eye(len(start)), start[:, :1], 30),
        }
    for name, call in calls.items():
        yield name, milliseconds(call)


def print_times(sequences: int) -> None:
    sizes = [(40, 8), (60, 32), (50, 64)]
    kinds: dict[str, Callable[[int], Model]] = {
        **{name: lambda hidden, cell=cell: RecurrentModel(cell(1, hidden), 1) for name, cell in CELLS.items()},
        "fnn": lambda hidden: FeedForwardModel(1, hidden, 1),
    }
    for kind, make in kinds.items():
        columns = [dict(timings(make(hidden), time, sequences)) for time, hidden in sizes]
        print(f"\n{kind:<24}" + "".join(f"{f'T={time} H={hidden}':>12}" for time, hidden in sizes) + "  ms")
        for name in columns[0]:
            print(f"{name:<24}" + "".join(f"{column[name]:>12.2f}" for column in columns))


def main() -> None:
    parser = ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--times", action="store_true", help="milliseconds only")
    parser.add_argument("--sequences", type=int, default=256, help="held-out sequences for the times")
    parser.add_argument("--seeds", type=int, default=1, help="of the flip-flops")
    options = parser.parse_args()
    if options.times:
        print_times(options.sequences)
        return
    wrong = 0
    for findings in (memory_findings(), gradient_findings(), flip_flop_findings(options.seeds)):
        for finding in findings:
            print(finding, flush=True)
            wrong += not finding.holds
    sys.exit(wrong > 0)


if __name__ == "__main__":
    main()

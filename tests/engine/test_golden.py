"""The engine against PyTorch's numbers, which ``golden/make.py`` wrote down; PyTorch itself is not needed."""

import json
from itertools import cycle, product
from pathlib import Path

import numpy as np
import pytest

from rnn_tui.engine.cells import CELLS
from rnn_tui.engine.losses import binary_cross_entropy, cross_entropy, mean_squared_error
from rnn_tui.engine.models import RecurrentModel
from rnn_tui.engine.optimizers import OPTIMIZERS
from rnn_tui.engine.parameters import Parameters
from rnn_tui.engine.training import Batch, Learner

LOSSES = {loss.name: loss for loss in (cross_entropy, binary_cross_entropy, mean_squared_error)}
KINDS = {  # the golden files' names of the cells
    "rnn-tanh": lambda I, H: CELLS["rnn"](I, H, activation="tanh"),
    "rnn-relu": lambda I, H: CELLS["rnn"](I, H, activation="relu"),
    "gru": CELLS["gru"],
    "lstm": CELLS["lstm"],
}
FOLDER = Path(__file__).parent / "golden"
GOLDEN = {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in sorted(FOLDER.glob("*.json"))}
every_case = pytest.mark.parametrize("case", GOLDEN.values(), ids=GOLDEN)


def label(run):
    settings = {"clipped": run["clip_norm"], "decayed": run["weight_decay"], "continued": run["batches"] > 1}
    return "-".join([run["optimizer"], *(name for name, on in settings.items() if on)])


RUNS = [
    pytest.param(case, run, id=f"{stem}-{label(run)}") for stem, case in GOLDEN.items() for run in case["trainings"]
]


def close(found, expected, what=""):
    np.testing.assert_allclose(found, np.array(expected), rtol=1e-10, atol=1e-10, err_msg=what)


def all_close(layout, flat, expected):
    """Every parameter of ``flat``, or every gradient, by its name."""
    views = layout.views(flat)
    assert views.keys() == expected.keys()
    for name, view in views.items():
        close(view, expected[name], name)


def model_of(case, truncation=0):
    I, H, O = case["sizes"]
    return RecurrentModel(KINDS[case["cell"]](I, H), O, truncation=truncation)


def parameters_of(case, model):
    parameters = Parameters.zeros(model.layout, "float64")
    for name, values in case["parameters"].items():
        parameters[name][...] = values
    return parameters


def batch_of(record, **continuing):
    return Batch(*(np.array(record[name]) for name in ("x", "target", "mask")), **continuing)


def passes(case):
    """The golden record of each batch with the engine's trace, loss and gradient of it."""
    model = model_of(case)
    parameters, memory = parameters_of(case, model), None
    for record in case["batches"]:
        batch = batch_of(record)
        trace = model.trace(len(batch.x), batch.x.shape[2])
        y = model.forward(parameters, batch.x, trace, memory)
        loss, dy = LOSSES[case["loss"]].mean(y, batch.target, batch.mask)
        gradient = model.backward(parameters, dy, trace)
        memory = trace.end()
        yield record, trace, loss, gradient


def test_every_cell_meets_every_loss():
    met = {(case["cell"], case["loss"]) for case in GOLDEN.values()}
    assert met == set(product(KINDS, LOSSES))
    assert {case["mask"] for case in GOLDEN.values()} == {"full", "late", "ragged"}


def test_every_optimizer_trains_with_and_without_clipping_some_with_weight_decay_and_one_from_batch_to_batch():
    others = {"sgd-clipped-decayed", "adam-clipped-decayed", "adam-clipped-continued"}
    plain = {f"{name}{clipped}" for name, clipped in product(OPTIMIZERS, ("", "-clipped"))}
    for case in GOLDEN.values():
        assert {label(run) for run in case["trainings"]} == plain | others


@every_case
def test_outputs_are_pytorchs_in_a_batch_and_in_the_one_that_continues_it(case):
    for record, trace, _, _ in passes(case):
        close(trace.y, record["y"])


@every_case
def test_hidden_and_cell_states_are_pytorchs(case):
    for record, trace, _, _ in passes(case):
        close(trace.h, record["h"])
        if case["cell"] == "lstm":
            close(trace.states["c"], record["c"])


@every_case
def test_the_masked_loss_is_pytorchs(case):
    for record, _, loss, _ in passes(case):
        close(loss, record["loss"])


@every_case
def test_every_gradient_is_pytorchs(case):
    for record, _, _, gradient in passes(case):
        all_close(model_of(case).layout, gradient, record["gradient"])


@every_case
def test_what_reaches_each_hidden_state_through_time_is_pytorchs(case):
    for record, trace, _, _ in passes(case):
        close(trace.dh, record["dh"])


@every_case
def test_a_truncated_gradient_is_that_of_pytorch_reading_in_detached_pieces(case):
    for depth, expected in case["truncated"].items():
        model, batch = model_of(case, int(depth)), batch_of(case["batches"][0])
        parameters, trace = parameters_of(case, model), model.trace(len(batch.x), batch.x.shape[2])
        _, dy = LOSSES[case["loss"]].mean(model.forward(parameters, batch.x, trace), batch.target, batch.mask)
        close(trace.y, case["batches"][0]["y"])
        all_close(model.layout, model.backward(parameters, dy, trace), expected)


@pytest.mark.parametrize(("case", "run"), RUNS)
def test_ten_updates_go_where_pytorchs_go(case, run):
    model, last = model_of(case), run["batches"] - 1
    batches = [batch_of(case["batches"][i], begins=i == 0, ends=i == last) for i in range(last + 1)]
    optimizer = OPTIMIZERS[run["optimizer"]](run["learning_rate"])
    learner = Learner(
        model, LOSSES[case["loss"]], optimizer, clip_norm=run["clip_norm"], weight_decay=run["weight_decay"]
    )
    state, losses, norms = learner.start(parameters_of(case, model)), [], []
    for _, batch in zip(run["losses"], cycle(batches), strict=False):
        state, metrics = learner.step(state, batch)
        losses.append(metrics.loss)
        norms.append(metrics.gradient_norm)
    close(losses, run["losses"])
    close(norms, run["norms"])
    all_close(model.layout, state.parameters.flat, run["parameters"])

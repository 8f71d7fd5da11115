"""What the benchmarks of the engine's speed compute from their measurements."""

from pathlib import Path

import numpy as np
import pytest

from rnn_tui.engine.cells import CELLS
from rnn_tui.engine.models import RecurrentModel


@pytest.fixture(autouse=True)
def scripts(monkeypatch):
    monkeypatch.syspath_prepend(str(Path(__file__).parent.parent / "benchmarks"))


@pytest.mark.parametrize("cell", ["rnn", "gru", "lstm"])
def test_flops_are_six_for_each_weight_and_four_for_those_of_the_input(cell):
    from roofline import flops

    views = RecurrentModel(CELLS[cell](2, 5), outputs=3).initial(np.random.default_rng(0)).views
    weights = {name: view.size for name, view in views.items() if name.startswith("W")}
    once = sum(size * (4 if name.startswith("W_x") else 6) for name, size in weights.items())
    assert flops(cell, H=5, T=7, B=4, I=2, O=3) == 7 * 4 * once


def test_the_model_of_growth_is_found_again_without_negative_parts():
    from growth import fitted, sizes, terms

    parts = np.array([terms("lstm", size) for size in sizes()])
    coefficients = np.array([2e-5, 4e-6, 1e-9, 3e-11])
    assert fitted(parts, parts @ coefficients) == pytest.approx(coefficients, rel=1e-6)
    assert fitted(parts, parts @ [2e-5, 4e-6, -1e-10, 3e-11])[2] == 0


def row(H, dtype, ours, torch):
    from engine import Row

    return Row("rnn", dtype, H, 50, 1, 5, {"numpy": ours, "torch": torch}, ratios(ours, torch), 0.5, 99)


def ratios(ours, torch):
    """Those of compiled loops are three times as large."""
    return {"numpy": {"torch": torch / ours}, "compiled": {"torch": 3 * torch / ours}}


def test_goals_are_compared_for_each_precision_and_say_where_the_worst_size_is():
    from engine import Bar, shown, summary, where_slower

    rows = [row(16, "float32", 10, 40), row(64, "float32", 10, 90), row(256, "float32", 10, 5)]
    goals = summary([*rows, row(16, "float64", 10, 20)], [Bar("rnn", "torch", 6, 1), Bar("rnn", "jax", 1, 1)])
    assert [goal["value"] for goal in goals] == pytest.approx([6, 0.5, 2, 2])
    assert [goal["reached"] for goal in goals] == [True, False, False, True]
    assert shown(goals).splitlines()[2].endswith("no  RNN float32 H=256 T=50 B=1")
    assert where_slower(rows) == "Ours, numpy, is slower than PyTorch at\n  RNN float32 H=256 T=50 B=1 (0.50)"


def test_compiled_loops_have_goals_of_their_own():
    from engine import Bar, summary

    rows = [row(16, "float32", 10, 40), row(256, "float32", 10, 5)]
    goals = summary(rows, [Bar("rnn", "torch", 6, 1, engine="compiled")])
    assert [goal["value"] for goal in goals] == pytest.approx([12, 1.5])
    assert goals[0]["name"] == "RNN float32, compiled, PyTorch: mean of 1 sizes, H ≤ 64"

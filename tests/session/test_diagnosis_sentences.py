"""Sentences on diagnostics: what each situation is called, and that no situation gives nonsense."""

from dataclasses import replace
from itertools import chain, pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.preset_documents import echo

from rnn_tui.engine.diagnostics import FixedPoint, GradientByLag, MemoryCurve, Spectrum, Undefined
from rnn_tui.experiments.training_run import TrainingRun
from rnn_tui.presets.preset import parse
from rnn_tui.session.diagnosis import (
    FixedPoints,
    Gradient,
    Memory,
    Perturbations,
    Recurrence,
    Saliency,
    UnitRow,
    UnitTable,
    diagnose,
)
from rnn_tui.session.diagnosis_sentences import (
    capacity_text,
    fixed_points_sentences,
    gradient_sentences,
    memory_sentences,
    perturbations_sentences,
    recurrence_sentences,
    saliency_sentences,
    sentences,
    unit_text,
    units_sentences,
)
from rnn_tui.session.trained_net import trained_net

WHY = Undefined("x never varies")


def memory(*r2, asked=None, reference=0.0, rows=1000):
    return Memory(MemoryCurve(np.array(r2), 8, rows), np.array([1.0] + [reference] * (len(r2) - 1)), None, asked)


def gradient(*by_lag, asked=None, truncation=0):
    array = np.array(by_lag)
    return Gradient(GradientByLag(np.zeros((2, 2)), array, (array > 0) * 1.0), truncation, None, asked)


def recurrence(radius, norm, gain=None, steepest=1.0, t=None):
    return Recurrence(Spectrum(np.array([complex(radius)]), norm), t, steepest, gain)


def points(stable, unstable, held=0.0):
    spectra = [np.array([0.5])] * stable + [np.array([1.5])] * unstable
    return FixedPoints(np.array([held]), tuple(FixedPoint(np.zeros(1), 0.0, values) for values in spectra))


@pytest.mark.parametrize(
    ("found", "longest", "shortest"),
    [
        (memory(0.99, 0.98, 0.98, 1.0, 0.2, 0, asked=3),
         "RNN knows x_t and the 3 inputs before it (R² at least 0.98), as the task asks.",
         "RNN knows x_t to x_(t−3), as asked."),
        (memory(1, 0, 0, 0, 0, asked=3),
         "RNN knows only x_t (R² 1.00), but not the input 3 steps back, which the task asks for (R² 0.00).",
         "RNN knows only x_t, but not x_(t−3)."),
        (memory(0.7, 0.6, 0.5, 0.2, asked=1),
         "RNN knows x_t and the 2 inputs before it (R² at least 0.50); the task asks only for the input 1 step back.",
         "RNN knows x_t to x_(t−2)."),
        (memory(1, 0, 0.9, 0, asked=2),
         "RNN knows only x_t (R² 1.00), and also the input 2 steps back, which the task asks for (R² 0.90).",
         "RNN knows only x_t, and also x_(t−2)."),
        (memory(1, 1, 0.1), "RNN knows x_t and the input before it (R² at least 1.00).", "RNN knows x_t and x_(t−1)."),
        (memory(0.3, 0.2), "RNN does not know even x_t well (R² 0.30).", "RNN does not know even x_t well."),
        (memory(0.3, 0.2, asked=1),
         "RNN does not know even x_t well (R² 0.30), nor the input 1 step back, which the task asks for (R² 0.20).",
         "RNN does not know even x_t well, nor x_(t−1)."),
        (memory(0.3, 0.8, asked=1),
         "RNN does not know even x_t well (R² 0.30), but it knows the input 1 step back, which the task asks for "
         "(R² 0.80).",
         "RNN does not know even x_t well, but it knows x_(t−1)."),
        (memory(1, 1, 1), "RNN knows x_t and at least the 2 inputs before it (R² at least 1.00).",
         "RNN knows at least x_t to x_(t−2)."),
        (memory(1.0), "RNN knows only x_t (R² 1.00).", "RNN knows only x_t."),
        (memory(1, 0.9, 0, rows=10), "RNN knows x_t and the input before it (R² at least ≈ 0.90).",
         "RNN knows x_t and x_(t−1)."),
        (memory(1, 0.4, 0, reference=0.39),
         "RNN knows only x_t (R² 1.00); x_t alone gives R² 0.39 for the input before it.", "RNN knows only x_t."),
    ],
)  # fmt: skip
def test_what_a_state_knows(found, longest, shortest):
    said = memory_sentences("RNN", found)
    assert (said[0], said[-1]) == (longest, shortest)


def test_the_capacity_is_bounded_by_the_units_only_for_independent_inputs():
    assert capacity_text(memory(1, 1, 0.25)) == "2.2 of at most 8"
    assert capacity_text(memory(1, 1, 0.25, reference=0.5)) == "2.2"
    assert capacity_text(memory(1, 1, rows=10)) == "≈ 2.0 of at most 8"


@pytest.mark.parametrize(
    ("found", "longest", "shortest"),
    [
        (gradient(1, 0.5, 0.02, 0.005, 0), "The gradient of RNN keeps at least 1% of its size for 2 steps back.",
         "RNN: ≥ 1% to lag 2."),
        (gradient(1, 0.001), "The gradient of RNN keeps at least 1% of its size at lag 0 only.",
         "RNN: ≥ 1% to lag 0."),
        (gradient(1, 0.5, 0.005, 1e-6, asked=3),
         "The gradient of RNN keeps at least 1% of its size for 1 step back; at lag 3, which the task asks for, "
         "about 1e−6 of it is left.",
         "RNN: ≥ 1% to lag 1, 1e−6 at lag 3."),
        (gradient(1, 0.5, 0.4, 0.25), "The gradient of RNN reaches all 3 steps back: 25% of it is left.",
         "RNN: still 25% at lag 3."),
        (gradient(1, 0.5, 0.4, 0, truncation=3),
         "Training cuts the gradient of RNN: it reaches at most 2 steps back.", "RNN: cut after 2 steps."),
        (gradient(1, 0.5, 0, 0, truncation=2, asked=3),
         "Training cuts the gradient of RNN: it reaches at most 1 step back; at lag 3, which the task asks for, "
         "nothing of it is left.",
         "RNN: cut after 1 step, nothing at lag 3."),
        (gradient(1, 0, 0, truncation=1),
         "The gradient of RNN reaches no earlier time step, because training cuts it at every one.",
         "RNN: training cuts the gradient at every time step."),
        (gradient(1, 0, 0),
         "The answers of RNN depend on no earlier hidden state, so no gradient goes back in time.",
         "RNN: no gradient goes back in time."),
        (gradient(1.0), "The sequence of RNN has no earlier time step for the gradient to reach.",
         "RNN: one time step."),
        (gradient(1, 3, 40, 0.001),
         "The gradient of RNN keeps at least 1% of its size for 2 steps back; it is largest at lag 2 (40 times).",
         "RNN: ≥ 1% to lag 2."),
        (gradient(1, 2.5, 2.2),
         "The gradient of RNN reaches all 2 steps back: it is 2.2 times as large as at lag 0; it is largest at lag 1 "
         "(2.5 times).",
         "RNN: still 220% at lag 2."),
    ],
)  # fmt: skip
def test_how_far_back_a_gradient_reaches(found, longest, shortest):
    said = gradient_sentences("RNN", found)
    assert (said[0], said[-1]) == (longest, shortest)


@pytest.mark.parametrize(
    ("found", "longest", "shortest"),
    [
        (recurrence(1, 1, gain=1.0),
         "1.00 and norm 1.00: it is orthogonal, so only the slopes of the activation shrink the gradient.",
         "RNN: W_hh is orthogonal, it shrinks nothing."),
        (recurrence(0.5, 0.5, gain=0.5),
         "0.50 and norm 0.50: it is 0.50 times an orthogonal matrix, so every step back multiplies the gradient by "
         "0.50 and the slope of the activation.",
         "RNN: every step back multiplies the gradient by 0.50."),
        (recurrence(0.6, 0.9), "0.60 and norm 0.90: with a norm below 1 the gradient must vanish.",
         "RNN: σ below 1, so the gradient vanishes."),
        (recurrence(2, 3.5, steepest=0.25), "2.00 and norm 3.50: with a norm below 4 the gradient must vanish.",
         "RNN: σ below 4, so the gradient vanishes."),
        (recurrence(0.97, 1.31),
         "0.97 and norm 1.31: near h = 0 a change can grow for a few steps, but in the long run it shrinks to 0.97 of "
         "its size at every step.",
         "RNN: ρ is below 1, changes fade."),
        (recurrence(1.2, 4.26), "1.20 and norm 4.26: near h = 0 a change grows; only the activation can limit it.",
         "RNN: ρ is above 1, small changes grow."),
    ],
)  # fmt: skip
def test_what_the_spectrum_of_a_matrix_means(found, longest, shortest):
    said = recurrence_sentences("RNN", found)
    assert (said[0], said[-1]) == (f"W_hh of RNN has spectral radius {longest}", shortest)


def test_a_jacobian_is_named_by_its_time_step():
    said, *_ = recurrence_sentences("GRU", recurrence(1.1, 2, t=7))
    assert said == ("The Jacobian at t = 7 of GRU has spectral radius 1.10 and norm 2.00: the step to t = 7 multiplies "
                    "a change of the state by at most 2.00.")  # fmt: skip


@pytest.mark.parametrize(
    ("exponent", "said"),
    [
        (-0.12, "A small change of RNN's state shrinks by 11% at each time step (largest Lyapunov exponent −0.12)."),
        (0.05, "A small change of RNN's state grows by 5% at each time step (largest Lyapunov exponent 0.05)."),
        (1.0, "A small change of RNN's state grows by 172% at each time step (largest Lyapunov exponent 1)."),
        (0.0, "A small change of RNN's state keeps its size (largest Lyapunov exponent 0)."),
        (-np.inf, "A small change of RNN's state is lost completely within the sequence."),
    ],
)  # fmt: skip
def test_what_becomes_of_a_small_change(exponent, said):
    assert perturbations_sentences("RNN", Perturbations(3, np.ones(4), np.array([exponent, -9.0])))[0] == said


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (points(8, 0), "With x held at 0, RNN has 8 stable fixed points: it can hold 8 different states for any time."),
        (points(1, 2), "With x held at 0, RNN has 1 stable fixed point and 2 unstable: its state comes to rest "
         "there and forgets the past."),
        (points(0, 1), "With x held at 0, RNN has 1 unstable fixed point, and no stable one was found."),
        (points(0, 0, held=1.0), "With the most frequent symbol held, no fixed point of RNN was found."),
    ],
)  # fmt: skip
def test_how_many_states_can_be_held(found, said):
    assert fixed_points_sentences("RNN", found)[0] == said


@pytest.mark.parametrize(
    ("peak", "asked", "said"),
    [
        (3, 3, "The answers of RNN depend most on the input 3 steps back, as the task asks."),
        (0, 3, "The answers of RNN depend most on x_t; the task asks for the input 3 steps back."),
        (1, None, "The answers of RNN depend most on the input 1 step back."),
        (WHY, 1, "No saliency for RNN: x never varies."),
    ],
)
def test_which_input_answers_depend_on(peak, asked, said):
    assert saliency_sentences("RNN", Saliency(np.zeros((1, 1, 1)), peak, asked)) == (said,)


def test_what_a_unit_carries():
    rows = (UnitRow(3, 2, 0.93, 0.4, 0.69), UnitRow(0, 0, 0.1, None, 0.01))
    assert [unit_text(row) for row in rows] == ["u3 (x 2 steps ago, R² 0.93)", "u0 (x_t, R² 0.10)"]
    (said,) = units_sentences("RNN", UnitTable(0.01, rows))
    assert said == "Without u3 (x 2 steps ago, R² 0.93), the loss of RNN changes from 0.01 to 0.69."


def test_without_a_figure_the_sentence_gives_the_reason():
    functions = (memory_sentences, gradient_sentences, recurrence_sentences, perturbations_sentences,
                 fixed_points_sentences, saliency_sentences, units_sentences)  # fmt: skip
    for function in functions:
        (said,) = function("RNN", WHY)
        assert said.startswith("No ")
        assert said.endswith(" for RNN: x never varies.")


@given(
    r2=st.lists(st.floats(0, 1), min_size=1, max_size=6), asked=st.none() | st.integers(0, 8),
    by_lag=st.lists(st.floats(0, 1e12) | st.just(0.0), max_size=6), truncation=st.integers(0, 6),
    reference=st.floats(0, 1),
)  # fmt: skip
def test_no_situation_gives_nonsense(r2, asked, by_lag, truncation, reference):
    variants = [
        memory_sentences("RNN", memory(*r2, asked=asked, reference=reference)),
        gradient_sentences("RNN", gradient(1.0, *by_lag, asked=asked, truncation=truncation)),
    ]
    assert all(len(longer) >= len(shorter) for said in variants for longer, shorter in pairwise(said))
    for sentence in chain(*variants):
        assert sentence.endswith(".")
        assert "RNN" in sentence
        assert len(sentence) < 250
        for wrong in ("nan", "inf", "None", "  ", "..", " .", " ;", "1 steps", "-"):
            assert wrong not in sentence


def test_a_feed_forward_net_has_no_sentences_on_dynamics():
    run = TrainingRun.from_preset(parse(echo({"kind": "rnn"}, {"kind": "fnn"}), "s"))
    rnn, fnn = (diagnose(trained_net(run.experiment, lane, run.timelines[lane])) for lane in (0, 1))
    assert list(sentences(rnn)) == ["memory", "gradient", "saliency", "units", "spectrum", "lyapunov", "fixed points"]
    assert list(sentences(fnn)) == ["memory", "gradient", "saliency", "units"]
    assert sentences(replace(rnn, memory=WHY))["memory"] == "No memory curve for RNN: x never varies."

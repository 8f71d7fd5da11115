"""Sentences on diagnostics: what each situation is called, and that no situation gives nonsense."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
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
    trained_net,
)
from rnn_tui.session.diagnosis_sentences import (
    capacity_text,
    fixed_points_sentence,
    gradient_sentence,
    memory_sentence,
    perturbations_sentence,
    recurrence_sentence,
    saliency_sentence,
    sentences,
    unit_text,
    units_sentence,
)

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
    ("found", "said"),
    [
        (memory(0.99, 0.98, 0.98, 1.0, 0.2, 0, asked=3),
         "RNN knows x_t and the 3 inputs before it (R² at least 0.98), as the task asks."),
        (memory(1, 0, 0, 0, 0, asked=3),
         "RNN knows only x_t (R² 1.00); of the input 3 steps back, which the task asks for, R² is only 0.00."),
        (memory(0.7, 0.6, 0.5, 0.2, asked=1),
         "RNN knows x_t and the 2 inputs before it (R² at least 0.50); the task asks only for the input 1 step back."),
        (memory(1, 0, 0.9, 0, asked=2),
         "RNN knows only x_t (R² 1.00), and also the input 2 steps back, which the task asks for (R² 0.90)."),
        (memory(1, 1, 0.1), "RNN knows x_t and the input before it (R² at least 1.00)."),
        (memory(0.3, 0.2), "RNN does not even know x_t well: R² is 0.30."),
        (memory(0.3, 0.2, asked=1), "RNN does not even know x_t well: R² is 0.30; of the input 1 step back, which the "
         "task asks for, R² is only 0.20."),
        (memory(1, 1, 1), "RNN knows x_t and at least the 2 inputs before it (R² at least 1.00)."),
        (memory(1, 0.9, 0, rows=10), "RNN knows x_t and the input before it (R² at least ≈ 0.90)."),
        (memory(1, 0.4, 0, reference=0.39),
         "RNN knows only x_t (R² 1.00); x_t alone gives R² 0.39 for the input before it."),
    ],
)  # fmt: skip
def test_what_a_state_knows(found, said):
    assert memory_sentence("RNN", found) == said


def test_the_capacity_is_bounded_by_the_units_only_for_independent_inputs():
    assert capacity_text(memory(1, 1, 0.25)) == "2.2 of at most 8"
    assert capacity_text(memory(1, 1, 0.25, reference=0.5)) == "2.2"
    assert capacity_text(memory(1, 1, rows=10)) == "≈ 2.0 of at most 8"


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (gradient(1, 0.5, 0.02, 0.005, 0), "From up to 2 steps back, at least 1% of the gradient arrives in RNN."),
        (gradient(1, 0.5, 0.005, 1e-6, asked=3), "From up to 1 step back, at least 1% of the gradient arrives in RNN; "
         "from the 3 steps that the task asks for, about 1e−6 of it arrives."),
        (gradient(1, 0.5, 0.4, 0.25), "From 3 steps back, 25% of the gradient arrives in RNN."),
        (gradient(1, 0.5, 0.4, 0, truncation=3),
         "The gradient of RNN reaches at most 2 steps back, where training cuts it."),
        (gradient(1, 0.5, 0, 0, truncation=2, asked=3),
         "The gradient of RNN reaches at most 1 step back, where training cuts it; "
         "from the 3 steps that the task asks for, nothing arrives."),
        (gradient(1, 0, 0, truncation=1),
         "The gradient of RNN reaches no earlier time step, because training cuts it at every one."),
        (gradient(1, 0, 0),
         "The answers of RNN depend on no earlier hidden state, so no gradient goes back in time."),
        (gradient(1.0), "The sequence of RNN has no earlier time step for the gradient to reach."),
        (gradient(1, 3, 40, 0.001), "From up to 2 steps back, at least 1% of the gradient arrives in RNN; most arrives "
         "from 2 steps back, 40 times as much."),
        (gradient(1, 2.5, 2.2),
         "From 2 steps back, 220% of the gradient arrives in RNN; most arrives from 1 step back, 250%."),
    ],
)  # fmt: skip
def test_how_far_back_a_gradient_reaches(found, said):
    assert gradient_sentence("RNN", found) == said


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (recurrence(1, 1, gain=1.0),
         "1.00 and norm 1.00: it is orthogonal, so only the slopes of the activation shrink the gradient."),
        (recurrence(0.5, 0.5, gain=0.5),
         "0.50 and norm 0.50: it is 0.50 times an orthogonal matrix, which multiplies "
         "the gradient by 0.50 at every step back."),
        (recurrence(0.6, 0.9), "0.60 and norm 0.90: with a norm below 1 the gradient must vanish."),
        (recurrence(2, 3.5, steepest=0.25), "2.00 and norm 3.50: with a norm below 4 the gradient must vanish."),
        (recurrence(0.97, 1.31), "0.97 and norm 1.31: a change can grow for a few steps, but then it dies out."),
        (recurrence(1.2, 4.26), "1.20 and norm 4.26: a change of a small state grows, until the activation limits it."),
    ],
)  # fmt: skip
def test_what_the_spectrum_of_a_matrix_means(found, said):
    assert recurrence_sentence("RNN", found) == f"W_hh of RNN has spectral radius {said}"


def test_a_jacobian_is_named_by_its_time_step():
    said = recurrence_sentence("GRU", recurrence(1.1, 2, t=7))
    assert said == "The Jacobian at t = 7 of GRU has spectral radius 1.10 and norm 2.00."


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
    assert perturbations_sentence("RNN", Perturbations(3, np.ones(4), np.array([exponent, -9.0]))) == said


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (points(8, 0), "With x held at 0, RNN has 8 stable fixed points: it can hold 8 different states for any time."),
        (points(1, 2), "With x held at 0, RNN has 1 stable fixed point and 2 unstable: while its state comes to rest "
         "there, it forgets the past."),
        (points(0, 1), "With x held at 0, RNN has 1 unstable fixed point, and no stable one was found."),
        (points(0, 0, held=1.0), "With the most frequent symbol held, no fixed point of RNN was found."),
    ],
)  # fmt: skip
def test_how_many_states_can_be_held(found, said):
    assert fixed_points_sentence("RNN", found) == said


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
    assert saliency_sentence("RNN", Saliency(np.zeros((1, 1, 1)), peak, asked)) == said


def test_what_a_unit_carries():
    rows = (UnitRow(3, 2, 0.93, 0.4, 0.69), UnitRow(0, 0, 0.1, None, 0.01))
    assert [unit_text(row) for row in rows] == ["u3 (x 2 steps ago, R² 0.93)", "u0 (x_t, R² 0.10)"]
    said = units_sentence("RNN", UnitTable(0.01, rows))
    assert said == "Without u3 (x 2 steps ago, R² 0.93), the loss of RNN changes from 0.01 to 0.69."


def test_without_a_figure_the_sentence_gives_the_reason():
    functions = (memory_sentence, gradient_sentence, recurrence_sentence, perturbations_sentence,
                 fixed_points_sentence, saliency_sentence, units_sentence)  # fmt: skip
    for function in functions:
        said = function("RNN", WHY)
        assert said.startswith("No ")
        assert said.endswith(" for RNN: x never varies.")


@settings(max_examples=60, deadline=None)
@given(
    r2=st.lists(st.floats(0, 1), min_size=1, max_size=6), asked=st.none() | st.integers(0, 8),
    by_lag=st.lists(st.floats(0, 1e12) | st.just(0.0), max_size=6), truncation=st.integers(0, 6),
    reference=st.floats(0, 1),
)  # fmt: skip
def test_no_situation_gives_nonsense(r2, asked, by_lag, truncation, reference):
    said = [
        memory_sentence("RNN", memory(*r2, asked=asked, reference=reference)),
        gradient_sentence("RNN", gradient(1.0, *by_lag, asked=asked, truncation=truncation)),
    ]
    for sentence in said:
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

"""Clip and apply: what becomes of the gradient of all parameters, and of one weight."""

import re

import numpy as np
import pytest
from support.widget_hosts import slowed

from rnn_tui.engine.optimizers import OPTIMIZERS
from rnn_tui.ui.slow_motion.update_text import apply, clip, table, weight_of


def numbers(text):
    return [float(found.replace("−", "-")) for found in re.findall(r"−?\d[\d.]*(?:e−?\d+)?", text)]


def test_the_gradients_length_is_told_before_and_after_clipping():
    slow = slowed({"kind": "rnn"}, training={"clip_norm": 0.01})
    norm, result = clip(slow, 76).lines
    assert numbers(norm)[-1] == pytest.approx(slow.norm, rel=0.01)
    assert numbers(result)[0] == pytest.approx(slow.norm, rel=0.01)
    assert numbers(result)[-1] == pytest.approx(0.01, rel=0.01)
    assert "0.01, the clip" in result


def test_where_nothing_is_clipped_it_says_why():
    assert "≤ 50, the clip: g is unchanged" in clip(slowed({"kind": "rnn"}, training={"clip_norm": 50.0}), 76).lines[1]
    assert "no clip is set" in clip(slowed({"kind": "rnn"}, training={"clip_norm": 0.0}), 76).lines[1]


@pytest.mark.parametrize("kind", ["rnn", "gru", "lstm", "fnn"])
@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_a_weight_is_changed_by_the_rate_times_what_the_optimizer_makes_of_its_gradient(kind, optimizer):
    training = {"optimizer": optimizer, "learning_rate": 0.1, "weight_decay": 0.01, "clip_norm": 0.05}
    slow = slowed({"kind": kind}, training=training)
    text, (name, place) = apply(slow, 2), weight_of(slow, 2)
    gradient, change, rate = text.lines
    assert change.startswith(f"{name}[u{place[0]},{'u' if name != 'W_xh' else 'x'}{place[1]}] ← ")
    before, eta, moved, after = numbers(change.partition("← ")[2].replace(" − ", " "))
    assert after == pytest.approx(slow.after[name][place], abs=1e-5)
    assert before - eta * moved == pytest.approx(after, abs=2e-5)  # the line adds up
    assert numbers(gradient)[-1] == pytest.approx(moved)
    if optimizer == "sgd":
        g = slow.gradient[name][place] * slow.share + 0.01 * slow.lane.weights[name][place]
        assert moved == pytest.approx(g, rel=0.01)
    assert numbers(rate) == [pytest.approx(0.1)]
    assert text.formula == (f"{type(slow.optimizer).__name__}: {slow.optimizer.formula}", "g ← g + λ θ, λ = 0.01")


def test_a_schedule_is_named_and_a_rate_of_zero_changes_nothing():
    slow = slowed({"kind": "rnn"}, training={"schedule": "cosine", "schedule_steps": 2})
    assert slow.learning_rate == 0
    assert apply(slow, 0).lines[-1] == "η = 0, the schedule's value for 0.01"
    assert "stays" in apply(slow, 0).lines[1]
    assert "makes" not in apply(slow, 0).lines[0]


@pytest.mark.parametrize("applying", [False, True])
def test_the_table_has_a_line_for_each_parameter(applying):
    slow = slowed({"kind": "lstm"})
    header, *lines = table(slow, applying, 40, 116)
    assert header[0].split()[0] == "θ"
    assert [text.split()[0] for text, _ in lines] == [change.name for change in slow.changes]
    values = [change.moved if applying else change.gradient for change in slow.changes]
    for (text, bar), change, value in zip(lines, slow.changes, values, strict=True):
        assert numbers(text.split(maxsplit=2)[2])[int(applying)] == pytest.approx(value, rel=0.01)
        assert len(bar) == pytest.approx(20 * value / max(values), abs=0.5)
        assert text.split()[1] == "×".join(map(str, change.shape))


def test_a_table_without_room_for_all_has_the_largest():
    slow = slowed({"kind": "lstm"})
    lines = [text for text, _ in table(slow, False, 6, 116)]
    assert len(lines) == 6
    assert lines[-1] == "… and 10 smaller ones"
    names = [change.name for change in slow.changes]
    largest = np.argsort([-change.gradient for change in slow.changes])[:4]
    assert [line.split()[0] for line in lines[1:-1]] == [names[i] for i in sorted(largest)]


@pytest.mark.parametrize("applying", [False, True])
def test_in_few_columns_the_bars_are_shorter(applying):
    lines = table(slowed({"kind": "lstm"}), applying, 40, 56)
    assert max(len(text + bar) for text, bar in lines) == 56


@pytest.mark.parametrize(("width", "squares"), [(56, 2), (76, 4), (116, 5)])
def test_the_length_names_as_many_parts_as_there_is_room_for(width, squares):
    line = clip(slowed({"kind": "rnn"}), width).lines[0]
    assert line.count("²") == squares
    assert ("…" in line) == (squares < 5)
    assert len(line) <= width

"""What a net says when it reads its own answers, beside a net written in plain loops."""

import numpy as np
import pytest
from support import reference_equations

from rnn_tui.engine.cells import CELLS
from rnn_tui.engine.models import FeedForwardModel, RecurrentModel
from rnn_tui.errors import DataError
from rnn_tui.presets.preset import parse
from rnn_tui.session.generation import MOST_FREE, WRITTEN, Reader, forecast, starts_at, write
from rnn_tui.session.session import Session
from rnn_tui.tasks import Text
from rnn_tui.tasks.letters import Letters
from rnn_tui.tasks.mackey_glass import MackeyGlass
from rnn_tui.tasks.wave import Wave

T = 12


def net(kind, inputs, outputs):
    """A model and its parameters."""
    model = FeedForwardModel(inputs, 5, outputs, window=3) if kind == "fnn" else None
    if model is None:
        model = RecurrentModel(CELLS[kind](inputs, 4), outputs)
    return model, model.initial(np.random.default_rng(7))


def answers(kind, parameters, x):
    """(T, O) of a whole sequence x (T, I), in plain loops."""
    x = x[..., None]
    if kind == "fnn":
        return reference_equations.fnn(parameters.views, x, "tanh", 3)[1][..., 0]
    if kind == "rnn":
        return reference_equations.rnn(parameters.views, x, "tanh")[1][..., 0]
    return getattr(reference_equations, kind)(parameters.views, x)[1][..., 0]


every_kind = pytest.mark.parametrize("kind", ["rnn", "gru", "lstm", "fnn"])


@every_kind
def test_a_sequence_read_bit_by_bit_is_answered_as_one_read_at_once(kind):
    model, parameters = net(kind, 2, 3)
    x = np.random.default_rng(1).standard_normal((T, 2))
    reader = Reader(model, parameters)
    said = np.concatenate([reader.read(x[:5]), reader.read(x[5:6]), reader.read(x[6:7]), reader.read(x[7:])])
    np.testing.assert_allclose(said, answers(kind, parameters, x), rtol=1e-12)


@every_kind
@pytest.mark.parametrize("horizon", [1, 3, 8])
def test_a_forecast_that_runs_free_reads_what_it_said_so_many_steps_before(kind, horizon):
    task = MackeyGlass(horizon=horizon)
    model, parameters = net(kind, 1, 1)
    x = np.random.default_rng(2).standard_normal((T, 1))
    free = forecast(task, Reader(model, parameters), x)
    start, seen = starts_at(task, T), x.copy()
    assert start == max(T // 2, horizon)
    for t in range(start, T):  # the whole sequence anew for every step
        seen[t, 0] = answers(kind, parameters, seen)[t - horizon, 0]
    np.testing.assert_allclose(free, answers(kind, parameters, seen)[:, 0], rtol=1e-10)
    np.testing.assert_allclose(free[:start], answers(kind, parameters, x)[:start, 0], rtol=1e-12)


def test_other_inputs_stay_what_they_are():
    model, parameters = net("rnn", 2, 1)
    x = np.random.default_rng(3).standard_normal((T, 2))
    free = forecast(Wave(), Reader(model, parameters), x)
    seen = x.copy()
    seen[T // 2 :, 0] = free[T // 2 - 1 : -1]
    np.testing.assert_allclose(free, answers("rnn", parameters, seen)[:, 0], rtol=1e-12)


def test_half_of_a_sequence_runs_free_or_so_much_as_is_quick():
    assert [starts_at(Wave(), length) for length in (1, 2, 3, 40)] == [1, 1, 1, 20]
    assert starts_at(Wave(), 2000) == 2000 - MOST_FREE
    assert starts_at(MackeyGlass(horizon=30), 40) == 30
    assert starts_at(MackeyGlass(horizon=30), 20) == 20


@every_kind
def test_at_temperature_0_the_likeliest_symbol_follows_each_symbol(kind):
    task = Letters()
    V = task.input_size
    model, parameters = net(kind, V, V)
    codes = [2]
    for _ in range(WRITTEN):
        codes.append(int(answers(kind, parameters, np.eye(V)[codes])[-1].argmax()))
    assert write(task, Reader(model, parameters), [2], 0) == "".join(task.alphabet[code] for code in codes)


@pytest.mark.parametrize("temperature", [0.5, 1.0, 2.0])
def test_symbols_are_drawn_as_often_as_softmax_of_y_over_the_temperature_says(temperature):
    class Always:
        """Says the same after every symbol."""

        def read(self, _):
            return np.array([[0.0, 1.0, 2.0, -1.0, 0.5, -30.0]])

    text = "".join(write(Letters(), Always(), [0], temperature, [seed])[1:] for seed in range(20))
    weights = np.exp(Always().read(None)[0] / temperature)
    expected = weights / weights.sum()
    found = np.array([text.count(letter) for letter in Letters().alphabet]) / len(text)
    assert len(text) == 20 * WRITTEN
    np.testing.assert_allclose(found, expected, atol=3.5 * np.sqrt(0.25 / len(text)))


def test_the_same_net_writes_the_same_text():
    model, parameters = net("gru", 6, 6)
    texts = {write(Letters(), Reader(model, parameters), [1], 0.8) for _ in range(3)}
    assert len(texts) == 1


def test_a_net_that_has_overflowed_writes_nothing():
    class Broken:
        def read(self, _):
            return np.full((1, 6), np.nan)

    assert write(Letters(), Broken(), [0], 0.8) == ""


def test_a_frame_has_text_where_symbols_are_foretold_and_forecasts_where_numbers_are():
    for task, text, free in (("letters", True, False), ("wave", False, True), ("copy", False, False)):
        preset = parse({"task": {"kind": task}, "lanes": [{"kind": "rnn"}, {"kind": "fnn"}]}, "made up")
        frame = Session(preset).frame()
        for lane in frame.lanes:
            assert bool(lane.writing) == text
            assert (lane.forecast is not None and lane.forecast.shape == (frame.length,)) == free


def test_the_temperature_changes_what_is_written_and_nothing_that_is_learnt():
    preset = parse({"task": {"kind": "letters"}, "lanes": [{"kind": "rnn"}], "temperature": 1.0}, "made up")
    session = Session(preset)
    session.forward(3)
    before = session.frame()
    assert session.change({"temperature": 0.0}) == ""
    after = session.frame()
    assert (after.step, after.last_step) == (3, 3)
    assert after.lanes[0].writing != before.lanes[0].writing
    np.testing.assert_array_equal(after.lanes[0].logits, before.lanes[0].logits)
    assert not session.can_undo


def test_a_longer_text_begins_with_the_shorter_and_another_draw_is_another_text():
    model, parameters = net("gru", 6, 6)

    def text(count, draw=0):
        return write(Letters(), Reader(model, parameters), [1, 2], 1.0, (3, draw), count)

    assert len(text(50)) == 52
    assert text(200).startswith(text(50))
    assert text(50) != text(50, draw=1)
    assert text(50, draw=1) == text(50, draw=1)


@every_kind
def test_all_of_the_prompt_is_read_before_the_first_symbol_is_written(kind):
    model, parameters = net(kind, 6, 6)
    prompt = [0, 3, 5, 1]
    found = write(Letters(), Reader(model, parameters), prompt, 0, count=1)
    likeliest = int(answers(kind, parameters, np.eye(6)[prompt])[-1].argmax())
    assert found == Letters().spelled([*prompt, likeliest])


def test_texts_are_read_as_symbols_and_others_are_refused(tmp_path):
    letters = Letters()
    assert letters.spelled(letters.encoded("b a\ndii")) == "badii"
    with pytest.raises(DataError, match="'x' is not a symbol of this task; it has 'a', 'b', 'd'"):
        letters.encoded("bax")
    (tmp_path / "text.txt").write_text("The dog sleeps. The cats sleep. " * 20)
    path = str(tmp_path / "text.txt")
    words = Text(kind="text", path=path, level="words")
    assert words.spelled(words.encoded("the  Cats SLEEP.")) == "the cats sleep."
    with pytest.raises(DataError, match="'catz' is not a symbol of this task; did you mean 'cats'"):
        words.encoded("the catz")
    by_letter = Text(kind="text", path=path)
    assert by_letter.spelled(by_letter.encoded("The cat s")) == "The cat s"

"""The row of the derivatives of an answer with respect to the inputs: its numbers, and how it is drawn."""

from dataclasses import replace

import numpy as np
import pytest
from support.widget_hosts import frame_of, preset_of, view_of

from rnn_tui.engine.diagnostics import Undefined
from rnn_tui.session.diagnosis import Saliency, saliency
from rnn_tui.session.session import Session
from rnn_tui.ui.panels.diagnoses import Diagnoses, DiagnosticResult
from rnn_tui.ui.panels.saliency_track import SALIENCY, saliency_at, saliency_track, strongest
from rnn_tui.ui.panels.view_state import ViewState
from rnn_tui.ui.render.palette import palette
from rnn_tui.ui.render.terminal_capabilities import Canvas

COLORS = palette(True)


def found(view, result=None):
    """The view with the saliency of the lane under the cursor, or with the result that is given."""
    net = view.shown.net
    result = DiagnosticResult(SALIENCY, net, view.frame.step, view.t, saliency(net) if result is None else result)
    return replace(view, diagnoses=Diagnoses().having(SALIENCY, view.lane, result))


@pytest.mark.parametrize("name", ["echo", "adding", "letters"])
def test_the_row_has_the_derivatives_of_the_answer_under_the_cursor_up_to_its_time_step(name):
    view = found(view_of(name, 3, t=9))
    values, by_input = saliency_at(view), saliency(view.shown.net).by_input
    assert np.isnan(values[10:]).all()
    for t in range(10):
        slopes = by_input[9, t]
        read = view.frame.inputs[t].argmax() if view.frame.task.alphabet else np.abs(slopes).argmax()
        assert values[t] == slopes[read]
    assert strongest(view) == f"y_9 depends most on x_{np.abs(values[:10]).argmax()}"


def test_an_fnn_rests_only_on_its_window():
    values = saliency_at(found(view_of("echo", 3, t=9, lane=1)))
    assert np.flatnonzero(values[:10]).tolist() == [9]


def test_colors_or_characters_show_the_sign_and_bars_the_size():
    by_input = np.zeros((40, 40, 1))
    by_input[4, :5, 0] = 0.5, -1.0, 0.0, 0.01, 1.0
    view = found(view_of("echo", 3, t=4), Saliency(by_input, 3, 3))
    track = saliency_track(view, COLORS, Canvas())
    assert "".join(track.cells[:6]) == "▅█▁▁█·"
    assert track.colors[:2] == [COLORS.above, COLORS.below]
    assert set(track.colors[5:]) == {COLORS.muted}
    for canvas, drawn in ((Canvas(ascii=True), "+=..#"), (Canvas("few"), "+≡··#")):
        cells = "".join(saliency_track(view, COLORS, canvas).cells[:5])
        assert cells[0] in "+*", "half of the greatest one"
        assert (cells[1], cells[4]) == (drawn[1], drawn[4])


def test_before_it_is_known_and_where_it_is_undefined_the_row_is_empty():
    view = view_of("echo", 3, t=5)
    for unknown in (view, found(view, Undefined("numbers are not finite")), replace(view, frame=frame_of("echo"))):
        assert saliency_at(unknown) is None
        assert set(saliency_track(unknown, COLORS, Canvas()).cells) == {"·"}
        assert strongest(unknown) == ""


def test_of_a_long_sequence_the_first_256_time_steps_have_a_row():
    session = Session(preset_of({"kind": "rnn", "hidden_size": 3}, training={"sequence_length": 300}))
    view = found(ViewState(session.frame(), "long", t=255))
    values = saliency_at(view)
    assert np.isfinite(values).tolist() == [True] * 256 + [False] * 44
    assert np.nanargmax(np.abs(values)) > 200, "the recent inputs count most"
    assert saliency_at(replace(view, t=256)) is None
    assert len(saliency_track(replace(view, t=256), COLORS, Canvas()).cells) == 300

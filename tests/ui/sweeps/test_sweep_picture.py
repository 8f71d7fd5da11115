"""A picture of a sweep is the same each time, and has no cursor."""

import xml.etree.ElementTree as ET

from support.sweep_folders import data_of
from textual.geometry import Size

from rnn_tui.ui.sweeps.sweep_picture import sweep_picture
from rnn_tui.ui.sweeps.sweep_view import SweepView


def test_the_same_view_is_the_same_picture():
    data = data_of({"task.delay": [2, 8], "lanes.0.hidden_size": [4, 16]})
    view = SweepView.first(data)
    picture = sweep_picture(data, view, Size(80, 20))
    assert picture == sweep_picture(data, view.moved(data, 1, 1), Size(80, 20))
    assert picture != sweep_picture(data, view, Size(80, 20), dark=True)
    text = "".join(ET.fromstring(picture.svg).itertext())
    assert all(words in text for words in ("Sweep of echo: delay × hidden size, 2 seeds", "0.1215", "↑ hidden size"))

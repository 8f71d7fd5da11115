"""The table of interventions in turn: its columns, and what it says of them."""

from rnn_tui.interventions import spelled
from rnn_tui.session.interventions_in_turn import InTurn, InTurnRow
from rnn_tui.ui.dialogs.interventions_in_turn import KINDS, in_turn_lines, summary

ROWS = tuple(
    InTurnRow(spelled(text), loss, right)
    for text, loss, right in [("silence:u3", 0.9, 0.5), ("silence:u10", 0.3, 1), ("silence:u0", 0.1, 1)]
)


def test_the_columns_fit_the_names_and_a_bar_shows_the_change():
    heading, *lines = in_turn_lines(InTurn(0.1, 1.0, ROWS), widest=8)
    assert heading == "what if           loss   change  right"
    assert lines[0] == "u3 silenced     0.9000  +0.8000    50%  ████████"
    assert lines[1] == "u10 silenced    0.3000  +0.2000   100%  ██"
    numbers = InTurn(0.1, None, tuple(row._replace(accuracy=None) for row in ROWS))
    assert "right" not in in_turn_lines(numbers)[0]


def test_the_sentence_names_what_matters_and_what_the_net_has_already():
    found = InTurn(0.1, 1.0, ROWS)
    said = "The loss is 0.1000 as it is. The answers need most: u3, u10; 1 of 3 matters little."
    assert summary(KINDS["silence"], found) == said
    there = [spelled("x:7=0"), spelled("cut")]
    assert summary(KINDS["silence"], found, there).startswith("The loss is 0.1000 with x_7 = 0 and recurrence cut.")

"""The last line: as many keys as fit, and the way out as long as anything does."""

from collections import Counter
from functools import cache
from itertools import pairwise

from textual.geometry import Size

from rnn_tui.ui.input.bindings import SPARE, lab_keys
from rnn_tui.ui.lab.screen import LabScreen
from rnn_tui.ui.render.terminal_capabilities import Canvas
from rnn_tui.ui.widgets.footer import Footer

WIDTHS = range(20, 201)
SHOWN = [binding for binding in lab_keys() if binding.show]


class Sheet(Footer):
    """A line that needs no app."""

    size, canvas = Size(0, 1), Canvas()


@cache
def line_at(width):
    line = Sheet(lab_keys(), SPARE)
    line.size = Size(width, 1)
    return line.render()


def test_it_is_never_wider_than_the_screen_and_always_tells_of_help_and_quit():
    for width in WIDTHS:
        line = line_at(width)
        assert line.cell_length <= width
        assert line.plain.endswith(" ? Help  q Quit ")


def test_a_wide_screen_has_all_of_them_in_their_order():
    words = line_at(200).plain.split()
    shown = [binding.key_display for binding in SHOWN if binding.group is None]
    assert [word for word in words if word in shown] == shown
    assert {"←→", "+−"} <= set(words)  # two keys of a kind share one name


def test_nothing_is_left_out_that_would_still_fit():
    lines = [line_at(width) for width in WIDTHS]
    for width, (narrow, wide) in zip(WIDTHS, pairwise(lines), strict=False):
        if narrow.plain != wide.plain:
            assert wide.cell_length == width + 1
    assert len({line.plain for line in lines}) > 5


def test_what_is_spare_goes_in_its_order():
    names = {binding.group.description if binding.group else binding.description for binding in SHOWN}
    by_width = [{name for name in names if f" {name} " in line_at(width).plain} for width in reversed(WIDTHS)]
    assert by_width[0] == names
    gone = []
    for wide, narrow in pairwise(by_width):
        assert narrow <= wide
        gone += sorted(wide - narrow)
    order = []
    for ident in SPARE:
        (binding,) = (binding for binding in lab_keys() if binding.id == ident)
        order.append(binding.group.description if binding.group else binding.description)
    assert gone == list(dict.fromkeys(order))


def test_each_entry_does_what_its_key_does_when_it_is_clicked():
    line = line_at(200)
    clicks = {line.plain[span.start : span.end].strip(): span.style.meta["@click"] for span in line.spans
              if not isinstance(span.style, str) and span.style.meta}  # fmt: skip
    assert clicks == {binding.key_display: f"screen.{binding.action}" for binding in SHOWN}
    for binding in lab_keys():
        assert hasattr(LabScreen, f"action_{binding.action.split('(')[0]}")


def test_no_key_means_two_things_and_every_spare_one_is_a_key_that_is_shown():
    assert max(Counter(key for binding in lab_keys() for key in binding.key.split(",")).values()) == 1
    assert max(Counter(binding.id for binding in lab_keys()).values()) == 1
    assert set(SPARE) <= {binding.id for binding in SHOWN}
    for group in {binding.group for binding in SHOWN if binding.group}:
        members = [binding.id in SPARE for binding in SHOWN if binding.group is group]
        assert len(set(members)) == 1

"""The sentence of the comparison with names in their lanes' colors, for panel 5 and for the strip that replaces it."""

from rich.cells import cell_len
from textual.content import Content

from rnn_tui.session.frame import Demand
from rnn_tui.ui.panels import seed_sentences
from rnn_tui.ui.panels.comparison_summary import pieces, plain, verdicts
from rnn_tui.ui.panels.view_state import ViewState
from rnn_tui.ui.panels.what_if_sentence import what_if_verdicts
from rnn_tui.ui.render.palette import Palette
from rnn_tui.ui.render.terminal_capabilities import Canvas
from rnn_tui.ui.widgets.text_widgets import rows_of_text, shortened_to


def can_tell(view: ViewState) -> bool:
    """Return whether the frame has what the sentence needs."""
    return (view.frame.step == 0 or Demand.SCORE in view.frame.demands) and view.needs_altered in view.frame.demands


def sentence(view: ViewState, palette: Palette, canvas: Canvas, width: int, rows: int) -> Content:
    """Return the longest summary that fits into the rows; if none does, the shortest one up to the last word that does.

    Before training it asks the question of the preset, unless changed settings have made it another one.
    """
    frame = view.frame
    asked = bool(frame.preset.question) and not view.edits
    told = what_if_verdicts(frame) if Demand.SCORE in frame.demands else []
    templates = [view.keys.say(one) for one in told or verdicts(frame, asked)]
    for template in templates:
        parts = [
            (canvas.spell(text), f"bold {palette.text if lane is None else palette.lane(lane)}")
            for text, lane in pieces(template, frame)
        ]
        said = Content.assemble(*parts)
        if rows_of_text(said, width) <= rows:
            return said
    return Content.styled(shortened_to(canvas.spell(plain(templates[-1], frame)), width, rows), f"bold {palette.text}")


def luck(view: ViewState, palette: Palette, canvas: Canvas, width: int, rows: int) -> Content:
    """Return what further seeds say about luck, as the longest text that fits into the rows; empty if none does."""
    if view.seeds is None:
        return Content()
    for template in seed_sentences.luck(view.seeds, view.frame):
        parts = [
            (canvas.spell(text), palette.text if lane is None else palette.lane(lane))
            for text, lane in pieces(template, view.frame)
        ]
        said = Content.assemble(*parts)
        if rows_of_text(said, width) <= rows:
            return said
    return Content()


def proposal(view: ViewState, palette: Palette, canvas: Canvas, width: int, rows: int = 1) -> Content:
    """Return a line that proposes the next preset of the course with its question; empty if there is none."""
    if view.successor is None or rows < 1:
        return Content()
    name, asks = view.successor
    key, begin = view.keys.printed("file.pick"), f"next: {name}"
    end, whole = f" ({key})", canvas.spell(f"{begin}. {asks}")
    fits = rows_of_text(whole + end, width) <= rows
    said = whole if fits else shortened_to(whole, width - cell_len(end), rows)
    if not said.startswith(begin):
        return Content()
    return Content.assemble((begin, f"bold {palette.text}"), (said[len(begin) :] + end, palette.muted))

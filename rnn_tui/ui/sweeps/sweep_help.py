"""The help of a sweep: the drawings, and the keys."""

from textual.content import Content

from rnn_tui.ui.dialogs.help import COLORS, HelpDialog

SAYS = (
    "A sweep trains a preset many times, with other values of its keys and with other seeds. A point is one choice of "
    "values; its runs differ only in their seeds. While the sweep is still running, new runs appear by themselves."
)
DRAWINGS = (
    ("Map", "A cell for each pair of values of two keys: the median over the seeds of the point. Brighter is more on a "
            "dark ground, darker is more on a light one; without colors a denser glyph is more. A dotted line is the "
            "formula that the sweep's [sweep] table gives as contour."),
    ("Curves", "The median of each lane over the values of one key, with a band between the quartiles. Dots show the "
               "lowest loss that the lane can reach; ✗ at the top is a point whose runs all diverged."),
    ("Points", "A table of all points, which can be sorted by every column."),
    ("Runs", "A table of all runs. A run ends at its last step, when the task is solved, when its patience is over, or "
             "when it diverges; a failed run could not be trained at all."),
)  # fmt: skip
MORE = (
    "Keys that are not on the axes stay at one value, which {sweep.third_before} and {sweep.third_after} change; "
    "{sweep.split} draws a small map or chart for each value instead. {sweep.run} trains the run under the cursor "
    "again, up to the step where it ended, with all its history; {run.call_off} in the lab leads back to the sweep."
)


class SweepHelpDialog(HelpDialog):
    """The help dialog, about a sweep instead of the lab."""

    def page(self, width: int) -> Content:
        """Return the text before the glossary, for so many columns."""
        return Content("\n").join([
            Content.styled("Sweeps", "bold $primary"),
            Content(f"{SAYS}\n"),
            *(Content.assemble((f"{name}: ", "bold"), self._say(text), "\n") for name, text in DRAWINGS),
            Content(f"{self._say(MORE)}\n"),
            *self._elsewhere("In a sweep", width),
            Content.styled("Colors", "bold $primary"),
            Content(f"{COLORS}\n"),
        ])  # fmt: skip

"""Actions that move the view: the cursor, and what the panels show of it."""

from dataclasses import replace

from rnn_tui.ui.lab.notices import Notices
from rnn_tui.ui.lab.panel_arrangement import PanelArrangement
from rnn_tui.ui.panels.unit_table import units_in_order
from rnn_tui.ui.panels.view_state import COMPARED, DRAWINGS, SENT_BACK, ViewAccess
from rnn_tui.ui.widgets.tracks import TimeClicked


class ViewActions:
    """Actions of the view, unknown to training; belongs to the screen's thread."""

    def __init__(self, shown: ViewAccess, panels: PanelArrangement, notices: Notices) -> None:
        self._shown, self._panels, self._notices = shown, panels, notices

    def move_time(self, by: int) -> None:
        view = self._shown.seen
        self._shown.show_view(replace(view, t=max(0, min(view.frame.length - 1, view.t + by))))

    def move_unit(self, by: int) -> None:
        view = self._shown.seen
        order = units_in_order(view)
        self._shown.show_view(replace(view, unit=order[(order.index(view.unit) + by) % len(order)]))

    def toggle_unit_table(self) -> None:
        self._panels.show("hidden_state")
        self._shown.show_view(replace(self._shown.seen, unit_table=not self._shown.seen.unit_table))

    def next_lane(self) -> None:
        view = self._shown.seen
        lane = (view.lane + 1) % len(view.frame.lanes)
        unit = min(view.unit, view.frame.lanes[lane].hidden.shape[1] - 1)
        self._shown.show_view(replace(view, lane=lane, unit=unit))

    def next_state(self) -> None:
        view = self._shown.seen
        names = [*view.shown.states, SENT_BACK]
        shown = SENT_BACK if view.wanted == SENT_BACK else view.state
        self._shown.show_view(replace(view, wanted=names[(names.index(shown) + 1) % len(names)]))

    def next_compared(self) -> None:
        """Show the lanes with the interventions, without them, or the difference."""
        view = self._shown.seen
        if not view.frame.what_if:
            self._notices.refuse(view.keys.say("there is nothing to compare; {lens.menu} asks what if"))
            return
        following = COMPARED[(COMPARED.index(view.compared) + 1) % len(COMPARED)]
        self._shown.show_view(replace(view, compared=following))

    def next_drawing(self) -> None:
        view = self._shown.seen
        if view.frame.task.predicts_numbers:
            following = DRAWINGS[(DRAWINGS.index(view.drawing) + 1) % len(DRAWINGS)]
            self._shown.show_view(replace(view, drawing=following))
            self._panels.arrange()
        else:
            self._notices.refuse("only forecasts of numbers can be drawn over the true values")

    def toggle_log(self) -> None:
        self._shown.show_view(replace(self._shown.seen, log=not self._shown.seen.log))

    def toggle_norms(self) -> None:
        self._panels.show("loss")
        self._shown.show_view(replace(self._shown.seen, norms=not self._shown.seen.norms))

    def go_to(self, place: TimeClicked) -> None:
        view = self._shown.seen
        self._shown.show_view(replace(view, t=place.t, unit=view.unit if place.unit is None else place.unit))

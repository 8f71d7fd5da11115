"""The loss panel: every lane's training loss over the steps, with its floor."""

from textual.content import Content

from rnn_tui.ui.panels.panel import Panel
from rnn_tui.ui.view import View


class LossPanel(Panel):
    number, heading = 4, "loss"

    def __init__(self) -> None:
        super().__init__()
        self._skipped = False

    def on_mount(self) -> None:
        super().on_mount()
        self.call_after_refresh(self._mount_chart)

    async def _mount_chart(self) -> None:
        """After the first frame, which would be late if it had to wait for the plotting library."""
        from rnn_tui.ui.widgets.chart import LossChart

        await self.mount(LossChart())
        self.redraw()

    def show(self, view: View, before: View | None) -> None:
        if before is not None and before.frame is view.frame and before.log == view.log:
            return
        # a redraw costs some 20 ms: while playing every second frame is enough
        self._skipped = view.playing and before is not None and not self._skipped
        if self._skipped:
            return
        if not self.children:
            return
        from rnn_tui.ui.widgets.chart import Curve, LossChart

        frame, colours = view.frame, self.colours
        self.title(f"step · {frame.task.loss.unit or 'squared error'}, {'log' if view.log else 'linear'} (y)")
        legend = [(f"  ━ {lane.label}", colours.lane(i)) for i, lane in enumerate(frame.lanes)]
        floors = "  ╌ floor" if any(lane.floor is not None for lane in frame.lanes) else ""
        self.border_title = Content.assemble((f"{self.number} ", "dim"), self.heading, *legend, (floors, "dim"))
        curves = [
            Curve(lane.losses, frame.step, colours.lane(i), None if lane.floor is None else lane.floor.loss)
            for i, lane in enumerate(frame.lanes)
        ]
        self.query_one(LossChart).show(curves, view.log, colours.muted)

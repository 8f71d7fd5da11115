"""Lines above and below the panels: the title and the question, tabs, a sentence, the state, and a hint."""

from collections.abc import Sequence, Set

from rich.cells import cell_len
from textual.content import Content
from textual.events import MouseMove
from textual.reactive import var

from rnn_tui.session.frame import Demand, Frame
from rnn_tui.ui.panels.comparison_sentence import can_tell, luck, proposal, sentence
from rnn_tui.ui.panels.declaration import LEARN, REMEMBER, PanelDeclaration
from rnn_tui.ui.panels.view_state import ViewState
from rnn_tui.ui.panels.what_if_choices import applied_text, lens_text
from rnn_tui.ui.render.terminal_capabilities import canvas_of, palette_of
from rnn_tui.ui.widgets.explained_words import explanation_at
from rnn_tui.ui.widgets.text_widgets import BETWEEN, TextLine, clickable, rows_of_text, shortened_to, shortenings

PROGRAM = " rnn-tui "
LEAST_TITLE = 12  # columns of the title beside what the lens shows
NORMAL = 80  # columns from which all pages are named; with fewer, the page to which the key leads


class Headline(TextLine):
    """The title and the question of the preset, and the pages."""

    view: var[ViewState | None] = var(None, init=False)

    def on_mount(self) -> None:
        self.auto_links = False  # the colors mark the current page

    def watch_view(self, _: ViewState | None, view: ViewState | None) -> None:
        if view is None:
            return
        colors = palette_of(self.app)
        pages = self._pages(view)
        room = self.size.width - len(PROGRAM) - pages.cell_length - 2
        seen = canvas_of(self.app).spell(lens_told(view, room - LEAST_TITLE))
        applied = applied_text(view.frame.preset)
        changed = view.edits if view.edits == applied else f"changed: {view.edits}"
        title, question = headline(view, room)
        question = "" if seen else question
        self.say(
            self._with_pages(
                pages,
                (PROGRAM, f"bold {colors.text}"),
                (shortened_to(title, max(0, room - cell_len(seen) - 2)) if seen else title,
                 "" if view.edits else "bold"),
                (" *" if view.unsaved and not view.edits else "", "bold"),
                *([(" ", ""), (f" {seen} ", f"bold reverse {colors.text}")] if seen else []),
                (f" ({changed})" if view.edits else f" ({applied})" if applied else "", "bold"),
                "  ",
                (question, f"{colors.muted}{' dim' if view.edits else ''}"),
            )
        )  # fmt: skip

    def _pages(self, view: ViewState) -> Content:
        """Return the key that turns the page, and the names of the pages, the current one marked; or the other one."""
        colors, key = palette_of(self.app), view.keys.printed("look.page")
        names = [(f" {name} ", f"bold {colors.text} on {colors.cursor}" if name == view.page else colors.muted)
                 for name in (LEARN, REMEMBER) if self.size.width >= NORMAL or name != view.page]  # fmt: skip
        return Content.assemble((f"{key}:", colors.muted), *names).stylize(clickable("page"))

    def _with_pages(self, pages: Content, *parts: tuple[str, str] | str) -> Content:
        """Return the parts, and the pages at the right, if there is room for them."""
        line = Content.assemble(*parts)
        room = self.size.width - line.cell_length - pages.cell_length
        return Content.assemble(line, " " * room, pages) if room > 0 else line

    def on_resize(self) -> None:
        self.watch_view(None, self.view)


class SentenceStrip(TextLine):
    """The sentence of the comparison while its panel is not visible, and the proposal of the next preset."""

    view: var[ViewState | None] = var(None, init=False)

    def show(self, rows: int) -> None:
        """Take this number of rows; none: the panel is visible."""
        self.display = rows > 0
        self.styles.height = max(1, rows)

    @property
    def demands(self) -> Demand:
        """What the sentence needs of a frame."""
        altered = self.view.needs_altered if self.view else Demand.NOTHING
        return Demand.SCORE | altered if self.display else Demand.NOTHING

    def watch_view(self) -> None:
        if self.view is None or not (self.display and self.size and can_tell(self.view)):
            return
        colors, canvas = palette_of(self.app), canvas_of(self.app)
        (width, rows), view = self.size, self.view
        lucky = luck(view, colors, canvas, width, rows - 1)
        said = sentence(view, colors, canvas, width, rows - (rows_of_text(lucky, width) if lucky else 0))
        said = Content("\n").join([said, lucky]) if lucky else said
        offered = proposal(view, colors, canvas, width, rows - rows_of_text(said, width))
        self.say(Content("\n").join([said, offered]) if offered else said)

    def on_resize(self) -> None:
        self.watch_view()

    def on_show(self) -> None:
        self.watch_view()


class StatusLine(TextLine):
    """The step, the pace, and a hint."""

    view: var[ViewState | None] = var(None, init=False)

    def watch_view(self) -> None:
        if self.view is not None:
            self.say(self._fitted(self.view))

    def on_resize(self) -> None:
        self.watch_view()

    def on_mouse_move(self, event: MouseMove) -> None:
        self.tooltip = explanation_at(event)

    def _fitted(self, view: ViewState) -> Content:
        """Return as much of the line as fits: while playing, the hint is shortened before the pace is dropped,
        and everything else before the mark of new findings."""
        notice, pace = view.frame.notice, pace_text(view)
        whole = f"{view.keys.printed('run.back')}: back · {notice}" if notice else canvas_of(self.app).spell(hint(view))
        shorter = [whole] if notice else shortenings(whole)
        seeds = view.keys.say(view.seed_progress)
        both = f"{pace} · {seeds}" if seeds else pace
        useful = both if view.playing else seeds
        line = Content()
        tries = [(useful, said) for said in shorter] + [(seeds, said) for said in (*shorter, "") if seeds]
        marks = [view.keys.say(mark_text(said)) for said in (view.mark, "")] if view.mark else [""]
        for mark in marks:
            for speed, said in ((both, whole), *tries, ("", shorter[-1])):
                line = self._line(view, mark, speed, said)
                if line.cell_length <= self.size.width:
                    return line
        return line

    def _line(self, view: ViewState, mark: str, pace: str, said: str) -> Content:
        colors = palette_of(self.app)
        return Content.assemble(
            (
                " ▶ playing " if view.playing else " ■ paused ",
                f"bold {colors.text if view.playing else colors.muted}",
            ),
            (step_text(view.frame), "bold"),
            (f"  {mark}" if mark else "", f"bold {colors.text}"),
            (f"  {pace}  " if pace else "  ", colors.muted),
            (said, colors.wrong if view.frame.notice else colors.text),
        )


def lens_told(view: ViewState, room: int) -> str:
    """Return what the lens shows, in at most ``room`` columns: the interventions, and that the sequence is typed."""
    shown = {"with": "", "without": " (now without)", "difference": " (now the difference)"}[view.compared]
    lens = lens_text(view)
    parts = [f"{lens}{shown}" if lens else "", "your sequence" if view.frame.own else ""]
    return shortened_to(BETWEEN.join(filter(None, parts)), max(LEAST_TITLE, room))


def headline(view: ViewState, width: int) -> tuple[str, str]:
    """Return the title, and as many words of the question as fit beside it.

    Of a preset with changed settings, the question says that it is the original one, if it fits at all.
    """
    preset = view.frame.preset
    title = preset.title or view.name
    room = width - cell_len(title) - 2
    if not view.edits:
        return title, shortened_to(preset.question, room - (2 if view.unsaved else 0))
    asked = f"originally: {preset.question}"
    fits = preset.question and cell_len(f" (changed: {view.edits}){asked}") <= room
    return title, asked if fits else ""


def step_text(frame: Frame) -> str:
    ahead = f" of {frame.last_step:,}" if frame.last_step > frame.step else ""
    falling = f"  lr {frame.learning_rate:.2g}" if frame.preset.training.schedule != "constant" else ""
    return f"step {frame.step:,}{ahead}{falling}"


def mark_text(said: str) -> str:
    """Return the mark of new findings, with the key that lists them."""
    return f"! {{run.findings}}: {said}" if said else "! {run.findings}"


def pace_text(view: ViewState) -> str:
    """Return the pace, and while playing the present one, or why there is none yet."""
    wanted = f"{view.pace}/s" if view.pace else "max"
    if not view.playing:
        return f"pace {wanted}"
    if view.frame.preset.training.engine == "compiled" and not view.frame.last_step:
        return f"pace {wanted}, compiling the time loops"
    return f"pace {wanted}, now {view.rate:,.0f}/s"


def hint(view: ViewState) -> str:
    """Return which key to press next."""
    back = "{run.call_off}: the sweep · " if view.of_sweep and view.goal is None else ""
    return view.keys.say(back) + _hint(view)


def _hint(view: ViewState) -> str:
    frame, say = view.frame, view.keys.say
    if view.goal is not None:
        return say(f"going to step {view.goal:,} · {{run.call_off}}: stop here")
    if view.hint:
        return say(view.hint)
    if view.playing:
        return say("{run.play} pauses · {run.slower} {run.faster} slower, faster")
    if frame.undecided:
        later = frame.undecided.last_step - frame.undecided.since
        return say(f"{{run.play}} asks whether to keep or discard the {later:,} later steps")
    if frame.step == 0 and view.t == 0 and view.offer:
        return f"{say('{run.play} trains · {file.last}')}: {view.offer} · {say('{app.help} help')}"
    if frame.step == 0 and view.t == 0:
        return say("{run.play} trains · {look.later} goes through time · {app.help} help")
    if frame.step == 0 and view.t == frame.length - 1:
        return say("{run.play} trains · {look.earlier} previous time step · {app.help} help")
    if frame.step == 0:
        return say("{look.later} next time step · {run.play} trains · {app.help} help")
    if frame.step < frame.last_step:
        return say("{run.jump_back} {run.jump_on} {run.step} {run.back}: history · {run.play} replays it")
    if view.successor is not None:
        return say(f"{{file.pick}} opens the next preset, {view.successor.name} · {{run.play}} continues")
    return say(
        "{run.play} continues · {lens.menu} asks what if · {run.back} goes back · {file.pick} opens another preset"
    )


class PanelTabs(TextLine):
    """Tabs of the panels, shown if not all panels fit; a number shows its panel."""

    def on_mount(self) -> None:
        self.auto_links = False  # the colors mark the visible panels

    def show(
        self, panels: Sequence[PanelDeclaration], active: str, visible: Set[str], width: int, unzoom: str = ""
    ) -> None:
        """Show the tabs.

        Args:
            visible: names of the visible panels; empty: no tabs are needed.
            width: columns; if there are few, panels that are not visible have only their number.
            unzoom: how to leave the zoom; empty without a zoom.
        """
        self.display = bool(visible)
        colors = palette_of(self.app)
        looks = dict.fromkeys(visible, colors.text) | {active: f"bold {colors.text} on {colors.cursor}"}
        whole = [f"{panel.number} {panel.tab or panel.title}" for panel in panels]
        short = [text if panel.name in looks else f"{panel.number}" for text, panel in zip(whole, panels, strict=True)]
        room = width - (2 + cell_len(unzoom) if unzoom else 0)
        texts = whole if sum(1 + cell_len(text) for text in whole) <= room else short
        parts = [
            Content.styled(text, looks.get(panel.name, colors.muted)).stylize(clickable(f"panel('{panel.name}')"))
            for text, panel in zip(texts, panels, strict=True)
        ]
        line = Content.assemble(*(piece for part in parts for piece in (" ", part)))
        room = width - line.cell_length - cell_len(unzoom) - 1
        self.say(Content.assemble(line, " " * room, (unzoom, colors.muted)) if unzoom and room > 0 else line)

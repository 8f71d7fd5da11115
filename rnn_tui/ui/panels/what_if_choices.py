"""What the menu of interventions offers at the cursor, in words."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from rnn_tui.interventions import INTERVENTIONS, SpellingError, Target, spelled
from rnn_tui.interventions.base import Offer, Place, Spelling
from rnn_tui.presets.preset import Preset
from rnn_tui.session.what_if import LaneIntervention, parsed_text, problems_of
from rnn_tui.ui.panels.view_state import ViewState

GROUPS = {"input": "the input", "state": "the state", "weights": "the weights", "learning": "learning, from now on"}
EVERY_UNIT, EVERY_RESET, TYPED, OWN = "silence", "reset", "typed", "own"  # choices that are no intervention


@dataclass(frozen=True)
class Choice:
    """A line of the menu.

    Attributes:
        offer: what it does.
        group: what it acts on, as a key of GROUPS; empty: it is no intervention.
        one: the intervention; None if the user types the rest.
        lane: the lane on which it acts; None: all.
        problem: why it cannot act; empty if it can.
        is_on: whether the lens has it already.
    """

    offer: Offer
    group: str = ""
    one: LaneIntervention | None = None
    lane: int | None = None
    problem: str = ""
    is_on: bool = False


OTHERS = (
    Choice(Offer("Something else …", TYPED, "e", typed=True)),
    Choice(Offer("Let the nets read a sequence of your own …", OWN, "y")),
    Choice(Offer("Silence every unit in turn: which one carries it?", EVERY_UNIT, "u")),
    Choice(Offer("Reset the state before every time step in turn", EVERY_RESET, "v")),
)


def targets_of(view: ViewState) -> list[Target]:
    """Return the lanes as what interventions act on; without the nets in the frame, with only the probe of x."""
    frame, found = view.frame, []
    probe = frame.inputs[..., None]
    for lane in frame.lanes:
        x = probe if lane.trained is None else lane.trained.held_out.x
        own = probe if frame.own else None
        found.append(replace(lane.settings.target(frame.task), x=x, own=own))
    return found


def choices(view: ViewState) -> list[Choice]:
    """Return the interventions that the menu offers at the cursor, in the order of their kinds."""
    target, lane = targets_of(view)[view.lane], view.lane if len(view.frame.lanes) > 1 else None
    value = float(view.shown.hidden[view.t, view.unit])
    place, found = Place(view.unit, view.t, value, view.state), []
    for kind in INTERVENTIONS:
        on = None if kind.on == "input" else lane
        for offer in kind.offers(target, place):
            if offer.typed:
                example = kind.spelled(Spelling.of(kind.example.partition(" or ")[0]))
                problem = target.no_state if example.problem(target) == target.no_state else ""
                found.append(Choice(offer, kind.on, None, on, problem))
                continue
            one = LaneIntervention(spelled(offer.spelling), on)
            problem = one.intervention.problem(target)
            found.append(Choice(offer, kind.on, one, on, problem, one in view.frame.what_if))
    return found


def heading(view: ViewState) -> str:
    """Return where the menu acts."""
    lane = f" in {view.shown.label}" if len(view.frame.lanes) > 1 else ""
    return f"What if … at u{view.unit}, t = {view.t}{lane}"


def checked(text: str, view: ViewState, lane: int | None) -> tuple[LaneIntervention | None, str]:
    """Return the intervention that a typed text spells, and why it cannot act; one of both.

    ``lane``: on which it acts unless the text says it.
    """
    names = view.frame.preset.names
    try:
        one = parsed_text(text.strip(), names)
    except SpellingError as error:
        return None, str(error)
    targets = targets_of(view)
    if one.lane is None and lane is not None and one.intervention.on != "input":
        here = LaneIntervention(one.intervention, lane)
        if not problems_of(here, targets, names):
            one = here
    problems = problems_of(one, targets, names)
    return (None, "; ".join(problems)) if problems else (one, "")


def examples(text: str) -> list[tuple[str, str]]:
    """Return spellings with what they do: of the kind that a text begins to spell, or of all."""
    name = text.strip().partition(":")[0].partition("=")[0].rstrip("+-")
    kinds = [kind for kind in INTERVENTIONS if name and (kind.takes(name) or kind.name.startswith(name))]
    return [(kind.example, kind.about) for kind in kinds or INTERVENTIONS]


def completed(text: str) -> list[str]:
    """Return the names of kinds, as far as they are typed."""
    return [kind.name for kind in INTERVENTIONS if kind.name.startswith(text.strip())]


# What is on, in words.


def lens_text(view: ViewState) -> str:
    """Return the interventions of the lens: ``what if: u3 silenced, x_7 = 0``; empty if there are none."""
    names = view.frame.preset.names
    said = ", ".join(one.said(names) for one in view.frame.what_if)
    return f"what if: {said}" if said else ""


def applied_text(preset: Preset) -> str:
    """Return the interventions that training goes on with: ``applied: recurrence cut in RNN``; empty if none."""
    several = len(preset.lanes) > 1
    said = [
        spelled(text).said + (f" in {name}" if several else "")
        for name, lane in zip(preset.names, preset.lanes, strict=True)
        for text in lane.interventions
    ]
    return f"applied: {', '.join(said)}" if said else ""


def acting(view: ViewState, lane: int) -> Sequence[str]:
    """Return what has been done to a lane, in words."""
    altered = view.frame.lanes[lane].altered
    return () if altered is None else [each.said for each in altered.interventions]

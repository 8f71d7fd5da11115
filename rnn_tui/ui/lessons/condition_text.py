"""What a page waits for, in words."""

from collections.abc import Sequence

from rnn_tui.interventions import INTERVENTIONS, spelled
from rnn_tui.number_format import brief
from rnn_tui.ui.input.bindings import named
from rnn_tui.ui.lessons.conditions import NONE, ActionCount, Comparison, Condition, InterventionShown
from rnn_tui.ui.lessons.quantities import Quantity, Situation
from rnn_tui.ui.panels.registry import declarations

SIGNS = {"<=": "≤", ">=": "≥", "!=": "≠"}
WORDS = {
    "held_out": "held-out loss", "best": "best held-out loss", "norm": "gradient norm", "cursor.t": "t",
    "cursor.unit": "unit", "cursor.lane": "lane", "lanes.count": "number of lanes",
}  # fmt: skip


def waiting_text(conditions: Sequence[Condition], at: Situation) -> str:
    """Return what is still missing: ``RNN held-out loss < 0.1, now 0.34``."""
    return " · ".join(_text(each, at) for each in conditions if not each.holds(at))


def _text(condition: Condition, at: Situation) -> str:
    if isinstance(condition, Comparison):
        if condition.left.name == "panel" and condition.operator == "=" and isinstance(condition.right, str):
            return _panel_text(condition.right)
        right = condition.right
        bound = (
            quantity_text(right) if isinstance(right, Quantity) else right if isinstance(right, str) else brief(right)
        )
        if condition.offset:
            bound += f" {'+' if condition.offset > 0 else '−'} {brief(abs(condition.offset))}"
        sign = SIGNS.get(condition.operator, condition.operator)
        now = "" if condition.left.read(at) is None else f", now {condition.left.text(at)}"
        return f"{quantity_text(condition.left)} {sign} {bound}{now}"
    if isinstance(condition, ActionCount):
        count = condition.progress(at)
        return f"{named()[condition.name].description} ({at.view.keys.printed(condition.name)})" + (
            f", {count} times" if count else ""
        )
    if isinstance(condition, InterventionShown):
        if condition.text == NONE:
            return f"no what if ({at.view.keys.printed('lens.clear')} clears)"
        if condition.is_present(at):
            return f"no other what if ({at.view.keys.printed('lens.clear')} clears all)"
        kind = condition.text in (each.name for each in INTERVENTIONS)
        return f"a what if of the kind {condition.text}" if kind else f'the what if "{spelled(condition.text).said}"'
    return condition.progress(at)


def _panel_text(name: str) -> str:
    panel = next(each for each in declarations() if each.name == name)
    return f"panel {panel.number}, {panel.title}"


def quantity_text(quantity: Quantity) -> str:
    """Return the name of a quantity in words: ``RNN held-out loss`` for lanes.RNN.held_out."""
    if quantity.name in WORDS:
        return WORDS[quantity.name]
    head, *way = quantity.name.split(".")
    if not way:
        return head
    *owner, key = way if head == "lanes" else way[-1:]
    return " ".join([*owner, WORDS.get(key, key.replace("_", " "))])

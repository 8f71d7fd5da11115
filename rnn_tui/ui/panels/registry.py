"""Registry of all panels, in the order of their numbers; a panel is registered only here."""

from rnn_tui.ui.input import bindings
from rnn_tui.ui.panels.base import Panel
from rnn_tui.ui.panels.comparison import ComparisonPanel
from rnn_tui.ui.panels.controls import ControlsPanel
from rnn_tui.ui.panels.declaration import PanelDeclaration
from rnn_tui.ui.panels.dynamics import DynamicsPanel
from rnn_tui.ui.panels.equation import EquationPanel
from rnn_tui.ui.panels.gradient import GradientPanel
from rnn_tui.ui.panels.hidden_state import HiddenStatePanel
from rnn_tui.ui.panels.loss import LossPanel
from rnn_tui.ui.panels.memory import MemoryPanel
from rnn_tui.ui.panels.sequence import SequencePanel

PANELS: list[type[Panel]] = []


def register(kind: type[Panel]) -> None:
    """Add a panel with its number key to the lab; call this before the lab's screen is imported.

    Raises:
        ValueError: if its number is not from 1 to 12, or another panel has its name or number.
    """
    new = kind.declaration
    if new.number not in range(1, 13):
        raise ValueError(f"{new.name}, {new.number}: the number must be from 1 to 12, because a key goes to the panel")
    for known in declarations():
        if new.name == known.name or new.number == known.number:
            raise ValueError(f"{new.name}, {new.number}: panel {known.name}, {known.number} has this name or number")
    PANELS.append(kind)
    PANELS.sort(key=lambda panel: panel.declaration.number)
    bindings.add_panel(bindings.PanelKeys(new.number, new.name, new.title, new.keys))


def declarations() -> tuple[PanelDeclaration, ...]:
    return tuple(panel.declaration for panel in PANELS)


register(ControlsPanel)
register(SequencePanel)
register(HiddenStatePanel)
register(LossPanel)
register(ComparisonPanel)
register(EquationPanel)
register(MemoryPanel)
register(GradientPanel)
register(DynamicsPanel)

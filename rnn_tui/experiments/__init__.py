"""Experiments without a screen: training, sweeps, and the setup of processes that train.

For notebooks and scripts: ``from rnn_tui.experiments import sweep, read_results``.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rnn_tui.experiments.sweep_results import read_results
    from rnn_tui.experiments.sweep_run import sweep

__all__ = ["read_results", "sweep"]


def __getattr__(name: str) -> Any:
    """Load what a notebook imports from here only then: the lab and the commands do not need it."""
    if name == "sweep":
        from rnn_tui.experiments.sweep_run import sweep

        return sweep
    if name == "read_results":
        from rnn_tui.experiments.sweep_results import read_results

        return read_results
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")

"""The implementations of one update that engine.py compares, one in each file.

All train the same net from the same weights on the same data, on one thread.  To add one, write a subclass of ``Rival``
and enter it in ``KNOWN``.
"""

from dataclasses import dataclass
from importlib import import_module

from rivals.rival import Rival


@dataclass(frozen=True)
class Known:
    """A rival: its title in tables, its module and class, the packages that it needs, and the cells that it has."""

    title: str
    module: str
    kind: str
    needs: str = ""
    cells: tuple[str, ...] = ("rnn", "gru", "lstm")


KNOWN = {
    "torch": Known("PyTorch", "eager_torch", "EagerTorch", "torch"),
    "torch.compile": Known("torch.compile", "compiled_torch", "CompiledTorch", "torch"),
    "jax": Known("JAX", "jitted_jax", "JittedJax", "jax optax"),
    "gist": Known("per-step NumPy", "per_time_step", "PerTimeStep", cells=("rnn",)),
}


def installed(names: list[str]) -> tuple[dict[str, type[Rival]], list[str]]:
    """Return the classes of the rivals that can be imported, and a sentence for each one that cannot."""
    found, missing = {}, []
    for name in names:
        known = KNOWN[name]
        try:
            found[name] = getattr(import_module(f"rivals.{known.module}"), known.kind)
        except ImportError:
            missing.append(f"Without {known.title}, which is not installed (pip install {known.needs}).")
    return found, missing

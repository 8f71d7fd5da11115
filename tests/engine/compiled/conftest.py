"""The compiled functions as the Python that they are written in: to compile them takes seconds."""

import sys

import numba
import pytest

PACKAGE = "rnn_tui.engine.compiled."


def modules():
    return [name for name in sys.modules if name.startswith(PACKAGE)]


@pytest.fixture
def in_python(monkeypatch):
    """Load the modules without the compiler; later tests load them anew."""
    monkeypatch.setattr(numba.config, "DISABLE_JIT", True)
    for name in modules():
        monkeypatch.delitem(sys.modules, name)
    yield
    for name in modules():
        del sys.modules[name]

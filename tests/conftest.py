import pytest
from hypothesis import settings

import rnn_tui  # noqa: F401  says how many BLAS threads there are, before anybody loads NumPy

settings.register_profile("rnn-tui", deadline=None)
settings.load_profile("rnn-tui")


@pytest.fixture(autouse=True)
def home(tmp_path_factory, monkeypatch):
    """The user's own folder, for one test: none reads or writes the real one."""
    folder = tmp_path_factory.mktemp("home")
    monkeypatch.setenv("RNN_TUI_HOME", str(folder))
    return folder


class Clock:
    """Stands still until ``now`` is set."""

    now = 100.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()

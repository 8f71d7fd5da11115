"""How much memory is left, by whatever limits it."""

import resource

import pytest

from rnn_tui.errors import PresetError
from rnn_tui.presets import available_memory
from rnn_tui.presets.store import find, load
from rnn_tui.session.session import Session


@pytest.fixture
def machine(tmp_path, monkeypatch):
    """Files of a machine's kernel, by their paths."""
    monkeypatch.setattr(available_memory, "PROC", tmp_path / "proc")
    monkeypatch.setattr(available_memory, "CGROUPS", tmp_path / "cgroup")
    monkeypatch.setattr(resource, "getrlimit", lambda _: (resource.RLIM_INFINITY,) * 2)

    def write(**files):
        for name, text in files.items():
            path = tmp_path / name.replace("__", "/")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)

    return write


def test_the_least_that_any_limit_leaves_counts(machine, tmp_path, monkeypatch):
    assert available_memory.available() is None
    machine(proc__meminfo="MemTotal: 9 kB\nMemAvailable:   8000 kB\n")
    assert available_memory.available() == 8000 * 1024
    machine(proc__self__cgroup="0::/a/b\n", cgroup__a__b__x="")
    for name, text in {"memory.max": "5000000", "memory.current": "1500000"}.items():
        (tmp_path / "cgroup" / "a" / name).write_text(text)
    (tmp_path / "cgroup" / "a" / "b" / "memory.max").write_text("max")
    assert available_memory.available() == 3_500_000
    (tmp_path / "cgroup" / "a" / "memory.stat").write_text("active_file 1\ninactive_file 500000\n")
    assert available_memory.available() == 4_000_000
    machine(proc__self__statm="100 50 1\n")
    monkeypatch.setattr(resource, "getrlimit", lambda _: (1_000_000, 1_000_000))
    assert available_memory.available() == 1_000_000 - 100 * resource.getpagesize()


def test_settings_that_need_more_are_refused_before_it_is_asked_for_and_nothing_is_lost(monkeypatch):
    session = Session(load(find("echo")).preset)
    session.forward(3)
    monkeypatch.setattr(available_memory, "available", lambda: 20 * 2**20)
    large = {"training.batch_size": 1024, "lanes.0.hidden_size": 64}
    with pytest.raises(PresetError, match=r"with training\.batch_size 1024 and a hidden_size of 64 the buffers need"):
        session.change(large)
    assert (session.step, session.preset.training.batch_size, session.can_undo) == (3, 16, False)
    session.change({"training.learning_rate": 0.1})
    with pytest.raises(PresetError, match="are free; reduce one of them"):
        Session(load(find("echo"), large).preset)

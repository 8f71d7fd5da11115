import gc
import os
import signal
import sys
from collections import Counter
from importlib.util import find_spec
from itertools import count

import pytest
from hypothesis import settings

from rnn_tui.experiments.blas_threads import limit_blas_threads
from rnn_tui.experiments.worker_pool import cores

# what the background of a shell ignores, the programs under test would ignore too
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)
if hasattr(signal, "SIGQUIT") and signal.getsignal(signal.SIGQUIT) is signal.SIG_IGN:
    signal.signal(signal.SIGQUIT, signal.SIG_DFL)

limit_blas_threads()  # as in every program that trains

# the tests and the hundred programs that they start are compiled once, which takes longer than most tests
sys.dont_write_bytecode = False
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

# .ci/run tries a hundred, hypothesis's own default
settings.register_profile("rnn-tui", deadline=None, max_examples=int(os.environ.get("EXAMPLES", "30")))
settings.load_profile("rnn-tui")

IN_CI = os.environ.get("CI") == "true"
TORCH = find_spec("torch") is not None
collect_ignore = [] if TORCH else ["engine/test_torch.py"]


class FromTheEnd(pytest.Dir):
    """A folder that is collected from its last file to its first."""

    def collect(self):
        return reversed(list(super().collect()))


def pytest_collect_directory(path, parent):
    """Let every other worker begin with the last file.  So none compiles what another has compiled already."""
    odd = os.environ.get("PYTEST_XDIST_WORKER", "gw0")[-1] in "13579"
    return FromTheEnd.from_parent(parent, path=path) if odd else None


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers():
    """Return one worker more than there are cores: tests wait for terminals and other processes a fifth of the time."""
    return cores() + 1


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config, items):
    """Bring the tests into one order, mark what draws, and without PyTorch leave out the tests that ask it directly.

    Files with long tests come first: a worker that begins one at the end would go on alone.
    """
    items.sort(key=lambda item: ("test_headless_lesson" not in item.path.name, "ui" not in item.path.parts, item.path))
    for item in items:
        if "EXAMPLES" in vars(item.module):  # what draws without Hypothesis
            item.add_marker("examples")
    live = [] if TORCH else [item for item in items if "torch" in getattr(item, "fixturenames", ())]
    if live:
        config.hook.pytest_deselected(items=live)
        items[:] = [item for item in items if item not in live]


def pytest_collection_finish():
    """Let the garbage collector look less often, and never at modules and tests: that was a tenth of the time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_terminal_summary(terminalreporter):
    """Say at the very end what was not tested here."""
    yield
    reasons = Counter(report.longrepr[-1] for report in terminalreporter.stats.get("skipped", []))
    for reason, number in sorted(reasons.items()):
        terminalreporter.write_line(f"NOT TESTED: {number} skipped. {reason}", yellow=True, bold=True)
    if not TORCH:
        terminalreporter.write_line(
            "PyTorch is not installed: the tests that ask it directly are left out; its golden numbers stand in for it."
        )


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport():
    return without_skips((yield))


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report():
    return without_skips((yield))


def without_skips(report):
    """The report of a test or a file; in CI (``CI=true``) one that was skipped has failed, and says why it was."""
    if IN_CI and report.skipped and not hasattr(report, "wasxfail"):
        *_, reason = report.longrepr
        report.outcome, report.longrepr = "failed", f"{reason}; with CI=true a skipped test is a failure"
    return report


@pytest.fixture(scope="session")
def homes(tmp_path_factory):
    """New folders, one after the other; ``mktemp`` takes longer than most tests."""
    parent = tmp_path_factory.mktemp("homes")
    return (parent / str(number) for number in count())


@pytest.fixture(autouse=True)
def home(homes, monkeypatch):
    """The user's own folder, for one test: none reads or writes the real one."""
    folder = next(homes)
    folder.mkdir()
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

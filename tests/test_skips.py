"""What becomes of a test that is skipped, in CI and elsewhere."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
FILES = {
    "test_of_a_program.py": 'import pytest\n@pytest.mark.skip("tmux is not installed")\ndef test_it(): pass\n',
    "test_of_a_package.py": 'import pytest\npytest.importorskip("no_such_package")\n',
    "test_that_runs.py": "def test_it(): pass\n",
}
REASONS = ("No module named 'no_such_package'", "tmux is not installed")


@pytest.fixture
def run(tmp_path):
    """Runs the files above, as in CI or not; returns what pytest prints."""
    for name, text in FILES.items():
        (tmp_path / name).write_text(text)
    words = [sys.executable, "-m", "pytest", "-p", "conftest", "-p", "no:cacheprovider", "-p", "no:xdist",
             "--continue-on-collection-errors", "--rootdir", tmp_path, tmp_path]  # fmt: skip

    def printed(ci):
        environment = {**os.environ, "CI": ci, "PYTHONPATH": str(Path(__file__).parent)}
        done = subprocess.run(words, capture_output=True, text=True, check=False, cwd=tmp_path, env=environment)
        return done.stdout

    return printed


def test_in_ci_a_test_or_a_file_that_is_skipped_has_failed_and_one_that_runs_has_not(run):
    printed = run("true")
    assert "1 passed, 2 errors" in printed
    for reason in REASONS:
        assert f"{reason}; with CI=true a skipped test is a failure" in printed


def test_elsewhere_the_last_lines_say_what_was_not_tested_and_why(run):
    *lines, result = run("false").splitlines()
    assert "1 passed, 2 skipped" in result
    said = [line for line in lines[-3:] if line.startswith("NOT TESTED: 1 skipped. ")]
    assert all(reason in line for line, reason in zip(said, REASONS, strict=True))


def test_the_command_that_checks_a_change_runs_as_in_ci():
    assert re.search(r"^export .*\bCI=true\b", (ROOT / ".ci" / "run").read_text(), re.MULTILINE)

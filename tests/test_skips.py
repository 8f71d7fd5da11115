"""What becomes of a test that is skipped in CI."""

import os
import subprocess
import sys
from pathlib import Path

FILES = {
    "test_of_a_program.py": 'import pytest\n@pytest.mark.skip("tmux is not installed")\ndef test_it(): pass\n',
    "test_of_a_package.py": 'import pytest\npytest.importorskip("no_such_package")\n',
    "test_that_runs.py": "def test_it(): pass\n",
}


def test_in_ci_a_test_or_a_file_that_is_skipped_has_failed_and_one_that_runs_has_not(tmp_path):
    for name, text in FILES.items():
        (tmp_path / name).write_text(text)
    words = [sys.executable, "-m", "pytest", "-p", "conftest", "-p", "no:cacheprovider", "-p", "no:xdist",
             "--continue-on-collection-errors", "--rootdir", tmp_path, tmp_path]  # fmt: skip
    environment = {**os.environ, "CI": "true", "PYTHONPATH": str(Path(__file__).parent)}
    done = subprocess.run(words, capture_output=True, text=True, check=False, cwd=tmp_path, env=environment)
    assert "1 passed, 2 errors" in done.stdout
    for reason in ("tmux is not installed", "No module named 'no_such_package'"):
        assert f"{reason}; with CI=true a skipped test is a failure" in done.stdout

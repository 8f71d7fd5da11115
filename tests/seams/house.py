"""A copy of the program to which something is added as a recipe says, and what then is tried in it.

The copy is made for one test and thrown away: what a test adds, no other test sees.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
SEAMS = Path(__file__).parent
COPIED = ("rnn_tui", "presets")


class House:
    """``rnn_tui`` and ``presets`` in a folder of their own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        for name in COPIED:
            shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))

    def add(self, source: str, path: str) -> None:
        """A file of its own: ``source``, beside this one, becomes ``path``."""
        shutil.copyfile(SEAMS / source, self.folder / path)

    def enter(self, path: str, before: str, *lines: str) -> None:
        """Lines in a file that is there, each with its line end, in front of the one place that begins with
        ``before``.
        """
        file = self.folder / path
        text = file.read_text(encoding="utf-8")
        assert text.count(before) == 1, f"{path} has {text.count(before)} of {before!r}"
        file.write_text(text.replace(before, "".join(lines) + before), encoding="utf-8")

    def replace(self, path: str, words: dict[str, str]) -> None:
        """Other words in a file, each of them there."""
        file = self.folder / path
        text = file.read_text(encoding="utf-8")
        for old, new in words.items():
            assert old in text
            text = text.replace(old, new)
        file.write_text(text, encoding="utf-8")

    def append(self, source: str, path: str) -> None:
        """An entry in a file that is there: ``source`` without its imports, at its end."""
        _, _, entry = (SEAMS / source).read_text(encoding="utf-8").partition("\n\n\n")
        with (self.folder / path).open("a", encoding="utf-8") as file:
            file.write(f"\n\n{entry}")

    def touched(self) -> dict[str, int]:
        """The files that are other than in the original, with the number of lines that were added."""
        found = {}
        for path in sorted(path for name in COPIED for path in (self.folder / name).rglob("*") if path.is_file()):
            relative = path.relative_to(self.folder)
            before = (ROOT / relative).read_bytes() if (ROOT / relative).exists() else b""
            if path.read_bytes() != before:
                found[str(relative)] = path.read_bytes().count(b"\n") - before.count(b"\n")
        return found

    def try_out(self, home: Path, *checks: str) -> None:
        """Run files of checks in an interpreter that imports the copy."""
        words = ["-m", "pytest", "-q", "-o", "addopts=--import-mode=importlib", "-p", "no:cacheprovider"]
        words += ["-c", str(ROOT / "pyproject.toml"), "--rootdir", str(ROOT), *(str(SEAMS / name) for name in checks)]
        environment = {**os.environ, "PYTHONPATH": os.fspath(self.folder), "RNN_TUI_HOME": str(home)}
        environment.pop("PYTEST_XDIST_WORKER", None)
        environment.pop("PYTEST_ADDOPTS", None)
        done = subprocess.run(
            [sys.executable, *words], cwd=self.folder, env=environment, capture_output=True, text=True,
            timeout=300, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stdout + done.stderr

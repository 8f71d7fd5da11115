"""A document that several processes change."""

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from rnn_tui.errors import DataError, RnnTuiError
from rnn_tui.storage import shared_document


def test_without_a_file_it_is_empty_and_a_change_writes_it(tmp_path: Path) -> None:
    path = tmp_path / "new" / "progress.json"
    assert shared_document.read(path) == {}
    assert shared_document.update(path, lambda found: {**found, "é": 1}) == {"é": 1}
    assert shared_document.read(path) == {"é": 1}


def test_changes_at_the_same_time_all_count(tmp_path: Path) -> None:
    path = tmp_path / "progress.json"

    def add(name: str) -> None:
        shared_document.update(path, lambda found: {**found, name: True})

    names = [str(number) for number in range(12)]
    with ThreadPoolExecutor(4) as threads:
        list(threads.map(add, names))
    assert sorted(shared_document.read(path)) == sorted(names)


@pytest.mark.parametrize("text", ["", "{", "[1]", "[" * 100_000])
def test_a_broken_file_is_reported_and_stays_as_it_is(tmp_path: Path, text: str) -> None:
    path = tmp_path / "progress.json"
    path.write_text(text)
    for use in (shared_document.read, lambda path: shared_document.update(path, dict)):
        with pytest.raises(DataError, match=r"progress\.json"):
            use(path)
    assert path.read_text() == text


def test_a_folder_that_cannot_be_written_is_reported(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(RnnTuiError, match=r"cannot be written \(Not a directory\)"):
        shared_document.update(tmp_path / "file" / "progress.json", dict)


def test_the_file_is_plain_json(tmp_path: Path) -> None:
    path = tmp_path / "progress.json"
    shared_document.update(path, lambda _: {"a": [1]})
    assert json.loads(path.read_text(encoding="utf-8")) == {"a": [1]}

"""Find out how much memory the process can still allocate."""

import os
from collections.abc import Iterator
from pathlib import Path

UNLIMITED = 2**60  # bytes; a larger value means no limit
PROC, CGROUPS = Path("/proc"), Path("/sys/fs/cgroup")


def available() -> int | None:
    """Return the bytes that remain under the tightest limit; None if no limit is known."""
    return min((max(0, left) for left in (*_of_the_machine(), *_of_the_process(), *_of_the_group())), default=None)


def _of_the_machine() -> Iterator[int]:
    for line in _read(PROC / "meminfo").splitlines():
        if line.startswith("MemAvailable:"):
            yield int(line.split()[1]) * 1024


def _of_the_process() -> Iterator[int]:
    """Yield the bytes that remain under ``ulimit -v``."""
    try:
        import resource
    except ImportError:  # Windows
        return
    limit, _ = resource.getrlimit(resource.RLIMIT_AS)
    pages = _read(PROC / "self" / "statm").split()
    if limit != resource.RLIM_INFINITY and pages:
        yield limit - int(pages[0]) * os.sysconf("SC_PAGE_SIZE")


def _of_the_group() -> Iterator[int]:
    """Yield the bytes that remain in this control group (a container's) and in each of its parents."""
    for line in _read(PROC / "self" / "cgroup").splitlines():
        _, kinds, path = line.split(":", 2)
        names = ("memory.max", "memory.current") if not kinds else ("memory.limit_in_bytes", "memory.usage_in_bytes")
        if kinds and "memory" not in kinds.split(","):
            continue
        root = CGROUPS / "memory" if kinds else CGROUPS
        inner = root / path.strip("/")
        for folder in (inner, *inner.parents):
            limit, used = (_read(folder / name).strip() for name in names)
            if limit.isdecimal() and used.isdecimal() and int(limit) < UNLIMITED:
                yield int(limit) - int(used) + _given_back(folder)
            if folder == root:
                break


def _given_back(folder: Path) -> int:
    """Return the bytes of cached files, which the group frees when memory is needed."""
    pairs = (line.split() for line in _read(folder / "memory.stat").splitlines())
    return next((int(value) for name, value in pairs if name in ("inactive_file", "total_inactive_file")), 0)


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="ascii", errors="replace")
    except OSError:
        return ""

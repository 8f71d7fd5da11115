"""Standard streams that may be closed, full, or not UTF-8."""

import codecs
import os
import signal
import sys
from collections.abc import Callable
from errno import EBADF, EFBIG, EIO, ENOSPC, EPIPE
from types import FrameType

INTERRUPTED, BROKEN_PIPE = 128 + signal.SIGINT, 128 + 13  # exit codes, as shells have them
UNWRITABLE = {EBADF, EFBIG, EIO, ENOSPC, EPIPE}  # errors of a stream that accepts no more output
SUBSTITUTES, STRICT_ASCII = "rnn-tui", "rnn_tui_ascii"  # names of an error handler and a codec


def prepare() -> None:
    """Replace closed streams, and install substitutes for characters that a stream cannot encode."""
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        if getattr(sys, name) is None:
            _open_nothing(number, name)
    codecs.register_error(SUBSTITUTES, _substitute)
    codecs.register(_strict_ascii)
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            ascii_only = codecs.lookup(stream.encoding).name == "ascii"
            stream.reconfigure(encoding=STRICT_ASCII if ascii_only else None, errors=SUBSTITUTES)


def _strict_ascii(name: str) -> codecs.CodecInfo | None:
    """Return the ASCII codec under another name: click writes UTF-8 to a stream named ASCII."""
    if name != STRICT_ASCII:
        return None
    known = codecs.lookup("ascii")
    return codecs.CodecInfo(
        known.encode, known.decode, known.streamreader, known.streamwriter, known.incrementalencoder,
        known.incrementaldecoder, name,
    )  # fmt: skip


def _open_nothing(number: int, name: str) -> None:
    """Open the null device as a stream, under the closed stream's number, so that no later file gets this number."""
    descriptor = os.open(os.devnull, os.O_RDWR)
    try:
        os.fstat(number)
    except OSError:
        os.dup2(descriptor, number)
        os.close(descriptor)
        descriptor = number
    stream = open(descriptor, "w" if number else "r", encoding="utf-8", closefd=False)  # noqa: SIM115
    setattr(sys, name, stream)
    setattr(sys, f"__{name}__", stream)


def _substitute(error: UnicodeError) -> tuple[str | bytes, int]:
    """Return ASCII of the same width for a character, or the original byte of a file name that is not UTF-8."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    character, after = error.object[error.start], error.start + 1
    if 0xDC80 <= ord(character) <= 0xDCFF:
        return bytes([ord(character) - 0xDC00]), after
    from rnn_tui.ui.render.ascii_filter import plain

    return plain(character), after


def interrupted(_: int, frame: FrameType | None) -> None:
    """Stop at ctrl+c.  Exit at once during an import: some modules turn KeyboardInterrupt into ImportError or ignore
    it.
    """
    while frame:
        if frame.f_code.co_filename.startswith("<frozen importlib"):
            _say("Aborted!")
            os._exit(INTERRUPTED)
        frame = frame.f_back
    raise KeyboardInterrupt


def guarded(run: Callable[[], object]) -> int:
    """Run the program and return its exit code; ctrl+c and output errors end it without a traceback."""
    try:
        code = _code(run)
        sys.stdout.flush()
    except KeyboardInterrupt:
        code = INTERRUPTED
        _say("Aborted!")
    except MemoryError:
        code = 2
        _say("Error: not enough memory")
    except OSError as error:
        if error.errno not in UNWRITABLE or error.filename is not None:
            raise
        code = BROKEN_PIPE if error.errno == EPIPE else 2
        _drop(sys.stdout)
        if error.errno != EPIPE:
            _say(f"Error: the output could not be written ({error.strerror})")
    try:
        sys.stderr.flush()
    except OSError:
        _drop(sys.stderr)
    return code


def _code(run: Callable[[], object]) -> int:
    """Return the exit code of a function that may call ``sys.exit``."""
    try:
        run()
    except SystemExit as end:
        if isinstance(end.code, int | None):
            return end.code or 0
        _say(str(end.code))
        return 1
    return 0


def _say(text: str) -> None:
    try:
        print(text, file=sys.stderr, flush=True)
    except OSError:
        _drop(sys.stderr)


def _drop(stream: object) -> None:
    """Discard what the stream still buffers; otherwise Python tries to write it again at exit."""
    try:
        descriptor = os.open(os.devnull, os.O_WRONLY)
        os.dup2(descriptor, stream.fileno())  # type: ignore[attr-defined]
        os.close(descriptor)
    except (OSError, ValueError):  # a stream in memory has no descriptor
        return

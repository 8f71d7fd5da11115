"""The streams that the program was started with, whatever they are: closed, full, or of another encoding than UTF-8."""

import codecs
import os
import signal
import sys
from collections.abc import Callable
from errno import EBADF, EFBIG, EIO, ENOSPC, EPIPE
from types import FrameType

BROKEN_OFF, BROKEN_PIPE = 128 + signal.SIGINT, 128 + 13  # exit codes, as shells have them
UNWRITABLE = {EBADF, EFBIG, EIO, ENOSPC, EPIPE}  # what a stream that takes no more may say
SUBSTITUTES, STRICT_ASCII = "rnn-tui", "rnn_tui_ascii"  # names of an error handler and of a codec


def prepare() -> None:
    """Stand-ins for streams that are closed, and substitutes for characters that a stream does not have."""
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
    """ASCII by another name: click would write UTF-8 to a stream that is called ASCII."""
    if name != STRICT_ASCII:
        return None
    known = codecs.lookup("ascii")
    return codecs.CodecInfo(
        known.encode, known.decode, known.streamreader, known.streamwriter, known.incrementalencoder,
        known.incrementaldecoder, name,
    )  # fmt: skip


def _open_nothing(number: int, name: str) -> None:
    """What is written is dropped, and no file that is opened later gets the number of the closed stream."""
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
    """ASCII of the same width for one character; of a file name that is not UTF-8, the byte that stands there."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    character, after = error.object[error.start], error.start + 1
    if 0xDC80 <= ord(character) <= 0xDCFF:
        return bytes([ord(character) - 0xDC00]), after
    from rnn_tui.ui.render.ascii_filter import plain

    return plain(character), after


def interrupted(_: int, frame: FrameType | None) -> None:
    """End at ctrl+c.  While a module is loaded it ends at once: some modules make an ImportError of it, or drop it."""
    while frame:
        if frame.f_code.co_filename.startswith("<frozen importlib"):
            _say("Aborted!")
            os._exit(BROKEN_OFF)
        frame = frame.f_back
    raise KeyboardInterrupt


def guarded(run: Callable[[], object]) -> int:
    """The exit code of the program.  What its streams do not take, and ctrl+c, end it without a traceback."""
    try:
        code = _code(run)
        sys.stdout.flush()
    except KeyboardInterrupt:
        code = BROKEN_OFF
        _say("Aborted!")
    except MemoryError:
        code = 2
        _say("Error: there is not enough memory for that")
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
    """Of a program that ends as ``sys.exit`` does."""
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
    """What the stream still holds goes nowhere; at the end Python would try to write it once more."""
    try:
        descriptor = os.open(os.devnull, os.O_WRONLY)
        os.dup2(descriptor, stream.fileno())  # type: ignore[attr-defined]
        os.close(descriptor)
    except (OSError, ValueError):  # a stream in memory
        return

"""The compiler of time loops."""

from collections.abc import Callable, Mapping
from typing import TypeVar, cast

import numba
import numba.extending

Function = TypeVar("Function", bound=Callable[..., object])


def compiled(function: Function) -> Function:
    """Return the function as machine code; it is compiled when it is first called.

    The code is saved beside the source, or in the user's cache if that folder cannot be written; if neither can be
    written, each process compiles again.  Saved code is used until the function's own file changes: after a change in a
    file that it imports, delete ``__pycache__``.  Sums keep the order in which they are written, but a product that is
    added to a sum may be rounded together with it (``contract``), and 1 / 0 is infinite, as in NumPy.
    """
    try:
        return cast(Function, numba.njit(function, error_model="numpy", fastmath={"contract"}, cache=True))
    except RuntimeError:  # no folder can be written
        return cast(Function, numba.njit(function, error_model="numpy", fastmath={"contract"}))


def by_precision(versions: Mapping[str, Function]) -> Function:
    """Return a function of a number: ``versions["float32"]`` or ``versions["float64"]``, by the number's precision."""

    def chosen(x):  # type: ignore[no-untyped-def]
        return versions[x.dtype.name](x)

    numba.extending.overload(chosen, strict=False)(lambda x: versions[x.name])
    return cast(Function, chosen)

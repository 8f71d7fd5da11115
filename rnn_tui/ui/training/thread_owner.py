"""Owner of an object: the only thread that may use it, asserted in debug mode."""

from threading import get_ident


class ThreadOwner:
    """The thread that called ``claim`` last; at first, the object has no owner."""

    def __init__(self) -> None:
        self._thread: int | None = None

    def claim(self) -> None:
        """Make the current thread the owner."""
        self._thread = get_ident()

    def release(self) -> None:
        """Leave the object without an owner."""
        self._thread = None

    @property
    def here(self) -> bool:
        """Return whether the current thread may use the object; ``python -O`` skips ``assert owner.here``."""
        return self._thread in (None, get_ident())

"""Which thread an object belongs to, so that debug mode can assert it."""

from threading import get_ident


class ThreadOwner:
    """Belongs to the thread that has called ``claim`` last, and to nobody before."""

    def __init__(self) -> None:
        self._thread: int | None = None

    def claim(self) -> None:
        """The present thread is the owner from now on."""
        self._thread = get_ident()

    def release(self) -> None:
        """The object belongs to nobody."""
        self._thread = None

    @property
    def here(self) -> bool:
        """Whether the present thread may use the object; ``assert owner.here`` costs nothing under ``python -O``."""
        return self._thread in (None, get_ident())

"""Exit of the process in bounded time."""

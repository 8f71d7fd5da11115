"""The end of the process: what asks for it, and how it is reached in bounded time."""

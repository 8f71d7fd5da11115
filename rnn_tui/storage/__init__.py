"""Bytes on disk: bounded reading, atomic writing, locks, and the user's folders.  Nothing here knows a net."""

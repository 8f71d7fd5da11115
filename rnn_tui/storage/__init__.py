"""Bytes on disk: bounded reading, atomic writing, locks, and the user's folders.  Nothing here depends on nets."""

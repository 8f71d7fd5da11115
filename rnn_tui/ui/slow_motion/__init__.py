"""Slow motion: one update, taken apart and walked through before it is made."""

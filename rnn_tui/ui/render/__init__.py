"""Rendering: colors, characters, and the capabilities of the terminal."""

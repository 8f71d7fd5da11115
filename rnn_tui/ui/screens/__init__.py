"""Screens: the lab itself, and the dialogs over it."""

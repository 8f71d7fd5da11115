"""Dialogs of the lab, and the commands that their answers send."""

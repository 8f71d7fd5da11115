"""Dialogs over the lab, and what their answers lead to."""

"""Panels: each shows one side of a view through widgets that take arrays."""

"""Panels: each shows one part of a view through widgets that take arrays."""

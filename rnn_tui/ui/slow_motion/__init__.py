"""Slow motion: one update, shown step by step before it is made."""

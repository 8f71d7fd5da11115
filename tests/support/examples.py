"""How many examples a property is tested with, where each one is costly."""

from hypothesis import settings

# a third of what the profile says: see tests/conftest.py
fewer_examples = settings(max_examples=max(1, settings().max_examples // 3))

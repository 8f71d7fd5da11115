"""How often a test tries something that is drawn: as often as the profile in tests/conftest.py says."""

from hypothesis import settings

EXAMPLES = settings().max_examples
fewer_examples = settings(max_examples=max(1, EXAMPLES // 3))  # where each one is costly

"""Make file names that are safe on every system from the names of runs and lanes."""

import re
import unicodedata
from collections.abc import Sequence

LONGEST = 60  # characters
HELD_OUT = "held-out"  # reserved: not for a lane's file


def safe(text: str, otherwise: str, joint: str = "-") -> str:
    """Return the ASCII letters, digits and _ of a text, joined by ``joint``; ``otherwise`` if there are none."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    words = re.findall(r"\w+", plain, re.ASCII)
    return joint.join(words)[:LONGEST] or otherwise


def lane_words(names: Sequence[str], joint: str = "-") -> list[str]:
    """Return a word for each lane's name; all words differ, also without regard to case."""
    taken, found = {HELD_OUT}, []
    for i, name in enumerate(names):
        first = word = safe(name, f"lane{joint}{i}", joint)
        number = 2
        while word.lower() in taken:
            word, number = f"{first}{joint}{number}", number + 1
        taken.add(word.lower())
        found.append(word)
    return found

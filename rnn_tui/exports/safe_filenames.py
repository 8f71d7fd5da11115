"""File names that are safe on any system, whatever runs and lanes are called."""

import re
import unicodedata
from collections.abc import Sequence

LONGEST = 60  # characters
HELD_OUT = "held-out"  # what no lane's file may be called


def safe(text: str, otherwise: str, joint: str = "-") -> str:
    """The ASCII letters, digits and _ of a text, ``joint`` for all that is between; ``otherwise`` if there are none."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    words = re.findall(r"\w+", plain, re.ASCII)
    return joint.join(words)[:LONGEST] or otherwise


def lane_words(names: Sequence[str], joint: str = "-") -> list[str]:
    """A word for each lane's name, no two of them alike where upper and lower case are the same."""
    taken, found = {HELD_OUT}, []
    for i, name in enumerate(names):
        first = word = safe(name, f"lane{joint}{i}", joint)
        number = 2
        while word.lower() in taken:
            word, number = f"{first}{joint}{number}", number + 1
        taken.add(word.lower())
        found.append(word)
    return found

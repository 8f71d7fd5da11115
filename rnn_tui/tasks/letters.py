"""Letters (Elman 1990, "Finding Structure in Time", there badiiguuu): each consonant determines the next vowels."""

from functools import cached_property
from typing import Annotated, Literal

from pydantic import Field

from rnn_tui.tasks.floors.finite_state import Source
from rnn_tui.tasks.grammar import Grammar

SYLLABLES = ("ba", "dii", "guuu", "keeee", "pooooo")


class Letters(Grammar):
    """Predict the next letter of the syllables ba, dii, guuu in random order.

    The consonant determines which vowel follows and how often; the next consonant is random.
    """

    kind: Literal["letters"] = "letters"
    consonants: Annotated[
        int, Field(ge=2, le=len(SYLLABLES), description="number of syllables, from ba, dii, guuu, keeee, pooooo")
    ] = 3

    @cached_property
    def source(self) -> Source:
        chosen = SYLLABLES[: self.consonants]
        arrows = {"": [(syllable[0], syllable[0], 1 / len(chosen)) for syllable in chosen]}
        for syllable in chosen:
            heard = [syllable[:count] for count in range(1, len(syllable))]  # each prefix is a state
            for prefix in heard:
                longer = syllable[: len(prefix) + 1]
                arrows[prefix] = [(longer[-1], longer if longer != syllable else "", 1.0)]
        return Source(arrows)

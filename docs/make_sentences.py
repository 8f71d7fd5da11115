"""Write presets/data/sentences.txt: short sentences of a small grammar whose verb agrees with a distant noun.

    python docs/make_sentences.py

    sentence:  the NOUN [near | behind the NOUN] [near | behind the NOUN] VERB .

The verb has the number of the first noun. The number of the nouns between them does not matter: "the dog near the cats
sleeps". A net that sees only the last word, or the last three words, does not know the number of the first noun.
"""

import random
from pathlib import Path

SENTENCES = 600
SEED = 1990
NOUNS = ("dog", "cat", "bird"), ("dogs", "cats", "birds")  # singular, plural
VERBS = ("sleeps", "runs"), ("sleep", "run")
PLACES = ("near", "behind")
PHRASES = (0, 1, 2, 2)  # between subject and verb, each equally likely


def sentence(rng: random.Random) -> str:
    """Return a subject, phrases with nouns of random number, and a verb that agrees with the subject."""
    number = rng.randrange(2)
    words = ["the", rng.choice(NOUNS[number])]
    for _ in range(rng.choice(PHRASES)):
        words += [rng.choice(PLACES), "the", rng.choice(NOUNS[rng.randrange(2)])]
    return " ".join([*words, rng.choice(VERBS[number])]) + "."


def main() -> None:
    rng = random.Random(SEED)
    path = Path(__file__).parent.parent / "presets" / "data" / "sentences.txt"
    path.write_text("\n".join(sentence(rng) for _ in range(SENTENCES)) + "\n", encoding="utf-8")
    print(path.name)


if __name__ == "__main__":
    main()

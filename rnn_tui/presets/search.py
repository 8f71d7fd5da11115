"""Find presets by words: ``vanishing``, ``gates``, ``own forecast``."""

import re
from collections.abc import Iterable

from rnn_tui.presets.lane_settings import LaneSettings, RecurrentLane
from rnn_tui.presets.store import Entry
from rnn_tui.presets.sweep_settings import SweepSettings

WORD = re.compile(r"[^\W_]+")
ENDINGS = ("ings", "ing", "ed", "es", "s", "e")
SHORTEST_STEM = 3
TOPICS = (
    "vanishing", "exploding", "gates", "memory", "windows", "truncated BPTT", "clipping", "forecast", "overfitting",
    "text", "own data",
)  # fmt: skip


def words_of(text: str) -> list[str]:
    """Return the words of a text, without case and punctuation."""
    return WORD.findall(text.casefold())


def stem(word: str) -> str:
    """Return the word without its ending: gate for gates, clip for clipping, explod for explode and exploding."""
    for ending in ENDINGS:
        rest = word.removesuffix(ending)
        if rest != word and len(rest) >= SHORTEST_STEM:
            doubled = ending in ("ings", "ing", "ed") and rest[-1] == rest[-2] and len(rest) > SHORTEST_STEM
            return rest[:-1] if doubled else rest
    return word


def contains(said: Iterable[str], word: str) -> bool:
    """Return whether one of the words begins with ``word`` or has the same stem."""
    return any(each.startswith(word) or stem(each) == stem(word) for each in said)


def rank(entry: Entry, query: str) -> float:
    """Return how well a preset fits all words of the query, from 0, not at all, to 1.

    A word counts most in the name, then in the topics, the title and the question, and least in all other texts.
    """
    parts = [words_of(part) for part in _parts(entry)]
    weights = [1 - i / len(parts) for i in range(len(parts))]
    found = [
        max((weight for part, weight in zip(parts, weights, strict=True) if contains(part, word)), default=0.0)
        for word in words_of(query)
    ]
    if not found:
        return 0.0 if query.strip() else 1.0  # only punctuation fits nothing
    return sum(found) / len(found) if all(found) else 0.0


def matches(entry: Entry, query: str) -> bool:
    """Return whether a preset fits all words of the query."""
    return rank(entry, query) > 0


def none_found(query: str) -> str:
    """Return a sentence for a query that no preset fits, with words that some do."""
    words = words_of(query)
    problem = f"is about {query.strip()!r}" if len(words) < 2 else "fits all of these words"
    return f"No preset {problem}. Try one of: {', '.join(TOPICS)}."


def _parts(entry: Entry) -> list[str]:
    """Return the texts in which words are searched, the most telling first."""
    preset = entry.preset
    if preset is None:
        return [entry.name, entry.title, f"{entry.question} {entry.chapter}", entry.problem]
    lanes = " ".join(f"{name} {_said(lane)}" for name, lane in zip(preset.names, preset.lanes, strict=True))
    return [
        entry.name,
        " ".join(preset.topics),
        preset.title,
        f"{preset.question} {entry.chapter}",
        f"{preset.task.kind} {lanes} {_swept(preset.sweep)}",
        f"{preset.expect} {' '.join(preset.hints)}",
    ]


def _swept(sweep: SweepSettings | None) -> str:
    """Return words for a sweep: the keys that it varies."""
    return f"sweep over {' '.join(sweep.over)}" if sweep else ""


def _said(lane: LaneSettings) -> str:
    """Return words for a lane: its kind, its options that are words, and a limited BPTT depth."""
    said = [lane.kind, lane.architecture.phrase, lane.net]
    if isinstance(lane, RecurrentLane):
        said += ["recurrent", lane.initializer, "truncated BPTT, cut" if lane.truncation else ""]
    return " ".join(said)

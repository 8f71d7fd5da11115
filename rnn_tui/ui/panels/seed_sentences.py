"""Sentences on what further seeds have shown: is it luck?

They are templates, in which ``{0}`` is the name of the first lane, as in ``comparison_summary``.
"""

from collections.abc import Sequence
from math import isfinite

from rnn_tui.experiments.seed_results import SeedResults, Spread
from rnn_tui.experiments.seed_run import SeedRun
from rnn_tui.number_format import counted, loss_text, plural, spoken_loss
from rnn_tui.session.frame import Frame
from rnn_tui.ui.panels.comparison_phrases import listed_words
from rnn_tui.ui.panels.comparison_ranking import Standing, placed

ENOUGH = 4  # finished seeds from which a verdict is given
RARE = 0.25  # share of the seeds: a run that is such an exception was lucky or unlucky


def luck(results: SeedResults, frame: Frame) -> list[str]:
    """Return templates on how often each lane has succeeded, from the longest to the shortest; none before the first
    seed has finished.

    The longest says whether the result is luck, and which seeds diverged or failed.
    """
    spreads = results.spreads
    if not spreads:
        return []
    missing = len(results.seeds) - spreads[0].seeds - len(results.failed)
    far = " so far" if missing else ""
    solved = [spread.solved for spread in spreads]
    known = [count for count in solved if count is not None]
    if len(known) == len(solved) and any(known):
        said = _counted(known, spreads[0].seeds, "solved it with") + far
        verdict = _verdict(known, frame, results)
    elif len(spreads) == 1:
        said = f"{{0}} ends at {_range(spreads[0])}{far}"
        verdict = ""
    else:
        wins = [spread.lowest for spread in spreads]
        nobody = f"No lane solved it with {_any(spreads[0].seeds)}; " if known else ""
        best = f"had the {'lower' if len(wins) == 2 else 'lowest'} loss with"
        said = f"{nobody}{_counted(wins, spreads[0].seeds, best, others=False)}{far}"
        verdict = _ranking_verdict(wins, results)
    brief = f"{said}."
    judged = f"{said}{verdict}." if verdict else brief
    more = " ".join([judged, *_diverged(spreads), *_failed(results)])
    return list(dict.fromkeys([more, judged, brief]))


def spread_texts(results: SeedResults, lane: int) -> list[str]:
    """Return ``8 seeds: median 0.0012 [0.0004 to 0.690], solved 7 of 8``, and shorter texts; a seed has finished."""
    spread = results.spreads[lane]
    solved = "" if spread.solved is None else f", solved {spread.solved} of {spread.seeds}"
    diverged = f", {len(spread.diverged)} diverged" if spread.diverged else ""
    middle = f"{loss_text(spread.median)} [{loss_text(spread.least)} to {loss_text(spread.most)}]"
    whole = f"{counted(spread.seeds, 'seed')}: {middle}{solved}{diverged}"
    return [whole.replace(": ", ": median ", 1), whole, whole.replace(", solved", ",", 1)]


def failures(runs: Sequence[SeedRun]) -> list[str]:
    """Return ``seeds 1 and 3 failed: …`` for each error."""
    by_error: dict[str, list[str]] = {}
    for run in runs:
        by_error.setdefault(run.error, []).append(str(run.seed))
    return [f"{plural('seed', len(seeds))} {listed_words(seeds)} failed: {error}" for error, seeds in by_error.items()]


def described(results: SeedResults, frame: Frame, names: Sequence[str]) -> list[str]:
    """Return sentences for the description of the screen, with the names of the lanes in them."""
    said = luck(results, frame)
    if not said:
        return [f"None of {counted(len(results.seeds), 'further seed')} has finished yet."]
    first = said[0]
    for lane, name in enumerate(names):
        first = first.replace(f"{{{lane}}}", name)
    seeds = results.spreads[0].seeds
    count = f"{seeds} of {len(results.seeds)} further seeds have" if seeds > 1 else "1 further seed has"
    end = f"{count} been trained up to step {results.goal:,}."
    return [first, end, *(f"{name} with {spread_texts(results, lane)[0]}." for lane, name in enumerate(names))]


def _counted(counts: Sequence[int], seeds: int, verb: str, others: bool = True) -> str:
    """Return ``{0} and {2} solved it with all 8 seeds, {1} with none``; ``others``: also those with none."""
    groups: dict[int, list[str]] = {}
    for lane, count in enumerate(counts):
        groups.setdefault(count, []).append(f"{{{lane}}}")
    parts: list[str] = []
    for count in sorted(groups, reverse=True):
        if count or others:
            said = _share(count, seeds) if not parts else _share(count, seeds).removesuffix(" seeds")
            parts.append(f"{listed_words(groups[count])} {verb if not parts else 'with'} {said}")
    return ", ".join(parts)


def _share(count: int, seeds: int) -> str:
    if count == 0:
        return "none"
    if count == seeds > 2:
        return f"all {seeds} seeds"
    return f"{count} of {counted(seeds, 'seed')}"


def _any(seeds: int) -> str:
    return f"any of {seeds} seeds" if seeds > 1 else "the first seed"


def _verdict(solved: Sequence[int], frame: Frame, results: SeedResults) -> str:
    """Return whether it is luck that lanes have solved the task; ``solved``: number of seeds by lane."""
    seeds = results.spreads[0].seeds
    if seeds < ENOUGH:
        return ""
    if frame.step >= results.goal and len(frame.lanes) == len(solved) and not results.missing:
        lucky, unlucky = [], []
        for ranked, count in zip(placed(frame), solved, strict=True):
            here = ranked.standing is Standing.SOLVED
            if here and count <= RARE * seeds:
                lucky.append(ranked.mention)
            elif not here and count >= (1 - RARE) * seeds and ranked.standing is not Standing.AT_FLOOR:
                unlucky.append(ranked.mention)
        if lucky or unlucky:
            both = [f"{listed_words(who)} {'was' if len(who) == 1 else 'were'} {how}"
                    for who, how in ((lucky, "lucky"), (unlucky, "unlucky")) if who]  # fmt: skip
            return f": in this run, {' and '.join(both)}"
    if all(count in (0, seeds) for count in solved):
        return ": this is not luck"
    return ": it depends on the seed"


def _ranking_verdict(wins: Sequence[int], results: SeedResults) -> str:
    seeds = results.spreads[0].seeds
    if seeds < ENOUGH:
        return ""
    return ": this is not luck" if max(wins) == seeds else ": which one is better depends on the seed"


def _range(spread: Spread) -> str:
    if spread.seeds == 1:
        return f"{spoken_loss(spread.median)} with 1 seed"
    ends = f"{_spoken(spread.least)} to {_spoken(spread.most)}"
    return f"{_spoken(spread.median)}, the median of {spread.seeds} seeds ({ends})"


def _spoken(loss: float) -> str:
    return spoken_loss(loss) if isfinite(loss) else "diverged"


def _diverged(spreads: Sequence[Spread]) -> list[str]:
    """Return a sentence for each lane that diverged, with the seeds."""
    said = []
    for lane, spread in enumerate(spreads):
        if spread.diverged:
            count, seeds = len(spread.diverged), listed_words([str(seed) for seed in spread.diverged])
            which = _share(count, spread.seeds) if count == spread.seeds else f"{plural('seed', count)} {seeds}"
            said.append(f"{{{lane}}} diverged with {which}.")
    return said


def _failed(results: SeedResults) -> list[str]:
    return [f"{said[0].upper()}{said[1:].rstrip('.')}." for said in failures(results.failed)]

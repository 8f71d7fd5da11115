"""Measure the rules that find what is wrong with a run: plant each fault, see if it is found, and if its remedy helps.

    python benchmarks/findings.py                  # all rules, about ten minutes
    python benchmarks/findings.py "short truncation" "dead units"
    python benchmarks/findings.py --healthy        # only the healthy runs

For each rule it trains at least 20 runs in which the fault is planted, with several tasks, cells and seeds, and 60
healthy runs.  Recall is the share of planted lanes in which the rule finds it.  Precision is the share of true findings
among those in planted and healthy lanes: a finding in a healthy lane is false, unless it says that nothing is left to
learn.  The remedy helps if, after as many updates again, the held-out loss is lower than without it; a remedy that
restarts the lane is trained for as many updates as both together.
"""

from argparse import ArgumentParser
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from itertools import product
from math import inf, isfinite
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

import numpy as np
from harness import bundled_preset

from rnn_tui.experiments.blas_threads import limit_blas_threads
from rnn_tui.presets.preset import Preset, parse
from rnn_tui.session.findings import RULES, Finding, findings
from rnn_tui.session.findings.trial import trial
from rnn_tui.session.forward_timeline import DivergenceError
from rnn_tui.session.lane_record import lane_records
from rnn_tui.session.session import Session

LINE = "{:<28} {:>8} {:>8} {:>10} {:>10}  {}"


class Planted(NamedTuple):
    """A run with a fault in lane 0; ``rule`` is empty for a healthy one."""

    rule: str
    preset: Preset
    steps: int


def preset_of(task: Mapping[str, Any], lane: Mapping[str, Any], seed: int, **training: Any) -> Preset:
    sizes = {"sequence_length": 24, "batch_size": 16, "seed": seed}
    return parse({"task": task, "training": sizes | training, "lanes": [{"hidden_size": 8} | lane]}, "planted")


ECHO, XOR, PARITY = ({"kind": "echo", "delay": 2}, {"kind": "temporal-xor"}, {"kind": "parity"})
EASY = ({"kind": "echo", "delay": 1}, ECHO, {"kind": "wave"})
CELLS = ("rnn", "gru", "lstm")


def planted() -> Iterator[Planted]:
    """Yield at least 20 runs for each rule."""
    seeds = range(4)
    for task, kind, seed in product(EASY[:2], CELLS, seeds):
        yield Planted(
            "divergence", preset_of(task, {"kind": kind}, seed, optimizer="sgd", learning_rate=300.0, clip_norm=0.0), 60
        )
    for task, kind, seed in product(EASY, CELLS, seeds):
        yield Planted("low learning rate", preset_of(task, {"kind": kind}, seed, learning_rate=1e-5), 150)
        yield Planted(
            "clipping", preset_of(task, {"kind": kind}, seed, optimizer="sgd", learning_rate=0.1, clip_norm=1e-3), 150
        )
    for task, kind, seed in product((EASY[2], {"kind": "mackey-glass"}), CELLS, seeds):
        yield Planted(
            "high learning rate", preset_of(task, {"kind": kind}, seed, optimizer="sgd", learning_rate=2.0), 150
        )
    for gain, delay, seed in product((2.0, 3.0), (2, 4, 8), seeds):
        lane = {"kind": "rnn", "gain": gain, "initializer": "orthogonal", "activation": "identity"}
        yield Planted(
            "exploding gradient",
            preset_of({"kind": "echo", "delay": delay}, lane, seed, learning_rate=1e-3, clip_norm=0.0),
            20,
        )
    for gain, delay, seed in product((0.1, 0.2), (10, 12, 14), seeds):
        lane = {"kind": "rnn", "gain": gain, "initializer": "orthogonal"}
        yield Planted("vanishing gradient", preset_of({"kind": "echo", "delay": delay}, lane, seed), 200)
    for kind, cut, seed in product(CELLS, (1, 2, 3), seeds):
        yield Planted(
            "short truncation",
            preset_of({"kind": "echo", "delay": cut + 1}, {"kind": kind, "truncation": cut}, seed),
            200,
        )
    for task, bias, seed in product(EASY, (-1, -2), seeds):  # from which tanh can recover
        lane = {"kind": "rnn", "activation": "relu", "interventions": [f"b_h:{u}-={-bias}" for u in range(8)]}
        yield Planted("dead units", preset_of(task, lane, seed), 100)
    for delay, gain, seed in product((4, 6, 8), (12.0, 20.0), seeds):
        yield Planted(
            "saturated units",
            preset_of({"kind": "echo", "delay": delay}, {"kind": "rnn", "gain": gain}, seed, learning_rate=1e-3),
            150,
        )
    for delay, kind, seed in product((12, 16), CELLS, seeds):
        task, lane = {"kind": "echo", "delay": delay}, {"kind": kind}
        yield Planted("unused recurrence", preset_of(task, lane, seed, learning_rate=1e-3), 100)
    for length, kind, seed in product((120, 160), CELLS, seeds):
        text = {"kind": "text", "path": str(text_file(length, seed))}
        yield Planted("overfitting", preset_of(text, {"kind": kind, "hidden_size": 32}, seed, learning_rate=0.02), 200)
    for task, kind, seed in product((EASY[2], {"kind": "mackey-glass"}), CELLS, seeds):
        yield Planted("no better than persistence", preset_of(task, {"kind": kind}, seed, learning_rate=3e-4), 60)
    for task, kind, seed in product(EASY[:2], CELLS, seeds):
        yield Planted("below the floor", preset_of(task, {"kind": kind}, seed, learning_rate=0.03), 200)
        yield Planted("nothing left to learn", preset_of(task, {"kind": kind}, seed, learning_rate=0.03), 300)


def text_file(length: int, seed: int) -> Path:
    """Return a text of random letters: it has no structure, so whatever is learned beyond their shares is by heart."""
    path = Path(FOLDER.name) / f"{length}-{seed}.txt"
    letters = np.random.default_rng(seed).choice(list("abcdef"), 4 * length)
    path.write_text("".join(letters), encoding="utf-8")
    return path


FOLDER = TemporaryDirectory()
HEALTHY = {  # presets whose lane 0 learns, and after how many updates
    "echo": None, "xor": None, "letters": None, "wave": None, "mackey-glass": None, "temporal-xor": None, "reber": None,
    "counting": None, "gates": 300, "cells": 300, "square-wave": None, "echo-units": None, "activations": None,
    "flip-flop-1": None, "words": 200, "text": 200, "initializers": None, "delay-line": None, "temperature": None,
    "irnn": 300,
}  # fmt: skip


def healthy() -> Iterator[Planted]:
    for name, seed in product(HEALTHY, range(3)):
        preset = bundled_preset(name, {"training.seed": seed})
        yield Planted("", preset, HEALTHY[name] or min(preset.training.steps, 1500))


class Examined(NamedTuple):
    """The findings in lane 0 of a run."""

    session: Session
    found: list[Finding]
    loss: float


def examined(case: Planted, preset: Preset | None = None) -> Examined:
    session = Session(preset or case.preset)
    with suppress(DivergenceError):
        session.forward(case.steps)
    record = lane_records(session, session.diverged)[0]
    if case.rule == "below the floor":  # as if the net saw more than it should: the floor of a net without memory
        record = replace(record, floor=record.memoryless)
    return Examined(session, findings([record]), record.loss)


def helps(case: Planted, before: Examined, finding: Finding) -> bool:
    """Return whether the loss is lower with the remedy, after as many updates again; of one that only trains longer,
    whether the loss is lower than now.
    """
    assert finding.remedy is not None
    longer = trial(case.preset, finding.remedy, before.session.step).way == "longer"
    losses = [before.loss] if longer else []
    for remedy in (finding.remedy,) if longer else (None, finding.remedy):
        session = Session(case.preset)
        with suppress(DivergenceError):
            session.forward(before.session.step)
            if remedy:
                session.change(remedy.changes, from_start=remedy.from_start)
            session.forward(2 * case.steps - session.step)
        loss = lane_records(session)[0].loss
        losses.append(loss if isfinite(loss) else inf)
    return losses[1] < losses[0] or losses == [0, 0]


def main() -> None:
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("rules", nargs="*")
    parser.add_argument("--healthy", action="store_true")
    options = parser.parse_args()
    limit_blas_threads()
    false: Counter[str] = Counter()
    where: dict[str, set[str]] = {}
    count = 0
    for case in healthy():
        count += 1
        for finding in examined(case).found:
            if finding.kind == "done":
                continue
            false[finding.rule] += 1
            where.setdefault(finding.rule, set()).add(
                f"{case.preset.task.kind}/{case.preset.lanes[0].kind}: {finding.evidence}"
            )
    print(f"{count} healthy runs:", dict(false))
    for rule, places in where.items():
        print(f"  {rule}")
        for place in sorted(places)[:8]:
            print(f"    {place}")
    if options.healthy:
        return
    print(LINE.format("rule", "planted", "recall", "precision", "remedy", ""))
    for rule in RULES:
        cases = [case for case in planted() if case.rule == rule.name]
        if not cases or (options.rules and rule.name not in options.rules):
            continue
        hits, helped, tried, others = 0, 0, 0, Counter[str]()
        for case in cases:
            result = examined(case)
            mine = [finding for finding in result.found if finding.rule == rule.name]
            others.update(finding.rule for finding in result.found if finding.rule != rule.name)
            hits += bool(mine)
            if mine and mine[0].remedy:
                tried += 1
                helped += helps(case, result, mine[0])
        precision = hits / max(1, hits + false[rule.name])
        share = f"{helped / tried:.2f}" if tried else "–"
        print(
            LINE.format(rule.name, len(cases), f"{hits / len(cases):.2f}", f"{precision:.2f}", share, dict(others)),
            flush=True,
        )


if __name__ == "__main__":
    main()

"""The claims of the ``expect`` texts in presets/*.toml, as data; ``presets.py --check`` measures them.

A claim with "near" has a tolerance.  A claim of "100%" has a tolerance of half a percent.  All other numbers in these
texts are settings, floors or references of the preset, or are listed in EXPLAINED.
"""

from claim import Claim, above, all_right, below, guessing, near

CLAIMS: dict[str, tuple[Claim, ...]] = {
    "echo": (
        *all_right("RNN", step=200),
        *guessing("FNN"),
        near("FNN", "loss", "floor", 0.01),
        near("RNN", "accuracy", 0.5, 0.03, what_if=("cut",)),
    ),
    "cut": (
        *all_right("RNN"),
        *guessing("FNN"),
        near("RNN", "accuracy", 0.5, 0.03, what_if=("cut",)),
        above("RNN", "loss", 0.7, what_if=("cut",)),
        near("FNN", "loss", 0.693, 0.005),
        near("RNN", "loss", 0.693, 0.005, 600, applied=(300, "cut")),
    ),
    "echo-state": (
        below("trained", "nrmse", 0.08),
        above("frozen", "nrmse", 0.15),
        below("frozen", "nrmse", 0.6),
    ),
    "xor": (
        below("RNN", "accuracy", 0.75, 100),
        above("RNN", "accuracy", 0.99, 300),
        *guessing("FNN"),
        above("RNN", "loss_without_first", 0.3),
        below("RNN", "loss_without_last", 0.15),
    ),
    "temporal-xor": (
        below("RNN", "role:a⊕b", 0.02),
        *(near("RNN", f"role:{role}", 0.69, 0.03) for role in ("a", "b")),
        *(near("FNN", f"role:{role}", 0.69, 0.03) for role in ("a", "b", "a⊕b")),
    ),
    "parity": (*all_right("RNN", step=1000), near("FNN", "loss", "floor", 0.01), above("RNN", "loss", 0.3, 200)),
    "echo-units": (
        *all_right("6 units", least=2),
        above("5 units", "accuracy", 0.83),
        below("5 units", "accuracy", 0.96),
        below("3 units", "accuracy", "5 units"),
    ),
    "echo-window": (*all_right("RNN", "FNN4", step=200), *guessing("FNN1", "FNN3")),
    "cells": (
        *(near(lane, "loss", 0.462, 0.02, 1000) for lane in ("RNN", "GRU", "LSTM")),
        near("FNN", "loss", "floor", 0.01),
    ),
    "activations": (
        above("tanh", "accuracy", 0.99, 100),
        above("relu", "accuracy", 0.80, 100),
        near("sigmoid", "loss", 0.69, 0.01, 100),
        *all_right("tanh", "relu", "sigmoid", step=600),
    ),
    "initializers": (
        above("orthog.", "accuracy", 0.98, 100),
        below("uniform", "accuracy", 0.80, 100),
        below("ident.", "accuracy", 0.90, 600),
        *all_right("orthog.", "uniform", "gauss.", step=600),
    ),
    "truncation": (
        below("k=2", "accuracy", 0.60, 400),
        below("k=5", "accuracy", 0.60, 400),
        *all_right("k=10", "full", step=400),
        *(near(f"k={k}", "reach", k - 1, 0.5, 400) for k in (2, 5, 10)),
    ),
    "gates": (
        *all_right("RNN", step=1000),
        below("GRU", "accuracy", 0.93, 1000),
        below("LSTM", "accuracy", 0.93, 1000),
    ),
    "copy": (
        below("gain 1", "role:blank", 0.1, 300),
        above("gain 1", "role:symbol", 1.0, 300),
        above("gain 1.5", "accuracy", 0.99, 1200),
        below("gain 1", "accuracy", 0.97, 1200),
        *all_right("FNN14"),
        near("FNN1", "loss", "floor", 0.005),
    ),
    "parity-last": (*guessing("tanh", "FNN3", within=0.08), *all_right("IRNN", "FNN4", step=2000)),
    "temporal-order": (
        above("RNN", "accuracy", 0.95, 1000),
        above("GRU", "accuracy", 0.95, 1000),
        *guessing("FNN10", within=0.09),
        near("FNN10", "loss", "floor", 0.03),
    ),
    "adding": (
        below("RNN", "loss", 0.01, 3000),
        *(near(lane, "loss", "floor", 0.03) for lane in ("FNN1", "FNN5", "FNN10")),
        below("FNN5", "loss", "FNN1"),
        below("FNN10", "loss", "FNN5"),
    ),
    "adding-long": (
        below("tanh", "r2", 0.05),
        below("IRNN", "loss", 0.05, 1000),
        above("GRU", "loss", 0.10, 1000),
        below("IRNN", "loss", 0.03),
        below("GRU", "loss", 0.03),
    ),
    "letters": (
        *(near(lane, "loss", "floor", 0.01) for lane in ("RNN", "FNN1", "FNN2", "FNN3")),
        *(above("RNN", f"role:{letter}", 0.9) for letter in "bdg"),
        *(below("RNN", f"role:{letter}", 0.03) for letter in "aiu"),
    ),
    "reber": (
        near("FNN2", "loss", 0.53, 0.02),
        near("FNN3", "loss", "FNN2", 0.01),
        near("FNN1", "loss", "floor", 0.02),
        near("RNN", "loss", "floor", 0.02),
    ),
    "counting": (
        below("RNN", "role:b→a", 0.02, 600),
        above("FNN1", "role:b→a", 1.0),
        above("FNN3", "role:b→a", 0.5),
        above("FNN6", "role:b→a", 0.25),
        *(above(lane, "role:a→b", 0.8) for lane in ("RNN", "FNN1", "FNN3", "FNN6")),
    ),
    "embedded-reber": (
        *(below(lane, "role:again", 0.05, 1000) for lane in ("RNN", "GRU", "LSTM")),
        near("FNN4", "role:again", 0.693, 0.02),
        near("FNN4", "role:others", "RNN", 0.01),
        *(near(lane, "loss", "floor", 0.02) for lane in ("RNN", "GRU", "LSTM", "FNN4")),
    ),
    "wave": (near("FNN", "loss", "floor", 0.005), below("RNN", "loss", 0.001)),
    "square-wave": (
        below("RNN", "loss", 0.12),
        near("RNN", "loss", "floor", 0.03),
        above("FNN1", "loss", 0.32),
        above("FNN5", "loss", 0.32),
    ),
    "mackey-glass": (
        below("FNN19", "nrmse", 0.01),
        near("RNN", "nrmse", 0.04, 0.02),
        above("FNN7", "nrmse", 0.09),
    ),
    "temperature": (
        near("FNN1", "loss", 0.375, 0.015),
        near("FNN7", "loss", 0.31, 0.015),
        near("RNN", "loss", 0.305, 0.015),
        below("RNN", "loss", "FNN7"),
    ),
    "csv": (
        near("FNN1", "loss", 0.16, 0.005),
        near("RNN", "loss", 0.14, 0.005),
        near("FNN7", "loss", "RNN", 0.01),
    ),
    "text": (
        near("FNN", "loss", 1.85, 0.05),
        near("FNN", "accuracy", 0.40, 0.03),
        below("RNN", "loss", 1.35, 600),
        near("RNN", "accuracy", 0.70, 0.04, 600),
    ),
    "words": (
        near("RNN", "loss", 0.89, 0.02),
        near("GRU", "loss", 0.89, 0.02),
        near("FNN3", "loss", 0.99, 0.02),
        near("FNN1", "loss", 1.01, 0.02),
    ),
    "delay-line": (
        *(near("line", f"exact:{lag}", 1.0, 1e-8, 0) for lag in (0, 19)),
        *(near("line", f"memory:{lag}", 1.0, 1e-4, 0) for lag in (0, 19)),
        *(near("line", f"{what}:20", 0.0, 0.005, 0) for what in ("exact", "memory")),
        near("line", "capacity", 20, 0.001, 0),
        *(near("ring", f"exact:{lag}", 0.985, 0.0005, 0) for lag in (0, 19)),
        *(near("ring", f"exact:{lag}", 0.015, 0.0005, 0) for lag in (20, 39)),
        near("ring", "memory:19", 0.985, 0.02, 0),
        below("gauss.", "capacity", 18, 0),
        above("line", "accuracy", 0.9),
        below("gauss.", "accuracy", 0.8),
    ),
    "gains": (
        near("g=.5", "horizon", 7, 0.1, 0),
        near("g=.9", "horizon", 44, 0.1, 0),
        *(above(lane, "horizon", 59, 0) for lane in ("g=.99", "g=1")),
        *(near(f"g={g:g}".replace("0.", "."), "gradient:10", g**10, 1e-8, 0) for g in (0.5, 0.9, 0.99, 1)),
        above("g=.5", "accuracy", 0.8),
        *all_right("g=.9", "g=.99", "g=1"),
    ),
    "irnn": (
        above("IRNN", "gradient:30", 0.4, 0),
        *(below(lane, "gradient:30", 0.0001, 0) for lane in ("relu", "tanh")),
        below("IRNN", "loss", 0.04),
        above("tanh", "loss", 0.12),
    ),
    "gates-50": (
        near("LSTM", "gradient:30", 0.01, 0.008, 0),
        *(below(lane, "gradient:30", 0.0001, 0) for lane in ("tanh", "GRU")),
        below("tanh", "accuracy", 0.8, 200),
        above("GRU", "accuracy", 0.95, 200),
        *(above(lane, "accuracy", 0.95) for lane in ("GRU", "LSTM")),
    ),
    "flip-flop-1": (
        *all_right("RNN"),
        near("RNN", "stable", 2, 0.1),
        near("FNN6", "loss", "floor", 0.015),
    ),
    "flip-flop": (*all_right("RNN"), near("RNN", "stable", 8, 0.1)),
    "sweep-memory": (
        above("net", "accuracy", 0.99),
        *(
            below("net", "accuracy", 0.92, changed=(("lanes.0.kind", kind), ("task.delay", 11)))
            for kind in ("rnn", "gru", "lstm")
        ),
        above("net", "accuracy", 0.97, changed=(("lanes.0.hidden_size", 12), ("task.delay", 11))),
    ),
    "sweep-gain": (
        above("RNN", "accuracy", 0.95, changed=(("lanes.0.gain", 0.3),)),
        near("RNN", "accuracy", 0.5, 0.03, changed=(("lanes.0.gain", 0.3), ("task.delay", 14))),
        above("RNN", "accuracy", 0.99),
    ),
    "sweep-gain-sgd": (
        *all_right("RNN", changed=(("task.delay", 6),)),
        *guessing("RNN"),
        *all_right("RNN", changed=(("lanes.0.gain", 0.6),)),
        above("RNN", "accuracy", 0.99, changed=(("training.optimizer", "adam"), ("training.learning_rate", 0.003))),
    ),
    "sweep-rate": (
        above("RNN", "accuracy", 0.98, seeds=tuple(range(16)), least=12, changed=(("training.learning_rate", 0.01),)),
        *(below("RNN", "accuracy", 0.8, changed=(("training.learning_rate", rate),)) for rate in (0.001, 0.3)),
        *all_right("RNN", seeds=(9,)),
        below("RNN", "accuracy", 0.8, seeds=(2,)),
    ),
    "echo-20": (
        above("gain 1", "accuracy", 0.99, 400),
        *guessing("gain .5"),
        near("gain .5", "gradient:20", 1e-6, 1e-6, 0),
        above("gain 1", "gradient:20", 0.05, 0),
    ),
    "exploding": (
        near("relu", "diverged", 90, 15, seeds=(0,)),
        below("relu", "diverged", 75, seeds=(1, 2)),
        *all_right("tanh", "relu", changed=(("training.clip_norm", 1.0),)),
    ),
    "copy-20": (
        near("RNN", "loss", 0.52, 0.01, 800),
        near("RNN", "role:symbol", 2.08, 0.03, 800),
        below("RNN", "role:blank", 0.02, 800),
    ),
}

EXPLAINED: dict[str, dict[str, str]] = {
    "sweep-gain-sgd": {"0.002": "g^k along the border of the map"},
    "sweep-gain": {"0.00001": "g^k along the border of the map", "0.000006": "0.3^10 = 5.9e-6"},
    "gains": {"459": "ln 0.01 / ln 0.99 = 458.2", "1": "1%, the share that defines the horizon"},
    "activations": {"4": "1/4, the largest slope of the sigmoid"},
    "adding": {
        "12": "1/12, the variance of a number drawn uniformly from [0, 1]",
        "2": "2k/T, in the formula of the floor",
    },
}

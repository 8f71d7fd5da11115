"""Preset documents to test with: an example with every key, random valid ones, and what a user may do to one."""

import datetime
import math
import random
from copy import deepcopy

from hypothesis import strategies as st

EXAMPLE = """\
title = "Echo, three steps late"
question = "Can a net without memory repeat what it heard three steps ago?"
expect = "The RNN gets every bit after some 300 updates; the FNN stays at 50 %."

[task]
kind = "echo"
delay = 3

[training]
sequence_length = 40
batch_size = 16
batches_per_sequence = 1    # the hidden state is carried over from each of them to the next
optimizer = "adam"          # sgd, momentum, rmsprop, adam
learning_rate = 0.01
schedule = "constant"       # of the learning rate: constant, step, cosine
schedule_steps = 1000       # step: a tenth after each; cosine: zero after them
weight_decay = 0.0          # L2; 0: none
clip_norm = 1.0             # 0: no clipping
seed = 0
steps = 600                 # where play pauses by itself; 0: never
precision = "float64"       # float64, float32
engine = "numpy"            # numpy, compiled
speed = 60                  # updates per second while playing; 0: as fast as it goes

[[lanes]]
kind = "rnn"                # rnn, gru, lstm, fnn
name = "RNN"
hidden_size = 8
activation = "tanh"         # rnn and fnn: tanh, relu, sigmoid, identity, leaky_relu, softplus
initializer = "uniform"     # of W_hh: uniform, glorot, orthogonal, identity, gaussian, delay-line, ring
gain = 1.0                  # W_hh is multiplied by it
truncation = 0              # BPTT depth; 0: the whole sequence

[[lanes]]
kind = "fnn"
name = "FNN"
hidden_size = 8
activation = "tanh"
window = 1                  # how many inputs it sees, the current one included
"""

ACTIVATIONS = ("tanh", "relu", "sigmoid", "identity", "leaky_relu", "softplus")


def echo(*lanes, delay=1, **training):
    """A small document: an echo, its training keys, its lanes."""
    training = {"sequence_length": 8, "batch_size": 3, **training}
    lanes = list(lanes) or [{"kind": "rnn", "hidden_size": 4}, {"kind": "fnn", "hidden_size": 3}]
    return {"task": {"kind": "echo", "delay": delay}, "training": training, "lanes": lanes}


prose = st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z"), include_characters=" \n"), max_size=30)
names = st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z"), include_characters=" "), max_size=8)


def _table(**optional):
    return st.fixed_dictionaries({}, optional=optional)


def valid(longest=12, widest=6):
    """Documents that break no rule, small enough to be run; every table and key is drawn, or left to its default."""
    tasks = st.one_of(
        st.builds(lambda delay: {"kind": "echo", "delay": delay}, st.integers(0, 1)),
        st.just({"kind": "xor"}),
        st.just({"kind": "temporal-xor"}),
        st.builds(
            lambda more: {"kind": "wave", **more},
            _table(shape=st.sampled_from(["sine", "sum", "sawtooth", "square"]), omega=st.floats(0.01, 3)),
        ),
    )
    training = _table(
        sequence_length=st.integers(2, longest),
        batch_size=st.integers(1, 4),
        batches_per_sequence=st.integers(1, 4),
        optimizer=st.sampled_from(["sgd", "momentum", "rmsprop", "adam"]),
        learning_rate=st.floats(1e-9, 1) | st.just(1),
        schedule=st.sampled_from(["constant", "step", "cosine"]),
        schedule_steps=st.integers(1, 5) | st.integers(1, 10**9),
        weight_decay=st.floats(0, 0.1) | st.just(0),
        clip_norm=st.floats(0, 10) | st.integers(0, 2),
        seed=st.integers(0, 2**63 - 1),
        steps=st.integers(0, 10**9),
        precision=st.sampled_from(["float64", "float32"]),
        speed=st.integers(0, 10_000),
    )
    shared = {"name": names, "hidden_size": st.integers(1, widest)}
    initializers = st.sampled_from(["uniform", "glorot", "orthogonal", "identity", "gaussian", "delay-line", "ring"])
    recurrent = {"initializer": initializers, "gain": st.floats(0, 2), "truncation": st.integers(0, 2 * longest)}
    f = st.sampled_from(ACTIVATIONS)
    own = {
        "rnn": {**recurrent, "activation": f},
        "gru": recurrent,
        "lstm": {**recurrent, "forget_bias": st.floats(-3, 3)},
        "fnn": {"activation": f, "window": st.integers(1, 5), "match": st.integers(0, 3)},
    }
    lane = st.one_of(
        *(st.fixed_dictionaries({"kind": st.just(kind)}, optional=shared | more) for kind, more in own.items())
    )
    lanes = st.lists(lane, min_size=1, max_size=4, unique_by=lambda lane: lane.get("name") or object()).map(_matchable)
    return st.fixed_dictionaries(
        {"task": tasks, "lanes": lanes},
        optional={"title": prose, "question": prose, "expect": prose, "training": training},
    )


def _matchable(lanes):
    """The lanes, every ``match`` turned into the number of a recurrent one; without it where there is none."""
    recurrent = [i for i, lane in enumerate(lanes) if lane["kind"] != "fnn"]
    for lane in lanes:
        drawn = lane.pop("match", None)
        if drawn is not None and recurrent:
            lane["match"] = recurrent[drawn % len(recurrent)]
    return lanes


def assert_can_be_shown(error):
    """Lines that steer no terminal and are in UTF-8; for a preset one for its source and one for each problem."""
    lines = str(error).splitlines()
    assert all(line.isprintable() for line in lines)
    assert len(lines) == 1 + len(getattr(error, "problems", []))
    str(error).encode()


class Endless(int):
    """A number that Python refuses to print, but for hypothesis, which must."""

    def __repr__(self):
        return "Endless()"


scalars = st.one_of(
    st.booleans(),
    st.integers(),
    st.integers(-3, 300),
    st.sampled_from([2**63, -(2**63), 2**64, 10**400, Endless(16**20_000)]),
    st.floats(),
    st.sampled_from([0.0, -0.0, 5e-324, math.inf, -math.inf, math.nan, 1e308]),
    st.text(max_size=8),
    st.sampled_from(["", "\n", "\0", "\x1b[31m", "\ud800", "x" * 2000, "~nobody-of-that-name/x", "..", "rnn", "csv"]),
    st.dates(),
    st.times(),
    st.datetimes(timezones=st.none() | st.just(datetime.UTC)),
)
keys = st.one_of(
    st.text(max_size=6),
    st.sampled_from(["kind", "name", "path", "task", "lanes", "training", "", "a.b", '"', "\n", "\udcff", "dely"]),
)
anything = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(keys, inner, max_size=3), max_leaves=6
)


def deep(depth=3000):
    inner = {}
    for _ in range(depth):
        inner = {"a": inner}
    return inner


@st.composite
def mutated(draw, documents):
    """A document of which up to four keys or items were deleted, renamed, added or replaced by anything."""
    document = deepcopy(draw(documents))
    for _ in range(draw(st.integers(1, 4))):
        at = document
        while True:
            here = list(at) if isinstance(at, dict) else list(range(len(at)))
            if not here:
                break
            step = draw(st.sampled_from(here))
            if isinstance(at[step], dict | list) and at[step] and draw(st.booleans()):
                at = at[step]
                continue
            _mutate(draw, at, step)
            break
    return document


def _mutate(draw, at, step):
    how = draw(st.sampled_from(["delete", "rename", "replace", "add"]))
    if how == "delete":
        del at[step]
    elif how == "replace":
        at[step] = draw(anything | st.builds(deep))
    elif isinstance(at, list):
        at.append(draw(anything))
    elif how == "rename":
        at[draw(keys)] = at.pop(step)
    else:
        at[draw(keys)] = draw(anything)


def as_toml(document, seed):
    """The document as somebody may have typed it: tables, dotted keys or inline tables, spaces and comments."""
    rng = random.Random(seed)
    roots, tables = [], []
    for key in sorted(document, key=lambda _: rng.random()):
        value, style = document[key], rng.choice(["table", "table", "dotted", "inline"])
        if isinstance(value, list) and style != "inline":
            tables.append("".join(f"[[{key}]]{_comment(rng)}\n{_lines(rng, item)}" for item in value))
        elif isinstance(value, dict) and style == "table":
            tables.append(f"[{key}]{_comment(rng)}\n{_lines(rng, value)}")
        elif isinstance(value, dict) and style == "dotted" and value:
            roots.append(_lines(rng, value, f"{key}."))
        else:
            roots.append(_lines(rng, {key: value}))
    ends = "\r\n" if rng.random() < 0.2 else "\n"
    return "".join([*roots, *tables]).replace("\n", ends)


def _comment(rng):
    return rng.choice(["", "", "  # said so", "\t#[x] = 1"])


def _lines(rng, table, before=""):
    gap = rng.choice(["", "\n", "# a line to keep\n"])
    return "".join(f"{gap}{before}{key} = {_value(value)}{_comment(rng)}\n" for key, value in table.items())


def _value(value):
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key} = {_value(inner)}" for key, inner in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(_value(inner) for inner in value) + "]"
    if isinstance(value, str):
        escaped = value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
        return f'"{escaped}"'
    return repr(value)

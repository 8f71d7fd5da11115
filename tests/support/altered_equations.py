"""Nets with interventions, from their definitions: a plain loop over time in which what is read is looked up each time.

Nothing here folds a held unit into a bias or splits a sequence into segments.  Weights are matrices (out, in) by name.
"""

import numpy as np

MEMORY = {"rnn": 1, "gru": 1, "lstm": 2}


def sigma(z):
    return 1 / (1 + np.exp(-z))


def altered(kind, weights, x, steps, intact_x=None, window=1):
    """Return h as it is read, (T, H, B), and y (T, O, B).

    ``steps``: interventions as tuples: a word, and what belongs to it.  ``intact_x``: of the probe, for "start".
    """
    x = x.copy()
    for word, *what in steps:
        if word == "x":
            t, row, value = what
            x[t, row] = value
        elif word == "nudge":
            t, row, value = what
            x[t, row] += value
        elif word == "swap":
            one, other = x[what[0]].copy(), x[what[1]].copy()
            x[what[0]], x[what[1]] = other, one
        elif word == "remove":
            x[what[0]] = intact_x.mean(axis=(0, 2))[:, None]
    T, _, B = x.shape
    H = weights["W_hy"].shape[1]
    held = {}
    for word, *what in steps:
        if word == "hold":
            held.pop(what[0], None)
            held[what[0]] = what[1]

    def read(h):
        h = h.copy()
        for unit, value in held.items():
            h[unit] = value
        return h

    state = np.zeros((MEMORY.get(kind, 1), H, B))
    hs, ys = [], []
    for t in range(T):
        for word, *what in steps:
            if word == "reset" and what[0] == t:
                state = 0 * state
            elif word == "start" and t == 0:
                state = np.full_like(state, what[0])
            elif word == "start after" and t == 0:
                one = _plain(kind, weights, intact_x[: what[0] + 1, :, :1])
                state = np.broadcast_to(one, state.shape).copy()
            elif word == "noise" and t > 0:
                draws = np.random.default_rng([0, t]).standard_normal((B, *state.shape[:2]))
                state = state + what[0] * np.stack(list(draws), axis=-1)
        W = at(weights, steps, t, kind)
        seen = x[t]
        if kind == "fnn":
            lags = [x[t - lag] if t >= lag else 0 * seen for lag in range(window)]
            h = np.tanh(W["W_xh"] @ np.concatenate(lags) + W["b_h"][:, None])
        else:
            state = step(kind, W, seen, state, read(state[0]))
            h = state[0]
        hs.append(read(h))
        ys.append(W["W_hy"] @ read(h) + W["b_y"][:, None])
    return np.stack(hs), np.stack(ys)


def _plain(kind, weights, x):
    """The state of the intact net after the last time step."""
    state = np.zeros((MEMORY[kind], weights["W_hy"].shape[1], x.shape[2]))
    for seen in x:
        state = step(kind, weights, seen, state, state[0])
    return state


def step(kind, W, x, state, h):
    """The next state; ``h``: of the last one, as it is read."""

    def sum_of(gate):
        return W[f"W_h{gate}"] @ h + W[f"W_x{gate}"] @ x + W[f"b_{gate}"][:, None]

    if kind == "rnn":
        return np.tanh(sum_of("h"))[None]
    if kind == "gru":
        r, z = sigma(sum_of("r")), sigma(sum_of("z"))
        n = np.tanh(W["W_xn"] @ x + W["b_xn"][:, None] + r * (W["W_hn"] @ h + W["b_hn"][:, None]))
        return ((1 - z) * n + z * state[0])[None]
    i, f, o, g = sigma(sum_of("i")), sigma(sum_of("f")), sigma(sum_of("o")), np.tanh(sum_of("g"))
    c = f * state[1] + i * g
    return np.stack([o * np.tanh(c), c])


def at(weights, steps, t, kind):
    """The weights at a time step."""
    W = {name: values.copy() for name, values in weights.items()}
    recurrent = {"rnn": ["W_hh"], "gru": ["W_hr", "W_hz", "W_hn"], "lstm": ["W_hi", "W_hf", "W_hg", "W_ho"]}.get(
        kind, []
    )
    for word, *what in steps:
        if word == "cut" and t >= what[0]:
            for name in recurrent:
                W[name] = 0 * W[name]
        elif word == "diagonal":
            for name in recurrent:
                W[name] = np.diag(np.diag(W[name]))
        elif word == "off-diagonal":
            for name in recurrent:
                W[name] = W[name] - np.diag(np.diag(W[name]))
        elif word == "scale":
            for name in recurrent if what[0] is None else [what[0]]:
                W[name] = W[name] * what[1]
        elif word == "weight":
            name, entry, value, nudges = what
            W[name][entry] = W[name][entry] + value if nudges else value
        elif word == "prune":
            for name in [name for name in W if name[0] == "W"] if what[0] is None else [what[0]]:
                W[name] = np.where(np.abs(W[name]) < what[1], 0, W[name])
        elif word == "gate":
            gate, bias, units = what
            for name in (f"W_h{gate}", f"W_x{gate}"):
                W[name][units] = 0
            W[f"b_{gate}"][units] = bias
    return W

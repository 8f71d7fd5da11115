"""JAX: one ``jit`` of the whole update, with ``lax.scan`` over time and optax's Adam, in donated buffers."""

import os
from collections.abc import Callable
from typing import Any

os.environ["XLA_FLAGS"] = (  # read when JAX is first used; one thread
    os.environ.get("XLA_FLAGS", "") + " --xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1"
)

import jax
import jax.numpy as jnp
import numpy as np
import optax
from jax import lax

from rivals.ours import Ours
from rivals.rival import BETA1, BETA2, EPSILON, GATES, LIMIT, RATE, Rival

Step = Callable[[Any, Any, Any], tuple[Any, Any]]


class JittedJax(Rival):
    def __init__(self, cell: str, ours: Ours) -> None:
        views, gates = ours.state.parameters.views, GATES[cell]
        dtype = views["W_hy"].dtype
        jax.config.update("jax_enable_x64", dtype == np.float64)
        stacks = {
            "W_x": [views[f"W_x{gate}"] for gate in gates],
            "W_h": [views[f"W_h{gate}"] for gate in gates],
            "b": [views[f"b_{gate}" if f"b_{gate}" in views else f"b_x{gate}"] for gate in gates],
            "W_y": [views["W_hy"]],
            "b_y": [views["b_y"]],
        } | ({"b_hn": [views["b_hn"]]} if cell == "gru" else {})
        theta = {name: jnp.array(np.concatenate(stack).T) for name, stack in stacks.items()}
        x, target = (jnp.array(part.transpose(0, 2, 1)) for part in (ours.batch.x, ours.batch.target))
        start = jnp.zeros((2 if cell == "lstm" else 1, x.shape[1], len(theta["W_h"])), dtype)
        step = STEPS[cell]

        def loss(theta: Any, x: Any, target: Any) -> Any:
            from_x = x @ theta["W_x"] + theta["b"]
            _, h = lax.scan(lambda state, from_x: step(theta, state, from_x), tuple(start), from_x)
            return jnp.mean(jnp.square(h @ theta["W_y"] + theta["b_y"] - target))

        optimizer = optax.chain(optax.clip_by_global_norm(LIMIT), optax.adam(RATE, BETA1, BETA2, EPSILON))

        def update(theta: Any, slots: Any, x: Any, target: Any) -> tuple[Any, Any, Any]:
            value, gradient = jax.value_and_grad(loss)(theta, x, target)
            change, slots = optimizer.update(gradient, slots)
            return optax.apply_updates(theta, change), slots, value

        self._gradient, self._update = jax.value_and_grad(loss), jax.jit(update, donate_argnums=(0, 1))
        self.theta, self.slots, self.data = theta, optimizer.init(theta), (x, target)
        self.steps = [self.step]

    def check(self) -> tuple[float, float]:
        loss, gradient = self._gradient(self.theta, *self.data)
        return float(loss), float(optax.global_norm(gradient))

    def step(self) -> None:
        self.theta, self.slots, loss = self._update(self.theta, self.slots, *self.data)
        jax.block_until_ready((self.theta, loss))


def rnn(theta: Any, state: Any, from_x: Any) -> tuple[Any, Any]:
    (h,) = state
    h = jnp.tanh(from_x + h @ theta["W_h"])
    return (h,), h


def gru(theta: Any, state: Any, from_x: Any) -> tuple[Any, Any]:
    (h,) = state
    (r, z, n), (r_h, z_h, n_h) = jnp.split(from_x, 3, 1), jnp.split(h @ theta["W_h"], 3, 1)
    r, z = jax.nn.sigmoid(r + r_h), jax.nn.sigmoid(z + z_h)
    n = jnp.tanh(n + r * (n_h + theta["b_hn"]))
    h = (1 - z) * n + z * h
    return (h,), h


def lstm(theta: Any, state: Any, from_x: Any) -> tuple[Any, Any]:
    h, c = state
    i, f, g, o = jnp.split(from_x + h @ theta["W_h"], 4, 1)
    c = jax.nn.sigmoid(f) * c + jax.nn.sigmoid(i) * jnp.tanh(g)
    h = jax.nn.sigmoid(o) * jnp.tanh(c)
    return (h, c), h


STEPS: dict[str, Step] = {"rnn": rnn, "gru": gru, "lstm": lstm}

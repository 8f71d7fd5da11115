"""Write the golden files: what PyTorch computes, for tests that run without it.

    python tests/engine/golden/make.py

needs PyTorch 2.13.  One JSON file per cell and loss, in float64, every number by its ``repr`` and so to the last bit:
the parameters; two batches, of which the second continues the sequences of the first, with outputs, states, loss and
gradients; the gradient of the first under truncated BPTT; and ten updates with each optimizer, on the first batch, or
on both in turn with the memory handed on.
"""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import torch
from twin import LOSSES, Twin, detached, mean_loss

HERE = Path(__file__).parent
CELLS = {"rnn-tanh": (3, 4), "rnn-relu": (2, 4), "gru": (3, 3), "lstm": (2, 3)}  # I, H
OUTPUTS = dict(zip(LOSSES, (3, 2, 2), strict=True))
MASKS = dict(zip(LOSSES, ("full", "late", "ragged"), strict=True))
T, B, UPDATES, DEPTHS = 6, 3, 10, (2, 4)
OPTIMIZERS = {
    "sgd": (0.2, lambda tensors, **options: torch.optim.SGD(tensors, **options)),
    "momentum": (0.1, lambda tensors, **options: torch.optim.SGD(tensors, momentum=0.9, **options)),
    "rmsprop": (0.02, lambda tensors, **options: torch.optim.RMSprop(tensors, alpha=0.99, eps=1e-8, **options)),
    "adam": (0.05, lambda tensors, **options: torch.optim.Adam(tensors, eps=1e-8, **options)),
}
DECAY = 0.01


def twin_with(values: dict, cell: str, sizes: tuple[int, int, int]) -> Twin:
    kind, _, activation = cell.partition("-")
    twin = Twin(kind, sizes, activation or "tanh")
    for name, view in twin.parameters().items():
        view[...] = values[name]
    return twin


def random_values(cell: str, sizes: tuple[int, int, int]) -> dict:
    shapes = {name: view.shape for name, view in Twin(cell.partition("-")[0], sizes).parameters().items()}
    return {name: torch.empty(shape, dtype=torch.float64).uniform_(-1, 1).numpy() for name, shape in shapes.items()}


def random_batch(loss: str, inputs: int) -> dict:
    """x (T, I, B), the target as the loss wants it, and the loss's mask (T, B)."""
    O, time = OUTPUTS[loss], torch.arange(T)[:, None]
    masks = {"full": time >= 0, "late": time >= T // 2, "ragged": time < T - 2 * torch.arange(B)}
    classes = torch.randint(0, O, (T, B))
    return {
        "x": torch.randn(T, inputs, B, dtype=torch.float64),
        "target": classes if loss == "cross-entropy" else torch.rand(T, O, B, dtype=torch.float64),
        "mask": masks[MASKS[loss]].expand(T, B).double(),
    }


def passed(twin: Twin, loss: str, batch: dict, memory: tuple | None) -> tuple[dict, tuple]:
    """What one pass over a batch gives, and the memory after it."""
    y, memories = twin.step_by_step(batch["x"], memory)
    value = mean_loss(loss, y, batch["target"], batch["mask"])
    value.backward()
    found = {"loss": value.item(), "y": y, "h": torch.cat([m[0] for m in memories]).transpose(1, 2)}
    if twin.cell == "lstm":
        found["c"] = torch.cat([m[1] for m in memories]).transpose(1, 2)
    found["dh"] = torch.cat([m[0].grad for m in memories]).transpose(1, 2)
    found["gradient"] = taken(twin)
    agree_on_the_whole_sequence(twin, loss, batch, memory, found)
    return found, detached(memories[-1])


def agree_on_the_whole_sequence(twin: Twin, loss: str, batch: dict, memory: tuple | None, found: dict) -> None:
    """PyTorch step by step is PyTorch in one call."""
    y, h, _ = twin.forward(batch["x"], memory)
    mean_loss(loss, y, batch["target"], batch["mask"]).backward()
    close(y, found["y"])
    close(h, found["h"])
    for name, gradient in taken(twin).items():
        close(gradient, found["gradient"][name])
        assert gradient[gradient != 0].abs().min() > 1e-7, f"{name}: rounding alone is no witness"
        assert twin.relu or gradient.all(), f"{name}: zero is no witness"


def close(one: torch.Tensor, other: torch.Tensor) -> None:
    torch.testing.assert_close(one, other, rtol=1e-12, atol=1e-14)


def taken(twin: Twin) -> dict:
    """The gradients, which then begin at zero again."""
    found = {name: torch.tensor(view) for name, view in twin.gradient().items()}
    for parameter in twin.trained:
        parameter.grad = None
    return found


def truncated(twin: Twin, loss: str, batch: dict) -> dict:
    """The gradient for each depth."""
    found = {}
    for depth in DEPTHS:
        mean_loss(loss, twin.in_pieces(batch["x"], depth), batch["target"], batch["mask"]).backward()
        found[depth] = taken(twin)
    return found


def trained(twin: Twin, loss: str, batches: list[dict], settings: dict) -> dict:
    """Ten updates: the loss and the gradient's norm before each, and the parameters after all."""
    optimizer = OPTIMIZERS[settings["optimizer"]][1](
        twin.trained, lr=settings["learning_rate"], weight_decay=settings["weight_decay"]
    )
    losses, norms, limit, memory = [], [], settings["clip_norm"] or float("inf"), None
    for n in range(UPDATES):
        turn = n % settings["batches"]
        batch = batches[turn]
        optimizer.zero_grad()
        y, _, memory = twin.forward(batch["x"], detached(memory) if turn else None)
        value = mean_loss(loss, y, batch["target"], batch["mask"])
        value.backward()
        norms.append(torch.nn.utils.clip_grad_norm_(twin.trained, limit).item())
        optimizer.step()
        losses.append(value.item())
    assert not twin.layer.bias_hh_l0[: 2 * twin.hidden].any(), "PyTorch's second bias has learnt"
    return {**settings, "losses": losses, "norms": norms, "parameters": twin.parameters()}


def runs(limit: float) -> Iterator[dict]:
    """The settings of every training."""
    plain = [(name, clip_norm, 0.0, 1) for name in OPTIMIZERS for clip_norm in (0.0, limit)]
    decayed = [(name, limit, DECAY, 1) for name in ("sgd", "adam")]
    for name, clip_norm, decay, batches in [*plain, *decayed, ("adam", limit, 0.0, 2)]:
        yield {
            "optimizer": name,
            "learning_rate": OPTIMIZERS[name][0],
            "clip_norm": clip_norm,
            "weight_decay": decay,
            "batches": batches,
        }


def case(cell: str, loss: str) -> dict:
    """All of one golden file."""
    sizes = (*CELLS[cell], OUTPUTS[loss])
    values = random_values(cell, sizes)
    twin = twin_with(values, cell, sizes)
    batches, memory = [], None
    for _ in range(2):
        batch = random_batch(loss, sizes[0])
        found, memory = passed(twin, loss, batch, memory)
        batches.append(batch | found)
    first = batches[0]
    limit = round(0.6 * sum(float(g.square().sum()) for g in first["gradient"].values()) ** 0.5, 2)
    trainings = [trained(twin_with(values, cell, sizes), loss, batches, settings) for settings in runs(limit)]
    clipped = [norm > run["clip_norm"] for run in trainings if run["clip_norm"] for norm in run["norms"]]
    assert any(clipped), "nothing is ever clipped"
    assert not all(clipped), "everything is always clipped"
    named = {"cell": cell, "loss": loss, "sizes": sizes, "mask": MASKS[loss], "parameters": values}
    return {**named, "batches": batches, "truncated": truncated(twin, loss, first), "trainings": trainings}


def text_of(content: dict) -> str:
    """JSON with every row of numbers on one line."""
    text = json.dumps(content, indent=1, default=lambda array: array.tolist())
    return re.sub(r"\[[^][{}]*\]", lambda row: " ".join(row[0].split()), text) + "\n"


def main() -> None:
    torch.set_num_threads(1)
    for seed, (cell, loss) in enumerate((cell, loss) for cell in CELLS for loss in LOSSES):
        torch.manual_seed(seed)
        path = HERE / f"{cell}-{loss.replace(' ', '-')}.json"
        path.write_text(text_of(case(cell, loss)), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()

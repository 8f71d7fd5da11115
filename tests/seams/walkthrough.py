"""What every kind of net, activation, loss, optimizer and task must do: learn, be saved, exported, explained, drawn."""

import subprocess
import sys
from itertools import product
from math import tanh
from pathlib import Path

import pytest
from support.lab_driver import lab

from rnn_tui.checkpoints.reader import load
from rnn_tui.checkpoints.writer import save
from rnn_tui.exports import EXPORTS
from rnn_tui.presets.preset import Preset, parse
from rnn_tui.presets.store import PresetFile
from rnn_tui.session.checkpointing import checkpoint_of, restored
from rnn_tui.session.description import Cursor, as_lines, describe
from rnn_tui.session.frame import state_of
from rnn_tui.session.session import Session
from rnn_tui.ui.panels.equation_lines import text_of
from rnn_tui.ui.panels.equation_text import in_full, state_pair
from rnn_tui.ui.panels.view_state import ViewState
from rnn_tui.ui.slow_motion.cursor import UpdateCursor
from rnn_tui.ui.slow_motion.texts import phase_text

# One interpreter for all scripts: to load NumPy takes longer than to run one.
RUN_EACH = "import runpy, sys\nfor name in sys.argv[1:]: runpy.run_path(name, run_name='__main__')"


def preset_of(*lanes: dict, task: dict | None = None, **training: object) -> Preset:
    """A small experiment; without ``task`` an echo."""
    training = {"sequence_length": 8, "batch_size": 4, "learning_rate": 0.02, **training}
    return parse({"task": task or {"kind": "echo", "delay": 2}, "training": training, "lanes": list(lanes)}, "seam")


def bits(session: Session) -> list[bytes]:
    return [timeline.state.parameters.flat.tobytes() for timeline in session.histories.timelines]


def assert_learns(preset: Preset, steps: int = 150, lane: int = 0) -> Session:
    session = Session(preset)
    before = session.frame().lanes[lane].score.loss
    session.forward(steps)
    assert session.frame().lanes[lane].score.loss < 0.7 * before
    return session


def assert_reopens(session: Session, path: Path) -> None:
    """The same bits from a file, now and after more updates."""
    save(checkpoint_of(session, "seam"), path)
    again = restored(load(path))
    assert bits(again) == bits(session)
    for one in (session, again):
        one.forward(7)
    assert bits(again) == bits(session)
    again.seek(3)
    session.seek(3)
    assert bits(again) == bits(session)


def assert_exports_numpy(session: Session, folder: Path) -> None:
    """Each script prints the loss that the lab has."""
    files = EXPORTS["numpy"](session, "seam", range(len(session.preset.lanes)))
    scripts = [name for name in files if name.endswith(".py")]
    for name, data in files.items():
        (folder / name).write_bytes(data)
    words = [sys.executable, "-I", "-W", "error", "-c", RUN_EACH, *scripts]
    done = subprocess.run(words, cwd=folder, capture_output=True, text=True, timeout=60, check=True)
    losses = [lane.score.loss for lane in session.frame().lanes]
    assert [float(line) for line in done.stdout.splitlines()] == pytest.approx(losses, rel=1e-10)


def pytorch_files(session: Session) -> dict[str, str]:
    """The texts of the export by name; scripts are Python."""
    files = EXPORTS["pytorch"](session, "seam", range(len(session.preset.lanes)))
    texts = {name: data.decode() for name, data in files.items() if name.endswith((".py", ".txt"))}
    for name, text in texts.items():
        if name.endswith(".py"):
            compile(text, name, "exec")
    return texts


def assert_explained(session: Session, lane: int = 0, words: tuple[str, ...] = ()) -> None:
    """In words at every state and time step, and in slow motion at every place; ``words`` are among these."""
    frame, slow = session.frame(), session.trace_update(lane)
    T = frame.length
    for state, t in product(frame.lanes[lane].states, (0, T - 1)):
        lines = as_lines(describe(frame, Cursor(lane, t, state)))
        assert any(f"{state} of {frame.lanes[lane].label} at t = {t}" in line for line in lines)
        view = ViewState(frame, "", t, 0, lane, state)
        value = float(frame.lanes[lane].states[state][t, 0])
        pair = state_pair(view, 10_000)
        assert pair is not None
        line = text_of(pair[1]).replace("−", "-").replace("·", "*")
        *_, numbers, shown = line.split(" = ")
        assert float(shown) == pytest.approx(value, abs=0.01)
        if not state_of(frame.lanes[lane], state).function:
            assert eval(numbers, {"tanh": tanh}) == pytest.approx(value, abs=0.03)
        assert len(in_full(view, 110)) > 2
    cursor, texts = UpdateCursor(slow.length), ""
    for place in range(cursor.starts[-1] + 1):
        told = phase_text(slow, cursor.by(place), 0, 110)
        assert told.words
        assert told.formula
        assert told.lines
        assert "NaN" not in "".join(told.lines)
        texts += "\n".join([told.words, *told.formula, *told.lines])
    assert all(word in texts for word in words)


async def assert_drawn(preset: Preset, *words: str, slow_motion: tuple[str, str, str] = ("", "", "")) -> None:
    """The lab learns, shows every state, and walks through an update; with the words somewhere on its screen, and
    others in slow motion where it goes forward, computes the loss, and applies the change.
    """
    async with lab(PresetFile("seam", preset)) as it:
        await it.press("s", "s")
        await it.step_is(2)
        for _ in it.view.frame.lanes[0].states:
            await it.press("g")
        await it.shows(*words)
        forward, loss, apply = slow_motion
        await it.press("u")
        await it.shows("1 forward", "t = 0 of", forward)
        await it.press("pagedown")
        await it.shows("∂L/∂y_t", loss)
        await it.press("pagedown", "right", "right")
        await it.shows("‖∂L/∂h_t‖")
        await it.press("pagedown", "end")
        await it.shows("‖Δθ‖", apply)
        await it.press("enter")
        await it.step_is(3)

"""Keys at full speed, in bursts: nothing that can be pressed ends the lab, hangs it, or is caught by the last net."""

import os
import random
from itertools import chain

import pytest
from support.examples import EXAMPLES
from support.lab_driver import lab
from support.waiting import wait_until
from textual.events import Key, MouseDown, MouseMove, MouseUp, Paste

from rnn_tui.presets.store import find, load
from rnn_tui.ui.input.bindings import places
from rnn_tui.ui.widgets.folder_tree import FolderTree

SECONDS = 60.0  # for what a burst leads to, on a machine that is busy
NAMED = sorted({key for place in places().values() for b in place for key in b.key.split(",")} | {"tab", "shift+tab"})
HARMLESS = [key for key in [*NAMED, *"eiIjJ"] if key not in ("q", "ctrl+q")]  # what quits is another test
BURSTS = [
    ["ctrl+p", *"theme", "enter", "enter"],
    ["ctrl+p", *"keys", "enter", "p", *"echo"],
    ["ctrl+p", *"st", "pageup", "pagedown", "enter"],
    ["ctrl+p", "escape", "ctrl+p", "escape", "ctrl+p"],
    ["p", *"ec", "pagedown", "pageup", "enter"],
    ["p", "ctrl+p", *"keys", "enter", *"abc", "escape", "escape"],
    ["o", *"../", "enter", "down", "enter", "escape"],
    ["t", "ctrl+u", *"12", "enter", "enter"],
    ["x", "down", "escape", "d", "c", "escape", "u", "tab", "tab", "tab", "tab", "enter"],
    ["?", "pagedown", "escape", "z", "2", "z", "space"],
    ["A", "down", "enter", "1", "up", "X", "1"],
    ["1", "right", "D", "v", "9", "enter", "U", "v"],
    ["T", "i", *"ab", "enter", "m", "D", "escape"],
    ["4", "n", "y", "{", "z", "}", "0", "escape"],
    ["Y", "O", "l", "+", "down", "enter", "Y", "a", "Y"],
]
SPELLED = {"?": "question_mark", "{": "left_curly_bracket", "}": "right_curly_bracket"}


def key(name):
    character = {"space": " ", "enter": "\r", "question_mark": "?"}.get(name, name if len(name) == 1 else None)
    return Key(name, character)


def events(dice, size):
    """One key, one key many times, several, a burst that was found to hurt, pasted text, or a click."""
    kind = dice.random()
    if kind < 0.35:
        return [key(dice.choice(HARMLESS))]
    if kind < 0.45:
        return [key(dice.choice(HARMLESS))] * dice.randint(2, 12)
    if kind < 0.6:
        return [key(dice.choice(HARMLESS)) for _ in range(dice.randint(2, 12))]
    if kind < 0.9:
        return [key(SPELLED.get(name, name)) for name in dice.choice(BURSTS)]
    if kind < 0.93:
        return [Paste("".join(dice.choices("ab1./\n[]é", k=dice.randint(0, 30))))]
    x, y = dice.randrange(size[0]), dice.randrange(size[1])
    return [
        kind(None, x, y, 0, 0, button, False, False, False, screen_x=x, screen_y=y)
        for kind, button in ((MouseMove, 0), (MouseDown, 1), (MouseUp, 1))
    ]


@pytest.mark.parametrize("seed", range(int(os.environ.get("KEY_STORMS", "1"))))
@pytest.mark.parametrize("preset", ["echo", "text"])
async def test_no_key_at_any_speed_ends_the_lab(preset, seed, monkeypatch, tmp_path) -> None:
    monkeypatch.chdir(tmp_path)
    most = int(os.environ.get("KEY_STORM_EVENTS", EXAMPLES))
    dice = random.Random(f"{preset} {seed}")
    async with lab(load(find(preset)), drawn_at_once=True) as it:
        queue, count = it.app.terminal_events, 0
        while count < most:
            for event in chain.from_iterable(events(dice, it.app.size) for _ in range(dice.randint(1, 4))):
                queue.offer(event)
                count += 1
            if dice.random() < 0.05:
                await it.pilot.resize_terminal(dice.choice([1, 20, 60, 80, 120, 200]), dice.choice([1, 5, 24, 36, 60]))
            if dice.random() < 0.9:
                await wait_until(lambda: queue.idle, SECONDS)
            assert not it.app.bugs.text
            for tree in it.app.screen.query(FolderTree):  # not the whole disk
                tree.path = tmp_path
        await wait_until(lambda: queue.idle, SECONDS)
        await it.pilot.resize_terminal(120, 36)
        while it.app.screen is not it.app.lab:
            before = it.app.screen
            queue.offer(key("escape"))
            await wait_until(lambda before=before: it.app.screen is not before, SECONDS)
        queue.offer(key("end"))
        await wait_until(lambda: it.view.t == it.view.frame.length - 1, SECONDS)
        print(f"{preset} {seed}: {count:,} events, {it.app.delivery.overdue} not waited for to the end")

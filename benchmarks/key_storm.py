"""Send a storm of random keys to the lab in tmux: it must not end, hang, or have an internal error.

    python benchmarks/key_storm.py --seconds 60 --seeds 1 2 -- echo text cells

It sends single keys, bursts, pasted text, clicks, sizes and random bytes as fast as tmux takes them.  Keys that write
files write to a temporary folder.  Prints a line for each preset and seed; the exit code is 1 if a lab did not survive.
"""

import argparse
import os
import random
import subprocess
import sys
import tempfile
import time
from itertools import count
from pathlib import Path

NUMBERS = count()
SINGLE = [
    *"sSbBurtkKRlgampwoWxfy0dz123456hijnJcvT<>[]{}+-=?", " ", "\r", "\t", "\x7f", "\x1b", "\x10", "\x15", "\x12",
    "\x1a", "\x19", "\x13", "\x0f", "\x03", "\x1b[A", "\x1b[B", "\x1b[C", "\x1b[D", "\x1b[H", "\x1b[F", "\x1b[5~",
    "\x1b[6~", "\x1b[Z", "\x1b[1;2A", "\x1b[1;2B", "\x1b[1;5A",
]  # fmt: skip
BURSTS = [
    "\x10theme\r\r", "\x10keys\r", "\x10s\x1b[5~\x1b[6~\r", "\x10\x10\x10", "pec\x1b[5~\r", "p\x10keys\rabc",
    "t\x1512\r", "o../\r", "x\x1b[B\r", "u\t\t\t\t\r", "?\x1b[6~", "z2z", "\x1b[200~one\ntwo\x1b[201~",
    "0123456789" * 30, "s" * 200, "\x1bPqqq\x1b\\", "\x1b[1114112u", "\x1b[?62;1c", "\x1b[48;36;120;0;0t",
]  # fmt: skip


class Lab:
    """A lab in its own tmux server."""

    def __init__(self, preset: str, folder: Path) -> None:
        self._socket = f"rnn-tui-storm-{os.getpid()}-{next(NUMBERS)}"
        environment = ["env", "COLORTERM=truecolor", "TERM=xterm-256color", f"RNN_TUI_HOME={folder}"]
        program = [*environment, sys.executable, "-m", "rnn_tui", "-p", preset]
        line = f"cd {folder}; {subprocess.list2cmdline(program)}; echo left with $?; sleep 600"
        self.tmux("-f", "/dev/null", "new-session", "-d", "-x", "120", "-y", "36", line)

    def tmux(self, *words: str) -> str:
        command = ["tmux", "-L", self._socket, *words]
        return subprocess.run(command, capture_output=True, text=True, check=False, timeout=60).stdout

    def send(self, text: str) -> None:
        self.tmux("send-keys", "-H", *(f"{byte:02x}" for byte in text.encode("latin-1")))

    def shows(self, words: str, seconds: float = 60.0) -> bool:
        end = time.monotonic() + seconds
        while words not in (screen := self.tmux("capture-pane", "-p")) and time.monotonic() < end:
            if "left with" in screen:
                return "left with" in words
            time.sleep(0.05)
        return words in screen


def gust(dice: random.Random) -> str:
    """Return random input that is sent at once."""
    kind = dice.random()
    if kind < 0.3:
        return dice.choice(SINGLE)
    if kind < 0.6:
        return "".join(dice.choice(SINGLE) for _ in range(dice.randint(2, 40)))
    if kind < 0.9:
        return dice.choice(BURSTS)
    if kind < 0.95:
        return "".join(f"\x1b[<0;{dice.randint(1, 120)};{dice.randint(1, 40)}{state}" for state in "Mm")
    return "".join(chr(dice.randrange(128, 256)) for _ in range(dice.randint(1, 20)))


def storm(preset: str, seed: int, seconds: float) -> bool:
    dice, sent = random.Random(f"{preset} {seed}"), 0
    with tempfile.TemporaryDirectory() as name:
        lab = Lab(preset, Path(name))
        try:
            assert lab.shows("Quit"), "it did not start"
            end = time.monotonic() + seconds
            while time.monotonic() < end:
                text = "".join(gust(dice) for _ in range(dice.randint(1, 8)))
                lab.send(text)
                sent += len(text)
                if dice.random() < 0.05:
                    size = dice.choice([(20, 5), (80, 24), (120, 36), (200, 60)])
                    lab.tmux("resize-window", "-x", str(size[0]), "-y", str(size[1]))
            lab.tmux("resize-window", "-x", "120", "-y", "36")
            survived = _answers(lab) and _leaves(lab)
            print(
                f"{preset:<16} seed {seed}: {sent:,} bytes, {'survived' if survived else 'DID NOT SURVIVE'}", flush=True
            )
            if not survived:
                print(lab.tmux("capture-pane", "-p", "-S", "-200"), flush=True)
            return survived
        finally:
            lab.tmux("kill-server")


def _answers(lab: Lab) -> bool:
    """Tell if the lab leaves its dialogs and opens its help; a dialog may receive question marks before that."""
    for _ in range(30):
        lab.send("\x1b")
        time.sleep(0.5)  # otherwise escape and the next key would be one key with alt
        lab.send("?")
        if lab.shows("Watch a net with memory", 2):
            return True
    return False


def _leaves(lab: Lab) -> bool:
    """Tell if the lab ends on request with exit code 0, without an internal error."""
    for key in ("q", "q", "y", "y"):  # leave the help, then the lab, then confirm
        lab.send(key)
        if lab.shows("left with 0", 3):
            return True
    return False


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=60.0, help="duration of each storm")
    parser.add_argument("--seeds", type=int, nargs="+", default=[1])
    parser.add_argument("presets", nargs="*", default=["echo", "text", "cells"])
    options = parser.parse_args()
    done = [storm(preset, seed, options.seconds) for preset in options.presets for seed in options.seeds]
    return 0 if all(done) else 1


if __name__ == "__main__":
    sys.exit(main())

"""Lessons to test with."""

import tomllib
from pathlib import Path

from rnn_tui.ui.lessons import lesson_store
from rnn_tui.ui.lessons.lesson_document import parse
from rnn_tui.ui.lessons.lesson_store import LessonEntry

HEAD = """\
title = "The floor"
about = "A net without memory cannot get under a floor."
minutes = 3
preset = "echo"
"""
TRAIN = """
[[pages]]
text = "Press {run.play}. The RNN is at {lanes.RNN.held_out}."
show = "loss"
until = "step >= 3"
hint = "Press {run.step} for one update."
done = "Step {step}."
solution = "s s s"
"""
ROW = """
[[pages]]
text = "The gain is {lanes.RNN.gain}."
show = "lanes.RNN.gain"
"""
CHOICE = """
[[pages]]
text = "What does the FNN see?"
choices = [
  { answer = "three bits", say = "No, its window is 1." },
  { answer = "one bit", right = true, say = "Yes." },
]
solution = "J J N"
"""
PREDICTION = """
[[pages]]
text = "How often will the loss fall?"
choices = [
  { answer = "twice", say = "It fell less often." },
  { answer = "never", right = true, say = "Right." },
]
hint = "Has it learned anything yet?"
then = "Press {run.step} twice."
then_hint = "{run.back} goes back."
until = "action run.step 2 times"
solution = "J N s s"
"""
NUMBER = """
[[pages]]
text = "How many parameters has the RNN?"
number = { right = "lanes.RNN.parameters", say = "Yes.", wrong = "No: count the biases too." }
solution = "N 8 9 enter"
"""
PLACE = """
[[pages]]
text = "Go to the first time step that is scored."
place = { right = "cursor.t = 3", say = "Yes.", wrong = "That is t = {cursor.t}." }
solution = "right right right N"
"""
PLAIN = """
[[pages]]
text = "That is all."
"""
ALL = (TRAIN, CHOICE, PREDICTION, NUMBER, PLACE, PLAIN)


def lesson_of(*pages, head=HEAD):
    """The lesson with these pages; raises FileError."""
    return parse(tomllib.loads(head + "".join(pages)), "lesson.toml", "lesson", Path())


def written(home: Path, *pages: str, name: str = "mine") -> LessonEntry:
    """Write a lesson of the user's own."""
    path = home / "lessons" / f"{name}.toml"
    path.parent.mkdir(exist_ok=True)
    path.write_text(HEAD + "".join(pages), encoding="utf-8")
    return lesson_store.entry(name, path)

"""Importing the package changes nothing in the process, be it in a notebook; the program sets what it needs itself."""

import json
import os
import subprocess
import sys

import pytest

THREADS = {"OPENBLAS_NUM_THREADS", "GOTO_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "BLIS_NUM_THREADS"}
SET_BY_THE_PROGRAM = {"VECLIB_MAXIMUM_THREADS", "PYDANTIC_DISABLE_PLUGINS", "TEXTUAL_FPS"}

IMPORT_EVERYTHING = """
import gc, importlib, json, locale, os, pkgutil, signal, sys, threading, warnings
for name in {first}:
    importlib.import_module(name)

def process():
    state = {{
        "environment": dict(os.environ),
        "garbage collection": [gc.isenabled(), gc.get_threshold(), gc.get_freeze_count()],
        "signals": {{str(number): str(signal.getsignal(number)) for number in signal.valid_signals()}},
        "switch interval": sys.getswitchinterval(),
        "recursion limit": sys.getrecursionlimit(),
        "locale": locale.setlocale(locale.LC_ALL),
        "hooks": [str(sys.excepthook), str(sys.displayhook), str(threading.excepthook)],
        "streams": [sys.stdout.encoding, sys.stdout.errors],
        "folder": os.getcwd(),
        "threads": threading.active_count(),
    }}
    if "numpy" in {first}:
        import numpy as np
        state |= {{"numpy errors": np.geterr(), "numpy printing": str(np.get_printoptions())}}
        state |= {{"warnings": [str(each) for each in warnings.filters]}}
    return json.loads(json.dumps(state))

before = process()
import rnn_tui
names = [each.name for each in pkgutil.walk_packages(rnn_tui.__path__, "rnn_tui.") if each.name != "rnn_tui.__main__"]
for name in names:
    importlib.import_module(name)
after = process()
if "numpy" in {first}:
    import threadpoolctl
    after["BLAS threads"] = [each["num_threads"] for each in threadpoolctl.threadpool_info()]
print(json.dumps([len(names), before, after]))
"""

# what numpy and the others do to the process themselves is not ours; threadpoolctl, which sets a variable, comes later
OTHERS = ["numpy", "click", "pydantic", "rich", "textual.app", "textual.widgets", "safetensors", "tomlkit", "filelock"]
OTHERS += ["numba", "aiohttp.web", "textual_serve.app_service", "textual_serve.download_manager"]


def run(script, **environment):
    """What a new process prints, as JSON.  Of the tested variables it has those of ``environment`` alone."""
    inherited = {name: value for name, value in os.environ.items() if name not in THREADS | SET_BY_THE_PROGRAM}
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=False, timeout=120,
        stdin=subprocess.DEVNULL, env=inherited | environment,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


NUMPY_ALONE = """
import json, numpy, threadpoolctl
print(json.dumps([each["num_threads"] for each in threadpoolctl.threadpool_info()]))
"""


@pytest.mark.parametrize("first", [[], OTHERS], ids=["before-numpy", "after-numpy"])
def test_importing_every_module_changes_nothing_in_the_process(first):
    count, before, after = run(IMPORT_EVERYTHING.format(first=first))
    assert count > 150
    if first:
        before["BLAS threads"] = run(NUMPY_ALONE)
    assert after == before


STARTED = """
import json, os, sys, threadpoolctl
from rnn_tui import cli
sys.argv = ["rnn-tui", *{words}]
try:
    cli.main()
except SystemExit as end:
    assert not end.code, end.code
import numpy as np
np.ones((300, 300)) @ np.ones((300, 300))
libraries = [each for each in threadpoolctl.threadpool_info() if each["user_api"] == "blas"]
print("\\n" + json.dumps([[each["num_threads"] for each in libraries], dict(os.environ)]))
"""
TRAIN = ["train", "echo", "--steps", "1"]


def test_the_program_computes_in_one_blas_thread():
    threads, environment = run(STARTED.format(words=TRAIN))
    assert set(threads) == {1}
    assert environment["VECLIB_MAXIMUM_THREADS"] == "1"  # which Accelerate reads, and nothing else can set
    assert not THREADS & environment.keys()


@pytest.mark.parametrize("variable", ["OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"])
def test_a_number_of_threads_that_the_user_has_set_stays(variable):
    threads, _ = run(STARTED.format(words=TRAIN), **{variable: "2"})
    assert threads == run(NUMPY_ALONE, **{variable: "2"})  # 2, but for a machine with one core


def test_what_the_user_has_set_of_the_other_variables_stays():
    chosen = dict.fromkeys(SET_BY_THE_PROGRAM, "7")
    _, environment = run(STARTED.format(words=["--version"]), **chosen)
    assert {name: environment[name] for name in chosen} == chosen


LAB = """
import json, os, sys
from functools import partialmethod
from rnn_tui.ui.app import LabApp
import threadpoolctl
LabApp.run = partialmethod(LabApp.run, headless=True)
def ready(app):
    found = [each["num_threads"] for each in threadpoolctl.threadpool_info() if each["user_api"] == "blas"]
    print(json.dumps(found), file=sys.__stdout__, flush=True)
    os._exit(0)
LabApp.on_ready = ready
sys.argv = ["rnn-tui", *{words}]
from rnn_tui.cli import main
main()
"""


@pytest.mark.parametrize("words", [[], ["-p", "xor"]])
def test_the_lab_computes_in_one_blas_thread(words):
    assert set(run(LAB.format(words=words), TEXTUAL_DRIVER="textual.drivers.headless_driver:HeadlessDriver")) == {1}


def test_textual_paints_as_often_as_the_program_says():
    script = """
import sys
from rnn_tui import cli
cli.prepare_environment()
from textual import constants
print(constants.MAX_FPS)
"""
    assert run(script) == 120

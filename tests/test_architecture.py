"""The arrows of the house, proved by reading every import."""

import ast
import inspect
import re
import subprocess
import sys
import tomllib
from functools import cache
from importlib import import_module
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "rnn_tui"
SCHEMA = {"pydantic", "pydantic_core"}
SCREEN = {"rich", "textual", "textual_plot"}

# From the ground up.  A package may import those below it; what is on one floor does not import each other.
FLOORS = [
    {"rnn_tui", "errors", "number_format"},
    {"storage", "engine"},
    {"tasks"},
    {"interventions"},
    {"presets"},
    {"checkpoints"},
    {"session"},
    {"exports", "experiments"},
    {"ui"},
    {"cli"},
    {"__main__"},
]
# The same inside ``ui``.
UI_FLOORS = [
    {"render", "config", "shutdown", "glossary"},
    {"input"},
    {"widgets"},
    {"panels"},
    {"training"},
    {"dialogs", "slow_motion"},
    {"sweeps", "lessons"},
    {"lab"},
    {"guarded_app"},
    {"app"},
    {"headless_lab"},
    {"headless_lesson"},
]
TEXTUAL_INTERNALS = "ui.input.textual_internals"
READS_FILES = {
    "storage", "presets", "checkpoints", "ui", "cli", "tasks.own_data", "tasks.holdout", "experiments.sweep_folder",
    "experiments.sweep_results", "experiments.results_follower", "experiments.sweep_run", "experiments.worker_pool",
}  # fmt: skip
FILES = sorted(PACKAGE.rglob("*.py"))


def name_of(path):
    """rnn_tui/session/frame.py -> session.frame, rnn_tui/session/__init__.py -> session"""
    words = path.relative_to(PACKAGE).with_suffix("").parts
    return ".".join(words[:-1] if words[-1] == "__init__" else words) or "rnn_tui"


MODULES = {name_of(path): path for path in FILES}


@cache
def nodes_in(path):
    """All nodes of a file, which is read, parsed and walked once."""
    return list(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))


def nodes_of(module):
    return nodes_in(MODULES[module])


@cache
def calls_in(module):
    """What a module calls, as it is written there."""
    return {ast.unparse(node.func) for node in nodes_of(module) if isinstance(node, ast.Call)}


@cache
def imports_of(module):
    """Absolute names of all that a module imports anywhere in it, ``from package import module`` resolved."""
    found = set()
    for node in nodes_of(module):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{module}: imports are absolute"
            inner = {f"{node.module}.{alias.name}" for alias in node.names}
            found |= {name for name in inner if name.removeprefix("rnn_tui.") in MODULES} or {node.module}
    return found


def inner_imports(module):
    names = {name.removeprefix("rnn_tui.") for name in imports_of(module) if name.split(".")[0] == "rnn_tui"}
    assert names <= MODULES.keys(), f"{module} imports what is not there: {names - MODULES.keys()}"
    return names


def outer_imports(module):
    return {name.split(".")[0] for name in imports_of(module)} - {"rnn_tui"}


def floor(module):
    first = module.split(".")[0]
    (found,) = (i for i, names in enumerate(FLOORS) if first in names)
    return found


def for_each(modules):
    """One test over all these modules, which names each that fails: a test of its own for each would cost seconds."""

    def decorated(test):
        def all_of_them():
            problems = []
            for module in modules:
                try:
                    test(module)
                except AssertionError as error:
                    problems.append(f"{module}: {error}")
            assert not problems, "\n".join(problems)

        all_of_them.__name__ = test.__name__
        return all_of_them

    return decorated


every_module = for_each(MODULES)


@every_module
def test_an_import_may_skip_floors_downwards_but_never_climbs(module):
    for other in inner_imports(module):
        assert floor(other) <= floor(module), f"{module} climbs to {other}"


UI_MODULES = [name for name in MODULES if name.startswith("ui.")]


def ui_floor(module):
    room = module.split(".")[1]
    (found,) = (i for i, names in enumerate(UI_FLOORS) if room in names)
    return found, room


@for_each(UI_MODULES)
def test_inside_the_screen_no_import_climbs_or_goes_next_door(module):
    floor, room = ui_floor(module)
    for other in inner_imports(module):
        if other.startswith("ui."):
            below, next_door = ui_floor(other)
            assert below < floor or next_door == room, f"{module} climbs to {other}"


def test_no_import_leads_back_to_where_it_came_from():
    done, way = set(), []

    def walk(module):
        assert module not in way, " -> ".join([*way[way.index(module) :], module])
        if module in done:
            return
        way.append(module)
        for other in inner_imports(module):
            walk(other)
        done.add(way.pop())

    for module in MODULES:
        walk(module)


@for_each(["errors", "number_format"])
def test_what_everybody_imports_imports_nothing_of_the_house(module):
    assert inner_imports(module) == set()
    assert outer_imports(module) <= sys.stdlib_module_names


@every_module
def test_only_the_screen_and_the_command_line_know_the_terminal(module):
    if module.split(".")[0] not in ("ui", "cli"):
        assert not outer_imports(module) & SCREEN
        assert "click" not in outer_imports(module)


@for_each([name for name in MODULES if name.split(".")[0] == "engine"])
def test_the_engine_imports_numpy_and_what_has_no_clock_no_file_and_no_chance(module):
    compiler = {"numba"} if module == "engine.compiled.compiler" else set()
    assert outer_imports(module) <= sys.stdlib_module_names | {"numpy"} | compiler
    assert not outer_imports(module) & {"time", "datetime", "os", "io", "pathlib", "random", "secrets", "sys"}


@every_module
def test_nobody_draws_from_a_generator_that_all_share(module):
    assert "random" not in outer_imports(module)
    assert "secrets" not in outer_imports(module) or module == "cli.web.access"  # for a token, which is no sample
    drawn = {
        node.attr
        for node in nodes_of(module)
        if isinstance(node, ast.Attribute) and ast.unparse(node.value) in ("np.random", "numpy.random")
    }
    assert drawn <= {"Generator", "default_rng"}


@every_module
def test_only_the_screen_and_the_command_line_read_a_clock(module):
    if module.split(".")[0] not in ("ui", "cli"):
        assert not outer_imports(module) & {"time", "datetime"}


@every_module
def test_only_presets_and_data_reading_tasks_touch_files(module):
    if any(module == name or module.startswith(f"{name}.") for name in READS_FILES):
        return
    touching = {"pathlib", "io", "tempfile", "shutil", "glob"}
    if module.split(".")[0] == "exports":
        touching -= {"io"}  # for files in memory
    assert not outer_imports(module) & touching
    # for the environment, and for cores and processes
    asks_the_system = {"experiments.blas_threads", "experiments.worker_pool", "experiments.worker_process"}
    assert "os" not in outer_imports(module) or module in asks_the_system
    assert not calls_in(module) & {"open", "np.load", "np.save", "np.loadtxt", "np.savetxt", "np.fromfile"}


@for_each([name for name in MODULES if name.split(".")[0] == "ui"])
def test_the_screen_opens_no_file_itself(module):
    methods = {call.split(".")[-1] for call in calls_in(module)}
    assert "open" not in calls_in(module)
    assert not methods & {"read_text", "read_bytes", "write_text", "write_bytes", "unlink"}


@for_each([name for name in MODULES if name.startswith("ui.widgets")])
def test_a_widget_takes_arrays_and_knows_neither_frame_nor_session(module):
    assert not {name for name in inner_imports(module) if floor(name) > floor("engine") and not name.startswith("ui")}


@every_module
def test_neither_the_engine_nor_the_storage_knows_the_schema(module):
    if module.split(".")[0] in ("engine", "storage"):
        assert not outer_imports(module) & SCHEMA


def private_names_of_textual(kind):
    """Names with an underscore that are a matter of the classes of Textual which a class derives from."""
    bases = [base for base in kind.__mro__ if base.__module__.split(".")[0] == "textual"]
    return set().union(*map(private_names_of_class, bases))


@cache
def private_names_of_class(kind):
    path = Path(inspect.getfile(kind))
    (node,) = (node for node in nodes_in(path) if isinstance(node, ast.ClassDef) and node.name == kind.__name__)
    return {name for name in vars(kind) if is_private(name)} | assigned_to_self(ast.walk(node))


def is_private(name):
    return name.startswith("_") and not name.startswith("__")


def assigned_to_self(nodes):
    return {
        node.attr
        for node in nodes
        if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store) and ast.unparse(node.value) == "self"
        if is_private(node.attr)
    }


def defined_by(nodes):
    """The private names that a module or class makes: functions, variables, and attributes of self."""
    functions = {node.name for node in nodes if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)}
    variables = {node.id for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
    return {name for name in functions | variables if is_private(name)} | assigned_to_self(nodes)


def private_parts_used(module):
    """What a module uses or overrides of Textual that has no public name."""
    nodes, kinds, found = nodes_of(module), vars(import_module(f"rnn_tui.{module}")), set()
    own = defined_by(nodes) | {"_replace"}
    for node in nodes:
        if isinstance(node, ast.ImportFrom) and node.module and node.module.split(".")[0] == "textual":
            words = [*node.module.split("."), *(alias.name for alias in node.names)]
            found |= {word for word in words if is_private(word)}
        elif isinstance(node, ast.Attribute) and is_private(node.attr):
            owner = ast.unparse(node.value)
            known = owner in ("self", "cls", "os") or node.attr in own
            found |= set() if known else {f"{owner}.{node.attr}"}
        elif isinstance(node, ast.Call) and ast.unparse(node.func) in ("getattr", "setattr", "hasattr"):
            found |= {
                each.value for each in node.args if isinstance(each, ast.Constant) and is_private(str(each.value))
            }
    for node in nodes:
        if isinstance(node, ast.ClassDef) and isinstance(kind := kinds.get(node.name), type):
            inside = list(ast.walk(node))
            used = {each.attr for each in inside if isinstance(each, ast.Attribute) and is_private(each.attr)}
            found |= (used | defined_by(inside)) & private_names_of_textual(kind)
    return found


@for_each(UI_MODULES)
def test_one_module_uses_private_parts_of_textual(module):
    if sys.platform == "win32" and module == "ui.input.terminal_driver":
        return  # which is for POSIX
    assert bool(private_parts_used(module)) == (module == TEXTUAL_INTERNALS), private_parts_used(module)


def test_what_opens_the_lab_needs_nothing_from_outside():
    for module in ("cli", "cli.launch"):
        assert outer_imports(module) <= sys.stdlib_module_names


def test_every_import_from_outside_is_a_declared_dependency():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    extras = project["optional-dependencies"]
    lines = project["dependencies"] + extras["web"] + extras["figures"] + extras["cluster"] + extras["fast"]
    declared = {line.split(">")[0].strip().replace("-", "_") for line in lines}
    used = set().union(*map(outer_imports, MODULES)) - sys.stdlib_module_names
    used -= {"pydantic_core"}  # which comes with pydantic, at the version that this needs
    assert used == declared


def loaded_by(statement):
    script = f"import sys\n{statement}\nprint('\\n'.join(sys.modules))"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd="/")
    return {name.split(".")[0] for name in done.stdout.split()}, done.stdout.split()


def test_a_session_is_made_without_loading_the_screen():
    outer, _ = loaded_by("import rnn_tui.session.session")
    assert "numpy" in outer
    assert not outer & {*SCREEN, "click"}


FIRST_FRAME = """
import os
from functools import partialmethod
from rnn_tui.ui.app import LabApp
LabApp.run = partialmethod(LabApp.run, headless=True)
LabApp.on_ready = lambda app: (print("\\n".join(sys.modules), file=sys.__stdout__, flush=True), os._exit(0))
sys.argv = ["rnn-tui"] + {words}
from rnn_tui.cli import main
main()
"""


@pytest.mark.parametrize(("words", "parsed"), [([], False), (["-p", "xor"], True)])
def test_the_first_frame_waits_for_nothing_that_it_does_not_show(words, parsed, monkeypatch):
    monkeypatch.setenv("TEXTUAL_DRIVER", "textual.drivers.headless_driver:HeadlessDriver")
    outer, modules = loaded_by(FIRST_FRAME.format(words=words))
    assert {"textual", "numpy"} <= outer
    assert {"rnn_tui.ui.lab.screen", "rnn_tui.ui.panels.hidden_state"} <= set(modules)
    assert not outer & {"tomlkit", "safetensors", "textual_plot"}
    assert not {"rnn_tui.checkpoints.reader", "rnn_tui.checkpoints.writer"} & set(modules)
    assert ("click" in outer) is parsed


def test_the_listing_of_presets_loads_neither_the_screen_nor_the_session():
    outer, modules = loaded_by(
        "from rnn_tui.cli.app import lab; lab(['presets', '--json'], standalone_mode=False)"
    )  # fmt: skip
    assert "click" in outer
    assert not outer & {"textual", "textual_plot"}
    assert "rnn_tui.session.session" not in modules


# The tests.


TESTS = sorted((ROOT / "tests").rglob("*.py"))
MAY_USE_PRIVATE_NAMES = {
    "tests/support/textual_private.py",  # where the tests read the screen
    "tests/ui/input/test_textual_internals.py",  # which says what breaks when Textual has other parts
}
PUBLIC_ALL_THE_SAME = {"_replace", "_asdict", "_fields", "_exit"}  # of named tuples, and os._exit


def private_names_used(path):
    """Attributes with an underscore of anything but self and cls, as ``owner.name``."""
    if not re.search(r"\._[^_]", path.read_text(encoding="utf-8")):
        return set()  # most files, which need not be parsed
    return {
        f"{ast.unparse(node.value)}.{node.attr}"
        for node in nodes_in(path)
        if isinstance(node, ast.Attribute) and is_private(node.attr) and node.attr not in PUBLIC_ALL_THE_SAME
        if ast.unparse(node.value) not in ("self", "cls")
    }


@for_each(TESTS)
def test_a_test_asks_no_other_module_for_its_private_names(path):
    allowed = path.relative_to(ROOT).as_posix() in MAY_USE_PRIVATE_NAMES
    assert bool(private_names_used(path)) == allowed, private_names_used(path)


# Tests that are about more than one module; all others are named and placed after theirs.
TOPICS = {
    "test_benchmarks.py",
    "test_architecture.py", "test_claims.py", "test_data_bits.py", "test_docs.py", "test_imports.py", "test_skips.py",
    "checkpoints/test_run_files.py", "cli/test_interrupts.py", "engine/test_golden.py", "engine/test_invariances.py",
    "engine/test_torch.py", "presets/test_own_task.py", "seams/test_seams.py", "session/test_endurance.py",
    "session/test_truncation.py", "tasks/test_csv_cases.py", "ui/panels/test_comparison_situations.py",
    "ui/test_end_to_end.py", "ui/test_key_storm.py",
}  # fmt: skip


def test_a_test_file_stands_where_its_module_does():
    files = {path.relative_to(ROOT / "tests").as_posix() for path in TESTS if path.name.startswith("test_")}
    modules = {name.replace(".", "/") for name in MODULES}
    without = {name for name in files if name.removesuffix(".py").replace("test_", "") not in modules}
    assert without == TOPICS


FROM_SUPPORT = re.compile(r"^ *from support(?:\.| import )(\w+)", re.MULTILINE)


def test_what_tests_share_is_in_one_place_and_all_of_it_is_used():
    shared = {path.stem for path in TESTS if path.parent.name == "support"}
    used = {name for path in TESTS for name in FROM_SUPPORT.findall(path.read_text(encoding="utf-8"))}
    assert used == shared

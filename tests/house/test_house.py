"""The house: which way imports go, which rooms know no theory, and that a file has one sitting."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

import models
from models import theory

ROOT = Path(__file__).parents[2]
PACKAGES = ("models", "experiments", "analysis")
THEORIES = theory.names()
LONGEST = 400
# Rooms that know no theory.
NEUTRAL = ("models/engine", "experiments/run", "experiments/study", "analysis/drawing")
NEUTRAL += ("analysis/exporting",)
# What analysis may read of experiments: files and pure functions, never Brian2.
DATA = ("run.folder", "run.records", "run.command", "study.results", "measures")


def sources(*folders):
    return [path for folder in folders for path in sorted((ROOT / folder).rglob("*.py"))]


def imports(path):
    """Modules of ours that a file imports, anywhere in it."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{name.name}" for name in node.names)
        elif isinstance(node, ast.Import):
            yield from (name.name for name in node.names)


def ours(path):
    return {module for module in imports(path) if module.split(".")[0] in PACKAGES}


def test_this_is_the_project_beside_the_tests():
    assert Path(models.__file__).parents[1] == ROOT


def test_models_import_nothing_above_them():
    for path in sources("models"):
        assert all(module.startswith("models") for module in ours(path)), path


def test_experiments_do_not_import_analysis_but_for_the_door():
    for path in sources("experiments"):
        if path.name != "__main__.py":
            assert not [m for m in ours(path) if m.startswith("analysis")], path


def test_the_engine_imports_no_theory_and_a_theory_no_other_but_the_one_that_it_varies():
    for path in sources("models"):
        room = path.relative_to(ROOT / "models").parts[0]
        known = {m.split(".")[1] for m in ours(path) if m.count(".")} & set(THEORIES)
        may = {room, theory.find(room).varies} if room in THEORIES else set()
        assert known <= may, path


@pytest.mark.parametrize("room", NEUTRAL)
def test_a_room_that_serves_all_theories_names_none(room):
    names = re.compile(rf"\b({'|'.join(THEORIES)})\b(?!-)")
    for path in sources(room):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
            assert not names.search(line), f"{path.relative_to(ROOT)}:{number}: {line}"


def test_analysis_reads_files_and_never_loads_brian2():
    done = subprocess.run(
        [sys.executable, "-c", _LOAD], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == [], "modules that brought Brian2 in"


_LOAD = """
import importlib, pathlib, sys
for path in sorted(pathlib.Path("analysis").rglob("*.py")):
    name = ".".join(path.with_suffix("").parts).removesuffix(".__init__")
    if path.name == "__main__.py":
        continue
    importlib.import_module(name)
    if "brian2" in sys.modules:
        print(name)
        break
"""


def test_a_file_is_read_in_one_sitting():
    long = {}
    for path in sources(*PACKAGES, "benchmarks"):
        lines = len(path.read_text(encoding="utf-8").splitlines())
        if lines > LONGEST:
            long[str(path.relative_to(ROOT))] = lines
    assert not long


def test_each_page_has_a_name_of_its_own_and_says_what_it_asks():
    pages = {}
    for path in sources("experiments"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for node in tree.body:
            targets = node.targets if isinstance(node, ast.Assign) else ()
            if any(isinstance(t, ast.Name) and t.id == "page" for t in targets):
                assert path.stem not in pages, f"{path} and {pages[path.stem]}"
                assert (
                    ast.get_docstring(tree).splitlines()[0].rstrip(")").endswith(("?", ".", "?)"))
                )
                pages[path.stem] = path
    assert len(pages) > 15


def test_a_theory_and_its_questions_stand_in_rooms_of_one_name():
    for room in ("experiments", "analysis"):
        folders = {p.parent.name for p in (ROOT / room).glob("*/__init__.py")}
        shared = {"run", "study", "drawing", "exporting", "reporting"}
        assert folders - shared <= set(THEORIES)


def test_importing_changes_nothing_of_brian2(tmp_path):
    done = subprocess.run(
        [sys.executable, "-c", _GLOBALS], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "same"


_GLOBALS = """
import brian2
from brian2.core.functions import DEFAULT_FUNCTIONS
from brian2.devices import all_devices
def now():
    made = set(DEFAULT_FUNCTIONS["rand"].implementations._implementations)
    return set(all_devices), made, brian2.prefs.as_file, brian2.get_device()
before = now()
from models import theory
for name in theory.names():
    theory.find(name)
print("same" if now() == before else now())
"""


def test_every_module_has_a_docstring():
    for path in sources(*PACKAGES):
        assert ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))), path

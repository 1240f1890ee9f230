"""Tutorials are true: their files are written, their commands run, what they show is compared."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CELL, THEORY = (ROOT / "docs" / name for name in ("tutorial.md", "theory_tutorial.md"))
FENCE = re.compile(r"^```(\w+)(?: (\S+))?\n(.*?)^```$", re.MULTILINE | re.DOTALL)
PYTHON = ".venv/bin/python "
PROJECT = ("models", "experiments", "analysis", "tests", "setup.cfg")


def follow(page, folder):
    """Follow a tutorial in a copy of the project; returns what it says, beside what was printed.

    A block of Python with a name is a file; of a block for the shell, all lines but ``make`` are
    run; one with ``wrong`` in it is refused.
    """
    for name in PROJECT:
        source = ROOT / name
        copy = shutil.copytree if source.is_dir() else shutil.copy
        copy(source, folder / name)
    said, output = [], ""
    environment = os.environ | {"PYTHONPATH": str(folder), "MPLBACKEND": "agg"}
    for kind, name, body in FENCE.findall(page.read_text()):
        if kind == "python":
            (folder / name).write_text(body)
        elif kind == "sh":
            output = ""
            for line in body.splitlines():
                if line.startswith("make "):
                    continue
                words = line.replace(PYTHON, f"{sys.executable} ")
                done = subprocess.run(
                    words, shell=True, cwd=folder, env=environment, capture_output=True, text=True
                )
                wrong = "wrong" in line
                told = f"{line}\n{done.stdout}\n{done.stderr}"
                assert done.returncode == (2 if wrong else 0), told
                output += done.stdout + done.stderr
        elif kind == "text":
            said.append((body, output))
    return said


def check(said):
    """All that a tutorial says will be printed is printed."""
    assert len(said) > 3
    for expected, output in said:
        for line in expected.splitlines():
            assert line.rstrip() in output, f"{line!r} is not in\n{output}"


@pytest.fixture(scope="module")
def cell(tmp_path_factory):
    """A folder in which someone has followed the first tutorial, and what was printed."""
    folder = tmp_path_factory.mktemp("cell")
    return folder, follow(CELL, folder)


@pytest.fixture(scope="module")
def theory(tmp_path_factory):
    """The same with the second."""
    folder = tmp_path_factory.mktemp("theory")
    return folder, follow(THEORY, folder)


def test_what_the_first_says_will_be_printed_is_printed(cell):
    check(cell[1])


def test_what_the_second_says_will_be_printed_is_printed(theory):
    check(theory[1])


def test_its_cell_is_one_short_file_that_trains_records_draws_and_exports(cell):
    folder, _ = cell
    assert len((folder / "all_or_none.py").read_text().splitlines()) < 20
    run = folder / "runs" / "all_or_none"
    for made in (
        "result.json",
        "records.h5",
        "report.html",
        "figures/learning_curve.png",
        "figures/voltages.png",
        "figures/raster.png",
        "export/records.nwb",
    ):
        assert (run / made).stat().st_size > 0, made
    results = folder / "mine" / "segregated"
    table = (results / "compare_variants" / "compare_variants.md").read_text()
    assert "| all or none | digits | 5 | 3 |" in table
    assert (results / "cell_bench" / "all_or_none.png").stat().st_size > 0


def test_its_theory_is_one_file_of_40_lines_that_trains_records_draws_and_has_a_name(theory):
    folder, _ = theory
    assert len((folder / "node_perturbation.py").read_text().splitlines()) <= 40
    for made in (
        "np/result.json",
        "np/records.h5",
        "np/report.html",
        "np/figures/learning_curve.png",
        "np/figures/weights.png",
        "named/result.json",
    ):
        assert (folder / "runs" / made).stat().st_size > 0, made


@pytest.mark.parametrize("page", (CELL, THEORY), ids=lambda page: page.stem)
def test_its_files_have_names_that_its_text_says(page):
    text = page.read_text()
    for kind, name, _ in FENCE.findall(text):
        if kind == "python":
            assert f"`{name}`" in text, name

"""The tutorial is true: its files are written, its commands run, what it shows is compared."""

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

PAGE = Path(__file__).parent.parent / "docs" / "tutorial.md"
FENCE = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@pytest.fixture(scope="module")
def followed(tmp_path_factory):
    """A folder in which someone has followed the tutorial, and what each output said."""
    folder, said, output = tmp_path_factory.mktemp("tutorial"), [], ""
    root = PAGE.parent.parent
    environment = os.environ | {"PYTHONPATH": str(root), "MPLBACKEND": "agg"}
    for kind, body in FENCE.findall(PAGE.read_text()):
        if kind == "python":
            name = body.splitlines()[0].removeprefix("# ")
            (folder / name).write_text(body)
        elif kind == "sh":
            output = ""
            for line in body.splitlines():
                if line.startswith(".venv/bin/python "):
                    words = [sys.executable, *shlex.split(line)[1:]]
                    done = subprocess.run(
                        words, cwd=folder, env=environment, capture_output=True, text=True
                    )
                    wrong = "wrong.py" in line
                    assert done.returncode == (2 if wrong else 0), f"{line}\n{done.stderr}"
                    output += done.stdout + done.stderr
        elif kind == "text":
            said.append((body, output))
    return folder, said


def test_what_it_says_will_be_printed_is_printed(followed):
    _, said = followed
    assert len(said) > 3
    for expected, output in said:
        for line in expected.splitlines():
            assert line.rstrip() in output


def test_its_cell_is_one_short_file_that_trains_records_draws_and_exports(followed):
    folder, _ = followed
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
    table = (folder / "mine" / "compare_variants" / "compare_variants.md").read_text()
    assert "| all or none | digits | 5 | 3 |" in table


def test_its_pictures_are_there():
    pictures = re.findall(r"!\[[^]]+\]\((\S+)\)", PAGE.read_text())
    assert pictures
    for picture in pictures:
        assert (PAGE.parent / picture).stat().st_size > 10_000

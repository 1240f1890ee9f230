"""What the Makefile installs, and when."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


@pytest.fixture
def make(tmp_path):
    """Run make with a Python that only notes what it is asked for; returns what was installed."""
    shutil.copy(ROOT / "Makefile", tmp_path)
    (tmp_path / "setup.cfg").touch()
    (tmp_path / "scripts").mkdir()
    notes = tmp_path / "notes"
    python = f'#!/bin/sh\necho "$@" >> {notes}\n'
    stub = (
        python
        + f'for last; do :; done\nmkdir -p "$last/bin" && cp {tmp_path}/inner "$last/bin/python"\n'
    )
    for name, text in (
        ("outer", stub),
        ("inner", python),
        ("scripts/find_compiler", "#!/bin/sh\n"),
    ):
        (tmp_path / name).write_text(text)
        (tmp_path / name).chmod(0o755)
    (tmp_path / "scripts" / "find_python").write_text(f"#!/bin/sh\necho {tmp_path}/outer\n")
    (tmp_path / "scripts" / "find_python").chmod(0o755)

    def run(*targets):
        notes.write_text("")
        subprocess.run(["make", *targets], cwd=tmp_path, check=True, capture_output=True)
        lines = notes.read_text().splitlines()
        return [line.split()[-1] for line in lines if "pip install" in line or "venv" in line]

    return run


@pytest.mark.skipif(not shutil.which("make"), reason="there is no make")
def test_make_installs_what_is_needed_and_nothing_twice(make, tmp_path):
    assert make("demo") == [".venv", ".[export]"]
    assert make("demo") == make("bench") == make("figures") == []
    assert make("test") == [".[test]"]
    assert make("demo") == make("test") == make("lint") == make("docs") == []
    shutil.rmtree(tmp_path / ".venv")
    assert make("test") == [".venv", ".[test]"]
    assert make("demo") == make("test") == []
    os.utime(tmp_path / "setup.cfg")
    assert make("demo") == [".[export]"]
    assert make("lock") == [".[release]"]
    assert make("test-versions") == []

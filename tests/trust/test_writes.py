"""A write that fails, or a power cut, loses nothing; all of them: ``benchmarks.trust.writes``."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.skipif(sys.platform != "linux", reason="preloads a library of Linux's C library")
def test_no_failing_write_and_no_power_cut_loses_anything():
    words = [sys.executable, "-m", "benchmarks.trust.writes", "--every", "31"]
    done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert len(done.stdout.splitlines()) == 4

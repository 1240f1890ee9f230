"""Short forms of the long attacks of ``benchmarks.trust``."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def attack(name, *words):
    """Run a short form of a long attack, in a process of its own: it changes what it attacks."""
    words = [sys.executable, "-m", f"benchmarks.trust.{name}", *words]
    done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stdout.splitlines()


@pytest.mark.skipif(sys.platform != "linux", reason="preloads a library of Linux's C library")
def test_no_failing_write_and_no_power_cut_loses_anything():
    assert len(attack("writes", "--every", "83")) == 4


def test_in_any_order_of_training_killing_and_damage_nothing_is_lost():
    assert attack("machine", "--steps", "400")

"""Do the Pythons and packages that setup.cfg promises pass the tests, and learn the same?

    make test-versions                  # all, some 15 minutes on two free cores
    make test-versions ONLY="lowest"

Each environment is made anew in ``build/versions/<name>``, apart from ``.venv``, and then:

- the lowest one must hold exactly the floors of setup.cfg: a floor that another package forbids is
  none;
- the tests below pass, of which each needs a package of ours at its interface;
- two small runs, one with spikes and one in mini-batches, end with weights that are those of the
  first environment to the bit.

Exit status: 0 if all of it holds, 1 if not (a line for each failure), 2 if an environment cannot be
made.
"""

import argparse
import importlib.metadata
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import numpy as np
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).resolve().parents[1]
PLACE = ROOT / "build" / "versions"
PROJECT = "segregated-dendrites"
OURS = ("--editable", ".[test]")
LOCKED = ("--require-hashes", "-r", "requirements.lock")


class Environment(NamedTuple):
    """A Python, what is asked of the installer (a call for each tuple of words), further tests."""

    python: str
    calls: tuple
    more: tuple = ()


SITE = ("tests/house/test_docs.py",)  # takes as long as all others: where its packages are others
THE_PROJECT_ALONE = ("--no-deps", "--no-build-isolation", "--editable", ".")
ENVIRONMENTS = {
    "3.12": Environment("3.12", (LOCKED, THE_PROJECT_ALONE)),
    "3.13": Environment("3.13", (LOCKED, THE_PROJECT_ALONE)),  # the first with Brian2 2.11
    "lowest": Environment("3.12", (("--resolution", "lowest-direct", *OURS),), SITE),
    "newest": Environment("3.13", (("--upgrade", *OURS),), SITE),
}
TESTS = {  # and the packages that they need
    "tests/engine/test_program.py": "Brian2, compiled and in runtime mode",
    "tests/engine/test_circuit.py": "Brian2: pathways, moments and events",
    "tests/run/test_records.py": "h5py",
    "tests/run/test_data.py": "scikit-learn's digits, pooch",
    "tests/study/test_comparison.py": "SciPy's tests of differences",
    "tests/segregated/test_representations.py": "scikit-learn's t-SNE, threadpoolctl",
    "tests/analysis/test_figures.py": "Matplotlib",
    "tests/analysis/test_export.py": "the packages of exports, and those that check and read them",
    "tests/trust/test_attacks.py::"
    "test_in_any_order_of_training_killing_and_damage_nothing_is_lost": "Hypothesis",
}
THEORIES = ("segregated", "equilibrium")
RUN = ("--preset", "digits", "--epochs", "1", "--train-examples", "360", "--seed", "1")


def main(arguments=None):
    """Run from the command line; returns the exit status."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--only", nargs="*", choices=ENVIRONMENTS, metavar="NAME")
    names = parser.parse_args(arguments).only or list(ENVIRONMENTS)
    failures, first = [], None
    for name in names:
        try:
            python = made(name)
        except subprocess.CalledProcessError as error:
            print(f"{name}: {' '.join(map(str, error.cmd))} failed", file=sys.stderr)
            return 2
        installed = packages(python)
        if name == "lowest":
            failures += [f"{name}: {line}" for line in untrue(installed)]
        words = ("-m", "pytest", "-q", "-p", "no:cacheprovider", "-W", "ignore")
        failures += failed(name, python, *words, *TESTS, *ENVIRONMENTS[name].more)
        failures += failed(name, python, "-m", "ruff", "check", ".")
        found = {theory: weights(name, python, theory) for theory in THEORIES}
        first = first or found
        others = [
            theory for theory in THEORIES if not found[theory] or found[theory] != first[theory]
        ]
        failures += [f"{name}: {theory} learned other weights" for theory in others]
        about = ", ".join(f"{key} {installed[key]}" for key in ("brian2", "numpy", "scipy"))
        print(f"== {name}: Python {ENVIRONMENTS[name].python}, {about}", flush=True)
    print("\n".join(failures) or f"{', '.join(names)}: all pass, and learn the same to the bit")
    return 1 if failures else 0


def made(name):
    """An environment, made anew; returns its Python."""
    folder, about = PLACE / name, ENVIRONMENTS[name]
    find = [ROOT / "scripts" / "find_python", about.python]
    python = subprocess.run(find, check=True, stdout=subprocess.PIPE, text=True).stdout.strip()
    installer = [sys.executable, "-m", "uv", "--quiet"]
    shutil.rmtree(folder, ignore_errors=True)
    subprocess.run([*installer, "venv", "--python", python, folder], check=True)
    inside = folder / "bin" / "python"
    for words in about.calls:
        install = [*installer, "pip", "install", "--python", inside, *words]
        subprocess.run(install, cwd=ROOT, check=True)
    return inside


def packages(python):
    """What is installed: name -> version."""
    words = [sys.executable, "-m", "uv", "--quiet", "pip", "list", "--python", python]
    said = subprocess.run([*words, "--format", "json"], check=True, stdout=subprocess.PIPE).stdout
    return {canonicalize_name(one["name"]): one["version"] for one in json.loads(said)}


def untrue(installed):
    """Floors of setup.cfg that are not what is installed where each is asked for."""
    for text in importlib.metadata.requires(PROJECT):
        wanted = Requirement(text)
        name = canonicalize_name(wanted.name)
        floor = next((s.version for s in wanted.specifier if s.operator == ">="), None)
        if floor and name in installed and Version(floor) != Version(installed[name]):
            yield f"{name}>={floor} is not true: {installed[name]} is the lowest that goes"


def failed(name, python, *words):
    """A list of one line if a command fails, else of none."""
    done = subprocess.run([python, *words], cwd=ROOT, env=surroundings())
    return [f"{name}: {' '.join(words[:3])} failed"] if done.returncode else []


def weights(name, python, theory):
    """What a small run of a theory learns: name -> bytes; None if it fails."""
    out = PLACE / "runs" / name / theory
    shutil.rmtree(out, ignore_errors=True)
    words = ("-m", "experiments.train", "--theory", theory, *RUN, "--out", str(out))
    if failed(name, python, *words):
        return None
    with np.load(out / "weights" / "checkpoint.npz", allow_pickle=False) as found:
        return {key: found[key].tobytes() for key in found}


def surroundings():
    """The environment of commands: compiled networks are shared by what they are compiled from."""
    return os.environ | {"SEGREGATED_DENDRITES_CACHE": str(PLACE / "cache")}


if __name__ == "__main__":
    sys.exit(main())

"""What is said of packages: the lock holds what setup.cfg asks for, and catalogues are told."""

import configparser
import importlib.util
import re
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
PYTHONS = ("3.12", "3.13")
RELEASE = re.compile(r"^([A-Za-z0-9._-]+)==(\S+)(?: ; (.*?))? \\$", re.MULTILINE)


def asked():
    """What ``make setup`` installs, by setup.cfg: the project and what its tests need."""
    read = configparser.ConfigParser()
    read.read(ROOT / "setup.cfg")
    extras = read["options.extras_require"]
    lines = read["options"]["install_requires"], *(extras[e] for e in ("test", "docs", "export"))
    lines = [line for part in lines for line in part.split("\n") if line and line[0] != "#"]
    return [one for one in map(Requirement, lines) if one.name != read["metadata"]["name"]]


@pytest.mark.parametrize("python", PYTHONS)
def test_the_lock_has_one_release_of_each_package_that_is_asked_for(python):
    here = {"python_version": python, "python_full_version": f"{python}.0"}
    locked = {}
    for name, version, marker in RELEASE.findall((ROOT / "requirements.lock").read_text()):
        if not marker or Requirement(f"{name} ; {marker}").marker.evaluate(here):
            assert locked.setdefault(name, version) == version, f"two releases of {name}"
    wanted = asked()
    assert len(wanted) > 20
    for one in wanted:
        assert locked.get(canonicalize_name(one.name)) in one.specifier, f"{one}: run make lock"


def test_the_lock_has_hashes_and_names_no_host_and_no_folder():
    text = (ROOT / "requirements.lock").read_text()
    for release in re.findall(r"^[^#\s].*\n.*", text, re.MULTILINE):
        assert RELEASE.match(release) and "\n    --hash=sha256:" in release, release
    assert "/" not in text and "index" not in text


def test_what_catalogues_are_told_is_up_to_date():
    path = ROOT / "scripts" / "codemeta.py"
    spec = importlib.util.spec_from_file_location("codemeta", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    assert (ROOT / "codemeta.json").read_text() == module.codemeta(), "run make codemeta"

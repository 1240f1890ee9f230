"""The site can be built without a warning, and has a page for each model."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from models.engine import cell as neuron
from models.segregated import variants

for package in ("sphinx", "myst_parser", "furo"):
    pytest.importorskip(package)
ROOT = Path(__file__).parents[1]
MADE = ("models", "api", "_build")


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """The site, built beside the project: nothing is written into its folder."""
    folder = tmp_path_factory.mktemp("docs")
    shutil.copytree(ROOT / "docs", folder / "docs", ignore=shutil.ignore_patterns(*MADE))
    for name in {path.name for path in ROOT.iterdir() if path.name[0] != "."} - {"docs"}:
        (folder / name).symlink_to(ROOT / name)
    words = ["-m", "sphinx", "-W", "--keep-going", "-q", "-b", "html", "docs", "html"]
    environment = os.environ | {"PYTHONDONTWRITEBYTECODE": "1"}
    built = subprocess.run(
        [sys.executable, *words], cwd=folder, env=environment, capture_output=True, text=True
    )
    assert (built.returncode, built.stderr) == (0, "")
    return folder / "html"


def test_each_variant_has_a_page_with_its_docstring_its_equations_and_its_file(site):
    index = (site / "models" / "index.html").read_text()
    for name in variants.names():
        html = (site / "models" / f"{name}.html").read_text()
        page = re.sub("<[^>]*>", "", html)  # without the colours of code
        assert f'href="{name}.html"' in index and f"<h1>{name}<" in html
        assert r"\begin{aligned}" in page and "pulls V towards" in page and "NEURON" in page


def test_the_modules_show_their_docstrings(site):
    page = (site / "api" / "models.neuron.html").read_text()
    assert neuron.__doc__ in page and neuron.Neuron.__doc__.splitlines()[0] in page
    assert 'id="models.neuron.Neuron.vary"' in page


def test_links_of_the_readme_lead_to_pages_of_the_site(site):
    page = (site / "results.html").read_text()
    assert 'href="api/experiments.depth.html"' in page

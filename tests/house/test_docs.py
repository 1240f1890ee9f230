"""The site is built without a warning, with a page for each theory and cell; links lead on."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from models import theory
from models.engine import cell
from models.segregated import variants
from tests.browser import too_wide

ROOT = Path(__file__).parents[2]
MADE = ("models", "api", "_build")
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]
LINK = re.compile(r"\]\((?!https?:)([^)\s#]+)")


def test_the_readme_is_short():
    assert (ROOT / "README.md").stat().st_size <= 8000


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_and_pictures_lead_to_files(page):
    for link in LINK.findall(page.read_text()):
        target = page.parent / link
        if target.parent.name not in MADE:  # which the site writes; building it checks them
            assert target.exists(), link


def test_pages_of_the_site_take_nothing_from_the_readme():
    for page in PAGES[2:]:
        assert "../README" not in page.read_text(), page


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """The site, built beside the project: nothing is written into its folder."""
    for package in ("sphinx", "myst_nb", "furo"):
        pytest.importorskip(package)
    folder = tmp_path_factory.mktemp("docs")
    shutil.copytree(ROOT / "docs", folder / "docs", ignore=shutil.ignore_patterns(*MADE))
    for name in {path.name for path in ROOT.iterdir() if path.name[0] != "."} - {"docs"}:
        (folder / name).symlink_to(ROOT / name)
    words = ["-m", "sphinx", "-W", "--keep-going", "-q", "-b", "html", "docs", "html"]
    words += ["-D", "nb_execution_mode=off"]  # tests/test_workbench.py runs the notebook
    environment = os.environ | {"PYTHONDONTWRITEBYTECODE": "1"}
    built = subprocess.run(
        [sys.executable, *words], cwd=folder, env=environment, capture_output=True, text=True
    )
    assert (built.returncode, built.stderr) == (0, "")
    return folder / "html"


def shown(path):
    """A page's text, without the colours of code."""
    return re.sub("<[^>]*>", "", path.read_text())


def test_each_theory_has_a_page_with_its_presets_its_code_and_its_options(site):
    index = (site / "models" / "index.html").read_text()
    for name in theory.names():
        page, found = shown(site / "models" / f"{name}.html"), theory.find(name)
        assert f'href="{name}.html"' in index
        assert found.about.splitlines()[0].split(":")[0] in page
        assert all(preset in page for preset in found.presets) and "order within a step" in page
        assert "what is learned, and what may be recorded" in page


def test_each_variant_has_a_page_with_its_docstring_its_equations_and_its_file(site):
    index = (site / "models" / "variants.html").read_text()
    for name in variants.names():
        html = (site / "models" / f"{name}.html").read_text()
        page = shown(site / "models" / f"{name}.html")
        assert f'href="{name}.html"' in index and f"<h1>{name}<" in html
        assert r"\begin{aligned}" in page and "somatic potential" in page and "HIDDEN" in page


def test_the_modules_show_their_docstrings(site):
    page = (site / "api" / "models.engine.cell.html").read_text()
    assert cell.__doc__ in page and cell.Cell.__doc__.splitlines()[0] in page
    assert 'id="models.engine.cell.Cell.vary"' in page
    index = (site / "api" / "index.html").read_text()
    pages = {path.name for path in (site / "api").glob("*.html")} - {"index.html"}
    assert len(pages) > 100 and all(f'href="{name}"' in index for name in pages)


def test_numbers_and_figures_come_from_the_results(site):
    speed, results = shown(site / "speed.html"), shown(site / "results.html")
    assert "784-500-10" in speed and "fill:" not in speed + shown(site / "claims.html")
    assert "All results" in results and "experiments depth --only" in results
    drawn = {path.stem for path in (ROOT / "results").glob("*/*/*.png")}
    figures = (site / "figures.html").read_text()
    pages = {path.parent.name for path in (ROOT / "results").glob("*/*/page.json")}
    for name in pages & drawn:
        assert f"{name}.png" in figures, name


SEEN = ("index", "tutorial", "theory_tutorial", "use", "figures", "results", "models/segregated")


def test_no_page_is_wider_than_a_phone(site, tmp_path):
    assert too_wide([site / f"{name}.html" for name in SEEN], tmp_path) == []

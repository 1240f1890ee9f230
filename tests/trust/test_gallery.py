"""Strangers' run folders; with all commands: ``benchmarks.trust.gallery``."""

import pytest

from tests.trust import gallery


@pytest.fixture(scope="module")
def base(tmp_path_factory):
    path = tmp_path_factory.mktemp("gallery") / "good"
    gallery.good(path)
    return path


def test_a_good_folder_is_read_by_all_commands(base, tmp_path):
    run, outside = gallery.invite(base, tmp_path / "place", "nobody")
    assert not gallery.visit(run, outside)
    assert (run / "report.html").exists() and len(list((run / "export").iterdir())) == 3


@pytest.mark.parametrize("name", gallery.STRANGERS)
def test_nothing_outside_a_strangers_folder_is_read_written_or_run(base, tmp_path, name):
    run, outside = gallery.invite(base, tmp_path / "place", name)
    figures = ("raster",) if "figure" in name else ()
    assert not gallery.visit(run, outside, ("export csv", *figures))

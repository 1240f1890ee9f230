"""What lasts, such as plateaus, has a beginning and an end in exports and rasters."""

import numpy as np
import pytest

from analysis import export, raster
from analysis.drawing.writing import plt
from analysis.exporting.recorded import load
from analysis.intervals import paired
from experiments.run.folder import RunFolder
from tests.analysis.runs import PHASES, SPIKES, write_model, write_records

LAST = np.array([106, 207])  # ms: when images end
# Cell 3 has two; cell 1 is cut by its image's end, and its second begins in the next image.
BEGINS = [3, 1, 3, 1], [10.0, 90.0, 60.0, 120.0]
ENDS = [3, 3, 1], [29.0, 79.0, 139.0]
PLATEAUS = {(3, 10, 29), (3, 60, 79), (1, 90, 106), (1, 120, 139)}


NONE = [], []


@pytest.fixture
def run(tmp_path):
    return folder(tmp_path, BEGINS, ENDS)


def folder(tmp_path, begins, ends):
    """A run folder with openings and their ends."""
    found = {"spikes": SPIKES, "openings": {"hidden_0": begins}, "opening_ends": {"hidden_0": ends}}
    records = {
        (kind, name, variable): np.array(values, dtype=dtype)
        for kind, populations in found.items()
        for name, times in populations.items()
        for variable, values, dtype in zip("it", times, ("i4", float), strict=True)
    }
    run = RunFolder(tmp_path / "run")
    run.write_json("config.json", {"dataset": "tiny", "layers": (6, 10), "seed": 1})
    run.write_json("provenance.json", {"packages": {}})
    write_model(run)
    write_records(run, records=records)
    return run


def test_each_beginning_goes_with_the_next_end_of_its_cell_or_its_images_end():
    begins, ends = ([np.array(values) for values in both] for both in (BEGINS, ENDS))
    cell, start, stop = paired(begins, ends, LAST)
    assert set(zip(cell, start, stop, strict=True)) == PLATEAUS
    assert (np.diff(start) > 0).all()
    none = np.zeros(0, int), np.zeros(0)
    assert [len(values) for values in paired(none, none, LAST)] == [0, 0, 0]
    assert paired(begins, none, LAST)[2].tolist() == [106, 106, 106, 207]


def test_they_are_intervals_in_nwb_and_epochs_in_neo(run):
    pynwb = pytest.importorskip("pynwb", reason="the extra `export` is not installed")
    with pynwb.NWBHDF5IO(str(export.export(run, "nwb")[0]), "r") as io:
        table = io.read().intervals["openings"]
        rows = zip(table["cell"], table["start_time"], table["stop_time"], strict=True)
        assert {(c, round(1e3 * a), round(1e3 * b)) for c, a, b in rows} == PLATEAUS
        assert set(table["population"]) == {"hidden_0"}
    from neo.io import NeoMatlabIO

    block = NeoMatlabIO(str(export.export(run, "neo")[0])).read_block()
    found = set()
    for segment, (first, *_) in zip(block.segments, PHASES[::2], strict=True):
        (epoch,) = (epoch for epoch in segment.epochs if epoch.name == "openings")
        assert epoch.annotations["population"] == "hidden_0"
        times, lasting = (x.rescale("ms").magnitude for x in (epoch.times, epoch.durations))
        assert (times >= first).all()
        found |= set(zip(epoch.labels.astype(int), times, times + lasting, strict=True))
    assert found == PLATEAUS


def test_a_raster_has_a_bar_for_each_in_its_cells_row(run):
    figure = raster.draw(run)
    hidden = next(ax for ax in figure.axes if ax.get_ylabel() == "hidden 0")
    (bars,) = (c for c in hidden.collections if c.get_label() == "openings")
    found = {(a[1], a[0], b[0]) for a, b in bars.get_segments()}
    plt.close(figure)
    assert found == PLATEAUS


def test_times_without_ends_are_no_intervals(run):
    assert load(run).intervals().keys() == {"openings"}


def test_what_never_happened_is_exported_and_drawn_all_the_same(tmp_path):
    run = folder(tmp_path, NONE, NONE)
    pynwb = pytest.importorskip("pynwb", reason="the extra `export` is not installed")
    with pynwb.NWBHDF5IO(str(export.export(run, "nwb")[0]), "r") as io:
        file = io.read()
        assert "openings" not in file.intervals
        assert not {"opening_times", "opening_end_times"} & set(file.units.colnames)
    export.export(run, "neo")
    figure = raster.draw(run)
    assert not any(ax.get_legend() for ax in figure.axes)
    plt.close(figure)

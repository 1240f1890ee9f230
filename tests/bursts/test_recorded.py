"""What a page's bursting cells did comes back from each format: spikes, events and bursts."""

import csv

import h5py
import numpy as np
import pytest

from analysis import export, report
from analysis.exporting.recorded import load
from experiments.bursts import burst_coding
from experiments.bursts.burst_steering import joined
from experiments.firing import BURST, EVENT, firing, parsed
from experiments.run import marks
from experiments.run.folder import RunFolder
from experiments.workbench import read
from models.bursts.ensemble import network
from tests.bursts.test_firing import agrees

KINDS = {"event": EVENT, "burst": BURST}
CELLS, LASTS = 20, 300.0  # of --smoke; ms


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """A run folder that the page wrote."""
    root = tmp_path_factory.mktemp("page")
    words = ["--smoke", "--only", "steps", "--runs", str(root), "--results", str(root / "results")]
    words += ["--record", "spikes", "events", "bursts", "potentials", "--record-neurons", *"134"]
    assert burst_coding.page.main(words) == 0
    return RunFolder(root / "smoke" / "bursts" / "burst_coding" / "steps")


@pytest.fixture(scope="module")
def spikes(run):
    """Times (ms), cells, and what each spike is, by intervals alone."""
    with run.records() as file:
        t, i = (file[f"spikes/cells/{name}"][()] for name in "ti")
    return t, i, parsed(t, i)


def own(spikes, cell, kind=None):
    """Times of a cell's spikes, in order; of a kind, if one is named."""
    t, i, kinds = spikes
    return np.sort(t[(i == cell) & ((kinds == kind) if kind is not None else True)])


def test_events_and_bursts_are_series_and_marks_of_spikes_with_unit_and_meaning(run, spikes):
    t, i, kinds = spikes
    with run.records() as file:
        for name, kind in KINDS.items():
            series = {k: file[f"{name}s/cells/{k}"][()] for k in "ti"}
            mine = kinds == kind
            assert mine.sum() > 15
            found = sorted(zip(series["i"].tolist(), series["t"].tolist(), strict=True))
            assert found == sorted(zip(i[mine].tolist(), t[mine].tolist(), strict=True))
            np.testing.assert_array_equal(file[f"spikes/cells/{name}"][()], mine)
            about = file[f"{name}s/cells/t"].attrs
            assert about["units"] == "ms" and "16 ms" in about["description"]
            assert file[f"spikes/cells/{name}"].attrs["units"] == "1"
            assert file[f"{name}s/cells"].attrs["size"] == CELLS
        assert file["potentials/cells"].attrs["neurons"].tolist() == [1, 3, 4]
        assert file["potentials/cells/V_s"].attrs["units"] == "mV"
    assert (kinds == 2).sum() > 15  # spikes that are neither


def test_a_script_has_them_by_name(run, spikes):
    cells = read(run.path).records().cells
    assert cells.bursts.size == CELLS and len(cells.bursts.t) == (spikes[2] == BURST).sum()
    assert len(cells.spikes.t) == len(spikes[0])


def test_spikes_are_marked_only_where_all_times_of_a_kind_are_spikes():
    i, t = np.array([0, 1, 0]), np.array([1.0, 1.0, 5.0])
    given = {("spikes", "p", "i"): i, ("spikes", "p", "t"): t}
    given |= {("firsts", "p", "i"): i[:2], ("firsts", "p", "t"): t[:2]}
    given |= {("pauses", "p", "i"): i[:1], ("pauses", "p", "t"): np.array([2.0])}
    found = marks.of(given)
    assert found.keys() == {("p", "firsts")} and found["p", "firsts"].tolist() == [1, 1, 0]


def test_nwb_has_columns_of_events_and_bursts_for_each_unit(run, spikes):
    pynwb = pytest.importorskip("pynwb", reason="the extra `export` is not installed")
    path, _ = export.export(run, "nwb")
    with pynwb.NWBHDF5IO(str(path), "r") as io:
        units = io.read().units
        assert units["cell"][:].tolist() == list(range(CELLS))
        for cell in range(CELLS):
            given = own(spikes, cell) / 1e3
            np.testing.assert_allclose(units["spike_times"][cell], given, rtol=1e-12)
            for name, kind in KINDS.items():
                expected = own(spikes, cell, kind) / 1e3
                np.testing.assert_allclose(units[f"{name}_times"][cell], expected, rtol=1e-12)
                marked = np.asarray(units[f"spike_is_{name}"][cell], bool)
                np.testing.assert_allclose(given[marked], expected, rtol=1e-12)
        assert "16 ms" in units["burst_times"].target.description


def test_the_inspector_of_nwb_finds_nothing_that_must_be_mended(run, tmp_path):
    pytest.importorskip("pynwb", reason="the extra `export` is not installed")
    inspector = pytest.importorskip("nwbinspector", reason="the extra `test` is not installed")
    path, _ = export.export(run, "nwb", tmp_path / "records.nwb")
    found = list(inspector.inspect_nwbfile(nwbfile_path=str(path)))
    known = {"check_experimenter_exists", "check_institution", "check_single_row"}
    assert {message.check_function_name for message in found} <= known


@pytest.mark.filterwarnings("ignore:The 'copy' argument")  # of Elephant's, to quantities
def test_neo_has_trains_of_each_kind_and_elephant_agrees_on_them(run, spikes):
    pytest.importorskip("neo", reason="the extra `export` is not installed")
    from neo.io import NeoMatlabIO

    path, _ = export.export(run, "neo")
    (segment,) = NeoMatlabIO(str(path)).read_block().segments
    trains = {}
    for train in segment.spiketrains:
        trains.setdefault(train.annotations["kind"], []).append(train)
    assert {kind: len(found) for kind, found in trains.items()} == dict.fromkeys(trains, CELLS)
    for kind, index in {"spikes": None, "events": EVENT, "bursts": BURST}.items():
        for cell, train in enumerate(trains[kind]):
            assert train.annotations["cell"] == cell
            np.testing.assert_allclose(train.magnitude, own(spikes, cell, index), rtol=1e-12)
    elephant = pytest.importorskip("elephant.statistics", reason="the extra `test` is missing")
    import quantities as pq

    t, i, _ = spikes
    found = firing(t, i, CELLS, [0.0], [LASTS])
    agrees(trains["spikes"], found, elephant, pq)
    for kind, rate in (("events", found.event_rate), ("bursts", found.burst_rate)):
        rates = [float(elephant.mean_firing_rate(one).rescale("Hz")) for one in trains[kind]]
        assert np.mean(rates) == pytest.approx(rate, rel=1e-9)


def test_csv_has_columns_of_events_and_bursts(run, spikes):
    t, i, kinds = spikes
    path, _ = export.export(run, "csv")
    table = {name: rows(path / f"{name}.csv") for name in ("spikes", "events", "bursts", "cells")}
    assert [float(row["time_ms"]) for row in table["spikes"]] == t.tolist()
    for name, kind in KINDS.items():
        mine = kinds == kind
        assert [row[name] for row in table["spikes"]] == [str(int(one)) for one in mine]
        assert sorted(float(row["time_ms"]) for row in table[f"{name}s"]) == sorted(t[mine])
        for cell in range(CELLS):
            counts = [int(row[f"{name}s"]) for row in table["cells"] if row["cell"] == str(cell)]
            assert sum(counts) == (mine & (i == cell)).sum()
    assert "burst: 1: the second spike of a burst" in (path / "README.txt").read_text()


def rows(path):
    with path.open(newline="") as file:
        return list(csv.DictReader(file))


def test_damaged_marks_are_refused(run, tmp_path):
    copy = RunFolder(tmp_path / "copy")
    copy.path.mkdir()
    for name in ("config.json", "records.h5"):
        (copy.path / name).write_bytes((run.path / name).read_bytes())
    with h5py.File(copy.path / "records.h5", "a") as file:
        file["spikes/cells"].move("burst", "phase")  # a column that tables have already
    with pytest.raises(ValueError, match="spikes/cells"):
        load(copy)
    with h5py.File(copy.path / "records.h5", "a") as file:
        file["spikes/cells"].move("phase", "burst")
        file["spikes/cells/burst"][0] = 7
    with pytest.raises(ValueError, match="spikes/cells/burst"):
        load(copy)


def test_the_report_has_rates_and_burst_probability_of_each_phase_and_no_training(run, spikes):
    page = report.page(run)
    t, i, _ = spikes
    found = firing(t, i, CELLS, [40.0], [LASTS])  # the phase of that name
    shown = f"<td>steps</td><td>{found.firing_rate:.3g}</td><td>{found.event_rate:.3g}</td>"
    shown += f"<td>{found.burst_rate:.3g}</td><td>{100 * found.burst_probability:.3g}</td>"
    assert shown in page and 'id="potentials"' in page
    assert 'id="learning"' not in page and "Left out" not in page
    assert "bursts, burst_coding: steps, seed 1" in page


def test_a_kind_that_no_population_has_is_refused(capsys, tmp_path):
    words = ["--smoke", "--runs", str(tmp_path), "--record", "dreams"]
    assert burst_coding.page.main(words) == 2
    assert "'dreams'; choose from spikes, events, bursts" in capsys.readouterr().err
    strange = network(2)._replace(records={"dreams": ()})
    with pytest.raises(ValueError, match="no population has the event 'dream'"):
        strange.check()


def test_stretches_of_bins_become_phases():
    names, ends = ["before", "more", "more", "less"], [0, 5, 10, 15, 20]
    assert joined(names, ends) == [(0, 5, "before"), (5, 15, "more"), (15, 20, "less")]

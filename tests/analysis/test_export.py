"""What a run recorded comes back from each format, number for number, without this project."""

import csv
import errno
import json
import pickle
import re
import shutil
import subprocess
import sys
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import h5py
import numpy as np
import pytest

from analysis import export
from analysis.exporting.recorded import load
from experiments.run.folder import RunError, RunFolder, at
from models.theory import Variable

ROOT = Path(__file__).parents[2]
FORMATS = ("nwb", "neo", "csv")
NEEDS = {"nwb": "pynwb", "neo": "neo"}
SIZES = {"input": 5, "hidden_0": 4, "hidden_1": 3, "output": 2}
PHASES = [(0, 52, "forward"), (52, 106, "target"), (106, 157, "forward"), (157, 207, "target")]
SPANS = [(0, 106), (106, 207)]
LABELS = [1, 0]
PLACES = [8, 3]
CELLS = [0, 2]  # whose potentials are recorded
KINDS = ("spikes", "voltages", "plateaus", "losses")
POTENTIALS = {"hidden_0": ("V", "V_b", "V_a"), "output": ("V", "V_b")}
VARIABLES = {"m_Ca": "1", "I_q": "mV/ms", "h": "mV"}  # of the cells' own -> unit
UNITS = dict.fromkeys(("alpha_f", "alpha_t"), "1") | dict.fromkeys(("d_f", "d_t"), "ms")
UNITS |= dict.fromkeys(("V", "V_b", "V_a", "V_bar"), "mV") | {"L": "kHz^2"} | VARIABLES
UNITS |= dict.fromkeys(("phi_bar", "phi_star"), "Hz") | {"output/V_b": "mV"}
MEANINGS = {"V": "somatic potential", "V_a": "apical potential", "V_b": "basal potential"}
MEANINGS |= {"L": "loss of each image", "output/V_b": "dendritic potential"}
MEANINGS |= dict.fromkeys(VARIABLES, "variable of the cell")
HERE = "/home/someone"  # a path of one machine


def records(kinds=KINDS, images=2, cells=CELLS, silent=False):
    """Records as a simulation gives them; spikes at both ends of each phase."""
    rng, found = np.random.default_rng(4), {}
    steps = SPANS[images - 1][1]
    for population, size in SIZES.items():
        fired = rng.random((steps, size)) < 0.2
        fired[[0, 51, 105, -1]] = True
        fired[106:107], fired[:, 1] = True, False  # a silent cell in each
        if population == "hidden_1" or silent:
            fired[:] = False
        t, i = np.nonzero(fired)
        found["spikes", population, "i"] = i.astype("i4")
        # as rounding may have it, a spike of the onset's step comes a little before the onset
        found["spikes", population, "t"] = np.where(t == 106, np.nextafter(106, 0), 1.0 * t)
    for population, names in POTENTIALS.items():
        found["voltages", population, "t"] = np.arange(1.0 * steps)
        shape = steps, len([cell for cell in cells if cell < SIZES[population]])
        found |= {("voltages", population, n): 10 * rng.normal(size=shape) for n in names}
    found["variables", "hidden_0", "t"] = found["voltages", "hidden_0", "t"]
    shape = steps, len(cells)
    found |= {("variables", "hidden_0", n): rng.normal(size=shape) for n in VARIABLES}
    for population in ("hidden_0", "hidden_1"):
        shape = images, SIZES[population]
        for name in ("alpha_f", "alpha_t"):
            found["plateaus", population, name] = rng.random(shape)
        found["losses", population, "V_bar"] = 10 * rng.normal(size=shape)
        found["losses", population, "phi_bar"] = 200 * rng.random(shape)
    for name in ("d_f", "d_t"):  # asynchronous plateaus
        found["plateaus", "hidden_0", name] = 5 * rng.random((images, SIZES["hidden_0"]))
    found["losses", "output", "V_bar"] = 10 * rng.normal(size=(images, SIZES["output"]))
    found["losses", "output", "phi_star"] = 200 * rng.random((images, SIZES["output"]))
    return {key: values for key, values in found.items() if key[0] in kinds}


LOSSES = {name: np.array([3 + 1 / 3, 0.1]) for name in ("hidden_0", "hidden_1", "output")}


def run_folder(path, kinds=KINDS, images=2, cells=CELLS, silent=False):
    """A run folder that holds these records."""
    run = RunFolder(path)
    config = {"dataset": "tiny", "layers": [4, 3, 2], "seed": 1, "record_images": PLACES[:images]}
    config |= {"data_dir": f"{HERE}/data", "variant": f"{HERE}/my_cell.py"}
    run.write_json("config.json", config)
    run.write_json("provenance.json", {"packages": {"brian2": "2.10.1"}, "commit": "abc"})
    run.write_text("equations.txt", "dV/dt = -V/tau : volt\n  # \N{GREEK SMALL LETTER TAU}\n")
    found = records(kinds, images, cells, silent)
    if "losses" in kinds:
        found |= {("losses", name, "L"): v[:images] for name, v in LOSSES.items()}
    run.write_records(
        found,
        sizes=SIZES,
        variables={n: Variable(u, 1.0, MEANINGS.get(n, n), "step") for n, u in UNITS.items()},
        labels=LABELS[:images],
        classes=2,
        phases=PHASES[: 2 * images],
        neurons=cells,
        per_image=("plateaus", "losses"),
        rest={},
    )
    return run


@pytest.fixture
def make(tmp_path):
    """Make a run folder: ``make(kinds, images, cells, silent, name="run")``."""
    return lambda *what, name="run", **more: run_folder(tmp_path / name, *what, **more)


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """A run that recorded everything, and its exports so far: format -> path."""
    return run_folder(tmp_path_factory.mktemp("whole") / "run"), {}


@pytest.fixture
def exported(whole):
    """Export a run (default: the whole one, once): what it recorded, and the path."""

    def to(form, run=None):
        if form in NEEDS:
            pytest.importorskip(NEEDS[form], reason="the extra `export` is not installed")
        if run is not None:
            return load(run), export.export(run, form)[0]
        run, paths = whole
        if form not in paths:
            paths[form], _ = export.export(run, form)
        return load(run), paths[form]

    return to


@pytest.fixture
def nwb(exported):
    """Export a run to NWB and open it; the file stays open until the test's end."""
    opened = []

    def read(run=None):
        recorded, path = exported("nwb", run)
        import pynwb

        opened.append(pynwb.NWBHDF5IO(str(path), "r"))
        return recorded, opened[-1].read()

    yield read
    for io in opened:
        io.close()


@pytest.fixture
def neo_block(exported):
    """Export a run to Neo and read it back."""

    def read(run=None):
        recorded, path = exported("neo", run)
        from neo.io import NeoMatlabIO

        return recorded, NeoMatlabIO(str(path)).read_block()

    return read


def rows(path):
    """Rows of a table as dicts of str."""
    with path.open(newline="") as file:
        return list(csv.DictReader(file))


def own(spikes, cell):
    """Times of a cell's spikes, ms."""
    i, t, _ = spikes
    return t[i == cell]


def refused(capsys, *arguments):
    """The one line that the command says when it stops with exit status 2."""
    try:
        status = export.main([str(a) for a in arguments])
    except SystemExit as leave:
        status = leave.code
    out, err = capsys.readouterr()
    assert (status, out, err.count("\n")) == (2, "", 1), err
    assert err.startswith("analysis.export: ") and len(err) > 40
    return err


# --- what is exported -----------------------------------------------------------------------------


def test_what_is_loaded_is_what_was_recorded_in_ms_and_mv(make):
    recorded, given = load(make()), records()
    for population in SIZES:
        i, t, size = recorded.spikes[population]
        np.testing.assert_array_equal(i, given["spikes", population, "i"])
        np.testing.assert_array_equal(t, given["spikes", population, "t"])
        assert size == SIZES[population]
    for population, names in POTENTIALS.items():
        t, cells, potentials = recorded.traces["voltages"][population]
        assert potentials.keys() == set(names)
        assert cells.tolist() == [c for c in CELLS if c < SIZES[population]]
        np.testing.assert_allclose(t, np.arange(207), atol=1e-9)
        for name in names:
            expected = given["voltages", population, name]
            np.testing.assert_array_equal(potentials[name], expected)
    found = recorded.values["plateaus"]["hidden_0"]
    np.testing.assert_array_equal(found["alpha_t"], given["plateaus", "hidden_0", "alpha_t"])
    np.testing.assert_array_equal(found["d_f"], given["plateaus", "hidden_0", "d_f"])
    np.testing.assert_array_equal(recorded.values["losses"]["output"]["L"], LOSSES["output"])
    assert list(recorded.values["plateaus"]) == ["hidden_0", "hidden_1"]
    assert recorded.quantities["losses", "output", "L"] == ("kHz^2", "loss of each image", None)
    assert list(recorded.spikes) == list(SIZES)


def test_a_plateau_comes_at_its_phases_end_or_before_it_if_asynchronous(make):
    recorded = load(make())
    ends = np.array([[52.0], [157.0]])
    np.testing.assert_array_equal(
        recorded.moments("plateaus", "hidden_1", "alpha_f"), ends + np.zeros(3)
    )
    early = recorded.values["plateaus"]["hidden_0"]["d_f"]
    np.testing.assert_array_equal(recorded.moments("plateaus", "hidden_0", "alpha_f"), ends - early)
    assert early.min() > 0
    ends = np.array([[106.0], [207.0]])
    np.testing.assert_array_equal(
        recorded.moments("plateaus", "hidden_1", "alpha_t"), ends + np.zeros(3)
    )


@pytest.mark.parametrize("form", FORMATS)
def test_further_variables_come_back_with_their_unit(make, form, exported, nwb, neo_block):
    run = make(("variables",))
    recorded = load(run)
    t, cells, expected = recorded.traces["variables"]["hidden_0"]
    told = {name: recorded.quantities["variables", "hidden_0", name].unit for name in expected}
    assert told == VARIABLES
    if form == "csv":
        _, path = exported("csv", run)
        table = rows(path / "variables.csv")
        found = {n: np.reshape([float(row[n]) for row in table], (len(t), 2)) for n in expected}
        assert "I_q: variable of the cell; unit: mV/ms" in (path / "README.txt").read_text()
    elif form == "nwb":
        _, file = nwb(run)
        series = {n: file.acquisition[f"hidden_0_variable_{n}"] for n in expected}
        found = {n: s.data[:] for n, s in series.items()}
        assert (series["h"].unit, series["h"].conversion) == ("V", 1e-3)
        assert (series["I_q"].unit, series["I_q"].conversion) == ("mV/ms", 1)
        assert file.processing["misc"]["recorded_cells"]["cell"][:].tolist() == CELLS
    else:
        _, block = neo_block(run)
        signals = [{s.name: s for s in part.analogsignals} for part in block.segments]
        found = {n: np.concatenate([part[n].magnitude for part in signals]) for n in expected}
        assert signals[0]["I_q"].units.dimensionality.string == "mV/ms"
        assert signals[0]["m_Ca"].annotations["cells"] == "0 2"
    for name, values in expected.items():
        np.testing.assert_allclose(found[name], values, rtol=1e-14)


@pytest.mark.parametrize("form", FORMATS)
def test_populations_and_phases_have_the_names_that_a_theory_gives_them(form, make, exported):
    run = make(("spikes",))
    damage(lambda file: file.move("spikes/input", "spikes/retina"))(run)
    seen = [b"see", b"be told"]
    replaced("phases/name", lambda names: np.array(seen * 2, dtype=object))(run)
    recorded, path = exported(form, run)
    assert "retina" in recorded.spikes and recorded.phases.names == ["see", "be told"]
    assert path.exists()


# --- nwb ------------------------------------------------------------------------------------------


def test_nwb_has_a_unit_for_each_cell_with_its_spikes_in_seconds(nwb):
    recorded, file = nwb()
    expected = [(name, cell) for name, size in SIZES.items() for cell in range(size)]
    units = file.units
    assert list(zip(units["population"][:], units["cell"][:], strict=True)) == expected
    for row, (population, cell) in enumerate(expected):
        spikes = own(recorded.spikes[population], cell)
        np.testing.assert_allclose(units["spike_times"][row], spikes / 1e3, rtol=1e-14)
        np.testing.assert_array_equal(units["obs_intervals"][row], [[0, 0.207]])
    assert sum(len(units["spike_times"][k]) for k in range(len(expected))) > 300
    assert units.resolution == 0.001


def test_nwb_has_the_potentials_in_volts_by_population_and_compartment(nwb):
    recorded, file = nwb()
    names = {
        "hidden_0_somatic_V": ("hidden_0", "V"),
        "hidden_0_basal_V_b": ("hidden_0", "V_b"),
        "hidden_0_apical_V_a": ("hidden_0", "V_a"),
        "output_somatic_V": ("output", "V"),
        "output_dendritic_V_b": ("output", "V_b"),
    }
    assert file.acquisition.keys() == names.keys()
    for name, (population, potential) in names.items():
        series, values = (
            file.acquisition[name],
            recorded.traces["voltages"][population][2][potential],
        )
        np.testing.assert_array_equal(series.data[:], values)
        assert (series.unit, series.conversion, series.offset) == ("V", 1e-3, 0)
        assert (series.starting_time, series.rate) == (0, 1000)
    cells = file.processing["misc"]["recorded_cells"].to_dataframe()
    assert cells.values.tolist() == [["hidden_0", 0, 0], ["hidden_0", 2, 1], ["output", 0, 0]]


def test_nwb_says_where_a_potential_rests_if_the_records_do(make, nwb):
    run = make()
    with h5py.File(run.path / "records.h5", "a") as file:
        file["voltages/hidden_0/V"].attrs["rest"] = -70.0
    recorded, file = nwb(run)
    rests = {key: quantity.rest for key, quantity in recorded.quantities.items()}
    assert rests.pop(("voltages", "hidden_0", "V")) == -70 and set(rests.values()) == {None}
    found = {name: series.description for name, series in file.acquisition.items()}
    assert found.pop("hidden_0_somatic_V").endswith("; rest is -70 mV")
    assert len(found) > 3 and not any("rest" in text for text in found.values())


def test_nwb_has_plateaus_and_losses_with_a_row_for_each_image(nwb):
    recorded, file = nwb()
    misc = file.processing["misc"]
    for population, found in recorded.values["plateaus"].items():
        table = misc[f"{population}_plateaus"]
        for name in ("alpha_f", "alpha_t"):
            np.testing.assert_array_equal(table[name][:], found[name])
            moments = recorded.moments("plateaus", population, name)
            np.testing.assert_array_equal(table[f"{name}_time"][:], moments / 1e3)
    assert "unit: s" in misc["hidden_0_plateaus"]["d_f"].description
    np.testing.assert_array_equal(
        misc["hidden_0_plateaus"]["d_f"][:], recorded.values["plateaus"]["hidden_0"]["d_f"] / 1e3
    )
    table = misc["output_losses"]
    np.testing.assert_array_equal(table["L"][:], LOSSES["output"])
    np.testing.assert_array_equal(
        table["V_bar"][:], recorded.values["losses"]["output"]["V_bar"] / 1e3
    )
    assert table["V_bar"].description.endswith("unit: V")
    np.testing.assert_array_equal(
        table["phi_star"][:], recorded.values["losses"]["output"]["phi_star"]
    )
    assert table["L"].description.endswith("unit: kHz^2")


def test_nwb_has_a_trial_for_each_image_and_an_interval_for_each_phase(nwb):
    _, file = nwb()
    trials = file.trials.to_dataframe()
    np.testing.assert_array_equal(1e3 * trials[["start_time", "stop_time"]].values, SPANS)
    assert trials["label"].tolist() == LABELS
    assert trials["place"].tolist() == PLACES
    phases = file.intervals["phases"].to_dataframe()
    times = [list(row[:2]) for row in PHASES]
    np.testing.assert_allclose(1e3 * phases[["start_time", "stop_time"]].values, times, rtol=1e-14)
    assert phases["phase"].tolist() == ["forward", "target"] * 2
    assert phases["image"].tolist() == [0, 0, 1, 1]
    assert phases["label"].tolist() == [1, 1, 0, 0]


def test_nwb_says_which_run_it_is_the_same_wherever_the_folder_is(make, nwb, tmp_path):
    run = make()
    shutil.copytree(run.path, tmp_path / "copy")
    (_, file), (_, copy) = nwb(run), nwb(RunFolder(tmp_path / "copy"))
    written = int((run.path / "records.h5").stat().st_mtime)
    assert (
        file.session_start_time == copy.session_start_time == datetime.fromtimestamp(written, UTC)
    )
    assert file.session_start_time.utcoffset() is not None
    assert file.identifier == copy.identifier
    assert (file.session_id, copy.session_id) == ("run", "copy")
    notes = json.loads(file.notes)
    assert notes["config"]["layers"] == [4, 3, 2]
    assert notes["config"]["variant"] == "my_cell.py"
    assert notes["equations"] == run.text("equations.txt")
    assert [list(pair) for pair in file.was_generated_by] == [["brian2", "2.10.1"]]
    other = make(kinds=["spikes"], name="other")
    assert load(other).about.identifier != file.identifier


def test_the_inspector_of_nwb_finds_nothing_that_must_be_mended(exported):
    inspector = pytest.importorskip("nwbinspector", reason="the extra `test` is not installed")
    _, path = exported("nwb")
    found = list(inspector.inspect_nwbfile(nwbfile_path=str(path)))
    known = ("check_experimenter_exists", "check_institution")  # nobody's name, no lab's
    flags = "check_column_binary_capability"  # images 0 and 1 are numbers, not no and yes
    left = [f"{m.importance.name} {m.check_function_name} {m.message}" for m in found]
    left = [text for text in left if text.split()[1] not in (*known, flags)]
    assert left == []
    assert {message.importance.name for message in found} == {"BEST_PRACTICE_SUGGESTION"}


# --- neo ------------------------------------------------------------------------------------------


def test_neo_has_a_train_for_each_cell_and_image_with_its_spikes_in_ms(neo_block):
    recorded, block = neo_block()
    expected = [(name, cell) for name, size in SIZES.items() for cell in range(size)]
    for segment, (start, end) in zip(block.segments, SPANS, strict=True):
        found = segment.spiketrains
        places = [(s.annotations["population"], s.annotations["cell"]) for s in found]
        assert places == expected
        for train, (population, cell) in zip(found, expected, strict=True):
            spikes = np.rint(own(recorded.spikes[population], cell))
            spikes = spikes[(spikes >= start) & (spikes < end)]
            np.testing.assert_allclose(train.rescale("ms").magnitude, spikes, rtol=1e-13)
            assert (train.t_start.rescale("ms"), train.t_stop.rescale("ms")) == (start, end)
    first, second = (segment.spiketrains[0] for segment in block.segments)
    ends = [float(t) for t in (first[0], first[-1], second[0], second[-1])]
    np.testing.assert_allclose(ends, [0, 105, 106, 206], rtol=1e-13)


def test_neo_has_the_potentials_in_mv_by_population_and_compartment(neo_block):
    recorded, block = neo_block()
    for segment, (start, end) in zip(block.segments, SPANS, strict=True):
        signals = {(s.annotations["population"], s.name): s for s in segment.analogsignals}
        assert signals.keys() == {(p, name) for p, names in POTENTIALS.items() for name in names}
        for (population, name), signal in signals.items():
            values = recorded.traces["voltages"][population][2][name][start:end]
            assert signal.units.dimensionality.string == "mV"
            np.testing.assert_array_equal(signal.magnitude, values)
            assert float(signal.sampling_rate.rescale("Hz")) == 1000
            np.testing.assert_allclose(float(signal.t_start.rescale("ms")), start, rtol=1e-13)
        signal = signals["hidden_0", "V_a"]
        assert signal.annotations["compartment"] == "apical"
        assert signal.annotations["cells"] == "0 2"
        assert signals["output", "V_b"].annotations["compartment"] == "dendritic"


def test_neo_has_phases_as_epochs_and_onsets_plateaus_and_losses_as_events(neo_block):
    recorded, block = neo_block()
    for k, segment in enumerate(block.segments):
        assert (segment.annotations["label"], segment.annotations["place"]) == (
            LABELS[k],
            PLACES[k],
        )
        (phases,) = segment.epochs
        assert (phases.name, phases.labels.tolist()) == ("phases", ["forward", "target"])
        times = np.transpose([phases.times, phases.times + phases.durations])
        np.testing.assert_array_equal(times, [row[:2] for row in PHASES[2 * k : 2 * k + 2]])
        events = {_key(event): event for event in segment.events}
        onset = events["stimulus", "image onset", None]
        assert (onset.times.tolist(), onset.labels.tolist()) == ([SPANS[k][0]], [str(LABELS[k])])
        for population, found in recorded.values["plateaus"].items():
            for name in ("alpha_f", "alpha_t"):
                event = events["plateaus", name, population]
                assert event.labels.tolist() == [repr(a) for a in found[name][k].tolist()]
                moments = recorded.moments("plateaus", population, name)[k]
                np.testing.assert_array_equal(event.times.rescale("ms").magnitude, moments)
        for name, column in {"V_bar": "V_bar_mV", "phi_star": "phi_star_Hz", "L": "L_kHz2"}.items():
            event = events["losses", column, "output"]
            values = np.atleast_1d(recorded.values["losses"]["output"][name][k]).tolist()
            assert event.labels.astype(float).tolist() == values
            assert event.times.tolist() == [SPANS[k][1]] * len(values)
        event = events["plateaus", "d_t_ms", "hidden_0"]
        assert (
            event.labels.astype(float).tolist()
            == recorded.values["plateaus"]["hidden_0"]["d_t"][k].tolist()
        )
        assert len(events) == 1 + (4 + 2) + 3 * 3


def _key(event):
    notes = event.annotations
    return notes["kind"], event.name, notes.get("population")


def test_neo_says_which_run_it_is(neo_block):
    recorded, block = neo_block()
    assert block.rec_datetime == recorded.about.start.replace(tzinfo=None)
    assert block.annotations["identifier"] == recorded.about.identifier
    assert json.loads(block.annotations["config"])["seed"] == 1
    assert block.annotations["equations"] == recorded.about.equations
    assert "\N{GREEK SMALL LETTER TAU}" in recorded.about.equations


@pytest.mark.filterwarnings("ignore:The 'copy' argument")  # of Elephant's, to quantities
def test_elephant_measures_on_the_block_what_numpy_measures_on_the_records(neo_block):
    elephant = pytest.importorskip("elephant.statistics", reason="the extra `test` is missing")
    recorded, block = neo_block()
    for segment, (start, end) in zip(block.segments, SPANS, strict=True):
        for train in segment.spiketrains:
            spikes = own(
                recorded.spikes[train.annotations["population"]], train.annotations["cell"]
            )
            spikes = spikes[(np.rint(spikes) >= start) & (np.rint(spikes) < end)]
            rate = elephant.mean_firing_rate(train).rescale("Hz")
            np.testing.assert_allclose(float(rate), 1e3 * len(spikes) / (end - start), rtol=1e-12)
            if len(spikes) > 2:
                between = np.diff(spikes)
                variation = elephant.cv(elephant.isi(train))
                np.testing.assert_allclose(variation, between.std() / between.mean(), rtol=1e-9)


# --- csv ------------------------------------------------------------------------------------------


def test_csv_has_every_number_exactly(exported):
    recorded, path = exported("csv")
    found = Counter(
        (r["population"], int(r["cell"]), float(r["time_ms"])) for r in rows(path / "spikes.csv")
    )
    given = Counter(
        (name, int(cell), float(time))
        for name, (i, t, _) in recorded.spikes.items()
        for cell, time in zip(i, t, strict=True)
    )
    assert found == given
    voltages = rows(path / "voltages.csv")
    assert len(voltages) == 207 * 3
    for population, (t, cells, potentials) in recorded.traces["voltages"].items():
        for column, cell in enumerate(cells):
            mine = [r for r in voltages if (r["population"], r["cell"]) == (population, str(cell))]
            assert [float(r["time_ms"]) for r in mine] == t.tolist()
            for name in ("V", "V_b", "V_a"):
                if name in potentials:
                    values = [float(r[f"{name}_mV"]) for r in mine]
                    assert values == potentials[name][:, column].tolist()
                else:
                    assert {r[f"{name}_mV"] for r in mine} == {""}
    for table, values, names in (
        (
            "plateaus",
            recorded.values["plateaus"],
            {"alpha_f": "alpha_f", "d_f": "d_f_ms", "d_t": "d_t_ms"},
        ),
        ("means", recorded.values["losses"], {"V_bar": "V_bar_mV", "phi_bar": "phi_bar_Hz"}),
    ):
        for row in rows(path / f"{table}.csv"):
            for name, column in names.items():
                array = values[row["population"]].get(name)
                place = int(row["image"]), int(row["cell"])
                assert row[column] == ("" if array is None else repr(array[place].item()))
    assert len(rows(path / "plateaus.csv")) == 2 * (4 + 3)
    losses = {(r["population"], int(r["image"])): r["L_kHz2"] for r in rows(path / "losses.csv")}
    assert losses == {(p, k): repr(L.item()) for p, v in LOSSES.items() for k, L in enumerate(v)}


def test_spikes_in_csv_know_their_image_and_phase(exported):
    _, path = exported("csv")
    for row in rows(path / "spikes.csv"):
        start, end, name = PHASES[2 * int(row["image"]) + (row["phase"] == "target")]
        assert name == row["phase"] and start <= round(float(row["time_ms"])) < end, row


def test_a_plain_mean_over_cells_leaves_out_no_silent_one(exported):
    recorded, path = exported("csv")
    cells = rows(path / "cells.csv")
    assert len(cells) == len(PHASES) * sum(SIZES.values())
    for population, (i, t, size) in recorded.spikes.items():
        for k, (start, end, phase) in enumerate(PHASES):
            where = population, str(k // 2), phase
            mine = [r for r in cells if (r["population"], r["image"], r["phase"]) == where]
            assert [int(r["cell"]) for r in mine] == list(range(size))
            within = (np.rint(t) >= start) & (np.rint(t) < end)
            assert sum(int(r["spikes"]) for r in mine) == within.sum()
            rates = [float(r["rate_Hz"]) for r in mine]
            np.testing.assert_allclose(np.mean(rates), 1e3 * within.sum() / size / (end - start))
            assert rates[1] == 0  # the silent cell
            assert {float(r["duration_ms"]) for r in mine} == {end - start}
        assert sum(int(r["spikes"]) for r in cells if r["population"] == population) == len(i)


def test_records_of_an_epoch_are_exported_as_such(make, tmp_path):
    run = make()
    (run.path / "records.h5").rename(run.path / "records_003.h5")
    path, _ = export.export(at(f"{run.path}@3"), "csv")
    assert path == run.path / "export" / "records_epoch_003_csv"
    assert "after epoch 3." in (path / "README.txt").read_text()
    assert rows(path / "spikes.csv") and load(at(f"{run.path}@3")).about.name == "run@3"
    with pytest.raises(RunError, match="records_004.h5 is missing"):
        export.export(at(f"{run.path}@4"), "csv", tmp_path / "none")


def test_csv_has_images_phases_and_a_word_on_every_column(exported):
    _, path = exported("csv")
    images = [[float(x) for x in row.values()] for row in rows(path / "images.csv")]
    assert images == [[0, 0, 106, 1, 8], [1, 106, 207, 0, 3]]
    phases = rows(path / "phases.csv")
    assert [(float(r["start_ms"]), float(r["end_ms"]), r["phase"]) for r in phases] == PHASES
    readme = (path / "README.txt").read_text(encoding="utf-8")
    for table in path.glob("*.csv"):
        part = readme.split(f"{table.name}: ")[1].split(".csv: ")[0]
        for column in table.read_text().splitlines()[0].split(","):
            assert re.search(rf"^    {column}: \w", part, re.MULTILINE), (table.name, column)
    assert "hidden_1 3" in readme and "pixels" in readme


# --- subsets and edges ----------------------------------------------------------------------------


@pytest.mark.parametrize("form", FORMATS)
def test_what_was_not_recorded_is_left_out_with_a_sentence(form, make, exported, capsys):
    for kinds in (["spikes"], ["plateaus"], []):
        run = make(kinds=kinds, name="-".join(["run", *kinds]))
        exported(form, run)  # skips if the package is missing
        assert export.main([str(run.path), "--to", form, "--out", str(other(run, form))]) == 0
        out, err = capsys.readouterr()
        assert out == f"{other(run, form)}\n"
        missing = ", ".join(kind for kind in KINDS if kind not in kinds)
        assert err == (
            "The pixels of the images are not exported; "
            f"not recorded, so not exported: {missing}.\n"
        )


def other(run, form):
    """A place beside a run."""
    return (
        run.path.parent / "new folder" / f"{run.path.name}{Path(export.FORMATS[form].file).suffix}"
    )


def test_only_what_was_recorded_is_in_the_files(make, nwb, neo_block, exported):
    _, file = nwb(make(kinds=["plateaus"]))
    assert (file.units, dict(file.acquisition)) == (None, {})
    assert set(file.processing["misc"].data_interfaces) == {
        "hidden_0_plateaus",
        "hidden_1_plateaus",
    }
    assert "spikes, voltages, losses" in file.stimulus_notes
    _, block = neo_block(make(kinds=["spikes"], name="second"))
    assert all(len(s.spiketrains) == sum(SIZES.values()) for s in block.segments)
    assert [len(s.analogsignals) + len(s.events) - 1 for s in block.segments] == [0, 0]
    _, path = exported("csv", make(kinds=["voltages"], name="third"))
    names = ["README.txt", "images.csv", "phases.csv", "voltages.csv"]
    assert sorted(p.name for p in path.iterdir()) == names


def test_a_single_image_a_single_cell_and_silence_come_back(make, nwb, neo_block, exported):
    run = make(images=1, cells=[0], silent=True)
    _, file = nwb(run)
    assert [len(file.units["spike_times"][k]) for k in range(14)] == [0] * 14
    assert file.acquisition["hidden_0_apical_V_a"].data.shape == (106, 1)
    assert file.trials["label"][:].tolist() == LABELS[:1]
    recorded, block = neo_block(run)
    (segment,) = block.segments
    assert [train.size for train in segment.spiketrains] == [0] * 14
    signal = segment.analogsignals[0]
    np.testing.assert_array_equal(signal.magnitude, recorded.traces["voltages"]["hidden_0"][2]["V"])
    _, path = exported("csv", run)
    assert rows(path / "spikes.csv") == [] and len(rows(path / "voltages.csv")) == 2 * 106


@pytest.mark.parametrize("form", FORMATS)
def test_no_path_of_the_machine_is_in_the_file(form, exported, whole):
    _, path = exported(form)
    theirs, ours = HERE.encode(), str(whole[0].path.parent).encode()
    for file in [path] if path.is_file() else path.iterdir():
        data = file.read_bytes()
        assert len(data) > 50 and theirs not in data and ours not in data


# --- refusals -------------------------------------------------------------------------------------


def test_what_is_no_run_or_has_no_records_is_refused_in_one_line(make, capsys, tmp_path, unchanged):
    run = make()
    (run.path / "records.h5").unlink()
    (tmp_path / "empty").mkdir()
    unchanged()
    for form in FORMATS:
        assert "--record" in refused(capsys, run.path, "--to", form)
        assert "config.json" in refused(capsys, tmp_path / "empty", "--to", form)
        assert "config.json" in refused(capsys, tmp_path / "nowhere", "--to", form)


def test_bad_options_are_refused_in_one_line(make, capsys, tmp_path, tmp_path_factory, unchanged):
    path = make().path
    (tmp_path / "file").write_text("mine")
    link = tmp_path_factory.mktemp("link") / "dangling.nwb"
    link.symlink_to(tmp_path / "nowhere.nwb")
    (path / "export").mkdir()
    (path / "export" / "records.nwb").write_text("mine")
    unchanged()
    said = refused(capsys, path, "--to", "matlab")
    assert all(name in said for name in ("matlab", *FORMATS))
    assert "--to" in refused(capsys, path)
    assert ".nwb" in refused(capsys, path, "--to", "nwb", "--out", tmp_path / "records.h5")
    assert ".mat" in refused(capsys, path, "--to", "neo", "--out", tmp_path / "records.nix")
    assert "exists" in refused(capsys, path, "--to", "csv", "--out", tmp_path / "file")
    assert "exists" in refused(capsys, path, "--to", "csv", "--out", path)
    assert "exists" in refused(capsys, path, "--to", "nwb")
    assert "exists" in refused(capsys, path, "--to", "nwb", "--out", link)
    inside = tmp_path / "file" / "folder"
    assert "cannot be written" in refused(capsys, path, "--to", "csv", "--out", inside)


@pytest.mark.parametrize("form", NEEDS)
def test_a_missing_package_is_named_with_the_way_to_get_it(
    form, make, capsys, monkeypatch, unchanged
):
    path = make().path
    unchanged()
    monkeypatch.setitem(sys.modules, NEEDS[form], None)
    said = refused(capsys, path, "--to", form)
    assert NEEDS[form] in said and "'.[export]'" in said


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("end", [OSError(errno.ENOSPC, "No space left"), KeyboardInterrupt()])
def test_an_export_that_fails_on_the_way_leaves_nothing(form, end, make, capsys, monkeypatch):
    run = make()

    def half(recorded, path):
        if form == "csv":
            path.mkdir()
            path = path / "spikes.csv"
        path.write_text("time_ms,popul")
        raise end

    there = export.FORMATS[form]._replace(write=half, package=None)
    monkeypatch.setitem(export.FORMATS, form, there)
    status = export.main([str(run.path), "--to", form])
    out, err = capsys.readouterr()
    stopped = isinstance(end, KeyboardInterrupt)
    assert (status, out, err.count("\n")) == (130 if stopped else 2, "", 1)
    assert ("stopped" if stopped else "No space left") in err
    assert list((run.path / "export").iterdir()) == []


def damage(change):
    """A change of the open records as one of a folder."""

    def apply(run):
        with h5py.File(run.path / "records.h5", "a") as file:
            change(file)

    return apply


def replaced(name, change):
    """A dataset in the place of another."""

    def apply(file):
        values = change(file[name][()])
        del file[name]
        file[name] = values

    return damage(apply)


class Trap:
    """Pickled data whose loading leaves a file behind."""

    def __init__(self, path):
        self.path = path

    def __reduce__(self):
        return open, (self.path, "w")


DAMAGES = {
    "half a file": lambda run: cut(run.path / "records.h5"),
    "other HDF5": damage(lambda file: [file.pop(k) for k in list(file)]),
    "a pickle": lambda run: (run.path / "records.h5").write_bytes(
        pickle.dumps(Trap(str(run.path / "sprung")))
    ),
    "a cell too many": replaced("spikes/hidden_0/i", lambda i: i + SIZES["hidden_0"]),
    "a spike too few": replaced("spikes/hidden_0/i", lambda i: i[1:]),
    "late spikes": replaced("spikes/input/t", lambda t: t + 1000),
    "no number": replaced("spikes/input/t", lambda t: t * np.nan),
    "uneven steps": replaced("voltages/output/t", lambda t: t + 0.3 * (t % 2 > 0.5)),
    "a step too few": replaced("voltages/output/V", lambda V: V[1:]),
    "no time": damage(lambda file: file.pop("voltages/output/t")),
    "no size": damage(lambda file: file["spikes/input"].attrs.pop("size")),
    "an image too few": replaced("plateaus/hidden_1/alpha_f", lambda a: a[1:]),
    "unknown quantity": damage(lambda file: file["plateaus/hidden_1"].create_dataset("x", data=1)),
    "a gap": replaced("phases/start", lambda t: t + 1),
    "other phases": replaced("phases/name", lambda names: names[[0, 0, 2, 3]]),
    "a label too few": replaced("labels", lambda labels: labels[1:]),
    "bad provenance": lambda run: run.write_text("provenance.json", "{"),
    "odd provenance": lambda run: run.write_json("provenance.json", [1]),
    "bad configuration": lambda run: run.write_text("config.json", "[]"),
}


def cut(path):
    """Leave half of a file."""
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])


@pytest.mark.parametrize("name", DAMAGES)
def test_damaged_files_are_refused_in_one_line(name, make, capsys, unchanged):
    run = make()
    DAMAGES[name](run)
    unchanged()
    said = refused(capsys, run.path, "--to", "csv")
    assert "damaged" in said or "holds no records" in said or "layers" in said
    assert not (run.path / "sprung").exists()


# --- architecture ---------------------------------------------------------------------------------


def test_an_export_needs_no_simulator_and_tables_need_no_package(make):
    run = make()
    code = (
        "import sys; from analysis import export; export.main(sys.argv[1:]); "
        "heavy = ('brian2', 'models', 'pynwb', 'neo', 'pandas', 'quantities'); "
        "print([m for m in sys.modules if m.split('.')[0] in heavy])"
    )
    words = [sys.executable, "-c", code, str(run.path), "--to", "csv"]
    done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == [str(run.path / "export" / "records_csv"), "[]"]

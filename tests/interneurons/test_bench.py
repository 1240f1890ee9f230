"""The bench finds what each class's closed forms say, and the description tells all numbers."""

from types import SimpleNamespace

import numpy as np
import pytest
from brian2 import ms

from experiments.interneurons import bench_protocols as protocols
from experiments.interneurons import bench_synapses, interneuron_bench
from experiments.interneurons.bench_formulae import Soma, Synapse
from experiments.interneurons.bench_protocols import Sheet
from models.engine import device
from models.interneurons import THEORY
from models.interneurons.options import Options
from models.interneurons.parameters import CLASSES, STD, STF, Inhibited, Synapses

SMALL = SimpleNamespace(size=lambda full, smoke: smoke)  # a page's setting: as for --smoke
MEMBRANE = 1 / 0.7  # ms


@pytest.fixture(scope="module", autouse=True)
def quick_runtime():
    device.interpret()


@pytest.fixture(scope="module")
def cells():
    return protocols.cells()


@pytest.fixture(scope="module")
def pairs():
    return bench_synapses.pairs(SMALL)


@pytest.fixture(scope="module")
def release():
    return bench_synapses.release(SMALL)


def measured(sheet, condition):
    return {r["measure"]: r["value"] for r in sheet.measures if r["condition"] == condition}


def curve(sheet, condition, name):
    rows = [r for r in sheet.curves if (r["condition"], r["curve"]) == (condition, name)]
    return (np.array([row[key] for row in rows]) for key in ("x", "value", "theory"))


def sigma(V):
    return 1 / (1 + np.exp(-V))


# --- cells ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "kind, rest, highest", [("PV", -12 / 7, 200), ("SST", 0, 100), ("VIP", -24 / 7, 100)]
)
def test_a_class_has_the_membrane_and_the_rates_of_its_numbers(cells, kind, rest, highest):
    soma, sheet = Soma.of(cells[kind]), Sheet()
    assert soma.rest == pytest.approx(rest)
    interneuron_bench.passive(sheet, kind, cells[kind], soma)
    interneuron_bench.steady(sheet, kind, cells[kind], soma, (20, 400, 50), seed=4)
    found = measured(sheet, kind)
    assert found["input_resistance"] == pytest.approx(MEMBRANE, rel=1e-3)
    assert found["membrane_time_constant"] == pytest.approx(MEMBRANE, rel=1e-3)
    current, rates, _ = curve(sheet, kind, "rate")
    expected = highest * sigma(rest + 0.5 / np.tanh(0.35) * current)
    noise = np.sqrt(expected * (1 - expected / 1e3) / (50 * 0.4))  # SD of so many draws
    assert np.all(np.abs(rates - expected) < 4.5 * noise + 0.1)
    assert found["current_half"] == pytest.approx(soma.current(highest / 2, 1.0), abs=0.1)


def test_only_cells_that_adapt_have_a_shorter_first_interval(cells):
    adapting, found = protocols.cells(variant="switch")["SST"], {}
    for name, cell in (("usual", cells["SST"]), ("adapting", adapting)):
        sheet = Sheet()
        interneuron_bench.intervals(sheet, name, cell, Soma.of(cell), (300, 300, 1500), seed=2)
        found[name] = measured(sheet, name)
        assert found[name]["steady_interval_ms"] == pytest.approx(25, rel=0.04)
    assert found["usual"]["first_interval_ms"] == pytest.approx(25, rel=0.08)
    assert found["adapting"]["first_interval_ms"] < 0.92 * 25
    late = {name: Soma.of(cell) for name, cell in (("usual", cells["SST"]), ("adapting", adapting))}
    for name, soma in late.items():
        expected = soma.first_spike(interneuron_bench.HOLD, soma.current(40, 1.0), 1.0)
        assert found[name]["first_spike_ms"] == pytest.approx(expected, rel=0.08)


def test_current_and_rate_are_inverse_to_each_other_with_adaptation_too():
    soma = Soma.of(protocols.cells(variant="switch")["VIP"])
    assert soma.b_w > 0.5
    for rate in (1, 30, 80):
        assert soma.rate(soma.current(rate, 1.0), 1.0) == pytest.approx(rate)


# --- synapses -------------------------------------------------------------------------------------


@pytest.mark.parametrize("onto, U", [("PV", 0.9), ("SST", 0.02)])
def test_each_spike_of_a_train_releases_what_its_resources_allow(pairs, onto, U):
    found = measured(pairs, f"E_to_{onto}")
    assert found["released_first"] == pytest.approx(U)
    for train in ("10_hz", "20_hz", "50_hz"):
        _, sent, expected = curve(pairs, f"E_to_{onto}", f"released_{train}")
        assert len(sent) > 1
        np.testing.assert_allclose(sent, expected, rtol=1e-9)
    weaker = found["release_ratio_50_hz"]
    assert weaker < 0.75 if onto == "PV" else weaker > 5


@pytest.mark.parametrize("onto", ["PV", "SST"])
@pytest.mark.parametrize("interval", [20, 50, 100])
def test_a_long_train_settles_at_the_steady_state(cells, onto, interval):
    synapse = Synapse.of(cells["E"], onto)
    assert synapse.train(interval, 1000)[-1] == pytest.approx(synapse.steady(interval), rel=1e-9)


def test_potentials_after_one_spike_are_those_of_the_filters_in_turn(pairs):
    for onto, W_E, U in (("PV", 80, 0.9), ("SST", 10, 0.02)):
        t, V, expected = curve(pairs, f"E_to_{onto}", "epsp")
        np.testing.assert_allclose(V, expected, rtol=0, atol=1e-9 * W_E)
        assert V.sum() == pytest.approx(W_E * U * 0.6 / 0.7, rel=0.03), "area of the kernel is 1"
    for name, deepest in (("PV_to_E", -8), ("PV_to_PV", -8 + 12 / 7), ("VIP_to_SST", -8)):
        _, V, expected = curve(pairs, name, "ipsp")
        np.testing.assert_allclose(V, expected, rtol=0, atol=1e-9)
        assert 0.2 * deepest > V.min() > deepest


def test_conductances_jump_and_decay_as_they_are_called(pairs):
    for name, mean, rate, tau in (
        ("PV_to_E", 0.6, 50, 8),
        ("SST_to_E", 5, 30, 10),
        ("PV_to_PV", 0.2, 50, 8),
        ("VIP_to_SST", 2, 100, 8),
        ("SST_to_VIP", 0.2, 30, 10),
    ):
        found = measured(pairs, name)
        assert found["conductance_peak"] == pytest.approx(mean / (rate / 1e3 * tau)), name
        assert found["conductance_decay_ms"] == pytest.approx(tau), name
        assert found["conductance_rise_ms"] == 0


# --- release --------------------------------------------------------------------------------------


def test_a_shunt_is_released_when_it_has_decayed_to_the_threshold(release):
    rate, latency, _ = curve(release, "release", "latency")
    np.testing.assert_array_equal(latency, np.ceil(10 * np.log(rate / 7.5)))
    found = measured(release, "release_50_hz")
    assert found["plateau_lasts_ms"] == 20 and found["plateau_again_ms"] == 70


def test_a_volley_silences_sst_cells_and_plateaus_begin_as_the_shunt_falls(release):
    rest, driven = measured(release, "volley_rest"), measured(release, "volley_volley")
    assert rest["rate_SST_hz"] == pytest.approx(45.6, abs=3) and rest["rate_VIP_hz"] < 2
    assert driven["rate_VIP_hz"] == pytest.approx(96.4, abs=1) and driven["rate_SST_hz"] < 1
    found = measured(release, "volley")
    assert found["sst_silent_ms"] < 8 < 15 < found["release_opens_ms"] < 30
    assert found["plateau_begins_ms"] == found["release_opens_ms"]


# --- what is told ---------------------------------------------------------------------------------


def test_the_description_tells_each_number_of_the_circuit_its_unit_and_source():
    options = Options(layers=(20, 10), G_PE=1.2, tau_SST=12.0)
    network = THEORY.network(options, 64, 10)
    lines = network.notes().splitlines()
    rows = {line.split("|")[1].strip(): line for line in lines if line.startswith("| ")}
    wanted = {*Inhibited._fields, *Synapses._fields, "T_v"}
    wanted |= {f"{name}_{onto}" for name in STD._fields for onto in ("PV", "SST")}
    assert wanted <= set(rows)
    assert "| 1.2 | 1/ms |" in rows["G_PE"] and "usually 0.6" in rows["G_PE"]
    assert f"| {STF.tau_F / ms:g} | ms | E to SST | B: " in rows["tau_F_SST"]
    cells = network.text()
    for name in CLASSES:
        assert f"{name}_0: " in cells
    assert "| VIP | SST |" in network.notes() and "probability 0.5 (H)" in network.notes()

"""The bench finds what the paper's cell is in closed form, and tells other cells from it."""

import matplotlib.pyplot as plt
import numpy as np
import pytest
from brian2 import ms

from analysis import __main__ as door
from analysis.segregated import cell_bench as drawing
from analysis.segregated.cell_curves import Cell
from experiments.segregated import cell_bench, cell_formulae, cell_protocols
from experiments.segregated import cell_measures as measures
from experiments.segregated.cell_protocols import DRIVE, DT, REST, SYNAPSES, VOLLEY, WINDOW, Size
from experiments.study.results import COLUMNS, Results
from models.segregated import bench, timing
from models.segregated.parameters import Phases
from models.segregated.pyramidal import HIDDEN

SMALL = Size(200, 10, 2, 40, 400, 100)
GATE = '''
"""A slow calcium gate between the apical tuft and the soma."""
from brian2 import ms
from models.segregated.variants.paper import HIDDEN as PAPER

HIDDEN = PAPER.vary(
    parts={"coupling": """
        I_a = g_a*m_Ca*(V_a - V)                        : volt/second
        dm_Ca/dt = (1/(1 + exp(-V_a/mV)) - m_Ca)/tau_Ca : 1
    """},
    params={"g_a": 0.4/ms},
    constants={"tau_Ca": 20*ms},
)
'''


@pytest.fixture(scope="module", params=(0, 0.05, 0.6))
def measured(request):
    """g_a, and what the bench found for the paper's cell with it."""
    cell = HIDDEN.vary(params={"g_a": request.param / ms})
    return request.param, cell_protocols.characterise("cell", cell, SMALL, seed=3)


def values(sheet):
    return {name: value for name, (value, _) in sheet.values().items()}


def curve(sheet, name):
    rows = [row for row in sheet.curves if row["curve"] == name]
    return {key: np.array([row[key] for row in rows]) for key in ("x", "value", "theory")}


def kappa(t):
    return (np.exp(-t / 10) - np.exp(-t / 3)) / 7


def test_input_resistance_time_constant_and_gains_are_those_of_the_conductances(measured):
    g_a, sheet = measured
    g, found = 0.7 + g_a, values(sheet)
    # a current acts half before and half after a step of 0.1 ms
    assert found["input_resistance_ms"] == pytest.approx(1 / g, rel=(0.1 * g) ** 2 / 10)
    assert found["time_constant_ms"] == pytest.approx(1 / g, rel=1e-6)
    assert found["gain_basal"] == pytest.approx(0.6 / g, abs=1e-9)
    assert found["gain_basal_when_silent"] == pytest.approx(0.6 / g, abs=1e-9)
    assert found["gain_apical"] == pytest.approx(g_a / g, abs=1e-9)
    closed = [sheet.values()[name][1] for name in ("input_resistance_ms", "time_constant_ms")]
    assert closed == pytest.approx([1 / g, 1 / g])


def test_a_volley_is_the_kernel_in_its_dendrite_and_twice_filtered_at_the_soma(measured):
    g_a, found = measured[0], values(measured[1])
    peak = 30 / 7 * np.log(10 / 3)
    t, g, half = np.arange(0, 60, 0.01), 0.7 + g_a, 0.05  # half a step of the bench
    for dendrite, conductance in (("basal", 0.6), ("apical", g_a)):
        own, soma = f"{dendrite}_volley_dendrite", f"{dendrite}_volley_soma"
        assert found[f"{own}_mV"] == pytest.approx(VOLLEY * kappa(peak), rel=1e-5)
        assert found[f"{own}_time_to_peak_ms"] == pytest.approx(peak, abs=0.01)
        above = t[kappa(t) > kappa(peak) / 2]
        assert found[f"{own}_half_width_ms"] == pytest.approx(np.ptp(above), abs=0.02)
        assert found[f"{dendrite}_volley_other_dendrite_mV"] == 0
        if not conductance:
            assert found[f"{soma}_mV"] == 0 and f"{soma}_half_width_ms" not in found
            continue
        V = np.convolve(VOLLEY * kappa(t), conductance * np.exp(-g * t))[: len(t)] * 0.01
        assert found[f"{soma}_mV"] == pytest.approx(V.max(), rel=0.01)
        assert found[f"{soma}_time_to_peak_ms"] == pytest.approx(t[V.argmax()], abs=half + 0.01)
        width = np.ptp(t[V > V.max() / 2])
        assert found[f"{soma}_half_width_ms"] == pytest.approx(width, abs=half)


def test_rates_under_current_and_dendritic_potentials_are_those_of_the_sigmoid(measured):
    g_a, sheet = measured
    g, n = 0.7 + g_a, 200 * 10  # draws at each point
    stepped = 0.5 / np.tanh(0.5 * g)  # of a current in steps of 1 ms; nearly 1/g
    assert stepped == pytest.approx(1 / g, rel=0.15)
    for name, gain in (("current", stepped), ("basal", 0.6 / g), ("apical", g_a / g)):
        points = curve(sheet, f"{name}_rate")
        p = 0.2 / (1 + np.exp(-gain * points["x"]))
        z = (points["value"] / 1e3 - p) / np.sqrt(p * (1 - p) / n)
        assert np.abs(z).max() < 4.5 and (z**2).mean() < 1 + 4 * np.sqrt(2 / len(z)), name
        np.testing.assert_allclose(points["theory"], 1e3 * p)
        V = curve(sheet, f"{name}_V")
        np.testing.assert_allclose(V["value"], gain * V["x"], atol=1e-9)
    error = 1e3 * np.sqrt(0.09 / (3 * n))
    assert values(sheet)["rate_at_0_mV"] == pytest.approx(100, abs=4 * error)


def test_plateaus_are_the_sigmoid_of_constant_and_of_noisy_apical_potentials(measured):
    sheet = measured[1]
    points = curve(sheet, "plateau")
    np.testing.assert_allclose(points["value"], 1 / (1 + np.exp(-points["x"])), atol=1e-12)
    assert values(sheet)["plateau_slope_per_mV"] == pytest.approx(0.25)
    assert values(sheet)["plateau_middle_mV"] == pytest.approx(0, abs=1e-9)
    for name in ("poisson_V_a", "poisson_plateau"):
        rows = [row for row in sheet.curves if row["curve"] == name]
        for row in rows[1:]:
            error = row["spread"] / np.sqrt(row["n"])
            assert row["value"] == pytest.approx(row["theory"], abs=4.5 * error), (name, row["x"])
    # the theory's own mean: 40 ms into the spikes, all but a small part of the steady potential
    V_a = curve(sheet, "poisson_V_a")
    steady = -4 + SYNAPSES * cell_protocols.WEIGHT * V_a["x"] / 1e3
    assert (V_a["theory"][1:] < steady[1:]).all()
    np.testing.assert_allclose(V_a["theory"], steady, atol=0.05 * (steady.max() + 4))


def test_spikes_are_as_irregular_as_independent_draws_in_each_step(measured):
    g_a, sheet = measured
    found, numbers = values(sheet), {row["measure"]: row["n"] for row in sheet.measures}
    p = 0.2 / (1 + np.exp(-0.6 / (0.7 + g_a) * DRIVE))
    steps = SMALL.spikes_ms * SMALL.spike_copies
    error = 1e3 * np.sqrt(p * (1 - p) / steps)
    assert found["rate_at_2_mV"] == pytest.approx(1e3 * p, abs=4 * error)
    assert found["cv_at_2_mV"] == pytest.approx(
        (1 - p) ** 0.5, abs=4 / numbers["cv_at_2_mV"] ** 0.5
    )
    expected = {"rate_at_2_mV": 1e3 * p, "cv_at_2_mV": (1 - p) ** 0.5, "fano_at_2_mV": 1 - p}
    for name, number in expected.items():
        assert sheet.values()[name][1] == pytest.approx(number), name
    windows = numbers["fano_at_2_mV"]
    assert windows == steps / WINDOW
    assert found["fano_at_2_mV"] == pytest.approx(1 - p, rel=4 * np.sqrt(2 / windows))
    pairs = numbers["rate_after_spike"]
    assert found["rate_after_spike"] == pytest.approx(1, abs=4 * np.sqrt((1 - p) / p / pairs))
    assert found["V_at_spike_mV"] == pytest.approx(0, abs=1e-9)
    share = curve(sheet, "intervals")
    expected = p * (1 - p) ** (share["x"] - 1)
    n = numbers["cv_at_2_mV"]
    assert np.abs(share["value"] - expected).max() < 4.5 * np.sqrt(expected.max() / n)


def test_poisson_input_makes_counts_more_variable_as_the_theory_says(measured):
    rows = {row["measure"]: row for row in measured[1].measures}
    rate, fano = rows["rate_poisson_input"], rows["fano_poisson_input"]
    error = rate["spread"] / np.sqrt(rate["n"])
    assert rate["value"] == pytest.approx(rate["theory"], abs=4 * error + 0.5)  # V is not Gaussian
    assert fano["value"] == pytest.approx(fano["theory"], rel=4 * np.sqrt(2 / fano["n"]))
    assert fano["theory"] > 0.95 > 1 - 0.1  # of draws at a constant rate


def test_the_theory_of_spikes_under_noise_agrees_with_a_simulation_of_it():
    rng, window, cells = np.random.default_rng(1), 50, 4000
    response = np.exp(-np.arange(60) / 8)
    noise = rng.normal(size=(60 + window, cells)) * 0.8
    V = 0.5 + np.array([response @ noise[k : k + 60][::-1] for k in range(1, window + 1)])
    variance = 0.64 * np.sum(response**2)
    spikes = rng.random(V.shape) < 0.2 / (1 + np.exp(-V))
    chance, fano = cell_formulae.driven(response, 0.5, variance, 0.2, window)
    counts = spikes.sum(axis=0)
    assert counts.mean() / window == pytest.approx(
        chance, abs=4 * counts.std() / window / np.sqrt(cells)
    )
    assert fano > 1.2
    assert counts.var(ddof=1) / counts.mean() == pytest.approx(fano, rel=4 * np.sqrt(2 / cells))


# --- measures --------------------------------------------------------------------------------


def test_a_fit_finds_the_time_constant_and_says_so_where_there_is_none():
    t = np.arange(0, 40, 0.5)
    assert measures.exponential(t, -3 * (1 - np.exp(-t / 7))) == pytest.approx((-3, 7))
    slope, middle = measures.logistic(t, 1 / (1 + np.exp(-(t - 9) / 2)))
    assert (slope, middle) == (pytest.approx(1 / 8), pytest.approx(9))
    assert np.isnan(measures.logistic(t, np.ones(len(t)))).all()


def test_a_waveform_is_measured_between_its_samples_with_its_sign():
    t = np.arange(0, 30, 0.5)
    found = measures.waveform(t, -2 * np.exp(-((t - 10.2) ** 2) / 18))
    assert found == pytest.approx((-2, 10.2, 6 * np.sqrt(2 * np.log(2))), rel=3e-3)
    assert np.isnan(measures.waveform(t, 0 * t)[1:]).all()
    assert np.isnan(measures.waveform(t, np.exp(-((t - 29) ** 2) / 18))[2])


def test_intervals_are_those_of_one_cell_that_begin_in_the_first_half():
    spikes = np.zeros((20, 2), dtype=bool)
    spikes[[1, 4, 9, 17], 0] = spikes[[8, 12, 15], 1] = True
    assert sorted(measures.intervals(spikes)) == [3, 4, 5, 8]
    assert measures.cv(np.array([4, 4, 4])) == 0
    assert measures.counts(spikes, 5).tolist() == [[2, 0], [1, 1], [0, 1], [1, 1]]
    assert measures.fano(np.array([2, 2, 2])) == 0 and np.isnan(measures.fano(np.zeros(3)))


def test_what_surrounds_spikes_is_read_at_the_right_lags():
    spikes = np.zeros((50, 3), dtype=bool)
    spikes[[10, 30], [0, 2]] = True
    x = np.roll(spikes, 2, axis=0) * 6.0
    around = measures.around_spikes(spikes, x, np.arange(-3, 6))
    np.testing.assert_allclose(around + x.mean(), [0, 0, 0, 0, 0, 6, 0, 0, 0])


# --- the command -----------------------------------------------------------------------------


def test_a_cell_from_a_file_is_measured_beside_the_papers_and_drawn(tmp_path, capsys):
    file = tmp_path / "gate.py"
    file.write_text(GATE)
    words = ["--smoke", "--results", str(tmp_path)]
    assert cell_bench.page.main(["--variant", str(file), *words]) == 0, capsys.readouterr().err
    results = Results("segregated", "cell_bench", tmp_path)
    table = results.table("measures")
    assert set(table["condition"]) == {"gate"}
    assert tuple(results.table("headline")) == COLUMNS
    own = {k: v[table["condition"] == "gate"] for k, v in table.items()}
    assert np.isnan(own["theory"]).all() and np.isfinite(own["paper"]).any()
    found = dict(zip(own["measure"], own["value"], strict=True))
    opened = 0.5 * (1 - np.exp(-115 / 20))  # half open at rest; 115 ms after it began to open
    assert found["input_resistance_ms"] == pytest.approx(1 / (0.7 + 0.4 * opened), rel=2e-3)
    m = 1 / (1 + np.exp(-np.array([-2, 2]))) * 0.4
    gain = np.diff(m / (0.7 + m) * [-2, 2])[0] / 4
    assert found["gain_apical"] == pytest.approx(gain, rel=0.02)  # after 5 tau_Ca
    assert door.main(["cell_bench", "--results", str(tmp_path)]) == 0, capsys.readouterr().err
    whole = drawing.sheet("gate", results)
    panels = {ax.get_title(): ax for ax in whole.axes}
    own = panels["$m_{Ca}$"]
    assert [line.get_label() for line in own.lines] == ["basal volley", "apical volley", "a spike"]
    assert own.get_xlabel() == "time in an image (ms)"
    told = [text.get_text() for text in panels["spike and apical volley"].texts]
    assert told == ["its spikes do not reach\n$V^a$: no back-propagation"]
    assert panels["basal and apical volley"].lines and "A slow calcium gate" in whole.get_suptitle()
    plt.close(whole)
    for name, least in (("cell_bench", 30_000), ("gate", 50_000)):
        assert (results.path / f"{name}.png").stat().st_size > least


def test_the_papers_theory_stands_beside_what_a_cell_shares_with_it(tmp_path):
    results, measures = Results("segregated", "cell_bench", tmp_path), {"time_constant_ms": 1.4285}
    for name, rate in (("paper", 170.9), ("same", 170.9), ("other", 81.1)):
        own = {"condition": name, "theory": 169.5 if name == "paper" else "", "paper": 169.5}
        rows = [own | {"measure": "rate_at_0_mV", "value": rate}]
        rows += [own | {"measure": m, "value": v, "paper": 1.4286} for m, v in measures.items()]
        results.update("measures", rows, ("condition",))
        row = {"condition": name, "curve": "step", "x": 0, "value": 0, "theory": "", "paper": 0}
        results.update("curves", [row], ("condition",))
        row = {"condition": name, "kind": "about", "place": "cell", "text": name}
        results.update("words", [row], ("condition",))
    printed = {
        name: {text.strip(): theory for text, _, theory, *_ in Cell(results, name).printed()}
        for name in ("paper", "same", "other")
    }
    assert printed["paper"]["rate at rest"] == 169.5
    assert printed["same"]["rate at rest"] == "="
    assert np.isnan(printed["other"]["rate at rest"])
    assert printed["other"]["time constant"] == "="
    whole = drawing.draw(results)
    rows = [label.get_text() for label in whole.axes[0].get_yticklabels()]
    assert rows == ["paper", "other"] and "all of these: same." in whole.get_supxlabel()
    plt.close(whole)


@pytest.mark.parametrize("name", ("nonsense", "nowhere/cell.py"))
def test_a_variant_that_is_not_there_is_one_sentence_and_status_2(name, tmp_path, capsys):
    assert cell_bench.page.main(["--variant", name, "--smoke", "--results", str(tmp_path)]) == 2
    said = capsys.readouterr().err
    assert name in said and said.count("\n") == 1
    assert not any(tmp_path.iterdir())


def test_a_cell_with_synapses_of_its_own_is_reached_through_them_at_the_same_time():
    statements = {"basal": "x_b_post += 2*w", "apical": "x_a_post -= w"}
    schedule = timing.testing(Phases(test=40 * ms), 1)
    given = np.random.default_rng(1).normal(size=(2, 40, 3)) * (np.arange(40) % 7 == 2)[:, None]
    out = bench.run(HIDDEN, schedule, 3, basal=2 * given[0], apical=-given[1])
    own = bench.run(HIDDEN.vary(synapses=statements), schedule, 3, basal=given[0], apical=given[1])
    for name in ("V_b", "V_a", "V"):
        np.testing.assert_allclose(getattr(own, name), getattr(out, name), atol=1e-12)
    assert out.V_a.any() and out.V_b.any()


def test_the_cell_on_the_bench_is_near_rest_for_volleys():
    assert cell_formulae.PAPER.rate(cell_formulae.PAPER.k_b * REST) < 15  # Hz
    assert cell_formulae.of(HIDDEN) == cell_formulae.PAPER
    assert cell_formulae.of(HIDDEN.vary(parts={"gate": "dm/dt = -m/(5*ms) : 1"})) is None
    assert DT == 1  # the network's

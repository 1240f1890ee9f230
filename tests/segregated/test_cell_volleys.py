"""Volleys, pairs and lags on the bench: a passive cell adds up, others do what theirs is to do."""

import numpy as np
import pytest
from brian2 import ms, mV

from experiments.segregated import cell_variables, cell_volleys
from experiments.segregated.cell_protocols import Size
from experiments.segregated.cell_sheet import Sheet
from experiments.segregated.cell_volleys import LAGS, NO_WAY_BACK, PAIRED, REST, SIZES, WEIGHT
from models.segregated import variants
from models.segregated.pyramidal import HIDDEN, PARTS

SMALL = Size(0, 0, volley_copies=2, plateau_copies=0, spikes_ms=0, spike_copies=40)
AFTER = np.arange(1, 141.0)  # ms after a volley


def measured(cell, size=SMALL):
    sheet = Sheet("cell", cell)
    cell_volleys.combine(sheet, cell, size, seed=2)
    return sheet


@pytest.fixture(scope="module", params=(0, 0.6))
def passive(request):
    """g_a, and what was found of the paper's cell with it."""
    return request.param, measured(HIDDEN.vary(params={"g_a": request.param / ms}))


def values(sheet):
    return {name: value for name, (value, _) in sheet.values().items()}


def notes(sheet):
    return {row["place"]: row["text"] for row in sheet.words if row["kind"] == "note"}


def curve(sheet, name, column="value"):
    return np.array([row[column] for row in sheet.curves if row["curve"] == name])


def kappa(t):
    return np.where(t > 0, (np.exp(-t / 10) - np.exp(-t / 3)) / 7, 0)


def soma(dendrite, g_a, conductance):
    """The soma in steps of 1 ms behind a dendrite of potential (steps,)."""
    total, V = 0.7 + g_a, np.zeros(len(dendrite) + 1)
    for step, V_d in enumerate(dendrite):
        V[step + 1] = V[step] + (conductance / total * V_d - V[step]) * (1 - np.exp(-total))
    return V[1:]


# --- the paper's cell --------------------------------------------------------------------------


def test_volleys_of_any_size_do_what_one_spike_predicts(passive):
    g_a, sheet = passive
    found, V_a = values(sheet), WEIGHT * kappa(AFTER)
    np.testing.assert_allclose(curve(sheet, "volleys_V_a"), SIZES * V_a.max())
    np.testing.assert_allclose(curve(sheet, "volleys_V_a_mean"), SIZES * V_a[:50].mean())
    V = soma(V_a, g_a, g_a)
    np.testing.assert_allclose(curve(sheet, "volleys_V"), SIZES * V.max(), atol=1e-12)
    for name in ("V_a", "V_a_mean", "V"):
        for part in ("most", "largest"):
            measure = f"volleys_{name}_{part}"
            assert found.get(measure, 1) == pytest.approx(1) and (measure in found or not g_a)


def test_a_basal_and_an_apical_volley_add_up_at_any_lag(passive):
    g_a, sheet = passive
    t = np.arange(-41, 140.0)  # ms from the step of the basal volley, or of the spike
    basal = soma(50 * kappa(t + 1), g_a, 0.6)
    apical = [soma(PAIRED * WEIGHT * kappa(t + 1 - lag), g_a, g_a) for lag in LAGS]
    both = [basal + V for V in apical]
    np.testing.assert_allclose(curve(sheet, "basal_timing_peak"), [V.max() for V in both])
    np.testing.assert_allclose(
        curve(sheet, "basal_timing_peak_sum"), curve(sheet, "basal_timing_peak")
    )
    shown = slice(40, 101)
    for name, V in (("basal", basal), ("apical", apical[4]), ("both", both[4]), ("sum", both[4])):
        np.testing.assert_allclose(curve(sheet, f"basal_pair_{name}"), V[shown], atol=1e-9)
    assert values(sheet)["basal_pair_together"] == pytest.approx(1)

    def more(V):
        rest = 0.6 / (0.7 + g_a) * REST
        return 0.2 * np.sum(1 / (1 + np.exp(-rest - V)) - 1 / (1 + np.exp(-rest)))

    spikes = np.array([more(V) for V in both])
    np.testing.assert_allclose(curve(sheet, "basal_timing_spikes"), spikes, rtol=1e-6)
    apart = more(basal) + more(apical[4])
    assert values(sheet)["basal_pair_spikes"] == pytest.approx(spikes[4] / apart)
    assert (spikes[4] / apart == pytest.approx(1)) == (g_a == 0)  # a sigmoid does not add up


def test_the_closed_forms_beside_it_are_its_own_values(passive):
    sheet = passive[1]
    for row in sheet.curves:
        assert row["value"] == pytest.approx(row["theory"], rel=1e-6, abs=1e-9), row["curve"]
    for name, (value, theory) in sheet.values().items():
        assert value == pytest.approx(theory, rel=1e-6), name


def test_what_it_cannot_have_is_said_and_not_measured(passive):
    g_a, sheet = passive
    apart = {} if g_a else {"basal_pair": cell_volleys.APART}
    assert notes(sheet) == apart | {"spike_pair": NO_WAY_BACK}
    assert not any(row["curve"].startswith("spike") for row in sheet.curves)
    assert not any(name.startswith("spike") for name in values(sheet))


# --- other cells -------------------------------------------------------------------------------


def test_a_supralinear_dendrite_is_measured_against_its_smallest_volley():
    square = PARTS["apical"].replace("psp_a + c  ", "psp_a + c + psp_a**2/(5*mV)")
    found = values(measured(HIDDEN.vary(parts={"apical": square})))
    peak = SIZES * WEIGHT * kappa(AFTER).max()
    V_a = peak + peak**2 / 5
    expected = V_a[-1] / (SIZES[-1] * V_a[0])
    assert expected > 5
    assert found["volleys_V_a_largest"] == pytest.approx(expected)
    assert found["volleys_V_a_most"] == pytest.approx(expected)


def test_a_saturating_dendrite_is_below_1_with_its_largest_volley():
    bounded = PARTS["apical"].replace("psp_a + c  ", "psp_a/(1 + psp_a/(10*mV)) + c")
    found = values(measured(HIDDEN.vary(parts={"apical": bounded})))
    first, last = np.array([1, 40]) * WEIGHT * kappa(AFTER).max()
    expected = (last / (1 + last / 10)) / (40 * first / (1 + first / 10))
    assert found["volleys_V_a_largest"] == pytest.approx(expected) and expected < 0.4
    assert found["volleys_V_a_most"] == pytest.approx(1)  # the smallest


def test_a_spike_that_runs_back_as_a_kernel_adds_up_with_a_volley_at_any_lag():
    sheet = measured(HIDDEN.vary(reset="x_a += q", constants={"q": 40 * mV * ms}))
    t = np.arange(-41, 140.0)  # ms from the step of the basal volley, or of the spike
    spike = 40 * kappa(t)  # felt from the step after it
    apical = [PAIRED * WEIGHT * kappa(t + 1 - lag) for lag in LAGS]
    peaks = [(spike + V).max() for V in apical]
    np.testing.assert_allclose(curve(sheet, "spike_timing_peak"), peaks)
    np.testing.assert_allclose(curve(sheet, "spike_timing_peak_sum"), peaks)
    np.testing.assert_allclose(curve(sheet, "spike_pair_spike"), spike[40:101], atol=1e-12)
    assert values(sheet)["spike_pair_together"] == pytest.approx(1)
    assert notes(sheet)["spike_spikes"] == cell_volleys.SILENT.format(
        pair="spike"
    )  # the soma does not feel V_a
    assert "spike_pair_spikes" not in values(sheet)


def test_an_apical_dendrite_that_volleys_do_not_move_has_no_such_measures():
    deaf = HIDDEN.vary(parts={"apical": "V_a = c : volt\nx_a : volt*second\nc : volt"})
    sheet = measured(deaf)
    assert notes(sheet) == {"volleys": cell_volleys.DEAF}
    assert not sheet.curves and not sheet.measures


def test_spikes_of_a_cell_with_a_threshold_are_counted_but_for_those_elicited():
    cell = HIDDEN.vary(threshold="V_a > 3*mV and V_a < 4*mV", reset="x_a += q")
    cell = cell.vary(constants={"q": 1 * mV * ms})
    sheet = measured(cell)
    t = np.arange(1, 141.0)
    V_a, fired = np.zeros(140), 0
    for step in range(140):  # a spike adds to what follows it
        V_a[step] += PAIRED * WEIGHT * kappa(t[step])
        if 3 < V_a[step] < 4:
            fired, V_a = fired + 1, V_a + kappa(t - t[step])
    assert fired > 2
    assert values(sheet)["basal_pair_spikes"] == pytest.approx(1)
    np.testing.assert_allclose(curve(sheet, "basal_timing_spikes"), fired)
    assert curve(sheet, "spike_timing_spikes_sum")[0] == fired


# --- variables of a cell's own -----------------------------------------------------------------


def followed(name):
    cell = variants.load(name)
    sheet = Sheet("cell", cell)
    cell_variables.follow(sheet, cell, SMALL._replace(volley_copies=50), seed=1)
    return sheet, {r["place"]: r["text"] for r in sheet.words if r["kind"] == "variable"}


def test_the_papers_cell_has_no_variables_of_its_own():
    sheet, said = followed("weak_attenuation")
    assert not sheet.curves and not said


def test_a_conductance_that_spikes_open_is_shown_with_its_unit_and_meaning():
    sheet, said = followed("adaptation")
    assert said == {"g_K": "g_K (Hz): potassium conductance"}
    t = np.arange(1, 101.0, 2)
    opened = np.where(t > 10, 50 * np.exp(-(t - 11) / 50), 0)  # 0.05/ms; a spike at 10 ms
    np.testing.assert_allclose(curve(sheet, "own_g_K_spike"), opened, rtol=5e-4, atol=1e-9)
    for quiet in ("basal", "apical"):
        assert (curve(sheet, f"own_g_K_{quiet}") == 0).all()


def test_a_gate_opens_with_an_apical_volley_and_not_with_a_basal_one():
    sheet, said = followed("calcium_gate")
    assert said == {"m_Ca": "m_Ca (1): open share"}
    assert curve(sheet, "own_m_Ca_apical").max() > 0.8
    np.testing.assert_allclose(curve(sheet, "own_m_Ca_basal"), 0.5)


def test_what_happens_when_a_phase_ends_is_seen():
    sheet, said = followed("burst_code")
    assert set(said) == {"M", "psi"}
    psi = curve(sheet, "own_psi_apical")
    np.testing.assert_allclose(psi, np.repeat([0, -1], [25, 25]))  # the next at the very end
    M = curve(sheet, "own_M_apical")
    assert (M[:25] == 0).all() and (M[26:] < -0.2).all()

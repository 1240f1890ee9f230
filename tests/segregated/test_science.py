"""Closed forms and constants: kernel, gains, phases, losses, learning, and what describe prints."""

import numpy as np
import pytest
from brian2 import Quantity, ms

from experiments.run import score
from models import describe, theory
from models.engine import device, printing
from models.segregated import losses, timing
from models.segregated.model import Feedback, Model
from models.segregated.output import OUTPUT
from models.segregated.parameters import Biophysics, Phases
from models.segregated.pyramidal import HIDDEN
from models.theory import Inputs
from tests.segregated.reference import kappa
from tests.segregated.simulation import Trace, build, small


@pytest.fixture(autouse=True)
def quick_runtime():
    device.interpret()


def test_the_kernel_has_the_papers_values_area_and_peak():
    values = kappa(np.arange(1, 11.0))
    expected = [0.02690, 0.04362, 0.05328, 0.05810, 0.05967, 0.05907, 0.05709, 0.05426, 0.05097]
    np.testing.assert_allclose(values[:9], expected, atol=1e-5)
    assert values.sum() == pytest.approx(0.5104, abs=1e-4)
    fine = np.linspace(0, 200, 200_001)
    assert np.trapezoid(kappa(fine), fine) == pytest.approx(1, abs=1e-6)
    assert fine[kappa(fine).argmax()] == pytest.approx(5.160, abs=1e-3)


def test_one_input_spike_draws_the_kernel_in_the_basal_dendrite():
    model = small(layers=(1, 10), rate=0.0)
    program = build(model, 1)
    faint = np.array([[0.05]]), np.array([0])
    for seed in range(1, 40):  # a train of one spike with time to decay
        t = Trace(model, program, stimulus=faint, seed=seed)
        spikes = np.flatnonzero(t.spikes("input"))
        if len(spikes) == 1 and spikes[0] < 40:
            break
    assert len(spikes) == 1
    psp = t.voltage("output", "V_b") - t.start["b_0"]
    since = np.arange(t.steps) - spikes[0] + 1.0
    np.testing.assert_allclose(psp, np.outer(kappa(since), t.start["W_0"][0]), atol=1e-13)


@pytest.mark.parametrize(("g_a", "k_b"), [(0, 0.8571), (0.05, 0.8), (0.6, 0.4615)])
def test_gains_follow_the_conductances(g_a, k_b):
    params = Biophysics(g_a=g_a / ms)
    assert float(params.k_b) == pytest.approx(k_b, abs=1e-4)
    assert float(params.k_d) == pytest.approx(0.8571, abs=1e-4)
    assert float(params.P_0 / ms) == pytest.approx(100) and float(
        params.P_1 / ms**2
    ) == pytest.approx(500)


def test_a_silent_cell_settles_at_its_gain_times_the_bias_and_teaching_moves_it_to_its_class():
    model = small(layers=(4, 3, 10), rate=0.0)
    t = Trace(model, build(model, 1), stimulus=(np.zeros((1, 4)), np.array([3])))
    hidden = t.voltage("hidden_0", "V")[t.timing.starts("target")[0] - 1]
    np.testing.assert_allclose(hidden, 0.6 / 0.7 * t.start["b_0"], rtol=1e-10)
    V_b, V = (t.voltage("output", name)[-1] for name in ("V_b", "V"))
    sign = np.where(np.arange(10) == 3, 1, -1)
    steps = np.diff(t.voltage("output", "V_b"), axis=0)[-20:]
    np.testing.assert_allclose(V, (0.6 * V_b + 8 * sign) / 1.7, atol=np.abs(steps).max())
    quiet = (0.6 * 0 + 8) / 1.7
    assert quiet == pytest.approx(4.706, abs=1e-3) and 1 / (1 + np.exp(-quiet)) == pytest.approx(
        0.991, abs=1e-3
    )


def forward(schedule):
    """Lengths of forward phases, in steps."""
    return schedule.ends("forward") - schedule.starts("forward")


def test_phases_are_wald_distributed():
    extra = forward(timing.training(Phases(), 40_000)) - 50
    assert extra.min() == 0
    assert extra.mean() == pytest.approx(2.0, abs=0.06)
    assert extra.var() == pytest.approx(8.0, rel=0.12)
    extra = forward(timing.training(Phases(rounding="down"), 40_000)) - 50
    assert extra.mean() == pytest.approx(1.52, abs=0.06)
    assert (extra == 0).mean() == pytest.approx(0.49, abs=0.01)
    fixed = timing.training(Phases(random=False), 10)
    assert (fixed.ends() == 100 * np.arange(1, 11)).all()


def test_every_moment_falls_on_the_grid_and_windows_leave_out_the_settling_time():
    plan = timing.training(Phases(), 50)
    for moment in timing.moments(0):
        steps, times = plan.steps(moment), np.asarray(plan.times(moment))
        np.testing.assert_array_equal(times, steps * 0.001)  # as Brian2's clock counts
        assert len(np.unique(steps)) == len(steps) and (np.diff(steps) > 0).all()
    window = plan.steps("forward_window")
    for onset, teach in zip(plan.starts(), plan.starts("target"), strict=True):
        inside = window[(window >= onset) & (window < teach)]
        assert inside[0] == onset + 30 and inside[-1] == teach - 1
    assert (plan.steps("target_plateau") == plan.ends() - 1).all()
    assert len(timing.testing(Phases(), 3).steps("target_plateau")) == 0


def test_a_window_that_does_not_fit_is_refused():
    with pytest.raises(ValueError, match="forward_window .*window 60.* does not fit"):
        timing.training(Phases(window=60 * ms), 3)
    with pytest.raises(ValueError, match="apical .* does not fit"):
        timing.training(Phases(plateau_window=49 * ms), 3, asynchronous=True)


def test_every_parameter_has_a_unit_and_cannot_change():
    params = Biophysics()
    assert all(isinstance(value, Quantity) for value in params)
    with pytest.raises(AttributeError):
        params.g_a = 1 / ms
    with pytest.raises(TypeError):
        HIDDEN.parts["soma"] = ""


@pytest.mark.parametrize("name, code", [("I_a", "g_a*V_a*mV"), ("g_x", "g_x*(V_a - V)")])
def test_equations_with_wrong_units_or_unknown_names_do_not_pass(name, code):
    wrong = HIDDEN.vary(parts={"coupling": f"I_a = {code} : volt/second"})
    with pytest.raises(device.ModelError, match=name):
        model = small(hidden=wrong)
        Trace(model, build(model, 1))


def test_an_unknown_integrator_is_refused():
    with pytest.raises(ValueError, match="unknown integrator 'eular'"):
        build(small(hidden=HIDDEN.vary(integrator="eular")), 1)


def test_describe_prints_every_equation_parameter_and_rule_that_is_simulated():
    model, found = Model((784, 500, 10), memory=10), theory.find("segregated")
    text = describe.text(model, found)
    for cell in (HIDDEN, OUTPUT):
        for part in cell.parts.values():
            for line in part.strip().splitlines():
                assert line.strip() in text
    rows = {row["symbol"]: row for row in model.model()["parameters"]}
    for name in (*Biophysics._fields, "k_b", "k_d", "P_0", "P_1"):
        assert rows[name]["cells"], name
        assert rows[name]["source"].startswith(("P ", "C: ")), name
    assert (rows["phi_max"]["value"], rows["phi_max"]["unit"]) == ("200", "Hz")
    assert r"\frac{\mathrm{d}V}{\mathrm{d}t}" in describe.latex_of(model)
    added = describe.text(model._replace(asynchronous=True, feedback=Feedback(learned=True)), found)
    for line in ("d_f = clip(abs(plateau_sd*randn())", "delta_Y = -eta_Y*", "in_t*V_a*dt"):
        assert line in added and line not in text
    assert "psp_b_post -= n_left_pre" in text


def test_a_variant_with_its_own_constant_and_equation_is_simulated():
    gated = HIDDEN.vary(
        parts={
            "coupling": """
                I_a = g_a*m_Ca*(V_a - V)                        : volt/second
                dm_Ca/dt = (1/(1 + exp(-V_a/mV)) - m_Ca)/tau_Ca : 1
            """
        },
        params={"g_a": 0.05 / ms},
        constants={"tau_Ca": 20 * ms},
    )
    model = small(hidden=gated)
    t = Trace(model, build(model, 1))
    assert not model.segregated and np.isfinite(t.voltage("hidden_0", "V")).all()
    rows = {row[0]: row[1:] for row in printing.parameters(gated, {"tau_Ca", "g_a"})}
    assert rows["tau_Ca"] == ("20", "ms", "a constant of these cells")
    assert rows["g_a"][:2] == ("0.05", "1/ms") and rows["g_a"][2].startswith("this variant; usual")


@pytest.fixture(scope="module")
def digits_network(digits):
    """A small network for the digits, compiled once for all tests of learning."""
    data, eta = digits.limit(1200, 360), (0.2,)
    model = Model((64, 50, 10), clear=True, centre=True, feedback=Feedback(scale=16), eta=eta)
    return data, model, model.program(1200), model.program(360, learning=False)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_cells_learn_the_digits_and_if_nothing_is_learned_they_do_not(digits_network, seed):
    data, model, learner, tester = digits_network
    errors = {}
    for learns in (False, True):
        state = model.start(seed)
        for epoch in range(12 if learns else 1):
            order = np.random.default_rng(epoch).permutation(1200)
            shown = data.train_images[order], data.train_labels[order]
            out = learner.run(Inputs(*shown, state, 100 * seed + epoch, learns=learns))
            state = out.state
        shown = data.test_images, data.test_labels
        answer = tester.run(Inputs(*shown, state, seed, learns=False))
        for key, value in answer.state.items():
            np.testing.assert_array_equal(value, state[key])  # testing does not learn
        errors[learns] = score.error(answer.answers, data.test_labels)
    assert errors[False] > 70  # chance is 90 %
    assert errors[True] < 20, errors


def test_the_answer_is_the_mean_over_the_units_of_a_class():
    model = Model((3, 2, 4), classes=2)
    V_bar = np.array([[0.0, 3.0, 2.0, 2.5], [5.0, 0.0, 1.0, 1.0]])
    answers, measures, _ = model._read({"V_bar": V_bar}, None, {})
    np.testing.assert_array_equal(answers, [[1.5, 2.25], [2.5, 1.0]])
    assert score.error(answers, np.array([1, 1])) == 50 and not measures


def test_losses_are_those_of_the_paper():
    V_bar, star = np.zeros((1, 3)), np.array([[200.0, 0.0, 100.0]])
    assert losses.output_loss(star, V_bar) == pytest.approx(0.1**2 * 2)
    plateau = np.array([[0.6]]), np.array([[0.5]])
    loss = losses.hidden_loss(*plateau, np.array([[100.0]]), np.zeros((1, 1)))
    assert loss == pytest.approx(0.01)  # (alpha_t - alpha_f)^2 when the rate is phi_max sigma(V)


def test_recorded_losses_are_those_of_each_layer():
    model = small(clear=True)
    t = Trace(model, build(model, 2))
    names = ("alpha_t", "alpha_f", "phi_bar", "V_bar")
    hidden = losses.hidden_loss(*(t.per_image("hidden_0", name) for name in names))
    output = losses.output_loss(*(t.per_image("output", name) for name in ("phi_star", "V_bar")))
    np.testing.assert_array_equal(t.out.records["losses", "hidden_0", "L"], hidden)
    np.testing.assert_array_equal(t.out.records["losses", "output", "L"], output)
    np.testing.assert_array_equal(t.out.measures["loss"], output)

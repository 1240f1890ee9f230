"""Closed forms and constants: kernel, gains, initial weights, phases, units, learning."""

import brian2
import numpy as np
import pytest
from brian2 import Hz, Quantity, ms, mV, pF

from experiments.run import data as datasets
from experiments.run import score as scores
from models import describe
from models.engine import device, schedule
from models.engine.cell import Neuron
from models.segregated import parameters, weights
from models.segregated.network import Feedback, Model
from models.segregated.output import NEURON as OUTPUT
from models.segregated.parameters import Biophysics, Phases
from models.segregated.pyramidal import NEURON as HIDDEN
from tests.reference import kappa
from tests.simulation import Trace, build, eta, small


@pytest.fixture(autouse=True)
def quick_runtime():
    brian2.prefs.codegen.target = "numpy"


def test_the_kernel_has_the_papers_values_area_and_peak():
    values = kappa(np.arange(1, 11.0))
    expected = [0.02690, 0.04362, 0.05328, 0.05810, 0.05967, 0.05907, 0.05709, 0.05426, 0.05097]
    np.testing.assert_allclose(values[:9], expected, atol=1e-5)
    assert values.sum() == pytest.approx(0.5104, abs=1e-4)
    fine = np.linspace(0, 200, 200_001)
    assert np.trapezoid(kappa(fine), fine) == pytest.approx(1, abs=1e-6)
    assert fine[kappa(fine).argmax()] == pytest.approx(5.160, abs=1e-3)


def test_one_input_spike_draws_the_kernel_in_the_basal_dendrite():
    program, timing = build(small(layers=(1, 10)), 1)
    faint = np.array([[0.05]]), np.array([0])
    for seed in range(1, 40):  # a train of one spike with time to decay
        t = Trace(program, timing, rate=0.0, stimulus=faint, seed=seed)
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
    t = Trace(
        *build(small(layers=(4, 3, 10)), 1), rate=0.0, stimulus=(np.zeros((1, 4)), np.array([3]))
    )
    hidden = t.voltage("hidden_0", "V")[t.timing.teach[0] - 1]
    np.testing.assert_allclose(hidden, 0.6 / 0.7 * t.start["b_0"], rtol=1e-10)
    V_b, V = (t.voltage("output", name)[-1] for name in ("V_b", "V"))
    sign = np.where(np.arange(10) == 3, 1, -1)
    steps = np.diff(t.voltage("output", "V_b"), axis=0)[-20:]
    np.testing.assert_allclose(V, (0.6 * V_b + 8 * sign) / 1.7, atol=np.abs(steps).max())
    quiet = (0.6 * 0 + 8) / 1.7
    assert quiet == pytest.approx(4.706, abs=1e-3) and 1 / (1 + np.exp(-quiet)) == pytest.approx(
        0.991, abs=1e-3
    )


@pytest.mark.parametrize(
    ("fan_in", "mean", "sd"),
    [
        (100, 0.14667, 1.41041),
        (500, 0.02933, 0.63212),
        (784, 0.01871, 0.50490),
        (3072, 0.00477, 0.25513),
    ],
)
def test_initial_weights_carry_the_moments_of_the_dendrite(fan_in, mean, sd):
    assert weights.moments(fan_in) == pytest.approx((mean, sd), abs=1e-5)


@pytest.mark.parametrize(("init", "norm"), [(0.5, 316), (1.0, 632)])
def test_the_width_of_the_draw_is_the_papers_or_twice_that(init, norm):
    drawn = weights.initial(Model((784, 500, 10), init=init), 1)
    sd = 2 * init * 0.50490
    assert drawn["W_0"].std() == pytest.approx(sd, rel=0.01)
    assert drawn["W_0"].mean() == pytest.approx(0.01871, abs=4 * sd / 626)
    assert np.linalg.norm(drawn["W_0"]) == pytest.approx(norm, rel=0.01)
    assert drawn["b_0"] == pytest.approx(0.8, abs=0.01)
    assert drawn["Y_0"].std() == pytest.approx(1.26456, rel=0.03)  # of the layer above


def test_centred_weights_have_no_mean_and_a_factor_scales_the_feedback():
    plain, scaled = (
        weights.initial(Model((784, 500, 10), centre=True, feedback=Feedback(scale=s)), 1)
        for s in (1, 16)
    )
    assert abs(plain["W_0"].mean()) < 4 * 0.505 / 626 and abs(plain["b_0"]).max() < 0.01
    np.testing.assert_allclose(scaled["Y_0"], 16 * plain["Y_0"])


def test_each_layer_may_have_its_own_width_and_feedback():
    layers, plain = (784, 500, 100, 10), {"centre": True}
    one = weights.initial(Model(layers, **plain), 1)
    own = Model(layers, init=(0.25, 0.5, 1.0), feedback=Feedback(scale=(2.0, 3.0)), **plain)
    other = weights.initial(own.check(), 1)
    for m, factor in enumerate((0.5, 1, 2)):
        np.testing.assert_allclose(other[f"W_{m}"], factor * one[f"W_{m}"])
    for m, factor in enumerate((2, 3)):
        np.testing.assert_allclose(other[f"Y_{m}"], factor * one[f"Y_{m}"])


def test_sparse_feedback_loses_exactly_its_share():
    Y = weights.initial(Model((784, 500, 10), feedback=Feedback(sparsity=0.8)), 1)["Y_0"]
    assert (Y == 0).sum() == 4000


def test_phases_are_wald_distributed():
    steps = schedule.training(Phases(), 40_000)
    extra = (steps.teach - steps.onset) - 50
    assert extra.min() == 0
    assert extra.mean() == pytest.approx(2.0, abs=0.06)
    assert extra.var() == pytest.approx(8.0, rel=0.12)
    down = schedule.training(Phases(rounding="down"), 40_000)
    extra = (down.teach - down.onset) - 50
    assert extra.mean() == pytest.approx(1.52, abs=0.06)
    assert (extra == 0).mean() == pytest.approx(0.49, abs=0.01)
    assert (schedule.training(Phases(random=False), 10).end == 100 * np.arange(1, 11)).all()


def test_every_moment_falls_on_the_grid_and_windows_leave_out_the_settling_time():
    plan = schedule.training(Phases(), 50)
    for moment in schedule.MOMENTS:
        steps, times = plan.steps(moment), np.asarray(plan.times(moment))
        np.testing.assert_array_equal(times, steps * 0.001)  # as Brian2's clock counts
        assert len(np.unique(steps)) == len(steps) and (np.diff(steps) > 0).all()
    window = plan.steps("forward_window")
    for onset, teach in zip(plan.onset, plan.teach, strict=True):
        inside = window[(window >= onset) & (window < teach)]
        assert inside[0] == onset + 30 and inside[-1] == teach - 1
    assert (np.diff(plan.steps("target_plateau")) > 0).all()
    assert len(schedule.testing(Phases(), 3).steps("target_plateau")) == 0


def test_a_window_that_does_not_fit_is_refused():
    with pytest.raises(ValueError, match="do not fit"):
        schedule.training(Phases(window=60 * ms), 3)
    with pytest.raises(ValueError, match="do not fit"):
        schedule.training(Phases(plateau_window=49 * ms), 3, asynchronous=True)


def test_every_parameter_has_a_unit_and_cannot_change():
    params = Biophysics()
    assert all(isinstance(value, Quantity) for value in params)
    with pytest.raises(AttributeError):
        params.g_a = 1 / ms
    with pytest.raises(TypeError):
        HIDDEN.parts["soma"] = ""


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"params": {"g_x": 1 / ms}}, "unknown parameter 'g_x'"),
        ({"params": {"g_a": 1 * mV}}, "is a quantity such as"),
        ({"parts": {"soma": 3}}, "must be a string"),
    ],
)
def test_a_mistake_in_a_variant_is_named(change, message):
    with pytest.raises(ValueError, match=message):
        HIDDEN.vary(**change)


def test_equations_with_wrong_units_or_doubled_names_do_not_pass():
    with pytest.raises(brian2.equations.equations.EquationError):
        _ = HIDDEN.vary(parts={"more": "V_a = psp_a + c : volt"}).equations
    wrong = HIDDEN.vary(parts={"coupling": "I_a = g_a*V_a*mV : volt/second"})
    with pytest.raises(device.ModelError, match="I_a"):
        Trace(*build(small(hidden=wrong), 1))
    unknown = HIDDEN.vary(parts={"coupling": "I_a = g_x*(V_a - V) : volt/second"})
    with pytest.raises(device.ModelError, match="g_x"):
        Trace(*build(small(hidden=unknown), 1))


def test_an_unknown_integrator_is_refused():
    with pytest.raises(ValueError, match="unknown integrator 'eular'"):
        build(small(hidden=HIDDEN.vary(integrator="eular")), 1)


def test_describe_prints_every_equation_parameter_and_rule_that_is_simulated():
    model = Model((784, 500, 10), memory=10)
    text = describe.text(model)
    for cell in (HIDDEN, OUTPUT):
        for part in cell.parts.values():
            for line in part.strip().splitlines():
                assert line.strip() in text
    for row in describe.parameters(HIDDEN):
        assert row[0] in Biophysics._fields or row[0] in ("k_b", "k_d", "P_0", "P_1")
        assert row[3] != "a constant of this variant"
    assert ("phi_max", "200", "Hz") in [row[:3] for row in describe.parameters(HIDDEN)]
    assert r"\frac{\mathrm{d}V}{\mathrm{d}t}" in describe.latex(model)
    options = model._replace(asynchronous=True, feedback=Feedback(learned=True))
    added = describe.text(options)
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
    assert isinstance(gated, Neuron) and not small(hidden=gated).segregated
    t = Trace(*build(small(hidden=gated), 1))
    assert np.isfinite(t.voltage("hidden_0", "V")).all()
    assert ("tau_Ca", "20", "ms") in [row[:3] for row in describe.parameters(gated)]
    assert parameters.in_unit("phi_max", 200 * Hz) == (200, "Hz")
    assert parameters.with_unit("C", 100 * pF) == "100 pF"
    assert parameters.with_unit("I", 0.2 * mV / ms) == "0.2 mV/ms"


@pytest.fixture(scope="session")
def digits_network():
    """A small network for the digits, compiled once for all tests of learning."""
    data = datasets.load("digits").limit(1200, 360)
    model = Model((64, 50, 10), clear=True, centre=True, feedback=Feedback(scale=16))
    learner = device.program(model, schedule.training(model.phases, 1200))
    tester = device.program(model, schedule.testing(model.phases, 360), learning=False)
    return data, model, learner, tester


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_cells_learn_the_digits_and_without_a_learning_rate_they_do_not(digits_network, seed):
    data, model, learner, tester = digits_network
    errors = {}
    for rate in (0.0, 0.2):
        w = weights.initial(model, seed)
        for epoch in range(12):
            order = np.random.default_rng(epoch).permutation(1200)
            given = device.Inputs(
                data.train_images[order],
                data.train_labels[order],
                w,
                eta(model, rate),
                100 * seed + epoch,
            )
            out = learner.run(given)
            w = out.weights
        given = device.Inputs(data.test_images, data.test_labels, w, {}, seed)
        answer = tester.run(given)
        for key, value in answer.weights.items():
            np.testing.assert_allclose(value, w[key], atol=1e-13)  # testing does not learn
        errors[rate] = scores.error(answer.V_bar, data.test_labels)
    assert errors[0.0] > 70  # chance is 90 %
    assert errors[0.2] < 20, errors


def test_the_readout_is_the_mean_over_the_units_of_a_class():
    V = np.array([[0.0, 3.0, 2.0, 2.5], [5.0, 0.0, 1.0, 1.0]])
    np.testing.assert_array_equal(scores.chosen(V, 2), [1, 0])
    assert scores.error(V, np.array([1, 1]), 2) == 50


def test_losses_are_those_of_the_paper():
    V_bar, star = np.zeros((1, 3)), np.array([[200.0, 0.0, 100.0]])
    assert scores.output_loss(star, V_bar) == pytest.approx(0.1**2 * 2)
    plateau = np.array([[0.6]]), np.array([[0.5]])
    loss = scores.hidden_loss(*plateau, np.array([[100.0]]), np.zeros((1, 1)))
    assert loss == pytest.approx(0.01)  # (alpha_t - alpha_f)^2 when the rate is phi_max sigma(V)

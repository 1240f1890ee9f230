"""What cells and synapses do, beside the NumPy reference that is stepped with the same spikes."""

import numpy as np
import pytest
from brian2 import ms

from models.engine import device
from models.segregated import timing, variants
from models.segregated.circuit import circuit
from models.segregated.model import Feedback, Model
from models.segregated.output import LITERAL_TEACHING, OUTPUT
from models.segregated.parameters import Phases
from models.segregated.pyramidal import HIDDEN
from models.theory import Inputs
from tests.segregated.reference import G_B, G_L, PHI_MAX, sigma
from tests.segregated.simulation import FIXED, Trace, build, small, stimuli

EXACT = 1e-11  # mV, and mV ms: rounding
TOLERANCE = {"double": EXACT, "single": 3e-5}  # of potentials up to 50 mV
HOW = [("runtime", "double"), ("standalone", "double"), ("standalone", "single")]
K_B = G_B / (G_L + G_B)


@pytest.fixture(autouse=True)
def quick_runtime():
    """Runtime mode without compiling; the standalone tests compile for themselves."""
    device.interpret()


def trace(images=2, where="runtime", precision="double", **options):
    model = small(**options)
    return Trace(model, build(model, images, where, precision=precision))


def assert_same(trace, tolerance=EXACT, jitter=None, **options):
    """Every potential, plateau, average and weight is what the reference says it must be."""
    reference, images = trace.replay(jitter=jitter, **options)
    for name in trace.names:
        assert trace.spikes(name).sum() > 20, f"{name} is silent"
    for layer, name in enumerate(trace.names[1:]):
        hidden = name != "output"
        for potential in ("V", "V_b", "V_a") if hidden else ("V", "V_b"):
            expected = np.array([step[potential][layer] for r in images for step in r["steps"]])
            assert np.abs(expected).max() > 0.01
            np.testing.assert_allclose(
                trace.voltage(name, potential), expected, rtol=0, atol=tolerance, err_msg=potential
            )
        if hidden:
            for alpha in ("alpha_f", "alpha_t"):
                expected = [r[alpha][layer] for r in images]
                got = trace.per_image(name, alpha, kind="plateaus")
                np.testing.assert_allclose(got, expected, rtol=0, atol=tolerance)
        np.testing.assert_allclose(
            trace.per_image(name, "V_bar"),
            [r["V_bar"][layer] for r in images],
            rtol=0,
            atol=tolerance,
        )
    np.testing.assert_allclose(
        trace.per_image("output", "phi_star") / 1e3,
        [r["phi_star"] for r in images],
        atol=tolerance,
    )
    for key, value in trace.state.items():
        np.testing.assert_allclose(value, reference.w[key], rtol=0, atol=tolerance, err_msg=key)
    if trace.model.eta != (0.0,):
        for key in trace.state:
            if key[0] in "Wb":
                assert np.abs(trace.state[key] - trace.start[key]).max() > 1e-3, (
                    f"{key} stood still"
                )
    return images


@pytest.mark.parametrize("where, precision", HOW)
def test_potentials_and_weights_are_those_of_the_reference(where, precision):
    t = trace(clear=True, where=where, precision=precision)
    assert_same(t, TOLERANCE[precision], clear=True)


def test_the_tail_of_the_last_image_is_carried_into_the_next():
    t = trace(images=3, rate=0.0)
    assert_same(t)
    onset = t.timing.starts()[1]
    assert np.abs(t.voltage("output", "V_b")[onset]).max() > 0.1


def test_clear_returns_every_potential_to_rest_at_an_onset():
    t = trace(images=2, rate=0.0, clear=True)
    first = t.voltage("hidden_0", "V_a")[t.timing.starts()[1]]
    np.testing.assert_array_equal(first, 0)


@pytest.mark.parametrize("where, precision", HOW)
def test_all_pathways_together_on_two_hidden_layers(where, precision):
    t = trace(
        layers=(12, 8, 6, 10),
        where=where,
        precision=precision,
        clear=True,
        memory=10,
        rule="backprop",
        feedback=Feedback(kind="symmetric", path="layerwise"),
    )
    about = {"rule": "backprop", "feedback": "symmetric", "path": "layerwise"}
    assert_same(t, TOLERANCE[precision], clear=True, memory=10, **about)


@pytest.mark.parametrize("g_a", [0.05, 0.6])
def test_apical_conductance_reaches_the_soma_and_changes_the_gain(g_a):
    t = trace(hidden=HIDDEN.vary(params={"g_a": g_a / ms}), clear=True)
    assert_same(t, g_a=g_a, clear=True)


def test_a_segregated_apical_dendrite_leaves_the_soma_exactly_alone():
    weak, strong = (
        trace(feedback=Feedback(scale=scale), rate=0.0, clear=True) for scale in (0.1, 50)
    )
    assert np.abs(strong.voltage("hidden_0", "V_a")).max() > 50
    np.testing.assert_array_equal(weak.voltage("hidden_0", "V"), strong.voltage("hidden_0", "V"))


LEAVES_THE_SOMA_ALONE = {
    "the paper's cell": {},
    "another plateau": {"moments": {"forward_plateau": "alpha_f = 1/(1 + exp(-V_a/mV))"}},
    "another apical dendrite": {"parts": {"apical": HIDDEN.parts["apical"] + "q : 1\n"}},
    "a variable of its own at the onset": {"parts": {"q": "q : 1"}, "moments": {"onset": "q = 0"}},
    "another integrator": {"integrator": "euler"},
    "another rule": {"learning": {"error": "error = 0*Hz"}},
}
SOMA = HIDDEN.parts
MAY_MOVE_THE_SOMA = {
    "g_a": {"params": {"g_a": 0.05 / ms}},
    "the coupling": {"parts": {"coupling": "I_a = g_a*(psp_a - V) : volt/second"}},
    "a coupling that says the same": {"parts": {"coupling": "I_a = g_a*(V_a - V) : volt/second"}},
    "the soma": {
        "parts": {"soma": HIDDEN.parts["soma"].replace("-g_l*V", "-g_l*V + alpha_f*mV/ms")}
    },
    "the basal dendrite": {"parts": {"basal": HIDDEN.parts["basal"].replace("psp_b + b", "V_a")}},
    "the train": {"parts": {"train": HIDDEN.parts["train"].replace("x/(", "(1 + alpha_f)*x/(")}},
    "a threshold": {"threshold": "rand() < alpha_f"},
    "a reset": {"reset": "V = alpha_f*mV"},
    "synapses": {"synapses": {"apical": "x_a_post += 2*w"}},
    "synapses that give": {"parts": {"q": "q : volt"}, "synapses": {"apical": "q_post += w/ms"}},
    "the soma at the onset": {"moments": {"onset": "V = alpha_t*mV"}},
    "a train at the onset": {"moments": {"onset": "x = 0"}},
}


@pytest.mark.parametrize("change", LEAVES_THE_SOMA_ALONE.values(), ids=LEAVES_THE_SOMA_ALONE)
def test_feedback_is_left_out_of_tests_where_nothing_of_it_reaches_the_soma(change):
    assert Model((4, 3, 10), hidden=HIDDEN.vary(**change)).segregated


@pytest.mark.parametrize("change", MAY_MOVE_THE_SOMA.values(), ids=MAY_MOVE_THE_SOMA)
def test_feedback_is_simulated_in_tests_where_something_of_it_might_reach_the_soma(change):
    """On the safe side: whoever changes what moves the soma, or makes it fire, has it."""
    model = Model((4, 3, 10), hidden=HIDDEN.vary(**change))
    assert not model.segregated
    assert any(
        name.startswith("Y")
        for name in circuit(model, timing.testing(model.phases, 1), False).state
    )


def test_without_hidden_layers_the_readout_learns_alone():
    assert_same(trace(layers=(12, 10), clear=True), clear=True)


def test_broadcast_feedback_reaches_two_hidden_layers():
    assert_same(trace(layers=(12, 8, 6, 10), clear=True), clear=True)


def test_layerwise_feedback_comes_from_the_layer_above():
    t = trace(layers=(12, 8, 6, 10), clear=True, feedback=Feedback(path="layerwise"))
    assert t.start["Y_0"].shape == (6, 8)
    assert_same(t, clear=True, path="layerwise")


@pytest.mark.parametrize("path", ["broadcast", "layerwise"])
def test_feedback_without_spikes_is_by_the_rates_of_the_step_before(path):
    t = trace(layers=(12, 8, 6, 10), clear=True, feedback=Feedback(path=path, spiking=False))
    assert_same(t, clear=True, path=path, spiking=False)


def test_rates_reach_the_soma_as_well():
    cell = HIDDEN.vary(params={"g_a": 0.6 / ms})
    t = trace(hidden=cell, feedback=Feedback(scale=20, spiking=False), clear=True)
    assert_same(t, g_a=0.6, spiking=False, clear=True)


@pytest.mark.parametrize("where", ["runtime", "standalone"])
def test_hidden_cells_can_hold_the_error_of_backpropagation_beside_their_own(where):
    t = trace(layers=(12, 8, 6, 10), where=where, clear=True, observe=True)
    assert_same(t, clear=True)  # they learn as before
    first = t.replay(clear=True)[1][0]  # its errors are handed down by the initial weights
    slope = [sigma(V) * (1 - sigma(V)) for V in first["V_bar"]]
    e = first["e"][2]
    for m in (1, 0):
        e = t.start[f"W_{m + 1}"] @ e * K_B * PHI_MAX * slope[m]
        for name, expected in (("e_bp", e), ("error", first["e"][m])):
            got = t.per_image(f"hidden_{m}", name, kind="errors")[0] / 1e3
            np.testing.assert_allclose(got, expected, rtol=1e-9, atol=1e-15)


def test_symmetric_feedback_uses_the_feedforward_synapses_backwards():
    t = trace(clear=True, feedback=Feedback(kind="symmetric"))
    assert "Y_0" not in t.state
    assert_same(t, clear=True, feedback="symmetric")


@pytest.mark.parametrize("memory", [0, 10])
def test_symmetric_feedback_may_be_stronger_than_the_feedforward_weights(memory):
    feedback = Feedback(kind="symmetric", scale=16.0)
    t = trace(clear=True, feedback=feedback, memory=memory)
    assert_same(t, clear=True, feedback="symmetric", scale=16.0, memory=memory)


def test_noisy_symmetric_feedback_is_drawn_anew_for_each_image():
    t = trace(images=2, rate=0.0, clear=True, feedback=Feedback(kind="symmetric", noise=0.05))
    reference, images = t.replay(clear=True, feedback="symmetric")
    noise = []
    for k, result in enumerate(images):
        a, c = t.timing.starts()[k], t.timing.ends()[k]
        extra = t.voltage("hidden_0", "V_a")[a:c] - [s["V_a"][0] for s in result["steps"]]
        trains = np.array([step["s"][2] for step in result["steps"]])
        found, _, rank, _ = np.linalg.lstsq(trains[:-1], extra[1:], rcond=None)
        assert rank == 10
        np.testing.assert_allclose(trains[:-1] @ found, extra[1:], atol=1e-9)
        noise.append(found)
    assert 0.035 < np.std(noise[0]) < 0.065  # 80 draws: 8 % standard error
    assert abs(np.corrcoef(noise[0].ravel(), noise[1].ravel())[0, 1]) < 0.4


def test_sparse_feedback_loses_its_share_and_rescales_the_rest():
    dense, sparse = (
        trace(clear=True, feedback=f) for f in (Feedback(), Feedback(sparsity=0.8, rescale=5))
    )
    left = sparse.start["Y_0"] != 0
    assert left.sum() == 80 - int(0.8 * 80)
    np.testing.assert_allclose(sparse.start["Y_0"][left], 5 * dense.start["Y_0"][left])
    assert_same(sparse, clear=True)


@pytest.mark.parametrize("path", ["broadcast", "layerwise"])
def test_mirrored_feedback_changes_as_the_forward_weights_between_the_same_cells(path):
    own = Feedback(path=path, mirror=2.0, sparsity=0.3)
    t = trace(layers=(12, 8, 6, 10), feedback=own, clear=True, images=3)
    assert_same(t, path=path, mirror=2.0, clear=True)
    up, down = (t.state[key] - t.start[key] for key in ("W_2", "Y_1"))
    there = t.start["Y_1"] != 0
    assert not down[~there].any() and np.abs(down).max() > 1e-3
    np.testing.assert_allclose(down[there], 2 * up.T[there], atol=1e-10)


def test_weight_decay_takes_a_share_of_active_synapses_before_they_learn():
    t = trace(clear=True, weight_decay=0.02, images=3)
    assert_same(t, clear=True, weight_decay=0.02)
    usual = trace(clear=True, images=3)
    assert np.abs(t.state["W_0"] - usual.state["W_0"]).max() > 1e-3


def test_feedback_bias_shifts_the_apical_potential():
    t = trace(clear=True, feedback=Feedback(bias=True))
    assert t.start["c_0"] == pytest.approx(0.8, abs=0.01)
    assert_same(t, clear=True)


def test_learned_feedback_moves_towards_an_inverse_and_spares_lost_synapses():
    feedback = Feedback(learned=True, bias=True, sparsity=0.5)
    t = trace(clear=True, feedback=feedback)
    assert_same(t, clear=True, eta_Y=0.5, learned_bias=True)
    assert np.abs(t.state["Y_0"] - t.start["Y_0"]).max() > 1e-3
    np.testing.assert_array_equal(t.state["Y_0"] == 0, t.start["Y_0"] == 0)


@pytest.mark.parametrize("clear", [False, True])
def test_after_ten_milliseconds_a_spike_is_forgotten(clear):
    rate = 0.5 if clear else 0.0
    t = trace(images=3, memory=10, clear=clear, rate=rate)
    assert_same(t, memory=10, clear=clear)


def test_euler_steps_the_soma_as_the_authors_code_does():
    hidden, output = (cell.vary(integrator="euler") for cell in (HIDDEN, OUTPUT))
    assert_same(trace(hidden=hidden, output=output, clear=True), clear=True, integrator="euler")


def test_averages_can_be_those_of_the_last_20_ms_only():
    phases = Phases(random=False, forward=60 * ms, target=55 * ms, window=20 * ms)
    assert_same(trace(phases=phases, clear=True), clear=True, window=20)


def test_literal_teaching_is_ten_times_weaker():
    assert_same(
        trace(output=OUTPUT.vary(parts=LITERAL_TEACHING), clear=True), clear=True, literal=True
    )


@pytest.mark.parametrize("rule", ["plateau", "backprop"])
@pytest.mark.parametrize("error", ["rates", "mean-rates"])
def test_the_error_of_an_output_cell_may_be_that_of_its_rates_alone(rule, error):
    own = {"rule": rule, "output_error": error, "clear": True}
    assert_same(trace(**own), **own)


def test_two_output_units_for_each_class():
    assert_same(trace(layers=(12, 8, 20), clear=True), clear=True)


def test_asynchronous_plateaus_average_each_cells_own_window():
    t = trace(asynchronous=True, clear=True)
    d_f, d_t = (t.per_image("hidden_0", d, kind="plateaus") for d in ("d_f", "d_t"))
    assert 0 <= d_f.min() and d_f.max() <= 5 and d_f.std() > 0.3
    jitter = [([f], [b]) for f, b in zip(d_f, d_t, strict=True)]
    assert_same(t, jitter=jitter, clear=True, plateau_window=30)


def test_asynchronous_plateaus_without_jitter_are_the_synchronous_ones():
    phases = FIXED._replace(window=20 * ms, plateau_window=20 * ms, plateau_sd=0 * ms)
    late, together = (trace(asynchronous=a, phases=phases, clear=True) for a in (True, False))
    for alpha in ("alpha_f", "alpha_t"):
        for t in (late, together):
            assert np.ptp(t.per_image("hidden_0", alpha, kind="plateaus")) > 1e-3
    assert_same(late, clear=True, window=20)
    assert_same(together, clear=True, window=20)


def test_a_step_goes_up_at_once_and_comes_down_in_the_next():
    t = trace(rate=0.0, clear=True)
    drive = t.voltage("hidden_0", "V_b") - t.start["b_0"]
    first = np.flatnonzero(t.spikes("input").any(axis=1))[0]
    assert (drive[first] != 0).all() and (drive[:first] == 0).all()
    first = np.flatnonzero(t.spikes("output").any(axis=1))[0]
    apical = t.voltage("hidden_0", "V_a")
    assert (apical[first + 1] != 0).all() and (apical[: first + 1] == 0).all()


def test_poisson_counts_have_the_mean_of_their_rate_and_more_than_one_spike_a_step():
    images = 8
    spread = {}
    for draw in ("poisson", "bernoulli"):
        model = small(layers=(400, 10), spike_draw=draw, rate=0.0)
        bright = np.ones((images, 400)), np.zeros(images, dtype=int)
        t = Trace(model, build(model, images), stimulus=bright)
        drive = t.voltage("output", "V_b") - t.start["b_0"]
        expected = 0.2 * t.start["W_0"].sum(axis=0)
        after = drive[60:]
        scale = np.sqrt((t.start["W_0"] ** 2).sum(axis=0))
        np.testing.assert_allclose(after.mean(axis=0), expected, atol=0.05 * scale.max())
        spread[draw] = (after.std(axis=0) / scale).mean() ** 2
    assert spread["poisson"] / spread["bernoulli"] == pytest.approx(1.25, rel=0.12)  # 0.2 / 0.16


def test_poisson_spikes_are_forgotten_as_well():
    t = trace(layers=(40, 10), images=3, spike_draw="poisson", memory=10, rate=0.0)
    shown = np.array([np.ones(40), np.zeros(40)]), np.array([0, 1])
    dark = Trace(t.model, build(t.model, 2), stimulus=shown)
    drive = dark.voltage("output", "V_b") - dark.start["b_0"]
    onset = dark.timing.starts()[1]
    assert np.abs(drive[onset]).max() > 1e-3
    np.testing.assert_allclose(drive[onset + 10 :], 0, atol=1e-9)
    assert t.spikes("input").sum() > 0


def test_padding_and_images_to_be_looked_at_leave_the_weights_alone():
    model = small(clear=True)
    program, start = build(model, 3), model.start(1)
    images, labels = stimuli(model, 3)
    one = program.run(Inputs(images[:1], labels[:1], start, 1))
    three = program.run(Inputs(images, labels, start, 1))
    still = program.run(Inputs(images, labels, start, 1, learns=False))
    assert one.answers.shape == (1, 10) and three.answers.shape == (3, 10)
    assert one.measures["loss"].shape == (1,) and three.measures["loss"].shape == (3,)
    np.testing.assert_array_equal(one.answers[0], three.answers[0])
    assert np.abs(three.state["W_0"] - one.state["W_0"]).max() > 1e-3
    for name, value in start.items():
        assert still.state[name].tobytes() == value.tobytes(), name


def test_a_rate_of_zero_leaves_the_weights_alone():
    t = trace(clear=True, rate=0.0, feedback=Feedback(learned=True))
    for name, value in t.start.items():
        np.testing.assert_array_equal(t.state[name], value)


def test_plateaus_are_between_0_and_1_and_grow_with_the_mean_apical_potential():
    t = trace(feedback=Feedback(scale=10))
    alpha = t.per_image("hidden_0", "alpha_t", kind="plateaus")[0]
    a, c = t.timing.starts("target")[0] + 30, t.timing.ends()[0]
    mean = t.voltage("hidden_0", "V_a")[a:c].mean(axis=0)
    assert alpha.min() > 0 and alpha.max() < 1 and np.ptp(alpha) > 0.2
    assert (np.argsort(mean) == np.argsort(alpha)).all()


def test_a_taught_class_loses_less_when_shown_again():
    model = small(layers=(30, 20, 10), clear=True)
    x, _ = stimuli(model, 1, seed=3)
    t = Trace(model, build(model, 16), stimulus=(np.repeat(x, 16, axis=0), np.full(16, 4)))
    star, V_bar = t.per_image("output", "phi_star") / 1e3, t.per_image("output", "V_bar")
    loss = ((star - 0.2 / (1 + np.exp(-V_bar))) ** 2).sum(axis=1)
    np.testing.assert_allclose(t.out.measures["loss"], loss, rtol=1e-9)
    assert loss[8:].mean() < 0.5 * loss[:2].mean(), loss


def test_standalone_runs_are_the_same_to_the_bit_and_differ_by_seed():
    model = small(clear=True)
    program, again = (build(model, 2, "standalone") for _ in range(2))
    assert program.folder == again.folder  # built once
    first, second = (Trace(model, p) for p in (program, again))
    other = Trace(model, program, seed=2)
    for key in first.state:
        assert first.state[key].tobytes() == second.state[key].tobytes()
    assert (first.spikes("input") != other.spikes("input")).any()


def test_variants_load_by_name_and_by_path(tmp_path):
    path = tmp_path / "leaky.py"
    path.write_text(
        '"""A cell whose apical dendrite is coupled."""\n'
        "from brian2 import ms\n"
        "from models.segregated.variants.paper import HIDDEN as PAPER\n"
        'HIDDEN = PAPER.vary(params={"g_a": 0.05/ms})\n'
    )
    assert variants.load("paper") == HIDDEN
    t = trace(hidden=variants.load(str(path)), clear=True)
    assert_same(t, g_a=0.05, clear=True)


def test_feedback_is_simulated_in_a_test_only_if_the_soma_feels_it():
    accepted = {}
    for g_a in (0, 0.6):
        model = small(hidden=HIDDEN.vary(params={"g_a": g_a / ms}))
        program = model.program(2, learning=False, device="runtime")
        accepted[g_a] = "Y_0" in program.accepts
        start = model.start(1)
        out = program.run(Inputs(*stimuli(model, 2), start, 1, learns=False))
        assert out.answers.shape == (2, 10) and "loss" not in out.measures
        for name, value in start.items():
            assert out.state[name].tobytes() == value.tobytes(), name
    assert accepted == {0: False, 0.6: True}

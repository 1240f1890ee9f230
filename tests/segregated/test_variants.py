"""Every variant is a cell that works, and does what its own docstring says."""

from functools import cache

import numpy as np
import pytest
from brian2 import Hz, ms, mV

from experiments.run.config import Config
from experiments.run.record import recording
from models import describe
from models.engine import device, latex
from models.segregated import bench, timing, trial, variants
from models.segregated.model import Feedback
from models.segregated.parameters import Phases
from tests.segregated.simulation import FIXED, Trace, build, small

NAMES = variants.names()
STRONG = {"feedback": Feedback(scale=16), "centre": True, "clear": True}
PLAIN = timing.training(FIXED, 1)  # 50 ms, then 50 ms
QUIET = {"phi_max": 1e-9 * Hz}


@pytest.fixture(autouse=True)
def quick_runtime():
    device.interpret()


@cache
def traced(name):
    """One bright image with strong feedback, simulated twice by one program."""
    device.interpret()
    model = variants.read(name).applied(small(**STRONG)).check()
    program = build(model, 1)
    bright = np.ones((1, 12)), np.array([3])
    return [Trace(model, program, stimulus=bright) for _ in range(2)]


def alone(name, cells=1, schedule=PLAIN, params=(), **given):
    """The hidden cell of a variant on the bench, as it learns."""
    cell = small(hidden=variants.load(name)).cell("hidden_0").vary(params=dict(params))
    return bench.run(cell, schedule, cells, **given)


def sigma(x):
    return 1 / (1 + np.exp(-x))


# --- all variants, also those that are yet to be written -----------------------------------------


@pytest.mark.parametrize("name", NAMES)
def test_without_input_and_spikes_a_cell_stays_at_rest(name):
    out = alone(name, schedule=timing.testing(Phases(test=50 * ms), 1), params=QUIET)
    for potential in (out.V, out.V_b, out.V_a):
        assert np.ptp(potential) < 1e-9 and abs(potential[0] - out.V[0]) < 1e-9


@pytest.mark.parametrize("name", NAMES)
def test_under_strong_input_potentials_are_bounded_and_plateaus_between_0_and_1(name):
    t = traced(name)[0]
    for population in t.names[1:]:
        for potential in ("V", "V_b"):
            values = t.voltage(population, potential)
            assert np.isfinite(values).all() and np.abs(values).max() < 200
    assert np.abs(t.voltage("hidden_0", "V_a")).max() > 5
    assert t.spikes("hidden_0").sum() > 5
    for alpha in ("alpha_f", "alpha_t"):
        plateau = t.per_image("hidden_0", alpha, kind="plateaus")
        assert plateau.min() >= 0 and plateau.max() <= 1 and np.ptp(plateau) > 0.01


@pytest.mark.parametrize("name", NAMES)
def test_something_is_learned_in_every_layer(name):
    t = traced(name)[0]
    for key in ("W_0", "b_0", "W_1", "b_1"):
        assert np.isfinite(t.state[key]).all()
        assert np.abs(t.state[key] - t.start[key]).max() > 1e-4, f"{key} stood still"


@pytest.mark.parametrize("name", NAMES)
def test_a_chunk_from_a_checkpoint_is_the_same_to_the_bit_whatever_ran_before(name):
    first, second = traced(name)
    for key, value in first.state.items():
        assert value.tobytes() == second.state[key].tobytes(), key
    phases = first.model.phases
    one, other = (timing.training(phases, 5, first.model.asynchronous) for _ in range(2))
    np.testing.assert_array_equal(one.edges, other.edges)


@pytest.mark.parametrize("name", NAMES)
def test_describe_prints_the_equations_the_reviewers_form_and_what_differs(name, capsys):
    assert describe.main(["--variant", name]) == 0
    text, variant = capsys.readouterr().out, variants.read(name)
    assert variant.about.splitlines()[0] in text
    for code in (*variant.hidden.parts.values(), variant.hidden.threshold, variant.hidden.reset):
        for line in code.strip().splitlines():
            assert line.strip() in text
    form, differs = text.split("the reviewers' form\n")[1].split("changes from the paper's cells\n")
    moves = "V" in variant.hidden.equations.diff_eq_names
    assert ("pulls V towards V_b" if moves else "at its steady state: V = k_b*V_b") in form
    assert "not of this form" not in form
    assert "beside" not in form  # all that moves V is a conductance
    assert ("none" in differs.split()) == (name == "paper")
    if name != "paper":
        assert all(word in variant.about for word in ("Source", "Expect")), "say where from"


# --- what each of them says of itself ------------------------------------------------------------


def test_regular_spikes_are_as_many_as_their_rate_says_and_begin_anywhere():
    model = variants.read("regular").applied(small((300, 8, 10), rate=0.0, **STRONG)).check()
    rng = np.random.default_rng(2)
    images = rng.random((2, 300)), np.array([1, 2])
    t = Trace(model, build(model, 2), stimulus=images)
    expected = 0.2 * images[0]  # spikes of a step of 1 ms
    spikes = t.spikes("input").reshape(2, -1, 300)
    for length in (20, spikes.shape[1]):
        count = spikes[:, -length:].sum(axis=1)
        assert np.abs(count - length * expected).max() < 1 + 1e-9
    first = (np.argmax(spikes, axis=1) + 0.5) * expected  # uniform in [0, 1] where there is a spike
    first = first[spikes.any(axis=1) & (expected > 0.1)]
    assert abs(first.mean() - 0.5) < 0.06 and first.std() > 0.25
    for name in t.names[1:]:  # each cell by its own rate: sigma(V) of the steps before
        rate = 0.2 * sigma(t.voltage(name, "V")).reshape(2, -1, t.model.sizes[name])
        count = t.spikes(name).reshape(rate.shape).sum(axis=1)
        assert np.abs(count - rate.sum(axis=1)).max() < 1.2 and count.max() > 5


def test_regular_cells_count_and_their_inputs_throw_dice():
    model = variants.read("regular_cells").applied(small((300, 8, 10), rate=0.0, **STRONG)).check()
    regular, paper = variants.read("regular"), variants.read("paper")
    assert model.hidden == regular.hidden and model.output == regular.output
    assert model.input == paper.input


@pytest.mark.parametrize("name, g_a", [("weak_attenuation", 0.6), ("strong_attenuation", 0.05)])
def test_attenuation_sets_how_far_feedback_reaches_the_soma(name, g_a):
    out = alone(name, b=1.0, c=4.0)
    assert out.V[-1, 0] == pytest.approx((0.6 * 1 + g_a * 4) / (0.7 + g_a), rel=1e-9)


def test_a_calcium_spike_opens_the_coupling_and_saturates():
    out = alone("calcium_spike", 3, c=np.array([-40.0, 10.0, 60.0]), also=("g_V",))
    g = out.more["g_V"][-1] / 1e3  # 1/ms
    np.testing.assert_allclose(g, [0.01, 0.01 + 0.15, 0.01 + 0.3], rtol=1e-6)
    np.testing.assert_allclose(out.V[-1], g * [-40, 10, 60] / (0.7 + g), rtol=1e-6)


def test_a_calcium_gate_opens_with_its_time_constant_and_is_the_plateau():
    out = alone("calcium_gate", c=1.5, also=("m_Ca",))
    expected = sigma(1.5) + (0.5 - sigma(1.5)) * np.exp(-(out.t + 1) / 20)
    np.testing.assert_allclose(out.more["m_Ca"][:, 0], expected, rtol=1e-9)
    assert out.final["alpha_f"] == pytest.approx(expected[49])
    assert out.final["alpha_t"] == pytest.approx(expected[99])


def test_a_plateau_is_followed_by_a_burst_of_30_ms():
    out = alone("plateau_burst", c=1.0)
    g = sigma(1.0)  # 1/ms
    assert np.abs(out.V[:50]).max() < 1e-12
    np.testing.assert_allclose(out.V[75:80, 0], 8 * g / (0.7 + g), rtol=1e-6)
    np.testing.assert_allclose(out.V[80:, 0], out.V[79, 0] * np.exp(-0.7 * np.arange(1, 21)))
    assert out.phi[75, 0] > 170


def test_the_burst_memory_holds_the_difference_on_average_with_poisson_noise():
    out = alone("burst_code", 4000, c=1.0, params=QUIET, seed=3)
    k_b_phi = 0.6 / 0.7 * 1e-9 / 4
    M, left, alpha = -out.final["error"] / k_b_phi, np.exp(-50 / 500), sigma(1.0)
    assert M.mean() == pytest.approx(alpha * (1 - left), abs=0.07)  # 4 standard errors
    assert M.var() == pytest.approx(alpha * (1 + left**2), rel=0.1)
    assert (out.final["psi"] == 1).all()


def test_an_eligibility_trace_decays_with_its_time_constant_and_is_what_is_learned_with():
    out = alone("eligibility_trace", params=QUIET, start={"s_e": 5 * Hz}, also=("s_e",))
    np.testing.assert_allclose(out.more["s_e"][:, 0], 5 * np.exp(-(out.t + 1) / 100))
    assert out.final["s_bar"] == pytest.approx(out.more["s_e"][-1])


def test_the_inputs_have_an_eligibility_trace_as_well():
    paper, trace = (traced(name)[0] for name in ("paper", "eligibility_trace"))
    assert variants.read("eligibility_trace").input.parts.keys() >= {"eligibility"}
    np.testing.assert_array_equal(paper.spikes("input"), trace.spikes("input"))
    assert np.abs(paper.state["W_0"] - trace.state["W_0"]).max() > 1e-3


def test_a_stored_plateau_leaks():
    out = alone("leaky_plateau", c=1.0, also=("alpha_f",))
    assert out.more["alpha_f"][-1, 0] == pytest.approx(sigma(1.0) * np.exp(-50 / 500))
    assert out.final["alpha_t"] == pytest.approx(sigma(1.0))


def test_asynchronous_plateaus_have_times_of_their_own():
    t = traced("asynchronous")[0]
    jitter = t.per_image("hidden_0", "d_f", kind="plateaus")
    assert jitter.std() > 0.3 and jitter.min() >= 0 and jitter.max() <= 5


def test_phases_follow_an_oscillation_with_jitter():
    phases = Phases(**variants.read("oscillation").phases)
    schedule = timing.training(phases, 20_000)
    for phase in ("forward", "target"):
        lengths = schedule.ends(phase) - schedule.starts(phase)
        assert lengths.mean() == pytest.approx(55, abs=0.2)
        assert lengths.std() == pytest.approx(6, rel=0.03)
        assert lengths.min() == 35
        assert np.corrcoef(lengths[1:], lengths[:-1])[0, 1] == pytest.approx(0, abs=0.03)


def test_a_feedback_neuron_carries_the_signed_error_above_its_baseline():
    c = np.zeros((100, 3)) + [[0.0, 1.0, -1.0]] * (np.arange(100)[:, None] >= 50)
    out = alone("feedback_neurons", 3 * 1500, c=np.tile(c, 1500), seed=5)
    rate = out.final["r_e"].reshape(-1, 3).mean(axis=0)
    expected = 100 * (1 + sigma(np.array([0, 1, -1])) - 0.5)
    np.testing.assert_allclose(rate, expected, atol=7)  # 4 standard errors
    spread = out.final["r_e"].reshape(-1, 3)[:, 0].std()
    assert spread == pytest.approx(np.sqrt(100 * (1 - 0.1) / 20e-3), rel=0.1)


def test_conductances_add_like_potentials_when_weak_and_saturate_when_strong():
    for psp, inhibition in ((0.1, 0), (1e6, 0), (0, 0.1), (0, 1e6), (6.0, 4.0)):
        out = alone("conductance_synapses", start={"psp_e": psp * mV, "psp_i": -inhibition * mV})
        g_e, g_i = (x * np.exp(-0.1) for x in (psp / 60, inhibition / 20))
        V_b = (60 * g_e - 20 * g_i) / (1 + g_e + g_i)
        assert out.V_b[0, 0] == pytest.approx(V_b, rel=1e-6)
        assert -20 <= out.V_b.min() and out.V_b.max() <= 60


def test_weights_of_either_sign_open_a_conductance_of_their_own():
    V_b = traced("conductance_synapses")[0].voltage("hidden_0", "V_b")
    linear = traced("paper")[0].voltage("hidden_0", "V_b")
    first = np.flatnonzero(traced("paper")[0].spikes("input").any(axis=1))[0]
    np.testing.assert_allclose(V_b[first], linear[first], atol=0.02)  # weak as yet
    assert np.abs(V_b).max() < np.abs(linear).max()


def test_enough_feedback_at_once_gives_an_nmda_plateau_and_inhibition_does_not():
    weights = np.array([10, 200, -200.0])  # mV ms
    out = alone("nmda_spike", 3, apical=weights * (np.arange(100) == 9)[:, None])
    since = np.maximum(out.t - 9, 0)[:, None]  # felt from step 10 on
    linear = weights * (np.exp(-since / 10) - np.exp(-since / 3)) / 7
    np.testing.assert_allclose(out.V_a[:, 2], linear[:, 2], rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose(out.V_a[:, 0], linear[:, 0], atol=5e-3)
    assert linear[44, 1] < 1 and out.V_a[44, 1] > 12  # 35 ms later
    assert out.V_a[-1, 1] < 3  # and it ends


def test_a_spike_and_apical_input_together_set_off_a_calcium_spike_and_neither_alone_does():
    now = (np.arange(100) == 10)[:, None]
    apical = 100.0 * np.roll(now, -1, axis=0) * [0, 1, 1]  # felt a step later
    fires = np.where(now & np.array([True, False, True]), 1, -1)
    out = alone("bac_firing", 3, apical=apical, fires=fires)
    since = out.t - 10
    np.testing.assert_allclose(out.V_a[10:, 0], 6 * np.exp(-since[10:] / 3), atol=1e-9)
    kernel = np.where(since > -1, np.exp(-(since + 1) / 10) - np.exp(-(since + 1) / 3), 0)
    np.testing.assert_allclose(out.V_a[:, 1], 100 / 7 * kernel, atol=1e-9)
    assert np.abs(out.V[:, :2]).max() < 1e-9  # the tuft is on its own
    assert out.V_a[:, 2].max() > 20 and out.V[:, 2].max() > 5 and out.phi[:, 2].max() > 190
    assert abs(out.V[-1, 2]) < 0.1  # and it ends


def test_an_integrate_and_fire_cell_is_silent_below_threshold_and_refractory_above():
    out = alone("integrate_and_fire", 3, b=np.array([0.5, 0.7, 50.0]))
    assert not out.spikes[:, 0].any()
    for cell in (1, 2):
        gaps = np.diff(np.flatnonzero(out.spikes[:, cell]))
        assert len(gaps) > 3 and gaps.min() >= 4
    assert (gaps == 4).all()  # driven hard, it fires as soon as it may
    assert out.spikes[:, 1].sum() < out.spikes[:, 2].sum()
    fired = np.flatnonzero(out.spikes[:, 1])[0]
    assert out.V[fired, 1] == -2 and out.V[fired + 3, 1] < -1.5  # reset, and held there


def test_threshold_and_reset_of_a_variant_hold_in_the_network():
    t = traced("integrate_and_fire")[0]
    spikes, V = t.spikes("hidden_0"), t.voltage("hidden_0", "V")
    assert spikes.sum() > 5 and (V[spikes > 0] == -2).all()
    for train in spikes.T:
        assert np.diff(np.flatnonzero(train)).min(initial=4) >= 4


def test_an_adapting_cell_fires_less_the_longer_it_is_driven():
    out, plain = (alone(name, 400, b=3.0, seed=2) for name in ("adaptation", "paper"))
    early, late = out.spikes[5:20].mean(), out.spikes[-40:].mean()
    assert late < 0.8 * early
    assert plain.spikes[-40:].mean() == pytest.approx(plain.spikes[5:20].mean(), rel=0.1)


def test_noise_of_ones_own_has_the_spread_of_its_equation():
    noise = "dI_n/dt = -I_n/tau_n + sigma*sqrt(2/tau_n)*xi : volt"
    constants = {"tau_n": 20 * ms, "sigma": 2 * mV}
    cell = variants.load("paper").vary(
        parts={"noise": noise}, constants=constants, integrator="euler"
    )
    schedule = timing.testing(Phases(test=300 * ms), 1)
    found = bench.run(cell, schedule, 500, also=("I_n",), seed=3).more["I_n"][100:]
    assert found.std() == pytest.approx(2 / (1 - 1 / 40) ** 0.5, rel=0.03)  # Euler steps of 1 ms
    assert np.corrcoef(found[0], found[20])[0, 1] == pytest.approx((1 - 1 / 20) ** 20, abs=0.1)


def test_a_nonlinear_variable_of_ones_own_follows_its_equation():
    cell = variants.load("paper").vary(
        parts={"cubic": "dh/dt = -h**3/(tau_h*mV**2) : volt"},
        constants={"tau_h": 20 * ms},
        integrator="rk4",
    )
    schedule = timing.testing(Phases(test=60 * ms), 1)
    out = bench.run(cell, schedule, start={"h": 3 * mV}, also=("h",))
    t = out.t + 1  # values are those at the end of a step
    np.testing.assert_allclose(out.more["h"][:, 0], 3 / np.sqrt(1 + 18 * t / 20), rtol=3e-3)


def test_further_variables_are_recorded_in_each_step_of_the_cells_that_have_them():
    model = small(hidden=variants.load("calcium_gate"))
    record = recording(model, ("voltages",), (0, 1), ("m_Ca", "I_a"))
    t = Trace(model, build(model, 1, record=record))
    m = t.out.records["variables", "hidden_0", "m_Ca"]
    assert m.shape == (t.steps, 2)
    steady = sigma(t.voltage("hidden_0", "V_a"))[1:]
    expected = steady + (m[:-1] - steady) * np.exp(-1 / 20)  # tau_Ca
    np.testing.assert_allclose(m[1:], expected, rtol=1e-9)
    assert np.ptp(m) > 0.1
    assert ("variables", "output", "t") not in t.out.records
    units = {name: model.variables[name].unit for name in ("m_Ca", "I_a", "V_a")}
    assert units == {"m_Ca": "1", "I_a": "mV/ms", "V_a": "mV"}


def test_physiological_units_give_the_same_spikes_and_weights():
    paper, other = (traced(name)[0] for name in ("paper", "physiological_units"))
    for name in paper.names:
        np.testing.assert_array_equal(paper.spikes(name), other.spikes(name))
    for name in ("hidden_0", "output"):
        shift = other.voltage(name, "V") - paper.voltage(name, "V")
        np.testing.assert_allclose(shift, -70, atol=1e-9)
    for key, value in paper.state.items():
        np.testing.assert_allclose(other.state[key], value, rtol=0, atol=1e-9)


def test_cells_rest_where_their_equations_say():
    model = variants.read("physiological_units").applied(small())
    names = [("hidden_0", name) for name in ("V", "V_a", "V_b")] + [
        ("output", "V"),
        ("output", "V_b"),
    ]
    assert model.rest() == pytest.approx(dict.fromkeys(names, -70))
    assert small().rest() == dict.fromkeys(names, 0)


def test_a_variant_keeps_to_its_phases_unless_the_command_line_says_otherwise(tmp_path):
    path = tmp_path / "long.py"
    path.write_text(HEAD + "HIDDEN = PAPER\nPHASES = {'forward': 80*ms}\nOPTIONS = {'clear': True}")
    chosen = Config.of(variant=str(path)).network(9, 10)
    assert chosen.phases.forward == 80 * ms and chosen.clear
    asked = Config.of(variant=str(path), forward_ms=60.0).network(9, 10)
    assert asked.phases.forward == 60 * ms


# --- mistakes ------------------------------------------------------------------------------------

HEAD = """
from brian2 import ms, mV
from models.segregated.variants.paper import HIDDEN as PAPER
"""
MISTAKES = {
    "a part under a new name": (
        "HIDDEN = PAPER.vary(parts={'couplings': 'I_a = g_a*V_a : volt/second'})",
        "'coupling' and 'couplings' both define I_a",
    ),
    "no such attribute": ("HIDDEN = PAPER.vary(part={'soma': ''})", "has no 'part'"),
    "no such parameter": ("HIDDEN = PAPER.vary(params={'g_q': 1/ms})", "unknown parameter 'g_q'"),
    "no text": ("HIDDEN = PAPER.vary(reset=None, rest={'V': 3*mV})", "must be a string"),
    "no such option": ("HIDDEN = PAPER\nOPTIONS = {'asynchron': True}", "OPTIONS has no"),
    "no such phase": ("HIDDEN = PAPER\nPHASES = {'forwards': 3*ms}", "PHASES has no 'forwards'"),
    "unit of a phase": ("HIDDEN = PAPER\nPHASES = {'forward': 3*mV}", "a quantity such as 50. ms"),
    "phases in a list": ("HIDDEN = PAPER\nPHASES = [3]", "PHASES is a dict"),
    "no output cell": ("HIDDEN = PAPER\nOUTPUT = 3", "OUTPUT is not a cell"),
    "no such moment": ("HIDDEN = PAPER.vary(moments={'noon': ''})", "unknown moment"),
    "no such statement": ("HIDDEN = PAPER.vary(learning={'err': ''})", "unknown statement"),
    "unit of a parameter": ("HIDDEN = PAPER.vary(params={'g_a': 5})", "such as 0 1/ms"),
    "an open bracket": (
        "HIDDEN = PAPER.vary(parts={'coupling': 'I_a = g_a*(V_a : volt/second'})",
        "part 'coupling' cannot be read: '(' was never closed",
    ),
    "no statement": (
        "HIDDEN = PAPER.vary(moments={'target_plateau': 'alpha_t = = 1'})",
        "moments, 'target_plateau' cannot be read",
    ),
    "an operator of another language": (
        "HIDDEN = PAPER.vary(parts={'coupling': 'I_a = g_a*V_a^2/mV : volt/second'})",
        "part 'coupling' cannot be read: there is no operator BitXor",
    ),
    "a sum without an end": (
        "HIDDEN = PAPER.vary(parts={'coupling': 'I_a = ' + '-'*10**5 + 'V_a : volt/second'})",
        "part 'coupling' cannot be read: it is too long, or nested too deeply",
    ),
    "a zero byte": (
        "HIDDEN = PAPER.vary(moments={'target_plateau': 'a = \\0'})",
        "moments, 'target_plateau' cannot be read",
    ),
    "a parameter as a constant": (
        "HIDDEN = PAPER.vary(constants={'g_a': 0.05/ms})",
        "'g_a' is a parameter of the cell",
    ),
    "a variable as a constant": (
        "HIDDEN = PAPER.vary(constants={'V': 5*mV})",
        "'V' is a variable of the cell",
    ),
    "a soma without a rate": (
        "HIDDEN = PAPER.vary(parts={'soma': 'dV/dt = -g_l*V : volt'})",
        "part 'soma' of the paper's cell defines",
    ),
    "the rule at a moment": (
        "HIDDEN = PAPER.then(moments={'target_plateau': 'error = 0*Hz'})",
        "sets error at target_plateau",
    ),
    "the rule as text": ("HIDDEN = PAPER.vary(learning='error = 0*Hz')", "learning is a dict"),
    "then in vary": ("HIDDEN = PAPER.vary(then={})", ".then(parts, moments)"),
    "no such synapse": ("HIDDEN = PAPER.vary(synapses={'axon': ''})", "unknown synapse"),
}


@pytest.mark.parametrize("text, words", MISTAKES.values(), ids=MISTAKES)
def test_a_mistake_is_one_clear_sentence(text, words, tmp_path, capsys):
    path = tmp_path / "mine.py"
    path.write_text(HEAD + text)
    assert describe.main(["--variant", str(path)]) == 2
    said = capsys.readouterr().err
    assert words in said and len(said.splitlines()) == 1, said


@pytest.mark.parametrize(
    "change, words",
    [
        ("parts={'more': 'q = '}", "invalid syntax"),
        ("parts={'more': 'q : qqq' + 'q'*10**4}", "Unit specification"),
        ("synapses={'basal': 'x_b_post[0] += w'}", "not a statement of one line"),
        ("synapses={'basal': 'x_b_post += w^2'}", "there is no operator BitXor"),
    ],
)
def test_equations_that_are_only_shown_are_refused_in_a_sentence(change, words, tmp_path, capsys):
    path = tmp_path / "mine.py"
    path.write_text(HEAD + f"HIDDEN = PAPER.vary({change})")
    assert describe.main(["--variant", str(path), "--format", "latex"]) == 2
    said = capsys.readouterr().err
    assert words in said and said.count("\n") == 1 and len(said) < 500, said


def test_a_statement_may_have_a_line_of_its_own_for_a_comment():
    shown = latex.statements("# first\nx = 0  # then\n\n# last")
    assert shown.count("leftarrow") == 1


FAULTS = {
    "units": ({"parts": {"coupling": "I_a = g_a*V_a*mV : volt/second"}}, "I_a"),
    "units in plain words": ({"reset": "V = tau_s"}, "expected unit volt"),
    "noise": (
        {"parts": {"more": "dnoise/dt = -noise/tau_L + xi*mV/sqrt(tau_L) : volt"}},
        "integrator='euler'",
    ),
    "not linear": (
        {"parts": {"more": "dh/dt = -h**3/(tau_L*mV**2) : volt"}},
        "integrator='rk4'",
    ),
    "undefined name": ({"reset": "V = V_reset"}, "V_reset"),
    "plateau": ({"moments": {"target_plateau": "alpha_t = 3 + V_a_bar/mV"}}, "between 0 and 1"),
    "no number": (
        {"parts": {"coupling": "I_a = sqrt(-1 - (V_a/mV)**2)*mV/ms : volt/second"}},
        "not a number",
    ),
    "no bounds": ({"parts": {"coupling": "I_a = 2*V/ms : volt/second"}}, "beyond all bounds"),
}


def test_subexpressions_that_need_each_other_are_refused_in_a_sentence():
    with pytest.raises(device.ModelError, match="contain a cycle"):
        device.parsed("a = 2*b : 1\nb = a : 1")


@pytest.mark.parametrize("change, words", FAULTS.values(), ids=FAULTS)
def test_equations_that_cannot_be_right_are_refused_before_they_are_compiled(change, words):
    model = small(hidden=variants.load("paper").vary(**change))
    assert model.own_equations and not small().own_equations
    with pytest.raises(device.ModelError, match=words) as caught:
        trial.trial(model)
    assert len(str(caught.value).splitlines()) == 1


@pytest.mark.parametrize(
    "name, options, words",
    [
        ("burst_code", {"rule": "backprop"}, "learns in its own way"),
        ("integrate_and_fire", {"spike_draw": "poisson"}, "own threshold"),
        ("conductance_synapses", {"memory": 10}, "do not forget"),
        ("feedback_neurons", {"asynchronous": True}, "other plateaus"),
    ],
)
def test_options_that_a_variant_cannot_follow_are_refused(name, options, words):
    with pytest.raises(ValueError, match=words):
        Config.of(variant=name, **options).network(9, 10)

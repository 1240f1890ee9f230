"""What holds to the bit, or to rounding: the paper's update, chunks, steady states, lesions."""

import itertools

import numpy as np
import pytest
from brian2 import ms, mV, second

from models.engine import device
from models.engine.bench import alone
from models.engine.circuit import Population
from models.engine.schedule import Schedule
from models.interneurons import THEORY, pyramidal, variants, wiring
from models.interneurons.circuit import ORDER
from models.interneurons.options import Options
from models.segregated import options as segregated
from models.theory import Inputs
from tests.interneurons.simulation import CLASSES, INPUTS, SMALL, run, small, stimuli

ONE_WINDOW = {"T_p": 70.0, "T_ref": 0.0, "volley_ms": 70.0}  # a plateau is all after settling
ALONE = {"plateaus": "imposed", "without": ("PV", "SST", "VIP"), "g_ap": 1000.0, **ONE_WINDOW}
SHORT = {"forward_ms": 70.0, "target_ms": 70.0}  # just long enough for volley and settling
MANY = {"interneurons": 40.0}  # else so few SST cells leave gaps, in which plateaus begin
SUBSETS = [s for n in (1, 2, 3) for s in itertools.combinations(("PV", "SST", "VIP"), n)]
OTHERS = (  # an option beside each of the lesions
    {"G_SP": 0.3, "plateaus": "imposed"},
    {"W_PX": 5.0, "g_a": 0.6},
    {"gate_all": True, "W_VE": 5.0},
    {"light": "VIP", "light_g": 2.0},
    {"variant": "plastic_pv", "light": "E", "light_g": -1.0},
    {"G_VP": 0.2, "clear": False},
    {"plateaus": "imposed", "gate_all": True},
)
# Whoever fires does so because of its state: with pixels of 0 and 5, nothing is left to chance.
CERTAIN = """
def fires(cell):
    return cell.vary(threshold="V > 0.4*mV*(i % 5)")

pyramidal = pv = sst = vip = output = fires
"""


@pytest.fixture(autouse=True)
def quick_runtime():
    device.interpret()


# T9
def test_imposed_plateaus_without_interneurons_are_the_papers_update():
    options, network = small(**ALONE)
    asked = {"layers": options.layers, "eta": options.eta, "feedback": options.feedback}
    lengths = {"forward_ms": 100.0, "target_ms": 100.0, "random_phases": False}
    paper = segregated.Options(**asked | lengths, clear=True, test_ms=150.0)
    other = segregated.network(paper, INPUTS, CLASSES)
    state, shown, found = network.start(1), stimuli(2), []
    for one in (network, other):
        own = {name: state[name] if name in state else 0 * v for name, v in one.start(1).items()}
        program = one.program(2, device="runtime")
        found.append(program.run(Inputs(*shown, own, 7)))
    ours, theirs = (out.state for out in found)
    for name in ("W_0", "b_0", "W_1", "b_1"):
        assert np.abs(theirs[name] - state[name]).max() > 1e-3, f"{name} stood still"
        np.testing.assert_allclose(ours[name], theirs[name], rtol=0, atol=1e-12, err_msg=name)


def test_images_in_one_chunk_are_those_of_two(tmp_path):
    (tmp_path / "certain.py").write_text(CERTAIN)
    _, network = small(variant=str(tmp_path / "certain.py"), **SHORT)
    pixels, labels = stimuli(2)
    pixels = 5.0 * (pixels > 0.5)
    program, start = network.program(2, device="runtime"), network.start(1)
    whole = program.run(Inputs(pixels, labels, start, 1)).state
    half = program.run(Inputs(pixels[:1], labels[:1], start, 2)).state
    both = program.run(Inputs(pixels[1:], labels[1:], half, 3)).state
    for name, value in whole.items():
        # between chunks a state is in mV and not in V: rounding
        np.testing.assert_allclose(both[name], value, rtol=1e-12, atol=1e-12, err_msg=name)
    for name in ("W_0", "V_SST_0", "g_SST_hidden_0"):
        assert np.any(whole[name] != half[name]), f"{name} stood still"


# T10
def test_a_test_fires_no_plateau_and_changes_nothing():
    _, network = small(**MANY)
    state = network.start(1)
    out = run(network, 2, learning=False, kinds=("plateaus", "spikes"), state=state)
    assert (
        len(out.records["plateaus", "hidden_0", "t"])
        == 0
        < len(out.records["spikes", "SST_0", "t"])
    )
    for name, value in network.start(1).items():
        assert out.state[name].tobytes() == value.tobytes(), name


# T1, T2
def test_steady_states_are_those_of_the_conductances():
    g_SST = np.array([0, 0.5, 1, 3.5, 5, 7.5, 0, 0, 0, 0])
    g_PV = np.array([0, 0, 0, 0, 0, 0, 0, 0.2, 0.225, 0.6])
    still = {"tau_PV": 1e9 * second, "tau_SST": 1e9 * second, "E_PV": -8 * mV}
    light = "\n".join(("g_ChR : Hz (shared)", "g_HaloR : Hz (shared)"))
    moments = {name: "" for name in pyramidal.CELL.moments}
    cell = pyramidal.CELL.vary(
        parts={"light": light},
        constants=still,
        params={"tau_L": 1e9 * second},
        moments=moments,
        threshold="V > 1*volt",
    )

    def prepare(group):
        group.g_SST_, group.g_PV_ = g_SST * 1e3, g_PV * 1e3
        group.V_fb, group.b = 2 * mV, 3 * mV
        return []

    schedule = Schedule.of({"held": np.array([200])}, {}, 1 * ms)
    with device.interpreted(seed=1):
        seen = alone(Population(10, cell), ORDER, schedule, {}, prepare, ("V", "V_a"))
    gains = [1, 0.5, 0.3333333, 0.125, 0.0909091, 0.0625]
    np.testing.assert_allclose(seen.traces["V_a"][-1, :6] / 2, gains, atol=1e-6)
    np.testing.assert_allclose(
        seen.traces["V"][-1, 6:], [2.571429, 0.222222, 0, -2.307692], atol=1e-6
    )


# T3
def test_there_are_as_many_as_in_the_cortex():
    assert wiring.counts(500) == {"PV": 86, "SST": 64, "VIP": 32}
    assert wiring.counts(100, 4.0) == {"PV": 69, "SST": 51, "VIP": 26}
    weights = wiring.weights("PV", "PV", 5, 5, np.random.default_rng(0))
    assert not weights.diagonal().any()
    np.testing.assert_allclose(weights.sum(axis=0), 1)


# --- lesions and variants -------------------------------------------------------------------------


@pytest.mark.parametrize("without, other", list(zip(SUBSETS, OTHERS, strict=True)))
def test_any_of_the_classes_may_be_missing_whatever_else_is_asked_for(without, other):
    _, network = small(without=without, T_ref=30.0, **MANY | SHORT | other)
    out = run(network, 1)
    assert not any(f"{kind}_0" in network.sizes for kind in without)
    assert all(np.isfinite(value).all() for value in out.state.values())
    state, start = out.state, network.start(1)
    learns = out.measures["learning"].any()
    moved = {n for n in ("W_0", "b_0", "W_1", "b_1") if state[n].tobytes() != start[n].tobytes()}
    assert ("W_0" in moved) == learns
    assert learns == ("VIP" not in without or "SST" in without or "plateaus" in other)
    if other.get("gate_all") and not learns:
        assert not moved


def test_facilitation_and_adaptation_are_those_of_the_switch():
    _, network = small(variant="switch", G_SV=2.0, **SHORT)
    out = run(network, 2, kinds=("spikes",))
    t, i = (out.records["spikes", "SST_0", name] for name in ("t", "i"))
    u, V_w = np.zeros(4), np.zeros(4)
    for step in range(280):
        u, V_w = u * np.exp(-1 / 200), V_w * np.exp(-1 / 100)
        fired = np.isin(np.arange(4), i[np.rint(t) == step])
        u, V_w = u + fired * 0.4 * (0.6 - u), V_w + fired * 0.2 * 4 / (0.6 / 0.7) / (0.1 * 100)
    np.testing.assert_allclose(out.state["u_SST_0"], u, atol=1e-9)
    np.testing.assert_allclose(out.state["V_w_SST_0"], V_w, atol=1e-9)
    assert u.max() > 0.1


def test_plastic_pv_cells_inhibit_those_that_fire_too_much_more():
    _, network = small(variant="plastic_pv")
    start = network.start(1)
    out = run(network, 1, kinds=("averages",))
    phi_bar = out.records["averages", "hidden_0", "phi_bar"][0]
    expected = start["W_PV_E_0"] * (1 + 0.02 * (phi_bar - 35) / 200)
    np.testing.assert_allclose(out.state["W_PV_E_0"], expected, atol=1e-12)
    assert phi_bar.min() < 35 < phi_bar.max()


# --- what is refused ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "wrong, said",
    [
        ({"eta": (0.1, 0.1, 0.1)}, "--eta: 1 or 2 rates, not 3"),
        ({"feedback": (1.0, 2.0)}, "--feedback: 1 or 1 factors, not 2"),
        ({"without": ("PV", "PV")}, "--without: each class once"),
        ({"without": ("NDNF",)}, "--without: PV or SST or VIP"),
        ({"volley_ms": 101.0}, "--volley-ms: no longer than a phase, not 101 ms"),
        ({"T_p": 150.0}, "--T-p: no longer than a phase, not 150 ms"),
        ({"settle_ms": 100.0}, "--forward-ms: longer than --settle-ms 100"),
        ({"layers": (3,)}, "--layers: interneurons belong to hidden layers"),
        ({"variant": "nothing"}, "unknown variant 'nothing'"),
        ({"light_on_ms": 5.0}, "--light-on-ms: say which class is lit"),
        ({"light": "SST", "light_on_ms": 9.0, "light_off_ms": 9.0}, "after it goes on, at 9 ms"),
        ({"plateaus": "often"}, "--plateaus: circuit or imposed"),
    ],
)
def test_what_cannot_be_is_refused_in_one_sentence(wrong, said):
    with pytest.raises(ValueError) as caught:
        Options(**SMALL | wrong)
    assert said in str(caught.value) and "\n" not in str(caught.value)


def test_a_description_ends_with_what_the_variant_changes():
    told = THEORY.network(Options(**SMALL | {"variant": "switch"}), 4, 3).notes()
    assert "SST, constants, tau_w: 100 ms" in told.partition("what the variant changes")[2]
    usual = THEORY.network(Options(**SMALL), 4, 3).notes()
    assert usual.rstrip().endswith("nothing")


@pytest.mark.parametrize(
    "code, said",
    [
        ("def pv(cell):\n    return 3\n", "PV gives back 3, which is no cell"),
        ("def sst(cell):\n    return cell.params\n", "SST gives back"),
        ("def vip(cell):\n    return 1/0\n", "VIP: ZeroDivisionError"),
        ("def pv(cell):\n    return cell._replace(parts={})\n", "PV has no variable 'V'"),
        ("def nobody(cell):\n    return cell\n", "is not a variant: it needs a function"),
    ],
)
def test_a_variant_that_gives_back_no_cell_is_refused_in_one_sentence(code, said, tmp_path):
    (tmp_path / "own.py").write_text(code)
    with pytest.raises(ValueError) as caught:
        THEORY.network(Options(**SMALL, variant=str(tmp_path / "own.py")), INPUTS, CLASSES)
    assert said in str(caught.value) and "\n" not in str(caught.value)


def test_the_variants_that_come_with_it_say_what_to_expect():
    for name in variants.names():
        about = variants.read(name).about
        assert name == variants.PAPER or "expect" in about.lower(), name

"""Variants of the circuit's cells: what each does, what is refused, and what runs away."""

import numpy as np
import pytest

from experiments import train
from models import describe
from models.engine import device
from models.engine.recording import Recording
from models.microcircuit import variants
from tests.microcircuit import examples
from tests.microcircuit.examples import MICROCIRCUIT, PLASTIC

SIZES = (5, 4, 3)
WIDE = {"w_down": (20.0,)}
OWN = [name for name in variants.names() if name != variants.PAPER]
CONTINUOUS = ("--theory", "microcircuit", "--dynamics", "continuous")


@pytest.fixture(autouse=True)
def quick_runtime():
    device.interpret()


def run(record=(), images=2, **given):
    """A small circuit after two patterns: its state before, and what came of it."""
    network = examples.network(SIZES, **{"lasts": 2.0} | PLASTIC | given)
    state = network.start(3)
    program = network.program(images, record=Recording({"all": record}), device="runtime")
    x, goals, _ = examples.patterns(SIZES, images)
    return state, program.run(examples.inputs(x, goals, state))


def cells_of(**given):
    """Populations of a small circuit."""
    return examples.network(SIZES, **given).learning.circuit.populations


def written(folder, text):
    """A variant file."""
    path = folder / "mine.py"
    path.write_text(text)
    return str(path)


# --- all variants, also those that are yet to be written ------------------------------------------


@pytest.mark.parametrize("name", OWN)
def test_a_variant_learns_other_weights_than_the_papers_cells(name):
    (state, out), (_, paper) = run(variant=name, start="random"), run(start="random")
    for key in ("W_0", "W_1", "IP_0"):
        assert np.isfinite(out.state[key]).all() and (out.state[key] != state[key]).any(), key
    # in 4 ms of a taught circuit no variant is far from the paper's, and none is the same
    away = [
        np.abs(out.state[f"u_{n}"] - paper.state[f"u_{n}"]).max() for n in ("hidden_0", "inter_0")
    ]
    assert 1e-6 < max(away) < 1


@pytest.mark.parametrize("name", OWN)
def test_describe_prints_a_variant_and_what_it_changes(name, capsys):
    assert describe.main([*CONTINUOUS, "--variant", name]) == 0
    said, about = capsys.readouterr().out, variants.read(name).about
    assert about.splitlines()[0] in said and "changes from the paper's cells" in said
    assert "none" not in said.split("changes from the paper's cells")[1]
    assert all(word in about for word in ("Source", "Expect")), "say where from"


def test_the_papers_cells_are_said_to_be_the_papers(capsys):
    assert describe.main([*CONTINUOUS]) == 0
    assert capsys.readouterr().out.split("changes from the paper's cells")[1].split()[1] == "none"


# --- what each of them says of itself -------------------------------------------------------------


def test_an_apical_potential_that_saturates_is_the_tanh_of_its_parts():
    _, out = run(("v_A", "v_TD", "v_PI"), variant="saturating_apical", start="random", **WIDE)
    v_A, v_TD, v_PI = (out.records["all", "hidden_0", name] for name in ("v_A", "v_TD", "v_PI"))
    v_most = cells_of(variant="saturating_apical")["hidden_0"].cell.constants["v_most"]
    np.testing.assert_allclose(v_A, v_most * np.tanh((v_TD + v_PI) / v_most), atol=1e-12)
    assert np.abs(v_TD + v_PI).max() > 2 * v_most > np.abs(v_A).max()


def test_a_slow_dendrite_is_a_low_pass_of_what_synapses_make_of_it():
    _, out = run(("v_D", "v_S", "u", "e_IP"), variant="slow_interneuron")
    v_D, v_S, u, e_IP = (
        out.records["all", "inter_0", name] for name in ("v_D", "v_S", "u", "e_IP")
    )
    np.testing.assert_allclose(np.diff(v_S, axis=0), 0.01 * (v_D - v_S)[:-1], atol=1e-12)
    logistic = 1 / (1 + np.exp(-np.stack([u, v_S / 1.1])))
    np.testing.assert_allclose(e_IP[1:], (logistic[0] - logistic[1])[:-1], atol=1e-12)
    np.testing.assert_array_equal(out.state["v_S_inter_0"], v_S[-1])


def test_a_rate_teaches_no_more_than_a_rate_can():
    _, out = run(("teach", "target", "r"), variant="taught_by_rate", w_up=(20.0,))
    teach, target, r = (out.records["all", "inter_0", name] for name in ("teach", "target", "r"))
    above = 1 / (1 + np.exp(-target))
    np.testing.assert_allclose(teach, 4 * 800 * (above - r), atol=1e-9)  # Hz
    assert np.abs(800 * target).max() > np.abs(teach).max()


def test_what_has_an_equation_of_its_own_goes_on_from_chunk_to_chunk():
    network = examples.network(SIZES, lasts=2.0, variant="slow_interneuron", **PLASTIC)
    x, goals, _ = examples.patterns(SIZES, 2)
    state, program = network.start(3), network.program(2, device="runtime")
    whole = program.run(examples.inputs(x, goals, state)).state
    for k in range(2):
        state = program.run(examples.inputs(x[k : k + 1], goals[k : k + 1], state)).state
    assert whole["v_S_inter_0"].any() and not examples.moved(whole, state)


# --- a file of one's own --------------------------------------------------------------------------

COUPLED = '''
"""A coupling of our own."""
def hidden(cell):
    return cell.vary(parts={"coupling": "I_A = kick*g_A*(v_A - u) : Hz"}, constants={"kick": 2})
'''


def test_a_file_changes_one_part_of_each_layer_and_noise_stays(tmp_path):
    given = {"variant": written(tmp_path, COUPLED), "sigma": 0.1}
    network = MICROCIRCUIT.network(examples.options((5, 4, 3, 2), **given), 5, 2)
    cells = network.learning.circuit.populations
    for name in ("hidden_0", "hidden_1"):
        assert "kick" in cells[name].cell.parts["coupling"]
        assert "sigma*xi" in cells[name].cell.parts["soma"]
    assert "kick" not in cells["inter_0"].cell.parts["coupling"]
    assert "hidden, constants, kick: 2" in network.notes()
    network.trial()
    assert network.own_equations and not examples.network(SIZES).own_equations


BAD = {
    "no function": ("x = 1", "it needs a function hidden(cell) or inter(cell) or output(cell)"),
    "no cell": ("def inter(cell): return None", "inter gives back None, which is no cell"),
    "it fails": ("def inter(cell): return cell.wary()", "AttributeError: 'Cell' object has no"),
    "no part": (
        "def hidden(cell): return cell.vary(parts={'apical': 'v_TD : 1'})",
        "has no variable 'v_A', which the circuit needs and part 'apical' defines",
    ),
    "it follows": (
        "def inter(cell): return cell.vary(parts={'dendrite': 'v_D = 2*u : 1'})",
        "makes 'v_D' follow from others, and the circuit sets it (part 'dendrite')",
    ),
    "twice": (
        "def hidden(cell): return cell.vary(parts={'mine': 'v_A = v_TD : 1'})",
        "Duplicate definition of variable 'v_A'",
    ),
}
WRONG = {
    "unit": ("I_A = g_A*(v_A - u)/g_A : Hz", "does not have the expected unit hertz"),
    "symbol": ("I_A = g_A*(v_A - w_A) : Hz", "w_A"),
    "no number": ("I_A = g_A*log(-1 - u**2) : Hz", "is not a number on the first image"),
    "runaway": ("I_A = g_A*(v_A + 20*u) : Hz", "beyond all bounds on the first image"),
}


@pytest.mark.parametrize("text, words", BAD.values(), ids=BAD)
def test_a_file_that_is_no_variant_is_refused_in_one_sentence(tmp_path, text, words):
    with pytest.raises(ValueError) as caught:
        examples.network(SIZES, variant=written(tmp_path, text))
    assert words in str(caught.value) and "\n" not in str(caught.value)


def test_a_variant_that_there_is_not_is_refused_with_those_that_there_are():
    with pytest.raises(
        ValueError,
        match="unknown variant .*microcircuit/variants such as slow_interneuron or paper",
    ):
        examples.network(SIZES, variant="slow_inter")
    with pytest.raises(ValueError, match="--variant needs --dynamics continuous"):
        examples.options(SIZES, dynamics="sweeps", variant="slow_interneuron")


@pytest.mark.parametrize("text, words", WRONG.values(), ids=WRONG)
def test_equations_that_cannot_be_right_are_refused_before_anything_is_written(
    tmp_path, capsys, text, words
):
    code = f"def hidden(cell): return cell.vary(parts={{'coupling': '{text}'}})"
    out = tmp_path / "run"
    given = ("--variant", written(tmp_path, code), "--layers", "4", "10", "--out", out)
    assert train.main([*CONTINUOUS, *given, "--device", "runtime"]) == 2
    said = capsys.readouterr().err.strip().splitlines()
    assert said[-1].startswith("experiments.train: ") and words in said[-1]
    assert not (out / "config.json").exists()


def test_a_circuit_that_runs_away_ends_in_one_sentence_at_its_chunk_and_keeps_what_is_written(
    tmp_path, capsys
):
    out = tmp_path / "run"
    given = ["--phi", "softplus", "--start", "random", "--w-lateral", "50", "--lasts", "20"]
    given += ["--layers", "8", "10", "--dt", "0.2", "--train-examples", "6", "--chunk", "3"]
    given += ["--test-examples", "2", "--device", "runtime", "--out", str(out)]
    assert train.main([*CONTINUOUS, *given]) == 2
    *_, last = capsys.readouterr().err.strip().splitlines()
    assert "grew beyond all bounds in the chunk that ends at image 3 (epoch 1)" in last
    assert "Traceback" not in last and "the last good checkpoint is kept" in last
    with np.load(out / "weights" / "epoch_000.npz") as kept:
        assert all(np.isfinite(kept[name]).all() for name in kept.files)
    assert not (out / "metrics.csv").exists(), "of a chunk that went wrong"


def test_spikes_need_time_and_an_input_that_is_not_summed():
    with pytest.raises(ValueError, match="--psi needs --dynamics continuous"):
        MICROCIRCUIT.options(psi=100.0)
    with pytest.raises(ValueError, match="--low-rank: sums of rates"):
        examples.options(SIZES, psi=100.0, low_rank=True)

"""Options of the theory: what they make of the model, and what is refused in a sentence."""

import math

import pytest
from brian2 import ms

from experiments.run.config import Config
from models.segregated.options import Options
from models.segregated.presets import PRESETS
from tests.run.test_config import refused


def of(**options):
    """The model of 64 pixels and ten classes that options describe."""
    return Config.of(options).network(64, 10)


def test_the_preset_code_is_what_the_authors_code_does():
    given = Options(**PRESETS["code"])
    assert (given.memory, given.integrator, given.spike_draw) == (10, "euler", "poisson")
    assert (given.window_ms, given.rounding, given.init) == (20, "down", (1,))
    assert (given.plateau_sd_ms, given.plateau_window_ms) == (3, 20)


# --- learning rates ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "layers, rates",
    [((10,), (0.19,)), ((500, 10), (0.21, 0.21)), ((500, 100, 10), (0.23, 0.23, 0.12))],
)
def test_default_learning_rates_are_those_of_the_paper(layers, rates):
    assert of(layers=layers).rates() == {f"eta_{m}": rate for m, rate in enumerate(rates)}


def test_one_learning_rate_serves_all_layers():
    given = of(layers=(5, 5, 10), eta=(0.3,), eta_feedback=(0.02,))
    assert given.rates(0) == {
        "eta_0": 0.3,
        "eta_1": 0.3,
        "eta_2": 0.3,
        "eta_Y_0": 0.02,
        "eta_Y_1": 0.02,
    }


def test_learning_rates_decay_by_a_factor_an_epoch():
    given = of(layers=(5, 10), eta=(0.8, 0.4), eta_feedback=(0.1,), decay=0.5)
    assert given.rates(0) == {"eta_0": 0.8, "eta_1": 0.4, "eta_Y_0": 0.1}
    assert given.rates(3) == {"eta_0": 0.1, "eta_1": 0.05, "eta_Y_0": 0.0125}


def test_feedback_has_no_learning_rate_unless_asked():
    assert set(of(layers=(5, 10)).rates()) == {"eta_0", "eta_1"}


# --- what is simulated ---------------------------------------------------------------------------


def test_options_reach_the_model():
    given = {"g_a": 0.05, "integrator": "rk4", "window_ms": 20.0, "memory": 7}
    model = of(layers=(30, 20, 10), **given)
    assert model.layers == (64, 30, 20, 10)
    assert abs(float(model.hidden.params.g_a * ms) - 0.05) < 1e-12
    assert model.hidden.integrator == model.output.integrator == "rk4"
    assert abs(float(model.phases.window / ms) - 20) < 1e-9
    assert model.memory_steps == 7


def test_outputs_are_shared_out_among_the_classes():
    assert Config.of(layers=(30, 40)).network(64, 10).per_class == 4
    assert Config.of(layers=(30, 9)).network(64, 3).per_class == 3


def test_the_teaching_current_can_be_as_printed():
    plain, literal = (of(teaching=t).output for t in ("conductance", "literal"))
    assert plain.parts != literal.parts


# --- nonsense ------------------------------------------------------------------------------------

REFUSED = {
    "rule": ({"rule": "hope"}, "--rule", "'hope'", "plateau or backprop"),
    "eta nan": ({"eta": (math.nan,)}, "--eta"),
    "eta inf": ({"eta": (0.1, math.inf)}, "--eta"),
    "eta negative": ({"eta": (-1.0,)}, "--eta"),
    "eta too many": ({"eta": (0.1, 0.1, 0.1)}, "--eta", "each layer above the input (2)"),
    "eta_feedback negative": ({"eta_feedback": (-0.1,)}, "--eta-feedback"),
    "eta_feedback nan": ({"eta_feedback": (math.nan,)}, "--eta-feedback"),
    "eta_feedback too many": ({"eta_feedback": (0.1, 0.1)}, "--eta-feedback"),
    "decay negative": ({"decay": -0.5}, "--decay"),
    "decay inf": ({"decay": math.inf}, "--decay"),
    "g_a nan": ({"g_a": math.nan}, "--g-a"),
    "init nan": ({"init": (math.nan,)}, "--init"),
    "phase_seed negative": ({"phase_seed": -1}, "--phase-seed"),
    "no layers": ({"layers": ()}, "--layers"),
    "rounding": ({"rounding": "up"}, "--rounding", "'up'", "nearest"),
    "teaching": ({"teaching": "harsh"}, "--teaching", "'harsh'"),
    "forward within settling": ({"forward_ms": 30.0}, "--forward-ms", "--settle-ms"),
    "target within settling": ({"target_ms": 10.0}, "--target-ms"),
    "test within settling": ({"test_ms": 20.0}, "--test-ms"),
    "settle negative": ({"settle_ms": -1.0}, "--settle-ms"),
    "window negative": ({"window_ms": -1.0}, "--window-ms"),
    "plateau spread negative": ({"plateau_sd_ms": -1.0}, "--plateau-sd-ms"),
    "plateau window 0": ({"plateau_window_ms": 0.0}, "--plateau-window-ms"),
}


@pytest.mark.parametrize("values, words", [(v, w) for v, *w in REFUSED.values()], ids=REFUSED)
def test_nonsense_is_refused_by_the_options(values, words):
    refused(lambda: Options(**values), *words)


ALONE = {"layers": (10,)}
SYMMETRIC = {"feedback_kind": "symmetric"}
DEEP = {"layers": (20, 20, 10)}
NO_MODEL = {
    "layer of 0": ({"layers": (500, 0)}, "--layers", "0"),
    "layer of -3": ({"layers": (-3, 10)}, "--layers", "-3"),
    "7 outputs for 10 classes": ({"layers": (500, 7)}, "7", "10 classes"),
    "variant": ({"variant": "octopus"}, "'octopus'", "paper"),
    "variant file": ({"variant": "nowhere/octopus.py"}, "octopus.py"),
    "g_a negative": ({"g_a": -0.1}, "--g-a"),
    "integrator": ({"integrator": "guess"}, "'guess'", "exact"),
    "spike_draw": ({"spike_draw": "cards"}, "'cards'"),
    "feedback kind": ({"feedback_kind": "loud"}, "'loud'"),
    "feedback path": ({"feedback_path": "winding"}, "'winding'"),
    "sparsity 1": ({"sparsity": 1.0}, "sparsity"),
    "sparsity negative": ({"sparsity": -0.1}, "sparsity"),
    "noise negative": ({"feedback_noise": -1.0} | SYMMETRIC, "noise"),
    "noise without symmetric": ({"feedback_noise": 0.1}, "nois", "symmetric"),
    "symmetric and sparse": ({"sparsity": 0.8} | SYMMETRIC, "symmetric", "sparse"),
    "symmetric and learned": ({"eta_feedback": (0.1,)} | SYMMETRIC, "symmetric", "learned"),
    "symmetric broadcast": (SYMMETRIC | DEEP, "--feedback-path layerwise"),
    "backprop without hidden": ({"rule": "backprop"} | ALONE, "backprop", "hidden"),
    "backprop and learned": ({"rule": "backprop", "eta_feedback": (0.1,)}, "backprop"),
    "backprop and asynchronous": ({"rule": "backprop", "asynchronous": True}, "backprop"),
    "learned without hidden": ({"eta_feedback": (0.1,)} | ALONE, "hidden layer"),
    "bias without hidden": ({"feedback_bias": True} | ALONE, "hidden layer"),
    "sparse without hidden": ({"sparsity": 0.5} | ALONE, "hidden layer"),
    "asynchronous without hidden": ({"asynchronous": True} | ALONE, "hidden layer"),
    "symmetric without hidden": (SYMMETRIC | ALONE, "hidden layer"),
    "memory negative": ({"memory": -1}, "memory", "-1"),
    "memory too long": ({"memory": 1000}, "memory", "1000"),
    "memory too long for many spikes": ({"memory": 40, "spike_draw": "poisson"}, "poisson", "40"),
    "init negative": ({"init": (-0.5,)}, "init", "-0.5"),
}


@pytest.mark.parametrize("values, words", [(v, w) for v, *w in NO_MODEL.values()], ids=NO_MODEL)
def test_what_cannot_be_simulated_is_refused_by_the_model(values, words):
    given = Config.of(values)
    refused(lambda: given.network(64, 10), *words)


GOOD = {
    "symmetric layerwise": SYMMETRIC | DEEP | {"feedback_path": "layerwise"},
    "noisy symmetric": SYMMETRIC | {"feedback_noise": 0.1},
    "sparse": {"sparsity": 0.8},
    "learned": {"eta_feedback": (0.1,)},
    "asynchronous": {"asynchronous": True},
    "backprop": {"rule": "backprop"},
    "no hidden layer": ALONE,
    "outputs by fours": {"layers": (20, 40)},
    "standing still": {"eta": (0.0,), "decay": 0.0},
}


@pytest.mark.parametrize("values", GOOD.values(), ids=GOOD)
def test_what_makes_sense_is_not_refused(values):
    layers = values.get("layers", (100, 10))
    assert of(**values).layers == (64, *layers)


BAD_VARIANTS = {
    "no cell": ("x = 1", "HIDDEN"),
    "another HIDDEN": ("HIDDEN = 3", "HIDDEN"),
    "no python": ("def (", "SyntaxError"),
    "missing import": ("import nothing_of_that_name", "nothing_of_that_name"),
    "error when run": ("1/0", "division by zero"),
    "units": ("from brian2 import *\n1*ms + 1*mV", "units"),
    "exit": ("import sys; sys.exit(0)", "SystemExit"),
    "unknown parameter": ("{}HIDDEN = HIDDEN.vary(params=dict(g_q=1))", "'g_q'"),
    "parameter without unit": ("{}HIDDEN = HIDDEN.vary(params=dict(g_a=1))", "'g_a'"),
    "unknown moment": ("{}HIDDEN = HIDDEN.vary(moments=dict(midnight='V = 0*V'))", "midnight"),
}


@pytest.mark.parametrize("text, word", BAD_VARIANTS.values(), ids=BAD_VARIANTS)
def test_a_file_that_is_not_a_variant_is_refused(tmp_path, text, word):
    path = tmp_path / "mine.py"
    path.write_text(text.format("from models.segregated.pyramidal import HIDDEN\n"))
    refused(lambda: of(variant=str(path)), word)


def test_a_file_that_is_a_variant_is_simulated(tmp_path):
    path = tmp_path / "mine.py"
    path.write_text(
        "from brian2 import ms\nfrom models.segregated.pyramidal import HIDDEN\n"
        "HIDDEN = HIDDEN.vary(params=dict(g_a=0.3/ms))\n"
    )
    hidden = of(variant=str(path)).hidden
    assert abs(float(hidden.params.g_a * ms) - 0.3) < 1e-12

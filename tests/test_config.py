"""A run is described by its options: they survive a file, and nonsense is refused in a sentence."""

import dataclasses
import json
import math

import pytest
from brian2 import ms

from experiments.run import command, config
from experiments.run.config import PRESETS, Config

EVERY_OPTION_CHANGED = {
    "dataset": "idx",
    "data_dir": "somewhere",
    "layers": (30, 20, 10),
    "epochs": 7,
    "train_examples": 100,
    "test_examples": 50,
    "validation": 40,
    "quick_examples": 5,
    "quick_every": 3,
    "chunk": 20,
    "seed": 11,
    "variant": "other.py",
    "device": "runtime",
    "eta": (0.1, 0.2, 0.3),
    "decay": 0.9,
    "rule": "backprop",
    "init": (1.0,),
    "centre": True,
    "feedback": (2.0,),
    "feedback_kind": "symmetric",
    "feedback_path": "layerwise",
    "sparsity": 0.8,
    "sparse_rescale": 4.0,
    "feedback_noise": 0.1,
    "feedback_bias": True,
    "feedback_spikes": False,
    "eta_feedback": (0.01, 0.02),
    "g_a": 0.05,
    "memory": 10,
    "clear": True,
    "integrator": "euler",
    "spike_draw": "poisson",
    "teaching": "literal",
    "forward_ms": 60.0,
    "target_ms": 61.0,
    "settle_ms": 20.0,
    "window_ms": 10.0,
    "random_phases": False,
    "rounding": "down",
    "phase_seed": 2,
    "test_ms": 300.0,
    "asynchronous": True,
    "plateau_sd_ms": 1 / 3,
    "plateau_window_ms": 20.0,
    "record": ("spikes", "voltages"),
    "record_images": (3, 1),
    "record_neurons": (4, 5),
    "record_variables": ("m_Ca",),
}


def parse(*words):
    """A configuration from a command line, and its run folder and --resume."""
    parser = command.Parser(prog="train", allow_abbrev=False)
    config.add_options(parser)
    return config.from_arguments(parser.parse_args(words))


def refused(make, *words):
    """One sentence, with these words in it."""
    with pytest.raises(ValueError) as caught:
        make()
    message = str(caught.value)
    assert "\n" not in message and 10 < len(message) < 250
    for word in words:
        assert word in message, message


# --- from options to a file and back -------------------------------------------------------------


def test_a_configuration_survives_a_file_unchanged():
    given = Config(**EVERY_OPTION_CHANGED)
    default = Config()
    for f in dataclasses.fields(Config):
        assert getattr(given, f.name) != getattr(default, f.name), f"{f.name} was not changed"
    assert Config.from_dict(json.loads(json.dumps(dataclasses.asdict(given)))) == given


@pytest.mark.parametrize("name", PRESETS)
def test_a_preset_survives_a_file_unchanged(name):
    given = parse("--preset", name)
    assert Config.from_dict(json.loads(json.dumps(dataclasses.asdict(given)))) == given


def test_the_command_line_has_an_option_for_each_field():
    words = []
    for name, value in EVERY_OPTION_CHANGED.items():
        option = "--" + name.replace("_", "-")
        if isinstance(value, bool):
            words.append(option if value else option.replace("--", "--no-"))
        else:
            words += [option, *map(str, value if isinstance(value, tuple) else [value])]
    assert parse(*words) == Config(**EVERY_OPTION_CHANGED)


def test_a_name_that_no_option_has_is_refused():
    refused(lambda: Config.from_dict({"layers": [10], "colour": "red"}), "'colour'")


@pytest.mark.parametrize(
    "values",
    [
        [],
        {"epochs": "3"},
        {"epochs": 2.5},
        {"epochs": None},
        {"epochs": True},
        {"eta": 0.1},
        {"eta": ["a"]},
        {"layers": None},
        {"layers": "500"},
        {"layers": [12.5, 10]},
        {"clear": 1},
        {"dataset": 3},
        {"g_a": "0.1"},
    ],
    ids=repr,
)
def test_a_value_of_another_type_is_refused(values):
    refused(lambda: Config.from_dict(values))


def test_a_whole_number_serves_where_a_fraction_may_stand():
    assert Config.from_dict({"decay": 1, "eta": [1, 2]}).rates(0) == {"eta_0": 1, "eta_1": 2}


# --- presets -------------------------------------------------------------------------------------


def test_the_preset_paper_is_the_default():
    assert parse() == parse("--preset", "paper") == Config()
    assert (Config().init, Config().memory) == ((0.5,), 0)
    assert Config().plateau_sd_ms == math.sqrt(3)


def test_the_preset_code_is_what_the_authors_code_does():
    given = parse("--preset", "code")
    assert (given.memory, given.integrator, given.spike_draw) == (10, "euler", "poisson")
    assert (given.window_ms, given.rounding, given.init) == (20, "down", (1,))
    assert (given.plateau_sd_ms, given.plateau_window_ms) == (3, 20)


def test_an_option_overrides_the_preset_wherever_it_stands():
    for words in (("--preset", "code", "--memory", "5"), ("--memory", "5", "--preset", "code")):
        given = parse(*words)
        assert given.memory == 5 and given.integrator == "euler"


def test_an_option_can_be_switched_off():
    assert parse("--no-random-phases").random_phases is False
    assert parse("--random-phases").random_phases is True


# --- learning rates ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "layers, rates",
    [((10,), (0.19,)), ((500, 10), (0.21, 0.21)), ((500, 100, 10), (0.23, 0.23, 0.12))],
)
def test_default_learning_rates_are_those_of_the_paper(layers, rates):
    assert Config(layers=layers).rates(0) == {f"eta_{m}": rate for m, rate in enumerate(rates)}


def test_one_learning_rate_serves_all_layers():
    given = Config(layers=(5, 5, 10), eta=(0.3,), eta_feedback=(0.02,))
    assert given.rates(0) == {
        "eta_0": 0.3,
        "eta_1": 0.3,
        "eta_2": 0.3,
        "eta_Y_0": 0.02,
        "eta_Y_1": 0.02,
    }


def test_learning_rates_decay_by_a_factor_an_epoch():
    given = Config(layers=(5, 10), eta=(0.8, 0.4), eta_feedback=(0.1,), decay=0.5)
    assert given.rates(0) == {"eta_0": 0.8, "eta_1": 0.4, "eta_Y_0": 0.1}
    assert given.rates(3) == {"eta_0": 0.1, "eta_1": 0.05, "eta_Y_0": 0.0125}


def test_feedback_has_no_learning_rate_unless_asked():
    assert set(Config(layers=(5, 10)).rates(0)) == {"eta_0", "eta_1"}


# --- what may go on with a run -------------------------------------------------------------------


def test_more_epochs_other_records_and_another_folder_of_data_are_the_same_run():
    more = {"epochs": 99, "record": ("spikes",), "record_images": (5,), "data_dir": "elsewhere"}
    assert not Config().differences(Config(**more))


@pytest.mark.parametrize(
    "other", [{"seed": 2}, {"layers": (50, 10)}, {"eta": (0.1,)}, {"chunk": 500}, {"clear": True}]
)
def test_any_other_change_is_another_run(other):
    assert Config().differences(Config(**other))


# --- what is simulated ---------------------------------------------------------------------------


def test_options_reach_the_model():
    given = Config(layers=(30, 20, 10), g_a=0.05, integrator="rk4", window_ms=20.0, memory=7)
    model = given.model(784, 10)
    assert model.layers == (784, 30, 20, 10)
    assert abs(float(model.hidden.params.g_a * ms) - 0.05) < 1e-12
    assert model.hidden.integrator == model.output.integrator == "rk4"
    assert abs(float(model.phases.window / ms) - 20) < 1e-9
    assert model.memory_steps == 7


def test_outputs_are_shared_out_among_the_classes():
    assert Config(layers=(30, 40)).model(64, 10).per_class == 4
    assert Config(layers=(30, 9)).model(64, 3).per_class == 3


def test_the_teaching_current_can_be_as_printed():
    plain, literal = (Config(teaching=t).model(64, 10).output for t in ("conductance", "literal"))
    assert plain.parts != literal.parts


# --- nonsense ------------------------------------------------------------------------------------

REFUSED = {
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
    "epochs 0": ({"epochs": 0}, "--epochs", "0"),
    "chunk 0": ({"chunk": 0}, "--chunk"),
    "quick_every 0": ({"quick_every": 0}, "--quick-every"),
    "quick_examples negative": ({"quick_examples": -1}, "--quick-examples"),
    "seed negative": ({"seed": -1}, "--seed"),
    "phase_seed negative": ({"phase_seed": -1}, "--phase-seed"),
    "no layers": ({"layers": ()}, "--layers"),
    "rounding": ({"rounding": "up"}, "--rounding", "'up'", "nearest"),
    "teaching": ({"teaching": "harsh"}, "--teaching", "'harsh'"),
    "device": ({"device": "gpu"}, "--device", "'gpu'"),
    "forward within settling": ({"forward_ms": 30.0}, "--forward-ms", "--settle-ms"),
    "target within settling": ({"target_ms": 10.0}, "--target-ms"),
    "test within settling": ({"test_ms": 20.0}, "--test-ms"),
    "settle negative": ({"settle_ms": -1.0}, "--settle-ms"),
    "window negative": ({"window_ms": -1.0}, "--window-ms"),
    "plateau spread negative": ({"plateau_sd_ms": -1.0}, "--plateau-sd-ms"),
    "plateau window 0": ({"plateau_window_ms": 0.0}, "--plateau-window-ms"),
    "record unknown": ({"record": ("dreams",)}, "--record", "'dreams'", "spikes"),
    "record no image": ({"record": ("spikes",), "record_images": ()}, "--record-images"),
    "record image negative": ({"record_images": (-1,)}, "--record-images"),
    "record no neuron": ({"record": ("voltages",), "record_neurons": ()}, "--record-neurons"),
    "record neurons of no cell": (
        {"record": ("voltages",), "record_neurons": (50,)},
        "--record-neurons",
    ),
    "record neuron negative": ({"record_neurons": (-1,)}, "--record-neurons"),
}


@pytest.mark.parametrize("values, words", [(v, w) for v, *w in REFUSED.values()], ids=REFUSED)
def test_nonsense_is_refused_by_the_configuration(values, words):
    refused(lambda: Config(**values), *words)


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
    "rule": ({"rule": "hope"}, "'hope'"),
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
    given = Config(**values)
    refused(lambda: given.model(64, 10), *words)


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
    assert Config(**values).model(64, 10).layers == (64, *layers)


BAD_VARIANTS = {
    "no neuron": ("x = 1", "NEURON"),
    "another NEURON": ("NEURON = 3", "NEURON"),
    "no python": ("def (", "SyntaxError"),
    "missing import": ("import nothing_of_that_name", "nothing_of_that_name"),
    "error when run": ("1/0", "division by zero"),
    "units": ("from brian2 import *\n1*ms + 1*mV", "units"),
    "exit": ("import sys; sys.exit(0)", "SystemExit"),
    "unknown parameter": ("{}NEURON = NEURON.vary(params=dict(g_q=1))", "'g_q'"),
    "parameter without unit": ("{}NEURON = NEURON.vary(params=dict(g_a=1))", "'g_a'"),
    "unknown moment": ("{}NEURON = NEURON.vary(moments=dict(midnight='V = 0*V'))", "midnight"),
}


@pytest.mark.parametrize("text, word", BAD_VARIANTS.values(), ids=BAD_VARIANTS)
def test_a_file_that_is_not_a_variant_is_refused(tmp_path, text, word):
    path = tmp_path / "mine.py"
    path.write_text(text.format("from models.pyramidal import NEURON\n"))
    refused(lambda: Config(variant=str(path)).model(64, 10), word)


def test_a_file_that_is_a_variant_is_simulated(tmp_path):
    path = tmp_path / "mine.py"
    path.write_text(
        "from brian2 import ms\nfrom models.pyramidal import NEURON\n"
        "NEURON = NEURON.vary(params=dict(g_a=0.3/ms))\n"
    )
    hidden = Config(variant=str(path)).model(64, 10).hidden
    assert abs(float(hidden.params.g_a * ms) - 0.3) < 1e-12

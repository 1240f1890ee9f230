"""A run is described by its options: they survive a file, and nonsense is refused in a sentence."""

import dataclasses
import json
import math

import pytest

from experiments.run import command, config
from experiments.run.config import Config
from models import theory as theories
from models.segregated.options import Options
from models.segregated.presets import PRESETS

EVERY_OPTION_CHANGED = {  # but the theory
    "weights": "run@3",
    "lesion": ("Y_0",),
    "record_training": True,
    "record_epochs": (0, 1),
    "dataset": "idx",
    "data_dir": "somewhere",
    "encoding": "on-off",
    "layers": (30, 20, 10),
    "cell": ("tau_L=12",),
    "epochs": 7,
    "train_examples": 100,
    "test_examples": 50,
    "validation": 40,
    "shift": 1,
    "quick_examples": 5,
    "quick_every": 3,
    "chunk": 20,
    "seed": 11,
    "variant": "other.py",
    "device": "runtime",
    "precision": "double",
    "eta": (0.1, 0.2, 0.3),
    "decay": 0.9,
    "rule": "backprop",
    "output_error": "rates",
    "weight_decay": 1e-6,
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
    "feedback_mirror": 0.5,
    "eta_feedback": (0.01, 0.02),
    "g_a": 0.05,
    "light_early": 0.5,
    "light_late": -0.5,
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
    """A configuration from a command line."""
    name = config.named_theory(words)
    parser = command.Parser(prog="train", allow_abbrev=False)
    config.add_options(parser, theories.find(name))
    return config.from_arguments(config.parse(parser, words, name))


def from_file(given):
    """A configuration that was written as JSON, and read again."""
    return Config.of(json.loads(json.dumps(given.flat())))


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
    given, usual = Config.of(EVERY_OPTION_CHANGED).flat(), Config().flat()
    assert [name for name in given if given[name] == usual[name]] == ["theory"]
    assert from_file(Config.of(EVERY_OPTION_CHANGED)) == Config.of(EVERY_OPTION_CHANGED)


@pytest.mark.parametrize("name", PRESETS)
def test_a_preset_survives_a_file_unchanged(name):
    given = parse("--preset", name)
    assert from_file(given) == given


def test_a_file_that_names_no_theory_is_of_segregated_dendrites():
    written = Config.of(layers=(30, 10), epochs=3, clear=True).flat()
    assert written.pop("theory") == "segregated"
    found = Config.of(json.loads(json.dumps(written)))
    assert found.theory == "segregated" and isinstance(found.options, Options)
    assert found.options.layers == (30, 10) and found.epochs == 3 and found.options.clear


def test_a_file_is_flat_with_the_run_before_the_theory():
    names = list(Config().flat())
    mine = [field.name for field in config.fields()]
    assert names[: len(mine)] == mine and names[0] == "theory"
    assert names[len(mine) :] == [field.name for field in dataclasses.fields(Options)]
    assert len(set(names)) == len(names)


def test_the_command_line_has_an_option_for_each_field():
    words = []
    changed = {k: v for k, v in EVERY_OPTION_CHANGED.items() if k not in ("weights", "lesion")}
    for name, value in changed.items():  # those read a run: see test_inherit
        option = "--" + name.replace("_", "-")
        if isinstance(value, bool):
            words.append(option if value else option.replace("--", "--no-"))
        else:
            words += [option, *map(str, value if isinstance(value, tuple) else [value])]
    assert parse(*words) == Config.of(changed)


def test_a_name_that_no_option_has_is_refused():
    refused(lambda: Config.of({"layers": [10], "colour": "red"}), "'colour'", "segregated")


@pytest.mark.parametrize(
    "values",
    [
        ["epochs", 3],
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
        {"theory": 3},
        {"g_a": "0.1"},
    ],
    ids=repr,
)
def test_a_value_of_another_type_is_refused(values):
    refused(lambda: Config.of(values))


def test_a_whole_number_serves_where_a_fraction_may_stand():
    network = Config.of({"decay": 1, "eta": [1, 2]}).network(64, 10)
    assert network.rates() == {"eta_0": 1, "eta_1": 2}


# --- theories ------------------------------------------------------------------------------------


@pytest.mark.parametrize("name, near", [("segragated", "segregated"), ("back-prop", "backprop")])
def test_an_unknown_theory_is_answered_with_the_nearest(name, near, capsys):
    refused(lambda: Config.of(theory=name), f"unknown theory {name!r}", f"did you mean {near}?")
    refused(lambda: parse("--theory", name), f"did you mean {near}?")


@pytest.mark.parametrize(
    "words, option, theory",
    [
        (["--theory", "backprop", "--asynchronous"], "--asynchronous", "segregated"),
        (["--theory", "backprop", "--g-a", "0.1"], "--g-a", "interneurons and segregated"),
        (["--theory=backprop", "--no-random-phases"], "--no-random-phases", "segregated"),
        (["--loss", "square"], "--loss", "backprop"),
    ],
)
def test_an_option_of_other_theories_is_refused_by_their_names(words, option, theory, capsys):
    with pytest.raises(SystemExit) as caught:
        parse(*words)
    said = capsys.readouterr().err
    assert caught.value.code == 2 and said.count("\n") == 1
    assert f"{option}: an option of the theor" in said and theory in said


def test_an_option_that_no_theory_has_is_answered_with_the_nearest(capsys):
    with pytest.raises(SystemExit):
        parse("--epoch", "3")
    assert "did you mean --epochs?" in capsys.readouterr().err


MINE = """
from dataclasses import dataclass
from models.theory import Theory, option

@dataclass(frozen=True)
class Options:
    warmth: float = option(1.0, "how warm", least=0)

def network(options, inputs, classes):
    raise ValueError("--warmth: no network is warm")

THEORY = Theory("Mine.", Options, {"digits": {}}, network, needs={})
"""
NO_THEORIES = {
    "no file": (None, "no file"),
    "no theory": ("THEORY = 3", "no THEORY"),
    "no python": ("def (", "SyntaxError"),
    "no needs": (
        MINE.replace("needs={}", "needs={'money': 'much'}"),
        "needs is a dict, with names expl",
    ),
    "needs in a tuple": (
        MINE.replace("needs={}", "needs=()"),
        "needs is a dict, with names explicit",
    ),
    "an error": ("1/0", "division by zero"),
    "an exit": ("import sys; sys.exit(0)", "SystemExit"),
}


def test_a_theory_of_ones_own_is_a_file_with_options_of_its_own(tmp_path):
    path = tmp_path / "mine.py"
    path.write_text(MINE)
    given = parse("--theory", str(path), "--warmth", "3", "--epochs", "2")
    assert (given.options.warmth, given.epochs) == (3.0, 2)
    assert from_file(given) == given
    refused(lambda: given.network(64, 10), "--warmth")
    refused(lambda: Config.of(theory=str(path), layers=(3, 10)), "'layers'", "mine.py")


@pytest.mark.parametrize("text, word", NO_THEORIES.values(), ids=NO_THEORIES)
def test_a_file_that_is_no_theory_is_refused(tmp_path, text, word):
    path = tmp_path / "mine.py"
    if text is not None:
        path.write_text(text)
    refused(lambda: Config.of(theory=str(path)), "--theory", "mine.py", word)


# --- presets -------------------------------------------------------------------------------------


def test_the_preset_paper_is_the_default():
    assert parse() == parse("--preset", "paper") == Config()
    usual = Config().options
    assert (usual.init, usual.memory, usual.plateau_sd_ms) == ((0.5,), 0, math.sqrt(3))


def test_an_option_overrides_the_preset_wherever_it_stands():
    for words in (("--preset", "code", "--memory", "5"), ("--memory", "5", "--preset", "code")):
        given = parse(*words).options
        assert given.memory == 5 and given.integrator == "euler"


def test_an_option_can_be_switched_off():
    assert parse("--no-random-phases").options.random_phases is False
    assert parse("--random-phases").options.random_phases is True


# --- what may go on with a run -------------------------------------------------------------------


def test_more_epochs_other_records_and_another_folder_of_data_are_the_same_run():
    more = {"epochs": 99, "record": ("spikes",), "record_images": (5,), "data_dir": "elsewhere"}
    assert not Config().differences(Config.of(more).flat())


@pytest.mark.parametrize(
    "other", [{"seed": 2}, {"layers": (50, 10)}, {"eta": (0.1,)}, {"chunk": 500}, {"clear": True}]
)
def test_any_other_change_is_another_run(other):
    (name,) = other
    (said,) = Config().differences(Config.of(other).flat())
    assert said.startswith(f"--{name} is ")


def test_a_run_of_another_theory_is_another_run():
    said = Config.of(theory="backprop").differences(Config().flat())
    assert "--theory is segregated, not backprop" in said


def test_what_a_folder_says_is_compared_and_not_used(tmp_path):
    trap, code = tmp_path / "trap", tmp_path / "theirs.py"
    code.write_text(f"open({str(trap)!r}, 'w')\n")
    for name in ("theory", "variant"):
        (said,) = Config().differences(Config().flat() | {name: str(code)})
        assert said.startswith(f"--{name} is /") and not trap.exists()
    (said,) = Config().differences({"made_up": "x" * 10**6})
    assert said.startswith("--made-up is xxx") and len(said) < 150


# --- nonsense ------------------------------------------------------------------------------------

REFUSED = {
    "epochs negative": ({"epochs": -1}, "--epochs", "0"),
    "a lesion of nothing": ({"lesion": ("Y_0",)}, "--lesion", "--weights"),
    "records of no epoch": ({"record_epochs": (11,)}, "--record-epochs", "11 of 10"),
    "chunk 0": ({"chunk": 0}, "--chunk"),
    "quick_every 0": ({"quick_every": 0}, "--quick-every"),
    "quick_examples negative": ({"quick_examples": -1}, "--quick-examples"),
    "seed negative": ({"seed": -1}, "--seed"),
    "device": ({"device": "gpu"}, "--device", "'gpu'"),
    "record no image": ({"record": ("spikes",), "record_images": ()}, "--record-images"),
    "record image negative": ({"record_images": (-1,)}, "--record-images"),
    "record neuron negative": ({"record_neurons": (-1,)}, "--record-neurons"),
}


@pytest.mark.parametrize("values, words", [(v, w) for v, *w in REFUSED.values()], ids=REFUSED)
def test_nonsense_is_refused_by_the_configuration(values, words):
    refused(lambda: Config.of(values), *words)


NO_RECORDS = {
    "record unknown": ({"record": ("dreams",)}, "--record", "'dreams'", "spikes"),
    "record no neuron": ({"record": ("voltages",), "record_neurons": ()}, "--record-neurons"),
    "record neurons of no cell": (
        {"record": ("voltages",), "record_neurons": (50,)},
        "--record-neurons",
    ),
    "record no such variable": ({"record_variables": ("m_Ca",)}, "--record-variables", "'m_Ca'"),
}


@pytest.mark.parametrize("values, words", [(v, w) for v, *w in NO_RECORDS.values()], ids=NO_RECORDS)
def test_what_a_network_cannot_record_is_refused_with_the_network(values, words):
    refused(lambda: Config.of(values).network(64, 10), *words)

"""Whatever a file of options holds: a network, or one sentence that says what it cannot be."""

import dataclasses
import json
import math

import numpy as np
import pytest

from experiments.run import config, seeds
from experiments.run.config import Config
from experiments.study.page import Page
from models import theory as theories

NUMBERS = (0, 1, -1, 7, 2**32, 2**63 - 1, -(2**63) - 1, 10**400)
NUMBERS += (0.5, -1.5, 1e-320, 1e18, 1e308, -1e308, math.inf, -math.inf, math.nan)
TEXTS = ("", "55", "nan", "\0.py", "\ud800", "x" * 300 + ".py", "x" * 9000, "../x.py", "/dev/zero")
LISTS = ([], [None], [True], [[]], [[1]], ["1"], [{}], [1, "a"], [math.inf, 10], [math.nan])
LISTS += ([2**63 - 1, 10], [10**400], [1.5], [1e308], [-1e308], [10] * 40)
VALUES = (None, True, False, *NUMBERS, *TEXTS, *LISTS, {}, {"a": 1})
OPTIONS = [("segregated", field.name) for field in config.fields()]
OPTIONS += [
    (name, field.name)
    for name in theories.names()
    for field in dataclasses.fields(theories.find(name).options)
]


def made(values):
    """What a configuration makes of these values: None, or the sentence that refuses them."""
    try:
        given = Config.of(values)
        given.network(16, 10)
    except ValueError as error:
        return " ".join(str(error).split())  # as a command says it
    json.dumps(given.flat())
    return None


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("theory, name", OPTIONS)
def test_any_value_of_an_option_makes_a_network_or_one_sentence(theory, name):
    for value in VALUES:
        said = made({"theory": theory, name: value})
        assert said is None or 10 < len(said) < 500, (value, said)


@pytest.mark.parametrize(
    "values, option",
    [
        ({"layers": [math.inf, 10]}, "--layers"),
        ({"layers": "55"}, "--layers"),
        ({"forward_ms": []}, "--forward-ms"),
        ({"forward_ms": 1e25}, "--forward-ms"),
        ({"epochs": []}, "--epochs"),
        ({"dataset": []}, "--dataset"),
        ({"variant": []}, "--variant"),
        ({"memory": 10**30}, "--memory"),
        ({"decay": 10**400}, "--decay"),
        ({"eta": [True]}, "--eta"),
        ({"eta": [[0.1]]}, "--eta"),
        ({"random_phases": None}, "--random-phases"),
        ({"data_dir": "x" * 9000}, "--data-dir"),
    ],
    ids=lambda value: repr(value)[:30],
)
def test_the_sentence_names_the_option(values, option):
    assert made(values).startswith(f"{option}: ")


@pytest.mark.parametrize("values", [None, 0, "", [], "layers", [["epochs", 3]]])
def test_a_configuration_is_a_set_of_named_options(values):
    with pytest.raises(ValueError, match="not a set of named options"):
        Config.of(values)


# --- seeds ---------------------------------------------------------------------------------------


def test_the_largest_seed_is_taken_by_all_that_draw_and_a_larger_one_is_refused_at_once():
    from experiments.segregated.representations import embed

    assert Config.of(seed=seeds.MOST).network(16, 10).start(seeds.MOST)
    points = np.random.default_rng(seeds.MOST).random((60, 55))
    assert embed(points, 3, seeds.MOST).shape == (60, 2)
    assert made({"seed": seeds.MOST + 1}) == "--seed: 4294967295 or less, not 4294967296"


def _never(setting):
    raise AssertionError("a seed that cannot be was taken")


@pytest.mark.parametrize("seed", ["4294967296", "-1", "1.5", "x", "9" * 5000])
def test_a_page_refuses_all_seeds_that_a_run_would_before_it_trains_any(seed, capsys):
    page = Page("experiments.segregated.a_page", "Why?", _never)
    with pytest.raises(SystemExit) as caught:
        page.main(["--seeds", "1", seed])
    said = capsys.readouterr().err
    assert caught.value.code == 2 and said.count("\n") == 1 and "from 0 to 4294967295" in said

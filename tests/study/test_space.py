"""What a search moves: each theory names it, and a point changes these numbers and no others."""

import dataclasses

import numpy as np
import pytest

from experiments.run.config import Config
from experiments.study import space
from experiments.study.space import Parameter
from models import theory as theories
from models.segregated.options import PARAMETERS
from tests.run.test_config import refused

UP = Parameter("up", 0.2, 0.1, 0.4)
DOWN = Parameter("down", -8.0, -4.0, -16.0)


def usual(name, **more):
    """A theory's preset for the digits."""
    return Config.of(theories.find(name).presets["digits"] | {"theory": name} | more)


# --- one parameter --------------------------------------------------------------------------------


def test_places_are_on_a_log_scale_between_the_bounds():
    assert [UP.at(p) for p in (0, 0.5, 1)] == pytest.approx([0.1, 0.2, 0.4], rel=1e-14)
    assert [DOWN.at(p) for p in (0, 0.5, 1)] == pytest.approx([-4, -8, -16], rel=1e-14)
    assert UP.sizes == (0.1, 0.4) and DOWN.sizes == (4, 16)
    odd = [Parameter("odd", v, v / f, v * f) for v in (0.3, 0.7, 11.3) for f in (1.1, 2, 3)]
    assert all(p.low <= p.at(place) <= p.high for p in odd for place in (0, 1))


def test_around_is_a_factor_and_within_is_what_the_theory_says():
    config = Config.of({"theory": "backprop", "layers": (8, 10), "eta": (0.3, 0.1)})
    found = {p.name: p[1:] for p in space.around(config, 4)}
    assert found["eta[0]"] == (0.3, 0.3 / 4, 0.3 * 4) and found["eta[1]"] == (0.1, 0.025, 0.4)
    about = {f.name: f.metadata.get("search") for f in dataclasses.fields(config.options)}
    within = {p.name: p[1:] for p in space.within(config)}
    assert within == {
        "eta[0]": (0.3, *about["eta"]),
        "eta[1]": (0.1, *about["eta"]),
        "feedback_width": (1.0, *about["feedback_width"]),
    }


def test_what_is_0_is_within_bounds_and_around_nothing():
    config = usual("segregated", window_ms=0.0)
    assert "window_ms" not in {p.name for p in space.around(config, 2)}
    (window,) = [p for p in space.within(config) if p.name == "window_ms"]
    assert 5 <= window.at(0) < window.at(1) <= 40


def test_cells_are_searched_around_what_they_have():
    found = {p.name: p for p in space.around(usual("segregated", cell=("tau_L=12",)), 2)}
    assert found["cell[tau_L]"][1:] == (12, 6, 24) and found["cell[tau_s]"].value == 3
    assert found["cell[E_I]"][1:] == (-8, -4, -16)
    assert {name for name in found if name.startswith("cell")} == {f"cell[{n}]" for n in PARAMETERS}


# --- moved ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", theories.names())
def test_each_theory_has_a_space_that_its_network_takes(name):
    config = usual(name)
    found = space.around(config, 2)
    kept, refused = space.that_count(config, found, 64, 10)
    assert kept
    assert {p.name for p in found} == {p.name for p in kept} | set(refused)
    assert all(why.startswith("--") for why in refused.values())
    for p in kept:
        assert space.moved(config, {p.name: p.value}).flat() == config.flat() | (
            {"cell": (f"{p.name[5:-1]}={p.value}",)} if p.name.startswith("cell") else {}
        )
    (point,) = space.design(kept, 1, 1)
    changed = space.moved(config, point).flat()
    own = {p.name.partition("[")[0] for p in kept}
    assert {k for k, v in config.flat().items() if changed[k] != v} == own


def test_a_parameter_that_another_option_takes_away_is_left_out_and_said():
    config = usual("backprop", eta=(0.2,))
    kept, refused = space.that_count(config, space.around(config, 2), 64, 10)
    assert [p.name for p in kept] == ["eta[0]"]
    assert refused == {"feedback_width": "--feedback-width needs --feedback random or direct"}
    direct = usual("backprop", eta=(0.2,), feedback="direct")
    assert len(space.that_count(direct, space.around(direct, 2), 64, 10)[0]) == 2


def test_a_place_of_a_list_moves_alone_and_whole_numbers_stay_so():
    config = Config.of({"theory": "backprop", "eta": (0.3, 0.1)})
    assert space.moved(config, {"eta[1]": 0.25}).options.eta == (0.3, 0.25)
    assert space.moved(config, {"batch": 2.7}).options.batch == 3
    both = space.moved(usual("segregated"), {"cell[g_b]": 0.7, "cell[E_I]": -9.0}).options.cell
    assert both == ("g_b=0.7", "E_I=-9.0")
    again = space.moved(usual("segregated", cell=both), {"cell[g_b]": 0.1}).options.cell
    assert again == ("g_b=0.1", "E_I=-9.0")


def test_values_that_no_network_has_are_one_sentence():
    refused(
        lambda: space.moved(usual("segregated"), {"forward_ms": 25.0}), "--forward-ms", "--settle"
    )


def described(config):
    """Symbol -> value of the cells' own parameters, and all other settings, of a network."""
    model = config.network(64, 10).model()
    own = [p for p in model["parameters"] if "(derived)" not in p["source"]]
    return {p["symbol"]: p["value"] for p in own}, model["settings"]


@pytest.mark.parametrize("symbol", PARAMETERS)
def test_a_parameter_of_the_cells_reaches_them_and_changes_no_other(symbol):
    config = usual("segregated")
    (mine,) = [p for p in space.around(config, 2) if p.name == f"cell[{symbol}]"]
    before, settings = described(config)
    after, others = described(space.moved(config, {mine.name: mine.at(0.75)}))
    assert others == settings and before.keys() == after.keys()
    assert float(before[symbol]) == mine.value
    assert float(after[symbol]) == pytest.approx(mine.at(0.75), rel=1e-5)
    assert [name for name in before if before[name] != after[name]] == [symbol]


# --- a design -------------------------------------------------------------------------------------


def test_a_design_is_even_within_bounds_and_the_same_for_the_same_seed():
    points = space.design((UP, DOWN), 64, 5)
    assert points == space.design((UP, DOWN), 64, 5) != space.design((UP, DOWN), 64, 6)
    for p, low, high in ((UP, 0.1, 0.4), (DOWN, 4, 16)):
        sizes = np.abs([point[p.name] for point in points])
        places = np.log(sizes / low) / np.log(high / low)
        # A Sobol sequence: each of 64 shares of an axis has one point.
        assert sorted((places * 64).astype(int)) == list(range(64))
        assert {np.sign(point[p.name]) for point in points} == {np.sign(p.value)}


def test_one_by_one_moves_a_parameter_and_leaves_the_others_alone():
    usual, *points = space.one_by_one((UP, DOWN))
    assert usual == {p.name: p.value for p in (UP, DOWN)} and len(points) == 8
    for k, p in enumerate((UP, DOWN)):
        own = points[4 * k : 4 * k + 4]
        assert [point[p.name] for point in own] == [p.at(place) for place in (0, 0.25, 0.75, 1)]
        assert all(point | {p.name: p.value} == usual for point in own)


@pytest.mark.parametrize("count", [1, 2, 3, 5, 8, 21])
def test_fewer_points_are_the_first_of_more(count):
    points = space.design((UP, DOWN), count, 5)
    assert points == space.design((UP, DOWN), 32, 5)[:count] and len(points) == count

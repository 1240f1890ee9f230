"""What makes receptive fields similar, and what does not."""

from types import SimpleNamespace

import numpy as np
import pytest

from analysis.segregated.receptive_fields import mosaic
from experiments.segregated import receptive_fields
from experiments.segregated.receptive_fields import compare, correlations, turned
from experiments.study.results import Results

CELLS, SIDE = 6, 8
LIT = np.arange(SIDE * SIDE) % 5 > 0


@pytest.fixture
def rng():
    return np.random.default_rng(1)


@pytest.fixture
def draw(rng):
    """Random fields."""
    return lambda: rng.normal(size=(CELLS, SIDE * SIDE))


def test_correlations_are_those_of_every_pair_of_fields(draw):
    one, other = draw(), draw()
    expected = np.corrcoef(one, other)[:CELLS, CELLS:]
    np.testing.assert_allclose(correlations(one, other), expected, atol=1e-12)


def test_the_same_fields_in_another_order_scale_and_offset_are_found_again(draw, rng):
    local = draw()
    there = 3 * local[rng.permutation(CELLS)] + 1
    found = compare((draw(), local), (draw(), there), LIT, rng)
    assert list(found) == list(receptive_fields.COMPARISONS)
    np.testing.assert_allclose(found["backprop"], 1)
    for control in ("turned", "shuffled", "untrained", "others", "initial"):
        assert found[control].max() < 0.7, control


def test_pixels_that_are_never_lit_play_no_part_in_a_comparison(draw):
    fields = [draw() for _ in range(4)]
    noisy = [np.where(LIT, f, 100 * draw()) for f in fields]
    one, other = (compare(f[:2], f[2:], LIT, np.random.default_rng(0)) for f in (fields, noisy))
    for name in receptive_fields.COMPARISONS:
        same = np.allclose(one[name], other[name])
        assert same or name == "turned", name  # a turn brings unlit pixels among the lit


def test_what_was_learned_is_compared_without_the_initial_weights(draw, rng):
    first, start, learned = draw(), draw(), draw()
    found = compare((first, first + learned), (start, start + learned), LIT, rng)
    np.testing.assert_allclose(found["learned"], 1)
    assert found["backprop"].max() < 0.95
    expected = [np.corrcoef(first[k, LIT], (first + learned)[k, LIT])[0, 1] for k in range(CELLS)]
    np.testing.assert_allclose(found["initial"], expected)


def test_a_turn_moves_pixels_by_90_degrees_and_four_turns_back(draw):
    fields = draw()
    corner = np.zeros((1, SIDE * SIDE))
    corner[0, 0] = 1
    assert turned(corner).argmax() == SIDE * (SIDE - 1)
    np.testing.assert_array_equal(turned(turned(turned(turned(fields)))), fields)


def test_the_mosaic_shows_each_field_at_its_place_and_scale_and_no_unlit_pixel():
    fields = np.arange(1.0, 4)[:, None] * np.arange(-3, 6)
    lit = np.arange(9) != 4
    whole = mosaic(fields, lit)
    assert whole.shape == (7, 7)
    for field in (whole[:3, :3], whole[:3, 4:], whole[4:, :3]):
        expected = np.where(lit, np.arange(-3, 6) / 5, np.nan).reshape(3, 3)
        np.testing.assert_allclose(field, expected)
    assert np.isnan(whole[4:, 4:]).all() and np.isnan(whole[3]).all()


def test_receptive_fields_compile_no_network_that_learns(tmp_path):
    class Run:
        data = SimpleNamespace(test_images=np.zeros((4, 9)))

        def seed(self, *_):
            return 1

        def test(self, *_):
            return 5.0, 1.0

    network = SimpleNamespace(run=Run(), state={}, epochs=1)
    setting = SimpleNamespace(
        results=Results("segregated", "receptive_fields", tmp_path),
        size=lambda full, smoke: smoke,
        arguments=(),
    )
    part = {name: np.ones(3) for name in receptive_fields.COMPARISONS}
    networks = {"best_one_hidden": network, "backprop": network}
    receptive_fields._write_headlines(setting, networks, {"lit": part, "all": part})
    assert setting.results.table("headline")["value"][0] == 5

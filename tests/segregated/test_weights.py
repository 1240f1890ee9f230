"""Initial weights: what they are drawn for, their width, and what feedback loses."""

import numpy as np
import pytest

from models.segregated import weights
from models.segregated.model import Feedback, Model


@pytest.mark.parametrize(
    ("fan_in", "mean", "sd"),
    [
        (100, 0.14667, 1.41041),
        (500, 0.02933, 0.63212),
        (784, 0.01871, 0.50490),
        (3072, 0.00477, 0.25513),
    ],
)
def test_initial_weights_carry_the_moments_of_the_dendrite(fan_in, mean, sd):
    assert weights.moments(fan_in) == pytest.approx((mean, sd), abs=1e-5)


@pytest.mark.parametrize(("init", "norm"), [(0.5, 316), (1.0, 632)])
def test_the_width_of_the_draw_is_the_papers_or_twice_that(init, norm):
    drawn = weights.initial(Model((784, 500, 10), init=init), 1)
    sd = 2 * init * 0.50490
    assert drawn["W_0"].std() == pytest.approx(sd, rel=0.01)
    assert drawn["W_0"].mean() == pytest.approx(0.01871, abs=4 * sd / 626)
    assert np.linalg.norm(drawn["W_0"]) == pytest.approx(norm, rel=0.01)
    assert drawn["b_0"] == pytest.approx(0.8, abs=0.01)
    assert drawn["Y_0"].std() == pytest.approx(1.26456, rel=0.03)  # of the layer above


def test_centred_weights_have_no_mean_and_a_factor_scales_the_feedback():
    plain, scaled = (
        weights.initial(Model((784, 500, 10), centre=True, feedback=Feedback(scale=s)), 1)
        for s in (1, 16)
    )
    assert abs(plain["W_0"].mean()) < 4 * 0.505 / 626 and abs(plain["b_0"]).max() < 0.01
    np.testing.assert_allclose(scaled["Y_0"], 16 * plain["Y_0"])


def test_each_layer_may_have_its_own_width_and_feedback():
    layers, plain = (784, 500, 100, 10), {"centre": True}
    one = weights.initial(Model(layers, **plain), 1)
    own = Model(layers, init=(0.25, 0.5, 1.0), feedback=Feedback(scale=(2.0, 3.0)), **plain)
    other = weights.initial(own.check(), 1)
    for m, factor in enumerate((0.5, 1, 2)):
        np.testing.assert_allclose(other[f"W_{m}"], factor * one[f"W_{m}"])
    for m, factor in enumerate((2, 3)):
        np.testing.assert_allclose(other[f"Y_{m}"], factor * one[f"Y_{m}"])


def test_sparse_feedback_loses_exactly_its_share():
    Y = weights.initial(Model((784, 500, 10), feedback=Feedback(sparsity=0.8)), 1)["Y_0"]
    assert (Y == 0).sum() == 4000

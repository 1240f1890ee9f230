"""How far potentials have come is measured without the noise of a single presentation."""

import numpy as np
import pytest

from experiments.segregated.settling import share

IMAGES, TIMES, CELLS, STEADY = 400, 40, 20, 30
COURSE = 1 - np.exp(-np.arange(TIMES) / 8.0)


@pytest.fixture
def present():
    """Potentials that rise to each image's own values, with noise that comes late and stays."""
    rng = np.random.default_rng(0)
    images = rng.normal(0, 1, (IMAGES, 1, CELLS))

    def presentation():
        rising = images * COURSE[:, None] + rng.normal(0, 1, (IMAGES, TIMES, CELLS))
        rising[:, STEADY:] += rng.normal(0, 0.5, (IMAGES, 1, CELLS))
        return rising

    return presentation


def test_noise_does_not_make_a_settled_potential_look_as_if_it_still_rose(present):
    found = share(present(), present(), STEADY)
    np.testing.assert_allclose(found, COURSE / COURSE[STEADY:].mean(), atol=0.05)

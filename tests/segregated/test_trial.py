"""A trial of a model on one image: what it lets pass, and what is beyond all bounds."""

import numpy as np
import pytest
from brian2 import Hz, ms

from models.engine.device import ModelError
from models.segregated import trial
from models.segregated.model import Model
from models.segregated.pyramidal import HIDDEN


def test_a_trial_knows_rates_by_the_cells_own_highest_rate():
    fast = HIDDEN.vary(params={"phi_max": 2000 * Hz, "g_l": 0.1 / ms})
    trial.trial(Model((20, 8, 10), hidden=fast))


@pytest.mark.parametrize(
    "name, value",
    [("V", 2e6), ("phi_bar", 3e4)],
)
def test_a_trial_has_a_bound_for_each_dimension(name, value):
    bounds = trial._bounds(Model((20, 8, 10)).cell("hidden_0"))
    trial._refuse("hidden_0", name, np.array([0.1 * value]), bounds[name])
    with pytest.raises(ModelError, match="beyond all bounds"):
        trial._refuse("hidden_0", name, np.array([value]), bounds[name])

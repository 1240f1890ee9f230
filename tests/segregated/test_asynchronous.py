"""When asynchronous plateaus come."""

import numpy as np
from brian2 import ms

from experiments.segregated.asynchronous import plateau_times
from models.segregated import timing
from models.segregated.parameters import Phases


def test_a_plateau_comes_at_a_step_as_long_before_its_phase_ends_as_the_cell_drew():
    schedule = timing.training(Phases(random=False, forward=50 * ms, target=40 * ms), 2)
    d_f, d_t = np.array([[0.4, 4.6], [1, 0]]), np.array([[5.0, 0], [2.2, 3]])
    forward, target = plateau_times(schedule, d_f, d_t)
    np.testing.assert_allclose(forward, [[50, 45], [139, 140]])
    np.testing.assert_allclose(target, [[85, 90], [178, 177]])

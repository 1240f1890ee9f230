"""A neuron of its own for each hidden cell carries the error, in place of an apical dendrite.

Source: P's second reviewer: one error unit a cell is mathematically the same as an apical
dendrite; the authors agree and name what it costs, exact pairing and a sign. V_a is the potential
of the unit. In the target phase it fires at r_0 (1 + sigma(V_a) - alpha_f): the baseline r_0 stands
for no error, and its partner reads the sign as more or less than that.

Expect: an error that is noisy even where there is none (two spikes, give or take 1.4, in a window
of 20 ms at 100 Hz), and learning is slower: 7.4 ± 0.3 % of errors after 10 epochs of the digits,
the paper's cell 6.5 ± 0.3 %. (It compares the mean of sigma with the sigma of the mean, which
differ a little where V_a fluctuates.)
"""

from brian2 import Hz

from models.segregated.variants.paper import HIDDEN as PAPER

HIDDEN = PAPER.then(
    parts={
        "unit": """
            phi_e = r_0*(1 + 1/(1 + exp(-V_a/mV)) - alpha_f)      : Hz
            fires = int(rand() < phi_e*dt)                        : 1 (constant over dt)
            r_e                                                   : Hz  # counted, target phase
        """
    },
    moments={"target_apical": "r_e += (fires/dt - r_e)/n_a"},
).vary(
    constants={"r_0": 100 * Hz},
    learning={"error": "error = -k_b*phi_max*(r_e/r_0 - 1)*sigma_bar*(1 - sigma_bar)"},
)

"""Plateaus are counted in spikes, and a leaky memory holds their difference.

Source: P Eqs 36-37. A plateau is a burst of N ~ Poisson(alpha) spikes; a phase signal psi is -1 in
the forward and +1 in the target phase, and M moves by k psi N. On average M = k (alpha_t - alpha_f)
but for its leak; it takes the place of the difference in the learning rule, and starts at 0 in each
image.

Expect: a noisy difference (variance k^2 (alpha_t + alpha_f), near 1, where the difference is near
0), and a tenth of the forward bursts leaked away when the target's come, so that hidden cells learn
to fire more (149 in place of 101 Hz on the digits). Learning is slower: 8.4 ± 1.4 % of errors after
10 epochs of the digits, the paper's cell 6.5 ± 0.3 %.
"""

from brian2 import ms

from models.segregated.variants.paper import HIDDEN as PAPER

HIDDEN = PAPER.then(
    parts={
        "memory": """
            dM/dt = -M/tau_M                                      : 1  # k times the difference
            psi                                                   : 1  # phase signal
        """
    },
    moments={
        "onset": "M = 0",
        "forward_plateau": """
            psi = -1
            M += k*psi*poisson(alpha_f)
        """,
        "target_plateau": """
            psi = 1
            M += k*psi*poisson(alpha_t)
        """,
    },
).vary(
    constants={"k": 1.0, "tau_M": 500 * ms},
    learning={"error": "error = -k_b*phi_max*M*sigma_bar*(1 - sigma_bar)"},
)

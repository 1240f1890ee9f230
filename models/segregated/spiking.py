"""Poisson spikes and filtered spike trains: what all populations have in common.

A spike counts from the step in which it is drawn. The train of a cell is what its spikes do to a
synapse of weight 1: kappa(t) = (exp(-t/tau_L) - exp(-t/tau_s))/(tau_L - tau_s), P Eq. 3.
"""

from typing import NamedTuple

TRAIN = """
    ds/dt = -s/tau_L + x/(tau_s*tau_L)                        : Hz    # filtered spike train
    dx/dt = -x/tau_s                                          : 1     # its rising part
"""


class Draw(NamedTuple):
    """How many spikes a cell fires in a step of mean phi*dt, and what each of them does.

    ``basal`` and ``apical`` are what a spike does through a synapse; ``backwards`` is the same
    through a feedforward synapse used in reverse, from its postsynaptic cell (symmetric feedback,
    ``scale`` times as strong).
    """

    part: str
    threshold: str
    lit: str  # the threshold of an input: the dark pixels of an image draw no random number
    on_spike: str
    basal: str
    apical: str
    backwards: str
    remember: str
    base: int  # one more than the most spikes that `history` keeps of a step


DRAWS = {
    "bernoulli": Draw(  # none or one (P: a Poisson process)
        part="",
        threshold="rand() < phi*dt",
        lit="phi > 0*Hz and rand() < phi*dt",
        on_spike="""
            x += exp(-dt/tau_s)
            s += (exp(-dt/tau_L) - exp(-dt/tau_s))/(tau_L - tau_s)
        """,
        basal="x_b_post += w",
        apical="x_a_post += w",
        backwards="x_a_pre += scale*w",
        remember="history += 1",
        base=2,
    ),
    "poisson": Draw(  # any number (C); the cap of 7 is passed once in 10^10 steps
        part="n_spikes = clip(poisson(phi*dt), 0, 7)          : integer (constant over dt)",
        threshold="n_spikes > 0",
        lit="phi > 0*Hz and n_spikes > 0",
        on_spike="""
            x += n_spikes*exp(-dt/tau_s)
            s += n_spikes*(exp(-dt/tau_L) - exp(-dt/tau_s))/(tau_L - tau_s)
        """,
        basal="x_b_post += n_spikes_pre*w",
        apical="x_a_post += n_spikes_pre*w",
        backwards="x_a_pre += scale*n_spikes_post*w",
        remember="history += n_spikes",
        base=8,
    ),
}

# The authors' finite memory: each cell keeps the spikes of its last steps as the digits of a number
# (in double precision it holds 52 binary ones exactly). The oldest digit says how many spikes are
# forgotten now: whatever a full kernel would still hold of them (left_x, left_s) leaves every trace
# that they went into.
MEMORY = {
    "part": """
        history                                               : 1     # spikes, a digit a step
        n_left = history//oldest                              : 1     # spikes forgotten now
    """,
    "event": "history >= oldest",
    "own": """
        x -= n_left*left_x
        s -= n_left*left_s
    """,
    "basal": """
        x_b_post -= n_left_pre*left_x*w
        psp_b_post -= n_left_pre*left_s*w
    """,
    "apical": """
        x_a_post -= n_left_pre*left_x*w
        psp_a_post -= n_left_pre*left_s*w
    """,
    "backwards": """
        x_a_pre -= scale*n_left_post*left_x*w
        psp_a_pre -= scale*n_left_post*left_s*w
    """,
    "shift": "history = (history % oldest)*base",
}

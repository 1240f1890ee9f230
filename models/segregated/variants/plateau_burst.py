"""A plateau drives a burst of somatic spikes: for T_p after it, g_p alpha pulls the soma to E_p.

Source: P Discussion and the reviewers. The paper's plateaus do not touch the soma; its
authors expect no harm if they did, since averages begin 30 ms into a phase.

Expect: bursts of up to 200 Hz at the start of each phase. The plateau of an image's end reaches
into the next image, also with --clear; a test image has no burst. On the digits it learns nearly
as the paper's cell; on MNIST it makes 6.0 ± 0.3 % of errors after five epochs, the paper's cell
3.9 ± 0.2 %.
"""

from brian2 import ms, mV

from models.segregated.variants.paper import HIDDEN as PAPER

HIDDEN = PAPER.then(
    parts={
        "coupling": """
            I_a = g_a*(V_a - V) + g_E*(E_p - V)                   : volt/second
            g_E = g_p*plateau*int(t < burst_end)                  : Hz  # open during a burst
            plateau                                               : 1   # the last one
            burst_end                                             : second
        """
    },
    moments={
        "forward_plateau": """
            plateau = alpha_f
            burst_end = t + T_p + dt/2
        """,
        "target_plateau": """
            plateau = alpha_t
            burst_end = t + T_p + dt/2
        """,
    },
).vary(constants={"g_p": 1 / ms, "E_p": 8 * mV, "T_p": 30 * ms})

"""PV cells hold each pyramidal cell at a rate of its own: their synapses learn, too.

After each image that teaches, inhibition of a cell that fired more than ``rho`` in the forward
phase grows, and of one that fired less shrinks: the rule of Vogels et al. (2011) with a mean over
the image in place of traces, and in proportion to the weight, so that none is lost and none
appears. Their presynaptic factor is left out, as PV cells fire alike. What to expect: rates go to
``rho`` and stay there while weights learn, where the usual circuit lets them rise to 100 Hz; and
the digits are learned badly (34 % of errors after ten epochs, not 10: page ``pv_gain``).
"""

from brian2 import Hz

LEARN = "w *= 1 + eta_PV*plastic(example_post*dt)*(phi_bar_post - rho)/phi_max"


def pyramidal(cell):
    """Synapses from PV cells learn."""
    return cell.vary(synapses={"PV learn": LEARN}, constants={"rho": 35 * Hz, "eta_PV": 0.02})

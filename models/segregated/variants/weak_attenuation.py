"""An apical dendrite as near to the soma as the basal one: g_a = g_b.

Source: P Figure 9 (g_a = 0.6, "weak attenuation").
Expect: feedback enters the forward phase, the soma follows only 46 % of its basal dendrite (k_b),
and learning suffers. With the demo's strong feedback (16 times the paper's) it swamps the soma:
potentials of tens of mV, where sigma' is 0 and little is learned: 54 ± 6 % test error after 10
epochs of the digits (the paper's cell: 6.5 ± 0.3 %). With weaker feedback it learns, but
worse than segregated cells: see experiments.attenuation.
"""

from brian2 import ms

from models.segregated.variants.paper import HIDDEN as PAPER

HIDDEN = PAPER.vary(params={"g_a": 0.6 / ms})

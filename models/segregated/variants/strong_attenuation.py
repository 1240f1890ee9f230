"""An apical dendrite that reaches the soma, twelve times weaker than the basal one.

Source: P Figure 9 (g_a = 0.05, "strong attenuation").
Expect: learning nearly as with full segregation.
"""

from brian2 import ms

from models.segregated.variants.paper import HIDDEN as PAPER

HIDDEN = PAPER.vary(params={"g_a": 0.05 / ms})

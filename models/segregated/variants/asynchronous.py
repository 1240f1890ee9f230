"""Each cell fires its plateaus at its own time, up to 5 ms before the phase ends.

Source: P Figure 6-S1 and the second reviewer: plateaus need not be synchronous. The same as the
option --asynchronous, as a variant.
Expect: learning as in the paper.
"""

from models.segregated.variants.paper import HIDDEN

__all__ = ["HIDDEN"]
OPTIONS = {"asynchronous": True}

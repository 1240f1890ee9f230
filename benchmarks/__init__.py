"""How fast it is, as ratios in one run."""

import os

os.environ["MPLBACKEND"] = "agg"  # figures become files, whatever a notebook asks for

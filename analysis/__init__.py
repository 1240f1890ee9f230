"""What a run showed: reads run folders, draws figures. Never simulates."""

import os

os.environ["MPLBACKEND"] = "agg"  # figures become files; matplotlib refuses a notebook's elsewhere

"""What a run showed: reads run folders, draws figures. Never simulates."""

import os
import sys

if sys.argv[:1] == ["-m"]:  # a command makes files; a script or a notebook has its own way
    os.environ["MPLBACKEND"] = "agg"

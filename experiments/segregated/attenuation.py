"""Must the apical dendrite be segregated? Apical conductances of 0, 0.05 and 0.6 (P Fig 9B).

    python -m experiments.attenuation [--only g_a_0.6 ...]

Expected, with two hidden layers: strong attenuation (0.05 /ms, a twelfth of the basal conductance)
costs next to nothing, weak attenuation (0.6 /ms, as the basal one) clearly harms. The preset
``best-deep``; twenty epochs take about half an hour of one core for each.
"""

import sys

from experiments.study import comparison as compare

NAME = "attenuation"
NAMES = ("g_a_0", "g_a_0.05", "g_a_0.6")
PAIRS = (("g_a_0", "g_a_0.05"), ("g_a_0", "g_a_0.6"))


def main(arguments=None):
    """Run from the command line; returns the exit status."""
    return compare.main(NAME, __doc__, NAMES, PAIRS, arguments)


if __name__ == "__main__":
    sys.exit(main())

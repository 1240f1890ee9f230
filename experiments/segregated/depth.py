"""Do hidden layers help? No, one, two and three hidden layers (P Fig 6B).

    python -m experiments.depth [--only one_hidden ...]

Expected: 8.3, 4.1 and 3.2 per cent of test errors after 60 epochs with 0, 1 and 2 hidden layers,
and no better with three. Each also stands with the settings that the paper prints (``printed_*``),
with these but for the carry-over between images and for when the forward plateau is (``late_*``),
and with the presets ``best`` and ``best-deep`` (``best_*``, and three layers).
Sixty epochs take about an hour of one core for each network with hidden layers.
"""

import sys

from experiments.study import comparison as compare

NAME = "depth"
NAMES = (
    "no_hidden",
    "one_hidden",
    "two_hidden",
    "best_one_hidden",
    "best_two_hidden",
    "three_hidden",
    "printed_no_hidden",
    "printed_one_hidden",
    "printed_two_hidden",
    "cleared_one_hidden",
    "cleared_two_hidden",
    "late_no_hidden",
    "late_one_hidden",
    "late_two_hidden",
)
PAIRS = (
    ("printed_no_hidden", "printed_one_hidden"),
    ("printed_one_hidden", "printed_two_hidden"),
    ("cleared_one_hidden", "cleared_two_hidden"),
    ("late_no_hidden", "late_one_hidden"),
    ("late_one_hidden", "late_two_hidden"),
    ("no_hidden", "one_hidden"),
    ("one_hidden", "two_hidden"),
    ("no_hidden", "best_one_hidden"),
    ("best_one_hidden", "best_two_hidden"),
    ("best_two_hidden", "three_hidden"),
)


def main(arguments=None):
    """Run from the command line; returns the exit status."""
    return compare.main(NAME, __doc__, NAMES, PAIRS, arguments)


if __name__ == "__main__":
    sys.exit(main())

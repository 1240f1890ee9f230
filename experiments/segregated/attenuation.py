"""Must the apical dendrite be segregated? Apical conductances of 0, 0.05 and 0.6 (P Fig 9B).

    python -m experiments attenuation [--only g_a_0.6 ...]

Expected, with two hidden layers: strong attenuation (0.05 /ms, a twelfth of the basal conductance)
costs next to nothing, weak attenuation (0.6 /ms, as the basal one) clearly harms. The preset
``best-deep``; twenty epochs take about half an hour of one core for each.
"""

from experiments.segregated.settings import BEST_DEEP, PAPER, small
from experiments.study.comparison import compare
from experiments.study.conditions import Condition

STRONG, WEAK = BEST_DEEP | {"g_a": 0.05}, BEST_DEEP | {"g_a": 0.6}
FOUND_STRONG, FOUND_WEAK = (3.3, 3.3), (5.2, 5.2)  # per cent, read off P Fig 9B

CONDITIONS = {
    "g_a_0": Condition("$g_a$ = 0", BEST_DEEP, 20, 3.2, "best_two_hidden"),
    "g_a_0.05": Condition("$g_a$ = 0.05 /ms", STRONG, 20, estimate=FOUND_STRONG),
    "g_a_0.6": Condition("$g_a$ = 0.6 /ms", WEAK, 20, estimate=FOUND_WEAK),
}
PAIRS = (("g_a_0", "g_a_0.05"), ("g_a_0", "g_a_0.6"))
TITLE = "Apical attenuation, two hidden layers, best settings"
page = compare(__name__, __doc__, CONDITIONS, PAIRS, TITLE, paper=PAPER, smoke=small)

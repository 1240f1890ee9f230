"""If soma and dendrite are told opposite things, which of them does plasticity follow?

    python -m experiments burst_conflict

An experiment that nobody has done, with the populations of ``burst_steering``: for 25 s somata of
the second one get 100 pA more, or 100 pA less, or its dendritic synapses are half as strong again,
or little more than half as strong; or two of these at once, that agree or that conflict. After each
all is as usual for 25 s, so that the cells' running averages forget. A rule of rates alone would
follow the soma: where it is driven, pre- and postsynaptic cells fire more. Three seeds.

Expected: weights follow the dendrite, and the soma only says how much. 100 pA move event rates from
4.0 to 7.3 or 1.1 Hz and weights by .5 and -.2 %, dendrites bursts from 4 to 15 or .3 % and weights
by 4.3 and -1.6 %. Where they conflict, weights do what the dendrite is told: 1.6 % up although the
soma is silenced, 2.1 % down although it is driven. Three minutes of processor time.
"""

from experiments.bursts.burst_steering import LESS, MORE, USUAL, over, played
from experiments.study.page import Page
from experiments.study.statistics import summary

SEEDS, SOMA = (1, 2, 3), 100.0  # pA
CONDITIONS = {  # as of ``burst_steering.STRETCHES``
    "soma_up": (0.0, USUAL, SOMA),
    "soma_down": (0.0, USUAL, -SOMA),
    "dendrite_up": (0.0, MORE, 0.0),
    "dendrite_down": (0.0, LESS, 0.0),
    "both_up": (0.0, MORE, SOMA),
    "both_down": (0.0, LESS, -SOMA),
    "soma_up_dendrite_down": (0.0, LESS, SOMA),
    "soma_down_dendrite_up": (0.0, MORE, -SOMA),
}


def stretches():
    """All conditions, and the usual after each."""
    found = {"usual": (0.0, USUAL, 0.0)}
    for name, given in CONDITIONS.items():
        found |= {name: given, f"after_{name}": (0.0, USUAL, 0.0)}
    return found


def study(setting):
    """All seeds."""
    found, rows = {name: [] for name in ("usual", *CONDITIONS)}, []
    for seed in setting.size(SEEDS, SEEDS[:1]):
        bins = list(played(setting, seed, stretches()))
        for name, told in found.items():
            told.append(over(bins, seed, name))
            change, burst_probability, event_rate = told[-1]
            rows.append(
                {
                    "condition": name,
                    "seed": seed,
                    "weight_change": change,
                    "burst_probability": burst_probability,
                    "event_rate": event_rate,
                }
            )
        print(f"seed {seed}: done", flush=True)
    setting.results.write("conflict", rows)
    measures = ("weight_change", "burst_probability", "event_rate")
    told = [
        {"condition": f"conflict_{name}", "measure": measure} | summary(values)
        for name, seeds in found.items()
        for measure, values in zip(measures, zip(*seeds, strict=True), strict=True)
    ]
    setting.results.headline(told, setting.arguments)


page = Page(
    __name__,
    __doc__,
    study,
    title="Soma and dendrite in conflict: which does plasticity follow?",
    trains=False,
)

"""Test errors by the highest rate of cells: the plateau rule, and backpropagation beside it.

    python -m analysis peak_rates

Each network, and their mean.
"""

import matplotlib.pyplot as plt

from analysis.drawing import studies

KINDS = {  # how conditions begin, and whether they are ``*_fast``
    ("plateau", False): "plateaus, learning rates as they are",
    ("plateau", True): "plateaus, higher learning rates",
    ("backprop", False): "backpropagation, learning rates as they are",
    ("backprop", True): "backpropagation, higher learning rates",
}
USUAL = "200"  # Hz: where learning rates are the same


def draw(results):
    """One axes."""
    table = results.table("networks")
    figure, ax = plt.subplots(figsize=(6, 3.6))
    for k, ((rule, higher), label) in enumerate(KINDS.items()):
        found, look = {}, studies.look(k)
        for name in dict.fromkeys(table["condition"]):
            kind, rate, *fast = name.split("_")
            if kind == rule and (rate == USUAL or bool(fast) == higher):
                found[float(rate)] = table.where(condition=name)["test_error"]
        for rate, errors in found.items():
            ax.plot([rate] * len(errors), errors, look["marker"], color=look["color"], mfc="w")
        places = sorted(found)
        ax.plot(
            places, [found[rate].mean() for rate in places], color=look["color"],
            linestyle=look["line"],
        )  # fmt: skip
        ax.plot(
            [], [], color=look["color"], linestyle=look["line"], marker=look["marker"], mfc="w",
            label=label,
        )  # fmt: skip
    ax.set(xlabel="highest rate of cells (Hz)", ylabel="test error (%)")
    ax.set(xscale="log", yscale="log")
    ax.set_xticks([50, 100, 200], ["50", "100", "200"])
    ax.set_yticks([2, 5, 10, 20, 50], ["2", "5", "10", "20", "50"])
    ax.minorticks_off()
    ax.legend()
    return figure

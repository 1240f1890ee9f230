"""The best that optimisers find, and the test errors of networks with it.

    python -m analysis tuning

Left and middle: the best accuracy so far of each optimiser, median and range of its seeds, against
evaluations and CPU time. Right: test errors of networks trained with the best settings of each, and
with those that the search began from.
"""

import matplotlib.pyplot as plt
import numpy as np

from analysis.drawing import studies

SAMPLERS = {"tpe": "TPE", "gp": "Gaussian process, UCB"}
NETWORKS = {"usual": "as they are", "tuned_tpe": "tuned by TPE", "tuned_gp": "tuned by\nGP-UCB"}


def draw(results):
    """Three panels."""
    figure, (by_count, by_time, tested) = plt.subplots(1, 3, figsize=(10, 3.6))
    if results.has("trials"):
        _searches(results.table("trials"), by_count, by_time)
    _networks(results.table("networks"), tested)
    handles, labels = by_count.get_legend_handles_labels()
    if handles:
        figure.legend(handles, labels, loc="outside lower center", ncols=2)
    return figure


def _searches(table, by_count, by_time):
    for k, (name, label) in enumerate(SAMPLERS.items()):
        own = table.where(sampler=name)
        seeds = np.unique(own["seed"])
        if not len(seeds):
            continue
        runs, spent, counts = [], [], []
        for seed in seeds:
            one = own.where(seed=seed)
            values = np.where(one["pruned"] == "True", np.nan, 100 * one["accuracy"])
            runs.append(values)
            spent.append(np.cumsum(one["cpu_seconds"]) / 60)
            counts.append(np.arange(1, len(values) + 1))
        for ax, at in ((by_count, counts), (by_time, spent)):
            studies.plot_best(runs, at, ax, f"{label} ({len(seeds)} seeds)", **studies.look(k))
    by_count.set_xlabel("evaluations")
    by_time.set(xlabel="CPU minutes", ylabel="")


def _networks(table, ax):
    there = [name for name in NETWORKS if name in table["condition"]]
    for k, name in enumerate(there):
        errors = table.where(condition=name)["test_error"]
        ax.plot(np.full(len(errors), k), errors, "o", color="C0", mfc="white")
        ax.plot([k - 0.25, k + 0.25], [errors.mean()] * 2, color="C1", linewidth=2)
    ax.set_xticks(range(len(there)), [NETWORKS[name] for name in there])
    ax.set(ylabel="test error (%)", xlim=(-0.6, len(there) - 0.4))

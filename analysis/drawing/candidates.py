"""Errors of candidate settings on training images held out: the test set plays no part in it."""

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.ticker import MaxNLocator

from analysis.drawing import conditions
from analysis.drawing.axes import logarithmic
from analysis.drawing.conditions import LINES, MARKERS
from analysis.measures import MEASURES


def draw(results):
    """Curves of the candidates."""
    drawing = conditions.draw(results)
    drawing.axes[0].set_ylabel(MEASURES["validation_error"].text)
    return drawing


def plot_candidates(epochs, errors, texts, ax, chosen=()):
    """One line for each candidate, from the best to the worst in the legend; returns the axes.

    ``epochs``, ``errors`` (per cent) and ``texts`` are by candidate; those ``chosen`` stand out.
    """
    ranked = sorted(errors, key=lambda name: errors[name][-1])
    for k, name in enumerate(ranked):
        label = f"{errors[name][-1]:.2f}  {texts[name]}"
        style = {"color": f"C{k % 9}", "linestyle": LINES[k % len(LINES)]}
        style |= {"marker": MARKERS[k % len(MARKERS)], "linewidth": 2.5 if name in chosen else 1}
        ax.plot(epochs[name], errors[name], label=label, **style)
    logarithmic(ax, *errors.values())
    ax.set(xlabel="epochs", ylabel="error on held-out images (%)")
    ax.xaxis.set_major_locator(MaxNLocator(integer=True))
    ax.legend(loc="center left", bbox_to_anchor=(1, 0.5), fontsize="small", handlelength=4)
    for name, text in zip(ranked, ax.get_legend().get_texts(), strict=True):
        text.set_weight("bold" if name in chosen else "normal")
    return ax


def draw_ranked(results):
    """Curves of many candidates, from the best to the worst, with their last errors."""
    page, curves = results.page(), results.table("curves")
    epochs, errors, texts = {}, {}, {}
    for name, about in page["conditions"].items():
        own = curves.where(condition=name)
        if len(own["epoch"]):
            order = np.argsort(own["epoch"])
            epochs[name], errors[name] = own["epoch"][order], own["test_error"][order]
            texts[name] = about["label"]
    drawing, ax = plt.subplots(figsize=(7.4, max(3.4, 0.6 + 0.21 * len(errors))))
    plot_candidates(epochs, errors, texts, ax)
    drawing.suptitle(page["title"])
    return drawing

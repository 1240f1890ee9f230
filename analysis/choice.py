"""Errors on held-out training images of the settings that were tried.

python -m analysis.choice [--results DIR]
"""

import sys

import matplotlib.pyplot as plt
import numpy as np

from analysis.command import figure
from analysis.learning_curve import logarithmic

NAME = "choice"
USUAL_MS = 50  # forward phase


def plot_candidates(epochs, errors, texts, ax):
    """One line for each candidate, named where it ends; returns the axes.

    Parameters
    ----------
    epochs, errors : dict
        Candidate -> ndarray; errors in per cent.
    texts : dict
        Candidate -> what it is.
    ax : Axes
    """
    ranked = sorted(errors, key=lambda name: errors[name][-1])
    for k, name in enumerate(ranked):
        label = f"{errors[name][-1]:.2f}  {texts[name]}"
        style = {"color": f"C{k % 7}", "linestyle": ("-", "--", ":")[k // 7 % 3]}
        ax.plot(epochs[name], errors[name], label=label, marker="os^D"[k % 4], **style)
    logarithmic(ax, *errors.values())
    ax.set(xlabel="epochs", ylabel="error on held-out images (%)")
    return ax


def draw(results):
    """A panel for each depth; the legend gives the last error and the settings."""
    table = results.table("candidates")
    sizes = np.unique(table["layers"])
    figure, axes = plt.subplots(len(sizes), 1, figsize=(7.4, 3.6 * len(sizes)), squeeze=False)
    for size, ax in zip(sizes, axes[:, 0], strict=True):
        epochs, errors, texts = {}, {}, {}
        for name in np.unique(table["candidate"][table["layers"] == size]):
            mine = np.flatnonzero(table["candidate"] == name)
            mine = mine[np.argsort(table["epoch"][mine])]
            epochs[name], errors[name] = table["epoch"][mine], table["validation_error"][mine]
            texts[name] = _settings({key: column[mine[0]] for key, column in table.items()})
        plot_candidates(epochs, errors, texts, ax)
        ax.set_title(f"layers {size}")
        ax.legend(loc="center left", bbox_to_anchor=(1, 0.5), fontsize="small")
    return figure


def _settings(row):
    """The settings of a candidate in a line."""
    how = "backprop" if row["rule"] == "backprop" else f"feedback {row['feedback']}"
    late = row.get("forward_ms", USUAL_MS) > USUAL_MS
    when = f", forward {row['forward_ms']:g} ms" if late else ""
    return f"$\\eta$ {row['eta']} (x {row['decay']:g} an epoch), {how}, width {row['init']}{when}"


def main(arguments=None):
    """Run from the command line; returns the exit status."""
    return figure(NAME, draw, arguments)


if __name__ == "__main__":
    sys.exit(main())

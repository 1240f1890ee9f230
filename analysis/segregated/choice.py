"""Errors on held-out training images of the settings that were tried.

    python -m analysis choice

In bold, those that were chosen: for the presets ``best``, and for the networks with an early
plateau.
"""

import matplotlib.pyplot as plt
import numpy as np

from analysis.drawing.candidates import plot_candidates
from analysis.segregated import EARLY

USUAL_MS = 50  # forward phase
CHOSEN = {  # candidate -> what it was chosen for
    "one": EARLY,
    "two": EARLY,
    "one_late_feedback_4": "preset best",
    "two_late_feedback_4": "preset best-deep",
}


def draw(results):
    """A panel for each depth; the legend gives the last error and the settings."""
    table = results.table("candidates")
    sizes = np.unique(table["layers"])
    figure, axes = plt.subplots(len(sizes), 1, figsize=(7.4, 3 * len(sizes)), squeeze=False)
    for size, ax in zip(sizes, axes[:, 0], strict=True):
        epochs, errors, texts = {}, {}, {}
        for name in np.unique(table.where(layers=size)["candidate"]):
            mine = table.where(candidate=name)
            order = np.argsort(mine["epoch"])
            epochs[name], errors[name] = mine["epoch"][order], mine["validation_error"][order]
            texts[name] = _settings({key: column[0] for key, column in mine.items()})
            if name in CHOSEN:
                texts[name] += f"\n          chosen: {CHOSEN[name]}"
        plot_candidates(epochs, errors, texts, ax, CHOSEN)
        ax.set_title(f"layers {size}")
    return figure


def _settings(row):
    """The settings of a candidate in a line."""
    how = "backprop" if row["rule"] == "backprop" else f"feedback {row['feedback']}"
    late = row.get("forward_ms", USUAL_MS) > USUAL_MS
    when = f", forward {row['forward_ms']:g} ms" if late else ""
    return f"$\\eta$ {row['eta']} (x {row['decay']:g} an epoch), {how}, width {row['init']}{when}"

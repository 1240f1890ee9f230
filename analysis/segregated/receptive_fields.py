"""Do local learning and backpropagation find the same receptive fields (P Fig 7B, C)?

    python -m analysis receptive_fields

Upper panels: weights from the image of the first hidden cells of a network that learned locally,
and beside them, each in the same place, the most similar cell of a network that learned by
backpropagation from another seed. Each field is scaled to its own greatest weight; pixels that no
training image lights are left white, and out of all comparisons. Lower panel: how the correlation
of all local fields with their most similar field is distributed, and its mean; and controls.
"""

import matplotlib.pyplot as plt
import numpy as np

COMPARISONS = {  # column -> label, colour
    "backprop": ("backpropagation's", "C0"),
    "others": ("other local fields", "C2"),
    "turned": ("backpropagation's, turned by 90°", "C4"),
    "untrained": ("before training", "C6"),
    "shuffled": ("backpropagation's, pixels shuffled", "C6"),
}
GAP = 1  # pixels between fields


def mosaic(fields, lit):
    """Square fields side by side, in as many rows as columns, each divided by its largest value.

    ``fields`` has shape (cells, pixels), ``lit`` (pixels,); nan between fields and where not lit.
    """
    side, rows = (int(np.ceil(np.sqrt(n))) for n in (fields.shape[1], len(fields)))
    scaled = np.where(lit, fields, np.nan)
    scaled /= np.nanmax(np.abs(scaled), axis=1, keepdims=True)
    whole = np.full((rows * rows, side + GAP, side + GAP), np.nan)
    whole[: len(fields), :side, :side] = scaled.reshape(-1, side, side)
    whole = whole.reshape(rows, rows, side + GAP, side + GAP).swapaxes(1, 2)
    return whole.reshape(rows * (side + GAP), rows * (side + GAP))[:-GAP, :-GAP]


def plot_fields(fields, lit, ax):
    """Receptive fields as a ``mosaic``, blue below and red above zero; returns the axes."""
    ax.imshow(mosaic(fields, lit), cmap="RdBu_r", vmin=-1, vmax=1, interpolation="nearest")
    ax.set_axis_off()
    return ax


def plot_correlations(r, place, ax, color="C0"):
    """How Pearson's r of cells, shape (cells,), is distributed, and its mean; returns the axes."""
    counts, edges = np.histogram(r, bins=np.linspace(-1, 1, 201))
    half = 0.42 * counts / counts.max()
    ax.stairs(place - half, edges, baseline=place + half, fill=True, color=color)
    ax.plot(r.mean(), place, "|", color="white", markersize=7, markeredgewidth=2)
    right = ax.get_yaxis_transform()
    ax.text(1, place, f"{r.mean():.2f}", transform=right, ha="right", va="center")
    return ax


def draw(results):
    """Receptive fields of local learning and of backpropagation, and how similar they are."""
    table, similar = results.table("fields"), results.table("similarity")
    lit = table["lit"] > 0
    figure = plt.figure(figsize=(6.7, 5.6))
    upper, lower = figure.subfigures(2, 1, height_ratios=(3, 2))
    images = upper.subplots(1, 2)
    titles = {"local": "local learning", "backprop": "backpropagation: the most similar fields"}
    for ax, (kind, title) in zip(images, titles.items(), strict=True):
        fields = np.array([table[key] for key in table if key.startswith(f"{kind}_")])
        plot_fields(fields, lit, ax).set_title(title)
    bar = upper.colorbar(images[0].images[0], ax=images, ticks=(-1, 0, 1), shrink=0.7)
    bar.set_label("weight, of the field's largest")
    ax = lower.subplots()
    here = similar["pixels"] == "lit"
    for place, (name, (_, color)) in enumerate(COMPARISONS.items()):
        plot_correlations(similar[name][here], place, ax, color)
    ax.set_yticks(range(len(COMPARISONS)), [label for label, _ in COMPARISONS.values()])
    ax.invert_yaxis()
    ax.set_xlabel("correlation $r$ of each local field with the most similar of these")
    ax.set_xlim(min(0, similar["shuffled"].min()), 1)
    return figure

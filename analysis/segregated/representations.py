"""Do classes come apart on the way up (P Fig 6C)?

    python -m analysis representations

Three scatter plots: a t-SNE embedding of the activity of the input and of both hidden layers, a dot
for each test image, coloured by its class; the digit stands where the class is densest. Fourth
panel: per cent of images whose nearest neighbours are mostly of their own class, by layer, before
and after training.
"""

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.patheffects import withStroke

# Paul Tol's "muted" colours, which stay apart for colour-blind readers, and black. Digits that look
# alike (4 and 9, 3, 5 and 8, 1 and 7) are far apart in lightness or hue.
COLORS = ("#88ccee", "#882255", "#999933", "#332288", "#117733", "#ddcc77", "#aa4499", "#44aa99")
COLORS += ("#cc6677", "#000000")
TITLES = {"input": "input", "hidden_0": "hidden layer 0", "hidden_1": "hidden layer 1"}


def plot_embedding(places, labels, ax):
    """A dot for each image, and each class's name where it is densest; returns the axes.

    ``places`` has shape (images, 2), in no unit; ``labels`` (images,) are classes, 0 to 9.
    """
    for label in np.unique(labels):
        own = places[labels == label]
        ax.plot(*own.T, ".", color=COLORS[label], markersize=1.2, rasterized=True)
        style = {"ha": "center", "va": "center", "weight": "bold", "size": "x-large"}
        style |= {"path_effects": [withStroke(linewidth=2.5, foreground="white")]}
        ax.annotate(str(label), densest(own), color=COLORS[label], **style)
    ax.set(xticks=[], yticks=[])
    ax.set_aspect("equal", adjustable="datalim")
    ax.spines[:].set_visible(False)
    return ax


def densest(points, share=0.3):
    """The point that has a share of all points, shape (points, 2), in the smallest circle."""
    squares = np.sum(points**2, axis=1)
    distances = squares[:, None] + squares - 2 * points @ points.T
    near = np.partition(distances, int(share * (len(points) - 1)), axis=1)
    return points[near[:, int(share * (len(points) - 1))].argmin()]


def draw(results):
    """Embeddings of the input and of both hidden layers, and the purity of neighbours."""
    shown, scores = results.table("embedding"), results.table("accuracy")
    labels = shown["label"].astype(int)
    figure, axes = plt.subplots(2, 2, figsize=(6.7, 7))
    rows = {layer: k for k, layer in enumerate(scores["layer"])}
    for ax, (layer, title) in zip(axes.flat, TITLES.items(), strict=False):
        places = np.column_stack([shown[f"{layer}_x"], shown[f"{layer}_y"]])
        cells, plane = (
            scores[measure][rows[layer]] for measure in ("knn_accuracy", "knn_accuracy_embedding")
        )
        purity = f"neighbours agree: {cells:.1f} % (in the plane {plane:.1f} %)"
        plot_embedding(places, labels, ax).set_title(f"{title}\n{purity}")
    images, dimensions, perplexity, near = (
        f"{scores[key][0]:,.0f}" for key in ("images", "dimensions", "perplexity", "neighbours")
    )
    figure.suptitle(
        f"t-SNE of {images} test images ({len(labels):,} shown), from {dimensions} principal "
        f"components, perplexity {perplexity}"
    )
    ax = axes[1, 1]
    for prefix, when, color in (("", "trained", "C0"), ("untrained_", "before training", "C1")):
        chosen = [rows.get(f"{prefix}{layer}", rows["input"]) for layer in TITLES]
        for measure, where, style in (
            ("knn_accuracy", "all cells", "-"),
            ("knn_accuracy_embedding", "embedding", "--"),
        ):
            line = {"color": color, "linestyle": style, "label": f"{when}, {where}"}
            ax.plot(list(TITLES), scores[measure][chosen], "o", **line)
    ax.set_xticks(range(len(TITLES)), TITLES.values())
    ax.set_ylabel(f"{near} nearest neighbours agree (% of images)")
    ax.margins(x=0.12)
    ax.legend()
    return figure

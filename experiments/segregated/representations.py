"""Do classes come apart on the way up (P Fig 6C)?

    python -m experiments representations

Activity of the input (pixels) and of both hidden layers (mean rates of a test's forward phase) over
the test images, in a trained network of two hidden layers: embedded in a plane by t-SNE, and scored
by how often an image's nearest neighbours are of its own class. The same network before training is
the control.

Expected: clusters that are purer in each layer than in the one below. The paper gives no
perplexity. Sixty epochs of training take about an hour of one core, the rest about ten minutes.
"""

import numpy as np
from sklearn.decomposition import PCA
from sklearn.manifold import TSNE
from sklearn.neighbors import NearestNeighbors
from threadpoolctl import threadpool_limits

from experiments.segregated.settings import BEST_DEEP, small
from experiments.study import observe
from experiments.study.page import Page

NETWORK, EPOCHS = "best_two_hidden", 60
DIMENSIONS = 50  # principal components that t-SNE is given
PERPLEXITY = 30
NEIGHBOURS = 5
SHOWN = 5000  # images in the figure


def knn_accuracy(points, labels, k=NEIGHBOURS):
    """Per cent of points whose k nearest neighbours are mostly of their own class.

    A point is not its own neighbour (leave-one-out); where classes have as many neighbours, the
    nearer ones decide. ``points`` has shape (points, dimensions), ``labels`` are classes from 0.
    """
    near = NearestNeighbors(n_neighbors=k, algorithm="brute").fit(points)
    neighbours = labels[near.kneighbors(return_distance=False)]
    weight = 1 + np.linspace(0.1, 0, k) / k  # only ever decides between equal numbers
    votes = (neighbours[:, :, None] == np.arange(labels.max() + 1)) * weight[:, None]
    return float(100 * np.mean(votes.sum(axis=1).argmax(axis=1) == labels))


def embed(activity, perplexity=PERPLEXITY, seed=0):
    """A t-SNE embedding of activity, (images, cells), from its principal components: (images, 2).

    ``perplexity`` is the effective number of neighbours.
    """
    if min(activity.shape) > DIMENSIONS:
        activity = PCA(DIMENSIONS, random_state=seed).fit_transform(activity)
    tsne = TSNE(perplexity=perplexity, init="pca", random_state=seed)
    with threadpool_limits(1):  # in one order, so the same picture each time
        return tsne.fit_transform(activity.astype(np.float32))


def activity(run, state, seed):
    """Mean rates (Hz) of each hidden layer over the test images, shape (images, cells)."""
    data = run.data
    cells = observe.answers(
        run, state, data.test_images, data.test_labels, ("averages",), learning=False, seed=seed
    )
    return {f"hidden_{m}": cells[f"hidden_{m}", "phi_bar"] for m in range(run.network.depth)}


def study(setting):
    """Embed the layers of the trained network, and score them before and after training."""
    seed = setting.one_seed("one network is embedded, so give one seed")
    network = setting.trained(NETWORK, BEST_DEEP, setting.epochs or EPOCHS)
    run = network.run
    labels, perplexity = run.data.test_labels, setting.size(PERPLEXITY, 3)
    before = run.folder.state("epoch_000.npz").state
    layers = {"input": run.data.test_images} | activity(run, network.state, seed)
    layers |= {f"untrained_{m}": rates for m, rates in activity(run, before, seed).items()}
    every = max(1, len(labels) // setting.size(SHOWN, 5))
    shown = {"label": labels[::every]}
    scores = []
    for name, points in layers.items():
        print(f"{name}: t-SNE", flush=True)
        places = embed(points, perplexity, seed)
        scores.append([knn_accuracy(points, labels), knn_accuracy(places, labels)])
        if not name.startswith("untrained"):
            for axis, column in zip("xy", places.T, strict=True):
                shown[f"{name}_{axis}"] = np.round(column[::every].astype(float), 1)
    setting.results.write("embedding", shown)
    _write_scores(setting, network, layers, np.array(scores), perplexity)


def _write_scores(setting, network, layers, scores, perplexity):
    """Accuracy of neighbours of each layer, in its own space and in the embedding."""
    images, table, headlines = len(network.run.data.test_labels), [], []
    for (layer, points), pair in zip(layers.items(), np.round(scores, 2), strict=True):
        found = dict(zip(("knn_accuracy", "knn_accuracy_embedding"), pair, strict=True))
        row = {"layer": layer, "cells": points.shape[1]} | found
        row |= {"neighbours": NEIGHBOURS, "images": images}
        row |= {"dimensions": min(DIMENSIONS, *points.shape), "perplexity": perplexity}
        table.append(row | {"seed": setting.seeds[0]})
        about = {"condition": layer, "epochs": 0 if "untrained" in layer else network.epochs}
        for measure, value in found.items():
            headlines.append(about | {"measure": measure, "value": value, "n": images})
    setting.results.write("accuracy", table)
    setting.results.headline(headlines, setting.arguments)


page = Page(__name__, __doc__, study, smoke=small)

"""The usual network beside ours: a ReLU multilayer perceptron by backpropagation (scikit-learn).

Lange's settings: one hidden layer, Adam at 1e-3, mini-batches of 100, cross-entropy.
"""

import numpy as np
from sklearn.neural_network import MLPClassifier

RATE, BATCH = 1e-3, 100


def train(data, hidden, epochs, seed, every=None):
    """Train, and stop now and then.

    Parameters
    ----------
    data : Dataset
    hidden : tuple of int
    epochs, seed : int
    every : int, optional
        Images between stops; default: an epoch.

    Yields
    ------
    images : int
        That were learned from.
    network : MLPClassifier
        ``coefs_`` are its weights.
    """
    size = len(data.train_labels)
    every, classes = min(every or size, size), np.arange(data.classes)
    network = MLPClassifier(
        hidden, activation="relu", solver="adam", alpha=0.0, batch_size=min(BATCH, every),
        learning_rate_init=RATE, shuffle=False, random_state=seed,
    )  # fmt: skip
    for epoch in range(epochs):
        order = np.random.default_rng([seed, epoch]).permutation(size)
        for start in range(0, size, every):
            places = order[start : start + every]
            network.partial_fit(
                data.train_images[places], data.train_labels[places], classes=classes
            )
            yield epoch * size + start + len(places), network

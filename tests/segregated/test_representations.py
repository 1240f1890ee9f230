"""How pure a layer's clusters are, and where they are drawn."""

import numpy as np
import pytest
from scipy.special import expit

from analysis.segregated.representations import densest
from experiments.run import loop as training
from experiments.run.config import Config
from experiments.segregated import representations
from experiments.segregated.representations import embed, knn_accuracy
from models.engine import device


@pytest.fixture
def clouds():
    """Three clouds of 20 points in 60 dimensions, far apart: points and classes."""
    rng = np.random.default_rng(0)
    labels = np.arange(60) % 3
    return rng.normal(size=(60, 60)) + 20 * rng.normal(size=(3, 60))[labels], labels


def test_neighbours_in_clusters_are_of_one_class_and_by_chance_they_are_not(clouds):
    points, labels = clouds
    assert knn_accuracy(points, labels) == 100
    shuffled = np.random.default_rng(1).permutation(labels)
    assert 10 < knn_accuracy(points, shuffled) < 60


def test_a_point_is_not_its_own_neighbour():
    line = np.array([[0.0], [1], [10], [11]])
    assert knn_accuracy(line, np.array([0, 1, 0, 1]), k=1) == 0
    assert knn_accuracy(line, np.array([0, 0, 1, 1]), k=1) == 100


def test_among_as_many_neighbours_of_two_classes_the_nearer_decide():
    labels = np.array([1, 1, 0])
    np.testing.assert_allclose(knn_accuracy(np.array([[0.0], [1], [-2]]), labels, k=2), 200 / 3)
    np.testing.assert_allclose(knn_accuracy(np.array([[0.0], [2], [-1]]), labels, k=2), 100 / 3)


def test_an_embedding_keeps_clusters_apart_and_is_the_same_each_time(clouds):
    points, labels = clouds
    one, again = (embed(points, perplexity=5, seed=2) for _ in range(2))
    assert one.shape == (60, 2)
    assert knn_accuracy(one, labels) == 100
    np.testing.assert_array_equal(one, again)


def test_a_digit_is_written_where_its_class_is_densest():
    rng = np.random.default_rng(0)
    small, large = rng.normal(size=(20, 2)) + 50, rng.normal(size=(80, 2))
    assert np.linalg.norm(densest(np.concatenate([small, large]))) < 1


def test_the_activity_of_a_layer_is_the_rate_of_each_cell_for_each_test_image():
    device.interpret()
    config = Config.of(layers=(4, 3, 10), test_examples=5, test_ms=60.0, device="runtime")
    run = training.Run(config, None)
    images = run.data.test_images.copy()
    images[:], images[3] = 0, 1  # darkness, but for the fourth
    run.data = run.data._replace(test_images=images)
    held = {name: 0 * values for name, values in run.network.start(1).items()}
    held["b_0"][:], held["b_1"][:] = [-2, -1, 0, 1], [0.5, 1, 2]
    held["W_0"][:, 0] = 5.0
    rates = representations.activity(run, held, seed=0)
    k_b = 0.6 / 0.7
    expected = 200 * expit(k_b * np.array([-2, -1, 0, 1]))
    np.testing.assert_allclose(
        rates["hidden_0"][[0, 1, 2, 4]], np.tile(expected, (4, 1)), rtol=1e-6
    )
    np.testing.assert_allclose(rates["hidden_0"][3, 1:], expected[1:], rtol=1e-6)
    assert rates["hidden_0"][3, 0] > 190
    expected = 200 * expit(k_b * np.array([0.5, 1, 2]))
    np.testing.assert_allclose(rates["hidden_1"], np.tile(expected, (5, 1)), rtol=1e-6)

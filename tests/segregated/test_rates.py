"""Cells that tell of changes of rate, beside a page of NumPy that computes the same network."""

import numpy as np
import pytest

from experiments.run.config import Config
from experiments.run.loop import Run
from experiments.study import dynamics
from models.theory import Inputs

G_L, G_B, G_D, PHI, ETA = 0.1, 0.6, 0.6, 0.2, 0.21  # 1/ms; rates in 1/ms
INPUTS, HIDDEN, CLASSES = 9, 6, 3


def sigma(V):
    return 1 / (1 + np.exp(-V))


def learned(state, images, labels):
    """The state after some images: potentials in mV, weights in mV ms."""
    s = {name: value.astype(float).copy() for name, value in state.items()}
    k_b, k_d = G_B / (G_L + G_B), G_D / (G_L + G_D)
    answers = []
    for image, label in zip(images, labels, strict=True):
        x = PHI * image
        V = k_b * (x @ s["W_0"] + s["b_0"])
        phi = PHI * sigma(V)
        V_b = phi @ s["W_1"] + s["b_1"]
        V_out = k_d * V_b
        E = np.where(np.arange(CLASSES) == label, 8.0, -8.0)
        taught = PHI * sigma((G_D * V_b + E) / (G_L + G_D + 1))
        alpha_f = sigma(PHI * sigma(V_out) @ s["Y_0"])
        alpha_t = sigma(taught @ s["Y_0"])
        slope, slope_out = (sigma(v) * (1 - sigma(v)) for v in (V, V_out))
        hidden = ETA * 20 * k_b * (alpha_t - alpha_f) * slope
        out = ETA * 20 / PHI * k_d * (taught - PHI * sigma(V_out)) * slope_out
        s["W_0"] += np.outer(x, hidden)
        s["b_0"] += hidden
        s["W_1"] += np.outer(phi, out)
        s["b_1"] += out
        answers.append(V_out)
    return s, np.array(answers)


@pytest.fixture(scope="module")
def network(cache):
    layers = (HIDDEN, CLASSES)
    return Config.of(variant="rates", layers=layers, eta=(ETA,)).network(INPUTS, CLASSES)


@pytest.fixture(scope="module")
def shown():
    rng = np.random.default_rng(3)
    images = rng.random((4, INPUTS)) * (rng.random((4, INPUTS)) < 0.7)
    return images, np.array([0, 2, 1, 2])


def test_images_teach_what_numpy_says(network, shown):
    images, labels = shown
    program, start = network.program(4), network.start(1)
    out = program.run(Inputs(images, labels, start | network.rates(0), seed=1))
    expected, answers = learned(start, images, labels)
    for name, value in expected.items():
        np.testing.assert_allclose(out.state[name], value, rtol=1e-9, err_msg=name)
    np.testing.assert_allclose(out.answers, answers, rtol=1e-9)
    assert not np.allclose(out.state["W_0"], start["W_0"])


def test_a_test_answers_the_same_and_teaches_nothing(network, shown):
    images, labels = shown
    program, start = network.program(4, learning=False), network.start(1)
    out = program.run(Inputs(images[:1], labels[:1], start, seed=1, learns=False))
    np.testing.assert_allclose(out.answers, learned(start, images[:1], labels[:1])[1], rtol=1e-9)


def test_looks_at_weights_follow_the_training_itself(cache):
    about = {"variant": "rates", "layers": (HIDDEN, 10), "train_examples": 20, "chunk": 10}
    about |= {"test_examples": 10, "precision": "double", "quick_examples": 0, "epochs": 2}
    runs = [Run(Config.of(about, rule=rule)) for rule in ("plateau", "backprop")]
    rows = list(dynamics.follow(runs[0], 2, runs[1]))
    of = {layer: [row for row in rows if row["layer"] == layer] for layer in ("W_0", "W_1")}
    assert [row["images"] for row in of["W_0"]] == [0, 10, 20, 30, 40]
    for own in of.values():
        assert own[0]["growth"] == 1 and np.isnan(own[0]["change"])
        for row in own[1:]:
            assert row["growth"] == pytest.approx(row["norm"] / own[0]["norm"])
            assert row["change"] > 0 and row["update_change"] > 0
    assert of["W_1"][0]["angle"] < 45  # the output's rule is the same, hidden cells soon are not
    assert of["W_0"][0]["angle"] > 45  # random feedback knows nothing yet
    own = runs[0]
    state = own.network.start(own.config.seed)
    for epoch in range(2):
        for chunk in range(2):
            state = own.learner.run(own.inputs(state, epoch, chunk)).state
    assert of["W_0"][-1]["norm"] == pytest.approx(np.linalg.norm(state["W_0"]))

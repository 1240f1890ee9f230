"""Credit: backpropagation is at no angle to itself, and what teaches nothing has none."""

import numpy as np
import pytest

from experiments.run.config import Config
from experiments.study.credit import Credit, alignment
from models import theory as theories
from models.engine import device
from models.measures import SLOPES, descents

HOW = {"device": "runtime", "precision": "double"}


def angles(digits, images=20, **options):
    device.interpret()
    config = Config.of({"layers": (12, 10)} | options)
    network = config.network(64, 10)
    credit = Credit(network, theories.find(config.theory).equivalent, images, HOW)
    shown = digits.train_images[:images].astype(float), digits.train_labels[:images]
    return credit.angles(*shown, network.start(1), seed=3)


def test_backpropagation_is_at_no_angle_to_itself(digits):
    assert angles(digits, theory="backprop", layers=(12, 8, 10)) == pytest.approx(
        [0, 0, 0], abs=1e-4
    )


def test_random_feedback_begins_at_a_right_angle_and_its_output_at_none(digits):
    lower, upper = angles(digits, theory="backprop", feedback="random", layers=(200, 10))
    assert 70 < lower < 110 and upper == pytest.approx(0, abs=1e-4)


def test_what_learns_nothing_has_no_angle(digits):
    assert np.isnan(angles(digits, theory="backprop", eta=(0.0,))).all()


def test_a_network_of_spikes_is_measured_by_its_rates(digits):
    lower, upper = angles(digits, theory="segregated", images=8, layers=(30, 10), centre=True)
    assert 45 < lower < 135 and upper < 30


@pytest.mark.parametrize("output", ["logistic", "softmax"])
def test_descents_are_those_of_finite_differences(output):
    rng = np.random.default_rng(1)
    x, target = rng.random((3, 4)), rng.random((3, 2))
    target /= target.sum(axis=1, keepdims=True)
    W = [rng.standard_normal((4, 5)), rng.standard_normal((5, 2))]

    def rates(W):
        hidden = 1 / (1 + np.exp(-x @ W[0]))
        drive = np.exp(hidden @ W[1])
        last = drive / (1 + drive) if output == "logistic" else drive / drive.sum(1, keepdims=True)
        return [x, hidden, last]

    def loss(W):
        last = rates(W)[-1]
        if output == "softmax":
            return -np.mean(np.sum(target * np.log(last), axis=1))
        return np.mean(np.sum((target - last) ** 2, axis=1)) / 2

    found = descents(rates(W), W, target, "logistic", output)
    for k, (values, own) in enumerate(zip(W, found, strict=True)):
        for place in np.ndindex(values.shape):
            moved = [w.copy() for w in W]
            moved[k][place] += 1e-6
            assert -(loss(moved) - loss(W)) / 1e-6 == pytest.approx(own[place], abs=1e-5)


def test_feedback_weights_lie_beside_the_way_up_that_they_stand_for():
    rng = np.random.default_rng(2)
    W = {f"W_{k}": rng.standard_normal(s) for k, s in enumerate([(5, 4), (4, 3), (3, 2)])}
    above = {"Y_0": W["W_1"].T, "Y_1": -W["W_2"].T}
    assert alignment(W | above, ("Y",)) == {
        0: pytest.approx(0, abs=1e-5), 1: pytest.approx(180, abs=1e-5)
    }  # fmt: skip
    output = {"Y_0": (W["W_1"] @ W["W_2"]).T, "Y_1": rng.standard_normal((9, 3))}
    assert alignment(W | output, ("Y",)) == {0: pytest.approx(0, abs=1e-5)}
    assert alignment(W | output, ()) == {}


def test_each_theory_that_has_a_network_of_rates_names_what_there_is():
    for name in theories.names():
        theory = theories.find(name)
        if theory.equivalent is None:
            continue
        config = Config.of(theory.presets["digits"] | {"theory": name})
        records = config.network(64, 10).records
        assert any(theory.equivalent.variable in names for names in records.values())
        assert {theory.equivalent.hidden, theory.equivalent.output} <= SLOPES.keys()

"""What the pages on target propagation measure: layers, eigenvalues, passes; and falling rates."""

import numpy as np
import pytest

from analysis.target_propagation.layers import over_seeds
from experiments.measures import largest_eigenvalue
from experiments.run import loop
from experiments.run.config import Config
from experiments.run.folder import RunFolder
from experiments.study.comparison import curve
from experiments.study.conditions import Condition
from experiments.study.page import Trained
from experiments.study.results import Results
from experiments.target_propagation import layerwise, targets_mnist, targets_rates, targets_small
from models import theory
from models.target_propagation import layers
from models.target_propagation.network import passes
from models.theory import Inputs

TP = theory.find("target_propagation")
FEW = {
    "theory": "target_propagation",
    "layers": (9, 8, 7, 10),
    "batch": 10,
    "updates": "alternating",
}
FEW |= {"train_examples": 40, "test_examples": 30, "quick_examples": 0, "device": "runtime"}
TURNS = Condition("turns", {}, 4, each=2)


@pytest.fixture(scope="module", params=["dtp", "sdtp", "fa", "bp"])
def network(request, tmp_path_factory):
    """A small network on the digits after four epochs."""
    config = Config.of(FEW | {"mode": request.param, "epochs": 4})
    run = loop.Run(config, RunFolder(tmp_path_factory.mktemp("pages") / "run"))
    run.train(*run.start())
    return Trained(run, run.folder.state("epoch_004.npz").state, 4)


def test_passes_are_counted_and_not_the_epochs_in_which_inverses_learn(network, tmp_path):
    found = dict(layerwise.states(network, TURNS))
    assert list(found) == [0, 1, 2]
    for done, state in found.items():
        there = network.run.folder.state(f"epoch_{2 * done:03d}.npz").state
        assert there["W_0"].tobytes() == state["W_0"].tobytes()
    assert [done for done, _ in layerwise.states(network, TURNS, (0,))] == [0, 2]  # and the end
    results = Results("theory", "page", tmp_path)
    curve(results, "turns", 1, network, TURNS)
    rows = [r for r in network.run.folder.metrics() if r["test_error"] is not None]
    table = results.table("curves")
    assert table["epoch"].tolist() == [1, 2]
    assert table["test_error"] == pytest.approx([rows[1]["test_error"], rows[3]["test_error"]])
    cpu = sum(row["cpu_seconds"] for row in network.run.folder.metrics())
    assert table["cpu_seconds"][-1] == pytest.approx(cpu, rel=1e-4)


def test_a_pass_that_was_begun_counts():
    assert [TURNS.passes(epochs) for epochs in (0, 1, 2, 3)] == [0, 1, 1, 2]
    assert TURNS.described()["epochs"] == 2 and Condition("all", {}, 4).described()["epochs"] == 4


def test_what_is_measured_of_a_layer_is_the_mean_over_test_images(network):
    x, target = layerwise.shown(network, 20)
    options, mode = network.run.config.options, network.run.config.options.mode
    rows = layerwise.measured(network, network.state, x, target)
    assert [row["layer"] for row in rows] == [0, 1, 2]
    if mode == "bp":
        assert np.isnan([row["angle"] for row in rows]).all()
        return
    h = layers.rates(options, network.state, x)
    mine = layers.errors(options, network.state, h, target)[0]
    back = mine_of_backprop(network.state, h, target)
    cosine = (
        np.sum(mine * back, axis=1) / np.linalg.norm(mine, axis=1) / np.linalg.norm(back, axis=1)
    )
    angles = np.degrees(np.arccos(cosine))
    assert rows[0]["angle"] == pytest.approx(angles.mean())
    quartiles = rows[0]["lower_quartile"], rows[0]["upper_quartile"]
    assert quartiles == pytest.approx(tuple(np.quantile(angles, (0.25, 0.75))))
    if mode == "fa":
        assert np.isnan([row["descends"] for row in rows]).all()
        return
    goals = layers.targets(options, network.state, h, target)
    near = np.linalg.norm(goals[1] - layers.up(options, network.state, 1, goals[0]), axis=1)
    far = np.linalg.norm(goals[1] - h[2], axis=1)
    assert rows[0]["descends"] == pytest.approx(np.mean(near < far))
    inverse = layers.down(options, network.state, 0, h[2], h[1])
    error = np.sum((inverse - h[1]) ** 2, axis=1)
    assert rows[0]["reconstruction"] == pytest.approx(error.mean())


def mine_of_backprop(state, h, target):
    """The error of the lowest hidden layer by backpropagation, of three hidden tanh layers."""
    delta = h[4] - target
    for m in (2, 1, 0):
        delta = (delta @ state[f"W_{m + 1}"].T) * (1 - h[m + 1] ** 2)
    return delta


def test_the_eigenvalue_of_an_inverse_is_that_of_jacobians_by_finite_differences(network):
    options, state = network.run.config.options, network.state
    x, _ = layerwise.shown(network, 3)
    h, step = layers.rates(options, state, x), 1e-6
    for m in range(3):
        found = layerwise.of_inverse(network, state, x, m)
        if m >= options.inverses:
            assert np.isnan(list(found.values())).all()
            continue
        here, above = h[m + 1], h[m + 2]
        J_f = _jacobian(lambda h, m=m: layers.up(options, state, m + 1, h), here, step)
        J_g = _jacobian(
            lambda h, m=m, here=here: layers.down(options, state, m, h, here), above, step
        )
        U = J_f @ J_g
        rest = np.eye(U.shape[-1]) - U
        each = np.linalg.svd(rest, compute_uv=False)[:, 0] ** 2
        whole = np.linalg.svd(rest.mean(axis=0), compute_uv=False)[0] ** 2
        assert found["lambda_max"] == pytest.approx(each.mean(), rel=1e-6)
        assert found["lambda_median"] == pytest.approx(np.median(each), rel=1e-6)
        assert found["lambda_of_mean"] == pytest.approx(whole, rel=1e-6)
        assert found["below_1"] == np.mean(each < 1)
        assert largest_eigenvalue(U) == pytest.approx(each, rel=1e-6)


def _jacobian(function, at, step):
    """Of each image, shape (images, outputs, inputs), by central differences."""
    columns = []
    for unit in np.eye(at.shape[1]):
        columns.append((function(at + step * unit) - function(at - step * unit)) / 2 / step)
    return np.stack(columns, axis=-1)


@pytest.mark.parametrize(
    "updates, epoch, fallen", [("alternating", 5, 0.25), ("parallel", 2, 0.25)]
)
def test_rates_fall_after_each_pass(updates, epoch, fallen):
    """Adam's first step is eta whatever the gradient, so what it moves is in their proportion."""
    steps = {}
    for decay in (1.0, 0.5):
        options = TP.options(layers=(6, 5, 4), updates=updates, decay=decay, batch=5)
        net, x = TP.network(options, 7, 4), np.random.default_rng(0).random((5, 7))
        state = net.start(1)
        out = net.program(5).run(Inputs(x, np.arange(5) % 4, state, 1, epoch=epoch))
        steps[decay] = out.state["W_1"] - state["W_1"]
    assert np.abs(steps[1.0]).max() > 1e-4
    np.testing.assert_allclose(steps[0.5], fallen * steps[1.0], atol=1e-12)


def test_networks_without_inverses_need_an_epoch_for_a_pass():
    bp = TP.options(mode="bp", updates="alternating")
    assert [passes(bp, epoch) for epoch in range(3)] == [0, 1, 2]


def test_candidates_never_see_a_test_image():
    for name, condition in targets_rates.CONDITIONS.items():
        assert condition.options["validation"] > 0, name
    for name, condition in targets_small.CONDITIONS.items():
        assert condition.options["validation"] == 2000, name


def test_a_pass_takes_two_epochs_where_weights_take_turns():
    for page in (targets_mnist, targets_rates, targets_small):
        for name, condition in page.CONDITIONS.items():
            turns = condition.options.get("updates") == "alternating"
            inverses = condition.options.get("mode", "dtp") not in ("bp", "fa")
            assert condition.each == 1 + (turns and inverses), name


def test_means_over_seeds_leave_out_what_was_not_measured():
    table = {"passes": np.array([0, 0, 1, 1, 2]), "angle": np.array([90, 80, np.nan, 60, np.nan])}
    found = over_seeds(table, "angle")
    assert [list(column) for column in found] == [[0, 1], [85, 60], [80, 60], [90, 60]]

"""Virtual experiments: signs that follow from each theory, and lesions that leave nothing."""

import numpy as np
import pytest

from experiments.run.config import Config
from experiments.study import virtual
from models import theory as theories
from models.engine import device

SMALL = {"segregated": {"layers": (30, 10)}, "interneurons": {"layers": (12, 10)}}
SLOW = ("interneurons",)  # many cells: fewer images and lesions
SIGNS = {"light early": -1, "light late": 1}


@pytest.fixture(scope="module", params=theories.names())
def done(request, digits):
    """A theory, and what experiments on its network, before learning, came to."""
    device.interpret()
    theory = theories.find(request.param)
    options = theory.presets["digits"] | SMALL.get(request.param, {})
    config = Config.of(options | {"theory": request.param, "device": "runtime"})
    images = 2 if request.param in SLOW else 3
    shown = digits.train_images[:images].astype(float), digits.train_labels[:images], 10
    state = config.network(64, 10).start(1)
    lesions = tuple(virtual.LESIONS)[: 4 if request.param in SLOW else None]
    rows = virtual.measured(config, theory, shown, state, seed=3, lesions=lesions)
    return theory, state, {row["experiment"]: row for row in rows}, lesions


def test_all_that_a_theory_allows_is_done(done):
    theory, state, found, lesions = done
    own = [n for n in state for name in theory.feedback if n.rsplit("_", 1)[0] == name]
    assert virtual.OTHER in found and set(found) <= set(virtual.ALL)
    assert set(found) & set(virtual.LESIONS) == (set(lesions) if own else set())
    assert (virtual.SILENT in found) == bool(theory.inhibition)
    assert {virtual.LIT[one] for one in found if one in virtual.LIT} == set(theory.lights) - {
        "dark"
    }
    assert all(np.isfinite(row[k]) for row in found.values() for k in ("cosine", "size", "shift"))


def test_light_with_the_teacher_strengthens_and_light_before_weakens(done):
    theory, _, found, _ = done
    for name, sign in SIGNS.items():
        if name in found:
            silent = not theory.lights[virtual.LIT[name]]  # nothing listens then
            assert np.sign(found[name]["shift"]) == (0 if silent else sign), (name, found[name])
    if not set(SIGNS) & set(found):  # no phases: light is an error at any time
        assert found["light throughout"]["shift"] > 0
    if theory.lights.get("early"):  # a difference of two phases
        both = abs(found["light throughout"]["shift"])
        assert both < max(abs(found[name]["shift"]) for name in SIGNS)


def test_lights_are_options_that_are_off_by_default(done):
    theory, *_ = done
    usual = theory.options()
    for when, given in theory.lights.items():
        assert when in (*theories.LIGHTS, "dark") and all(hasattr(usual, name) for name in given)
        assert when in ("dark", "early") or any(getattr(usual, n) != v for n, v in given.items())


def test_without_feedback_a_plateau_cell_learns_nothing_and_turned_round_the_opposite(done):
    theory, _, found, _ = done
    if theory.feedback == ("Y",) and theory.equivalent.potentials:
        assert found["feedback silenced"]["size"] == 0 == found["feedback silenced"]["cosine"]
        assert found["feedback reversed"]["cosine"] == pytest.approx(-1, abs=0.02)


def test_without_inhibition_a_cell_that_it_cancels_for_learns_more_and_one_that_it_times_otherwise(
    done,
):
    theory, state, found, _ = done
    if not theory.inhibition:
        pytest.skip("it has no interneurons")
    assert all(f"{name}_0" in state for name in theory.inhibition)
    if theory.inhibition == ("PI",):
        assert found[virtual.SILENT]["size"] > 5
    assert found[virtual.SILENT]["cosine"] < 0.9


def test_the_light_of_bursts_adds_to_what_a_phase_hears(digits):
    """By hand: without feedback p = s(light) with a teacher and s(0) without; b = p e."""
    theory = theories.find("bursts")
    given = theory.presets["digits"] | {"theory": "bursts", "light_late": 0.3, "weight_decay": 0.0}
    config = Config.of(given)
    network = config.network(64, 10)
    state = network.start(1)
    state["Y_0"] = 0 * state["Y_0"]
    x, label = digits.train_images[:1].astype(float), digits.train_labels[:1]
    program = network.program(1, **config.how)
    moved = virtual.learned(program, x, label, state, ("W_0",))[0]
    e = 1 / (1 + np.exp(-(x @ state["W_0"] + state["bias_0"])))
    grown = 160.0 * np.outer(x, (1 / (1 + np.exp(-0.3)) - 0.5) * e)
    np.testing.assert_allclose(moved, grown, rtol=2e-4, atol=1e-6)


def test_lesions_take_the_share_and_add_the_noise_that_they_are_named_for():
    weights, rng = np.random.default_rng(1).normal(scale=3.0, size=(200, 300)), np.random
    for name, share in virtual.REMOVED.items():
        left = virtual.LESIONS[name](weights, rng.default_rng(2))
        assert np.mean(left == 0) == pytest.approx(share, abs=0.01)
        assert np.all(left[left != 0] == weights[left != 0])
    for name, size in virtual.NOISY.items():
        noise = virtual.LESIONS[name](weights, rng.default_rng(2)) - weights
        assert noise.std() == pytest.approx(3.0 * size, rel=0.02) and abs(noise.mean()) < 0.05


def test_what_is_learned_after_a_large_lesion_is_another_thing(done):
    theory, _, found, _ = done
    if virtual.OTHER not in found or not set(found) & set(virtual.REMOVED):
        pytest.skip("it has no such synapses, or is slow")
    for kind in (virtual.REMOVED, virtual.NOISY):
        first, *_, last = (found[name]["cosine"] for name in kind)
        assert last < 0.75 and last < first + 0.2, theory

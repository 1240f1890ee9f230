"""Folds of a search: of training images alone, the same for all, each class in each."""

from dataclasses import replace

import numpy as np
import pytest

from experiments.run import data as datasets
from experiments.run import loop
from experiments.run.config import Config
from experiments.study import folds
from models import theory as theories
from models.engine import device
from tests.study.studies import TINY

IMAGES, FOLDS = 300, 3


def fold(k, config=TINY, **more):
    about = {"images": IMAGES, "folds": FOLDS, "fold": k, "seed": 1, "digest": "of the data"}
    return folds.Fold(config=config.flat(), **about | more)


def rows(images):
    """Images as things that can be counted."""
    return [image.tobytes() for image in images]


@pytest.fixture(scope="module")
def parts(digits):
    """The three folds of the digits."""
    return [folds.divided(digits, fold(k)) for k in range(FOLDS)]


def test_each_training_image_is_tested_once_and_no_test_image_ever(digits, parts):
    tested = [row for part in parts for row in rows(part.test_images)]
    given = rows(digits.train_images[:IMAGES])
    assert sorted(tested) == sorted(given) and len(set(given)) == IMAGES
    for part in parts:
        used = rows(part.train_images) + rows(part.test_images)
        assert sorted(used) == sorted(given)
        assert not set(used) & set(rows(digits.test_images))


def test_labels_go_with_their_images(digits, parts):
    label = dict(zip(rows(digits.train_images), digits.train_labels, strict=True))
    for part in parts:
        for images, labels in (
            (part.train_images, part.train_labels),
            (part.test_images, part.test_labels),
        ):
            assert [label[row] for row in rows(images)] == labels.tolist()


def test_folds_have_as_many_of_each_class_and_are_of_one_size(parts):
    counts = np.array([np.bincount(part.test_labels, minlength=10) for part in parts])
    assert np.ptp(counts, axis=0).max() <= 1
    assert {len(part.test_labels) for part in parts} == {IMAGES // FOLDS}  # one program for all


def test_folds_depend_on_the_seed_and_on_nothing_of_the_configuration(digits, parts):
    for name in theories.names():
        config = Config.of(theories.find(name).presets["digits"] | {"theory": name}, seed=7)
        same = folds.divided(digits, fold(1, config))
        np.testing.assert_array_equal(same.test_images, parts[1].test_images)
    other = folds.divided(digits, fold(1, seed=2))
    assert sorted(rows(other.test_images)) != sorted(rows(parts[1].test_images))


def test_networks_have_the_seed_of_their_point_and_fold():
    seeds = {(p, k): folds.seed_of(p, k) for p in range(64) for k in range(5)}
    assert len(set(seeds.values())) == len(seeds)
    assert seeds == {(p, k): folds.seed_of(p, k) for p, k in seeds}
    assert all(0 <= seed < folds.SEEDS for seed in seeds.values())
    # Results of studies that are kept stand on these:
    assert [seeds[0, 0], seeds[0, 1], seeds[1, 0]] == [821328062, 1817441348, 1835504127]


def test_a_fold_is_known_by_all_that_it_depends_on():
    mine = fold(0)
    assert mine.key == fold(0).key and len(mine.key) == 64
    others = {name: getattr(mine, name) + 1 for name in ("images", "folds", "fold", "seed")}
    others |= {"digest": "of others", "watched": False}
    keys = {mine._replace(**{name: value}).key for name, value in others.items()}
    for name, value in {"seed": 2, "eta": [0.3], "theory": "x", "encoding": "grey"}.items():
        keys.add(mine._replace(config=mine.config | {name: value}).key)
    assert len(keys | {mine.key}) == 11
    assert mine._replace(config=mine.config | {"data_dir": "elsewhere"}).key == mine.key


RUNS_AWAY = {"theory": "microcircuit", "dynamics": "continuous", "phi": "softplus", "dt": 0.2}
RUNS_AWAY |= {"start": "random", "w_lateral": 50.0, "lasts": 20.0, "layers": (8, 10)}


def test_a_network_that_runs_away_counts_as_guesses_and_says_why(asked, digits):
    config = Config.of(RUNS_AWAY, chunk=3, epochs=1, device="runtime")
    device.interpret()
    found = asked(digits, config=config, digest=digits.digest(), images=40, folds=2)
    assert (found["accuracy"], found["diverged"], found["epochs"]) == (0.1, True, [])
    assert "grew beyond all bounds in the chunk that ends at image" in found["why"]


def test_a_fold_that_no_one_watches_is_tested_at_its_end_and_learns_the_same(asked, digits):
    device.interpret()
    config = replace(TINY, epochs=2)
    about = {"config": config, "digest": digits.digest(), "images": 40, "folds": 2}
    every, last = (asked(digits, watched=one, **about) for one in (True, False))
    assert len(every["epochs"]) == 2 and last["epochs"] == every["epochs"][-1:]
    assert (last["accuracy"], last["growth"]) == (every["accuracy"], every["growth"])


def test_folds_of_one_network_share_its_programs(digits, monkeypatch, tmp_path):
    monkeypatch.setattr(folds, "_BUILT", {})
    made, really = [], loop.Run.prepare
    monkeypatch.setattr(loop.Run, "prepare", lambda run: made.append(run) or really(run))
    for k, config in enumerate((TINY, replace(TINY, seed=7), replace(TINY, epochs=2))):
        run = folds.prepared(config, folds.divided(digits, fold(k)), tmp_path / str(k))
        assert run.config == config and run.learner is made[-1].learner
    assert len(made) == 2


@pytest.fixture
def asked(monkeypatch):
    """``asked(data)``: evaluate a fold where a worker finds these data, or what it raises."""
    monkeypatch.setattr(folds, "_KEPT", {})

    def evaluate(found, **more):
        def load(name, where):
            if isinstance(found, Exception):
                raise found
            return found

        monkeypatch.setattr(datasets, "load", load)
        return folds.evaluate(lambda message: None, fold(0, **more)._asdict())

    return evaluate


def test_a_worker_without_the_data_says_so(asked):
    with pytest.raises(ValueError, match=r"^a worker has no such data: --data-dir: no folder /x$"):
        asked(datasets.DataError("--data-dir: no folder /x"))


def test_a_worker_with_other_data_says_so(asked, digits):
    other = digits._replace(train_labels=digits.train_labels[::-1])
    with pytest.raises(ValueError, match=r"^--dataset digits: a worker has other data under this"):
        asked(other, digest=digits.digest())


def test_values_that_no_network_has_are_of_no_use_and_bad_data_are_a_fault(asked, digits):
    config = Config.of({"theory": "backprop", "layers": (8, 7)})
    found = asked(digits, config=config, digest=digits.digest())
    assert (found["accuracy"], found["diverged"], found["epochs"]) == (0.1, True, [])
    assert "--layers" in found["why"]
    config = Config.of({"theory": "backprop", "encoding": "rgb"})
    with pytest.raises(datasets.DataError, match="--encoding rgb"):
        asked(digits, config=config, digest=digits.digest())

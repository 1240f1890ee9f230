"""Side by side: every theory that there is, also one of a user's, without a line changed."""

import shutil
from pathlib import Path

import numpy as np
import pytest

from analysis import side_by_side as drawn
from experiments import side_by_side
from experiments.learning_rates import moved
from experiments.run.config import chosen
from experiments.study.results import Results, read_rows
from models import theory as theories
from tests.trust import machine


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """Two theories, of which one is the tutorial's, and where their results are."""
    folder = tmp_path_factory.mktemp("side")
    mine = machine.theory(folder)
    words = ["--theories", "backprop", mine, "--smoke", "--runs", str(folder / "runs")]
    assert side_by_side.main(words) == 0
    return words, folder / "runs" / "results"


def test_a_theory_of_a_file_is_in_all_of_it(made):
    _, root = made
    rows = read_rows(root / "summary.csv")
    found = {(row["theory"], row["measure"]): row for row in rows}
    for theory in ("backprop", "node_perturbation"):
        assert found[theory, "digits_error"]["n"] == "2"
        assert float(found[theory, "digits_cpu_ms_per_image"]["value"]) > 0
        networks = Results(theory, "side_by_side", root).table("networks")
        assert sorted(networks["seed"]) == [1, 2] and np.isfinite(networks["test_error"]).all()
        moved = Results(theory, "side_by_side", root).table("robust")
        assert list(moved["spread"]) == [1, 2, 4] and (moved["parameters"] > 0).all()
        for spread, accuracy in zip((1, 2, 4), moved["accuracy"], strict=True):
            assert float(found[theory, f"digits_robust_{spread}"]["value"]) == accuracy
        assert (theory, "digits_robust_1_low") not in found
    assert list(drawn.gathered(root)) == ["backprop", "node_perturbation"]
    assert drawn.main(["--results", str(root)]) == 0
    assert (root / "side_by_side.png").read_bytes().startswith(b"\x89PNG")


def test_what_was_trained_is_found_again(made, monkeypatch):
    words, root = made
    before = (root / "summary.csv").read_bytes()
    monkeypatch.setattr("experiments.study.training.train", None)
    assert side_by_side.main(words) == 0
    assert (root / "summary.csv").read_bytes() == before


def test_networks_take_the_place_of_those_that_learned_for_other_epochs(made, tmp_path):
    words, root = made
    longer, where = tmp_path / "results", Path("backprop", "side_by_side")
    shutil.copytree(root, longer)
    tables = ("networks", "learning", "credit", "experiments", "alignment", "headline")
    tables = [where / f"{name}.csv" for name in tables if (root / where / f"{name}.csv").exists()]
    for name in tables:
        rows = [row | {"epochs": "7"} for row in read_rows(root / name)]
        Results("backprop", "side_by_side", longer).write(name.stem, rows)
        assert read_rows(longer / name) != read_rows(root / name)
    assert side_by_side.main([*words, "--results", str(longer), "--seeds", "1"]) == 0
    for name in (where / "networks.csv", where / "learning.csv"):
        assert {(row["seed"], row["epochs"]) for row in read_rows(longer / name)} == {("1", "1")}
    assert side_by_side.main([*words, "--results", str(longer)]) == 0
    for name in tables:
        assert sorted(map(str, read_rows(longer / name))) == sorted(
            map(str, read_rows(root / name))
        )


def test_networks_of_other_settings_are_refused_in_a_sentence(made, capsys):
    words, root = made
    file = root.parent / "smoke" / "backprop" / "side_by_side_digits" / "seed_1" / "config.json"
    before = file.read_text()
    file.write_text(before.replace('"decay": 1.0', '"decay": 0.5'))
    assert side_by_side.main(words) == 2
    file.write_text(before)
    said = capsys.readouterr().err
    assert "other settings" in said and "decay" in said and said.count("\n") == 1


def test_a_theory_that_was_edited_is_refused_in_a_sentence(made, capsys):
    words, root = made
    file = root.parent / "smoke" / "backprop" / "side_by_side_digits" / "seed_1" / "model.json"
    before = file.read_text()
    assert "delta" in before
    file.write_text(before.replace("delta", "gamma"))
    assert side_by_side.main(words) == 2
    file.write_text(before)
    said = capsys.readouterr().err
    assert "holds a run of other equations" in said and said.count("\n") == 1


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ('equivalent=Equivalent("nothing")', "equivalent: no record has nothing"),
        ('equivalent=Equivalent("h", hidden="steep")', "equivalent: steep is none of"),
        ('lights={"late": {"ligth": 1.0}}', "lights, late: "),
    ],
)
def test_what_a_theory_says_wrongly_of_its_credit_is_a_sentence(given, said, tmp_path, capsys):
    mine = machine.theory(tmp_path)
    text = Path(mine).read_text().replace("needs={}", f"needs={{}}, {given}")
    Path(mine).write_text(text.replace("import Theory,", "import Equivalent, Theory,"))
    words = ["--theories", mine, "--smoke", "--runs", str(tmp_path / "runs")]
    assert side_by_side.main(words) == 2
    err = capsys.readouterr().err
    assert said in err and err.count("\n") == 1
    assert not (tmp_path / "runs").exists()


def test_curves_are_of_all_networks_and_in_their_own_units(made):
    results = Results("backprop", "side_by_side", made[1])
    own, costs = results.table("learning"), results.table("networks")
    found = drawn.curves(results, "digits")
    images, low, middle, high = found["images"]
    assert images.tolist() == [20] and low <= middle <= high
    assert middle == pytest.approx(own["test_error"].mean())
    assert found["operations"][0] == pytest.approx(20 * costs["operations_per_image"].mean())
    assert found["cpu_seconds"][0] == pytest.approx(own["cpu_seconds"].mean())
    assert drawn.curves(results, "mnist") == {}


def test_presets_for_fashion_are_those_for_mnist_with_other_rates():
    for name in theories.names():
        mnist, own = (theories.find(name).presets.get(key, {}) for key in ("mnist", "fashion"))
        other = {option for option, value in own.items() if mnist.get(option) != value}
        rates = moved(chosen({"theory": name}, "mnist").options, 1)
        assert other <= {"dataset", "epochs", "decay", *rates}
        assert not own or own.keys() == mnist.keys() and own["dataset"] == "fashion"


def test_every_theory_has_a_preset_for_the_digits_and_records_what_its_cost_is_of():
    for name in theories.names():
        config, _ = side_by_side._place(_Given(), name, "digits", 1)
        assert config.theory == name and config.seed == 1
        assert set(config.record) <= set(side_by_side.KINDS)


def test_no_points_is_no_study_and_fewer_a_sentence(made, capsys):
    words, root = made
    file = root / "backprop" / "side_by_side" / "robust.csv"
    before = file.read_bytes()
    assert side_by_side.main([*words, "--points", "0"]) == 0 and file.read_bytes() == before
    assert side_by_side.main([*words, "--points", "-1"]) == 2
    said = capsys.readouterr().err
    assert "--points: 0 or more" in said and said.count("\n") == 1


def test_without_optuna_robustness_alone_is_left_out(made, monkeypatch, capsys):
    words, root = made
    before = sorted(map(str, read_rows(root / "summary.csv")))

    def missing():
        raise ValueError("a study needs Optuna")

    monkeypatch.setattr("experiments.study.search._optuna", missing)
    assert side_by_side.main(words) == 0
    assert "robustness is left out: a study needs Optuna" in capsys.readouterr().out
    assert sorted(map(str, read_rows(root / "summary.csv"))) == before


class _Given:
    data_dir, smoke, runs = None, False, "nowhere"


def test_what_cannot_be_drawn_or_trained_is_a_sentence(tmp_path, capsys):
    assert drawn.main(["--results", str(tmp_path)]) == 2
    assert "no results in" in capsys.readouterr().err
    assert side_by_side.main(["--theories", "nobodys"]) == 2
    said = capsys.readouterr().err
    assert "nobodys" in said and said.count("\n") == 1

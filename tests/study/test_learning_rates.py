"""Learning rates of presets, times factors, on images held out: of every theory."""

import dataclasses
from pathlib import Path

import pytest

from analysis import learning_rates as drawn
from experiments import learning_rates
from experiments.run.config import chosen
from experiments.study.results import Results, read_rows
from models import theory as theories
from tests.trust import machine


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A theory of ours and the tutorial's, and where their results are."""
    folder = tmp_path_factory.mktemp("rates")
    words = ["--theories", "backprop", machine.theory(folder)]
    words += ["--smoke", "--factors", "0.5", "2", "--runs", str(folder / "runs")]
    assert learning_rates.main(words) == 0
    return words, folder / "runs" / "results"


def test_errors_are_of_the_images_held_out_and_say_what_rates_were(made):
    _, root = made
    rows = read_rows(root / "backprop" / "learning_rates" / "errors.csv")
    assert [(row["factor"], row["rates"]) for row in rows] == [
        ("0.5", "eta 1 0.05"),
        ("2", "eta 4 0.2"),
    ]
    run = root.parent / "smoke" / "backprop" / "learning_rates" / "digits_1_epochs_x_0.5"
    config = (run / "seed_1" / "config.json").read_text()
    assert '"validation": 300' in config
    heads = {(row["theory"], row["condition"]) for row in read_rows(root / "summary.csv")}
    assert heads == {
        (theory, f"digits_x_{factor}")
        for theory in ("backprop", "node_perturbation")
        for factor in ("0.5", "2")
    }


def test_what_was_trained_is_found_again_and_other_settings_are_refused(made, monkeypatch, capsys):
    words, root = made
    before = (root / "summary.csv").read_bytes()
    monkeypatch.setattr("experiments.study.training.train", None)
    assert learning_rates.main(words) == 0
    assert (root / "summary.csv").read_bytes() == before
    file = next((root.parent / "smoke" / "backprop").rglob("config.json"))
    there = file.read_text()
    file.write_text(there.replace('"decay": 1.0', '"decay": 0.5'))
    assert learning_rates.main(words) == 2
    file.write_text(there)
    said = capsys.readouterr().err
    assert "other settings" in said and "decay" in said and said.count("\n") == 1


def test_curves_are_of_the_most_epochs(made, tmp_path):
    _, root = made
    assert drawn.main(["--results", str(root)]) == 0
    assert (root / "learning_rates.png").read_bytes().startswith(b"\x89PNG")
    results = Results("backprop", "learning_rates", tmp_path)
    keys = ("set", "factor", "epochs", "seed", "validation_error")
    rows = [("digits", 1.0, 2, 1, 9.0), ("digits", 1.0, 5, 1, 4.0), ("digits", 1.0, 5, 2, 6.0)]
    results.write("errors", [dict(zip(keys, row, strict=True)) for row in rows])
    factors, errors = drawn.curve(drawn.gathered(tmp_path)["backprop"], "digits")
    assert factors.tolist() == [1] and errors[0].tolist() == [4, 6]
    assert drawn.curve(drawn.gathered(tmp_path)["backprop"], "mnist") is None


def test_every_learning_rate_is_moved_and_nothing_else():
    found = {}
    for name in theories.names():
        options = chosen({"theory": name}, "mnist").options
        found[name] = set(learning_rates.moved(options, 2))
        other = dataclasses.replace(options, **learning_rates.moved(options, 2))
        for field in dataclasses.fields(options):
            before, after = getattr(options, field.name), getattr(other, field.name)
            if field.name in found[name]:
                assert after == (
                    tuple(2 * rate for rate in before) if isinstance(before, tuple) else 2 * before
                )
            else:
                assert after == before
    assert found == dict.fromkeys(theories.names(), {"eta"}) | {
        "equilibrium": {"alpha"},
        "microcircuit": {"eta_up", "eta_IP"},
        "superspike": {"r_0"},
        "target_propagation": {"eta", "eta_inverse"},
    }


def test_a_theory_without_a_learning_rate_is_refused():
    @dataclasses.dataclass
    class Options:
        decay: float = theories.option(1.0, "factor on the learning rates")

    with pytest.raises(ValueError, match="no option is a learning rate"):
        learning_rates.moved(Options(), 2)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--factors", "0"], "--factors: a number above 0, not 0"),
        (["--factors", "fast"], "--factors: a number above 0, not fast"),
        (["--epochs", "0"], "--epochs: 1 or more, not 0"),
    ],
)
def test_what_cannot_be_meant_is_a_sentence(words, said, capsys):
    with pytest.raises(SystemExit) as status:
        learning_rates.main(words)
    err = capsys.readouterr().err
    assert status.value.code == 2 and said in err and err.count("\n") == 1


def test_a_theory_that_is_not_there_is_a_sentence(capsys):
    assert learning_rates.main(["--theories", "nobodys"]) == 2
    err = capsys.readouterr().err
    assert "nobodys" in err and err.count("\n") == 1


def test_without_results_nothing_is_drawn(tmp_path, capsys):
    assert drawn.main(["--results", str(Path(tmp_path))]) == 2
    assert "no results in" in capsys.readouterr().err

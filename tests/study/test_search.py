"""Studies: one table however they are done, nothing lost by a kill, what is wrong a sentence."""

import json
import os
import signal
import time
from pathlib import Path

import pytest

pytest.importorskip("optuna")
pytest.importorskip("distributed")

from experiments.run import files
from experiments.run.config import Config
from experiments.study import __main__ as door
from experiments.study import folds, jobs, search
from experiments.study.jobs import Where
from tests.conftest import listing
from tests.study.studies import (
    STUDY,
    TINY,
    WORDS,
    Made,
    killed,
    several,
    shown,
    states,
)  # fmt: skip

TUNE = STUDY._replace(kind=search.TUNE, evaluations=8)
KINDS = {"robust": STUDY, "random": TUNE._replace(sampler="random"), "tpe": TUNE}
KINDS |= {"gp": TUNE._replace(sampler="gp"), "each": STUDY._replace(kind=search.EACH)}


@pytest.fixture
def made(monkeypatch, tmp_path):
    """Folds without networks, and which of them were computed."""
    monkeypatch.setattr(folds, "evaluate", Made(tmp_path / "computed"))
    return folds.evaluate


# --- killed ---------------------------------------------------------------------------------------

# Where a driver is killed, again and again in one folder, and at which passage. The last one finds
# several trials under way: of one of them nothing is known yet.
KILLS = (("enqueued", 2), ("suggested", 1), ("take", 2), ("asked", 2), ("tell", 1), ("told", 2))
KILLS += (("enqueued", 3), ("take", 3), ("enqueued", 2), ("enqueued", 1), ("take", 1))


@pytest.mark.parametrize("pool", ["here", "several"])
@pytest.mark.parametrize("kind", ["robust", "random", "tpe"])
def test_a_study_that_is_killed_again_and_again_is_that_which_never_was(
    kind, pool, made, tmp_path, monkeypatch
):
    study, one, other = KINDS[kind]._replace(evaluations=8), tmp_path / "one", tmp_path / "other"
    if pool == "several":
        monkeypatch.setattr(jobs, "pool", several)
    rows = search.run(TINY, study, one)
    assert len(rows) == study.evaluations and set(states(one)) <= {"COMPLETE", "PRUNED"}
    whole = set(made.computed)
    made.path.unlink()
    for place, count in KILLS:
        assert killed(place, count, TINY, study, other), (place, count)
        assert all(made.computed.count(key) == 1 for key in made.computed)
    search.run(TINY, study, other)
    assert len(made.computed) == len(set(made.computed))  # none twice
    ended = [state for state in states(other) if state != "FAIL"]
    assert set(ended) <= {"COMPLETE", "PRUNED"} and len(ended) == study.evaluations
    assert not list(other.rglob("*.part")) and not list(other.glob("*.lock.*"))
    if kind == "robust" or pool == "here":  # else what is chosen depends on what has ended
        assert shown(one) == shown(other) and set(made.computed) == whole


def test_the_table_does_not_depend_on_the_order_in_which_folds_end(made, tmp_path, monkeypatch):
    search.run(TINY, STUDY, tmp_path / "one")
    monkeypatch.setattr(jobs, "pool", several)
    search.run(TINY, STUDY, tmp_path / "other")
    assert shown(tmp_path / "one") == shown(tmp_path / "other")
    assert len(set(made.computed)) == 12 and len(made.computed) == 24


def test_a_study_that_has_ended_computes_nothing_more(made, tmp_path):
    for kind in ("robust", "tpe"):
        rows = search.run(TINY, KINDS[kind], tmp_path / kind)
        before, table = len(made.computed), shown(tmp_path / kind)
        again = search.run(TINY, KINDS[kind], tmp_path / kind, Where(jobs=2))
        assert again == rows and shown(tmp_path / kind) == table and len(made.computed) == before


def test_each_parameter_is_moved_alone_and_there_are_as_many_points_as_that_takes(made, tmp_path):
    rows = search.run(TINY, KINDS["each"], tmp_path)
    names = [name for name in rows[0] if "[" in name]
    assert len(rows) == 1 + 4 * len(names) and rows == search.run(TINY, KINDS["each"], tmp_path)
    for k, row in enumerate(rows[1:]):
        other = [name for name in names if row[name] != rows[0][name]]
        assert other == [names[k // 4]]


def test_each_sampler_looks_within_bounds_and_where_it_has_not_looked(made, tmp_path):
    for name in ("random", "tpe", "gp"):
        rows = search.run(TINY, KINDS[name], tmp_path / name)
        seen = [row["eta[0]"] for row in rows]
        assert len(set(seen)) == TUNE.evaluations and all(0.001 <= eta <= 2 for eta in seen)


def test_a_trial_that_begins_badly_is_dropped_after_its_first_fold(made, tmp_path):
    many = TUNE._replace(sampler="random", evaluations=20)
    rows = search.run(TINY, many, tmp_path / "some")
    dropped = [row for row in rows if row["pruned"]]
    assert 0 < len(dropped) < 10 and not any("fold_1" in row for row in dropped)
    assert all(row["point"] >= search.WARM_UP[0] for row in dropped)
    assert len(made.computed) == 20 * 3 - 2 * len(dropped)
    assert not any(
        row["pruned"] for row in search.run(TINY, many._replace(pruning=False), tmp_path / "all")
    )


# --- values -------------------------------------------------------------------------------------


PHASES = ("forward", "target")  # which no network has of 30 ms
LONGEST = 60.0  # ms


def test_values_that_no_network_has_count_as_diverged_and_the_study_goes_on(
    made, tmp_path, monkeypatch
):
    really = search.space.moved

    def moved(config, values):
        if len(values) > 1 and values["forward_ms"] > LONGEST:
            raise ValueError("no network has these together")
        return really(config, values)

    monkeypatch.setattr(search.space, "moved", moved)
    config = Config.of({"theory": "segregated", "layers": (8, 10)})
    rows = search.run(config, STUDY._replace(evaluations=8), tmp_path)
    wrong = [row for row in rows if row["diverged"]]
    assert {row["point"] for row in wrong} == {
        row["point"] for row in rows if row["forward_ms"] > LONGEST
    }
    assert 0 < len(wrong) < 8 and len(made.computed) == 3 * (8 - len(wrong))
    assert all(row["fold_2"] == 0.1 and row["diverged"] == 3 for row in wrong)
    assert all(-16 <= row["cell[E_I]"] <= -4 for row in rows)
    assert all(30 < row[f"{phase}_ms"] <= 100 for row in rows for phase in PHASES)


# --- refused --------------------------------------------------------------------------------------


@pytest.fixture
def study(capsys, made):
    """``study(*words)``: status and complaint of the command; nothing is trained."""

    def run(*words):
        given = [*WORDS.split(), *map(str, words)]
        try:
            status = door.main(given)
        except SystemExit as end:
            status = end.code
        return status, capsys.readouterr().err

    return run


@pytest.fixture
def there(study, made, tmp_path):
    """The folder of a study that has ended."""
    folder = tmp_path / "there"
    assert study("--out", folder) == (0, "")
    return folder


BAD = {
    "--evaluations 0": "--evaluations: 1 or more, not 0",
    "--spread 1": "--spread: above 1 and at most 100, not 1",
    "--spread nan": "--spread: above 1 and at most 100, not nan",
    "--folds 1": "--folds: 2 or more, not 1",
    "--folds 7": "--images: the first 60 have 4 of class 0, which are too few for 7 folds: take "
    "more, or shuffle the files",
    "--images 100000": "--images: the data set has 1437 to train with",
    "--images 1": "--images: 2 or more, not 1",
    "--study-seed -1": "--study-seed: 0 or more, not -1",
    "--study-seed 4294967296": "--study-seed: 4294967295 at most, not 4294967296",
    "--layers 8 7": "--layers: the last layer has a cell for each of the 10 classes, not 7",
    "--eta 0": "--theory backprop: it names nothing for a search to move",
    "--encoding rgb": "--encoding rgb",
    "--jobs 2 --scheduler tcp://127.0.0.1:9": "--jobs: the scheduler has its own workers",
    "--jobs 0": "--jobs: 1 or more, not 0",
    "--scheduler nowhere.json": "--scheduler: no file nowhere.json",
    "--sampler best": "argument --sampler: invalid choice: 'best'",
    "--kind both": "argument --kind: invalid choice: 'both'",
    "--evaluations many": "argument --evaluations: invalid int value: 'many'",
    "--seed 3": "--seed is not for a study",
    "--validation 10": "--validation is not for a study",
    "--train-examples 30": "--train-examples is not for a study",
    "--record spikes": "--record is not for a study",
    "--weights nowhere": "--weights is not for a study",
}


@pytest.mark.parametrize("words", BAD)
def test_what_cannot_be_meant_is_one_sentence(words, study, made, tmp_path):
    status, err = study(*words.split(), "--out", tmp_path / "study")
    assert status == 2 and err.startswith("experiments.study: ") and err.count("\n") == 1
    assert BAD[words] in err
    assert not made.computed


def test_a_changed_option_is_refused_with_what_differs(study, there, unchanged):
    unchanged(there)
    status, err = study("--out", there, "--spread", "3", "--eta", "0.4")
    assert status == 2 and err == (
        f"experiments.study: {there} holds another study: spread is 2.0, not 3.0; "
        "eta is [0.2], not [0.4]\n"
    )
    status, err = study("--out", there, "--evaluations", 5, "--epochs", 2, "--theory", "bursts")
    assert status == 2 and "evaluations is 4, not 5; theory is backprop, not bursts; epochs" in err


def test_other_data_under_the_name_are_refused(study, there, monkeypatch):
    about = json.loads((there / "study.json").read_text())
    (there / "study.json").write_text(json.dumps(about | {"data": "0" * 64}))
    status, err = study("--out", there)
    assert (status, err.split(": ")[-1]) == (2, "the data have changed\n")


def test_other_equations_are_refused_and_an_option_that_has_come_since_is_not(study, there):
    about = json.loads((there / "study.json").read_text())
    (there / "study.json").write_text(json.dumps(about | {"model": "0" * 64}))
    status, err = study("--out", there)
    assert (status, err.split(": ")[-1]) == (2, "its equations have changed\n")
    config = {k: v for k, v in about["config"].items() if k not in ("light", "sparsity")}
    before = {"config": config, "study": about["study"], "data": about["data"]}
    (there / "study.json").write_text(json.dumps(before))
    assert study("--out", there)[0] == 0


DAMAGE = {
    "study.json": (b"{", b"[]", b"\xff\xfe", b'{"config": 3, "study": {}, "data": ""}', b"1e999"),
    "journal.log": (b"no json\n{}\n", b'{"op_code":1}\n{}\n', b"[]\n[]\n", b"\xff\xff\n{}\n"),
    "folds": (b"{", b'{"accuracy": 1.0}', b"\xff", b'{"accuracy": NaN}', b"3"),
}
DAMAGES = [(name, data) for name, many in DAMAGE.items() for data in many]


@pytest.mark.parametrize("name, data", DAMAGES)
def test_a_damaged_file_is_one_sentence_and_nothing_is_lost(name, data, study, there, made):
    path, before = there / name, shown(there)
    if name == "folds":
        path = sorted(path.iterdir())[0]
        (there / "journal.log").unlink()  # else nobody would read it
    good = path.read_bytes()
    path.write_bytes(data)
    seen = listing(there)
    status, err = study("--out", there)
    assert status == 2 and err.count("\n") == 1 and err.count("is damaged") == 1
    assert str(path) in err
    new = {name for name, about in listing(there).items() if seen.get(name) != about}
    assert new <= ({".", "journal.log"} if name == "folds" else set())
    path.write_bytes(good)
    computed = len(made.computed)
    assert study("--out", there) == (0, "")
    assert shown(there) == before and len(made.computed) == computed


def test_a_fold_that_was_removed_is_computed_again_and_a_cut_journal_goes_on(study, there, made):
    before, computed = shown(there), len(made.computed)
    lines = (there / "journal.log").read_bytes()
    (there / "journal.log").write_bytes(lines[: len(lines) * 2 // 3 - 5])
    sorted((there / "folds").iterdir())[0].unlink()
    assert study("--out", there) == (0, "")
    assert shown(there) == before and len(made.computed) <= computed + 1
    assert study("--out", there) == (0, "")


def test_a_folder_of_something_else_is_left_alone(study, tmp_path, unchanged):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.tex").write_text("all of it")
    unchanged(tmp_path / "mine")
    status, err = study("--out", tmp_path / "mine")
    assert status == 2 and "holds something else than a study" in err
    status, err = study("--out", tmp_path / "mine" / "thesis.tex")
    assert status == 2 and err.count("\n") == 1


def test_a_folder_that_another_process_holds_is_refused(study, there):
    with files.held(there):
        status, err = study("--out", there)
    assert (status, err) == (
        2,
        f"experiments.study: {there} is held by a run that is still going\n",
    )


def test_a_fold_that_fails_stops_the_study_with_its_sentence(study, monkeypatch, tmp_path, made):
    def evaluate(tell, values):
        if len(made.computed) == 5:
            raise ValueError("a worker has no such data: --data-dir: no folder /x")
        return made(tell, values)

    monkeypatch.setattr(folds, "evaluate", evaluate)
    status, err = study("--out", tmp_path / "study")
    assert status == 2 and "a worker has no such data" in err and err.count("\n") == 1
    monkeypatch.setattr(folds, "evaluate", made)
    assert study("--out", tmp_path / "study") == (0, "")
    assert len(made.computed) == 12


def test_someone_who_stops_it_is_told_that_it_goes_on(study, monkeypatch, tmp_path, made):
    def evaluate(tell, values):
        if len(made.computed) == 5:
            os.kill(os.getpid(), signal.SIGINT)
            time.sleep(5)
        return made(tell, values)

    monkeypatch.setattr(folds, "evaluate", evaluate)
    assert study("--out", tmp_path / "study") == (130, f"stopped; {door.GOES_ON}\n")
    monkeypatch.setattr(folds, "evaluate", made)
    assert study("--out", tmp_path / "study") == (0, "")
    assert len(made.computed) == 12


def test_what_is_told_of_a_study_is_its_median():
    rows = [{"accuracy": a, "pruned": False, "diverged": 0} for a in (0.1, 0.4, 0.2, 0.9)]
    rows += [{"accuracy": 0.05, "pruned": True, "diverged": 1}]
    said = door.told(rows, search.Study())
    assert said == ("5 points: accuracy 0.300 (median), 0.900 (best), 0.100 (worst); 1 diverged")


def test_a_study_without_a_name_has_one_of_its_own():
    robust = door._folder(TINY, "digits", STUDY)
    assert robust == "backprop-digits-digits-robust-2-seed1"
    assert door._folder(TINY, None, KINDS["gp"]) == "backprop-usual-digits-tune-gp-seed1"
    assert Path(robust).name == robust

"""What a run was made with is known, and a run is gone on with only by the same equations."""

import argparse
import json
import os
import subprocess

import pytest
from brian2 import ms, mV

from experiments.run import loop as training
from experiments.run import provenance
from experiments.run.config import Config
from experiments.run.folder import COLUMNS, Checkpoint, RunError, RunFolder
from experiments.run.provenance import described, refuse_other_model, started
from experiments.study import page
from models.segregated.model import Feedback, Model
from models.segregated.variants.paper import HIDDEN

LAYERS = (12, 8, 10)


def model(cell=HIDDEN, **options):
    return Model(LAYERS, hidden=cell, **options)


# --- equations -----------------------------------------------------------------------------------


@pytest.fixture
def goes_on(tmp_path):
    """Whether a run of one network may be gone on with by another: ``goes_on(then, now)``."""
    folder = RunFolder(tmp_path / "run")

    def check(then, now):
        folder.write_json("model.json", described(Config(), then))
        try:
            refuse_other_model(folder, now)
        except RunError as error:
            assert "other equations" in str(error) and "\n" not in str(error)
            return False
        return True

    return check


def test_a_run_is_gone_on_with_by_the_same_equations(goes_on):
    symmetric = Feedback(kind="symmetric", noise=0.1)
    for options in ({}, {"feedback": symmetric}, {"rule": "backprop"}, {"memory": 10}):
        assert goes_on(model(**options), model(**options))


def test_a_run_of_an_earlier_version_that_kept_no_model_is_gone_on_with(tmp_path):
    refuse_other_model(RunFolder(tmp_path), model())


def test_equations_are_the_same_in_other_words(goes_on):
    soma = HIDDEN.parts["soma"]
    told = soma.replace("# somatic potential", "# as they said then").replace("  ", "   ")
    assert told != soma
    assert goes_on(model(HIDDEN.vary(parts={"soma": told})), model())


@pytest.mark.parametrize(
    "change",
    [
        {"parts": {"soma": "dV/dt = -g_l*V + 2*g_b*(V_b - V) + I_a : volt"}},
        {"moments": {"forward_plateau": "alpha_f = int(V_a_bar > 0*mV)"}},
        {"moments": {"onset": "V = 0*mV", "teach": ""}},
        {"params": {"g_b": 0.5 / ms}},
        {"constants": {"theta": 1 * mV}, "threshold": "V > theta"},
        {"synapses": {"learn": "w += 2*delta_post*s_bar_pre*mV*ms**2"}},
        {"learning": {"delta": "delta = -eta*plastic(example*dt)*P_0*error/2"}},
        {"rest": {"V": "-70*mV"}},
        {"integrator": "euler"},
        {"reset": "V = 0*mV"},
    ],
    ids=lambda change: " ".join(change),
)
def test_another_cell_has_other_equations(goes_on, change):
    assert not goes_on(model(HIDDEN.vary(**change)), model())


@pytest.mark.parametrize(
    "options",
    [
        {"rule": "backprop"},
        {"feedback": Feedback(spiking=False)},
        {"feedback": Feedback(kind="symmetric")},
        {"memory": 10},
        {"spike_draw": "poisson"},
        {"clear": True},
        {"asynchronous": True},
        {"phases": Model(LAYERS).phases._replace(forward=80 * ms)},
        {"init": 1.0},
    ],
    ids=lambda options: " ".join(options),
)
def test_another_network_has_other_equations(goes_on, options):
    assert not goes_on(model(**options), model())


def test_a_statement_that_moves_to_another_moment_is_another_cell(goes_on):
    one, other = (HIDDEN.vary(moments={name: "V = 0*mV"}) for name in ("teach", "onset"))
    assert not goes_on(model(one), model(other))


def test_a_constant_of_another_value_is_told_apart(goes_on):
    one, other = (HIDDEN.vary(threshold="V > theta", constants={"theta": k * mV}) for k in (1, 2))
    assert not goes_on(model(one), model(other))


CELL = """
from models.segregated.variants.paper import HIDDEN as PAPER

HIDDEN = PAPER.vary(moments={"forward_plateau": "alpha_f = int(V_a_bar > %s*mV)"})
"""


@pytest.fixture
def setting(tmp_path):
    """What a page gets, with a network of someone's own cell that is already trained."""
    cell = tmp_path / "my_cell.py"
    cell.write_text(CELL % 0)
    words = {"results": tmp_path / "results", "runs": str(tmp_path), "smoke": True}
    words |= {"data_dir": None, "epochs": None, "seeds": [1], "only": None}
    question = page.Page("experiments.segregated.mine", "A question.", print)
    made, options = page._setting(question, argparse.Namespace(**words)), {"variant": str(cell)}
    config = made.config(options, 1)
    network = config.network(64, 10)
    folder = RunFolder(tmp_path / "smoke" / "segregated" / "mine" / "seed_1")
    folder.write_json("config.json", config.flat())
    folder.write_state(Checkpoint(6, network.start(1)), "epoch_001.npz")
    folder.write_json("model.json", described(config, network))
    return made, options, cell, folder


def test_a_page_finds_a_network_of_the_same_equations_whatever_their_form(setting):
    made, options, cell, _ = setting
    cell.write_text(CELL.replace('*mV)"', ' * mV)  # as they said then"') % 0)
    assert made.trained("mine", options, 1).epochs == 1


def test_a_page_refuses_a_network_whose_cell_was_edited(setting, unchanged):
    made, options, cell, folder = setting
    cell.write_text(CELL % 1)
    unchanged(folder.path)
    with pytest.raises(RunError, match="other equations.*move the folder away"):
        made.trained("mine", options, 1)


# --- starts --------------------------------------------------------------------------------------


def test_a_run_that_goes_on_keeps_what_made_its_first_part():
    first = started([], 0, {"commit": "a"})
    again = started(first, 60, {"commit": "b"})
    assert again == [{"images_seen": 0, "commit": "a"}, {"images_seen": 60, "commit": "b"}]
    # killed before its next chunk, nothing is left of what b did
    assert started(again, 60, {"commit": "c"})[1:] == [{"images_seen": 60, "commit": "c"}]
    assert started([{"commit": "of an old file"}], 60, {})[0] == {"commit": "of an old file"}


def test_starts_are_read_from_files_of_any_version(tmp_path):
    folder = RunFolder(tmp_path)
    assert folder.starts() == []
    folder.write_json("provenance.json", {"commit": "a", "packages": {}})
    assert folder.starts() == [{"commit": "a", "packages": {}}]
    folder.write_json("provenance.json", {"seed": 1, "starts": [{"images_seen": 0}]})
    assert folder.starts() == [{"images_seen": 0}]
    for damaged in ([], {"starts": "a"}, {"starts": [1]}):
        folder.write_json("provenance.json", damaged)
        with pytest.raises(RunError, match="provenance.json"):
            folder.starts()


@pytest.fixture
def tiny_run(tmp_path, monkeypatch):
    """Go on with a run that learns nothing: ``tiny_run(epochs, commit)`` returns its starts."""

    def train(run, seen, rows, state):
        run.folder.write_metrics(
            [dict.fromkeys(COLUMNS, 1.0) | {"images_seen": n} for n in range(6, run.total + 1, 6)]
        )
        run.folder.write_state(Checkpoint(run.total, state))

    monkeypatch.setattr(training.Run, "prepare", lambda run: None)
    monkeypatch.setattr(training.Run, "train", train)

    def go(epochs, commit):
        monkeypatch.setattr(provenance, "origin", lambda config: {"commit": commit})
        options = {"train_examples": 6, "test_examples": 6, "chunk": 6, "quick_examples": 0}
        config = Config.of(options, layers=(4, 10), epochs=epochs, device="runtime")
        training.run(config, tmp_path / "run", resume=True)
        return json.loads((tmp_path / "run" / "provenance.json").read_text())["starts"]

    return go


def test_a_run_writes_its_starts_and_a_finished_one_none(tiny_run):
    first = {"images_seen": 0, "commit": "a"}
    assert tiny_run(1, "a") == [first]
    assert tiny_run(1, "b") == [first]  # nothing was left to do
    assert tiny_run(2, "c") == [first, {"images_seen": 6, "commit": "c"}]


@pytest.fixture
def repository(tmp_path, monkeypatch):
    """A folder under git, in which there is another one."""
    monkeypatch.setattr(provenance.compiler, "version", lambda name: "g++ 1")
    name = ["-c", "user.name=a", "-c", "user.email=a@b"]
    for words in (["init", "-q"], [*name, "commit", "-q", "--allow-empty", "-m", "first"]):
        subprocess.run(["git", *words], cwd=tmp_path, check=True)
    inner = tmp_path / "inner"
    inner.mkdir()
    return tmp_path, inner


def git_state(monkeypatch, root):
    monkeypatch.setattr(provenance, "ROOT", root)
    found = provenance.origin(Config(device="runtime"))
    return found["commit"], found["uncommitted_changes"]


def test_the_commit_is_ours_or_it_is_not_known(repository, monkeypatch, tmp_path_factory):
    outer, inner = repository
    commit, changed = git_state(monkeypatch, outer)
    assert len(commit) == 40 and changed is False
    assert git_state(monkeypatch, inner) == (None, None)  # an unpacked copy in someone's repository
    nowhere = tmp_path_factory.mktemp("nowhere")
    assert git_state(monkeypatch, nowhere) == (None, None)
    monkeypatch.setenv("PATH", os.fspath(nowhere))
    assert git_state(monkeypatch, outer) == (None, None)


# --- parts of a test -----------------------------------------------------------------------------


@pytest.mark.parametrize("cores", [1, 2])
def test_the_parts_of_a_test_do_not_depend_on_the_machine(cores, tmp_path, monkeypatch):
    monkeypatch.setattr(training, "CORES", cores)
    run = training.Run(Config.of(layers=(5, 10)), RunFolder(tmp_path))
    assert (run.test_chunk, run.parts, run.cores) == (180, 2, cores)
    run = training.Run(Config.of(layers=(5, 10), device="runtime"), RunFolder(tmp_path))
    assert (run.test_chunk, run.parts, run.cores) == (360, 1, 1)

"""What a run was made with is known, and a run is gone on with only by the same equations."""

import json
import os
import subprocess

import pytest
from brian2 import ms, mV
from models.segregated.variants.paper import NEURON

from experiments.run import loop as training
from experiments.run import provenance
from experiments.run.config import Config
from experiments.run.folder import Checkpoint, RunError, RunFolder
from experiments.run.provenance import same_equations, started
from experiments.study import page
from models import describe
from models.segregated import weights
from models.segregated.network import Feedback, Model

LAYERS = (12, 8, 10)


def text(**options):
    """A model, as ``equations.txt`` has it."""
    return describe.text(Model(LAYERS, **options))


def retold(lines):
    """The same in the words of an earlier commit."""
    for line in lines.splitlines():
        if line.startswith("| "):
            name, value, unit, *_, source = line.strip("| ").split(" | ")
            yield f"| {name} | {value} | {unit} | {source} |"
            continue
        code, *_ = line.split("  #")
        if line.startswith("rule"):
            code = line + ", as they said then"
        if line.startswith("# at "):
            code = line + ", or so"
        yield code.replace(", spiking True", "")


# --- equations -----------------------------------------------------------------------------------


def test_equations_are_the_same_in_other_words():
    now = text()
    then = "\n".join([*retold(now), "| C_m | 1e-10 | pF | once in another unit |"])
    assert then != now and same_equations(then, now)


def test_what_is_said_twice_need_not_be_said_twice():
    own = NEURON.vary(threshold="V > 3*mV", synapses={"basal": "x_b_post += 2*w"})
    noisy = Feedback(kind="symmetric", noise=0.1)
    now = text(hidden=own, feedback=noisy)
    then = "\n".join(
        line
        for line in now.splitlines()
        if not line.startswith(("but in", "but onto", "feedback noise,"))
    )
    assert len(then) < len(now) and same_equations(then, now)


def test_the_error_of_backpropagation_was_once_written_without_a_name():
    now = text(rule="backprop")
    error = "e_back*k_b*phi_max*ms*sigma_bar*(1 - sigma_bar)"
    lines = [line for line in now.splitlines() if not line.startswith("e_bp = ")]
    then = "\n".join(lines).replace("error = e_bp", f"error = {error}")
    then = then.replace("e_bp_post", "error_post")
    assert "e_bp" in now and "e_bp" not in then and same_equations(then, now)


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
    ],
    ids=lambda change: " ".join(change),
)
def test_another_cell_has_other_equations(change):
    assert not same_equations(text(), text(hidden=NEURON.vary(**change)))


def test_a_statement_that_moves_to_another_moment_is_another_cell():
    one, other = (NEURON.vary(moments={name: "V = 0*mV"}) for name in ("teach", "onset"))
    assert not same_equations(text(hidden=one), text(hidden=other))


def test_a_constant_or_phases_of_another_value_are_told_apart():
    one, other = (NEURON.vary(threshold="V > theta", constants={"theta": k * mV}) for k in (1, 2))
    assert not same_equations(text(hidden=one), text(hidden=other))
    longer = Model(LAYERS).phases._replace(forward=80 * ms)
    assert not same_equations(text(), text(phases=longer))


CELL = """
from models.segregated.variants.paper import NEURON as PAPER

NEURON = PAPER.vary(moments={"forward_plateau": "alpha_f = int(V_a_bar > %s*mV)"})
"""


@pytest.fixture
def setting(tmp_path):
    """What a page gets, with a network of someone's own cell that is already trained."""
    cell = tmp_path / "my_cell.py"
    cell.write_text(CELL % 0)
    words = {"results": tmp_path / "results", "runs": str(tmp_path), "smoke": True}
    words |= {"data_dir": None, "epochs": None, "seeds": [1], "only": None}
    made = page._setting("depth", page.argparse.Namespace(**words), (1,))
    config = made.config({"variant": str(cell)}, 1)
    model = config.model(64, 10)
    folder = RunFolder(tmp_path / "smoke" / "mine" / "seed_1")
    folder.write_config(config)
    folder.write_weights(Checkpoint(6, weights.initial(model, 1)), "epoch_001.npz")
    folder.write_text("equations.txt", describe.text(model))
    return made, {"variant": str(cell)}, cell, folder


def test_a_page_finds_a_network_of_the_same_equations_whatever_their_form(setting):
    made, options, _, folder = setting
    folder.write_text("equations.txt", "\n".join(retold(folder.text("equations.txt"))))
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

    def train(run, seen, rows, values):
        run.folder.write_weights(Checkpoint(run.total, values))

    monkeypatch.setattr(training.Run, "prepare", lambda run: None)
    monkeypatch.setattr(training.Run, "train", train)

    def go(epochs, commit):
        monkeypatch.setattr(provenance, "origin", lambda config: {"commit": commit})
        options = {"train_examples": 6, "test_examples": 6, "chunk": 6, "quick_examples": 0}
        config = Config(layers=(4, 10), epochs=epochs, device="runtime", **options)
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
    run = training.Run(Config(layers=(5, 10)), RunFolder(tmp_path))
    assert (run.test_chunk, run.parts, run.cores) == (180, 2, cores)
    run = training.Run(Config(layers=(5, 10), device="runtime"), RunFolder(tmp_path))
    assert (run.test_chunk, run.parts, run.cores) == (360, 1, 1)

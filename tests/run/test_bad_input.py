"""What is refused on the command line: status 2, one line, and nothing on disk changed."""

import errno
import fcntl
import gzip
import os
import struct
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from experiments import train
from experiments.run import loop
from experiments.run.config import Config
from experiments.run.data import FILES
from experiments.run.folder import Checkpoint, RunFolder
from models.engine import compiler

ROOT = Path(__file__).parents[2]


def never_compile():
    """Nothing here may get as far as the compiler."""

    def compile(*_):
        raise AssertionError("bad input reached the compiler")

    compiler._compile = compile


@pytest.fixture
def refuse(command, tmp_path, unchanged):
    """Run a command that must be refused: status 2, one line on stderr, nothing touched."""

    def check(arguments, *words, before=None):
        def prepare():
            never_compile()
            if before:
                before()

        arguments = arguments.split() if isinstance(arguments, str) else arguments
        if "--out" not in arguments:
            arguments = [*arguments, "--out", tmp_path / "run"]
        unchanged(tmp_path)
        ended = command(*arguments, before=prepare)
        assert ended.status == 2, ended.err
        assert len(ended.lines) == 1 and not ended.out, ended.err
        assert ended.err.startswith("experiments.train: ") and len(ended.err) < 300
        for word in words:
            assert word in ended.err, ended.err

    return check


# --- arguments -----------------------------------------------------------------------------------

ARGUMENTS = {
    "--layers 500 0": ("--layers", "0"),
    "--layers 500 7": ("--layers", "7 outputs for 10 classes"),
    "--layers -5 10": ("--layers", "-5"),
    "--layers": ("--layers",),
    "--layers many": ("--layers", "'many'"),
    "--eta -1": ("--eta", "-1"),
    "--eta nan": ("--eta", "nan"),
    "--eta inf": ("--eta", "inf"),
    "--eta 0.1 0.1 0.1": ("--eta", "0.1 0.1 0.1"),
    "--layers 30 --eta 0.2 0.1": ("--eta", "(1)"),
    "--data-dir /": ("--data-dir", "digits"),
    "--epochs -1": ("--epochs", "0"),
    "--epochs 1.5": ("--epochs", "'1.5'"),
    "--chunk 0": ("--chunk",),
    "--seed -1": ("--seed",),
    "--seed 4294967296": ("--seed", "4294967295"),
    "--seeds 1 4294967296": ("--seed", "4294967295"),
    "--decay nan": ("--decay", "nan"),
    "--forward-ms 1e25": ("--forward-ms", "1000000"),
    "--train-examples 0": ("--train-examples",),
    "--train-examples 99999": ("--train-examples", "1437"),
    "--test-examples 361": ("--test-examples", "360"),
    "--variant octopus": ("'octopus'", "paper"),
    "--variant octopus.py": ("octopus.py",),
    "--rule hope": ("'hope'", "plateau or backprop"),
    "--preset mine": ("--preset", "'mine'"),
    "--device gpu": ("--device", "'gpu'"),
    "--colour red": ("--colour",),
    "--theory segragated": ("'segragated'", "did you mean segregated?"),
    "--theory mine.py": ("--theory", "no file mine.py"),
    "--theory backprop --asynchronous": ("--asynchronous", "an option of the theory segregated"),
    "--theory backprop --preset best-deep": ("--preset", "best-deep"),
    "--theory backprop --record spikes": ("--record", "'spikes'"),
    "--batch 20": ("--batch", "an option of the theories backprop and"),
    "--epoch 3 --varaint paper": ("did you mean --epochs and --variant?",),
    "digits": ("digits",),
    "--dataset cifar": ("'cifar'", "digits"),
    "--dataset idx": ("--data-dir",),
    "--dataset cifar10-jpeg": ("not fetched", "--data-dir"),
    "--encoding octarine": ("--encoding", "'octarine'", "on-off"),
    "--encoding rgb": ("--encoding rgb", "no colour"),
    "--feedback-noise 0.1": ("symmetric",),
    "--feedback-kind symmetric --sparsity 0.8": ("symmetric", "sparse"),
    "--layers 10 --rule backprop": ("backprop", "hidden"),
    "--layers 10 --feedback 16": ("feedback", "hidden"),
    "--layers 10 --g-a 0.05": ("--g-a", "hidden"),
    "--rule backprop --feedback 16": ("backprop", "feedback"),
    "--sparse-rescale 3": ("sparse", "sparsity"),
    "--variant oscillation --forward-ms 80": ("phases", "--forward-ms"),
    "--variant oscillation --forward-ms 50": ("oscillation", "--forward-ms"),
    "--variant asynchronous --no-asynchronous": ("--no-asynchronous", "value of its own"),
    "--variant physiological_units --teaching literal": ("--teaching", "output cell"),
    "--memory -1": ("memory",),
    "--integrator guess": ("'guess'",),
    "--forward-ms 20": ("--forward-ms",),
    "--window-ms 500": ("window", "50"),
    "--asynchronous --plateau-window-ms 300": ("window", "50"),
    "--record dreams": ("'dreams'", "spikes"),
    "--record spikes --record-images": ("--record-images",),
    "--record spikes --record-images 360": ("--record-images", "360"),
    "--record voltages --record-neurons 1000": ("--record-neurons",),
    "--record-variables m_Ca": ("--record-variables", "'m_Ca'", "V_a_bar"),
    "--record-variables W_0": ("--record-variables", "'W_0'"),  # of no cell
    "--record-variables V --record-neurons 1000": ("--record-neurons",),
}


@pytest.mark.parametrize("arguments, words", ARGUMENTS.items(), ids=ARGUMENTS)
def test_a_bad_argument_is_refused(refuse, arguments, words):
    refuse(arguments, *words)


def test_help_is_no_error(command):
    ended = command("--help")
    assert ended.status == 0 and not ended.err
    assert "--layers" in ended.out and "--resume" in ended.out


@pytest.mark.parametrize(
    "text, word",
    [
        ("x = 1", "HIDDEN"),
        ("1/0", "division by zero"),
        ("def (", "SyntaxError"),
        ("import sys; sys.exit(0)", "SystemExit"),
    ],
)
def test_a_file_that_is_not_a_variant_is_refused(refuse, tmp_path, text, word):
    (tmp_path / "mine.py").write_text(text)
    refuse(["--variant", tmp_path / "mine.py"], "mine.py", word)


@pytest.mark.parametrize(
    "text, word",
    [
        ("HIDDEN = N.vary(rest={'W': '1'})", "'W'"),
        ("HIDDEN = N.vary(constants={'k': 'abc'})", "'k'"),
        ("HIDDEN = N.vary(parts={'soma': 'phi = phi_max : Hz'})", "no variable 'V'"),
        ("HIDDEN, OPTIONS = N, {'feedback': 3}", "OPTIONS: 'feedback'"),
        ("HIDDEN, OPTIONS = N, {'memory': 'x'}", "OPTIONS: 'memory'"),
        ("HIDDEN, PHASES = N, {'random': 'no'}", "PHASES: 'random'"),
        ("HIDDEN, PHASES = N, {'rounding': 'up'}", "'up'"),
        ("HIDDEN, OUTPUT = N, OUT.vary(learning={'error': 'error = 0*Hz'})", "output cell"),
    ],
)
def test_a_variant_that_says_what_cannot_be_is_refused(refuse, tmp_path, text, word):
    head = (
        "from models.segregated.output import OUTPUT as OUT\n"
        "from models.segregated.pyramidal import HIDDEN as N\n"
    )
    (tmp_path / "mine.py").write_text(head + text)
    refuse(["--variant", tmp_path / "mine.py"], word)


@pytest.mark.parametrize(
    "change, word",
    [
        ("parts=dict(more='q = unheard_of : 1')", "unheard_of"),
        ("parts=dict(more='q = V + 1 : volt')", "units"),
        ("parts=dict(more='q = (')", "the equations cannot be simulated"),
    ],
)
def test_equations_that_make_no_network_leave_no_run_behind(command, tmp_path, change, word):
    """Brian2 finds these; the corrected variant may then use the same folder."""
    path, out = tmp_path / "mine.py", tmp_path / "run"
    path.write_text(
        f"from models.segregated.pyramidal import HIDDEN as N\nHIDDEN = N.vary({change})\n"
    )
    words = ["--layers", 5, 10, "--variant", path, "--out", out]
    ended = command(*words, before=never_compile)
    assert ended.status == 2
    assert ended.lines[0] == "trying the equations on one image ...", ended.err
    assert len(ended.lines) == 2 and word in ended.lines[1]
    assert not out.exists()


# --- data ----------------------------------------------------------------------------------------


@pytest.fixture
def files(tmp_path):
    """Four good IDX files of ten classes."""
    for key, name in FILES.items():
        shape = (20, 3, 3) if "images" in key else (20,)
        values = np.resize(np.arange(10, dtype=np.uint8), shape)
        magic = 0x803 if "images" in key else 0x801
        header = struct.pack(f">{1 + len(shape)}I", magic, *shape)
        (tmp_path / name).write_bytes(header + values.tobytes())
    return tmp_path


def rewrite(path, change):
    path.write_bytes(change(path.read_bytes()))


DAMAGES = {
    "truncated images": ("train_images", lambda data: data[:-1], "truncated"),
    "truncated labels": ("test_labels", lambda data: data[:5], "truncated"),
    "empty": ("test_images", lambda data: b"", "truncated"),
    "wrong magic number": ("train_labels", lambda data: b"\0\0\x09\1" + data[4:], "0x901"),
    "other header": ("test_images", lambda data: data[:7] + b"\x15" + data[8:], "189"),
}


@pytest.mark.parametrize("key, change, word", DAMAGES.values(), ids=DAMAGES)
def test_a_damaged_data_file_is_named(refuse, files, key, change, word):
    rewrite(files / FILES[key], change)
    refuse(["--dataset", "idx", "--data-dir", files], FILES[key], word)


def test_a_damaged_gzip_file_is_named(refuse, files):
    path = files / FILES["train_images"]
    path.with_name(f"{path.name}.gz").write_bytes(gzip.compress(path.read_bytes())[:-12])
    path.unlink()
    refuse(["--dataset", "idx", "--data-dir", files], f"{path.name}.gz", "corrupt")


def test_images_and_labels_that_do_not_match_are_refused(refuse, files):
    rewrite(files / FILES["train_labels"], lambda data: data[:7] + b"\x13" + data[8:-1])
    refuse(["--dataset", "idx", "--data-dir", files], "20 images but 19 labels")


def test_a_missing_folder_and_a_missing_file_are_named(refuse, files):
    refuse(["--dataset", "idx", "--data-dir", files / "nowhere"], "nowhere")
    (files / FILES["test_labels"]).unlink()
    refuse(["--dataset", "idx", "--data-dir", files], FILES["test_labels"])


def test_files_that_are_not_mnist_are_refused_as_mnist(refuse, files):
    refuse(["--dataset", "mnist", "--data-dir", files], FILES["train_images"], "--dataset idx")


def test_an_archive_of_images_that_is_another_or_none_is_refused(refuse, tmp_path):
    (tmp_path / "cifar-10-binary.tar.gz").write_bytes(gzip.compress(bytes(5000)))
    refuse(
        ["--dataset", "cifar10", "--data-dir", tmp_path], "not the published file", "170,052,171"
    )
    (tmp_path / "cifar10-jpeg.zip").write_bytes(b"PK, but no zip file")
    refuse(["--dataset", "cifar10-jpeg", "--data-dir", tmp_path], "cifar10-jpeg.zip", "no zip file")
    refuse(["--dataset", "svhn", "--data-dir", tmp_path], "no file train_32x32.mat")


def test_outputs_that_do_not_fit_the_classes_of_the_data_are_refused(refuse, files):
    rewrite(files / FILES["test_labels"], lambda data: data[:-1] + b"\x0a")
    refuse(["--dataset", "idx", "--data-dir", files], "10 outputs for 11 classes")


def test_without_a_network_the_last_line_says_what_to_do(command, tmp_path):
    def cut_off():
        os.environ.update(https_proxy="http://127.0.0.1:9", no_proxy="")
        os.environ["XDG_CACHE_HOME"] = str(tmp_path / "cache")

    ended = command("--dataset", "mnist", "--out", tmp_path / "run", before=cut_off)
    assert ended.status == 2 and "Traceback" not in ended.err
    assert "could not fetch" in ended.lines[-1] and "--data-dir" in ended.lines[-1]
    assert not (tmp_path / "run").exists()


# --- run folders ---------------------------------------------------------------------------------


@pytest.fixture
def half_done(tmp_path, tiny):
    """A run folder of the tiny run after one chunk, and the arguments that go on with it."""
    config, words = tiny
    folder = RunFolder(tmp_path / "run")
    network = config.network(64, 10)
    folder.write_json("config.json", config.flat())
    folder.write_json("model.json", network.model())
    folder.write_state(Checkpoint(30, network.start(config.seed)))
    learned = ("epoch", "training_error", "output_loss", "cpu_seconds", "wall_seconds")
    folder.write_metrics([{"images_seen": 30} | dict.fromkeys(learned, 90.0)])
    with folder.locked():
        pass
    return folder, [*words, "--out", folder.path, "--resume"]


def test_a_run_that_is_there_is_not_written_over(refuse, half_done):
    folder, words = half_done
    refuse(words[:-1], "already holds a run", "--resume", "--out")


def test_a_run_without_its_configuration_is_not_written_over(refuse, half_done):
    folder, words = half_done
    (folder.path / "config.json").unlink()
    refuse(words[:-1], "already holds a run")
    refuse(words, "config.json")


@pytest.mark.parametrize("other", ["--seed 4", "--layers 13 10", "--chunk 45", "--eta 0.1"])
def test_a_run_of_another_configuration_is_not_gone_on_with(refuse, half_done, other):
    refuse([*half_done[1], *other.split()], "another configuration", other.split()[0])


def test_a_run_that_lost_its_checkpoint_is_not_begun_again(half_done, refuse):
    folder, words = half_done
    folder.write_metrics([{"images_seen": seen, "training_error": 90.0} for seen in (30, 60)])
    (folder.path / "weights" / "checkpoint.npz").unlink()
    refuse(words, "no weights/checkpoint.npz", "--out")
    assert len(folder.metrics()) == 2


def test_a_run_whose_equations_have_changed_is_not_gone_on_with(refuse, half_done):
    folder, words = half_done
    other = folder.model()
    other["cells"][1]["blocks"][0]["code"] = "dV/dt = -V/(3*ms) : volt"
    folder.write_json("model.json", other)
    refuse(words, "other equations")


@pytest.mark.parametrize("text", ["", "{", "[]"])
def test_a_damaged_model_is_refused(refuse, half_done, text):
    folder, words = half_done
    folder.write_text("model.json", text)
    refuse(words, "model.json")


def test_a_run_of_another_theory_is_not_gone_on_with(refuse, half_done):
    folder, words = half_done
    refuse([*words, "--theory", "backprop"], "another configuration", "--theory is segregated")


@pytest.mark.parametrize(
    "text, word",
    [
        ("", "config.json"),
        ("{", "config.json"),
        ("[]", "config.json"),
        ('{"eta": NaN}', "config.json is damaged"),
        ('{"layers": null}', "another configuration"),
        ('{"colour": "red"}', "another configuration"),
    ],
)
def test_a_damaged_configuration_is_refused(refuse, half_done, text, word):
    folder, words = half_done
    folder.write_text("config.json", text)
    refuse(words, word)


@pytest.mark.parametrize(
    "change",
    [lambda data: data[:5000], lambda data: b"", lambda data: np.random.default_rng(0).bytes(999)],
    ids=["truncated", "empty", "random bytes"],
)
def test_a_damaged_checkpoint_is_refused_and_left_alone(refuse, half_done, change):
    folder, words = half_done
    rewrite(folder.path / "weights" / "checkpoint.npz", change)
    refuse(words, "checkpoint.npz", "damaged")


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_a_checkpoint_that_holds_no_numbers_is_refused_and_left_alone(refuse, half_done, value):
    folder, words = half_done
    seen, state = folder.state()
    state["W_0"][5, 5] = value
    folder.write_state(Checkpoint(seen, state))
    refuse(words, "damaged", "not numbers")


def test_a_checkpoint_of_another_network_is_refused_and_left_alone(refuse, half_done):
    folder, words = half_done
    other = Config.of(layers=(13, 10)).network(64, 10).start(3)
    folder.write_state(Checkpoint(30, other))
    refuse(words, "damaged", "not this network's")


def test_damaged_metrics_are_refused_and_left_alone(refuse, half_done):
    folder, words = half_done
    folder.write_text("metrics.csv", "some,thing\n1,2\n")
    refuse(words, "metrics.csv", "damaged")


@pytest.mark.parametrize("begun", [True, False], ids=["half done", "still building"])
def test_a_folder_that_a_live_run_holds_is_refused(refuse, half_done, begun):
    folder, words = half_done
    if not begun:
        for name in ("config.json", "metrics.csv", "weights/checkpoint.npz"):
            (folder.path / name).unlink()
        words = words[:-1]
    with (folder.path / "run.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        refuse(words, str(folder.path), "still going")


# --- the machine ---------------------------------------------------------------------------------


def test_without_a_compiler_the_message_says_what_to_install(refuse, tmp_path):
    def hide():
        os.environ["PATH"] = str(tmp_path)
        os.environ.pop("CXX", None)

    refuse("--layers 5 10", "no C++ compiler", "g++", "$CXX", before=hide)


def test_a_compiler_that_does_not_work_is_named(refuse, tmp_path):
    compiler = tmp_path / "c++-of-old"
    compiler.write_text("#!/bin/sh\necho I have retired >&2\nexit 1\n")
    compiler.chmod(0o755)

    def replace():
        os.environ["CXX"] = str(compiler)

    refuse("--layers 5 10", "c++-of-old failed: I have retired", before=replace)


def test_a_file_in_the_place_of_the_run_folder_is_refused(refuse, tmp_path):
    (tmp_path / "run").write_text("a letter")
    refuse("--layers 5 10", "is a file")
    refuse("--layers 5 10 --resume", "is a file")


def test_a_run_folder_below_a_file_is_refused(refuse, tmp_path):
    (tmp_path / "file").write_text("a letter")
    refuse(["--layers", 5, 10, "--out", tmp_path / "file" / "run"], "Not a directory")


@pytest.mark.skipif(os.geteuid() == 0, reason="nothing is forbidden to root")
def test_a_place_where_one_may_not_write_is_refused(refuse, tmp_path):
    (tmp_path / "closed").mkdir(mode=0o500)
    refuse(["--layers", 5, 10, "--out", tmp_path / "closed" / "run"], "Permission denied")


@pytest.fixture
def ends_with(monkeypatch, capsys):
    """What the main job says and returns if training ends with an exception."""

    def run(error):
        def fail(*_):
            raise error

        monkeypatch.setattr(loop, "run", fail)
        status = train.main(["--layers", "5", "10"])
        said = capsys.readouterr()
        assert said.out == "" and said.err.count("\n") == 1
        return status, said.err

    return run


def test_a_full_disk_is_said_to_be_full(ends_with):
    for number in (errno.ENOSPC, errno.EDQUOT):
        status, line = ends_with(OSError(number, "No space left on device"))
        assert status == 2 and "no space left on the disk" in line and "is kept" in line


def test_other_trouble_with_files_names_the_file(ends_with):
    status, line = ends_with(PermissionError(errno.EACCES, "Permission denied", "runs/mine"))
    assert status == 2 and "Permission denied" in line and "runs/mine" in line


def test_ctrl_c_exits_with_130(ends_with):
    assert ends_with(KeyboardInterrupt()) == (
        130,
        "stopped; the last chunk is kept, go on with --resume\n",
    )


def test_a_reason_of_many_lines_is_said_in_one(ends_with):
    assert ends_with(RuntimeError("first\n  second\n"))[1] == "experiments.train: first second\n"


# --- from the shell ------------------------------------------------------------------------------


def test_it_is_the_same_from_the_shell(files, unchanged):
    """A process of its own for each; the tests above save the imports."""
    rewrite(files / FILES["train_images"], lambda data: data[:-1])
    cases = {
        "--colour red": "--colour",
        f"--dataset idx --data-dir {files}": FILES["train_images"],
    }
    unchanged(files)
    begin = [sys.executable, "-m", "experiments.train", "--out", str(files / "run")]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True, "cwd": ROOT}
    running = [subprocess.Popen([*begin, *case.split()], **pipes) for case in cases]
    for process, word in zip(running, cases.values(), strict=True):
        out, err = process.communicate()
        assert (process.returncode, out) == (2, "")
        assert err.count("\n") == 1 and word in err, err

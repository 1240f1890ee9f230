"""How commands end, and what they leave: figures, tables, benchmarks, compilers, the Makefile."""

import os
import shutil
import subprocess
from pathlib import Path
from types import SimpleNamespace

import h5py
import numpy as np
import pytest
from brian2 import Hz, ms

from analysis import report
from analysis.drawing import figure as figures
from benchmarks import agreement, speed
from experiments.run import command as shared
from experiments.run.folder import RunError, RunFolder
from experiments.run.loop import Diverged
from experiments.segregated import compare_variants, receptive_fields
from experiments.study import page
from experiments.study.results import Results
from models.engine import compiler, resting
from models.engine.device import DeviceError, ModelError
from models.segregated import trial, variants
from models.segregated.network import Model
from models.segregated.pyramidal import NEURON

ROOT = Path(__file__).parents[1]


@pytest.fixture
def ends(capsys):
    """How an action ends that raises an error: status, and its one line."""

    def run(error):
        def action(_):
            raise error

        status = shared.guarded("a.command", action, None)
        out, err = capsys.readouterr()
        assert (out, err.count("\n")) == ("", 1)
        return status, err

    return run


def test_too_little_memory_is_one_line(ends):
    status, line = ends(MemoryError("Unable to allocate 9 TiB"))
    assert status == 2 and "not enough memory: Unable to allocate 9 TiB" in line


def test_a_network_that_is_too_large_is_refused_in_one_line(command, tmp_path):
    ended = command("--layers", 10**12, 10, "--out", tmp_path / "run", "--device", "runtime")
    assert ended.status == 2 and "not enough memory" in ended.lines[-1], ended.err
    assert "Traceback" not in ended.err


def test_an_error_of_another_package_says_where_it_is_from(ends, capsys):
    assert ends(ValueError("--seed: none"))[1] == "a.command: --seed: none\n"
    status = shared.guarded("a.command", lambda _: np.linalg.inv(np.ones((2, 3))), None)
    said = capsys.readouterr().err
    assert status == 2 and "(LinAlgError, linalg/" in said and ", line " in said


def test_a_fault_of_ours_leaves_its_traceback(ends):
    with pytest.raises(KeyError):
        ends(KeyError("W_0"))


# --- figures -------------------------------------------------------------------------------------


@pytest.fixture
def results(tmp_path):
    """Results with a table of one column."""
    results = Results("depth", tmp_path)
    results.write("networks", {"seed": [1, 2]})
    return results


def picture(results):
    """A figure without anything."""
    return figures.plt.figure()


def draw(results, capsys, figure=picture, **more):
    """Draw; returns the exit status and what was said."""
    status = figures.figure("depth", figure, ["--results", str(results.root)], **more)
    return status, capsys.readouterr()


def test_a_missing_column_is_one_line(results, capsys):
    status, said = draw(results, capsys, lambda found: found.table("networks")["error"])
    assert status == 2 and said.err.count("\n") == 1
    assert "networks.csv has no column error" in said.err
    with pytest.raises(RunError):
        results.table("networks")["error"]


def test_ctrl_c_ends_a_figure_with_130_and_no_further_one_is_drawn(results, capsys):
    drawn = []

    def stop(_):
        drawn.append("one")
        raise KeyboardInterrupt

    more = {"more": lambda _: {"a": stop, "b": stop}}
    status, said = draw(results, capsys, **more)
    assert status == 130 and said.err.startswith("stopped;") and drawn == ["one"]


@pytest.mark.parametrize("error", [RunError("no numbers"), OSError(28, "full")])
def test_a_table_beside_a_figure_is_whole_or_as_it_was(results, capsys, monkeypatch, error):
    assert draw(results, capsys, table=lambda _: "first")[0] == 0
    path = results.path / "depth.md"
    assert path.read_text() == "first"

    def fail(_):
        raise error

    status, said = draw(results, capsys, table=fail)
    assert status == 2 and said.err.count("\n") == 1 and path.read_text() == "first"

    def write_half(part, data):
        with part.open("wb") as file:
            file.write(data[:2])
        raise OSError(28, "full")

    monkeypatch.setattr(Path, "write_bytes", write_half)
    status, said = draw(results, capsys, table=lambda _: "second")
    assert status == 2 and path.read_text() == "first"
    assert not list(results.path.glob("*.part"))


def test_a_page_on_a_run_whose_configuration_has_no_names_is_refused(tmp_path, capsys):
    run = RunFolder(tmp_path)
    run.write_text("config.json", "[]")
    assert report.main([str(tmp_path)]) == 2
    said = capsys.readouterr().err
    assert "config.json" in said and said.count("\n") == 1
    for damaged in ("{", "[1]"):
        run.write_text("result.json", damaged)
        with pytest.raises(RunError, match="result.json"):
            run.result()


def test_the_report_tells_each_start_of_a_run(tmp_path):
    run = RunFolder(tmp_path)
    starts = [{"images_seen": 0, "commit": "0123"}, {"images_seen": 60, "commit": "4567"}]
    run.write_json("provenance.json", {"seed": 1, "starts": starts})
    shown = report.provenance(run)
    assert shown.count("<table") == 2 and "0123" in shown and "4567" in shown
    run.write_json("provenance.json", {"commit": "89ab", "compiler": "g++ 1"})  # an older file
    shown = report.provenance(run)
    assert shown.count("<table") == 1 and "89ab" in shown and "g++ 1" in shown


# --- rest ----------------------------------------------------------------------------------------


def test_a_cell_rests_where_its_equations_say():
    cell = variants.read("physiological_units")
    assert resting.potentials(cell.hidden) == pytest.approx({"V": -70, "V_b": -70, "V_a": -70})
    assert resting.potentials(cell.output) == pytest.approx({"V": -70, "V_b": -70})
    lit = NEURON.vary(parts={"apical": "V_a = images(example*dt, i)*mV : volt"})
    assert resting.potentials(lit) == {"V": 0, "V_b": 0}  # the network's images are not its own


def test_records_say_where_potentials_rest(tmp_path):
    run = RunFolder(tmp_path)
    records = {("voltages", "hidden_0", name): np.zeros(4) for name in ("t", "V", "V_a")}
    phases, rest = [(0, 2, "forward"), (2, 4, "target")], {"hidden_0": {"V": -70.0}}
    run.write_records(records, {"hidden_0": 3}, [1], 2, phases, [0], {}, rest=rest)
    with h5py.File(tmp_path / "records.h5") as file:
        assert file["voltages/hidden_0/V"].attrs["rest"] == -70
        assert "rest" not in file["voltages/hidden_0/V_a"].attrs


# --- variants beside each other ------------------------------------------------------------------


@pytest.fixture
def trained(tmp_path, monkeypatch):
    """``trained(errors, epochs)``: train networks whose errors are given; None: it diverges."""
    monkeypatch.setattr(compare_variants, "_rates", lambda network: {"hidden": 1.0, "output": 2.0})

    def costs(error):
        if error is None:
            raise Diverged("the weights grew beyond all bounds")
        return {"test_error": error, "cpu_ms": 1.0}

    monkeypatch.setattr(compare_variants, "_costs", costs)

    def train(errors, epochs):
        def one(folder, options, epochs, seed):
            costs(errors[seed - 1])
            return errors[seed - 1]

        setting = SimpleNamespace(
            results=Results("compare_variants", tmp_path),
            only=("paper",),
            given=SimpleNamespace(mnist=False),
            epochs=epochs,
            seeds=tuple(range(1, len(errors) + 1)),
            size=lambda full, smoke: full,
            config=lambda options, epochs, seed: SimpleNamespace(epochs=epochs),
            trained=one,
        )
        compare_variants.study(setting)
        networks, rows = (setting.results.table(name) for name in ("networks", "headline"))
        found = zip(rows["measure"], rows["epochs"], rows["value"], rows["n"], strict=True)
        return networks, {(measure, epochs): (value, n) for measure, epochs, value, n in found}

    return train


def test_a_headline_is_of_one_number_of_epochs(trained):
    trained([10.0, 12.0], 10)
    networks, found = trained([20.0, 24.0], 2)
    assert found["test_error_digits", 10] == (11, 2) and found["test_error_digits", 2] == (22, 2)
    assert len(networks["seed"]) == 4


def test_networks_that_diverged_are_counted_and_have_no_numbers(trained, capsys):
    trained([10.0, 12.0], 10)
    networks, found = trained([10.0, None], 10)
    assert np.isnan(networks["test_error"]).tolist() == [False, True]
    assert found["test_error_digits", 10] == (10, 1) and found["diverged_digits", 10] == (1, 2)
    assert "1 of 2 networks diverged" in capsys.readouterr().err
    _, found = trained([None, None], 10)
    value, n = found["test_error_digits", 10]
    assert np.isnan(value) and n == 0 and found["diverged_digits", 10] == (2, 2)


@pytest.mark.parametrize(
    "results, smoke, cells, expected",
    [
        (None, False, (), "results"),
        (None, False, ("paper", "adaptation"), "results"),
        (None, False, ("paper", "my_cell.py"), "mine/results"),
        (None, True, ("my_cell.py",), "mine/smoke/results"),
        ("there", False, ("my_cell.py",), "there"),
        ("there", True, (), "there"),
    ],
)
def test_results_of_ones_own_cell_are_kept_apart(results, smoke, cells, expected):
    given = SimpleNamespace(results=results, runs="mine", smoke=smoke)
    assert page.results_folder(given, cells) == Path(expected)


def test_receptive_fields_compile_no_network_that_learns(tmp_path):
    class Run:
        data = SimpleNamespace(test_images=np.zeros((4, 9)))

        def seed(self, *_):
            return 1

        def test(self, *_):
            return 5.0, 1.0

    network = SimpleNamespace(run=Run(), weights={}, epochs=1)
    setting = SimpleNamespace(
        results=Results("receptive_fields", tmp_path), size=lambda full, smoke: smoke, arguments=()
    )
    part = {name: np.ones(3) for name in receptive_fields.COMPARISONS}
    networks = {"best_one_hidden": network, "backprop": network}
    receptive_fields._write_headlines(setting, networks, {"lit": part, "all": part})
    assert setting.results.table("headline")["value"][0] == 5


# --- compilers -----------------------------------------------------------------------------------


@pytest.mark.parametrize("chosen", ["ccache g++", "c++-of-tomorrow", "/nowhere/g++"])
def test_a_compiler_that_is_asked_for_and_not_there_is_named(chosen, monkeypatch):
    monkeypatch.setenv("CXX", chosen)
    with pytest.raises(DeviceError, match=r"\$CXX is") as caught:
        compiler.find_compiler()
    assert chosen in str(caught.value)
    found = subprocess.run([ROOT / "scripts" / "find_compiler"], capture_output=True, text=True)
    assert found.returncode == 2 and not found.stdout and chosen in found.stderr


def test_a_compiler_that_is_asked_for_is_taken_and_none_is_asked_for_by_nothing(
    tmp_path, monkeypatch
):
    for name in ("mine", "g++"):
        (tmp_path / name).write_text("#!/bin/sh\n")
        (tmp_path / name).chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    for chosen, name in (("mine", "mine"), ("", "g++")):
        monkeypatch.setenv("CXX", chosen)
        expected = str(tmp_path / name)
        assert compiler.find_compiler() == expected
        words = [ROOT / "scripts" / "find_compiler"]
        assert subprocess.run(words, capture_output=True, text=True).stdout.strip() == expected


@pytest.mark.parametrize(
    "told, other",
    [
        ("model name : A\nflags : sse avx\n", "model name : A\nflags : sse\n"),
        ("model name : A\nflags : sse\n", "model name : B\nflags : sse\n"),
        ("Features : fp asimd\n", "Features : fp\n"),
    ],
)
def test_a_build_is_known_by_all_that_the_processor_can_do(told, other, tmp_path, monkeypatch):
    monkeypatch.setattr(compiler, "CPUINFO", tmp_path / "cpuinfo")
    found = []
    for text in (told, told + "cpu MHz : 2596\n" + told, other):
        compiler.CPUINFO.write_text(text)
        found.append(compiler._processor())
    assert found[0] == found[1] != found[2]
    compiler.CPUINFO.unlink()
    assert compiler._processor()


# --- trials --------------------------------------------------------------------------------------


def test_a_trial_knows_rates_by_the_cells_own_highest_rate():
    fast = NEURON.vary(params={"phi_max": 2000 * Hz, "g_l": 0.1 / ms})
    trial.trial(Model((20, 8, 10), hidden=fast))


@pytest.mark.parametrize(
    "name, value",
    [("V", 2e3), ("phi_bar", 3e4)],
)
def test_a_trial_has_a_bound_for_each_dimension(name, value):
    bounds = trial._bounds(Model((20, 8, 10)).cell("hidden_0"))
    trial._refuse("hidden_0", name, np.array([0.1 * value]), bounds[name])
    with pytest.raises(ModelError, match="beyond all bounds"):
        trial._refuse("hidden_0", name, np.array([value]), bounds[name])


# --- benchmarks ----------------------------------------------------------------------------------


@pytest.fixture
def bench(tmp_path, monkeypatch, capsys):
    """The command of agreement, with a bound's source and data: its status and its one line."""
    (tmp_path / "limit.cpp").write_text("int main() { return 3; }\n")
    (tmp_path / "data").mkdir()
    for name in speed.datasets.FILES.values():
        (tmp_path / "data" / name).write_bytes(b"raw")
    monkeypatch.setattr(agreement, "OUT", tmp_path / "out")

    def run(**given):
        words = {"limit": "limit.cpp", "data-dir": "data", "runs": "runs"} | given
        options = [w for k, v in words.items() for w in (f"--{k}", str(tmp_path / v))]
        status = agreement.main(options)
        said = capsys.readouterr().err
        assert said.count("\n") == 1, said
        return status, said

    return run


def fake_compiler(folder, program):
    """A compiler whose programs are a shell script."""
    path = folder / "fake-c++"
    path.write_text(
        '#!/bin/sh\nwhile [ "$1" != -o ]; do shift; done\n'
        f'printf \'#!/bin/sh\\n{program}\\n\' > "$2" && chmod +x "$2"\n'
    )
    path.chmod(0o755)
    return path


def test_a_benchmark_without_what_it_needs_ends_in_one_line(bench, tmp_path, monkeypatch):
    assert bench(limit="nothing.cpp") == (
        2,
        f"benchmarks.agreement: --limit: no file {tmp_path}/nothing.cpp\n",
    )
    status, line = bench(**{"data-dir": "nowhere"})
    assert status == 2 and "--data-dir: no folder" in line
    monkeypatch.setenv("CXX", "c++-of-tomorrow")
    status, line = bench()
    assert status == 2 and "$CXX is 'c++-of-tomorrow'" in line


def test_a_bound_that_fails_is_said_to_in_one_line(bench, tmp_path, monkeypatch):
    monkeypatch.setattr(agreement, "ours", lambda *_: [1.0])
    monkeypatch.setenv("CXX", str(fake_compiler(tmp_path, "echo no luck >&2; exit 3")))
    status, line = bench()
    assert status == 2 and "limit failed with status 3: no luck" in line
    assert not list((tmp_path / "runs").glob("*.txt"))


def test_ctrl_c_ends_a_benchmark_with_130(bench, tmp_path, monkeypatch):
    monkeypatch.setattr(agreement.train, "main", lambda words: 130)
    monkeypatch.setenv("CXX", str(fake_compiler(tmp_path, "exit 0")))
    status, line = bench()
    assert status == 130 and line.startswith("stopped;")


# --- the Makefile --------------------------------------------------------------------------------


@pytest.fixture
def make(tmp_path):
    """Run make with a Python that only notes what it is asked for; returns what was installed."""
    shutil.copy(ROOT / "Makefile", tmp_path)
    (tmp_path / "setup.cfg").touch()
    (tmp_path / "scripts").mkdir()
    notes = tmp_path / "notes"
    python = f'#!/bin/sh\necho "$@" >> {notes}\n'
    stub = (
        python
        + f'for last; do :; done\nmkdir -p "$last/bin" && cp {tmp_path}/inner "$last/bin/python"\n'
    )
    for name, text in (
        ("outer", stub),
        ("inner", python),
        ("scripts/find_compiler", "#!/bin/sh\n"),
    ):
        (tmp_path / name).write_text(text)
        (tmp_path / name).chmod(0o755)
    (tmp_path / "scripts" / "find_python").write_text(f"#!/bin/sh\necho {tmp_path}/outer\n")
    (tmp_path / "scripts" / "find_python").chmod(0o755)

    def run(*targets):
        notes.write_text("")
        subprocess.run(["make", *targets], cwd=tmp_path, check=True, capture_output=True)
        lines = notes.read_text().splitlines()
        return [line.split()[-1] for line in lines if "pip install" in line or "venv" in line]

    return run


@pytest.mark.skipif(not shutil.which("make"), reason="there is no make")
def test_make_installs_what_is_needed_and_nothing_twice(make, tmp_path):
    assert make("demo") == [".venv", ".[export]"]
    assert make("demo") == make("bench") == make("figures") == []
    assert make("test") == [".[test]"]
    assert make("demo") == make("test") == make("lint") == make("docs") == []
    shutil.rmtree(tmp_path / ".venv")
    assert make("test") == [".venv", ".[test]"]
    assert make("demo") == make("test") == []
    os.utime(tmp_path / "setup.cfg")
    assert make("demo") == [".[export]"]

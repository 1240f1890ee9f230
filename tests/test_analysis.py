"""Figures show what the run folder holds, and say in one line when they cannot."""

import ast
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from analysis import learning_curve, raster, voltages
from analysis.drawing import figure as command
from experiments.run.folder import RunFolder

ROOT = Path(__file__).parents[1]
FIGURES = {"learning_curve": learning_curve, "raster": raster, "voltages": voltages}
SPIKES = {  # population -> neuron and time (s) of each spike
    "input": ([0, 3, 6, 3], [0.001, 0.004, 0.060, 0.150]),
    "hidden_0": ([5, 5, 0, 1, 2], [0.002, 0.003, 0.110, 0.111, 0.203]),
    "output": ([7, 7, 2], [0.055, 0.080, 0.180]),
}
PHASES = [(0, 52, "forward"), (52, 106, "target"), (106, 157, "forward"), (157, 207, "target")]
NEURONS = [0, 1, 4]
ALPHA_F = np.full((2, 6), 0.5)
ALPHA_T = np.full((2, 6), 0.5)
ALPHA_T[0, 5], ALPHA_T[1, 1] = 0.9, 0.3  # cell 5 differs most, but was not recorded


def metrics(epochs=2, errors=(30.0, 12.5)):
    """Two chunks an epoch, a quick test after the first, a full test after the second."""
    rows = []
    for half in range(1, 2 * epochs + 1):
        at = {"images_seen": 50 * half, "epoch": half / 2}
        rows.append(at | {"training_error": 60 / half, "output_loss": 0.04 / half})
        if half % 2:
            rows.append(at | {"test_error": 50 / half, "test_examples": 10})
        else:
            rows.append(at | {"test_error": errors[half // 2 - 1], "test_examples": 40})
    return rows


def recorded(kinds):
    """Records in SI units, as from a simulation."""
    t = np.arange(207) * 1e-3
    records = {}
    for population, (i, times) in SPIKES.items():
        records["spikes", population, "i"] = np.array(i, dtype="i4")
        records["spikes", population, "t"] = np.array(times)
    records["voltages", "hidden_0", "t"] = t
    for part, (name, height) in enumerate({"V_b": 8e-3, "V": 6e-3, "V_a": 1e-3}.items()):
        waves = [height * np.sin(40 * t + part + k) for k in range(len(NEURONS))]
        records["voltages", "hidden_0", name] = np.stack(waves, axis=1)
    records["plateaus", "hidden_0", "alpha_f"] = ALPHA_F
    records["plateaus", "hidden_0", "alpha_t"] = ALPHA_T
    records["variables", "hidden_0", "t"] = t
    records["variables", "hidden_0", "m_Ca"] = np.stack([t for _ in NEURONS], axis=1)
    return {key: values for key, values in records.items() if key[0] in kinds}


@pytest.fixture
def make(tmp_path):
    def folder(layers=(6, 10), rows=None, kinds=("spikes", "voltages", "plateaus")):
        run = RunFolder(tmp_path / "run")
        run.write_json("config.json", {"dataset": "tiny", "layers": layers, "seed": 1})
        run.write_metrics(metrics() if rows is None else rows)
        if kinds:
            sizes = {"input": 8, "hidden_0": 6, "output": 10}
            found, own = recorded(kinds), {"m_Ca": ("1", 1)}
            run.write_records(found, sizes, [7, 2], 10, PHASES, NEURONS, {}, own)
        return run

    return folder


@pytest.fixture
def drawn():
    """Draw a figure in the project's style, and close it after the test."""
    figures = []

    def draw(figure, *arguments, **options):
        with command.plt.style.context(command.STYLE):
            figures.append(FIGURES[figure].draw(*arguments, **options))
        return figures[-1]

    yield draw
    for figure in figures:
        command.plt.close(figure)


def refused(capsys, figure, *arguments):
    """The one line that a figure's command says when it stops with exit status 2."""
    try:
        status = FIGURES[figure].main([str(a) for a in arguments])
    except SystemExit as leave:
        status = leave.code
    out, err = capsys.readouterr()
    assert (status, out, err.count("\n")) == (2, "", 1), err
    assert err.startswith(f"analysis.{figure}: ")
    return err


# --- commands ------------------------------------------------------------------------------------


@pytest.mark.parametrize("figure", FIGURES)
def test_each_command_writes_a_png_into_the_run_folder_and_says_where(figure, make, capsys):
    run = make()
    assert FIGURES[figure].main([str(run.path)]) == 0
    out, err = capsys.readouterr()
    path = run.path / "figures" / f"{figure}.png"
    assert (out, err) == (f"{path}\n", "")
    assert path.read_bytes().startswith(b"\x89PNG")
    assert [p.name for p in path.parent.iterdir()] == [path.name]
    pixels = command.plt.imread(path)[..., :3]
    assert pixels.shape[1] > 1000 and pixels.std() > 0.05  # of a size to print, and not blank
    assert not command.plt.get_fignums()


def test_further_variables_have_a_panel_each(make):
    run = make(kinds=("voltages", "variables", "plateaus"))
    figure = voltages.draw(run)
    assert len(figure.axes) == 5 and figure.axes[3].get_ylabel() == "m_Ca"
    line = figure.axes[3].lines[-1]
    np.testing.assert_allclose(line.get_ydata(), line.get_xdata() / 1e3)
    command.plt.close(figure)


def test_a_figure_goes_where_out_says_and_in_the_format_of_its_name(make, tmp_path, capsys):
    run, path = make(), tmp_path / "new folder" / "curve.pdf"
    assert learning_curve.main([str(run.path), "--out", str(path)]) == 0
    assert path.read_bytes().startswith(b"%PDF")
    assert not (run.path / "figures").exists()


@pytest.mark.parametrize("figure", FIGURES)
def test_what_is_no_run_folder_is_refused_in_one_line(figure, tmp_path, capsys):
    assert "config.json" in refused(capsys, figure, tmp_path)
    assert "config.json" in refused(capsys, figure, tmp_path / "nowhere")
    assert not (tmp_path / "figures").exists()


@pytest.mark.parametrize("figure", ["raster", "voltages"])
def test_missing_records_are_named_with_the_option_that_makes_them(figure, make, capsys):
    assert "--record" in refused(capsys, figure, make(kinds=()).path)
    needed = {"raster": "spikes", "voltages": "plateaus"}[figure]
    others = {"spikes", "voltages", "plateaus"} - {needed}
    assert f"--record {needed}" in refused(capsys, figure, make(kinds=others).path)


@pytest.mark.parametrize("rows", [[], metrics()[:2], [{"training_error": 3.0}]])
def test_a_run_without_a_tested_epoch_has_no_learning_curve(rows, make, capsys):
    assert "metrics.csv" in refused(capsys, "learning_curve", make(rows=rows, kinds=()).path)


def test_damaged_files_are_refused_in_one_line(make, capsys):
    run = make()
    whole = (run.path / "records.h5").read_bytes()
    (run.path / "records.h5").write_bytes(whole[: len(whole) // 2])
    assert "damaged" in refused(capsys, "raster", run.path)
    (run.path / "metrics.csv").write_text("epoch,test_error\n1,many\n")
    assert "damaged" in refused(capsys, "learning_curve", run.path)
    (run.path / "records.h5").write_bytes(whole)
    (run.path / "config.json").write_text("[]")
    assert "no named values" in refused(capsys, "raster", run.path)
    (run.path / "config.json").write_text("{}")
    assert "layers" in refused(capsys, "raster", run.path)


def test_bad_options_are_refused_in_one_line(make, capsys, tmp_path):
    path = make().path
    assert "--neuron" in refused(capsys, "voltages", path, "--neuron", 2)
    assert "--neuron" in refused(capsys, "voltages", path, "--neuron", "two")
    assert "hidden_0" in refused(capsys, "voltages", path, "--population", "output")
    assert "--images" in refused(capsys, "raster", path, "--images", 0)
    assert ".xyz" in refused(capsys, "raster", path, "--out", tmp_path / "figure.xyz")
    assert "irectory" in refused(capsys, "raster", path, "--out", path)
    assert "RUN" in refused(capsys, "raster")
    assert not list(tmp_path.rglob("*.part"))


def test_a_network_without_hidden_layers_has_no_cell_to_draw(make, capsys):
    assert "hidden" in refused(capsys, "voltages", make(layers=(10,)).path)


# --- learning curve ------------------------------------------------------------------------------


def test_the_curve_ends_at_the_last_full_test_and_says_its_error(make, drawn):
    upper, lower = drawn("learning_curve", make()).axes
    lines = {line.get_label(): line.get_xydata() for line in upper.lines}
    np.testing.assert_allclose(lines["test (40 images)"], [(1, 30), (2, 12.5)])
    np.testing.assert_allclose(lines["quick test"], [(0.5, 50), (1.5, 50 / 3)], rtol=1e-5)
    assert [text.get_text() for text in upper.texts] == ["12.50 %"]
    assert upper.get_yscale() == lower.get_yscale() == "log"
    np.testing.assert_allclose(lower.lines[0].get_ydata(), 0.04 / np.arange(1, 5), rtol=1e-5)


def test_training_is_averaged_over_whole_epochs_only():
    epochs, values = np.array([0.5, 1, 1.5, 2, 2.5]), np.array([60.0, 40, 30, 20, 1])
    whole, means = learning_curve.epoch_means(epochs, values)
    assert (whole.tolist(), means.tolist()) == ([1, 2], [50, 25])


def test_no_error_at_all_is_drawn_on_a_linear_axis(make, drawn):
    upper, _ = drawn("learning_curve", make(rows=metrics(errors=(5.0, 0.0)))).axes
    assert (upper.get_yscale(), upper.texts[0].get_text()) == ("linear", "0.00 %")


# --- raster --------------------------------------------------------------------------------------


def test_the_raster_has_a_stroke_for_every_spike_at_its_time_and_cell(make, drawn):
    axes = drawn("raster", make()).axes
    for ax, (i, t) in zip(axes, SPIKES.values(), strict=True):
        strokes = np.array(ax.collections[0].get_segments())
        assert len(strokes) == len(i)
        np.testing.assert_allclose(strokes.mean(axis=1), np.transpose([np.multiply(t, 1e3), i]))
        assert len(ax.patches) == len(PHASES)
        assert ax.get_xlim() == (0, 207)


def test_phases_and_images_are_named_and_outputs_labelled_by_class(make, drawn):
    axes = drawn("raster", make()).axes
    names = [text.get_text() for text in axes[0].texts]
    assert names == ["forward", "target"] * 2 + ["image '7'", "image '2'"]
    shades = {tuple(patch.get_facecolor()) for patch in axes[0].patches}
    assert len(shades) == 2
    assert [label.get_text() for label in axes[-1].get_yticklabels()] == list("0123456789")
    taught = [band.get_datalim(axes[-1].transData) for band in axes[-1].collections[1:]]
    np.testing.assert_allclose([band.intervaly for band in taught], [(6.5, 7.5), (1.5, 2.5)])
    np.testing.assert_allclose([band.intervalx for band in taught], [(52, 106), (157, 207)])


def test_fewer_images_are_drawn_on_request(make, drawn):
    figure = drawn("raster", make(), images=1)
    assert [len(ax.patches) for ax in figure.axes] == [2, 2, 2]
    assert [len(ax.collections[0].get_segments()) for ax in figure.axes] == [3, 2, 2]


def test_a_class_of_several_units_is_named_once(drawn):
    _, ax = command.plt.subplots()
    raster.label_classes(30, 3, ax)
    np.testing.assert_allclose(ax.get_yticks(), np.arange(10) * 3 + 1)
    command.plt.close(ax.figure)


# --- voltages ------------------------------------------------------------------------------------


def test_the_cell_drawn_is_the_recorded_one_whose_plateaus_differ_most(make, drawn):
    figure = drawn("voltages", make())
    assert figure.get_suptitle().endswith("cell 1")
    shown = [text.get_text() for text in figure.axes[-1].texts]
    assert [text.split("= ")[1] for text in shown] == ["0.500", "0.500", "0.500", "0.300"]
    assert [len(ax.patches) for ax in figure.axes] == [4] * 4
    dots = {line.get_marker(): line.get_xdata() for line in figure.axes[-1].lines}
    np.testing.assert_allclose([dots["o"], dots["s"]], [(52, 157), (106, 207)])


def test_the_potentials_are_those_of_the_cell_asked_for(make, drawn):
    figure = drawn("voltages", make(), neuron=4)
    for ax, name in zip(figure.axes, ("V_b", "V", "V_a"), strict=False):
        expected = 1e3 * recorded(["voltages"])["voltages", "hidden_0", name][:, NEURONS.index(4)]
        t, V = ax.lines[-1].get_data()
        np.testing.assert_allclose(t, np.arange(207))
        np.testing.assert_allclose(V, expected)
        assert np.ptp(V) > 0.5
        assert ax.get_ylim()[0] < V.min() and V.max() < ax.get_ylim()[1]
        assert "mV" in ax.get_ylabel()


# --- architecture --------------------------------------------------------------------------------


def ours(room):
    """Modules of this project that a room's files import: name -> files."""
    found = {}
    for path in (ROOT / room).rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            names = []
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom) and node.level:
                names = [room]
            elif isinstance(node, ast.ImportFrom):
                names = [f"{node.module}.{alias.name}" for alias in node.names]
            for name in names:
                found.setdefault(name, []).append(path.name)
    rooms = {"models", "experiments", "analysis", "benchmarks", "tests"}
    return {name: files for name, files in found.items() if name.split(".")[0] in rooms}


def test_analysis_reads_run_folders_and_nothing_else_of_ours():
    shared = ("records", "scores", "theory", "results", "command")
    allowed = ("analysis", *(f"experiments.{name}" for name in shared))
    assert {n: f for n, f in ours("analysis").items() if not n.startswith(allowed)} == {}
    assert any(name.startswith("experiments.records") for name in ours("analysis"))


def test_models_import_nothing_above_them_and_experiments_no_figures():
    assert {n: f for n, f in ours("models").items() if not n.startswith("models")} == {}
    above = ("analysis", "benchmarks", "tests")
    assert {n: f for n, f in ours("experiments").items() if n.startswith(above)} == {}
    assert any(name.startswith("models") for name in ours("experiments"))


def test_drawing_needs_no_simulator_and_opens_no_window():
    modules = [f"analysis.{path.stem}" for path in (ROOT / "analysis").glob("[a-z]*.py")]
    assert len(modules) >= 4
    code = f"import sys, {', '.join(modules)}; import matplotlib; print(matplotlib.get_backend()); "
    code += "print([m for m in sys.modules if m.split('.')[0] in ('brian2', 'models')])"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.lower().split() == ["agg", "[]"]

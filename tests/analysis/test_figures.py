"""Figures show what the run folder holds, and say in one line when they cannot."""

import numpy as np
import pytest

from analysis import confusion, examples, learning_curve, raster, voltages
from analysis.drawing.writing import STYLE, plt
from experiments.run.confusion import Confusion
from experiments.run.folder import RunFolder
from tests.analysis.runs import (
    CONFUSION,
    IMAGES,
    NEURONS,
    PHASES,
    SPIKES,
    metrics,
    recorded,
    write_model,
    write_records,
)

FIGURES = {"learning_curve": learning_curve, "raster": raster, "voltages": voltages}
FIGURES |= {"confusion": confusion, "examples": examples}


@pytest.fixture
def make(tmp_path):
    def folder(layers=(6, 10), rows=None, kinds=("spikes", "voltages", "plateaus"), model=True):
        run = RunFolder(tmp_path / "run")
        run.write_json("config.json", {"dataset": "tiny", "layers": layers, "seed": 1})
        run.write_metrics(metrics() if rows is None else rows)
        run.write_confusion(Confusion(tuple("0123456789"), CONFUSION))
        if model:
            write_model(run)
        if kinds:
            write_records(run, kinds)
        return run

    return folder


@pytest.fixture
def drawn():
    """Draw a figure in the project's style, and close it after the test."""
    figures = []

    def draw(figure, *arguments, **options):
        with plt.style.context(STYLE):
            figures.append(FIGURES[figure].draw(*arguments, **options))
        return figures[-1]

    yield draw
    for figure in figures:
        plt.close(figure)


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
    pixels = plt.imread(path)[..., :3]
    assert pixels.shape[1] > 1000 and pixels.std() > 0.05  # of a size to print, and not blank
    assert not plt.get_fignums()


def test_further_variables_have_a_panel_each(make):
    run = make(kinds=("voltages", "variables", "plateaus"))
    figure = voltages.draw(run)
    assert len(figure.axes) == 5 and figure.axes[3].get_ylabel() == "m_Ca"
    line = figure.axes[3].lines[-1]
    np.testing.assert_allclose(line.get_ydata(), line.get_xdata() / 1e3)
    plt.close(figure)


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
    needed = {"raster": "spikes", "voltages": "voltages"}[figure]
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
    (run.path / "model.json").write_text('{"cells": [{"size": 3}]}')
    assert "model.json is damaged" in refused(capsys, "raster", run.path)
    (run.path / "model.json").unlink()  # a run of an earlier version
    assert "layers" in refused(capsys, "raster", run.path)


@pytest.mark.parametrize("figure", FIGURES)
def test_a_run_of_an_earlier_version_that_kept_no_model_is_drawn_alike(figure, make, drawn):
    one, other = (drawn(figure, make(model=model)) for model in (True, False))
    for mine, theirs in zip(one.axes, other.axes, strict=True):
        for line, same in zip(mine.lines, theirs.lines, strict=True):
            np.testing.assert_array_equal(line.get_xydata(), same.get_xydata())


def test_bad_options_are_refused_in_one_line(make, capsys, tmp_path):
    path = make().path
    assert "--neuron" in refused(capsys, "voltages", path, "--neuron", 2)
    assert "--neuron" in refused(capsys, "voltages", path, "--neuron", "two")
    assert "hidden_0" in refused(capsys, "voltages", path, "--population", "retina")
    assert "--images" in refused(capsys, "raster", path, "--images", 0)
    assert ".xyz" in refused(capsys, "raster", path, "--out", tmp_path / "figure.xyz")
    assert "irectory" in refused(capsys, "raster", path, "--out", path)
    assert "RUN" in refused(capsys, "raster")
    assert not list(tmp_path.rglob("*.part"))


def test_a_network_without_hidden_layers_has_an_output_cell_to_draw(make, drawn):
    run = make(layers=(10,), kinds=(), model=False)
    values = np.zeros((207, 1)), np.arange(207.0)[:, None]
    found = {("voltages", "output", name): v for name, v in zip(("V_b", "V"), values, strict=True)}
    write_records(run, records=found | {("voltages", "output", "t"): np.arange(207.0)})
    figure = drawn("voltages", run)
    assert figure.get_suptitle().endswith("output, cell 0") and len(figure.axes) == 2
    np.testing.assert_array_equal(figure.axes[1].lines[-1].get_ydata(), np.arange(207))


def test_a_cell_whose_plateaus_were_not_recorded_is_drawn_without_them(make, drawn):
    figure = drawn("voltages", make(kinds=("voltages",)))
    labels = [ax.get_ylabel() for ax in figure.axes]
    assert len(labels) == 3 and all("mV" in label for label in labels)


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
        np.testing.assert_allclose(strokes.mean(axis=1), np.transpose([t, i]))
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
    _, ax = plt.subplots()
    raster.label_classes(30, 3, ax)
    np.testing.assert_allclose(ax.get_yticks(), np.arange(10) * 3 + 1)
    plt.close(ax.figure)


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
        expected = recorded(["voltages"])["voltages", "hidden_0", name][:, NEURONS.index(4)]
        t, V = ax.lines[-1].get_data()
        np.testing.assert_allclose(t, np.arange(207))
        np.testing.assert_allclose(V, expected)
        assert np.ptp(V) > 0.5
        assert ax.get_ylim()[0] < V.min() and V.max() < ax.get_ylim()[1]
        assert "mV" in ax.get_ylabel()


# --- answers -------------------------------------------------------------------------------------


def test_the_table_of_answers_has_a_row_for_each_class_shown(make, drawn):
    [ax] = drawn("confusion", make()).axes
    wrong = np.where(np.eye(10), 0, CONFUSION)
    np.testing.assert_array_equal(ax.images[0].get_array(), wrong)
    told = {
        (round(t.get_position()[1]), round(t.get_position()[0])): t.get_text() for t in ax.texts
    }
    assert told == {place: str(CONFUSION[place]) for place in map(tuple, np.argwhere(CONFUSION))}
    assert [t.get_text() for t in ax.get_yticklabels()] == list("0123456789")
    assert len(ax.patches) == 10  # frames of right answers


def test_a_table_of_many_classes_has_a_scale_in_place_of_numbers():
    figure, ax = plt.subplots()
    confusion.plot_confusion(np.eye(30, dtype=int), tuple(map(str, range(30))), ax)
    assert not ax.texts and len(figure.axes) == 2
    plt.close(figure)


def test_mistakes_are_told_by_how_often_they_were_made():
    found = Confusion(("a", "b"), np.array([[3, 4], [2, 1]]))
    assert confusion.mistakes(found) == [("a", "b", 4), ("b", "a", 2)]
    assert confusion.said(found).startswith("6 of 10 test images were answered wrongly: 60.00 %.")
    right = Confusion(("a", "b"), np.diag([3, 4]))
    assert confusion.said(right) == "0 of 7 test images were answered wrongly: 0.00 %."


def test_examples_have_their_image_and_the_answer_of_each_class(make, drawn):
    figure = drawn("examples", make())
    image, answers, other, wrong = figure.axes
    np.testing.assert_array_equal(image.images[0].get_array(), IMAGES[0].reshape(3, 3))
    assert image.get_title() == "shown: 7" and answers.get_title() == "answered: 7"
    assert other.get_title() == "shown: 2" and wrong.get_title() == "wrong: 4"
    others, largest = (line.get_xydata() for line in wrong.lines[:2])
    assert largest.tolist() == [[1.1, 4]] and len(others) == 9 and (others[:, 0] == 0.1).all()
    bold = [t.get_text() for t in wrong.get_yticklabels() if t.get_weight() == "bold"]
    assert bold == ["2"]
    assert len(drawn("examples", make(), images=1).axes[2].images) == 0


def test_of_many_classes_the_largest_answers_are_shown_and_that_of_the_class():
    figure, ax = plt.subplots()
    examples.plot_answers(np.arange(100.0), 5, tuple(map(str, range(100))), ax)
    assert [t.get_text() for t in ax.get_yticklabels()] == ["5", *map(str, range(89, 100))]
    plt.close(figure)


def test_images_that_are_no_square_are_strips(make, drawn):
    run = make(kinds=())
    write_records(run, ("spikes",), images=np.ones((2, 5)))
    assert drawn("examples", run).axes[0].images[0].get_array().shape == (1, 5)


@pytest.mark.parametrize(
    "channels, seen",
    [
        (2, lambda parts: (1 + parts[0] - parts[1]) / 2),
        (3, lambda parts: np.moveaxis(parts, 0, 2)),
        (6, lambda parts: (1 + parts[0] - parts[1]) / 2),
    ],
    ids=["on and off cells", "colour", "opponent colours"],
)
def test_images_are_drawn_as_their_encoding_was_meant(channels, seen, make, drawn):
    run = make(kinds=())
    images = np.random.default_rng(0).random((2, 4 * channels))
    write_records(run, ("spikes",), images=images, channels=channels)
    shown = drawn("examples", run).axes[0].images[0].get_array()
    np.testing.assert_allclose(shown, seen(images[0].reshape(channels, 2, 2)), atol=1e-6)


@pytest.mark.parametrize(
    "damage",
    [
        {"images": np.full((2, 9), np.nan)},
        {"images": np.full((2, 9), 255)},
        {"answers": np.full((2, 10), np.inf)},
        {"labels": [-1, 3]},
        {"labels": [3, 10]},
    ],
)
def test_damaged_examples_are_refused_in_one_line(damage, make, capsys):
    run = make(kinds=())
    write_records(run, ("spikes",), **damage)
    assert "damaged at" in refused(capsys, "examples", run.path)


def test_examples_that_are_spike_trains_are_drawn_as_the_spikes_of_the_input(make, drawn):
    run = make(kinds=())
    write_records(run, ("spikes",), images=None)
    train, answers, other, _ = drawn("examples", run).axes
    (strokes,) = train.collections
    drawn_at = sorted((x[0][0], np.mean([y for _, y in x])) for x in strokes.get_segments())
    assert drawn_at == [(1.0, 0), (4.0, 3)] and train.get_xlim() == (0, 52)
    (strokes,) = other.collections  # that at 60 ms came while the first was taught
    assert [x[0][0] for x in strokes.get_segments()] == [150 - 106]
    assert train.get_title() == "shown: 7" and answers.get_title() == "answered: 7"


def test_examples_that_are_spike_trains_need_recorded_spikes(make, capsys):
    run = make(kinds=())
    write_records(run, ("voltages",), images=None)
    said = refused(capsys, "examples", run.path)
    assert "spike trains" in said and "--record spikes" in said


@pytest.mark.parametrize("figure", FIGURES)
def test_what_is_of_an_epoch_says_so_in_name_and_title(figure, make, drawn):
    run = make()
    (run.path / "records.h5").rename(run.path / "records_001.h5")
    assert FIGURES[figure].main([f"{run.path}@1"]) == 0
    whole = figure in ("learning_curve", "confusion")
    names = [path.name for path in (run.path / "figures").iterdir()]
    assert names == [f"{figure}.png" if whole else f"{figure}_epoch_001.png"]
    title = drawn(figure, RunFolder(run.path, 1)).get_suptitle()
    assert ("after epoch 1" in title) != whole


def test_records_of_an_earlier_version_have_no_examples(make, capsys):
    run = make(kinds=())
    write_records(run, ("spikes",), images=None, answers=None)
    assert "earlier version" in refused(capsys, "examples", run.path)


@pytest.mark.parametrize(
    "values, scale, limits",
    [
        ([3.0, 0.5, 0.3], "log", None),
        ([0.9, 1.0, 1.0], "linear", (0, 1.08)),  # nothing to be seen in a logarithm
        ([2e-7, 3e-7, 4e-6], "linear", (0, 1e-5)),  # what single precision makes of 0
        ([0.0, 0.0, 2.0], "linear", (0, 2.16)),
    ],
)
def test_the_axis_of_a_measure_shows_no_more_than_there_is(values, scale, limits):
    figure, ax = plt.subplots()
    learning_curve.plot_measure(np.arange(1.0, 4), np.array(values), ax)
    assert ax.get_yscale() == scale and (limits is None or ax.get_ylim() == pytest.approx(limits))
    plt.close(figure)


def test_the_curve_of_tests_on_images_held_out_is_called_so(make, drawn):
    run = make()
    run.write_json("config.json", run.config() | {"validation": 40})
    labels = drawn("learning_curve", run).axes[0].get_legend_handles_labels()[1]
    assert "validation (40 images)" in labels and not any("test (" in text for text in labels)

"""Weights in numbers, histograms and receptive fields."""

import math

import numpy as np
import pytest

from analysis import weights
from analysis.drawing import axes
from analysis.drawing.writing import STYLE, plt
from experiments.run.folder import Checkpoint
from tests.analysis.test_report import learned, write


@pytest.fixture
def make(tmp_path):
    return lambda: write(tmp_path / "run")


@pytest.fixture
def ax():
    figure, axes = plt.subplots()
    yield axes
    plt.close(figure)


def test_a_histogram_counts_every_weight_now_and_at_the_beginning(ax):
    rng = np.random.default_rng(1)
    now, initial = rng.normal(size=(2, 40, 5))
    assert weights.plot_histogram(now, initial, ax) is ax
    edges = np.linspace(-1, 1, weights.BINS + 1) * max(np.abs([now, initial]).max(axis=(1, 2)))
    for patch, values in zip(ax.patches, (initial, now), strict=True):
        points = patch.get_xy()
        heights = points[1 : 2 * weights.BINS : 2, 1]
        np.testing.assert_array_equal(heights, np.histogram(values, edges)[0])
        assert heights.sum() == 200


def test_a_receptive_field_is_the_image_row_by_row_on_a_symmetric_scale(ax):
    values = np.arange(1.0, 55).reshape(6, 9).T * [1, -1, 1, 1, 1, 1]
    assert weights.plot_fields(values, ax, columns=4) is ax
    [image] = ax.images
    sheet = np.ma.filled(image.get_array(), np.nan)
    assert sheet.shape == (8, 16)
    np.testing.assert_array_equal(sheet[:3, 4:7], -np.arange(10.0, 19).reshape(3, 3))
    np.testing.assert_array_equal(sheet[4:7, :3], np.arange(37.0, 46).reshape(3, 3))
    assert np.isnan(sheet).sum() == 8 * 16 - 54
    low, high = image.get_clim()
    assert -low == high == np.quantile(np.abs(values), 0.995)
    assert [label.get_text() for label in ax.get_yticklabels()] == ["0 +", "4 +"]


@pytest.mark.parametrize("encoding, parts", [("on-off", 2), ("colour-opponent", 6)])
def test_a_receptive_field_of_on_and_off_cells_is_the_difference_of_their_weights(
    tmp_path, encoding, parts
):
    run = write(tmp_path / "run", encoding=encoding)
    values = np.random.default_rng(0).normal(size=(9 * parts, 6))
    np.testing.assert_array_equal(weights.from_pixels(run, values), values[:9] - values[9:18])
    (run.path / "model.json").unlink()  # which says how many inputs there are
    assert weights.fields(run, {"W_0": (values, values)}) == "W_0"
    assert weights.fields(run, {"W_0": (values[1:], values[1:])}) is None


def test_weights_in_numbers():
    change = weights.change(np.array([[3.0, 5.0]]), np.array([[0.0, 1.0]]))
    assert change == ((1, 2), 4.0, 1.0, math.sqrt(34), 5.0)
    assert weights.change(np.ones(2), np.zeros(2)).relative == math.inf
    assert weights.change(np.zeros(2), np.zeros(2)).relative == 0


def test_the_figure_of_weights_has_a_panel_for_each_kind_and_fields_of_square_images(make, capsys):
    run = make()
    assert weights.main([str(run.path)]) == 0
    assert (run.path / "figures" / "weights.png").read_bytes().startswith(b"\x89PNG")
    with plt.style.context(STYLE):
        figure = weights.draw(run, cells=4)
    titles = [ax.get_title() for ax in figure.axes]
    ends = ("input to hidden_0", "hidden_0 to output")
    assert titles[:2] == [f"weight ({end})\n$W_{{{m}}}$" for m, end in enumerate(ends)]
    assert len(titles) == 5 + 2  # and the fields and their colours; c_0 is 0 throughout
    assert all("mV" in ax.get_xlabel() for ax in figure.axes[:5])
    assert "mV ms" in figure.axes[-1].get_ylabel()
    heights = {patch.get_label(): patch.get_xy()[:, 1].max() for patch in figure.axes[0].patches}
    assert heights["at the beginning"] > heights["now"]  # which are spread three times as wide
    plt.close(figure)
    for name in (weights.INITIAL, "checkpoint.npz"):
        run.write_state(Checkpoint(0, learned() | {"W_0": np.ones((8, 6))}), name)
    figure = weights.draw(run)
    assert len(figure.axes) == 5
    plt.close(figure)
    capsys.readouterr()
    assert weights.main([str(run.path), "--cells", "0"]) == 2
    assert "--cells" in capsys.readouterr().err


@pytest.mark.parametrize(
    "name, shown",
    [
        ("W_0", "$W_{0}$"),
        ("W_0_moves", r"$W_{0,~\mathrm{moves}}$"),
        ("g_a_0", "$g_{a,~0}$"),
        ("tau_L", "tau_L"),
        ("W_$0$", r"W_\$0\$"),
    ],
)
def test_a_name_has_its_marks_beside_each_other_below_the_letter(name, shown):
    assert axes.symbol(name) == shown

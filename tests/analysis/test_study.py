"""Figures of studies: which go together, what they show, and what folders cannot be drawn."""

import json

import numpy as np
import pytest

from analysis import searches, study
from analysis.drawing import studies
from analysis.drawing.writing import STYLE, plt

CONFIG = {"theory": "backprop", "dataset": "digits", "layers": [100, 10], "decay": 1.0}
STUDY = {"kind": "robust", "evaluations": 16, "spread": 2.0, "images": 300, "folds": 3, "seed": 1}
STUDY |= {"sampler": "tpe", "pruning": True}
NAMES = ("eta[0]", "eta[1]", "cell[tau_L]")


def write(path, accuracy, seconds=2.0, config=(), pruned=(), places=None, **asked):
    """A folder of a study that has ended, with so many points; returns its path."""
    path.mkdir(parents=True)
    about = {"config": CONFIG | dict(config), "study": STUDY | asked, "data": "abc"}
    (path / "study.json").write_text(json.dumps(about))
    if places is None:
        places = np.exp(np.random.default_rng(1).uniform(-1, 1, (len(accuracy), len(NAMES))))
    head = ("point", "accuracy", "spread", "diverged", "pruned", "fold_0", *NAMES, "growth_W_0")
    rows = [
        (k, value, 0.01, int(value == 0.1), k in pruned, value, *places[k], 1.5)
        for k, value in enumerate(accuracy)
    ]
    _csv(path / "trials.csv", head, rows)
    costs = enumerate(np.broadcast_to(seconds, len(accuracy)))
    costs = [(k, spent, 10 * k, 10 * k + 12) for k, spent in costs]
    _csv(path / "costs.csv", ("point", "cpu_seconds", "began", "ended"), costs)
    return path


def _csv(path, head, rows):
    path.write_text("\n".join(",".join(map(str, row)) for row in (head, *rows)) + "\n")


def accuracies(middle, width, count=16, seed=1):
    found = middle + width * np.random.default_rng(seed).standard_normal(count)
    return np.clip(found, 0.1, 1).round(4)


@pytest.fixture
def ax():
    with plt.style.context(STYLE):
        figure, axes = plt.subplots()
    yield axes
    plt.close(figure)


def test_all_figures_of_robust_studies_are_drawn(tmp_path, capsys):
    values = accuracies(0.7, 0.1)
    first = write(tmp_path / "backprop-robust-2-seed1", values)
    other = write(tmp_path / "backprop-robust-4-seed1", accuracies(0.5, 0.3), spread=4.0)
    assert study.main([str(first), str(other)]) == 0
    names = ["distribution", "points", "spread", "robust", "parameters_1_backprop-robust-2-seed1"]
    names += ["importance_1_backprop-robust-2-seed1", "parameters_2_backprop-robust-4-seed1"]
    names += ["importance_2_backprop-robust-4-seed1"]
    names += [f"timeline_{k}_backprop-robust-{f}-seed1" for k, f in ((1, 2), (2, 4))]
    told = capsys.readouterr().out.split()
    assert [path.rsplit("/", 1)[1].rsplit(".", 1)[0] for path in told] == names
    for path in sorted((first / "figures").glob("*.png")):
        assert path.read_bytes().startswith(b"\x89PNG")
    lines = (first / "figures" / "robust.md").read_text().splitlines()
    assert lines[2].startswith(f"| backprop | digits | 2 | 16 | {100 * np.median(values):.1f} [")
    assert lines[3].startswith("| backprop | digits | 4 | 16 |")
    assert not (other / "figures").exists()


def test_tuned_studies_have_a_figure_of_their_own_elsewhere_if_asked(tmp_path, capsys):
    few = accuracies(0.7, 0.1, 7)
    robust = write(tmp_path / "robust", few)
    tuned = [write(tmp_path / f"t{k}", few, kind="tune", seed=k) for k in (1, 2)]
    assert (
        study.main([str(path) for path in (robust, *tuned)] + ["--out", str(tmp_path / "o")]) == 0
    )
    told = [path.rsplit("/", 1)[1] for path in capsys.readouterr().out.split()]
    # of seven points nobody can tell what counts
    assert told == [
        "distribution.png",
        "points.png",
        "spread.png",
        "robust.md",
        "parameters.png",
        "timeline_1_robust.png",
        "timeline_2_t1.png",
        "timeline_3_t2.png",
        "best.png",
    ]
    assert not (robust / "figures").exists()


def test_one_parameter_at_a_time_is_a_row_the_widest_above(tmp_path, capsys, ax):
    usual = np.array([0.3, 0.1, 12.0])
    places = [usual] + [
        np.where(np.arange(3) == k, usual * factor, usual)
        for k in range(3)
        for factor in (0.5, 0.5**0.5, 2**0.5, 2)
    ]
    values = np.array([0.8, 0.8, 0.8, 0.8, 0.8, 0.2, 0.5, 0.8, 0.7, 0.7, 0.75, 0.8, 0.8])
    folder = write(tmp_path / "a", values, kind="each", places=np.array(places))
    assert study.main([str(folder)]) == 0
    told = [path.rsplit("/", 1)[1] for path in capsys.readouterr().out.split()]
    assert told == ["tornado.png", "timeline.png"]
    found = {
        "same": ([0.5, 2], [80, 80]),
        "wide": ([0.5, 2], [20, 90]),
        "odd": ([0.5, 2], [70, 80]),
    }
    found = {name: tuple(map(np.array, row)) for name, row in found.items()}
    studies.plot_tornado(80.0, (79.0, 81.0), found, ax)
    assert [text.get_text() for text in ax.get_yticklabels()] == ["wide", "odd", "same"]


def test_a_timeline_has_a_bar_for_each_trial_by_what_became_of_it(ax):
    times = np.array([[0.0, 1.0, 2.0], [1.5, 1.2, 4.0]])
    pruned, diverged = np.array([False, True, False]), np.array([False, False, True])
    studies.plot_timeline(times, pruned, diverged, ax)
    bars = {
        group.get_label(): [(bar.get_x(), round(bar.get_width(), 9)) for bar in group]
        for group in ax.containers
    }
    assert bars == {
        "ended": [(0, 1.5)],
        "dropped": [(1, 0.2)],
        "diverged in a fold": [(2, 2)],
    }


def test_a_potential_below_rest_is_drawn_by_its_size(tmp_path):
    path = write(tmp_path / "a", accuracies(0.7, 0.1, 4), places=np.full((4, 3), -8.0))
    assert all((sizes == 8).all() for sizes in searches.read(path).places.values())


def test_studies_of_the_same_settings_go_together(tmp_path):
    few = accuracies(0.7, 0.1, 4)
    asked = {
        "mine-robust-4-seed1": {"spread": 4.0},
        "mine-robust-1.25-seed1": {"spread": 1.25},
        "mine-robust-4-seed2": {"spread": 4.0, "seed": 2},
        "other": {"config": {"decay": 0.5}},
    }
    found = [searches.read(write(tmp_path / name, few, **more)) for name, more in asked.items()]
    groups = {
        label: [(s.study["spread"], s.study["seed"]) for s in group]
        for label, group in searches.together(found).items()
    }
    assert groups == {"mine": [(1.25, 1), (4.0, 1)], "mine (2)": [(4.0, 2)], "other": [(2.0, 1)]}
    seeds = [
        write(tmp_path / f"gp-tune-gp-seed{k}", few, kind="tune", sampler="gp", seed=k)
        for k in (2, 1)
    ]
    [(label, group)] = searches.together(map(searches.read, seeds)).items()
    assert label == "gp-tune-gp" and [s.study["seed"] for s in group] == [1, 2]


def test_learning_is_three_standard_deviations_above_chance_and_near_is_of_the_best(tmp_path):
    edge = 0.1 + 3 * np.sqrt(0.1 * 0.9 / 300)
    values = [0.1, edge - 1e-6, edge + 1e-6, 0.899, 0.901, 1.0]
    found = searches.read(write(tmp_path / "a", values))
    assert found.learns.tolist() == [False, False, True, True, True, True]
    assert searches.near(found).tolist() == [False] * 4 + [True] * 2
    assert found.chance == 10 and found.diverged.tolist() == [True] + [False] * 5
    assert list(found.places) == list(NAMES)
    unknown = searches.read(write(tmp_path / "b", values, config={"layers": None}))
    assert unknown.chance is None and unknown.learns is None
    assert study.table({"b": [unknown]}).splitlines()[2].split("|")[-3].strip() == ""


def test_a_distribution_is_the_share_of_points_not_above(ax):
    values = accuracies(0.5, 0.2) * 100
    studies.plot_distribution(values, ax, "x", **studies.look(0))
    at, shares = ax.lines[0].get_data()
    for x, share in zip(at[1:], shares[1:], strict=True):
        assert share == pytest.approx((values <= x).mean())
    assert (at[0], shares[0]) == (values.min(), 0)
    assert studies.mark_chance(None, ax) is ax and len(ax.lines) == 1
    assert studies.mark_chance(10, ax).lines[1].get_xdata()[0] == 10


def test_boxes_are_sorted_by_their_medians_and_show_every_point(ax):
    groups = {"low": np.array([1.0, 2, 3]), "high": np.array([9.0, 11, 30, 2])}
    failed = {"low": [True, False, False], "high": [False] * 4}
    studies.plot_boxes(groups, ax, failed)
    assert [text.get_text() for text in ax.get_yticklabels()] == ["high", "low"]
    assert [text.get_text()[:4] for text in ax.texts] == ["10.0", "2.0 "]
    shown = {
        mark: [*(v for one in ax.lines if one.get_marker() == mark for v in one.get_xdata())]
        for mark in "ox"
    }
    assert sorted(shown["o"]) == [2, 2, 3, 9, 11, 30] and shown["x"] == [1]


def test_the_best_so_far_is_of_what_ended_and_where_all_have_one():
    nan = np.nan
    runs = [np.array([nan, 3.0, 2, 5]), np.array([4.0, nan, 1, 6, 7])]
    at = [np.array([1.0, 2, 3, 4]), np.array([0.5, 1.5, 2.5, 3.5, 4.5])]
    places, best = studies.best_so_far(runs, at)
    assert places.tolist() == [2, 2.5, 3, 3.5, 4]
    assert best.tolist() == [[3, 3, 3, 3, 5], [4, 4, 4, 6, 6]]


def test_tuned_curves_are_the_median_of_seeds_and_time_has_a_unit(tmp_path):
    found = [
        searches.read(
            write(tmp_path / f"t{k}", values, kind="tune", seed=k, seconds=1800, pruned={1})
        )
        for k, values in enumerate(([0.2, 0.9, 0.6], [0.4, 0.9, 0.5], [0.3, 0.9, 0.3]))
    ]
    with plt.style.context(STYLE):
        figure = study.best(searches.together(found))
    counted, timed = figure.axes
    assert counted.lines[-1].get_xdata().tolist() == [1, 2, 3]
    assert counted.lines[-1].get_ydata() == pytest.approx([30, 30, 50])
    assert timed.get_xlabel() == "CPU hours"
    assert timed.lines[-1].get_xdata() == pytest.approx([0.5, 1, 1.5])
    plt.close(figure)


def test_parallel_coordinates_go_from_the_least_to_the_most_of_each_parameter(ax):
    places = np.array([[1.0, 20], [10, 5], [100, 80]])
    studies.plot_parallel(["a", "b"], places, np.array([10.0, 50, 90]), ax)
    heights = [line.get_ydata() for line in ax.lines[:3]]
    np.testing.assert_allclose(heights, [[0, 0.5], [0.5, 0], [1, 1]])
    assert [text.get_text() for text in ax.texts] == ["1", "100", "5", "80"]


DAMAGE = {
    "study.json": {
        "{": "study.json is damaged",
        "[]": "study.json is damaged: it is not what a study writes",
        '{"config": {}, "study": {}, "data": "a"}': "it is not what a study writes",
    },
    "trials.csv": {
        "point,accuracy\n0,1\n": "trials.csv is damaged: it has no column",
        "point,accuracy,spread,diverged,pruned,eta\n0,x,0,0,False,1\n": "not all of accuracy",
        "point,accuracy,spread,diverged,pruned,eta\n0,1e999,0,0,False,1\n": "not all of accuracy",
        "point,accuracy,spread,diverged,pruned,eta\n0,7,0,0,False,1\n": "it is not what a study",
        "point,accuracy,spread,diverged,pruned,eta\n0,.5,0,0,maybe,1\n": "it is not what a study",
        "point,accuracy,spread,diverged,pruned,eta\n0,.5,0,0,False,0\n": "it is not what a study",
        "point,accuracy,spread,diverged,pruned\n0,.5,0,0,False\n": "it is not what a study",
        "point,accuracy,spread,diverged,pruned,eta\n0,.5,0,0,True,1\n": "its points are not those",
        "a,b\n1\n": "not every row has a cell",
        "": "has no trials.csv yet",
    },
    "costs.csv": {
        "point,cpu_seconds\n0,1\n": "its points are not those of trials.csv",
        "point\n0\n1\n2\n3\n": "not all of cpu_seconds are numbers",
        "point,cpu_seconds\n0,1\n1,1\n2,1\n3,1\n": "not all of began are numbers",
    },
}
CASES = [(file, text, told) for file, cases in DAMAGE.items() for text, told in cases.items()]


@pytest.mark.parametrize("file, text, told", CASES)
def test_a_damaged_folder_is_a_sentence(tmp_path, capsys, file, text, told):
    folder = write(tmp_path / "a", accuracies(0.7, 0.1, 4))
    (folder / file).write_text(text)
    assert study.main([str(folder)]) == 2
    said = capsys.readouterr().err
    assert told in said and said.count("\n") == 1 and "Traceback" not in said


def test_what_holds_no_study_or_has_not_ended_is_a_sentence(tmp_path, capsys):
    assert study.main([str(tmp_path / "none")]) == 2
    assert study.main([str(tmp_path)]) == 2
    going = write(tmp_path / "going", [0.5] * 4)
    (going / "trials.csv").unlink()
    assert study.main([str(going)]) == 2
    dropped = write(tmp_path / "dropped", [0.5] * 2, pruned={0, 1}, kind="tune")
    assert study.main([str(dropped)]) == 2
    told = (
        "no such folder",
        "holds no study",
        "has no trials.csv yet",
        "all trials were dropped",
    )
    for line, part in zip(capsys.readouterr().err.splitlines(), told, strict=True):
        assert part in line
